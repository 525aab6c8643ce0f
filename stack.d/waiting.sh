# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: waiting for something with a limit, and without a process for each look at the clock.

exec 6<> <(:) # a pipe that never says anything: reading it waits without a process

wait_a_moment() { read -rt "$moment" -u 6 || true; } # how long is the way's

centiseconds() { # since the machine booted, into $now
  local seconds
  read -r seconds _ </proc/uptime
  now=${seconds/./}
}

seconds_since() { # CENTISECONDS, as 1.2
  centiseconds
  local tenths=$(((now - $1) / 10))
  echo "$((tenths / 10)).$((tenths % 10))"
}

wait_until() { # SECONDS COMMAND...: 1 when it did not succeed in time
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
