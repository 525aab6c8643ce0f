# shellcheck shell=bash disable=SC2034,SC2154 # bench/run and its files share variables
# Sourced by bench/run, for --watching: what a gateway spends on being seen. Two chains, whose gateways are called directly: one keeps no
# records and has no page, the other has both, as they are by default where errors may name instances. The latter takes a second turn in
# each round, in which ten browsers look.

watchers=10

compare_watching() {
  peers=(unseen seen)
  kinds=(grpc)
  start_chain_of_one unseen 0 MIDDLEWARE_GATEWAY_DASHBOARD_ENABLED=false --
  start_chain_of_one seen 10 MIDDLEWARE_GATEWAY_DASHBOARD_ENABLED=true --
  call_gateway_itself unseen 0
  call_gateway_itself seen 10
  warm_up
  take_watching_turns
  report_watching >"$results.new"
}

call_gateway_itself() { # CHAIN OFFSET
  local port_offset=$((port_offset + $2))
  server_ports gateway-1
  grpc_port[$1]=${ports[3]} json_port[$1]=${ports[1]}
}

take_watching_turns() {
  local round
  for ((round = 1; round <= rounds; round++)); do
    turn unseen grpc
    turn seen grpc
    start_watching
    pause_seconds 3 # a browser that has just come gets all that happened
    turn seen grpc watched
    stop_watching
  done
}

start_watching() {
  local number
  looking=()
  for ((number = 1; number <= watchers; number++)); do
    curl --silent --no-buffer "http://127.0.0.1:${json_port[seen]}/dashboard/events" >"$home/turns/watched-$number" 2>/dev/null 8>&- &
    looking+=($!)
  done
}

stop_watching() {
  [ ${#looking[@]} -gt 0 ] || return 0
  kill "${looking[@]}" 2>/dev/null || true
  wait "${looking[@]}" 2>/dev/null || true
  looking=()
}

watching_ratio() { # WHAT TO: the median of the rounds' ratios
  awk -v what="$1" -v to="$2" '
    { cost[$1, $3] = $4; if ($1 > rounds) rounds = $1 }
    END {
      for (i = 1; i <= rounds; i++) if (cost[i, what] > 0 && cost[i, to] > 0) printf "%.3f\n", cost[i, what] / cost[i, to]
    }' "$home/turns/all" | median | awk '{ printf "%.2f\n", $1 }'
}

report_watching() {
  local events memory
  events=$(cat "$home"/turns/watched-* | grep -c '^data:' || true)
  memory=$(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo)
  cat <<TEXT
# What it costs to be seen

Written by \`bench/run --watching\` on $(date +%F)$sources. Processor time of the gateway alone per call, user and system, all threads,
garbage collection and compilers included, at $(thousands "$rate") gRPC calls a second; medians of $rounds $(counted "$rounds" turn), each
measured for $seconds s. A ratio is the median of the rounds' ratios.

| gateway | CPU per call | ratio | goal |
|---|---|---|---|
| keeps no records, and has no page | $(median_of 4 grpc unseen) us | | |
| keeps [records](../docs/operations/why.md), and has [the page](../docs/operations/dashboard.md), at which nobody looks | $(median_of 4 grpc seen) us | $(watching_ratio seen unseen) | at most 1.04: 3 % for records, 1 % for the page |
| at which $watchers look | $(median_of 4 grpc watched) us | $(watching_ratio watched seen) to the former | at most 1.05 |

- Machine: $(nproc) cores, $memory GB of memory, Linux $(uname -r | sed 's/[^0-9.].*//') on $(uname -m); $(jdk_name).
- Two chains at once, each with its own Consul, server and gateway; the idle one does its health checks only. Two processes of the same
  program differ by some percent in what their compilers made of it, so ratios near 1 scatter by as much.
- Those who look read \`/dashboard/events\`; in the last round they got $(thousands "$events") pictures.

| round | gateway | CPU per call |
|---|---|---|
$(awk '{ printf "| %s | %s | %s us |\n", $1, $3, $4 }' "$home/turns/all")
TEXT
}
