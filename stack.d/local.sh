# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: runs the parts as processes on this machine, bound to 127.0.0.1. docker.sh has functions of the same names.

moment=0.05 # seconds between two polls

server_ports() { # NAME of a server or a gateway: sets $ports
  local number=$((${1##*-} + port_offset))
  case $1 in
    hello-service-*) ports=(grpc $((21000 + number)) management $((21100 + number))) ;;
    # from 51 on, so that more primaries do not move them
    hello-secondary-*) ports=(grpc $((21050 + number)) management $((21150 + number))) ;;
    gateway-*) ports=(http $((22000 + number)) grpc $((22100 + number)) management $((22200 + number))) ;;
  esac
}

database_ports() { ports=(sql $((23001 + port_offset))); }

machine_ports() { # completes $ports of the described part with all others that it occupies on this machine
  [ "$kind" != consul ] || ports+=(rpc $((8300 + port_offset)) lan $((8301 + port_offset)) wan $((8302 + port_offset)))
}

prepare() { # fetches the tools and builds the apps
  use_jdk
  tool consul >/dev/null
  warn_of_old_nginx "$(tool nginx)"
  [ "$prometheus" = 0 ] || prepare_prometheus
  [ "$tls" = 0 ] || prepare_certificates
  prepare_database
  build_jars
  prepare_apps
}

prepare_prometheus() { tool prometheus >/dev/null; }

warn_of_old_nginx() { # BINARY
  local version
  version=$(nginx_version "$1")
  printf '%s\n' 1.29.5 "$version" | sort -CV ||
    say "Nginx $version ($1) may use freed memory when it moves a gRPC call to another gateway, unless your distribution" \
      "has fixed that; 1.29.5 and newer are fixed. It is good enough for trying things out."
}

nginx_version() { # BINARY
  local version
  version=$("$1" -v 2>&1)
  version=${version##*/}
  echo "${version%% *}"
}

# --- starting ------------------------------------------------------------------------------------------------------------

end_remains() { end_together KILL "$@"; } # NAME...: ends what is left of ended parts, such as workers of Nginx

start_parts() { # NAME...: starts them in parallel; does not wait for them
  local name
  for name; do start_part "$name"; done
}

part_ended() { ! part_lives "$1"; } # NAME: whether it was started and has ended

start_failed() { return 1; } # part_ended notices each part's failure

parts_started() { part_lives log-keeper || start_log_keeper; }

start_log_keeper() { # starts a process that limits each log to one file of this size, and the previous one
  # shellcheck disable=SC2016 # the process expands them
  launch log-keeper -- bash -c 'while sleep 10; do
      for log in "$1"/*.log; do
        [ "$(stat -c %s "$log")" -le "$2" ] || { cp "$log" "$log.1" && : >"$log"; }
      done
    done' log-keeper "$logs" $((16 << 20))
}

start_part() { # NAME: does not wait for it
  use_jdk
  describe_part "$1"
  case $kind in
    consul) start_consul ;;
    database) start_database ;;
    service) start_service "$1" ;;
    gateway) start_gateway "$1" ;;
    nginx) start_nginx ;;
    prometheus) start_prometheus ;;
  esac
}

set_share() { # NAME NICE: how much of the processors its session gets; the kernel takes few changes a second
  part_lives "$1" && [ -e "/proc/$pid/autogroup" ] || return 0
  wait_until 2 write_share "$2" || true
}

write_share() { { echo "$1" >"/proc/$pid/autogroup"; } 2>/dev/null; } # NICE: of the session of $pid

start_consul() {
  local binary agent
  binary=$(tool consul)
  agent=("$binary" agent -config-file "$here/consul/server.hcl" -data-dir "$run/consul" -ui -bind 127.0.0.1 -client 127.0.0.1
    -http-port "${ports[1]}" -dns-port "${ports[3]}" -server-port $((8300 + port_offset))
    -serf-lan-port $((8301 + port_offset)) -serf-wan-port $((8302 + port_offset)))
  # servers of 1.14 and newer would open one more port
  [[ $("$binary" agent -help 2>&1) != *-grpc-tls-port* ]] || agent+=(-grpc-tls-port -1)
  ! with_acl || agent+=(-config-file "$acl/consul.hcl")
  [ "$tls" = 0 ] || agent+=(-config-file "$(consul_tls_file "$certs" "$("$binary" version)")")
  launch consul -- "${agent[@]}"
}

start_service() { # NAME
  local consul_port=$((8500 + port_offset)) secured=() database=() clock=()
  mapfile -t database < <(database_settings $((23001 + port_offset)))
  mapfile -t clock < <(clock_settings "$1")
  java_command hello-service
  lie io.middleware.hello.HelloServiceApplication
  secure_part service "$certs/$service.pem"
  ! with_acl || secured+=("$(token_setting "$service")")
  launch "$1" SPRING_GRPC_SERVER_PORT="${ports[1]}" SPRING_GRPC_SERVER_ADDRESS=127.0.0.1 SERVER_ADDRESS=127.0.0.1 \
    SERVER_PORT="${ports[3]}" MANAGEMENT_SERVER_PORT="${ports[3]}" MIDDLEWARE_INSTANCE_ID="$1" \
    MIDDLEWARE_INSTANCE_POOL="$pool" MIDDLEWARE_INSTANCE_HOST=127.0.0.1 SPRING_CLOUD_CONSUL_HOST=127.0.0.1 \
    SPRING_CLOUD_CONSUL_PORT="$consul_port" "${secured[@]}" HELLO_GUESTBOOK="$run/$1.guestbook" "${database[@]}" "${clock[@]}" \
    ${training:+HELLO_WORK=0ms} -- "${java[@]}"
}

start_gateway() { # NAME
  local consul_port=$((8500 + port_offset)) secured=()
  java_command middleware-gateway
  lie io.middleware.gateway.GatewayApplication
  secure_part gateway "$certs/gateway.pem"
  ! with_acl || secured+=("$(token_setting gateway)")
  launch "$1" SERVER_PORT="${ports[1]}" SERVER_ADDRESS=127.0.0.1 MIDDLEWARE_GATEWAY_GRPC_PORT="${ports[3]}" \
    MANAGEMENT_SERVER_PORT="${ports[5]}" MANAGEMENT_SERVER_ADDRESS=127.0.0.1 MIDDLEWARE_GATEWAY_ID="$1" \
    MIDDLEWARE_GATEWAY_HOST=127.0.0.1 SPRING_CLOUD_CONSUL_HOST=127.0.0.1 \
    SPRING_CLOUD_CONSUL_PORT="$consul_port" "${secured[@]}" -- "${java[@]}"
}

secure_part() { # service|gateway FILE: sets $secured and $consul_port where the parts speak TLS
  [ "$tls" = 1 ] || return 0
  consul_port=$((8501 + port_offset))
  mapfile -t secured < <(tls_settings "$1" "$2" "$certs/ca.pem")
}

start_nginx() {
  local binary globals
  binary=$(tool nginx)
  mkdir -p "$run/nginx"
  render_nginx "$binary" >"$run/nginx.conf"
  globals="daemon off; pid $run/nginx/nginx.pid;"
  # by default its workers would run as another user, who may be unable to read $run
  [ "$(id -u)" != 0 ] || globals+=' user root;'
  launch nginx -- "$binary" -e stderr -p "$run/nginx" -c "$run/nginx.conf" -g "$globals"
}

start_prometheus() {
  local binary folder=$run/prometheus
  render_prometheus "$folder"
  binary=$(tool prometheus)
  launch prometheus -- "$binary" --config.file="$folder/prometheus.yml" --storage.tsdb.path="$folder/data" \
    --storage.tsdb.retention.time=6h --web.listen-address="127.0.0.1:${ports[1]}"
}

render_prometheus() { # FOLDER
  local consul="server: 127.0.0.1:$((8500 + port_offset))"
  # only newer versions read a token from a file
  ! with_acl || consul+="\n        token: $(token_of prometheus)"
  mkdir -p "$1"
  cp "$here/observability/alerts.yml" "$1"
  (umask 077 && sed "s/server: consul:8500/$consul/" "$here/observability/prometheus.yml" >"$1/prometheus.yml")
}

renew_prometheus() { # lets it read its configuration again
  render_prometheus "$run/prometheus"
  signal_part prometheus HUP
}

render_nginx() { # BINARY
  local template version http2_listen='' http2_directive='' keepalive='' max_headers='' access_log=off name value
  local secure='' http_servers prompt_servers grpc_servers
  template=$(<"$here/nginx/nginx.conf.template")
  version=$(nginx_version "$1")
  # `http2 on` replaced the parameter of `listen`, about which newer versions warn
  if printf '%s\n' 1.25.1 "$version" | sort -CV; then http2_directive='http2 on;'; else http2_listen=' http2'; fi
  if printf '%s\n' 1.27.4 "$version" | sort -CV; then keepalive='keepalive_min_timeout 5s;'; fi
  if knows_max_headers "$1"; then max_headers='max_headers 4096;'; fi
  [ "$(saved_variable NGINX_ACCESS_LOG)" != json ] || access_log='/dev/stdout json'
  if [ "$tls" = 1 ]; then
    secure=s
    # beside `off` there could be no log of refused certificates
    [ "$access_log" != off ] || access_log='/dev/null json if=0'
    template=${template//'#tls#'/}
    template=${template//'connect_timeout 100ms'/'connect_timeout 3s'}
    template=${template//'grpc_next_upstream_timeout 5s'/'grpc_next_upstream_timeout 12s'}
  fi
  http_servers=$(nginx_servers 22000 max_fails=0)
  prompt_servers=$(nginx_servers 22000 'max_fails=1 fail_timeout=1s')
  grpc_servers=$(nginx_servers 22100 max_fails=0)
  while IFS='=' read -r name value; do
    template=${template//"\${$name}"/"$value"}
  done <<END
NGINX_HTTP_LISTEN=127.0.0.1:${ports[1]}
NGINX_GRPC_LISTEN=127.0.0.1:${ports[3]}$http2_listen
NGINX_GRPC_PORT=${ports[3]}
NGINX_HTTP2=$http2_directive
NGINX_KEEPALIVE=$keepalive
NGINX_MAX_HEADERS=$max_headers
NGINX_ACCESS_LOG=$access_log
NGINX_TEMP=$run/nginx
NGINX_RESOLVER=
NGINX_HTTP_SCHEME=http$secure
NGINX_GRPC_SCHEME=grpc$secure
NGINX_TLS_PORT=${ports[5]:-none}
NGINX_TLS_LISTEN=127.0.0.1:${ports[5]-} ssl$http2_listen
NGINX_TLS_CERTIFICATES=$certs
NGINX_TLS_LOG=/dev/stderr
NGINX_HTTP_SERVERS=$http_servers
NGINX_PROMPT_SERVERS=$prompt_servers
NGINX_GRPC_SERVERS=$grpc_servers
END
  printf '%s\n' "$template"
}

knows_max_headers() { # BINARY: tries it, as distributions have backported the directive
  local config=$run/nginx/probe.conf
  echo 'events {} http { max_headers 4096; }' >"$config"
  [[ $("$1" -t -e stderr -p "$run/nginx" -c "$config" -g "pid $run/nginx/probe.pid;" 2>&1) != *'unknown directive'* ]]
}

nginx_servers() { # PORT FAILURES: one below the first gateway's; after which a backup is excluded
  local number address
  for ((number = 1; number <= gateways; number++)); do
    address=127.0.0.1:$(($1 + number + port_offset))
    printf 'server %s max_fails=1 fail_timeout=3s; server %s backup %s; ' "$address" "$address" "$2"
  done
}

gateways_changed() { # renders Nginx's list of them again
  local binary
  part_lives nginx || return 0
  describe_part nginx
  binary=$(tool nginx)
  render_nginx "$binary" >"$run/nginx.conf"
  reload_nginx
}

reload_nginx() {
  part_process nginx
  kill -HUP "$pid"
}

reload_consul() {
  part_process consul
  kill -HUP "$pid"
}

tls_address() { address=127.0.0.1:$2; } # NAME PORT: sets $address; returns 1 when the port cannot be reached from here

part_ready() { # NAME: whether it responds, and is passing in Consul; sets $lacking to what is missing
  describe_part "$1"
  case $kind in
    consul) consul_leads && listens_itself "$1" ;;
    database) database_ready ;;
    service) says_ready "${ports[3]}" && passing "$1" "$service" && listens_itself "$1" ;;
    gateway) says_ready "${ports[5]}" && passing "$1" middleware-gateway && listens_itself "$1" ;;
    prometheus) prometheus_ready && listens_itself "$1" ;;
    nginx)
      lacking="it does not listen"
      port_open "${ports[1]}" && port_open "${ports[3]}" && listens_itself nginx
      ;;
  esac
}

part_serves() { # NAME of a server or a gateway: whether calls may reach it; less work than to find out whether it is ready
  describe_part "$1"
  case $kind in
    service) says_ready "${ports[3]}" && passing "$1" "$service" ;;
    gateway) port_open "${ports[1]}" ;;
  esac
}

listens_itself() { # NAME, which was described: whether it has its ports, as another program may respond on them
  local each own=()
  for ((each = 1; each < ${#ports[@]}; each += 2)); do own+=("${ports[each]}"); done
  part_process "$1" && owned_ports "$pid" "${own[@]}"
}

says_ready() { # PORT
  http_ok "$1" /actuator/health/readiness && return 0
  lacking="http://127.0.0.1:$1/actuator/health/readiness returns ${http_status:-nothing} $http_body"
  return 1
}

http_of() { # NAME METHOD PATH [JSON]: as http in net.sh, to its management port
  http "$2" "$(management_port "$1")" "${@:3}"
}

# --- its state, and ending it ----------------------------------------------------------------------------------------------

part_state() { # NAME: sets $state, and $pid when it lives
  container=''
  if part_lives "$1"; then
    state=running
    [[ $letter != [Tt] ]] || state=paused
  else
    pid='' state=dead
    [ ! -f "$run/$1.stopped" ] || state=stopped
  fi
}

observe_parts() { :; } # NAME...: reading a process's state is cheap

forget_observed() { :; }

part_lives() { part_process "$1" && process_lives "$pid" "$start"; }

part_gone() { ! part_process "$1" || ! group_lives "$pid" "$start"; }

# a paused process handles the signal once it continues
terminate_part() { signal_part "$1" "$(gentle_signal "$1" TERM)" CONT; } # NAME

gentle_signal() { # NAME SIGNAL: PostgreSQL would wait for its clients after SIGTERM
  if [ "$1 $2" = 'database TERM' ] && [ "$(database_kind)" = postgresql ]; then echo INT; else echo "$2"; fi
}

kill_part() { signal_part "$1" KILL; } # NAME

pause_part() { signal_part "$1" STOP; } # NAME

resume_part() { signal_part "$1" CONT; } # NAME

cut_part() { # NAME
  local rule
  if [ "$(id -u)" != 0 ] || ! type -P iptables >/dev/null; then
    not_possible "cut: as processes this needs root and iptables. In containers it needs neither."
  fi
  cut_rule "$1"
  iptables --wait --insert OUTPUT "${rule[@]}" 2>"$logs/iptables.log" ||
    not_possible "$(<"$logs/iptables.log")" "$1 could not be cut off: iptables does not work here."
  touch "$run/$1.cut"
}

mend_part() { # NAME
  local rule
  cut_rule "$1"
  iptables --wait --delete OUTPUT "${rule[@]}" 2>"$logs/iptables.log" || true # the rule may be gone already
  rm -f "$run/$1.cut"
}

cut_rule() { # NAME: sets $rule; packets to it and from it both leave by the loopback interface
  describe_part "$1"
  rule=(--out-interface lo --protocol tcp --match multiport --ports "${ports[1]}" --jump DROP)
}

wipe_consul() { rm -rf "$run/consul"; }

forget_parts() { # NAME...: forgets ended ones that no longer belong to the stack
  local name
  end_together KILL "$@" # one that did not end gracefully would run on, unknown
  for name; do
    [ ! -f "$run/$name.cut" ] || mend_part "$name"
    rm -f "$run/$name".{pid,stopped,fault,lock,moment}
  done
}

end_parts() { # SIGNAL: TERM or KILL; Consul and the database end last, as the others deregister and finish their calls
  local file names=() name
  for file in "$run"/*.cut; do
    name=${file##*/}
    [ "$name" = '*.cut' ] || mend_part "${name%.cut}"
  done
  for file in "$run"/*.pid; do
    name=${file##*/}
    [ "$name" = '*.pid' ] || [[ $name == @(consul|database).pid ]] || names+=("${name%.pid}")
  done
  end_together "$1" "${names[@]}"
  end_together "$1" consul database
}

end_together() { # SIGNAL NAME...
  local signal=$1 name
  shift
  for name; do signal_part "$name" "$(gentle_signal "$name" "$signal")" CONT; done
  wait_until "$stop_limit" all_gone "$@" && return 0
  for name; do
    part_gone "$name" || say "$name did not end within $stop_limit s, and is killed."
    signal_part "$name" KILL
  done
  wait_until 10 all_gone "$@" || die "Processes that even SIGKILL did not end: $*"
}

any_part_lives() {
  local file name
  for file in "$run"/*.pid; do
    name=${file##*/}
    [ "$name" != log-keeper.pid ] && part_lives "${name%.pid}" && return 0
  done
  return 1
}

# --- its output, and the caller ---------------------------------------------------------------------------------------------

last_lines() { tail -n 20 "$logs/$1.log"; } # NAME

show_log() { cat "$logs/$1.log"; } # NAME

follow_log() { exec tail -n +1 -f "$logs/$1.log"; } # NAME

run_program() { # client|chaos ARGUMENT...
  use_jdk
  java_command "${1/client/client-app}"
  shift
  export MIDDLEWARE_TARGET=127.0.0.1:$((9090 + port_offset)) MIDDLEWARE_URL=http://127.0.0.1:$((8080 + port_offset)) \
    MIDDLEWARE_TLS_TARGET=localhost:$((8443 + port_offset)) MIDDLEWARE_TLS_FOLDER=$certs MIDDLEWARE_CLIENT_NAME='./stack client'
  exec 6>&-
  exec "${java[@]}" "$@"
}
