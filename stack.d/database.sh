# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: the database of the guestbook, one for all servers. As processes it is H2 or PostgreSQL, in containers PostgreSQL.
# Without one each server keeps its own signatures in a file.

database_kind() { # prints h2, postgresql or none; a training run has H2
  if [ -n "${training-}" ]; then echo h2; elif [ -f "$run/database.kind" ]; then cat "$run/database.kind"; else echo none; fi
}

with_database() { [ "$(database_kind)" != none ]; }

choose_database() { # [KIND]: for this stack, once its way is chosen
  local kind=${1-}
  # it names a database of the user's own
  [ -z "${SPRING_DATASOURCE_URL-}" ] || kind=${kind:-none}
  if [ "$way" = docker ]; then
    kind=${kind:-postgresql}
    [ "$kind" != h2 ] || wrong_use "up: --database h2 is for processes; in containers there is postgresql, or none"
  fi
  echo "${kind:-h2}" >"$run/database.kind"
}

prepare_database() { # as processes: a password, as a client that logs in to H2 may run code as its user
  (umask 077 && head -c 24 /dev/urandom | base64 | tr +/ -_ >"$run/database.password")
  [ "$(database_kind)" != postgresql ] || tool postgresql >/dev/null
}

database_settings() { # PORT: prints how a server reaches it, a variable a line
  local url
  case $(database_kind) in
    # an answer that takes longer does not come: the database is frozen
    h2) url="jdbc:h2:tcp://127.0.0.1:$1/hello;NETWORK_TIMEOUT=5000" ;;
    postgresql) url="jdbc:postgresql://127.0.0.1:$1/hello?connectTimeout=2&socketTimeout=5" ;;
    none) return 0 ;;
  esac
  printf '%s\n' "SPRING_DATASOURCE_URL=$url" SPRING_DATASOURCE_USERNAME=hello \
    "SPRING_DATASOURCE_PASSWORD=$(<"$run/database.password")" MIDDLEWARE_IDEMPOTENCY_CREATE_TABLE=true
}

start_database() { # as a process
  case $(database_kind) in
    h2) start_h2 ;;
    postgresql) start_postgresql ;;
  esac
}

start_h2() {
  local training=${training:+other} # it writes no start-up cache
  java_command hello-service
  # the jar of the servers has H2, too; its manifest names the libraries
  launch database SPRING_DATASOURCE_USERNAME=hello SPRING_DATASOURCE_PASSWORD="$(<"$run/database.password")" \
    -- "${java[@]:0:${#java[@]}-2}" -cp "${java[-1]}" io.middleware.hello.DatabaseServer "${ports[1]}" "$run/database"
}

start_postgresql() {
  local binary folder=$run/database as=()
  binary=$(tool postgresql)
  mapfile -t as < <(postgresql_user)
  if ! [ -f "$folder/PG_VERSION" ]; then create_postgresql "$binary" "$folder"; fi
  launch database -- "${as[@]}" "$binary" -D "$folder" -c listen_addresses=127.0.0.1 -c port="${ports[1]}" -c unix_socket_directories=
}

postgresql_user() { # prints the words before a command that PostgreSQL does not run as root, one a line
  local user
  [ "$(id -u)" = 0 ] || return 0
  for user in postgres nobody; do
    if id "$user" >/dev/null 2>&1; then
      printf '%s\n' setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups
      return 0
    fi
  done
}

create_postgresql() { # BINARY FOLDER
  local log=$logs/database.log password=$run/database.password
  rm -rf "$2"
  mkdir -p "$2"
  if [ ${#as[@]} -gt 0 ]; then
    chown "${as[1]#*=}:${as[2]#*=}" "$2" "$password"
    "${as[@]}" test -w "$2" || die "PostgreSQL does not run as root, and the user ${as[1]#*=} cannot reach $2." \
      "Set STACK_HOME to a folder that it can reach, or use H2: --database h2"
  fi
  { "${as[@]}" "${1%/*}/initdb" -D "$2" -U hello -E UTF8 --locale=C -A scram-sha-256 --pwfile="$password" &&
    "${as[@]}" "$1" --single -D "$2" postgres <<<'create database hello;'; } >>"$log" 2>&1 ||
    die_of_part database "PostgreSQL could not be set up."
}

database_ready() { # as a process
  lacking="it does not listen"
  port_open "${ports[1]}" && listens_itself database
}
