#!/usr/bin/env bash
# Runs the benchmarks (tests/RecordingVault.Benchmarks) and prints Markdown tables: `infra/bench.sh [SUITE…]`.
# Suites: core ingest download ranges memory s3 start firstframe library consent overlay export retention, and clone (a clean clone to its first page); all but clone by default.
# $BENCH_FOLDER: where the files go, about 12 GB at most (artifacts/bench); $BENCH_ROUNDS: how often (5); $BENCH_MIB: size of the film (1024).
# Never in CI: a shared machine's mood would decide. What it measures is in docs/performance.md.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

export DOTNET_EnableDiagnostics=0
export BENCH_FOLDER=${BENCH_FOLDER:-$artifacts/bench}
mkdir -p "$BENCH_FOLDER"

# Seconds from `git clone` of this checkout to the first page of the vault that it serves: restore, build, start. Packages come from the caches that are there.
clone_to_page() {
  local port began log
  folder=$(mktemp -d "$BENCH_FOLDER/clone-XXXXXX") port=$(free_port) log=$folder/run.log
  began=$(date +%s.%N)
  git clone -q "$root" "$folder/clone"
  # A group of its own, so that the server goes with the script that started it; an interrupt does not reach it by itself.
  setsid "$folder/clone/infra/run.sh" --urls "http://localhost:$port" >"$log" 2>&1 &
  run=$!
  until curl -fsSLo /dev/null -H 'Accept: text/html' "http://localhost:$port/" 2>/dev/null; do
    kill -0 "$run" 2>/dev/null || { cat "$log" >&2; stop 1 'The clone did not start.'; }
    sleep 0.1
  done
  printf '\n### clone\n\nClean clone to page: %.0f s, once.\n' "$(awk "BEGIN { print $(date +%s.%N) - $began }")"
  finish_clone
}

run='' folder=''
finish_clone() {
  [ -z "$run" ] || { kill -- "-$run" 2>/dev/null && wait "$run" 2>/dev/null; } || true
  [ -z "$folder" ] || rm -rf "$folder"
  run='' folder=''
}
trap finish_clone EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

suites=()
with_clone=
for suite in "$@"; do
  if [ "$suite" = clone ]; then with_clone=yes; else suites+=("$suite"); fi
done

need_sdk
need_node
cd "$root"
if [ "${#suites[@]}" -gt 0 ] || [ -z "$with_clone" ]; then
  wanted=$(missing_packages nginx=nginx rclone=rclone openssl=openssl ffmpeg=ffmpeg chromium=chromium)
  # shellcheck disable=SC2086 # a list of package names
  if [ -n "$wanted" ] && ! install_packages $wanted >&2; then
    stop 3 "Missing: ${wanted% }. Install them with:

  sudo apt-get install -y $wanted"
  fi
  dotnet build tests/RecordingVault.Benchmarks -c Release -v quiet >&2
  # The program itself and not `dotnet run`, which would sit beside it.
  dotnet tests/RecordingVault.Benchmarks/bin/Release/net10.0/RecordingVault.Benchmarks.dll "${suites[@]}"
fi
[ -z "$with_clone" ] || clone_to_page
