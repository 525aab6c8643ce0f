# Sourced by mvnw and stack: sets JAVA_HOME to a JDK 25 or newer, or says where it looked and fails.
# Order: JAVA_HOME, java on the PATH, Maven's toolchains.xml, the usual places of the operating systems and JDK managers.

jdk_feature() { # prints the feature version of the JDK at $1, nothing when it is none
  [ -x "$1/bin/javac" ] && [ -f "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

jdk_is_enough() {
  jdk_version=$(jdk_feature "$1")
  [ -n "$jdk_version" ] && [ "$jdk_version" -ge 25 ]
}

jdk_candidates() { # one directory a line
  [ -z "${JAVA_HOME-}" ] || printf '%s\n' "$JAVA_HOME"
  if jdk_java=$(command -v java) && jdk_java=$(readlink -f "$jdk_java" 2>/dev/null); then
    printf '%s\n' "${jdk_java%/bin/java}"
  fi
  if [ -f "${HOME-}/.m2/toolchains.xml" ]; then
    sed -n 's:.*<jdkHome>\(.*\)</jdkHome>.*:\1:p' "$HOME/.m2/toolchains.xml"
  fi
  ls -d /usr/lib/jvm/*/ /opt/java/*/ /opt/jdk*/ /Library/Java/JavaVirtualMachines/*/Contents/Home/ \
    "${HOME-}"/.sdkman/candidates/java/*/ "${HOME-}"/.jdks/*/ 2>/dev/null | sed 's:/$::'
}

find_jdk() {
  jdk_list=$(jdk_candidates)
  while IFS= read -r jdk_home; do
    if jdk_is_enough "$jdk_home"; then
      JAVA_HOME=$jdk_home
      export JAVA_HOME
      return 0
    fi
  done <<END
$jdk_list
END
  echo "No JDK 25 or newer was found. Looked at JAVA_HOME, the PATH, ~/.m2/toolchains.xml and the usual places." >&2
  echo "Install one (Debian: a package named like temurin-25-jdk or openjdk-25-jdk-headless) or set JAVA_HOME to it." >&2
  return 1
}

find_jdk || exit 1
