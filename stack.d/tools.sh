# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: finds the Consul, the Nginx, the OpenSSL, the PostgreSQL and the Prometheus that are run: first on the PATH, then in $tools, else by a download
# into $tools. Nothing is installed into the system, and root is not needed.

consul_version=${STACK_CONSUL_VERSION:-1.22.2}
consul_releases=${STACK_CONSUL_RELEASES:-https://releases.hashicorp.com/consul}

tool() { # NAME: prints only the path of a usable binary on standard output
  case ${1-} in
    consul | nginx | openssl | postgresql | prometheus) ;;
    *) wrong_use "tool: expected consul, nginx, openssl, postgresql or prometheus, not '${1-}'" ;;
  esac
  local found
  if found=$(tool_at_hand "$1"); then
    printf '%s\n' "$found"
    return 0
  fi
  mkdir -p "$tools"
  (
    flock 9 # so that two builds at once fetch it once
    tool_at_hand "$1" >/dev/null || "fetch_$1"
  ) 9>"$tools/lock" >&2 || exit 1
  tool_at_hand "$1"
}

tool_at_hand() {
  local candidate
  if [ "$1" = postgresql ] && candidate=$(installed_postgresql); then
    echo "$candidate"
    return 0
  fi
  # on Debian a normal user's PATH has no sbin
  candidate=$(PATH=$PATH:/usr/local/sbin:/usr/sbin type -P "$1") && "usable_$1" "$candidate" && echo "$candidate" && return 0
  candidate=$tools/$1/$1
  [ -x "$candidate" ] && echo "$candidate"
}

usable_consul() { "$1" version >/dev/null 2>&1; }

usable_nginx() { # gRPC needs the HTTP/2 module, which a self-built Nginx may lack
  local build
  build=$("$1" -V 2>&1) && [[ $build == *http_ssl_module* && $build == *http_v2_module* ]]
}

usable_openssl() { [[ $("$1" version 2>/dev/null) == OpenSSL\ [3-9]* ]] || [[ $("$1" version 2>/dev/null) == OpenSSL\ 1.1.1* ]]; }

fetch_openssl() {
  local new suite
  suite=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
  new=$(fresh_folder openssl)
  say "Fetching Debian's package of OpenSSL."
  if debian_packages "$suite" "$new" openssl && debian_libraries "$suite" "$new" && launcher "$new" usr/bin/openssl >"$new/openssl"; then
    put_tool openssl "$new"
    return 0
  fi
  die "There is no OpenSSL on the PATH, and its package could not be fetched from a Debian mirror." \
    "Install OpenSSL 1.1.1 or newer so that 'openssl version' works, and try again."
}

installed_postgresql() { # prints the path of the server program; Debian has it in a folder that is on no PATH
  local candidate
  for candidate in "$(readlink -f "$(type -P postgres || echo /none)")" $(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -rV); do
    [ -x "${candidate%/*}/initdb" ] && usable_postgresql "$candidate" && echo "$candidate" && return 0
  done
  return 1
}

usable_postgresql() { # 12 or newer
  local version
  version=$("$1" --version 2>/dev/null) && [[ $version =~ \)\ ([0-9]+)\. ]] && [ "${BASH_REMATCH[1]}" -ge 12 ]
}

fetch_postgresql() {
  local new suite package
  suite=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
  new=$(fresh_folder postgresql)
  say "Fetching Debian's package of PostgreSQL."
  # the package of that name is empty, and depends on the one of the release's version
  if debian_packages "$suite" "$new" postgresql &&
    package=$(dpkg-deb -f "$new"/debs/postgresql_*.deb Depends | grep -om 1 'postgresql-[0-9]*') &&
    debian_packages "$suite" "$new" "$package" && debian_libraries "$suite" "$new" &&
    launcher "$new" "usr/lib/postgresql/${package#*-}/bin/postgres" >"$new/postgresql" &&
    launcher "$new" "usr/lib/postgresql/${package#*-}/bin/initdb" >"$new/initdb"; then
    chmod +x "$new/initdb"
    put_tool postgresql "$new"
    return 0
  fi
  die "There is no PostgreSQL on the PATH or in /usr/lib/postgresql, and its package could not be fetched from a Debian mirror." \
    "Install PostgreSQL 12 or newer (apt-get install postgresql) so that 'postgres --version' works, and try again."
}

usable_prometheus() { # newer packages of Debian know nothing of Consul
  local promtool=${1%/*}/promtool
  [ -x "$promtool" ] && "$promtool" check config "$here/observability/prometheus.yml" >/dev/null 2>&1
}

fetch_prometheus() { # bullseye is the last Debian release whose package finds its targets in Consul
  local new
  new=$(fresh_folder prometheus)
  say "Fetching Debian's package of Prometheus."
  if debian_packages bullseye "$new" prometheus && mv "$new"/root/usr/bin/prom* "$new" && rm -r "$new/root"; then
    put_tool prometheus "$new"
    return 0
  fi
  die "There is no Prometheus with promtool and Consul on the PATH, and its package could not be fetched from a Debian mirror." \
    "Install Prometheus (https://prometheus.io/download) so that 'prometheus --version' works, and try again."
}

fetch_consul() {
  local new
  new=$(fresh_folder consul)
  if consul_from_release "$new" || consul_from_debian "$new"; then
    put_tool consul "$new"
    return 0
  fi
  die "There is no Consul on the PATH, and it could be fetched neither from $consul_releases nor from a Debian mirror." \
    "Install Consul (https://developer.hashicorp.com/consul/install) so that 'consul version' works, and try again."
}

consul_from_release() { # INTO: returns 1 when it cannot be downloaded; ends the script when its checksum is wrong
  local arch sum file url
  case $(uname -m) in
    x86_64) arch=amd64 sum=e9ad339128e396238f053269bf8f76aeba1b5fada6f6cb60ab19fe70e133acde ;;
    aarch64) arch=arm64 sum=d33ae72ac71b8b6a3932d246d617e810bd107306814584f2fb56a70f2aa683e2 ;;
    *) return 1 ;;
  esac
  sum=${STACK_CONSUL_SHA256:-$sum}
  file=$1/consul.zip
  url=$consul_releases/$consul_version/consul_${consul_version}_linux_$arch.zip
  say "Fetching Consul $consul_version: $url"
  download "$url" "$file" || { say "It cannot be reached."; return 1; }
  check_sha256 "$file" "$sum" "$url"
  unzip_file "$file" "$1/unpacked" && mv "$1/unpacked/consul" "$1/consul" && rm -r "$file" "$1/unpacked"
}

check_sha256() { # FILE EXPECTED WHERE-FROM
  local actual
  actual=$(sha256sum <"$1")
  [ "${actual%% *}" = "$2" ] || die "$3 differs from the release and is not used: SHA-256 is ${actual%% *}, expected $2."
}

download() { # URL FILE; gives up soon where nothing responds
  if type -P curl >/dev/null; then
    curl -fsSL --connect-timeout 3 --max-time 300 -o "$2" "$1"
  else
    wget -q --tries=1 --connect-timeout=3 -O "$2" "$1"
  fi
}

unzip_file() { # FILE INTO
  mkdir -p "$2"
  if type -P unzip >/dev/null; then
    unzip -q "$1" -d "$2"
  else
    use_jdk && (cd "$2" && "$JAVA_HOME/bin/jar" --extract --file "$1")
  fi
}

consul_from_debian() { # INTO; bullseye is the last Debian release that has a package of Consul
  say "Fetching Debian's package of Consul."
  debian_packages bullseye "$1" consul && mv "$1/root/usr/bin/consul" "$1/consul" && rm -r "$1/root"
}

fetch_nginx() {
  local new suite
  suite=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
  say "Fetching Debian's package of Nginx."
  new=$(fresh_folder nginx)
  if nginx_from_trixie "$suite" "$new" || { new=$(fresh_folder nginx) && nginx_from_debian "$suite" "$new"; }; then
    put_tool nginx "$new"
    return 0
  fi
  die "There is no Nginx with HTTP/2 on the PATH, and its package could not be fetched from a Debian mirror." \
    "Install Nginx 1.22 or newer (https://nginx.org/en/download.html) so that 'nginx -V' works, and try again."
}

nginx_from_debian() { # SUITE INTO
  local binary=$2/root/usr/sbin/nginx
  debian_packages "$1" "$2" nginx || return 1
  [ -x "$binary" ] || debian_packages "$1" "$2" nginx-core || return 1 # nginx alone is an empty package in older releases
  # a bare machine may lack Nginx's libraries
  if [[ $(ldd "$binary") == *"not found"* ]]; then
    debian_libraries "$1" "$2" || return 1
  fi
  launcher "$2" usr/sbin/nginx >"$2/nginx" && chmod +x "$2/nginx"
}

# Since 1.25.1 a port takes HTTP/1.1 and HTTP/2; the packages of older releases are older. That of trixie needs its own C library.
nginx_from_trixie() { # SUITE INTO
  case $1 in bullseye | bookworm) ;; *) return 1 ;; esac
  debian_packages trixie "$2" nginx libc6 && debian_libraries trixie "$2" || return 1
  launcher "$2" usr/sbin/nginx "$(cd "$2" && find root -name 'ld-linux*.so.*' | head -n 1)" >"$2/nginx" && chmod +x "$2/nginx" &&
    "$2/nginx" -v 2>/dev/null
}

launcher() { # INTO BINARY [LOADER]: prints a script that runs the binary with the unpacked libraries; exec keeps the process id
  local libraries start=
  libraries=$(find "$1/root" -name '*.so.*' -printf '%h\n' | sort -u | sed "s:^$1:\$here:" | paste -sd :)
  if [ -n "${3-}" ]; then
    start="\"\$here/$3\" --library-path \"$libraries\""
  elif [ -n "$libraries" ]; then
    start="env LD_LIBRARY_PATH=\"$libraries\""
  fi
  # shellcheck disable=SC2016 # the launcher expands them
  printf '%s\n' '#!/bin/sh' 'here=$(dirname "$(readlink -f "$0")")' "exec $start \"\$here/root/$2\" \"\$@\""
}

debian_libraries() { # SUITE INTO: fetches the libraries of the packages there, and those that these need
  # shellcheck disable=SC2046 # a list of words
  debian_packages "$1" "$2" $(library_packages "$2"/debs/*.deb) || return 1
  # shellcheck disable=SC2046
  debian_packages "$1" "$2" $(library_packages "$2"/debs/lib*.deb)
}

library_packages() { # DEB...: prints the libraries on which they depend, without those of every Debian
  local deb
  for deb; do dpkg-deb -f "$deb" Depends; done | awk -v RS='[,|\n]' '$1 ~ /^lib/ && $1 != "libc6" { print $1 }' | sort -u
}

debian_packages() { # SUITE INTO PACKAGE...: unpacks them to INTO/root; apt keeps its state in INTO/apt
  local suite=$1 into=$2 apt=$2/apt
  shift 2
  [ $# -gt 0 ] || return 0
  type -P apt-get dpkg-deb >/dev/null || { say "This is no Debian: apt-get and dpkg-deb are missing."; return 1; }
  if ! [ -d "$apt" ]; then
    mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$apt/none" "$into/debs" "$into/root"
    debian_source "$suite" >"$apt/sources.list" || return 1
    private_apt "$apt" update || return 1
  fi
  (cd "$into/debs" && private_apt "$apt" download "$@") || return 1
  local deb
  for deb in "$into"/debs/*.deb; do
    dpkg-deb -x "$deb" "$into/root" || return 1
  done
}

debian_source() { # SUITE: prints one line of sources.list, for the mirror that the machine itself uses
  local mirror=${STACK_DEBIAN_MIRROR-} keys=/usr/share/keyrings/debian-archive-keyring.gpg
  # shellcheck disable=SC2016 # apt expands them
  [ -n "$mirror" ] || mirror=$(apt-get indextargets --format '$(REPO_URI) $(COMPONENT)' 'Created-By: Packages' |
    awk '$2 == "main" { print $1; exit }')
  [ -n "$mirror" ] || { say "apt knows no Debian mirror; STACK_DEBIAN_MIRROR names one."; return 1; }
  [ -f "$keys" ] && keys=" [signed-by=$keys]" || keys=
  echo "deb$keys $mirror $1 main"
}

private_apt() { # STATE ARGUMENT...: prints apt's output only when it failed, as the machine's own apt hooks may print warnings
  local apt=$1
  shift
  apt-get -qq -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts="$apt/none" \
    -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts="$apt/none" \
    -o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt" -o APT::Sandbox::User="$(id -un)" \
    -o Acquire::Languages=none -o Acquire::Check-Valid-Until=false -o Acquire::Retries=2 \
    -o APT::Update::Error-Mode=any \
    "$@" >"$apt/said" 2>&1 || { cat "$apt/said" >&2; return 1; }
}

fresh_folder() { # NAME: makes an empty folder beside the tools; removes one left by an interrupted fetch
  rm -rf "$tools/$1.new"
  mkdir "$tools/$1.new"
  echo "$tools/$1.new"
}

put_tool() { # NAME FOLDER
  chmod +x "$2/$1"
  "usable_$1" "$2/$1" || die "The fetched $1 does not run on this machine: $2/$1"
  rm -rf "$2/apt" "$2/debs" "${tools:?}/$1"
  mv "$2" "$tools/$1"
  say "$1 is in $tools/$1."
}
