# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: API keys of callers. A key is printed once; the file, or with --consul Consul's store, has its hash. Gateways that are
# told of it take changes within a second: MIDDLEWARE_SECURITY_KEYS_FILE=.stack/keys ./stack up, or
# MIDDLEWARE_SECURITY_KEYS_CONSUL_PREFIX=middleware/keys/ ./stack up

keys() { # [new NAME | revoke NAME] [--consul]
  local file=${MIDDLEWARE_SECURITY_KEYS_FILE:-$home/keys} key hash argument arguments=() store=file
  for argument; do
    if [ "$argument" = --consul ]; then store=consul; else arguments+=("$argument"); fi
  done
  set -- "${arguments[@]}"
  [ "$store" = file ] || find_key_store
  case ${1-} in
    '')
      [ $# -eq 0 ] || wrong_use "keys: expected new NAME, revoke NAME, or nothing"
      "list_${store}_keys"
      ;;
    new)
      key_name "$@"
      key=mw_$(head -c 32 /dev/urandom | base64 -w 0 | tr '+/' '-_' | tr -d '=')
      hash=$(printf %s "$key" | sha256sum | cut -d ' ' -f 1)
      "add_${store}_key" "$2" "$hash"
      say "A key for $2, which cannot be shown again; callers send it as x-api-key. Its hash is in $file."
      printf '%s\n' "$key"
      ;;
    revoke)
      key_name "$@"
      "revoke_${store}_keys" "$2" || die "$file has no key of $2."
      say "All keys of $2 are revoked: gateways refuse them from now on."
      ;;
    *) wrong_use "keys: expected new NAME or revoke NAME, not '$1'" ;;
  esac
}

list_file_keys() {
  [ ! -f "$file" ] || sed -n 's/^\([^#:][^:]*\): *\(........\).*/\1 (hash \2...)/p' "$file"
}

add_file_key() { # NAME HASH
  change_keys "$file" cat "$1: $2"
}

revoke_file_keys() { # NAME: returns 1 if there are none
  grep -q "^$1:" "$file" 2>/dev/null || return 1
  change_keys "$file" "grep -v ^${1//./\\.}:" ''
}

find_key_store() { # sets $file, for messages, and $key_prefix
  need_up
  key_prefix=$(saved_variable MIDDLEWARE_SECURITY_KEYS_CONSUL_PREFIX)
  [ -n "$key_prefix" ] || key_prefix=middleware/keys/
  file="Consul, below $key_prefix"
}

list_consul_keys() {
  ask_key_store GET '?keys'
  [ "$http_status" != 200 ] || grep -o '"[^"]*"' <<<"$http_body" | sed -n "s|^\"$key_prefix\([^/]*\)/\(........\).*|\1 (hash \2...)|p"
}

# The entry of the prefix itself says that the others are all there are: without it gateways believe nothing.
add_consul_key() { # NAME HASH
  ask_key_store PUT '' '"API keys of callers: NAME/..., each with the SHA-256 of a key"'
  ask_key_store PUT "$1/${2:0:16}" "$2"
}

revoke_consul_keys() { # NAME: returns 1 if there are none
  ask_key_store GET "$1/?keys"
  [ "$http_status" = 200 ] || return 1
  ask_key_store DELETE "$1/?recurse"
}

ask_key_store() { # METHOD PATH [VALUE]: as http in net.sh
  local http_token=''
  if with_acl; then http_token=$(token_of operator); fi
  http "$1" $((8500 + port_offset)) "/v1/kv/$key_prefix$2" "${3-}" || die "Consul gave no response within $http_limit s. See ./stack status."
  [[ $http_status == 200 || $http_status == 404 ]] || die "Consul refuses this: $http_status $http_body"
}

key_name() { # COMMAND NAME
  [ $# -eq 2 ] || wrong_use "keys $1: expected one name"
  [[ $2 =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$ ]] || wrong_use "keys $1: expected letters, digits, . _ and -, not '$2'"
}

# Replaces the file by renaming, so that no gateway reads half of it.
change_keys() { # FILE FILTER LINE
  local newer
  mkdir -p "$(dirname "$1")"
  newer=$(umask 077 && mktemp "$1.XXXXXX")
  if [ -f "$1" ]; then
    # shellcheck disable=SC2086 # the filter is a command with arguments
    $2 <"$1" >"$newer" || [ $? -eq 1 ]
  fi
  [ -z "$3" ] || printf '%s\n' "$3" >>"$newer"
  mv "$newer" "$1"
}
