#!/usr/bin/env bash
# Builds the vault when something changed and runs it: http://localhost:8080, SQLite, a folder as store, a root key of its own.
# Arguments go to the server: `infra/run.sh --urls http://localhost:9000`, `infra/run.sh doctor`, `infra/run.sh token create …`.
# Data go to data/ beside the solution, or to $Vault__DataDirectory; $VAULT_BUILD names a published server to be run instead of building one. The other Vault__… settings are in docs/operations.md.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Everything but the verb's own answer goes to standard error: `infra/run.sh token create …` prints the token alone on the last line of standard output.
prepare() {
  need_sdk
  local wanted
  wanted=$(missing_packages ffmpeg=ffmpeg bwrap=bubblewrap socat=socat)
  [ -e "$font" ] || wanted+='fonts-dejavu-core '
  # shellcheck disable=SC2086 # a list of package names
  if [ -n "$wanted" ] && ! install_packages $wanted; then
    warn "missing: ${wanted% }. The vault runs without them; the demo needs ffmpeg."
  fi

  # What somebody has built already, a test or a packager, is run as it is.
  if [ -n "${VAULT_BUILD:-}" ]; then
    build=$VAULT_BUILD
    return
  fi

  local sources=(src Directory.Build.props Directory.Packages.props global.json)
  build=$artifacts/run/$(fingerprint "${sources[@]}")
  [ -f "$build/RecordingVault.Server.dll" ] && return

  need_node
  say "Building the vault (the first time takes a minute or two) …"
  local fresh=$artifacts/run/fresh log=$artifacts/run/build.log
  rm -rf "$fresh"
  if ! dotnet publish "$root/src/RecordingVault.Server" -c Release -o "$fresh" -v quiet >"$log" 2>&1; then
    cat "$log"
    stop 1 "The build failed; its output is in ${log#"$root"/}."
  fi
  # The build itself may touch what npm was given: the stamp is of the sources as they are now.
  build=$artifacts/run/$(fingerprint "${sources[@]}")
  rm -rf "$build"
  mv "$fresh" "$build"
  # A server may still be running from the build before this one; older ones go.
  keep_newest 2 "$artifacts/run"
}

mkdir -p "$artifacts/run"
exec 9>"$artifacts/run/lock"
flock -n 9 || { say "Another start of this checkout is building; waiting for it …" >&2; flock 9; }
prepare >&2
exec 9>&-

data=${Vault__DataDirectory:-$root/data}
case $data in /*) ;; *) data=$PWD/$data ;; esac
export Vault__DataDirectory=$data
# The operator's listener stands beside the usual address, where its port is free; with an address of your own you name its as well.
if [ -z "${ASPNETCORE_URLS:-}" ] && [[ " $* " != *" --urls"* ]] && [ -z "${Vault__Management__Urls+set}" ] && ! (exec 3<>/dev/tcp/localhost/8081) 2>/dev/null; then
  export Vault__Management__Urls=http://localhost:8081
fi
export ASPNETCORE_URLS=${ASPNETCORE_URLS:-http://localhost:8080}
# What the server writes is for its own user.
umask 077
# No process of the same user may attach and read keys (docs/operations.md).
export DOTNET_EnableDiagnostics=0

if [ "${1:-}" = --demo ]; then
  # shellcheck source=demo.sh
  . "$root/infra/demo.sh"
  serve_demo "${@:2}"
  exit
fi
exec dotnet "$build/RecordingVault.Server.dll" "$@"
