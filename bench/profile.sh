# shellcheck shell=bash disable=SC2034,SC2154 # bench/run and its files share variables
# Sourced by bench/run, for --profile: samples of the gateway's event loops while it handles calls, by async-profiler and a timer of
# processor time (itimer), which needs no rights. The stacks are left in $home/profile.collapsed, for a flame graph.

profiler_version=4.1
profiler_interval=1ms

profiler() { # prints the path of the agent, from Maven Central unless it is there
  local agent=$tools/async-profiler/libasyncProfiler.so arch new
  if ! [ -f "$agent" ]; then
    case $(uname -m) in x86_64) arch=x64 ;; aarch64) arch=arm64 ;; *) return 1 ;; esac
    new=$(fresh_folder async-profiler)
    say "Fetching async-profiler $profiler_version from Maven Central."
    "$here/mvnw" --batch-mode --quiet --file "$here/pom.xml" --non-recursive org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
      -Dartifact="tools.profiler:async-profiler:$profiler_version" -DoutputDirectory="$new" >&2 || return 1
    unzip_file "$new"/async-profiler-*.jar "$new/unpacked" || return 1
    mv "$(find "$new/unpacked" -path "*linux-$arch*" -name libasyncProfiler.so -print -quit)" "$new/libasyncProfiler.so" || return 1
    rm -r "$new/unpacked" "$new"/*.jar
    mv -T "$new" "${agent%/*}"
  fi
  echo "$agent"
}

profile_gateway() {
  local agent kind
  agent=$(profiler) || die "async-profiler could not be fetched."
  for kind in "${kinds[@]}"; do
    take_profile "$kind"
    echo "## $kind"
    echo
    layers "$kind" <"$home/profile-$kind.collapsed"
    echo
  done
}

take_profile() { # KIND: with the load of a turn
  local pid before ticks from to
  peer_pid gateway
  records=$home/turns/records
  start_load gateway "$1" "$rate" $((settling + seconds + 1))
  pause_seconds "$settling"
  cpu_ticks && before=$ticks from=${EPOCHREALTIME/[.,]/}
  agent_does "start,event=itimer,interval=$profiler_interval,threads"
  pause_seconds "$seconds"
  agent_does "stop,collapsed,threads,file=$home/profile-$1.collapsed"
  cpu_ticks && to=${EPOCHREALTIME/[.,]/}
  end_of_load || say "Less than 99 % of the calls could be sent."
  cpu_a_call=$(awk -v ticks=$((ticks - before)) -v hz="$ticks_a_second" -v from="$from" -v to="$to" -F '\t' \
    '$1 >= from && $1 < to { n++ } END { printf "%.0f", n ? ticks / hz * 1e6 / n : 0 }' "$records")
}

agent_does() { # COMMAND
  "$JAVA_HOME/bin/jcmd" "$pid" JVMTI.agent_load "$agent" "\"$1\"" >"$home/profiler.log" 2>&1 || die "$(<"$home/profiler.log")"
}

layers() { # KIND: a table, of stacks on standard input; each sample counts for the innermost frame that has a layer
  awk -f "$bench/layers.awk" -v cpu="$cpu_a_call"
}
