# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: processes that outlive the script, and waiting. A part is a session and process group of its own, so that
# a signal reaches Nginx's workers too. Its file $run/NAME.pid holds the process id and the time it started, by which a
# process that got the same id later is told apart.

exec 6<> <(:) # a pipe that never says anything: reading it waits without a process

wait_a_moment() { read -rt 0.05 -u 6 || true; }

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

process_stat() { # PID: its state letter, process group and start into $letter, $group, $started; 1 when there is none
  local line
  { IFS= read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
  # the name, in brackets, may hold anything
  read -r letter _ group _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ started _ <<<"${line##*) }"
}

process_lives() { # PID START; a zombie is gone
  process_stat "$1" && [ "$started" = "$2" ] && [[ $letter != [ZX] ]]
}

group_lives() { # PID START: it or any process of its group
  process_lives "$1" "$2" && return 0
  process_stat "$1" && [ "$started" != "$2" ] && return 1
  kill -0 -- "-$1" 2>/dev/null || return 1
  local stat
  for stat in /proc/[0-9]*; do
    process_stat "${stat#/proc/}" && [ "$group" = "$1" ] && [[ $letter != [ZX] ]] && return 0
  done
  return 1
}

part_process() { # NAME: what was kept of it into $pid and $start
  pid='' start=''
  [ -f "$run/$1.pid" ] && read -r pid start <"$run/$1.pid"
}

part_lives() { part_process "$1" && process_lives "$pid" "$start"; }

part_gone() { ! part_process "$1" || ! group_lives "$pid" "$start"; }

part_state() { # NAME: into $state, and $pid when it lives
  if part_lives "$1"; then
    state=running
    [[ $letter != [Tt] ]] || state=paused
  else
    pid='' state=dead
    [ ! -f "$run/$1.stopped" ] || state=stopped
  fi
}

signal_part() { # NAME SIGNAL...: to its whole group
  local name=$1 signal
  shift
  part_gone "$name" && return 0
  for signal; do
    # at its very beginning it is not a group yet
    kill "-$signal" -- "-$pid" 2>/dev/null || kill "-$signal" "$pid" 2>/dev/null || true
  done
}

launch() { # NAME VARIABLE=VALUE... -- COMMAND...: detached, in the environment that `up` was given
  local name=$1 variables=()
  shift
  while [ "$1" != -- ]; do
    variables+=("$1")
    shift
  done
  shift
  signal_part "$name" KILL # workers may have outlived their master
  rm -f "$run/$name.stopped"
  (
    exec 6>&- 7>&- 8>&-
    cd "$logs" || exit # not where a settings file of Spring may lie; what a JVM leaves when it crashes is kept
    take_environment "${variables[@]}"
    exec setsid "$@"
  ) </dev/null >>"$logs/$name.log" 2>&1 &
  process_stat "$!" && echo "$! $started" >"$run/$name.pid"
  disown "$!" # bash would report its end
  heed_interruption
}

save_environment() { # as it is now, for every part that starts until `down`; its values may be secret
  (
    umask 077
    env -0 | grep -zvE '^(_|SHLVL|PWD|OLDPWD)=' | grep -zE '^[A-Za-z_][A-Za-z0-9_]*=' >"$run/environment"
  )
}

take_environment() { # VARIABLE=VALUE...: the saved environment and these, in place of this script's
  local variable
  for variable in $(compgen -e); do
    [ "$variable" = PATH ] || unset "$variable" 2>/dev/null || true
  done
  while IFS= read -r -d '' variable; do [ -z "$variable" ] || export "${variable?}"; done < <(cat "$run/environment" && printf '%s\0' "$@")
}
