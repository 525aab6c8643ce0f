# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: breaks parts on purpose while calls go through. The acts are in the program chaos/, which may run in a container.
# So it requests each ./stack command on its standard output, and gets the result on its standard input.

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
  case " ${arguments[*]} " in
    *' --pause '*) { : </dev/tty; } 2>/dev/null || wrong_use "chaos: --pause needs a terminal on which to press Enter." ;;
  esac
  # the goals assume servers that take 2 ms
  is_up || HELLO_WORK=${HELLO_WORK:-2ms} "$here/stack" up
  load_shape
  if [ "$tls" = 1 ] && [[ " ${arguments[*]} " == *' --without '* ]]; then
    die "chaos --without calls servers without TLS, and those of ./stack up --tls take none." "Use a stack without --tls."
  fi
  all_parts_run || die "Not all parts run. Start the others: ./stack up"
  case " ${arguments[*]//=/ } " in *' --lang pt '*) language=pt ;; esac
  if [ "$role" = matrix ]; then arguments+=("--work=$(saved_variable HELLO_WORK)" "--rules=$(saved_variable MIDDLEWARE_SECURITY_RULES)"); fi
  if [ "$role" = demo ] && [ -t 2 ]; then arguments+=(--live "$(columns)"); fi
  play_chaos "$role" "${arguments[@]}"
}

columns() { # of the terminal at standard error
  local rows columns
  read -r rows columns < <(stty size <&2 2>/dev/null) || true
  [ "${columns:-0}" -gt 0 ] && echo "$columns" || echo 80
}

play_chaos() { # ROLE ARGUMENT...; exits as the program does
  local result=0 from to
  interrupted='' child='' under_way=''
  trap interrupt_program INT TERM HUP
  trap : PIPE # the program may have ended
  # it waits for a line before it begins: bash forgets the descriptors of a coprocess that ends at once
  coproc program { trap '' INT; read -r _; run_program chaos "$@"; } 2>&4
  child=$!
  exec {from}<&"${program[0]}" {to}>&"${program[1]}"
  tell_program "$to" begin
  serve_chaos "$from" "$to" || true
  # silences bash's message about a killed program
  [ -n "$interrupted" ] || wait "$child" 2>/dev/null || result=$?
  trap '' INT TERM HUP
  [ -z "$interrupted" ] || give_up
  case $result in
    0 | 2) ;; # all parts were restored, or (2) nothing was broken
    1) put_back || true ;;
    *)
      say_in '' "The program ended by itself, with exit status $result: putting everything back." \
        "O programa terminou sozinho, com o código de saída $result: colocando tudo de volta."
      put_back || true
      ;;
  esac
  exit "$result"
} 4>&2

interrupt_program() { # ends the program at once; whatever waits for it continues
  interrupted=yes
  [ -z "$child" ] || kill "$child" 2>/dev/null || true
}

give_up() {
  local process
  kill "$child" 2>/dev/null || true # again: the signal may have come before $child was set
  say_in '' "Interrupted: putting everything back." "Interrompido: colocando tudo de volta." || true # the terminal may be gone
  # lets a running command finish: a part that it has just started would otherwise be unknown
  for process in "$child" $under_way; do wait "$process" 2>/dev/null || true; done
  put_back || true
  exit 130
}

say_in() { # [''] ENGLISH PORTUGUESE: prints the text in the language of the acts; '' prints an empty line first
  if [ -z "$1" ]; then
    say ''
    shift
  fi
  if [ "${language-}" = pt ]; then say "$2"; else say "$1"; fi
}

tell_program() { # TO TEXT
  { printf '%s\n' "$2" >&"$1"; } 2>/dev/null || true
}

serve_chaos() { # FROM TO: file descriptors
  local request words status
  while [ -z "$interrupted" ] && IFS= read -r request <&"$1"; do
    case $request in
      'run '*)
        read -r -a words <<<"${request#run }"
        answer_command "$2" "${words[@]}"
        ;;
      'put back')
        status=0
        put_back || status=1
        tell_program "$2" "$status 0 0"
        ;;
      key)
        await_key
        tell_program "$2" '0 0 0'
        ;;
      'file '*)
        read -r -a words <<<"$request"
        write_file "$1" "${words[@]:1}"
        tell_program "$2" '0 0 0'
        ;;
    esac
  done
}

answer_command() { # TO WORD...: runs it in the background, as bash handles signals during `wait`, but not while a command runs
  local to=$1 status=0 output moment=0
  shift
  "$here/stack" "$@" >"$logs/chaos.out" 2>"$logs/chaos.log" </dev/null &
  under_way=$!
  wait "$under_way" || status=$?
  [ -z "$interrupted" ] || return 0
  under_way=
  # status fails when not all parts run, which is expected here
  [ "$1" != status ] || status=0
  if [ "$status" -eq 0 ]; then output=$(<"$logs/chaos.out"); else output=$(<"$logs/chaos.log"); fi
  [ ! -f "$run/${2-}.moment" ] || moment=$(<"$run/$2.moment")
  if [ -z "$output" ]; then
    tell_program "$to" "$status 0 $moment"
  else
    tell_program "$to" "$status $(wc -l <<<"$output") $moment"$'\n'"$output"
  fi
}

await_key() { # waits for Enter at the terminal, or for a signal
  local status
  while [ -z "$interrupted" ]; do
    status=0
    IFS= read -rt 0.2 _ || status=$?
    [ "$status" -gt 128 ] || break
  done </dev/tty
}

write_file() { # FROM NAME LINES
  mkdir -p "$home/chaos"
  # head may read more than that, but nothing more comes before the reply; bash would read a report byte by byte
  head -n "$3" <&"$1" >"$home/chaos/$2"
  say_in "Written: $home/chaos/$2" "Gravado: $home/chaos/$2"
}

put_back() { # restores all broken parts in parallel; returns 1 when a part could not be restored
  local name processes=()
  for name in $(part_names); do
    # resets SIGTERM to its default: a process that is started while it is ignored inherits that, and could not be stopped
    (trap - TERM && put_back_part "$name") &
    processes+=("$!")
  done
  for name in "${processes[@]}"; do wait "$name" || true; done
  all_parts_run && return 0
  say_in "Not all parts run again: see ./stack status" "Nem todas as partes voltaram a rodar: veja ./stack status" || true
  return 1
}

put_back_part() { # NAME
  describe_part "$1"
  ! is_cut "$1" || "$here/stack" mend "$1" || true
  part_state "$1"
  if [ "$state" = paused ]; then "$here/stack" resume "$1" || true; else "$here/stack" start "$1" || true; fi
  [ "$kind" != service ] || "$here/stack" fault "$1" none || true
}
