# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: the environment that `up` was given, which is that of every part until `down`.

save_environment() { # as it is now, for every part that starts until `down`; its values may be secret
  (
    umask 077
    # here servers may be told to fail: ./stack fault
    export MIDDLEWARE_FAULTS_ENABLED="${MIDDLEWARE_FAULTS_ENABLED:-true}"
    # and errors and headers show which instances were tried
    export MIDDLEWARE_GATEWAY_ERRORS_DETAILS="${MIDDLEWARE_GATEWAY_ERRORS_DETAILS:-true}"
    env -0 | grep -zvE '^(_|SHLVL|PWD|OLDPWD)=' | grep -zE '^[A-Za-z_][A-Za-z0-9_]*=' >"$run/environment"
  )
}

saved_variable() { # NAME: its value; nothing when it was not given
  sed -zn "s/^$1=//p" "$run/environment" | tr -d '\0'
}

take_environment() { # VARIABLE=VALUE...: the saved environment and these, in place of this script's
  local variable
  for variable in $(compgen -e); do
    [ "$variable" = PATH ] || unset "$variable" 2>/dev/null || true
  done
  while IFS= read -r -d '' variable; do [ -z "$variable" ] || export "${variable?}"; done < <(cat "$run/environment" && printf '%s\0' "$@")
}
