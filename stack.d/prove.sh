# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: proves by the books of callers and servers that nothing ran twice and nothing got lost. The program is chaos/; see
# chaos.sh for how it runs ./stack commands. With --sabotage, a stack of its own lies on purpose, to see that the proof finds it.

sabotages=(retry-all forget-tried lie-unsent drop-key answer-before-commit)
sabotage_jar=$here/sabotage/target/sabotage.jar

prove() { # [--sabotage NAME] [--port-offset K] [--database KIND] [--local|--docker] [ARGUMENT...]
  local sabotage='' options=() arguments=() result=0
  while [ $# -gt 0 ]; do
    case $1 in
      --sabotage | --port-offset | --database)
        [ $# -gt 1 ] || wrong_use "prove: $1 needs a value"
        if [ "$1" = --sabotage ]; then sabotage=$2; else options+=("$1" "$2"); fi
        shift
        ;;
      --sabotage=*) sabotage=${1#*=} ;;
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

prove_sabotaged() { # NAME; the stack goes when the proof is done, whatever it found
  printf '%s\n' "${sabotages[@]}" | grep -qxF -e "$1" ||
    wrong_use "prove: --sabotage: expected one of ${sabotages[*]}, got '$1'"
  ! is_up || die "A stack is up, and --sabotage needs one of its own. End it first: ./stack down"
  (use_jdk && build_sabotage)
  say_in "This stack lies on purpose: $1. The proof must fail." "Esta stack mente de propósito: $1. A prova deve falhar."
  export STACK_SABOTAGE=$1
  # what is lied about are calls whose server dies: servers are killed again and again, with more calls in flight
  case " ${arguments[*]//=/ } " in *' --faults '*) ;; *) arguments+=(--faults kill) ;; esac
  start_recording 100ms --local
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
