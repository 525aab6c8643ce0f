# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: the parts by their names, the same in both ways. $services, $secondaries, $gateways, $prometheus, $tls and
# $port_offset say how many there are, and where.

part_names() { # prints them one a line, in the order of `status`
  local number
  echo consul
  ! with_database || echo database
  for ((number = 1; number <= services; number++)); do echo "hello-service-$number"; done
  for ((number = 1; number <= secondaries; number++)); do echo "hello-secondary-$number"; done
  for ((number = 1; number <= gateways; number++)); do echo "gateway-$number"; done
  echo nginx
  [ "${prometheus:-0}" = 0 ] || echo prometheus
}

describe_part() { # NAME: sets $kind, $service, $pool and $ports ("name port" pairs)
  service='' pool=''
  case $1 in
    hello-service-*) kind=service service=hello-service pool=primary ;;
    hello-secondary-*) kind=service service=hello-service pool=secondary ;;
    gateway-*) kind=gateway ;;
    *) kind=$1 ;;
  esac
  case $1 in
    consul) ports=(http $((8500 + port_offset)) dns $((8600 + port_offset))) ;;
    database) database_ports ;;
    prometheus) ports=(http $((9490 + port_offset))) ;;
    nginx) ports=(http $((8080 + port_offset)) grpc $((9090 + port_offset))) ;;
    *) server_ports "$1" ;;
  esac
  [ "${tls:-0}" = 1 ] || return 0
  case $1 in
    consul) ports+=(https $((8501 + port_offset))) ;;
    nginx) ports+=(https $((8443 + port_offset))) ;;
  esac
}

management_port() { # NAME of a server or a gateway
  describe_part "$1"
  echo "${ports[-1]}"
}

passing() { # ID SERVICE: whether Consul lists it as passing; true where Consul does not run, as nothing could pass then
  part_lives consul || return 0
  local http_token=''
  ! with_acl || http_token=$(<"$acl/viewer")
  lacking="Consul does not list it as passing"
  http_ok $((8500 + port_offset)) "/v1/health/service/$2?passing" && [[ $http_body == *"\"ID\":\"$1\""* ]]
}

consul_leads() {
  lacking="it has no leader"
  http_ok $((8500 + port_offset)) /v1/status/leader && [[ $http_body == *:* ]] || return 1
  ! with_acl || give_rights
}

prometheus_ready() {
  lacking="it does not say that it is ready"
  http_ok $((9490 + port_offset)) /-/ready
}

all_gone() { # NAME...
  local name
  for name; do part_gone "$name" || return 1; done
}

part_ready_or_gone() { # NAME
  ! part_lives "$1" || part_ready "$1"
}

await_part() { # NAME: returns when it is ready; ends the script when it does not become ready
  wait_until "$ready_limit" part_ready_or_gone "$1" ||
    die_of_part "$1" "$1 was not ready within $ready_limit s: $lacking."
  part_lives "$1" || die_of_part "$1" "$1 ended before it was ready."
}

die_of_part() { # NAME WHAT...
  say "${@:2}" "The last lines of ./stack logs $1:" ''
  last_lines "$1" >&2 || true
  die ''
}

check_ports_free() { # NAME...: ends the script when another process occupies a port of theirs on this machine
  local name each holder taken=() all=()
  for name; do
    describe_part "$name"
    machine_ports
    for ((each = 1; each < ${#ports[@]}; each += 2)); do all+=("${ports[each]}"); done
  done
  any_port_taken "${all[@]}" || [ $? != 1 ] || return 0
  for name; do
    describe_part "$name"
    machine_ports
    for ((each = 0; each < ${#ports[@]}; each += 2)); do
      holder=$(port_holder "${ports[each + 1]}") || continue
      taken+=("Port ${ports[each + 1]} ($name, ${ports[each]}) is taken by $holder")
    done
  done
  [ ${#taken[@]} -eq 0 ] || die "${taken[@]}" "End what holds it, or move every port: ./stack up --port-offset K"
}
