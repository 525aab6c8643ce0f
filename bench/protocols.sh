# shellcheck shell=bash disable=SC2034,SC2154 # bench/run and its files share variables
# Sourced by bench/run, for --protocols: what the same gateway spends on the same work by gRPC and by HTTP. A line of
# $home/turns/streams: round protocol microseconds-of-CPU-per-message. Of $home/turns/memory: what is open, KB of live heap, KB
# resident.

stream_messages=100000
stream_warm_ups=4
open_events=1000
open_idle=10000

measure_streams() {
  take_stream_turns
  measure_open_streams
}

streams() { # KIND PORT COUNT: bench/Streams.java
  "$JAVA_HOME/bin/java" -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$apps/chaos/lib/*" "$bench/Streams.java" "$@"
}

stream_port() { if [ "$1" = grpc ]; then echo "${grpc_port[gateway]}"; else echo "${json_port[gateway]}"; fi; } # PROTOCOL

take_stream_turns() { # in the same alternation as calls
  local round protocol
  for ((round = 1; round <= stream_warm_ups; round++)); do
    for protocol in grpc ndjson; do
      say "Warming up: stream by $protocol"
      streams "$protocol" "$(stream_port "$protocol")" "$stream_messages" >&2 || die "The stream by $protocol failed."
    done
  done
  for ((round = 1; round <= rounds; round++)); do
    for protocol in grpc ndjson; do stream_turn "$protocol"; done
  done
}

stream_turn() { # PROTOCOL
  local pid ticks before from cpu took
  peer_pid gateway
  cpu_ticks && before=$ticks from=${EPOCHREALTIME/[.,]/}
  streams "$1" "$(stream_port "$1")" "$stream_messages" >&2 || die "The stream by $1 failed."
  cpu_ticks && took=$((${EPOCHREALTIME/[.,]/} - from))
  cpu=$(awk -v ticks=$((ticks - before)) -v hz="$ticks_a_second" -v n="$stream_messages" \
    'BEGIN { printf "%.2f", ticks / hz * 1e6 / n }')
  echo "$round $1 $cpu" >>"$home/turns/streams"
  say "  round $round, stream by $1: $cpu us of CPU per message, in $((took / 1000)) ms"
}

measure_open_streams() {
  local pid
  peer_pid gateway
  hold_open events "${json_port[gateway]}" "$open_events"
  hold_open idle "${grpc_port[gateway]}" "$open_idle"
}

measure_idle_streams() {
  local pid
  peer_pid gateway
  hold_open idle "${grpc_port[gateway]}" "$open_idle"
}

hold_open() { # KIND PORT COUNT
  local holder input
  take_memory none
  coproc HOLDER { streams "$@"; }
  holder=$HOLDER_PID input=${HOLDER[1]}
  read -r -u "${HOLDER[0]}" _ || die "The streams ($1) could not be opened."
  pause_seconds 5 # past the first of the bytes that keep silent streams alive
  take_memory "$1"
  exec {input}>&-
  wait "$holder" || true
}

take_memory() { # WHAT IS OPEN: of process $pid, after a full collection of its heap
  local heap resident
  "$JAVA_HOME/bin/jcmd" "$pid" GC.run >/dev/null
  heap=$("$JAVA_HOME/bin/jcmd" "$pid" GC.heap_info | grep -oE 'used [0-9]+K' | grep -oE '[0-9]+' | head -n 2 | paste -sd+ | bc)
  resident=$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")
  echo "$1 $heap $resident" >>"$home/turns/memory"
  say "  $1 open: $heap KB of live heap, $resident KB resident"
}

report_idle() {
  echo "| streams | live heap with them, added by them | resident, added | goal |"
  echo "|---|---|---|---|"
  echo "| $(thousands "$open_idle") idle, on $((open_idle / 2500)) connections | $(live idle), $(growth idle 2) | $(resident idle), $(growth idle 3) | under 300 MB |"
}

report_protocols() {
  local memory
  memory=$(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo)
  cat <<TEXT
# What each protocol costs

Written by \`bench/run --protocols\` on $(date +%F)$sources. One gateway without Nginx, before three servers that do no work. Processor
time is the gateway's own, user and system, all threads, garbage collection and compilers included. The rounds alternate between
the protocols on the same gateway; a ratio is the median of the rounds' ratios.

| work | by gRPC | by HTTP | HTTP to gRPC | goal |
|---|---|---|---|---|
| a call, $(thousands "$rate") a second: \`SayHello\`, \`GET /hello\` | $(median_of 4 grpc gateway) us | $(median_of 4 json gateway) us | $(ratio_of_calls) | at most 1.25 |
| a greeting and its reply, of $(thousands "$stream_messages") in one stream: gRPC, NDJSON | $(median_of_stream grpc) us | $(median_of_stream ndjson) us | $(ratio_of_streams) | at most 3 |
| $(thousands "$open_events") open streams of events: what they add to live heap, and to resident memory | | $(growth events 2), $(growth events 3) | | under 64 MB |
| $(thousands "$open_idle") idle streams, on $((open_idle / 2500)) connections: what they add, and the gateway's resident memory with them | $(growth idle 2), $(growth idle 3), $(resident idle) | | | under 300 MB |

- Machine: $(nproc) cores, $memory GB of memory, Linux $(uname -r | sed 's/[^0-9.].*//') on $(uname -m); $(jdk_name). Gateway: ${version[gateway]}.
- Calls: as in [RESULTS.md](RESULTS.md), each turn measured for $seconds s after warming up.
- The stream is \`Converse\`, read and written at once: NDJSON is translated in both directions.
- Memory: what was added by opening the streams, each with a caller's upload that stays open. Live heap is what remains after a
  full collection. Resident memory contains buffers outside of the heap, and heap that was used meanwhile.

| round | call by gRPC | call by JSON | message by gRPC | message by NDJSON |
|---|---|---|---|---|
$(report_rounds)
TEXT
}

ratio_of_calls() { # without turns that lost over a hundredth of their calls
  awk '$8 * 100 <= $7' "$home/turns/all" >"$home/turns/good"
  ratio_of_rounds "$home/turns/good" 2 4 json
}

ratio_of_streams() { ratio_of_rounds "$home/turns/streams" 2 3 ndjson; }

ratio_of_rounds() { # FILE COLUMN-OF-PROTOCOL COLUMN-OF-COST PROTOCOL: of the protocol's cost to gRPC's
  awk -v by="$2" -v column="$3" -v other="$4" '
    { cost[$1, $by] = $column; if ($1 > rounds) rounds = $1 }
    END { for (i = 1; i <= rounds; i++) if (cost[i, "grpc"] > 0 && cost[i, other] > 0) printf "%.3f\n", cost[i, other] / cost[i, "grpc"] }' "$1" |
    median | awk '{ printf "%.2f\n", $1 }'
}

median_of_stream() { # PROTOCOL
  awk -v protocol="$1" '$2 == protocol { print $3 }' "$home/turns/streams" | median
}

growth() { # WHAT COLUMN: of the memory, in MB
  awk -v what="$1" -v column="$2" '$1 == what { printf "%.1f MB\n", ($column - before) / 1024 } { before = $column }' "$home/turns/memory"
}

live() { awk -v what="$1" '$1 == what { printf "%.0f MB\n", $2 / 1024 }' "$home/turns/memory"; } # WHAT

resident() { awk -v what="$1" '$1 == what { printf "%.0f MB\n", $3 / 1024 }' "$home/turns/memory"; } # WHAT

report_rounds() {
  awk '
    FILENAME ~ /all$/ { call[$1, $2] = $4 " us" }
    FILENAME ~ /streams$/ { message[$1, $2] = $3 " us"; rounds = $1 }
    END {
      for (i = 1; i <= rounds; i++)
        printf "| %d | %s | %s | %s | %s |\n", i, call[i, "grpc"], call[i, "json"], message[i, "grpc"], message[i, "ndjson"]
    }' "$home/turns/all" "$home/turns/streams"
}
