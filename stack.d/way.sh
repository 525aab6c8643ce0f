# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: chooses the way in which the parts run. Sets $way to local or docker, and sources the file of that name.

take_way() { # WAY
  way=$1
  # shellcheck source=/dev/null
  . "$here/stack.d/$way.sh"
}

choose_way() { # [WAY]: the given one, else containers if they are possible here
  local lacking=''
  case ${1-} in
    local) say "As processes on this machine, by --local." ;;
    docker)
      docker_usable || die "Containers are not possible here: $lacking."
      say "In containers, by --docker."
      ;;
    *)
      if docker_usable; then
        set -- docker
        say "In containers: the Docker engine responds, and the images are available (--local for processes)."
      else
        set -- local
        say "As processes on this machine: $lacking."
      fi
      ;;
  esac
  take_way "$1"
}

tell_way() { # prints the way that `up` would choose without a flag and without pulling images
  [ $# -eq 0 ] || wrong_use "way takes no arguments, got '$*'."
  local lacking='' pulling=no
  if docker_usable; then
    echo docker
  else
    say "$lacking"
    echo local
  fi
}

docker_usable() { # sets $lacking to what is missing
  local version image
  type -P docker >/dev/null || { lacking="there is no docker on the PATH"; return 1; }
  timeout 10 docker version >/dev/null 2>&1 || { lacking="no Docker engine responds"; return 1; }
  version=$(docker compose version --short 2>/dev/null) || { lacking="docker has no compose"; return 1; }
  printf '%s\n' 2.24.0 "${version#v}" | sort -CV || { lacking="Compose is $version, and 2.24 is needed"; return 1; }
  for image in RUNTIME_IMAGE NGINX_IMAGE CONSUL_IMAGE POSTGRES_IMAGE; do have_image "$image" || return 1; done
  # not needed where this machine's JDK builds the jars
  (use_jdk) 2>/dev/null || have_image BUILD_IMAGE
}

have_image() { # VARIABLE: whether the image that it names in the environment, or else in the Dockerfile, is here or can be pulled
  local image=${!1-}
  [ -n "$image" ] || image=$(sed -n "s/^ARG $1=//p" "$here/Dockerfile")
  docker image inspect "$image" >/dev/null 2>&1 && return 0
  lacking="the image $image is not here (set $1 to use another)"
  [ "${pulling-yes}" = yes ] || return 1
  say "Pulling $image"
  docker pull --quiet "$image" >/dev/null 2>&1 && return 0
  lacking="the image $image is not here and cannot be pulled (set $1 to use another)"
  return 1
}
