#!/usr/bin/env bash
# Repeats the tests that are too long for CI: `infra/soak.sh kill 200` runs the tests with the trait Kind=Kill, 200 rounds of each.
# The kinds so far: kill (a server killed at random instants), fuzz (random bytes into every parser), hold (a hold set while the recording is destroyed).
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ $# -eq 2 && $2 =~ ^[1-9][0-9]*$ ]] || stop 2 "usage: infra/soak.sh KIND COUNT, as in: infra/soak.sh kill 200"
kind=${1,,} count=$2
need_sdk
need_node
cd "$root"
dotnet build RecordingVault.sln -c Release -v quiet

began=$SECONDS failed=0 ran=0
for project in tests/RecordingVault.*.Tests; do
  code=0
  VAULT_SOAK_COUNT=$count dotnet test --project "$project" -c Release --no-build --no-progress --filter-trait "Kind=${kind^}" || code=$?
  case $code in
    0) ran=$((ran + 1)) ;;
    8) ;; # no test of this kind in this project
    *) ran=$((ran + 1)) failed=$((failed + 1)) ;;
  esac
done
[ "$ran" -gt 0 ] || stop 1 "No test has the trait Kind=${kind^}."
say "$kind, $count rounds, $((SECONDS - began)) s: $failed of $ran projects failed"
[ "$failed" -eq 0 ]
