# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: what runs, by name: its ports, how it is started, and when it is ready. Everything binds to 127.0.0.1.
# The stack's shape is in $services, $secondaries, $gateways and $port_offset.

part_names() { # one a line, in the order in which they are shown
  local number
  echo consul
  for ((number = 1; number <= services; number++)); do echo "hello-service-$number"; done
  for ((number = 1; number <= secondaries; number++)); do echo "hello-secondary-$number"; done
  for ((number = 1; number <= gateways; number++)); do echo "gateway-$number"; done
  echo nginx
}

describe_part() { # NAME: into $kind, $service, $pool and $ports ("name port" pairs)
  local number=${1##*-}
  service='' pool=''
  case $1 in
    consul) kind=consul ports=(http 8500 dns 8600) ;;
    nginx) kind=nginx ports=(http 8080 grpc 9090) ;;
    hello-service-*) kind=service service=hello-service pool=primary ports=(grpc $((21000 + number)) management $((21100 + number))) ;;
    # from 51 on, so that primaries may become more without moving them
    hello-secondary-*) kind=service service=hello-service pool=secondary ports=(grpc $((21050 + number)) management $((21150 + number))) ;;
    gateway-*) kind=gateway ports=(http $((22000 + number)) grpc $((22100 + number)) management $((22200 + number))) ;;
  esac
  local each
  for ((each = 1; each < ${#ports[@]}; each += 2)); do ports[each]=$((ports[each] + port_offset)); done
}

start_part() { # NAME
  describe_part "$1"
  case $kind in
    consul) start_consul ;;
    service) start_service "$1" ;;
    gateway) start_gateway "$1" ;;
    nginx) start_nginx ;;
  esac
}

start_consul() {
  local binary agent
  binary=$(tool consul)
  agent=("$binary" agent -config-file "$here/consul/server.hcl" -data-dir "$run/consul" -ui -bind 127.0.0.1 -client 127.0.0.1
    -http-port "${ports[1]}" -dns-port "${ports[3]}" -server-port $((8300 + port_offset))
    -serf-lan-port $((8301 + port_offset)) -serf-wan-port $((8302 + port_offset)))
  # a server of 1.14 and newer opens one more port unless told not to
  [[ $("$binary" agent -help 2>&1) != *-grpc-tls-port* ]] || agent+=(-grpc-tls-port -1)
  launch consul -- "${agent[@]}"
}

start_service() { # NAME
  java_command hello-service
  launch "$1" SPRING_GRPC_SERVER_PORT="${ports[1]}" SPRING_GRPC_SERVER_ADDRESS=127.0.0.1 SERVER_ADDRESS=127.0.0.1 \
    SERVER_PORT="${ports[3]}" MANAGEMENT_SERVER_PORT="${ports[3]}" MIDDLEWARE_INSTANCE_ID="$1" \
    MIDDLEWARE_INSTANCE_POOL="$pool" MIDDLEWARE_INSTANCE_HOST=127.0.0.1 SPRING_CLOUD_CONSUL_HOST=127.0.0.1 \
    SPRING_CLOUD_CONSUL_PORT="$((8500 + port_offset))" ${training:+HELLO_WORK=0ms} -- "${java[@]}"
}

start_gateway() { # NAME
  java_command middleware-gateway
  launch "$1" SERVER_PORT="${ports[1]}" SERVER_ADDRESS=127.0.0.1 MIDDLEWARE_GATEWAY_GRPC_PORT="${ports[3]}" \
    MANAGEMENT_SERVER_PORT="${ports[5]}" MANAGEMENT_SERVER_ADDRESS=127.0.0.1 MIDDLEWARE_GATEWAY_ID="$1" \
    MIDDLEWARE_GATEWAY_HOST=127.0.0.1 SPRING_CLOUD_CONSUL_HOST=127.0.0.1 \
    SPRING_CLOUD_CONSUL_PORT="$((8500 + port_offset))" -- "${java[@]}"
}

start_nginx() {
  local binary globals
  binary=$(tool nginx)
  mkdir -p "$run/nginx"
  render_nginx "$binary" >"$run/nginx.conf"
  globals="daemon off; pid $run/nginx/nginx.pid;"
  # its workers would be another user, who need not be able to read $run
  [ "$(id -u)" != 0 ] || globals+=' user root;'
  launch nginx -- "$binary" -e stderr -p "$run/nginx" -c "$run/nginx.conf" -g "$globals"
}

render_nginx() { # BINARY
  local template version http2_listen='' http2_directive='' name value
  template=$(<"$here/nginx/nginx.conf.template")
  version=$("$1" -v 2>&1)
  # the directive that replaced the parameter of `listen`, which now warns
  if printf '%s\n' 1.25.1 "${version##*/}" | sort -CV; then http2_directive='http2 on;'; else http2_listen=' http2'; fi
  while IFS='=' read -r name value; do
    template=${template//"\${$name}"/"$value"}
  done <<END
NGINX_HTTP_LISTEN=127.0.0.1:${ports[1]}
NGINX_GRPC_LISTEN=127.0.0.1:${ports[3]}$http2_listen
NGINX_HTTP2=$http2_directive
NGINX_TEMP=$run/nginx
NGINX_RESOLVER=
NGINX_HTTP_SERVERS=$(nginx_servers 22000)
NGINX_GRPC_SERVERS=$(nginx_servers 22100)
END
  printf '%s\n' "$template"
}

nginx_servers() { # PORT before the first gateway's
  local number address
  for ((number = 1; number <= gateways; number++)); do
    address=127.0.0.1:$(($1 + number + port_offset))
    printf 'server %s max_fails=1 fail_timeout=3s; server %s backup max_fails=0; ' "$address" "$address"
  done
}

part_ready() { # NAME: it answers, and Consul lists it as passing; what is missing goes into $lacking
  describe_part "$1"
  case $kind in
    consul)
      lacking="it has no leader"
      http_ok "${ports[1]}" /v1/status/leader && [[ $http_body == *:* ]]
      ;;
    service) says_ready "${ports[3]}" && passing "$1" "$service" ;;
    gateway) says_ready "${ports[5]}" && passing "$1" middleware-gateway ;;
    nginx)
      lacking="it does not listen"
      port_open "${ports[1]}" && port_open "${ports[3]}"
      ;;
  esac
}

says_ready() { # PORT
  http_ok "$1" /actuator/health/readiness && return 0
  lacking="http://127.0.0.1:$1/actuator/health/readiness says ${http_status:-nothing} $http_body"
  return 1
}

passing() { # ID SERVICE; nothing can be passing where Consul does not run
  part_lives consul || return 0
  lacking="Consul does not list it as passing"
  http_ok $((8500 + port_offset)) "/v1/health/service/$2?passing" && [[ $http_body == *"\"ID\":\"$1\""* ]]
}

part_ready_or_gone() { # NAME
  ! part_lives "$1" || part_ready "$1"
}

await_part() { # NAME: returns when it is ready; ends the script when it does not get there
  wait_until "$ready_limit" part_ready_or_gone "$1" ||
    die_of_part "$1" "$1 was not ready within $ready_limit s: $lacking."
  part_lives "$1" || die_of_part "$1" "$1 ended before it was ready."
}

die_of_part() { # NAME WHAT...
  say "${@:2}" "The last lines of $logs/$1.log:" ''
  tail -n 20 "$logs/$1.log" >&2 || true
  die ''
}

check_ports_free() { # NAME...: ends the script when another process has a port of theirs
  local name each holder taken=() extra
  for name; do
    describe_part "$name"
    [ "$kind" != consul ] || ports+=(rpc $((8300 + port_offset)) lan $((8301 + port_offset)) wan $((8302 + port_offset)))
    for ((each = 0; each < ${#ports[@]}; each += 2)); do
      holder=$(port_holder "${ports[each + 1]}") || continue
      taken+=("Port ${ports[each + 1]} ($name, ${ports[each]}) is taken by $holder")
    done
  done
  [ ${#taken[@]} -eq 0 ] || die "${taken[@]}" "End what holds it, or move every port: ./stack up --port-offset K"
}
