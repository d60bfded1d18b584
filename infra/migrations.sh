#!/usr/bin/env bash
# Adds a migration for both databases after the model has changed: infra/migrations.sh NAME
# `infra/migrations.sh --initial` makes the first one anew; that is allowed until a release has been made.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
[ $# -eq 1 ] || stop 2 "Usage: infra/migrations.sh NAME | --initial"
cd "$root/src/RecordingVault.Server"
name=$1
if [ "$name" = --initial ]; then
  rm -rf Data/Migrations
  name=Initial
fi
tool=$artifacts/tools/dotnet-ef
[ -x "$tool" ] || dotnet tool install dotnet-ef --version 10.0.15 --tool-path "$artifacts/tools" >/dev/null
dotnet build -v quiet
"$tool" migrations add "$name" --no-build --context SqliteVaultDb -o Data/Migrations/Sqlite
"$tool" migrations add "$name" --no-build --context NpgsqlVaultDb -o Data/Migrations/PostgreSql
# The tool writes a byte-order mark, which the house style does not have.
find Data/Migrations -name '*.cs' -exec sed -i '1s/^\xEF\xBB\xBF//' {} +

# A migration's own picture of the whole model is two and a half thousand lines that every build, check and reader would carry for ever. Only a table rebuilt on SQLite
# needs it, and ModelTests refuses those (they leave their transaction). What finds the migration stays; the newest picture is the snapshot.
for designer in Data/Migrations/*/*.Designer.cs; do
  awk '
    /^using / && !/Infrastructure;|Migrations;|Server\.Data;/ { next }
    /<inheritdoc \/>/ { skip = 1 }
    /^    }$/ { skip = 0 }
    !skip
  ' "$designer" >"$designer.short"
  mv "$designer.short" "$designer"
done
