# shellcheck shell=bash disable=SC2034,SC2154 # bench/run and its files share variables
# Sourced by bench/run, for what compares the gateway with itself: chains, each with a Consul, a server, a gateway and an Nginx of its own.
# They run all the time; the idle ones do their health checks only. A chain's name stands where others have that of a proxy.

chain_home() { if [ "$1" = "${peers[0]}" ]; then echo "$home"; else echo "$home/$1"; fi; } # CHAIN; the first is also that of the tools

start_chain_of_one() { # CHAIN OFFSET VARIABLE=VALUE... -- OPTION...; callers use the ports of its Nginx
  local chain=$1 offset=$((port_offset + $2)) folder variables=()
  grpc_port[$1]=$((9090 + offset)) json_port[$1]=$((8080 + offset))
  shift 2
  while [ "$1" != -- ]; do
    variables+=("$1")
    shift
  done
  shift
  folder=$(chain_home "$chain")
  mkdir -p "$folder"
  ln -sfn "$tools" "$folder/tools"
  say "Starting the chain: $chain"
  (
    export STACK_HOME=$folder STACK_APPS=$apps
    "$here/stack" down 2>/dev/null || true
    env HELLO_WORK=0ms "${variables[@]}" "$here/stack" up --local --services 1 --secondaries 0 --gateways 1 \
      --port-offset "$offset" "$@" >"$home/up-$chain.log" 2>&1 8>&-
  ) || die "$(tail -n 5 "$home/up-$chain.log")" "The chain $chain did not start."
}

stop_other_chains() {
  local folder
  for folder in "$home"/*/run/; do
    [ "$folder" = "$home/peers/run/" ] || [ ! -d "$folder" ] || STACK_HOME=${folder%/run/} "$here/stack" down 2>/dev/null || true
  done
}

gateway_of_chain() { # CHAIN: into $pid
  local run
  run=$(chain_home "$1")/run
  part_process gateway-1
}
