# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: HTTP requests to parts, and who occupies a port. Bash and /proc are enough: no other program is needed, and polling
# starts no processes.

http_limit=2
http_token= # sent to Consul
http_key= # sent to gateways

http() { # METHOD PORT PATH [JSON]: sets $http_status, $http_head and $http_body; returns 1 without a response in $http_limit s
  local method=$1 port=$2 path=$3 json=${4-} answer='' connection LC_ALL=C # lengths are in bytes
  http_status='' http_head='' http_body=''
  trap '' PIPE # the server may end meanwhile
  {
    printf '%s %s HTTP/1.0\r\nHost: 127.0.0.1:%s\r\nConnect-Timeout-Ms: %s000\r\n' \
      "$method" "$path" "$port" "$http_limit" >&"$connection"
    [ -z "$http_token" ] || printf 'X-Consul-Token: %s\r\n' "$http_token" >&"$connection"
    [ -z "$http_key" ] || printf 'X-Api-Key: %s\r\n' "$http_key" >&"$connection"
    [ -z "$json" ] || printf 'Content-Type: application/json\r\nContent-Length: %s\r\n' "${#json}" >&"$connection"
    printf '\r\n%s' "$json" >&"$connection"
    IFS= read -r -t "$http_limit" -d '' answer <&"$connection" || true
  } 2>/dev/null {connection}<>"/dev/tcp/127.0.0.1/$port" && exec {connection}>&-
  trap - PIPE
  [[ $answer == HTTP/1.?\ [0-9][0-9][0-9]* ]] || return 1
  http_status=${answer:9:3}
  http_head=${answer%%$'\r\n\r\n'*}
  http_body=${answer#*$'\r\n\r\n'}
}

http_ok() { http GET "$1" "$2" && [[ $http_status == 2?? ]]; } # PORT PATH

port_open() { # PORT
  local connection
  { exec {connection}>&-; } 2>/dev/null {connection}<>"/dev/tcp/127.0.0.1/$1"
}

owned_ports() { # PID PORT...: returns 1 when the process itself does not listen on one of them, and sets $lacking
  local process=$1 sockets port hex listening each inode own
  sockets=$(find "/proc/$process/fd" -lname 'socket:*' -printf '%l ' 2>/dev/null) || true # some may close meanwhile
  # on any address of this machine
  listening=$(awk '$4 == "0A" { print substr($2, length($2) - 3), $10 }' /proc/net/tcp{,6} 2>/dev/null) || true
  shift
  for port; do
    own='' hex=$(hexadecimal "$port")
    while read -r each inode; do
      [ "$each" != "$hex" ] || [[ $sockets != *"socket:[$inode]"* ]] || own=yes
    done <<<"$listening"
    [ -n "$own" ] || { lacking="it does not listen on port $port itself"; return 1; }
  done
}

hexadecimal() { printf '%04X' "$1"; } # PORT, as /proc has it

any_port_taken() { # PORT...: whether port_holder may find one of them, by one process for all; returns 1 if not
  local wanted=' ' port
  for port; do wanted+="$(hexadecimal "$port") "; done
  awk -v wanted="$wanted" '
    split($2, local, ":") == 2 && index(wanted, " " local[2] " ") { found = 1; exit }
    END { exit !found }' /proc/net/{tcp,udp}{,6} 2>/dev/null
}

port_holder() { # PORT: prints the process that has it on an address that conflicts with 127.0.0.1; returns 1 when it is free
  local inode holder
  inode=$(awk -v port="$(hexadecimal "$1")" '
    split($2, local, ":") == 2 && local[2] == port && local[1] ~ /^(0100007F|0+|0+FFFF00000100007F)$/ &&
      ($4 == "0A" || FILENAME ~ /udp/) { print $10; exit }' /proc/net/{tcp,udp}{,6} 2>/dev/null)
  [ -n "$inode" ] || return 1
  holder=$(find /proc/[0-9]*/fd -lname "socket:\[$inode\]" -print -quit 2>/dev/null | cut -d / -f 3)
  if [ -n "$holder" ]; then
    echo "process $holder: $(tr '\0' ' ' <"/proc/$holder/cmdline" | cut -c 1-100)"
  else
    echo "a process of another user"
  fi
}
