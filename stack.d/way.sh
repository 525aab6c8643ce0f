# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: which way the parts run. Into $way, local or docker, whose functions are in the file of that name.

take_way() { # WAY
  way=$1
  # shellcheck source=/dev/null
  . "$here/stack.d/$way.sh"
}

choose_way() { # [WAY]: the one that was asked for, or containers where they can be had
  local lacking=''
  case ${1-} in
    local) say "As processes on this machine, by --local." ;;
    docker)
      docker_usable || die "In containers is not possible here: $lacking."
      say "In containers, by --docker."
      ;;
    *)
      if docker_usable; then
        set -- docker
        say "In containers: the Docker engine answers, and its images can be had (--local for processes)."
      else
        set -- local
        say "As processes on this machine: $lacking."
      fi
      ;;
  esac
  take_way "$1"
}

tell_way() { # the one that `up` takes without a flag, if nothing is to be pulled
  [ $# -eq 0 ] || wrong_use "way takes nothing, but was given '$*'."
  local lacking='' pulling=no
  if docker_usable; then
    echo docker
  else
    say "$lacking"
    echo local
  fi
}

docker_usable() { # what is missing goes into $lacking
  local version image
  type -P docker >/dev/null || { lacking="there is no docker on the PATH"; return 1; }
  timeout 10 docker version >/dev/null 2>&1 || { lacking="no Docker engine answers"; return 1; }
  version=$(docker compose version --short 2>/dev/null) || { lacking="docker has no compose"; return 1; }
  printf '%s\n' 2.24.0 "${version#v}" | sort -CV || { lacking="Compose is $version, and 2.24 is needed"; return 1; }
  for image in RUNTIME_IMAGE NGINX_IMAGE CONSUL_IMAGE; do have_image "$image" || return 1; done
  # of no use where this machine's JDK builds the jars
  (use_jdk) 2>/dev/null || have_image BUILD_IMAGE
}

have_image() { # VARIABLE of the environment, or else the Dockerfile's value of it
  local image=${!1-}
  [ -n "$image" ] || image=$(sed -n "s/^ARG $1=//p" "$here/Dockerfile")
  docker image inspect "$image" >/dev/null 2>&1 && return 0
  lacking="the image $image is not here ($1 names another)"
  [ "${pulling-yes}" = yes ] || return 1
  say "Pulling $image"
  docker pull --quiet "$image" >/dev/null 2>&1 && return 0
  lacking="the image $image is neither here nor can be pulled ($1 names another)"
  return 1
}
