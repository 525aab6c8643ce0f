# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: asks the gateways, through Nginx, what happened to calls. Any of them asks the others.

why() { # [ID] [--what-if NAME=VALUE] [--replay] [--json] [--lang en|pt]
  local id='' path=/dashboard/calls supposition='' format=text replay='' language=en
  [[ ${LC_ALL:-${LC_MESSAGES:-${LANG-}}} != pt* ]] || language=pt
  while [ $# -gt 0 ]; do
    case $1 in
      --json) format=json ;;
      --replay) replay=yes ;;
      --lang)
        [[ ${2-} == @(en|pt) ]] || wrong_use "--lang: expected en or pt, not '${2-}'"
        language=$2
        shift
        ;;
      --what-if)
        [[ ${2-} == *=* ]] || wrong_use "--what-if: expected a setting and its value, such as calls.attempts=1, not '${2-}'"
        supposition=$2
        shift
        ;;
      -*) wrong_use "why: unknown flag '$1'" ;;
      *)
        [ -z "$id" ] || wrong_use "why: expected one call id, not '$id' and '$1'"
        id=$1
        ;;
    esac
    shift
  done
  [ -z "$supposition" ] || [ -n "$id" ] || wrong_use "--what-if: expected the id of a call"
  [ -z "$replay" ] || [ -z "$id" ] || wrong_use "--replay: expected no id, as it takes all calls that are kept"
  need_up
  [ -z "$id" ] || path+=/$(percent_encoded "$id")
  [ -z "$replay" ] || path=/dashboard/replay
  path+="?format=$format&lang=$language"
  [ -z "$supposition" ] || path+="&what-if=$(percent_encoded "$supposition")"
  ask_gateways "$path"
  printf '%s\n' "${http_body%$'\n'}"
  [ -z "$replay" ] || replayed_alike
}

ask_gateways() { # PATH: sets $http_body; an error ends the program with its detail
  local http_limit=10 http_key=${MIDDLEWARE_API_KEY-} detail
  describe_part nginx
  http GET "${ports[1]}" "$1" || die "Nginx gave no response within $http_limit s. See ./stack status."
  [ "$http_status" = 200 ] && return 0
  detail=${http_body#*\"detail\":\"}
  [[ $http_status != 40[13] ]] || need_key "$http_body"
  [ "$http_status" != 400 ] || wrong_use "${detail%%\",\"*}"
  die "${detail%%\",\"*}"
}

need_key() { # BODY of a refusal
  local reason=${1#*\"message\":\"}
  die "The gateways refuse this: ${reason%%\"*}" "A key is sent from the environment: MIDDLEWARE_API_KEY=..."
}

# As JSON the number of calls that came out differently is there; as text a line follows for each of them.
replayed_alike() {
  local none='"different":0[,}]'
  [[ $http_body =~ $none && $http_body == *'"silent":[],"withheld":[]'* || ${http_body%$'\n'} != *$'\n'* ]]
}

percent_encoded() { # TEXT
  local text=$1 encoded='' each i LC_ALL=C
  for ((i = 0; i < ${#text}; i++)); do
    each=${text:i:1}
    case $each in
      [a-zA-Z0-9._~-]) encoded+=$each ;;
      *) encoded+=$(printf '%%%02X' "'$each") ;;
    esac
  done
  printf '%s' "${encoded//%FFFFFFFFFFFFFF/%}"
}
