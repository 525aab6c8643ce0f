# shellcheck shell=bash
# Sourced by stack and bench/run, whose wrong_use it calls: checks arguments.

whole_number() { # FLAG [VALUE ...] LEAST MOST
  local least=${*: -2:1} most=${*: -1} value=''
  [ $# -le 3 ] || value=$2
  if ! [[ $value =~ ^(0|[1-9][0-9]{0,4})$ ]] || [ "$value" -lt "$least" ] || [ "$value" -gt "$most" ]; then
    wrong_use "$1: expected a number from $least to $most, not '$value'"
  fi
}
