# shellcheck shell=bash disable=SC2034,SC2154 # stack and its files share variables
# Sourced by stack: builds apps that start fast from the sources. An app is its Boot jar, extracted to $apps/NAME, with a JDK AOT
# cache that was written at the end of a training run with real calls.

app_names=(hello-service middleware-gateway client-app chaos)

java_flags() { # APP
  echo --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError
  # This policy makes the apps' low-priority threads give way to calls (nice 4). It also would raise priorities, which needs root:
  # the JVM's warning about that is turned off. Compiler threads stay at nice 0. Lower, they would starve where calls take the whole
  # processor, so that calls would stay slow; by the policy's default, nice -4, calls would wait for them.
  echo -XX:ThreadPriorityPolicy=1 -XX:CompilerThreadPriority=0 -XX:-PrintWarnings
  # Maps the start-up cache to the address that it was made for: relocated, all its pages would be copies of each process's own.
  echo -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0
  case $1 in
    hello-service) echo -Xmx128m -XX:TieredStopAtLevel=1 ;;
    middleware-gateway)
      # With all compilers, as every call passes through it. The optimizing one waits for four times as many invocations as by default:
      # those of a start do not reach that, calls soon do.
      echo -Xmx256m -XX:Tier2InvokeNotifyFreqLog=14 -XX:Tier2BackedgeNotifyFreqLog=17 -XX:Tier4InvocationThreshold=20000
      echo -XX:Tier4MinInvocationThreshold=5000 -XX:Tier4CompileThreshold=50000 -XX:Tier4BackEdgeThreshold=160000
      # Memory: a young generation of half the usual size is collected once a second; what compilers freed is given back.
      echo -Xmn48m -XX:TrimNativeHeapInterval=60000
      ;;
    client-app) echo -Xmx128m -XX:TieredStopAtLevel=1 ;;
    chaos) echo -Xmx256m -XX:TieredStopAtLevel=1 ;;
  esac
}

java_command() { # APP: sets $java; during training the command writes the cache instead of using it
  local app=$apps/$1 flags
  read -r -d '' -a flags < <(java_flags "$1") || true
  java=("$JAVA_HOME/bin/java" "${flags[@]}")
  if [ "${training-}" = yes ]; then
    java+=("-XX:AOTCacheOutput=$app/app.aot")
    # the cache shall know what calls make hot: methods without a profile in it are optimized only after 50,000 invocations
    [ "$1" != middleware-gateway ] ||
      java+=(-XX:Tier4InvocationThreshold=500 -XX:Tier4MinInvocationThreshold=200 -XX:Tier4CompileThreshold=1500)
  elif [ -f "$app/app.aot" ]; then
    java+=("-XX:AOTCache=$app/app.aot")
  fi
  # silences messages about code that the cache could not hold and that is compiled again
  java+=("-Xlog:aot*=error")
  java+=(-jar "$app/$1.jar")
}

sources_changed() { # -newer|-newermc FILE: since FILE's modification, or its inode's change; tests do not count
  [ -n "$(find "$here"/pom.xml "$here"/.mvn "$here"/*/pom.xml "$here"/*/src/main "$1" "$2" -print -quit)" ]
}

jars_outdated() {
  local app jar
  for app in "${app_names[@]}"; do
    jar=$here/$app/target/$app.jar
    [ -f "$jar" ] || return 0
    # The build sets a fixed modification time on a jar, so only its inode has the true one; and it keeps a jar that is unchanged.
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
  watched maven_step "$logs/build.log" "$here/mvnw" --batch-mode --file "$here/pom.xml" --projects "$projects" --also-make \
    -Dmaven.test.skip=true package ||
    die "$(grep -m 20 ERROR "$logs/build.log" || tail -n 20 "$logs/build.log")" '' "The build failed: see $logs/build.log."
  mv "$apps/built.begun" "$apps/built"
  say "  built in $(seconds_since "$begun") s"
}

maven_step() { # LINE: sets $found to the module whose build begins there
  [[ $1 =~ ^'[INFO] Building '([^ ]+)\ .*'['([0-9]+)/([0-9]+)']'$ ]] || return 1
  found="${BASH_REMATCH[1]} (${BASH_REMATCH[2]} of ${BASH_REMATCH[3]})"
}

app_key() { # APP: prints what its cache depends on: the app, its flags, its folder and the JDK
  echo "$apps $JAVA_HOME" "$(java_flags "$1")"
  cat "$JAVA_HOME/release"
  jar_sum "$1"
}

jar_sum() { # APP: prints that of its key if the jar has not been touched since, as reading all of it takes long on a busy machine
  local jar=$here/$1/target/$1.jar key=$apps/$1/key
  if [ -f "$key" ] && [ -z "$(find "$jar" -newercm "$key")" ]; then tail -n 1 "$key"; else sha256sum <"$jar"; fi
}

is_trained() { # APP: whether its cache fits it as it is now
  [ -f "$apps/$1/app.aot" ] && [ -f "$apps/$1/key" ] && [ "$(app_key "$1")" = "$(<"$apps/$1/key")" ]
}

prepare_apps() { # extracts and trains the apps that changed
  local app outdated=()
  for app in "${app_names[@]}"; do
    is_trained "$app" || outdated+=("$app")
  done
  [ ${#outdated[@]} -gt 0 ] || return 0
  begin_step "unpacking ${outdated[*]}"
  for app in "${outdated[@]}"; do
    rm -rf "${apps:?}/$app"
    mkdir -p "$apps"
    "$JAVA_HOME/bin/java" -Djarmode=tools -jar "$here/$app/target/$app.jar" extract --destination "$apps/$app" >>"$logs/build.log" 2>&1 ||
      die_of_part build "$app.jar could not be extracted."
    show_step
  done
  end_step
  train_apps
  for app in "${outdated[@]}"; do app_key "$app" >"$apps/$app/key.new" && mv "$apps/$app/key.new" "$apps/$app/key"; done
}

train_apps() { # runs a small stack that serves calls and loses servers; its JVMs write the caches when they end
  local training=yes tls=0 part app parts=(consul database hello-service-1 hello-service-2 gateway-1)
  centiseconds
  local begun=$now
  say "Training the start-up caches: once for each build"
  check_ports_free "${parts[@]}" # again, as the stack itself may have no second server
  rm -f "$apps"/*/app.aot
  begin_step "starting Consul, a database, two servers, a gateway"
  for part in consul database hello-service-1 gateway-1; do start_part "$part"; done
  training=victim start_part hello-service-2 # writes no cache: two processes must not write the same one
  for part in "${parts[@]}"; do await_part "$part"; done
  end_step
  training_calls
  begin_step "ending them, as they write their caches"
  end_parts TERM
  end_step
  for part in "${parts[@]}"; do mv "$logs/$part.log" "$logs/training-$part.log"; done
  rm -rf "$run"/*.pid "$run/consul" "$run/database"
  for app in "${app_names[@]}"; do
    [ -f "$apps/$app/app.aot" ] || say "  $app wrote no cache and will start more slowly: see $logs"
  done
  say "  trained in $(seconds_since "$begun") s"
}

training_calls() {
  describe_part gateway-1
  local call
  begin_step "making calls"
  wait_until 10 http_ok "${ports[1]}" /hello || die_of_part gateway-1 "The first calls failed ($http_status): $http_body"
  for ((call = 0; call < 50; call++)); do
    show_step
    http GET "${ports[1]}" /hello || true
    http POST "${ports[1]}" /hello.v1.HelloService/SayHello '{"message":"Hello"}' || true
    http POST "${ports[1]}" /guestbook '{"name":"Ada"}' || true
    http GET "${ports[1]}" /guestbook || true
  done
  java_command client-app
  MIDDLEWARE_TARGET=127.0.0.1:${ports[3]} interruptible "$logs/build.log" "${java[@]}" hello ||
    die_of_part build "The client's first call failed."
  end_step
  java_command chaos
  begin_step "a server freezes and dies during load"
  training_faults
  end_step
  begin_step "a server leaves, and writes its cache"
  terminate_part hello-service-1
  for ((call = 0; call < 30; call++)); do
    http GET "${ports[1]}" /hello || true
  done
  # it is writing its cache, which another signal would interrupt
  wait_until "$stop_limit" part_gone hello-service-1 || die_of_part hello-service-1 "It did not end within $stop_limit s."
  end_step
}

training_faults() { # during load, so that a gateway's first failover is as fast as later ones
  local log=$logs/training-load.log
  "${java[@]}" load --target "127.0.0.1:${ports[3]}" --url "http://127.0.0.1:${ports[1]}" --grpc 100 --http 100 --for 6s \
    </dev/null >"$log" 2>&1 6>&- 8>&- &
  child=$!
  spend 3
  pause_part hello-service-2
  spend 2
  kill_part hello-service-2
  # a gateway that is not warm yet may lose a call here
  wait "$child" || true
  heed_interruption
  child=
  grep -q '^answered by .*(' "$log" || die "$(tail -n 20 "$log")" "The load generator's first calls failed: see $log."
}

spend() { wait_until "$1" false || true; } # SECONDS: waits, and handles signals meanwhile
