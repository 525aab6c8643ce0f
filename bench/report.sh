# shellcheck shell=bash disable=SC2034,SC2154 # bench/run and its files share variables
# Sourced by bench/run: what was measured, as Markdown.

write_report() {
  local kind
  touch "$home/turns/all" "$home/turns/limits"
  report_head
  for kind in "${kinds[@]}"; do report_kind "$kind"; done
  report_losses
  report_deaths
  report_method
  report_turns
}

report_head() {
  cat <<TEXT
# What a call costs

Written by \`bench/run\` on $(date +%F)$sources. One gateway without Nginx and other proxies, each before the same three servers, which do no
work, at $(thousands "$rate") calls a second. Median of $rounds $(counted "$rounds" turn), each measured for $seconds s.

- CPU per call: microseconds of the proxy's own processor time, user and system, all threads.
- of Envoy's: that, divided by what Envoy took in the same round; the median of these ratios. Less is better.
- p50, p99: from when a call was due to its response; load, servers and proxies share the machine, so this is more than a proxy adds.
- most calls/s: the highest rate tried at which all succeeded and p99 stayed under $limit_ms ms, on this shared machine; from one
  to the next rate it is times ${step:0:1}.${step:1}.

The gateway's protocols are compared in [PROTOCOLS.md](PROTOCOLS.md), written by \`bench/run --protocols\`.
TEXT
}

report_deaths() {
  local peer
  for peer in "${!died[@]}"; do
    printf '\n%s ended by itself before all was measured; the end of its log: %s\n' "${title[$peer]}" "\`${died[$peer]}\`"
  done
}

counted() { if [ "$1" = 1 ]; then echo "$2"; else echo "${2}s"; fi; } # NUMBER WORD

thousands() { sed -E ':again; s/([0-9])([0-9]{3})($|,)/\1,\2\3/; t again' <<<"$1"; } # NUMBER

report_kind() { # KIND
  local peer heading='gRPC: SayHello'
  [ "$1" = grpc ] || heading='JSON: GET /hello, which the servers get as gRPC'
  printf '\n## %s\n\n' "$heading"
  echo '| proxy | CPU per call | of Envoy'\''s | p50 | p99 | lost | memory | most calls/s |'
  echo '|---|---|---|---|---|---|---|---|'
  for peer in "${wanted[@]}"; do report_row "$1" "$peer"; done
}

report_row() { # KIND PEER
  local none="| ${title[$2]} |" most ratio
  if [[ " ${peers[*]} " != *" $2 "* ]]; then
    echo "$none left out: it could not be had | | | | | | |"
  elif ! takes "$2" "$1"; then
    echo "$none takes no JSON for gRPC | | | | | | |"
  elif ! grep -q "^[0-9]* $1 $2 " "$home/turns/all"; then
    echo "$none void: less than 99 % of the calls could be sent | | | | | | |"
  else
    most=$(median_of 4 "$1" "$2" "$home/turns/limits")
    ratio=$(ratio_to_envoy "$1" "$2")
    echo "| ${title[$2]} | $(median_of 4 "$1" "$2") us | $ratio | $(median_of 5 "$1" "$2") ms |" \
      "$(median_of 6 "$1" "$2") ms | $(lost_in_words "$1" "$2") | $(median_of 10 "$1" "$2") MB | $(most_in_words "$most") |"
  fi
}

most_in_words() { # CALLS, which may be nothing
  case $1 in
    '') echo 'not measured' ;;
    0) echo "none that was tried" ;;
    *) thousands "$1" ;;
  esac
}

lost_in_words() { # KIND PEER
  local lost
  lost=$(sum_of 8 "$1" "$2")
  if [ "$lost" = 0 ]; then echo 0; else echo "$(thousands "$lost") of $(thousands "$(sum_of 7 "$1" "$2")")"; fi
}

median_of() { # COLUMN KIND PEER [FILE]
  awk -v column="$1" -v kind="$2" -v peer="$3" '$2 == kind && $3 == peer { print $column }' "${4-$home/turns/all}" | median
}

sum_of() { # COLUMN KIND PEER
  awk -v column="$1" -v kind="$2" -v peer="$3" '$2 == kind && $3 == peer { sum += $column } END { print sum + 0 }' "$home/turns/all"
}

median() { # of numbers, one a line; of an even count the mean of the two in the middle
  sort -n | awk '
    { value[NR] = $1 }
    END {
      if (!NR) exit
      middle = (value[int((NR + 1) / 2)] + value[int(NR / 2) + 1]) / 2
      if (middle >= 1000) printf "%.0f\n", middle; else printf "%.4g\n", middle
    }'
}

ratio_to_envoy() { # KIND PEER; none for turns that lost over a hundredth of their calls
  local ratio
  ratio=$(awk -v kind="$1" -v peer="$2" '
    $2 == kind { if ($8 * 100 <= $7) cost[$1, $3] = $4; if ($1 > rounds) rounds = $1 }
    END {
      for (i = 1; i <= rounds; i++) if (cost[i, peer] > 0 && cost[i, "envoy"] > 0) printf "%.2f\n", cost[i, peer] / cost[i, "envoy"]
    }' "$home/turns/all" | median)
  if [ -n "$ratio" ]; then printf '%.2f\n' "$ratio"; else echo -; fi
}

report_losses() { # the commonest reason, for whom lost any
  local kind peer reason
  for kind in "${kinds[@]}"; do
    for peer in "${peers[@]}"; do
      if ! takes "$peer" "$kind" || [ "$(sum_of 8 "$kind" "$peer")" = 0 ]; then continue; fi
      reason=$(find "$home/turns" -name "*-$kind-$peer" -exec sed -n 's/^lost \([0-9]*\): /\1 /p' {} + |
        sort -rn | sed -n '1s/^[0-9]* //p')
      [ -z "$reason" ] || printf "\nMost of the calls that %s lost (%s) ended with: \`%s\`\n" "${title[$peer]}" "$kind" \
        "$reason"
    done
  done
}

report_method() {
  local peer versions='' memory
  memory=$(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo)
  for peer in "${peers[@]}"; do versions+=", ${title[$peer]} ${version[$peer]}"; done
  cat <<TEXT

## How it was measured

- Machine: $(nproc) cores, $memory GB of memory, Linux $(uname -r | sed 's/[^0-9.].*//') on $(uname -m); $(jdk_name).
- Versions: ${versions#, }.
TEXT
  for peer in "${left_out[@]}"; do echo "- Left out: $peer."; done
  cat <<TEXT
- The load is \`./stack load\`: calls at equal distances whether or not earlier ones had a response, gRPC on 4 connections, JSON on as many as
  it takes. A turn in which less than 99 % of the calls could be sent is void. What is due while CPU is counted is what is counted; the
  first $settling s of each turn are not.
- Turns are interleaved, A B C D, A B C D, with all proxies up all the time. The idle ones do their health checks, as they do at work.
- JVMs are warmed up by $((25 + warm_seconds)) s of calls of each kind first, at a quarter, half and all of the rate. Whether they still compiled is
  seen by the two halves of a turn, below. Servers have all of Java's compilers too, so that they leave the machine to the proxies.
- this gateway: as \`./stack up\` starts it, nothing turned off: retries with a budget, hedging at the method's own p95, ejection with
  probes, metrics of every call, servers found in a real Consul.
- Envoy: [envoy.yaml.template](envoy.yaml.template): retries on another host, hedging on a per-try time-out, outlier detection, gRPC health
  checks, a retry budget, its usual statistics but not those for each gRPC method, \`--concurrency\` $(nproc). JSON by its
  \`grpc_json_transcoder\`.
- HAProxy: [haproxy.cfg.template](haproxy.cfg.template): retries failed connects and checks its servers; it has neither hedging nor
  an eye for gRPC's status.
- Spring Cloud Gateway: [its app](spring-cloud-gateway/src/main/resources/application.yaml): one route with a retry and a circuit breaker,
  Java with the same flags as this gateway. JSON is not measured.
TEXT
}

jdk_name() { # such as: OpenJDK 25.0.1
  sed -n 's/^JAVA_RUNTIME_VERSION="\([0-9.]*\).*/JDK \1/p; t' "$JAVA_HOME/release"
}

report_turns() {
  cat <<'TEXT'

## Every turn

halves: the CPU per call of a turn's second half, divided by that of its first. busy: of this machine's processors, by whatever ran:
near 100 %, the times are those of a queue.

| round | call | proxy | CPU per call | p50 | p99 | calls | lost | halves | busy |
|---|---|---|---|---|---|---|---|---|---|
TEXT
  awk '{ printf "| %s | %s | %s | %s us | %s ms | %s ms | %s | %s | %s | %s %% |\n", $1, $2, $3, $4, $5, $6, $7, $8, $9, $11 }' "$home/turns/all"
}
