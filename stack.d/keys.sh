# shellcheck shell=bash disable=SC2154 # stack and its files share variables
# Sourced by stack: API keys of callers. A key is printed once; the file has its hash. Gateways that are told of the file take changes
# within a second: MIDDLEWARE_SECURITY_KEYS_FILE=.stack/keys ./stack up

keys() { # [new NAME | revoke NAME]
  local file=${MIDDLEWARE_SECURITY_KEYS_FILE:-$home/keys} key
  case ${1-} in
    '')
      [ $# -eq 0 ] || wrong_use "keys: expected new NAME, revoke NAME, or nothing"
      [ ! -f "$file" ] || sed -n 's/^\([^#:][^:]*\): *\(........\).*/\1 (hash \2...)/p' "$file"
      ;;
    new)
      key_name "$@"
      key=mw_$(head -c 32 /dev/urandom | base64 -w 0 | tr '+/' '-_' | tr -d '=')
      change_keys "$file" cat "$2: $(printf %s "$key" | sha256sum | cut -d ' ' -f 1)"
      say "A key for $2, which cannot be shown again; callers send it as x-api-key. Its hash is in $file."
      printf '%s\n' "$key"
      ;;
    revoke)
      key_name "$@"
      grep -q "^$2:" "$file" 2>/dev/null || die "$file has no key of $2."
      change_keys "$file" "grep -v ^${2//./\\.}:" ''
      say "All keys of $2 are revoked: gateways refuse them from now on."
      ;;
    *) wrong_use "keys: expected new NAME or revoke NAME, not '$1'" ;;
  esac
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
