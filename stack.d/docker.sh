# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: runs the parts as containers of docker-compose.yml. local.sh has functions of the same names.

moment=0.3 # seconds between two polls; the engine itself checks the parts once a second

server_ports() { # NAME of a server or a gateway: sets $ports, those in the containers' network, where each has its own address
  case $1 in
    hello-*) ports=(grpc 21001 management 21101) ;;
    gateway-*) ports=(http 22001 grpc 22101 management 22201) ;;
  esac
}

database_ports() { ports=(sql 5432); }

machine_ports() { # reduces $ports of the described part to those that it occupies on this machine
  case $kind in
    service | gateway | database) ports=() ;;
  esac
}

project() { # prints Compose's name of the stack; each offset has its own
  if [ "$port_offset" = 0 ]; then echo middleware; else echo "middleware-$port_offset"; fi
}

container_of() { # NAME
  case $1 in
    consul | database | nginx | prometheus) echo "$(project)-$1-1" ;;
    *) echo "$(project)-$1" ;;
  esac
}

become_compose() { # ARGUMENT...: replaces this process by Compose, in the environment of `up`
  exec 6>&- 7>&- 8>&-
  take_environment COMPOSE_PROJECT_NAME="$(project)" COMPOSE_PROFILES=single ENVIRONMENT_FILE="$run/parts.env" \
    JARS="${jars:-build}" HTTP_PORT=$((8080 + port_offset)) GRPC_PORT=$((9090 + port_offset)) \
    CONSUL_PORT=$((8500 + port_offset)) CONSUL_DNS_PORT=$((8600 + port_offset)) PROMETHEUS_PORT=$((9490 + port_offset)) \
    TLS_FOLDER="$certs/containers" TLS_SERVICE="$run/tls-service.env" TLS_GATEWAY="$run/tls-gateway.env" \
    MIDDLEWARE_API_KEY="${MIDDLEWARE_API_KEY-}" ACL_FOLDER="$acl/containers" TLS_PORT=$((8443 + port_offset)) TLS_CONSUL_PORT=$((8501 + port_offset))
  with_database || export DATABASE_URL=
  local files=(--file "$here/docker-compose.yml")
  [ "$tls" = 0 ] || files+=(--file "$here/docker-compose.tls.yml")
  ! with_acl || files+=(--file "$here/docker-compose.acl.yml")
  exec docker compose --progress plain "${files[@]}" "$@"
}

prepare() { # builds the images
  parts_environment >"$run/parts.env"
  [ "$tls" = 0 ] || prepare_tls
  local jars=build begun
  # the host's JDK builds only what changed, a container would build everything
  if (use_jdk) 2>/dev/null; then
    use_jdk
    build_jars
    jars=host
  fi
  centiseconds
  begun=$now
  say "Building images (log: $logs/build.log)"
  watched docker_step "$logs/build.log" become_compose --profile single --profile client --profile chaos build ||
    die "$(tail -n 20 "$logs/build.log")" '' "The images could not be built: see $logs/build.log."
  [ "$prometheus" = 0 ] || prepare_prometheus
  say "  built in $(seconds_since "$begun") s"
}

docker_step() { # LINE: sets $found to the step of an image that begins there, or to what docker/train does
  if [[ $1 =~ ^'#'[0-9]+' ['([^]]+)'] '(.*) ]]; then
    found="${BASH_REMATCH[1]}: ${BASH_REMATCH[2]}"
    found=${found::44}
  elif [[ $1 =~ ^'#'[0-9]+' '[0-9.]+' training: '(.*) ]]; then
    found="training: ${BASH_REMATCH[1]}"
  fi
}

prepare_tls() {
  prepare_certificates
  local role
  for role in hello-service gateway; do
    { tls_settings "${role#hello-}" "/app/tls/$role.pem" /app/tls/ca.pem && echo SPRING_CLOUD_CONSUL_PORT=8501; } >"$run/tls-${role#hello-}.env"
  done
  port_offset=0 consul_tls_settings /app/tls "Consul v$(consul_image_version)" | put_certificates consul.hcl
  share_file consul.hcl "$certs/containers/consul"
}

consul_image_version() { # of the image that is chosen, as its tag tells; that of the Dockerfile otherwise
  local image=${CONSUL_IMAGE:-$(sed -n 's/^ARG CONSUL_IMAGE=//p' "$here/Dockerfile")}
  [[ ${image##*:} == [0-9]*.* ]] && echo "${image##*:}" || echo "$consul_version"
}

renew_prometheus() { docker restart "$(container_of prometheus)" >/dev/null; } # with its token of now

prepare_prometheus() {
  local lacking
  have_image PROMETHEUS_IMAGE || die "A Prometheus is not possible here: $lacking."
  interruptible "$logs/build.log" become_compose --profile single --profile observability build prometheus ||
    die "$(tail -n 20 "$logs/build.log")" '' "A Prometheus is not possible here: its image could not be built, see $logs/build.log."
}

parts_environment() { # prints those variables of up's environment that are settings of the parts; the rest concerns this machine
  local variable name value
  while IFS= read -r -d '' variable; do
    name=${variable%%=*} value=${variable#*=}
    case $name in
      HELLO_* | MIDDLEWARE_* | SPRING_* | SERVER_* | MANAGEMENT_* | LOGGING_* | JAVA_TOOL_OPTIONS | JDK_JAVA_OPTIONS | TZ)
        if [[ $value == *"'"* ]]; then
          say "$name is not passed to the containers: its value contains a '."
        else
          printf "%s='%s'\n" "$name" "$value"
        fi
        ;;
    esac
  done <"$run/environment"
}

# --- starting ------------------------------------------------------------------------------------------------------------

end_remains() { :; } # NAME...: an ended container leaves no processes

start_parts() { # NAME...: starts them in parallel by Compose; does not wait for them
  local how=(--force-recreate) chosen=(consul hello-service hello-secondary gateway nginx) each
  [ "$prometheus" = 0 ] || chosen+=(prometheus)
  ! with_database || chosen+=(database)
  if is_up; then
    # the others stay as they are, even those that have ended
    mapfile -t chosen < <(printf '%s\n' "$@" | sed 's/-[0-9]*$//' | sort -u)
    how=(--no-recreate --no-deps)
  fi
  for each in "${chosen[@]}"; do
    case $each in
      hello-service) how+=(--scale "$each=$services") ;;
      hello-secondary) how+=(--scale "$each=$secondaries") ;;
      gateway) how+=(--scale "$each=$gateways") ;;
    esac
  done
  touch "$run/containers"
  become_compose up --detach --no-build "${how[@]}" "${chosen[@]}" </dev/null >"$logs/compose.log" 2>&1 &
  child=$!
}

parts_started() {
  [ -z "${child-}" ] || wait "$child" || true
  child=
}

set_share() { :; } # NAME NICE: the engine shares out the processors

part_serves() { :; } # NAME: there is no share to wait for

start_part() { # NAME
  rm -f "$run/$1".{stopped,fault}
  docker start "$(container_of "$1")" >/dev/null || die "$1 could not be started."
}

compose_works() { [ -n "${child-}" ] && process_stat "$child" && [[ $letter != [ZX] ]]; }

part_ended() { # NAME: whether it was started and has ended
  ! compose_works && inspect_part "$1" && [[ $status == exited || $status == dead ]]
}

start_failed() { # whether Compose failed; sets $failure to its output
  [ -n "${child-}" ] || return 1
  ! compose_works || return 1
  local result=0
  wait "$child" || result=$?
  child=
  heed_interruption # which Compose got as well
  failure=$(tail -n 5 "$logs/compose.log")
  [ "$result" -ne 0 ]
}

gateways_changed() { :; } # Nginx finds them by Consul's DNS

part_ready() { # NAME: whether it is healthy, and passing in Consul; sets $lacking to what is missing
  describe_part "$1"
  lacking="it was not started"
  inspect_part "$1" || return 1
  # without rights its own health check is refused
  [ "$kind $status" != 'consul running' ] || ! with_acl || consul_leads || return 1
  lacking="it is $status, and its health is ${health:-unknown}"
  [ "$status" = running ] && is_healthy "$1" || return 1
  case $kind in
    consul) consul_leads ;;
    service) passing "$1" "$service" ;;
    gateway) passing "$1" middleware-gateway ;;
    prometheus) prometheus_ready ;;
  esac
}

is_healthy() { # NAME; checks one that was unhealthy, for example while paused, as the engine does so only every ten seconds
  case $health in
    healthy) return 0 ;;
    starting) return 1 ;;
  esac
  local question
  question=$(docker inspect --format '{{join .Config.Healthcheck.Test "\n"}}' "$(container_of "$1")")
  # shellcheck disable=SC2086 # CMD and a list of words
  docker exec "$(container_of "$1")" ${question#CMD} >/dev/null 2>&1
}

http_of() { # NAME METHOD PATH [JSON]: as http in net.sh, to its management port; from inside, as the port is not published
  local answer
  http_status='' http_body=''
  answer=$(docker exec --interactive "$(container_of "$1")" sh -s "$2" "http://127.0.0.1:$(management_port "$1")$3" "${4-}" \
    <"$here/docker/ask") || return 1
  http_status=${answer%%$'\n'*}
  http_body=${answer#*$'\n'}
}

# --- its state, and ending it ----------------------------------------------------------------------------------------------

declare -gA observed=() # by container: its state as inspect_part reads it

observe_parts() { # NAME...: reads all states by one command, kept until forget_observed
  local name containers=() container seen
  for name; do containers+=("$(container_of "$name")"); done
  while read -r container seen; do
    [ -z "$container" ] || observed[${container#/}]=$seen # a container that does not exist gives an empty line
  done < <(inspect "${containers[@]}")
}

forget_observed() { observed=(); }

inspect() { # CONTAINER...
  docker inspect --type container --format \
    '{{.Name}} {{.State.Status}} {{.State.ExitCode}} {{if .State.Health}}{{.State.Health.Status}}{{end}}' "$@" 2>/dev/null
}

inspect_part() { # NAME: sets $status, $exit_code and $health; returns 1 when there is no such container
  local name seen
  name=$(container_of "$1")
  seen=${observed[$name]-}
  if [ -z "$seen" ]; then
    seen=$(inspect "$name") || return 1
    seen=${seen#* }
  fi
  read -r status exit_code health <<<"$seen"
}

part_state() { # NAME: sets $state and $container
  pid='' container=$(container_of "$1") state=dead
  inspect_part "$1" || return 0
  case $status in
    running | paused) state=$status ;;
    # ended gracefully, perhaps by another command: 143 is a JVM's exit status after SIGTERM
    exited) [ ! -f "$run/$1.stopped" ] && [ "$exit_code" != 0 ] && [ "$exit_code" != 143 ] || state=stopped ;;
  esac
}

part_lives() { inspect_part "$1" && [[ $status == running || $status == paused ]]; } # NAME

part_gone() { ! part_lives "$1"; } # NAME

terminate_part() { # NAME
  part_state "$1"
  # a paused container could not handle the signal
  [ "$state" != paused ] || docker unpause "$container" >/dev/null
  docker stop --time "$stop_limit" "$container" >/dev/null
}

kill_part() { docker kill "$(container_of "$1")" >/dev/null; } # NAME

pause_part() { # NAME
  part_state "$1"
  [ "$state" = paused ] || docker pause "$container" >/dev/null
}

resume_part() { # NAME
  part_state "$1"
  [ "$state" != paused ] || docker unpause "$container" >/dev/null
}

cut_part() { # NAME
  docker network disconnect "$(project)_default" "$(container_of "$1")" || die "$1 could not be cut off."
  touch "$run/$1.cut"
}

mend_part() { # NAME; it may get another address
  docker network connect --alias "${1%-*}" "$(project)_default" "$(container_of "$1")" || die "$1 could not be reconnected."
  rm -f "$run/$1.cut"
}

reload_consul() { docker kill --signal HUP "$(container_of consul)" >/dev/null; }

# The ports of servers and gateways are in the containers' network only, in which this machine may not be.
tls_address() { # NAME PORT: sets $address; returns 1 when the port cannot be reached from here
  case $1 in
    nginx | consul) address=127.0.0.1:$2 ;;
    *) return 1 ;;
  esac
}

reload_nginx() { docker kill --signal HUP "$(container_of nginx)" >/dev/null; }

wipe_consul() {
  local container
  container=$(container_of consul)
  docker run --rm --volumes-from "$container" --entrypoint sh "$(docker inspect --format '{{.Config.Image}}' "$container")" \
    -c 'rm -rf /app/data/*'
}

forget_parts() { # NAME...: removes ended ones that no longer belong to the stack
  local name
  for name; do
    docker rm --force "$(container_of "$name")" >/dev/null
    rm -f "$run/$name".{stopped,fault,cut,lock,moment}
  done
}

end_parts() { # SIGNAL: TERM or KILL; by depends_on Consul ends last, so that the others can deregister
  local limit=$stop_limit name
  [ -f "$run/containers" ] || return 0 # containers of this project would not be ours
  [ "$1" = TERM ] || limit=0
  for name in $(part_names); do
    docker logs "$(container_of "$name")" >"$logs/$name.log" 2>&1 || rm -f "$logs/$name.log"
  done
  (become_compose --profile '*' down --volumes --remove-orphans --timeout "$limit") >"$logs/down.log" 2>&1 ||
    die "$(<"$logs/down.log")" "Containers may remain: docker compose --project-name $(project) ps --all"
}

any_part_lives() {
  [ -f "$run/containers" ] || return 1
  [ -n "$(docker ps --quiet --filter "label=com.docker.compose.project=$(project)")" ]
}

# --- its output, and the caller ---------------------------------------------------------------------------------------------

last_lines() { docker logs --tail 20 "$(container_of "$1")" 2>&1; } # NAME

show_log() { # NAME; `down` has written it to a file
  if is_up; then docker logs "$(container_of "$1")" 2>&1; else cat "$logs/$1.log"; fi
}

follow_log() { exec docker logs --follow "$(container_of "$1")" 2>&1; } # NAME

run_program() { # client|chaos ARGUMENT...
  case " ${*//=/ } " in
    *' --records - '*) ;;
    *' --records '*) wrong_use "load: --records would write a file inside a container. Use: ./stack load ... --records - >FILE" ;;
  esac
  arguments=("$@")
  if [ "$1 ${2-}" = 'chaos load' ]; then report_outside "$@"; fi
  # a key by its name alone: an argument could be seen by others
  become_compose run --rm --no-deps --no-TTY --env MIDDLEWARE_CLIENT_NAME='./stack client' --env MIDDLEWARE_API_KEY "${arguments[@]}"
}

report_outside() { # ARGUMENT...: sets arguments; the container writes a report to its output, which becomes the file
  local file=
  arguments=()
  while [ $# -gt 0 ]; do
    case $1 in
      --report=*) file=${1#*=} && arguments+=(--report -) ;;
      --report) [ $# -gt 1 ] && file=$2 && shift && arguments+=(--report -) || arguments+=(--report) ;;
      *) arguments+=("$1") ;;
    esac
    shift
  done
  case $file in
    '' | -) ;;
    *)
      { : >"$file"; } 2>/dev/null || wrong_use "load: --report: expected a file that can be written, got '$file'."
      exec >"$file"
      ;;
  esac
}
