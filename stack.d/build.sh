# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: from sources to apps that start fast. An app is its Boot jar, extracted to $apps/NAME, with a JDK AOT cache
# written at the end of a training run with real calls.

app_names=(hello-service middleware-gateway client-app chaos)

java_flags() { # APP
  echo --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError
  # Threads that the apps give a low priority wait for calls (nice 4); what needs root is not done, and of that the JVM would warn.
  # Compilers wait for no calls (nice 0): where these take all of a processor, nothing would ever be compiled, and they would go on
  # to take all of it. Nor do calls wait for compilers, which by that policy would run at nice -4.
  echo -XX:ThreadPriorityPolicy=1 -XX:CompilerThreadPriority=0 -XX:-PrintWarnings
  case $1 in
    hello-service) echo -Xmx128m -XX:TieredStopAtLevel=1 ;;
    middleware-gateway) echo -Xmx256m ;; # with all of the compilers: it is on the way of every call
    client-app) echo -Xmx128m -XX:TieredStopAtLevel=1 ;;
    chaos) echo -Xmx256m -XX:TieredStopAtLevel=1 ;;
  esac
}

java_command() { # APP: into $java; while training it writes the cache instead of using it
  local app=$apps/$1 flags
  read -r -d '' -a flags < <(java_flags "$1") || true
  java=("$JAVA_HOME/bin/java" "${flags[@]}")
  if [ "${training-}" = yes ]; then
    java+=("-XX:AOTCacheOutput=$app/app.aot")
  elif [ -f "$app/app.aot" ]; then
    java+=("-XX:AOTCache=$app/app.aot")
  fi
  # what the cache could not hold is made again, which is nobody's concern
  java+=("-Xlog:aot*=error")
  java+=(-jar "$app/$1.jar")
}

sources_changed() { # -newer|-newermc FILE: since FILE's time, or its inode's; tests do not count
  [ -n "$(find "$here"/pom.xml "$here"/.mvn "$here"/*/pom.xml "$here"/*/src/main "$1" "$2" -print -quit)" ]
}

jars_outdated() {
  local app jar
  for app in "${app_names[@]}"; do
    jar=$here/$app/target/$app.jar
    [ -f "$jar" ] || return 0
    # The build gives a jar a pretended time, its inode has the true one; and it leaves a jar whose content would be the same.
    if sources_changed -newermc "$jar"; then
      if [ ! -f "$apps/built" ] || sources_changed -newer "$apps/built"; then return 0; fi
    fi
  done
  return 1
}

build_jars() {
  jars_outdated || return 0
  centiseconds
  local begun=$now projects
  projects=$(IFS=, && echo "${app_names[*]}")
  say "Building $projects (log: $logs/build.log)"
  mkdir -p "$apps"
  touch "$apps/built.begun"
  interruptible "$logs/build.log" "$here/mvnw" --batch-mode --file "$here/pom.xml" --projects "$projects" --also-make \
    -Dmaven.test.skip=true package ||
    die "$(grep -m 20 ERROR "$logs/build.log" || tail -n 20 "$logs/build.log")" '' "The build failed: see $logs/build.log."
  mv "$apps/built.begun" "$apps/built"
  say "  built in $(seconds_since "$begun") s"
}

app_key() { # APP: changes when the app, its flags, its place or the JDK does
  echo "$apps $JAVA_HOME" "$(java_flags "$1")"
  cat "$JAVA_HOME/release"
  sha256sum <"$here/$1/target/$1.jar"
}

is_trained() { # APP, as it is now
  [ -f "$apps/$1/app.aot" ] && [ -f "$apps/$1/key" ] && [ "$(app_key "$1")" = "$(<"$apps/$1/key")" ]
}

prepare_apps() { # extracts what changed, and trains it
  local app outdated=()
  for app in "${app_names[@]}"; do
    is_trained "$app" || outdated+=("$app")
  done
  [ ${#outdated[@]} -gt 0 ] || return 0
  for app in "${outdated[@]}"; do
    rm -rf "${apps:?}/$app"
    mkdir -p "$apps"
    "$JAVA_HOME/bin/java" -Djarmode=tools -jar "$here/$app/target/$app.jar" extract --destination "$apps/$app" >>"$logs/build.log" 2>&1 ||
      die_of_part build "$app.jar could not be extracted."
  done
  train_apps
  for app in "${outdated[@]}"; do app_key "$app" >"$apps/$app/key"; done
}

train_apps() { # a small stack that answers calls and loses servers, and writes the caches when it ends
  local training=yes part app parts=(consul hello-service-1 hello-service-2 gateway-1)
  centiseconds
  local begun=$now
  say "Training the start-up caches: once for each build"
  check_ports_free "${parts[@]}" # of the second server, too, which the stack itself need not have
  rm -f "$apps"/*/app.aot
  for part in consul hello-service-1 gateway-1; do start_part "$part"; done
  training=victim start_part hello-service-2 # two may not write the same cache
  for part in "${parts[@]}"; do await_part "$part"; done
  training_calls
  end_parts TERM
  for part in "${parts[@]}"; do mv "$logs/$part.log" "$logs/training-$part.log"; done
  rm -rf "$run"/*.pid "$run/consul"
  for app in "${app_names[@]}"; do
    [ -f "$apps/$app/app.aot" ] || say "  $app has no cache, and starts without: see $logs"
  done
  say "  trained in $(seconds_since "$begun") s"
}

training_calls() {
  describe_part gateway-1
  local call
  wait_until 10 http_ok "${ports[1]}" /hello || die_of_part gateway-1 "The first calls failed ($http_status): $http_body"
  for ((call = 0; call < 50; call++)); do
    http GET "${ports[1]}" /hello || true
    http POST "${ports[1]}" /hello.v1.HelloService/SayHello '{"message":"Hello"}' || true
  done
  java_command client-app
  MIDDLEWARE_TARGET=127.0.0.1:${ports[3]} interruptible "$logs/build.log" "${java[@]}" hello ||
    die_of_part build "The client's first call failed."
  java_command chaos
  training_faults
  terminate_part hello-service-1
  for ((call = 0; call < 30; call++)); do
    http GET "${ports[1]}" /hello || true
  done
  # its cache is being written, which another signal would end
  wait_until "$stop_limit" part_gone hello-service-1 || die_of_part hello-service-1 "It did not end within $stop_limit s."
}

training_faults() { # while the load runs: what a gateway does on a fault is to be as fast the first time as later
  local log=$logs/training-load.log
  "${java[@]}" load --target "127.0.0.1:${ports[3]}" --url "http://127.0.0.1:${ports[1]}" --grpc 50 --http 50 --for 6s \
    </dev/null >"$log" 2>&1 6>&- 8>&- &
  child=$!
  spend 3
  pause_part hello-service-2
  spend 2
  kill_part hello-service-2
  # a gateway that is still cold may lose a call here
  wait "$child" || true
  heed_interruption
  child=
  grep -q '^answered by {.' "$log" || die "$(tail -n 20 "$log")" "The load generator's first calls failed: see $log."
}

spend() { wait_until "$1" false || true; } # SECONDS; a signal is heeded meanwhile
