# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: processes that outlive the script. A part is a session and process group of its own, so that a signal reaches
# Nginx's workers too. Its file $run/NAME.pid holds the process id and the start time, which distinguishes it from a later process with
# the same id.

process_stat() { # PID: sets $letter (its state), $group and $started; returns 1 when there is no such process
  local line
  { IFS= read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
  # the name, in parentheses, may contain anything
  read -r letter _ group _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ started _ <<<"${line##*) }"
}

process_lives() { # PID START; a zombie counts as gone
  process_stat "$1" && [ "$started" = "$2" ] && [[ $letter != [ZX] ]]
}

group_lives() { # PID START: whether it or any process of its group lives
  process_lives "$1" "$2" && return 0
  process_stat "$1" && [ "$started" != "$2" ] && return 1
  kill -0 -- "-$1" 2>/dev/null || return 1
  local stat
  for stat in /proc/[0-9]*; do
    process_stat "${stat#/proc/}" && [ "$group" = "$1" ] && [[ $letter != [ZX] ]] && return 0
  done
  return 1
}

part_process() { # NAME: sets $pid and $start from its file
  pid='' start=''
  [ -f "$run/$1.pid" ] && read -r pid start <"$run/$1.pid"
}

signal_part() { # NAME SIGNAL...: signals its whole group
  local name=$1 signal
  shift
  part_gone "$name" && return 0
  for signal; do
    # just after its start it is not a group yet
    kill "-$signal" -- "-$pid" 2>/dev/null || kill "-$signal" "$pid" 2>/dev/null || true
  done
}

close_inherited() { # closes all but standard input and output: a lock of the caller of ./stack would be held until `down`
  local descriptor
  for descriptor in /proc/self/fd/*; do
    descriptor=${descriptor##*/}
    [ "$descriptor" -le 2 ] || eval "exec $descriptor>&-"
  done
}

# A JVM that starts takes all processors for seconds, and those who serve meanwhile wait. The kernel shares processors among sessions
# first (autogroups), each with a nice value that its owner may lower and raise. Where it does not, or a container limits the processors,
# this changes nothing.
starting_nice=10

launch() { # NAME VARIABLE=VALUE... -- COMMAND...: starts it detached, in the environment of `up`; with a small share if $yielding
  local name=$1 variables=()
  shift
  while [ "$1" != -- ]; do
    variables+=("$1")
    shift
  done
  shift
  # by a process that is in the session already: before, it would be that of the caller
  if [ -n "${yielding-}" ]; then
    # shellcheck disable=SC2016 # for the other shell to expand
    set -- bash -c '{ echo "$0" >/proc/self/autogroup; } 2>/dev/null || true; exec "$@"' "$starting_nice" "$@"
  fi
  signal_part "$name" KILL # workers may have outlived their master
  rm -f "$run/$name".{stopped,fault}
  (
    close_inherited
    cd "$logs" || exit # a folder without settings files of Spring, in which a JVM's crash report is kept
    take_environment "${variables[@]}"
    [ -z "${training-}" ] || unset "${!MIDDLEWARE_SECURITY_@}" # its callers have no credentials
    exec setsid "$@"
  ) </dev/null >>"$logs/$name.log" 2>&1 &
  process_stat "$!" && echo "$! $started" >"$run/$name.pid"
  disown "$!" # bash would report its end
  heed_interruption
}
