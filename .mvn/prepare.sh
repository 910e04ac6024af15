# Sourced by mvnw and the scripts of pgha-examples; POSIX sh. Installs what a fresh Debian or Ubuntu lacks for a build: a JDK
# of at least 17, and what mvnw fetches and unpacks Maven with; what -Dpgha.lab=required asks for. Does nothing where all is there.

pgha_missing=
command -v javac >/dev/null 2>&1 || [ -x "${JAVA_HOME:-/none}/bin/javac" ] || pgha_missing="default-jdk-headless ca-certificates"
command -v curl >/dev/null 2>&1 || command -v wget >/dev/null 2>&1 || pgha_missing="$pgha_missing curl ca-certificates"
command -v unzip >/dev/null 2>&1 || pgha_missing="$pgha_missing unzip"
case " $* " in
  *" -Dpgha.lab=required "* | *" -Dpgha.lab=full "*) # tests against a real OpenSSH server, and with sudo, must not be skipped
    [ -x /usr/sbin/sshd ] || pgha_missing="$pgha_missing openssh-server"
    command -v sudo >/dev/null 2>&1 || pgha_missing="$pgha_missing sudo"
    # what Patroni reads its file with
    python3 -c 'import yaml' 2>/dev/null || pgha_missing="$pgha_missing python3-yaml"
    ;;
esac
if [ -n "$pgha_missing" ] && command -v apt-get >/dev/null 2>&1; then
  if [ "$(id -u)" != 0 ]; then
    echo "Missing here: $pgha_missing. To fix: as root, apt-get install $pgha_missing; then run this again." >&2
    exit 1
  fi
  echo "Installing what this machine lacks: $pgha_missing" >&2
  apt-get -qq update
  # shellcheck disable=SC2086 # a list of words
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install $pgha_missing </dev/null >&2
fi

# Debian's etcd beside the machine's own programs, in a cache: to install the package would start a server.
pgha_fetch_etcd() {
  pgha_new=$1.new
  rm -rf "$pgha_new"
  mkdir -p "$pgha_new"
  (
    set +f
    pgha_download() { apt-get -qq -o APT::Sandbox::User=root download etcd-server; }
    cd "$pgha_new" \
      && { pgha_download 2>/dev/null || { [ "$(id -u)" = 0 ] && apt-get -qq update && pgha_download; }; } \
      && dpkg -x etcd-server_*.deb . && rm etcd-server_*.deb
  ) >&2 && rm -rf "$1" && mv "$pgha_new" "$1"
}
case " $* " in
  *" -Dpgha.lab=required "* | *" -Dpgha.lab=full "*) # the tests of etcd's client must not be skipped, either
    if ! command -v etcd >/dev/null 2>&1 && command -v dpkg >/dev/null 2>&1; then
      # shellcheck source=/dev/null
      pgha_etcd=${XDG_CACHE_HOME:-$HOME/.cache}/pgha/etcd-$(. /etc/os-release && echo "${VERSION_CODENAME-unknown}")
      if [ ! -x "$pgha_etcd/usr/bin/etcd" ]; then
        echo "Fetching etcd for tests (nothing is installed): $pgha_etcd" >&2
        pgha_fetch_etcd "$pgha_etcd" || {
          echo "etcd-server cannot be fetched. To fix: as root, apt-get update; then run this again." >&2
          exit 1
        }
      fi
      PATH=$PATH:$pgha_etcd/usr/bin
      export PATH
    fi
    ;;
esac
