# shellcheck shell=bash disable=SC2154 # stack and its files share variables
# Sourced by stack: shows calls as they end, of all gateways. Nginx passes the request to one of them, which asks the others.

tap() { # [--service NAME] [--method NAME] [--code CODES] [--instance NAME] [--caller NAME] [--slower-than TIME] [--retried] [--messages] [--json] [--lang en|pt]
  local query='' format=text language=en
  [[ ${LC_ALL:-${LC_MESSAGES:-${LANG-}}} != pt* ]] || language=pt
  while [ $# -gt 0 ]; do
    case $1 in
      --json) format=json ;;
      --retried) query+="&retried" ;;
      --messages) query+="&messages" ;;
      --lang)
        [[ ${2-} == @(en|pt) ]] || wrong_use "--lang: expected en or pt, not '${2-}'"
        language=$2
        shift
        ;;
      --service | --method | --code | --instance | --caller | --slower-than)
        [ -n "${2-}" ] || wrong_use "$1: expected a value"
        query+="&${1#--}=$(percent_encoded "$2")"
        shift
        ;;
      *) wrong_use "tap: unknown argument '$1'" ;;
    esac
    shift
  done
  need_up
  describe_part nginx
  trap 'exit 0' INT
  while true; do
    read_stream "${ports[1]}" "/dashboard/tap?format=$format&lang=$language$query"
    say "The gateway has ended the stream, or Nginx does not respond. Trying again."
    sleep 1
  done
}

read_stream() { # PORT PATH: prints its lines until the stream ends; an error of the gateway ends the program with its detail
  local connection line='' status='' ended=0 detail
  {
    printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1:%s\r\n' "$2" "$1" >&"$connection"
    [ -z "${MIDDLEWARE_API_KEY-}" ] || printf 'X-Api-Key: %s\r\n' "$MIDDLEWARE_API_KEY" >&"$connection"
    printf '\r\n' >&"$connection"
    IFS= read -r -t 10 line <&"$connection" || true
    status=${line:9:3}
    while IFS= read -r -t 10 line <&"$connection" && [ "$line" != $'\r' ]; do :; done
    if [ "$status" = 200 ]; then
      # empty lines say that the gateway lives
      grep --line-buffered . <&"$connection" || ended=$?
    else
      IFS= read -r -t 10 -d '' line <&"$connection" || true
    fi
  } {connection}<>"/dev/tcp/127.0.0.1/$1" && exec {connection}>&-
  [ "$ended" -le 1 ] || exit 0 # nobody reads what is printed
  detail=${line#*\"detail\":\"}
  detail=${detail%%\",\"*}
  case $status in
    400) wrong_use "$detail" ;;
    401) need_key "$line" ;;
    403) if [[ $line == *\"message\":* ]]; then need_key "$line"; else die "$detail"; fi ;;
    404) die "The tap is off. Start with it: MIDDLEWARE_GATEWAY_TAP_ENABLED=true ./stack up" ;;
    503) [[ $detail != *readers* ]] || die "$detail" ;;
  esac
}
