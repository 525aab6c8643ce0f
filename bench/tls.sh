# shellcheck shell=bash disable=SC2034,SC2154 # bench/run and its files share variables
# Sourced by bench/run, for --tls: what the same call costs the gateway between Nginx and a server, plain and with certificates on both
# sides. Two chains, each with a Consul of its own; callers use the plain ports of each Nginx.
# Handshakes are measured in memory: Handshakes.java. A line of $home/turns/calls: round grpc|json chain microseconds-of-CPU-per-call. Of
# $home/turns/handshakes: engine first|warm|record microseconds.

handshakes=2000
calls_a_turn=2000
warm_turns=6

compare_tls() {
  peers=(plain secured)
  start_chain_of_one plain 0 --
  start_chain_of_one secured 10 -- --tls
  compile_tools
  take_call_turns
  measure_handshakes
  report_tls >"$results.new"
}

compile_tools() { # BoringSSL's library is that of the gateway
  classes=$home/tls-classes
  mkdir -p "$classes"
  "$JAVA_HOME/bin/javac" -proc:none -cp "$apps/middleware-gateway/lib/*" -d "$classes" "$bench/Handshakes.java"
  "$JAVA_HOME/bin/javac" -proc:none -cp "$apps/chaos/lib/*" -d "$classes" "$bench/Calls.java"
}

make_calls() { # KIND CHAIN
  local port=${grpc_port[$2]}
  [ "$1" = grpc ] || port=${json_port[$2]}
  "$JAVA_HOME/bin/java" -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$classes:$apps/chaos/lib/*" Calls "$1" "$port" \
    "$calls_a_turn" >&2 || die "Calls by $1 through the chain $2 failed."
}

take_call_turns() {
  local round kind chain
  for ((round = 1; round <= warm_turns; round++)); do
    say "Warming up: $round of $warm_turns"
    for kind in grpc json; do for chain in "${peers[@]}"; do make_calls "$kind" "$chain"; done; done
  done
  for ((round = 1; round <= rounds; round++)); do
    for kind in grpc json; do for chain in "${peers[@]}"; do call_turn "$kind" "$chain"; done; done
  done
}

call_turn() { # KIND CHAIN
  local pid ticks before cpu
  gateway_of_chain "$2"
  cpu_ticks && before=$ticks
  make_calls "$1" "$2"
  cpu_ticks
  cpu=$(awk -v ticks=$((ticks - before)) -v hz="$ticks_a_second" -v n="$calls_a_turn" 'BEGIN { printf "%.1f", ticks / hz * 1e6 / n }')
  echo "$round $1 $2 $cpu" >>"$home/turns/calls"
  say "  round $round, $1, $2: $cpu us of CPU per call"
}

measure_handshakes() {
  local engine
  for engine in JDK OPENSSL; do
    say "Handshakes by $engine"
    "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -cp "$classes:$apps/middleware-gateway/lib/*" Handshakes \
      "$engine" "$home/secured/tls/gateway.pem" "$home/secured/tls/ca.pem" "$handshakes" 2>"$logs/handshakes.log" |
      sed "s/^/$engine /" >>"$home/turns/handshakes"
  done
}

handshake() { awk -v engine="$1" -v what="$2" '$1 == engine && $2 == what { print $3 }' "$home/turns/handshakes"; } # ENGINE WHAT

a_second() { awk -v micros="$(handshake "$1" warm)" 'BEGIN { printf "%d\n", 1e6 / micros }'; } # ENGINE

ratio_to_plain() { # KIND CHAIN: the median of the rounds' ratios
  awk -v kind="$1" -v other="$2" '
    $2 == kind { cost[$1, $3] = $4; if ($1 > rounds) rounds = $1 }
    END {
      for (i = 1; i <= rounds; i++) if (cost[i, "plain"] > 0 && cost[i, other] > 0) printf "%.3f\n", cost[i, other] / cost[i, "plain"]
    }' "$home/turns/calls" | median | awk '{ printf "%.2f\n", $1 }'
}

tls_row() { # CHAIN NAME GOAL
  echo "| $2 | $(median_of 4 grpc "$1" "$home/turns/calls") us | $(ratio_to_plain grpc "$1") | $(median_of 4 json "$1" "$home/turns/calls") us | $(ratio_to_plain json "$1") | $3 |"
}

report_tls() {
  local memory
  memory=$(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo)
  cat <<TEXT
# What TLS costs

Written by \`bench/run --tls\` on $(date +%F)$sources. Calls go through Nginx, one gateway and a server that does no work, ten at once. With
TLS, Nginx to gateway and gateway to server speak it, with certificates on both sides, on kept connections.

## A call

Processor time of the gateway alone, user and system, all threads, garbage collection and compilers included. The chains take turns
in each round; a ratio is the median of the rounds' ratios to the plain chain.

| chain | gRPC: \`SayHello\` | to plain | HTTP: \`GET /hello\` | to plain | goal |
|---|---|---|---|---|---|
$(tls_row plain 'plain' '')
$(tls_row secured 'TLS' 'at most 1.25')

## A handshake

TLS 1.3 with P-256 certificates on both sides, in memory; processor time of the server's side alone, of one thread. The first
$(sed -n 's/.*int FIRST = \([0-9]*\);.*/\1/p' "$bench/Handshakes.java") are those of a JVM that has just started.

| engine | one of the first | warm | new connections a second, of one core | a record of 200 bytes |
|---|---|---|---|---|
| BoringSSL (netty-tcnative) | $(handshake OPENSSL first) us | $(handshake OPENSSL warm) us | $(thousands "$(a_second OPENSSL)") | $(handshake OPENSSL record) us |
| the JDK's | $(handshake JDK first) us | $(handshake JDK warm) us | $(thousands "$(a_second JDK)") | $(handshake JDK record) us |

So gateways use BoringSSL on Linux, on x86-64 and ARM, and the JDK's engine elsewhere. Servers with the starter use the JDK's, unless
they have netty-tcnative: each gateway keeps its few connections to them.

## How it was measured

- Machine: $(nproc) cores, $memory GB of memory, Linux $(uname -r | sed 's/[^0-9.].*//') on $(uname -m); $(jdk_name).
- Two chains at once, each with its own Consul, server, gateway and Nginx; the idle one does its health checks only.
- A turn is $(thousands "$calls_a_turn") calls, each as soon as an earlier one has ended, after $(thousands $((warm_turns * calls_a_turn))) of each kind to warm up. None of them failed.
- The machine's load average at the end: $(cut -d ' ' -f 1 /proc/loadavg). Where it is above the number of cores, other programs share the
  processors' caches, compilers come late, and ratios scatter more than TLS costs: measure again.

| round | call | chain | CPU per call |
|---|---|---|---|
$(awk '{ printf "| %s | %s | %s | %s us |\n", $1, $2, $3, $4 }' "$home/turns/calls")
TEXT
}
