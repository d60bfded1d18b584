#!/usr/bin/env bash
# Runs the benchmarks (tests/RecordingVault.Benchmarks); arguments go to them. Never in CI: a shared machine's mood would decide.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

need_sdk
need_node
cd "$root"
export DOTNET_EnableDiagnostics=0
dotnet build tests/RecordingVault.Benchmarks -c Release -v quiet
exec dotnet run --project tests/RecordingVault.Benchmarks -c Release --no-build -- "$@"
