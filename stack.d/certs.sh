# shellcheck shell=bash disable=SC2034,SC2154,SC2094 # stack and its files share variables
# Sourced by stack: a development authority and the certificates that it signs, in $certs. Each role has one file with its key and its
# certificate. Files are replaced by renaming, so that no part ever reads half of one, and the parts take new ones without a restart.

authority_days=1825
leaf_days=90
renew_days=30  # `up` renews what has less left
reload_limit=60 # seconds in which all parts have to take new files

certs() { # [rotate [--ca]|issue NAME]
  local command=${1-}
  [ $# -eq 0 ] || shift
  case $command in
    '') [ $# -eq 0 ] && show_certificates ;;
    rotate)
      [ $# -eq 0 ] || [ "$*" = --ca ] || wrong_use "certs rotate: expected nothing or --ca, not '$*'"
      take_lock patient
      rotate_certificates "${1-}"
      ;;
    issue)
      [[ $# -eq 1 && $1 =~ ^[a-z0-9][a-z0-9.-]{0,62}$ ]] || wrong_use "certs issue: expected the name of a service in Consul"
      take_lock patient
      need_authority
      issue_certificate "$1"
      say "$certs/$1.pem: key and certificate of the service $1"
      ;;
    *) wrong_use "certs: expected nothing, rotate, or issue NAME, not '$command'" ;;
  esac
}

need_authority() {
  [ -f "$certs/authority.pem" ] || die "There are no certificates yet. Make them: ./stack up --tls"
  find_openssl
}

find_openssl() { [ -n "${openssl-}" ] || openssl=$(tool openssl) || exit 1; }

# --- making them -----------------------------------------------------------------------------------------------------------

prepare_certificates() { # makes what is missing or expires soon
  find_openssl
  mkdir -p "$certs" && chmod 700 "$certs"
  if ! [ -f "$certs/authority.pem" ] || ! [ -f "$certs/ca.pem" ] || expires_soon "$certs/authority.pem"; then
    say "Making an authority for certificates, for development only: $certs/ca.pem"
    make_authority "$certs/authority.pem"
    certificate_of "$certs/authority.pem" | put_certificates ca.pem
    rm -f "$certs"/{nginx,nginx-client,gateway,hello-service,consul,client}.pem
  fi
  # what an interrupted rotation left
  if [ -f "$certs/authority.next.pem" ]; then finish_authority_change; fi
  local role
  for role in $(certificate_roles); do
    if [ ! -f "$certs/$role.pem" ] || expires_soon "$certs/$role.pem"; then issue_certificate "$role"; fi
  done
  share_certificates
}

certificate_roles() { # prints those that the stack needs, and the services that were added by `certs issue`
  local file role
  printf '%s\n' nginx nginx-client gateway hello-service consul client
  for file in "$certs"/*.pem; do
    role=${file##*/}
    role=${role%.pem}
    case $role in
      ca | authority | authority.* | nginx | nginx-client | gateway | hello-service | consul | client | '*') ;;
      *) echo "$role" ;;
    esac
  done
}

expires_soon() { ! "$openssl" x509 -noout -checkend $((renew_days * 86400)) -in "$1" >/dev/null 2>&1; } # FILE

certificate_of() { "$openssl" x509 -in "$1"; } # FILE: prints it without the key

make_authority() { # FILE
  local new=$1.new
  (
    umask 077
    new_key >"$new"
    "$openssl" req -new -x509 -key "$new" -days "$authority_days" -subj "/O=middleware/CN=development authority $(random_hex 4)" \
      -config <(printf '[req]\ndistinguished_name=dn\n[dn]\n[ca]\n%s\n' 'basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash') -extensions ca >>"$new"
  ) || die "The authority could not be made."
  mv "$new" "$1"
}

new_key() { "$openssl" genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 2>/dev/null || "$openssl" genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256; }

random_hex() { "$openssl" rand -hex "$1"; } # BYTES

issue_certificate() { # ROLE: signs a new key's certificate
  local new=$certs/$1.pem.new names
  names=$(names_of "$1")
  (
    umask 077
    new_key >"$new"
    "$openssl" req -new -key "$new" -subj "/O=middleware/CN=$1" |
      "$openssl" x509 -req -CA "$certs/authority.pem" -CAkey "$certs/authority.pem" -set_serial "0x$(random_hex 16)" \
        -days "$leaf_days" -extfile <(printf '%s\n' basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature \
          "extendedKeyUsage=$(uses_of "$1")" "subjectAltName=$names" authorityKeyIdentifier=keyid) 2>"$certs/openssl.log" >>"$new"
  ) || die "$(cat "$certs/openssl.log")" "The certificate of $1 could not be made."
  rm -f "$certs/openssl.log"
  mv "$new" "$certs/$1.pem"
}

names_of() { # ROLE: Nginx and Consul are known by the addresses that are called, all others by who they are
  case $1 in
    nginx) echo DNS:localhost,DNS:nginx,IP:127.0.0.1,IP:::1 ;;
    nginx-client) echo URI:spiffe://middleware/nginx ;;
    gateway) echo URI:spiffe://middleware/gateway,DNS:gateway.middleware ;;
    consul) echo URI:spiffe://middleware/consul,DNS:localhost,DNS:consul,DNS:server.dc1.consul,IP:127.0.0.1,IP:::1 ;;
    client) echo URI:spiffe://middleware/client/stack ;;
    *) echo "URI:spiffe://middleware/service/$1,DNS:$1.middleware" ;;
  esac
}

uses_of() { # ROLE
  case $1 in
    nginx) echo serverAuth ;;
    nginx-client | client) echo clientAuth ;;
    *) echo serverAuth,clientAuth ;;
  esac
}

put_certificates() { # NAME: replaces the file by standard input
  (umask 077 && cat >"$certs/$1.new") && mv "$certs/$1.new" "$certs/$1"
}

# A container's user is another than the owner of the files. So each role has a folder, to be mounted into its containers, whose files
# all may read; on this machine the closed folder around them keeps others out.
share_certificates() {
  local role folder
  for role in nginx gateway hello-service consul client; do
    folder=$certs/containers/$role
    mkdir -p "$folder" && chmod 755 "$folder"
    share_file ca.pem "$folder"
    share_file "$role.pem" "$folder"
    [ "$role" != nginx ] || share_file nginx-client.pem "$folder"
  done
}

share_file() { # NAME FOLDER
  cmp -s "$certs/$1" "$2/$1" && return 0
  cp "$certs/$1" "$2/$1.new" && chmod 644 "$2/$1.new" && mv "$2/$1.new" "$2/$1"
}

# --- showing them ----------------------------------------------------------------------------------------------------------

show_certificates() {
  need_authority
  local role
  printf '%-16s %-26s %s\n' FILE EXPIRES NAMES
  printf '%-16s %-26s %s\n' ca.pem "$(expiry "$certs/ca.pem")" "$(grep -c BEGIN "$certs/ca.pem") trusted"
  for role in $(certificate_roles); do
    [ -f "$certs/$role.pem" ] || continue
    printf '%-16s %-26s %s\n' "$role.pem" "$(expiry "$certs/$role.pem")" "$(alternative_names "$certs/$role.pem")"
  done
  echo "They are in $certs"
}

expiry() { # FILE
  local date
  date=$("$openssl" x509 -noout -enddate -in "$1")
  date -u -d "${date#*=}" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || echo "${date#*=}"
}

alternative_names() { # FILE
  "$openssl" x509 -noout -ext subjectAltName -in "$1" | sed -n '2s/^ *//p' | sed 's/, / /g; s/IP Address:/IP:/g'
}

# --- rotation --------------------------------------------------------------------------------------------------------------

rotate_certificates() { # [--ca]
  need_authority
  if is_up; then load_shape; fi
  if [ -n "$1" ]; then
    rotate_authority
  else
    issue_all
    spread_certificates leaves
    say "All certificates are new."
  fi
}

issue_all() {
  local role
  for role in $(certificate_roles); do issue_certificate "$role"; done
}

# Nobody may meet a certificate that he cannot check. So all trust both authorities before the new one signs anything, and all have a
# certificate of the new one before the old one is dropped.
rotate_authority() {
  make_authority "$certs/authority.next.pem"
  { certificate_of "$certs/authority.next.pem" && certificate_of "$certs/authority.pem"; } | put_certificates ca.pem
  spread_certificates trust
  say "1 of 3: both authorities are trusted."
  mv "$certs/authority.next.pem" "$certs/authority.pem"
  issue_all
  spread_certificates leaves
  say "2 of 3: all certificates are of the new authority."
  certificate_of "$certs/authority.pem" | put_certificates ca.pem
  spread_certificates trust
  say "3 of 3: only the new authority is trusted. Callers need the new $certs/ca.pem."
}

finish_authority_change() { # nothing runs: no overlap is needed
  mv "$certs/authority.next.pem" "$certs/authority.pem"
  certificate_of "$certs/authority.pem" | put_certificates ca.pem
  rm -f "$certs"/{nginx,nginx-client,gateway,hello-service,consul,client}.pem
}

spread_certificates() { # leaves|trust: returns when all running parts use what is in the files
  share_certificates
  is_up && [ "$tls" = 1 ] || return 0
  # Consul reads its files, and Nginx those of the authorities, only when it is told
  ! part_is consul running || reload_consul
  if [ "$1" = trust ] && part_is nginx running; then reload_nginx; fi
  wait_until "$reload_limit" certificates_taken "$1" || die "Not all parts took the new certificates within $reload_limit s: $lacking."
  # Java's parts have no port that shows what they trust, or use, as callers. They take all files of a bundle at once.
  pass_time 3
}

pass_time() { wait_until "$1" false || true; } # SECONDS

certificates_taken() { # leaves|trust: whether all ports show what is in the files now; sets $lacking
  local name role each
  for name in $(part_names); do
    part_is "$name" running || continue
    describe_part "$name"
    case $kind in
      nginx) role=nginx ;;
      gateway) role=gateway ;;
      service) role=$service ;;
      consul) role=consul ;;
      *) continue ;;
    esac
    for ((each = 0; each < ${#ports[@]}; each += 2)); do
      case $kind:${ports[each]} in
        nginx:https | consul:https | gateway:http | gateway:grpc | service:grpc) ;;
        *) continue ;;
      esac
      lacking="the port ${ports[each]} of $name shows another certificate"
      shows_certificates "$name" "${ports[each + 1]}" "$role" "$1" || return 1
    done
  done
}

shows_certificates() { # NAME PORT ROLE leaves|trust
  local seen
  tls_address "$1" "$2" || return 0
  seen=$(timeout 5 "$openssl" s_client -connect "$address" -servername localhost -showcerts </dev/null 2>/dev/null) || true
  case $4 in
    leaves) [[ $seen == *"$(certificate_of "$certs/$3.pem" | sed -n 2p)"*"$(certificate_of "$certs/$3.pem" | sed -n 4p)"* ]] ;;
    trust) [ "$(grep -c '^O = middleware, CN = development authority' <<<"$seen")" = "$(grep -c BEGIN "$certs/ca.pem")" ] ;;
  esac
}

# --- settings of the parts ---------------------------------------------------------------------------------------------------

consul_tls_file() { # FOLDER VERSION: writes Consul's settings for its port with TLS, and prints the file's path
  local file=$run/consul-tls.hcl
  mkdir -p "$run"
  consul_tls_settings "$1" "$2" >"$file"
  echo "$file"
}

# A caller there has a certificate of the authority. What it may do is a matter of tokens.
consul_tls_settings() { # FOLDER VERSION; since 1.12 each kind of port has settings of its own
  local version=${2#Consul v}
  version=${version%%[^0-9.]*}
  echo "ports { https = $((8501 + port_offset)) }"
  if printf '%s\n' 1.12.0 "$version" | sort -CV; then
    printf 'tls { https {\n ca_file = "%s"\n cert_file = "%s"\n key_file = "%s"\n verify_incoming = true\n} }\n' \
      "$1/ca.pem" "$1/consul.pem" "$1/consul.pem"
  else
    printf 'ca_file = "%s"\ncert_file = "%s"\nkey_file = "%s"\nverify_incoming_https = true\n' "$1/ca.pem" "$1/consul.pem" "$1/consul.pem"
  fi
}

tls_settings() { # service|gateway FILE TRUST: prints a part's settings as environment variables
  local bundle=SPRING_SSL_BUNDLE_PEM_MIDDLEWARE
  printf '%s\n' "${bundle}_KEYSTORE_CERTIFICATE=file:$2" "${bundle}_KEYSTORE_PRIVATEKEY=file:$2" \
    "${bundle}_TRUSTSTORE_CERTIFICATE=file:$3" "${bundle}_RELOADONUPDATE=true" \
    SPRING_SSL_BUNDLE_WATCH_FILE_QUIETPERIOD=1s SPRING_CLOUD_CONSUL_SCHEME=https MIDDLEWARE_CONSUL_TLS_BUNDLE=middleware
  case $1 in
    service) printf '%s\n' SPRING_GRPC_SERVER_SSL_BUNDLE=middleware SPRING_GRPC_SERVER_SSL_CLIENTAUTH=REQUIRE ;;
    gateway)
      printf '%s\n' MIDDLEWARE_GATEWAY_TLS_CALLERS_BUNDLE=middleware MIDDLEWARE_GATEWAY_TLS_INSTANCES_BUNDLE=middleware \
        MIDDLEWARE_GATEWAY_TLS_INSTANCES_REQUIRED=true
      ;;
  esac
}
