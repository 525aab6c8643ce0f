# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: proves by the books of callers and servers that nothing ran twice and nothing got lost. The program is chaos/; see
# chaos.sh for how it runs ./stack commands. With --sabotage, a stack of its own lies on purpose, to see that the proof finds it.

sabotages=(retry-all forget-tried lie-unsent doubt-unsent drop-key drop-key-on-retry another-response run-unasked answer-before-commit)
sabotage_jar=$here/sabotage/target/sabotage.jar

prove() { # [--sabotage NAME] [--clocks OFFSETS] [--port-offset K] [--database KIND] [--local|--docker] [ARGUMENT...]
  local sabotage='' clocks='' options=() arguments=() result=0
  while [ $# -gt 0 ]; do
    case $1 in
      --sabotage | --clocks | --port-offset | --database)
        [ $# -gt 1 ] || wrong_use "prove: $1 needs a value"
        case $1 in
          --sabotage) sabotage=$2 ;;
          --clocks) clocks=$2 ;;
          *) options+=("$1" "$2") ;;
        esac
        shift
        ;;
      --sabotage=*) sabotage=${1#*=} ;;
      --clocks=*) clocks=${1#*=} ;;
      --local | --docker) options+=("$1") ;;
      *) arguments+=("$1") ;;
    esac
    shift
  done
  case " ${arguments[*]} " in
    *' --help '* | *' -h '*)
      program chaos prove "${arguments[@]}"
      exit
      ;;
  esac
  case " ${arguments[*]//=/ } " in *' --lang pt '*) language=pt ;; esac
  if [ -n "$sabotage" ]; then
    prove_sabotaged "$sabotage"
  elif [ -n "$clocks" ]; then
    prove_with_clocks "$clocks"
  else
    [ ${#options[@]} -eq 0 ] || ! is_up || wrong_use "prove: ${options[0]} is for a stack that it starts; one is up."
    is_up || start_recording 50ms
    prove_running
  fi
}

start_recording() { # WORK [FLAG...]; calls take some time, so that some are in flight when a server dies
  MIDDLEWARE_EXECUTIONS_RECORD=true HELLO_WORK=${HELLO_WORK:-$1} "$here/stack" up "${@:2}" "${options[@]}"
}

prove_running() { # with $arguments; exits as the program does
  load_shape
  [ "$tls" = 0 ] || die "prove calls without TLS. Use a stack without --tls."
  all_parts_run || die "Not all parts run. Start the others: ./stack up"
  play_chaos prove "${arguments[@]}"
}

prove_with_clocks() { # OFFSETS such as +1d,-1h; the stack goes when the proof is done, whatever it found
  [[ $1 =~ ^[+-][0-9]+[smhd]?(,[+-][0-9]+[smhd]?)*$ ]] ||
    wrong_use "prove: --clocks: expected offsets such as +1d,-1d,+1h, got '$1'"
  ! is_up || wrong_use "A stack is up, and --clocks needs one of its own. End it first: ./stack down"
  faketime_library >/dev/null || not_possible "prove --clocks needs libfaketime: the package faketime of Debian and Ubuntu."
  say_in "The clocks of the servers are wrong: $1." "Os relógios dos servidores estão errados: $1."
  export STACK_CLOCKS=$1
  # a wrong clock that decided which keys have expired would sweep them
  export MIDDLEWARE_IDEMPOTENCY_SWEEP_EVERY=${MIDDLEWARE_IDEMPOTENCY_SWEEP_EVERY:-1s}
  start_recording 50ms --local
  (prove_running) || result=$?
  "$here/stack" down
  exit "$result"
}

faketime_library() { # prints its path
  local each
  for each in /usr/lib/*/faketime/libfaketimeMT.so.1 /usr/lib*/faketime/libfaketimeMT.so.1; do
    [ ! -f "$each" ] || { echo "$each" && return; }
  done
  return 1
}

clock_settings() { # NAME of a server: prints variables that move its clock, if this stack is to have wrong ones
  local offsets=()
  [ -z "${training-}" ] && IFS=, read -r -a offsets <<<"$(saved_variable STACK_CLOCKS)" && [ ${#offsets[@]} -gt 0 ] || return 0
  # not its waits, which go wrong by default, nor the times of files: by these the JVM knows whether its start-up cache is of this jar
  printf '%s\n' "LD_PRELOAD=$(faketime_library)" "FAKETIME=${offsets[(${1##*-} - 1) % ${#offsets[@]}]}" \
    FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_FORCE_MONOTONIC_FIX=0 NO_FAKE_STAT=1
}

prove_sabotaged() { # NAME; the stack goes when the proof is done, whatever it found
  printf '%s\n' "${sabotages[@]}" | grep -qxF -e "$1" ||
    wrong_use "prove: --sabotage: expected one of ${sabotages[*]}, got '$1'"
  ! is_up || wrong_use "A stack is up, and --sabotage needs one of its own. End it first: ./stack down"
  (use_jdk && build_sabotage)
  say_in "This stack lies on purpose: $1. The proof must fail." "Esta stack mente de propósito: $1. A prova deve falhar."
  export STACK_SABOTAGE=$1
  # what is lied about are calls whose server dies: servers are killed again and again, with more calls in flight
  local faults=kill work=400ms
  case $1 in
    doubt-unsent | drop-key | another-response | run-unasked) faults=none work=100ms ;;
    # gateways hedge calls whose server is frozen, and it goes on later
    drop-key-on-retry) faults=freeze ;;
    # each call holds its connection longer, of which a server has ten
    answer-before-commit) work=100ms ;;
  esac
  case " ${arguments[*]//=/ } " in *' --faults '*) ;; *) arguments+=(--faults "$faults") ;; esac
  start_recording "$work" --local
  (prove_running) || result=$?
  "$here/stack" down
  exit "$result"
}

build_sabotage() {
  local log=$home/sabotage-build.log
  mkdir -p "$home"
  [ ! -f "$sabotage_jar" ] || [ -n "$(find "$here/sabotage/src/main" -newercm "$sabotage_jar" -print -quit)" ] || return 0
  say "Building sabotage (log: $log)"
  "$here/mvnw" --batch-mode --file "$here/pom.xml" --projects sabotage --also-make -Dmaven.test.skip=true package >"$log" 2>&1 ||
    die "$(tail -n 20 "$log")" "The build failed: see $log."
}

lie() { # MAIN-CLASS: changes $java, if this stack is to lie; the training for start-up caches is honest
  [ -z "${training-}" ] && [ -n "$(saved_variable STACK_SABOTAGE)" ] || return 0
  java=("${java[@]:0:${#java[@]}-2}" -cp "${java[-1]}:$sabotage_jar" "$1")
}
