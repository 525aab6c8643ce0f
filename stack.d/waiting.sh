# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: waits for a condition with a limit, without starting a process for each poll.

exec 6<> <(:) # a pipe without data: reading it waits without a process

wait_a_moment() { read -rt "$moment" -u 6 || true; } # local.sh and docker.sh set $moment

centiseconds() { # sets $now: time since the machine booted
  local seconds
  read -r seconds _ </proc/uptime
  now=${seconds/./}
}

seconds_since() { # CENTISECONDS, as 1.2
  centiseconds
  local tenths=$(((now - $1) / 10))
  echo "$((tenths / 10)).$((tenths % 10))"
}

wait_until() { # SECONDS COMMAND...: repeats it until it succeeds; returns 1 when it did not in time
  local limit
  centiseconds
  limit=$((now + $1 * 100))
  shift
  until "$@"; do
    heed_interruption
    centiseconds
    [ "$now" -lt "$limit" ] || return 1
    wait_a_moment
  done
}
