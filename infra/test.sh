#!/usr/bin/env bash
# Runs every check and every test, as developers and CI both do, and closes with `N passed, N failed`.
# `infra/test.sh vault server-sqlite` runs the named groups only. Groups: format scripts vault marks cli server-sqlite server-postgresql endtoend;
# and `audit`, which asks the package registry for advisories and so is run by name only.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

all=(scripts format vault marks cli server-sqlite server-postgresql endtoend)
groups=("$@")
[ $# -gt 0 ] || groups=("${all[@]}")
for group in "${groups[@]}"; do
  case " ${all[*]} audit " in *" $group "*) ;; *) stop 2 "There is no group '$group'. Groups: ${all[*]} audit" ;; esac
done
wanted() { case " ${groups[*]} " in *" $1 "*) ;; *) return 1 ;; esac; }

passed=0 failed=0 skipped=0 times=''
logs=$artifacts/test
mkdir -p "$logs"
temp=$(mktemp -d "${TMPDIR:-/tmp}/recordingvault-test-XXXXXX")
chmod 711 "$temp" # PostgreSQL's own user has to pass through

# shellcheck disable=SC2317 # called by the trap
finish() {
  stop_postgres
  [ ! -d "$temp/s3" ] || infra/s3.sh down "$temp/s3"
  rm -rf "$temp"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The last lines, whatever happened before: seconds per group, then the sum that CI reads.
report() {
  printf '\n%s' "$times"
  [ "$skipped" -eq 0 ] || say "$skipped skipped"
  say "$passed passed, $failed failed"
  [ "$failed" -eq 0 ] || exit 1
  exit 0
}

# took GROUP SECONDS
took() {
  times+=$(printf '%-20s %5d s' "$1" "$2")$'\n'
  [ "$2" -le 600 ] || warn "the group '$1' took over 10 minutes: cut it, or move tests to infra/soak.sh"
}

# check NAME COMMAND...  A check counts only when it fails.
check() {
  local name=$1 began=$SECONDS
  shift
  say "── $name"
  if ! "$@"; then
    say "FAILED: $name"
    failed=$((failed + 1))
    took "$name" $((SECONDS - began))
    return 1
  fi
  took "$name" $((SECONDS - began))
}

# tests GROUP PROJECT [FILTER...]
tests() {
  local group=$1 project=$2 began=$SECONDS log=$logs/$1.log code=0
  shift 2
  say "── $group"
  (cd "$root" && dotnet test --project "tests/$project" -c Release --no-build --no-progress --timeout 30m "$@") 2>&1 | tee "$log" || code=$?
  local total bad good left
  read -r total bad good left < <(awk '/^ +total:/{t+=$2} /^ +failed:/{f+=$2} /^ +succeeded:/{s+=$2} /^ +skipped:/{k+=$2} END{print t+0, f+0, s+0, k+0}' "$log")
  # A host that crashed and a group without a test are failures too, though nobody counted them.
  if [ "$bad" -eq 0 ] && { [ "$code" -ne 0 ] || [ "$total" -eq 0 ]; }; then
    say "FAILED: $group ended with exit code $code after $total tests"
    bad=1
  fi
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
  took "$group" $((SECONDS - began))
}

need_tools() {
  local missing
  missing=$(missing_packages ffmpeg=ffmpeg bwrap=bubblewrap socat=socat chromium=chromium espeak-ng=espeak-ng sqlite3=sqlite3 shellcheck=shellcheck curl=curl \
    rclone=rclone ceph-mon=ceph-mon ceph-osd=ceph-osd radosgw=radosgw ceph=ceph-common)
  [ -e "$font" ] || missing+='fonts-dejavu-core '
  /usr/bin/python3 -c 'import cryptography' 2>/dev/null || missing+='python3-cryptography '
  postgres_programs >/dev/null || missing+='postgresql '
  # shellcheck disable=SC2086 # a list of package names
  [ -z "$missing" ] || install_packages $missing || warn "could not install: ${missing% }. Tests that need them will fail."
}

# shellcheck disable=SC2317 # called by name, through check
audit() {
  local found
  found=$(cd "$root" && dotnet list RecordingVault.sln package --vulnerable --include-transitive) || return 1
  say "$found"
  ! grep -q 'has the following vulnerable packages' <<<"$found"
}

need_sdk
need_node
need_tools
cd "$root"

check restore dotnet restore RecordingVault.sln --locked-mode -v quiet || report
if wanted scripts; then check scripts shellcheck infra/*.sh .ci/run || true; fi
if wanted format; then check format dotnet format RecordingVault.sln --verify-no-changes --no-restore || true; fi
check build dotnet build RecordingVault.sln -c Release --no-restore -v quiet -nodeReuse:false || report

# One S3 store for all groups: each test makes a bucket of its own.
if wanted vault || wanted server-sqlite || wanted server-postgresql || wanted endtoend; then
  S3_PORT=$(free_port) S3_CLUSTER_PORT=$(free_port)
  export S3_PORT S3_CLUSTER_PORT
  # Without it the tests that need it fail, and say so.
  check s3 infra/s3.sh up "$temp/s3" >/dev/null || true
  export VAULT_TEST_S3=127.0.0.1:$S3_PORT VAULT_TEST_S3_FOLDER=$temp/s3
fi
# Tests start some two hundred vaults in one process, each compiles its queries and routes anew, and none lives long enough to gain from a second, better compilation.
briefly() { DOTNET_TieredPGO=0 DOTNET_TC_CallCountThreshold=500 "$@"; }
if wanted vault; then tests vault RecordingVault.Vault.Tests; fi
if wanted marks; then tests marks RecordingVault.Marks.Tests; fi
if wanted cli; then tests cli RecordingVault.Cli.Tests; fi
if wanted server-sqlite; then VAULT_TEST_DATABASE=sqlite briefly tests server-sqlite RecordingVault.Server.Tests; fi
if wanted server-postgresql || wanted endtoend; then
  if check postgresql start_postgres "$temp/postgresql"; then
    export VAULT_TEST_POSTGRES="Host=$postgres_host;Username=vault;Database=postgres"
    # What does not touch the database runs once, in the pass before.
    if wanted server-postgresql; then VAULT_TEST_DATABASE=postgresql briefly tests server-postgresql RecordingVault.Server.Tests --filter-not-trait Run=Once; fi
  fi
fi
# Two runs, each with its own limit: programs that speak to each other, then people at a browser.
if wanted endtoend; then
  tests endtoend RecordingVault.EndToEnd.Tests --filter-not-trait Needs=Browser
  tests browser RecordingVault.EndToEnd.Tests --filter-trait Needs=Browser
fi
if wanted audit; then check audit audit || true; fi
report
