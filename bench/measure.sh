# shellcheck shell=bash disable=SC2034,SC2154 # bench/run and its files share variables
# Sourced by bench/run: turns, each with a load of its own, and what the proxy spent meanwhile. A turn's line in $home/turns/all:
#   round kind proxy microseconds-of-CPU-per-call p50 p99 calls lost second-half/first-half RSS-in-MB machine-busy-in-%
# times in ms. In $home/turns/limits: round kind proxy calls-a-second. What the load said of a turn is in a file beside it.

settling=4         # seconds of a turn before it is measured: the load's own start
limit_ms=50        # the most calls a second: p99 stays under this
step=120           # of a hundred: from one rate of the search to the next
step_seconds=4     # how long a rate is measured
most_steps=12
ticks_a_second=$(getconf CLK_TCK)

warm_up() { # JVMs compile what they see called often; the servers are JVMs too, whatever is before them
  local peer kind warm=''
  for peer in "${peers[@]}"; do
    if ! is_jvm "$peer" && [ -n "$warm" ]; then continue; fi
    for kind in "${kinds[@]}"; do
      takes "$peer" "$kind" || continue
      say "Warming up: $peer, $kind"
      # slowly first: what is cold would only queue
      run_load "$peer" "$kind" $((rate / 4)) 10 || true
      run_load "$peer" "$kind" $((rate / 2)) 15 || true
      run_load "$peer" "$kind" "$rate" "$warm_seconds" || true
      warm=yes
    done
  done
}

take_turns() {
  local round kind peer
  for ((round = 1; round <= rounds; round++)); do
    for kind in "${kinds[@]}"; do
      for peer in "${peers[@]}"; do
        can_take "$peer" "$kind" || continue
        turn "$peer" "$kind"
      done
    done
  done
}

turn() { # PEER KIND [NAME]: which is in the place of the peer's in what is written down
  local name=${3-$1} cpu p50 p99 calls lost halves rss busy sent_all
  if ! measure "$1" "$2" "$rate" "$seconds"; then
    say "  round $round, $2, $1: it ended by itself. The end of its log:" "  ${died[$1]}"
    return 0
  fi
  mv "$home/turns/load" "$home/turns/$round-$2-$name"
  if [ -z "$sent_all" ]; then
    say "  round $round, $2, $name: void, as less than 99 % of the calls could be sent"
    return 0
  fi
  echo "$round $2 $name $cpu $p50 $p99 $calls $lost $halves $rss $busy" >>"$home/turns/all"
  say "  round $round, $2, $name: $cpu us of CPU per call, p50 $p50 ms, p99 $p99 ms, $lost of $calls lost, machine $busy % busy"
}

measure() { # PEER KIND RATE SECONDS: into the variables that turn() names; 1 when the proxy ended meanwhile
  local from middle to before half after pid ticks all_ticks idle_ticks all_before idle_before
  peer_pid "$1"
  records=$home/turns/records
  start_load "$1" "$2" "$3" $((settling + $4 + 1))
  pause_seconds "$settling"
  machine_ticks && all_before=$all_ticks idle_before=$idle_ticks
  cpu_ticks && before=$ticks from=${EPOCHREALTIME/[.,]/}
  pause_seconds $(($4 / 2))
  cpu_ticks && half=$ticks middle=${EPOCHREALTIME/[.,]/}
  pause_seconds $(($4 - $4 / 2))
  cpu_ticks && after=$ticks to=${EPOCHREALTIME/[.,]/}
  machine_ticks && busy=$((100 - 100 * (idle_ticks - idle_before) / (all_ticks - all_before)))
  rss=$(awk '/^VmRSS/ { printf "%d", $2 / 1024 }' "/proc/$pid/status" 2>/dev/null) || true
  end_of_load && sent_all=yes || sent_all=
  if [ -z "$rss" ]; then
    died[$1]=$(tail -n 1 "$logs/$1.log")
    return 1
  fi
  read -r cpu p50 p99 calls lost halves < <(figures_of_turn)
}

cpu_ticks() { # of process $pid, user and system, all threads: into $ticks
  local stat
  ticks=0
  { read -r stat <"/proc/$pid/stat"; } 2>/dev/null || return 0
  read -r -a stat <<<"${stat##*) }"
  ticks=$((stat[11] + stat[12]))
}

machine_ticks() { # since it booted, of all of its processors: into $all_ticks, and $idle_ticks of them
  local user nice system idle waiting interrupts soft_interrupts stolen
  read -r _ user nice system idle waiting interrupts soft_interrupts stolen _ </proc/stat
  idle_ticks=$((idle + waiting))
  all_ticks=$((user + nice + system + idle_ticks + interrupts + soft_interrupts + stolen))
}

figures_of_turn() { # of the calls that were due while CPU was counted
  awk -F '\t' -v from="$from" -v to="$to" '$1 >= from && $1 < to { print $3, ($9 != "") , $1 }' "$records" | sort -n |
    awk -v middle="$middle" -v before="$before" -v half="$half" -v after="$after" -v hz="$ticks_a_second" '
      { time[NR] = $1; lost += $2; if ($3 < middle) first++ }
      function at(share) { i = int(NR * share); if (i < NR * share) i++; return time[i] / 1000 }
      END {
        if (!NR || !first || first == NR) { print "0 0 0 0 0 0"; exit }
        cpu = (after - before) / hz * 1e6 / NR
        one = (half - before) / first
        two = (after - half) / (NR - first)
        printf "%.1f %.2f %.2f %d %d %.2f\n", cpu, at(0.50), at(0.99), NR, lost, (one > 0 ? two / one : 0)
      }'
}

# --- load --------------------------------------------------------------------------------------------------------------------

start_load() { # PEER KIND RATE SECONDS: into $loading
  local flags=(--grpc "$3" --target "127.0.0.1:${grpc_port[$1]}" --connections 4)
  [ "$2" = grpc ] || flags=(--http "$3" --url "http://127.0.0.1:${json_port[$1]}")
  : >"$records"
  "$here/stack" load "${flags[@]}" --for "$4s" --deadline 2s --records "$records" </dev/null >"$home/turns/load" 2>&1 6>&- 8>&- &
  loading=$!
}

end_of_load() { # 1 when it could not send what it should
  local status=0
  wait "$loading" || status=$?
  loading=
  case $status in
    0 | 1) ;;
    3) return 1 ;;
    *) die "$(<"$home/turns/load")" "The load failed with exit status $status." ;;
  esac
}

run_load() { # PEER KIND RATE SECONDS
  records=$home/turns/records
  start_load "$@"
  end_of_load
}

pause_seconds() { read -rt "$1" -u 6 || true; } # with no process of its own

# --- the most calls a second ---------------------------------------------------------------------------------------------------

find_limits() { # later rounds begin near what the first found
  local round kind peer begin
  declare -A found
  for ((round = 1; round <= rounds; round++)); do
    for kind in "${kinds[@]}"; do
      for peer in "${peers[@]}"; do
        can_take "$peer" "$kind" || continue
        begin=${found[$peer $kind]-$rate}
        most_calls "$peer" "$kind" "$begin"
        found[$peer $kind]=$most
        echo "$round $kind $peer $most" >>"$home/turns/limits"
        say "  round $round, $kind, $peer: $most calls a second"
      done
    done
  done
}

most_calls() { # PEER KIND BEGIN: up from there while it holds, else down until it does; into $most
  local now_at=$3 tried=0
  most=0
  if holds "$1" "$2" "$now_at"; then
    most=$now_at
    while [ $((tried += 1)) -lt "$most_steps" ] && holds "$1" "$2" $((now_at * step / 100)); do
      most=$((now_at = now_at * step / 100))
    done
  else
    while [ $((tried += 1)) -lt "$most_steps" ]; do
      now_at=$((now_at * 100 / step))
      ! holds "$1" "$2" "$now_at" || { most=$now_at && break; }
    done
  fi
}

holds() { # PEER KIND RATE: all succeeded, p99 within the limit
  local cpu p50 p99 calls lost halves rss busy sent_all
  measure "$1" "$2" "$3" "$step_seconds" || return 1
  [ -n "$sent_all" ] && [ "$lost" -eq 0 ] && [ "${p99%.*}" -lt "$limit_ms" ] && [ "$calls" -gt 0 ]
}
