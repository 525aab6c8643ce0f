# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: Consul with ACLs. Each role has a token of its own in $acl, which stays until `down`: Consul is told these secrets,
# so that a Consul that has lost its data gets the same ones again. The policies are in consul/policies.

acl=$home/acl
acl_roles=(management agent dns hello-service gateway prometheus operator viewer)

with_acl() { [ -f "$run/acl" ] && [ -z "${training-}" ]; } # a training run does without

prepare_acl() { # makes the secrets, and what Consul's agent must know
  local role
  say "Consul with ACLs: a token for each role in $acl"
  mkdir -p "$acl"
  chmod 700 "$acl"
  for role in "${acl_roles[@]}"; do put_secret "$role" "$(new_uuid)"; done
  head -c 32 /dev/urandom | base64 | put_private gossip
  touch "$run/acl"
  render_acl
}

new_uuid() { cat /proc/sys/kernel/random/uuid; }

put_secret() { # ROLE SECRET
  put_private "$1" <<<"$2"
  share_with_containers "$1"
}

put_private() { # NAME: replaces the file by standard input, at once, so that no reader sees half of it
  (umask 077 && cat >"$acl/.$1.new") && mv "$acl/.$1.new" "$acl/$1"
}

# A container's user is another than the owner of the files. So each role has a folder, to be mounted into its containers, whose files
# all may read; the closed folder around them keeps others on this machine out.
share_with_containers() { # ROLE, or consul.hcl
  [ "$way" = docker ] || return 0
  case $1 in
    hello-service | gateway) share_secret "$1" token <"$acl/$1" ;;
    prometheus) sed "s/server: consul:8500/&\n        token: $(token_of prometheus)/" "$here/observability/prometheus.yml" | share_secret prometheus prometheus.yml ;;
    consul.hcl) share_secret consul acl.hcl <"$acl/consul.hcl" ;;
  esac
}

share_secret() { # FOLDER FILE
  local folder=$acl/containers/$1
  (umask 022 && mkdir -p "$folder" && cat >"$folder/.$2.new")
  mv "$folder/.$2.new" "$folder/$2"
}

token_of() { cat "$acl/$1"; } # ROLE

render_acl() {
  local management_key management agent dns gossip
  management_key=$(management_key)
  management=$(token_of management)
  agent=$(token_of agent)
  dns=$(token_of dns)
  gossip=$(<"$acl/gossip")
  put_private consul.hcl <<END
acl {
  enabled        = true
  default_policy = "deny"
  tokens {
    $management_key = "$management"
    agent = "$agent"
    # of requests without a token, and so of DNS
    default = "$dns"
  }
}
encrypt = "$gossip"
END
  share_with_containers consul.hcl
}

management_key() { # prints the setting's name, which Consul 1.11 has changed
  local version
  if [ "$way" = docker ]; then version=$(consul_image_version); else version=$("$(tool consul)" version); fi
  if [[ $version =~ (^|v)1\.([0-9]+)\. ]] && [ "${BASH_REMATCH[2]}" -lt 11 ]; then echo master; else echo initial_management; fi
}

token_setting() { echo "MIDDLEWARE_CONSUL_TOKEN_FILE=$acl/$1"; } # ROLE of a server or a gateway

policy_of() { # ROLE: prints the name of its file in consul/policies
  case $1 in
    hello-service) echo service ;;
    *) echo "$1" ;;
  esac
}

as_management() { # METHOD PATH [JSON]: as http in net.sh, with all rights
  local http_token
  http_token=$(token_of management)
  http "$1" $((8500 + port_offset)) "${@:2}"
}

give_rights() { # creates the policies and tokens that Consul lacks; returns 1 until it could
  local role
  for role in "${acl_roles[@]}"; do
    [ "$role" = management ] || { put_policy "$role" && put_token "$role" "$(token_of "$role")"; } || return 1
  done
}

put_policy() { # ROLE
  local rules
  rules=$(grep -v '^#' "$here/consul/policies/$(policy_of "$1").hcl")
  as_management PUT /v1/acl/policy "{\"Name\":\"$1\",\"Rules\":$(json_string "$rules")}" || return 1
  [ "$http_status" = 200 ] || [[ $http_body == *"already exists"* ]] || acl_refused
}

put_token() { # ROLE SECRET
  as_management PUT /v1/acl/token "{\"SecretID\":\"$2\",\"Description\":\"$1\",\"Policies\":[{\"Name\":\"$(token_policy "$1")\"}]}" || return 1
  [ "$http_status" = 200 ] || [[ $http_body == *"already"* ]] || acl_refused
}

token_policy() { if [ "$1" = management ]; then echo global-management; else echo "$1"; fi; } # ROLE

acl_refused() {
  lacking="it refuses to set up its ACLs: $http_status $http_body"
  return 1
}

revoke_secret() { # SECRET
  local http_token=$1 id='"AccessorID":"([^"]*)"'
  http GET $((8500 + port_offset)) /v1/acl/token/self || return 1
  [[ $http_body =~ $id ]] || return 0
  as_management DELETE "/v1/acl/token/${BASH_REMATCH[1]}" && [ "$http_status" = 200 ]
}

# --- acl rotate -----------------------------------------------------------------------------------------------------------

acl() { # rotate ROLE
  [[ ${1-} == rotate && $# -le 2 ]] || wrong_use "acl: expected rotate and a role, such as: ./stack acl rotate gateway"
  [[ " ${acl_roles[*]} " == *" ${2:--} "* ]] || wrong_use "acl: expected a role, not '${2-}'. The roles are:" "${acl_roles[@]}"
  need_up
  with_acl || die "This stack has no ACLs. Start one: ./stack down && ./stack up --acl"
  take_lock patient
  need_alive consul
  rotate_token "$2"
}

rotate_token() { # ROLE: a new token, given to all who have the old one, which is revoked then
  local old new
  old=$(token_of "$1")
  new=$(new_uuid)
  put_token "$1" "$new" || die "Consul gave no new token: ${http_status:-no response} $http_body"
  put_secret "$1" "$new"
  render_acl
  pass_on "$1" "$new"
  revoke_secret "$old" || die "The new token is in use, but the old one could not be revoked: ${http_status:-no response} $http_body"
  say "$1 has a new token, in $acl/$1. The old one is revoked."
}

pass_on() { # ROLE SECRET: servers and gateways take it from the file; they have registered by it before the old one goes
  case $1 in
    agent | dns)
      if ! as_management PUT "/v1/agent/token/$(if [ "$1" = dns ]; then echo default; else echo agent; fi)" "{\"Token\":\"$2\"}" ||
        [ "$http_status" != 200 ]; then
        die "Consul's agent did not take the new token: ${http_status:-no response} $http_body"
      fi
      ;;
    hello-service | gateway) spend 3 ;;
    prometheus) [ "$prometheus" = 0 ] || ! part_lives prometheus || renew_prometheus ;;
  esac
}
