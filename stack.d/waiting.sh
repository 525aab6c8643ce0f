# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: waits for a condition with a limit, without starting a process for each poll; and says what takes long: a line for
# each step once it is done, with its seconds, and on a terminal a last line that counts meanwhile.

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
    show_step
    wait_a_moment
  done
}

doing= # what is done now; nothing outside of a step

begin_step() { # WHAT
  doing=$1
  centiseconds
  doing_since=$now
  show_step
}

show_step() { # on a terminal, how long the step takes by now
  [ -n "$doing" ] && [ -t 2 ] || return 0
  centiseconds
  printf '\r  %-44.70s %4d s\e[K' "$doing" $(((now - doing_since) / 100)) >&2
}

hide_step() { [ -z "$doing" ] || [ ! -t 2 ] || printf '\r\e[K' >&2; }

end_step() { # [TENTHS]: says how long it took, unless that is less
  local took
  hide_step
  took=$(seconds_since "$doing_since")
  [ "${took/./}" -lt "${1:-0}" ] || printf '  %-44s %6s s\n' "$doing" "$took" >&2
  doing=
}

watched() { # STEP_IN LOG COMMAND...: as interruptible; STEP_IN sets $found if a line that the command logs begins a step
  local step_in=$1 status=0 lines
  shift
  : >>"$1"
  exec {lines}<"$1"
  while IFS= read -r _ <&"$lines"; do :; done # of earlier commands
  (follow_steps "$step_in" "$lines") </dev/null 8>&- &
  follower=$!
  exec {lines}<&-
  interruptible "$@" || status=$?
  kill "$follower" || true
  wait "$follower" || true
  follower=
  return "$status"
}

follow_steps() { # STEP_IN DESCRIPTOR: until it gets a signal
  local ended='' part='' rest='' found
  trap 'ended=yes' TERM
  while [ -z "$ended" ]; do
    while IFS= read -r part <&"$2"; do
      found=
      "$1" "$rest$part" || true
      rest=
      [ -z "$found" ] || [ "$found" = "$doing" ] || { [ -z "$doing" ] || end_step 10; begin_step "$found"; }
    done
    rest+=$part
    show_step
    read -rt 0.2 -u 6 || true
  done
  [ -z "$doing" ] || end_step 10
}
