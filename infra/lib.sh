# Shell functions that the scripts beside this file share. To be sourced: `. infra/lib.sh` sets $root and nothing that outlives the script.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck disable=SC2034 # used by the scripts that source this
artifacts=$root/artifacts

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
# No build server stays behind when a script has ended: it would hold this checkout's files and memory.
export DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false

say() { printf '%s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
stop() { printf '%s\n' "$2" >&2; exit "$1"; }

# Runs a command as root: directly, or by sudo where it asks nothing or somebody sits before it. Fails where neither is possible.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then sudo "$@"
  else return 1
  fi
}

has() { command -v "$1" >/dev/null; }

# install_packages PACKAGE...  By apt, without suggestions; fails where there is no apt, no right or no network.
install_packages() {
  has apt-get || return 1
  say "Installing $*"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >/dev/null 2>&1 && return
  as_root apt-get update -q >/dev/null 2>&1 || true
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >/dev/null
}

sdk_found() { has dotnet && (cd "$root" && dotnet --version >/dev/null 2>&1); }

# The one command that this distribution needs to get the SDK that global.json asks for.
sdk_command() {
  local ID='' VERSION_ID=''
  # shellcheck disable=SC1091 # the distribution's own description; absent on other systems
  [ -r /etc/os-release ] && . /etc/os-release
  local feed="https://packages.microsoft.com/config/$ID/$VERSION_ID/packages-microsoft-prod.deb"
  case $ID in
    debian) echo "curl -fsSLo /tmp/microsoft.deb $feed && sudo dpkg -i /tmp/microsoft.deb && sudo apt-get update && sudo apt-get install -y dotnet-sdk-10.0" ;;
    ubuntu) echo "sudo add-apt-repository -y ppa:dotnet/backports && sudo apt-get update && sudo apt-get install -y dotnet-sdk-10.0" ;;
    fedora | rhel | centos | rocky | almalinux) echo "sudo dnf install -y dotnet-sdk-10.0" ;;
    alpine) echo "sudo apk add dotnet10-sdk" ;;
    arch | manjaro) echo "sudo pacman -S --noconfirm dotnet-sdk aspnet-runtime" ;;
    opensuse*) echo "sudo zypper install -y dotnet-sdk-10.0" ;;
    *) [ "$(uname -s)" = Darwin ] && echo "brew install --cask dotnet-sdk" || echo "xdg-open https://dotnet.microsoft.com/download/dotnet/10.0" ;;
  esac
}

# Finds the SDK, takes it from apt where the distribution has it, or stops with exit code 3 and one command.
need_sdk() {
  sdk_found && return
  if has apt-cache && apt-cache show dotnet-sdk-10.0 >/dev/null 2>&1 && install_packages dotnet-sdk-10.0 && sdk_found; then return; fi
  stop 3 "The .NET SDK 10.0 (global.json) is missing. Install it with:

  $(sdk_command)"
}

node_found() {
  has node && has npm || return 1
  local version
  version=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null) && [ "$version" -ge 18 ]
}

# Node bundles the pages' scripts at build time; the running server does not need it.
need_node() {
  node_found && return
  install_packages nodejs npm && node_found && return
  stop 3 "Node 18 or newer with npm is missing. Install it with:

  sudo apt-get install -y nodejs npm"
}

# What words are drawn with onto films.
# shellcheck disable=SC2034 # used by those who source this
font=/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf

# missing_packages COMMAND=PACKAGE...  Prints the packages whose command is not there.
missing_packages() {
  local pair
  for pair in "$@"; do has "${pair%%=*}" || printf '%s ' "${pair#*=}"; done
}

# keep_newest COUNT FOLDER  Deletes the folders inside FOLDER but the newest COUNT, whatever stands in their names.
keep_newest() {
  find "$2" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\0' | sort -zrn | tail -z -n +$(($1 + 1)) | cut -z -d' ' -f2- | xargs -0r rm -rf --
}

# Prints the folder of PostgreSQL's own programs (Debian keeps them off the PATH).
postgres_programs() {
  local folder found=''
  for folder in /usr/lib/postgresql/*/bin; do [ -x "$folder/initdb" ] && found=$folder; done
  if [ -z "$found" ] && has initdb; then found=$(dirname "$(readlink -f "$(command -v initdb)")"); fi
  [ -n "$found" ] && printf '%s\n' "$found"
}

# Prints a loopback port on which nobody answers now.
free_port() {
  local port
  while port=$((20000 + RANDOM % 20000)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

# PostgreSQL refuses to run as root: then it runs as the system user of its package.
as_postgres() {
  if [ "$(id -u)" -eq 0 ]; then (cd / && setpriv --reuid=postgres --regid=postgres --clear-groups "$@"); else "$@"; fi
}

# start_postgres FOLDER  Starts a server of our own for tests, without fsync, and sets $postgres_host, the folder of its socket. It asks no password
# and listens on no port: whoever may enter the folder gets in, and that is its user (and root) alone.
start_postgres() {
  postgres_bin=$(postgres_programs) || return 1
  mkdir -p "$1"
  chmod 700 "$1"
  [ "$(id -u)" -ne 0 ] || chown postgres: "$1"
  as_postgres "$postgres_bin/initdb" -D "$1/d" -A trust -U vault -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null || return 1
  # pg_ctl hands the settings to a shell.
  local settings
  settings="-c listen_addresses= -c unix_socket_directories=$(printf %q "$1") -c fsync=off -c max_connections=400"
  if ! as_postgres "$postgres_bin/pg_ctl" -D "$1/d" -o "$settings" -l "$1/log" -w start >/dev/null; then
    cat "$1/log" >&2
    return 1
  fi
  postgres_host=$1
}

stop_postgres() {
  [ -n "${postgres_host:-}" ] || return 0
  as_postgres "$postgres_bin/pg_ctl" -D "$postgres_host/d" -m immediate stop >/dev/null 2>&1 || true
  postgres_host=
}

# fingerprint PATH...  One digest over names, sizes and times of what is built from these paths.
fingerprint() {
  (cd "$root" && find "$@" \( -name bin -o -name obj -o -name node_modules -o -path '*/wwwroot/app' \) -prune -o -type f -printf '%p %s %T@\n' |
    LC_ALL=C sort | sha256sum | cut -c1-16)
}
