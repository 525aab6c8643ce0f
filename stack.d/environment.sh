# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: the environment of `up`, which every part gets until `down`.

save_environment() { # saves the present one, readable only by its owner, as values may be secret
  (
    umask 077
    # allows ./stack fault, which required security excludes
    [ "${MIDDLEWARE_SECURITY_REQUIRED-}" = true ] || export MIDDLEWARE_FAULTS_ENABLED="${MIDDLEWARE_FAULTS_ENABLED:-true}"
    # errors and headers show which instances were tried
    export MIDDLEWARE_GATEWAY_ERRORS_DETAILS="${MIDDLEWARE_GATEWAY_ERRORS_DETAILS:-true}"
    # allows ./stack tap
    export MIDDLEWARE_GATEWAY_TAP_ENABLED="${MIDDLEWARE_GATEWAY_TAP_ENABLED:-true}"
    export MIDDLEWARE_GATEWAY_TAP_MESSAGES="${MIDDLEWARE_GATEWAY_TAP_MESSAGES:-true}"
    env -0 | grep -zvE '^(_|SHLVL|PWD|OLDPWD)=' | grep -zE '^[A-Za-z_][A-Za-z0-9_]*=' >"$run/environment"
  )
}

saved_variable() { # NAME: prints its value; nothing when it is not set
  sed -zn "s/^$1=//p" "$run/environment" | tr -d '\0'
}

saved_names() { # PREFIX: prints the names of variables that begin so
  sed -zn "s/^\($1[A-Za-z0-9_]*\)=.*/\1/p" "$run/environment" | tr '\0' ' '
}

take_environment() { # VARIABLE=VALUE...: replaces this script's environment by the saved one and these
  local variable
  for variable in $(compgen -e); do
    [ "$variable" = PATH ] || unset "$variable" 2>/dev/null || true
  done
  while IFS= read -r -d '' variable; do [ -z "$variable" ] || export "${variable?}"; done < <(cat "$run/environment" && printf '%s\0' "$@")
}
