# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: breaking parts on purpose while calls go through. The acts are the program's in chaos/, which may run in a
# container: it asks for each ./stack command on its standard output, and is answered on its standard input.

chaos() { # [--matrix] [ARGUMENT...]
  local role=demo argument arguments=()
  for argument; do
    if [ "$argument" = --matrix ]; then role=matrix; else arguments+=("$argument"); fi
  done
  case " ${arguments[*]} " in
    *' --list '* | *' --help '* | *' -h '*)
      program chaos "$role" "${arguments[@]}"
      exit
      ;;
  esac
  # what it is to be measured by: servers that take 2 ms
  is_up || HELLO_WORK=${HELLO_WORK:-2ms} "$here/stack" up
  load_shape
  all_parts_run || die "Not all parts run: ./stack up starts those that do not."
  if [ "$role" = demo ] && [ -t 2 ]; then arguments+=(--live "$(columns)"); fi
  play_chaos "$role" "${arguments[@]}"
}

columns() { # of the terminal at standard error
  local rows columns
  read -r rows columns < <(stty size <&2 2>/dev/null) || true
  [ "${columns:-0}" -gt 0 ] && echo "$columns" || echo 80
}

play_chaos() { # ROLE ARGUMENT...; exits as the program does
  local result=0
  interrupted=
  trap interruption INT TERM HUP
  coproc program { trap '' INT; run_program chaos "$@"; } 2>&4
  child=$program_PID
  serve_chaos "${program[0]}" "${program[1]}" || true
  if [ -n "$interrupted" ]; then
    trap '' INT TERM HUP
    kill "$child" 2>/dev/null || true
    wait "$child" 2>/dev/null || true
    say '' "Interrupted: putting everything back."
    put_back
    exit 130
  fi
  wait "$child" || result=$?
  # of a program that failed; wrong use has broken nothing
  [ "$result" -ne 1 ] || put_back
  exit "$result"
} 4>&2

serve_chaos() { # FROM TO: file descriptors
  local request words line count text
  while [ -z "$interrupted" ] && IFS= read -r request <&"$1"; do
    case $request in
      'run '*)
        read -r -a words <<<"${request#run }"
        answer_command "$2" "${words[@]}"
        ;;
      key)
        IFS= read -r _ </dev/tty || true
        echo '0 0' >&"$2"
        ;;
      'file '*)
        read -r _ text count <<<"$request"
        mkdir -p "$home/chaos"
        while [ "$count" -gt 0 ] && IFS= read -r line <&"$1"; do
          printf '%s\n' "$line"
          count=$((count - 1))
        done >"$home/chaos/$text"
        say "Written: $home/chaos/$text"
        echo '0 0' >&"$2"
        ;;
    esac
  done
}

answer_command() { # TO WORD...
  local to=$1 status=0 output
  shift
  output=$("$here/stack" "$@" 2>"$logs/chaos.log" </dev/null) || status=$?
  # that not all runs is what is asked for here
  [ "$1" != status ] || status=0
  [ "$status" -eq 0 ] || output=$(<"$logs/chaos.log")
  if [ -z "$output" ]; then
    echo "$status 0" >&"$to"
  else
    printf '%s %s\n%s\n' "$status" "$(wc -l <<<"$output")" "$output" >&"$to"
  fi
}

put_back() { # whatever was broken
  local name
  for name in $(part_names); do
    describe_part "$name"
    part_state "$name"
    case $state in
      paused) "$here/stack" resume "$name" || true ;;
      running) ;;
      *) "$here/stack" start "$name" || true ;;
    esac
    case $kind in
      service)
        "$here/stack" fault "$name" none || true
        "$here/stack" mend "$name" 2>/dev/null || true
        ;;
    esac
  done
}
