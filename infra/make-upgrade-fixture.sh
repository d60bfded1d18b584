#!/usr/bin/env bash
# Keeps what a commit wrote, so that every later version is tested to open it: `infra/make-upgrade-fixture.sh NAME [COMMIT]` builds the commit
# (default: HEAD), lets it keep one small recording on SQLite and one on PostgreSQL, and packs databases, stores and root keys into
# tests/RecordingVault.EndToEnd.Tests/Upgrades/NAME. Run it for each landing and commit what it made; UpgradeTests finds it there.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ ${1:-} =~ ^[a-z0-9-]+$ ]] || stop 2 "usage: infra/make-upgrade-fixture.sh NAME [COMMIT], as in: infra/make-upgrade-fixture.sh first-thread"
name=$1 commit=$(git -C "$root" rev-parse "${2:-HEAD}")
target=$root/tests/RecordingVault.EndToEnd.Tests/Upgrades/$name
[ ! -e "$target" ] || stop 2 "$target is there already; a fixture is never made anew."
need_sdk
need_node
missing=$(missing_packages ffmpeg=ffmpeg curl=curl)
[ -z "$missing" ] || stop 3 "Missing: ${missing% }. Install it with:

  sudo apt-get install -y $missing"

temp=$(mktemp -d "${TMPDIR:-/tmp}/recordingvault-fixture-XXXXXX")
chmod 711 "$temp"
server=
# shellcheck disable=SC2317 # called by the trap
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  stop_postgres
  rm -rf "$temp"
}
trap finish EXIT

title='The marigold plan' mail=owner@vault.example tenant=Marigold
dotnet_program=$temp/program/RecordingVault.Server.dll
export DOTNET_EnableDiagnostics=0
export Vault__Setup__Email=$mail Vault__Setup__Password=a-fixture-and-nobodys-password Vault__Setup__Tenant=$tenant

git clone -q --shared --no-checkout "$root" "$temp/source"
git -C "$temp/source" checkout -q "$commit"
say "Building ${commit:0:12} …"
dotnet publish "$temp/source/src/RecordingVault.Server" -c Release -o "$temp/program" -v quiet
ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=160x90:rate=10 -f lavfi -i sine=frequency=440 -t 2 -c:v libx264 -pix_fmt yuv420p -crf 40 -c:a aac -b:a 24k "$temp/meeting.mp4"

base64_of() { printf %s "$1" | base64 -w0; }

# keep FOLDER  Starts the server over FOLDER, uploads the meeting, reads it back, stops the server; prints the recording's id.
keep() {
  local port location token try
  port=$(free_port)
  export Vault__DataDirectory=$1 ASPNETCORE_URLS=http://localhost:$port
  dotnet "$dotnet_program" >"$temp/server.log" 2>&1 &
  server=$!
  for try in $(seq 200); do
    curl -fs "http://localhost:$port/health/ready" >/dev/null && break
    if [ "$try" -eq 200 ] || ! kill -0 "$server"; then
      cat "$temp/server.log" >&2
      return 1
    fi
    sleep 0.2
  done
  token=$(dotnet "$dotnet_program" token create --member "$mail" --tenant "$tenant" --name fixture | tail -1)
  # The token stands in a file of curl's, not in its arguments.
  printf 'header = "Authorization: Bearer %s"\n' "$token" >"$temp/curl"
  curl -fsS -K "$temp/curl" -D "$temp/headers" -o /dev/null -X POST "http://localhost:$port/api/v1/uploads" -H 'Tus-Resumable: 1.0.0' \
    -H "Upload-Length: $(stat -c %s "$temp/meeting.mp4")" \
    -H "Upload-Metadata: filename $(base64_of meeting.mp4),filetype $(base64_of video/mp4),title $(base64_of "$title")"
  location=$(tr -d '\r' <"$temp/headers" | sed -n 's/^[Ll]ocation: //p')
  case $location in /*) location=http://localhost:$port$location ;; esac
  curl -fsS -K "$temp/curl" -o /dev/null -X PATCH "$location" -H 'Tus-Resumable: 1.0.0' -H 'Upload-Offset: 0' \
    -H 'Content-Type: application/offset+octet-stream' --data-binary "@$temp/meeting.mp4"
  recording=$(tr -d '\r' <"$temp/headers" | sed -n 's#^[Vv]ault-[Rr]ecording: .*/##p')
  curl -fsS -K "$temp/curl" "http://localhost:$port/api/v1/recordings/$recording/content" | cmp - "$temp/meeting.mp4"
  kill -TERM "$server"
  wait "$server" || true
  server=
}

# Nothing stands in the checkout before all of it is made: a half fixture would keep the next run away.
made=$temp/made
mkdir "$made"
say "SQLite …"
keep "$temp/sqlite"
sqlite_recording=$recording
tar -C "$temp/sqlite" --owner=0 --group=0 -czf "$made/sqlite.tar.gz" .

say "PostgreSQL …"
start_postgres "$temp/postgresql"
"$postgres_bin/createdb" -h "$postgres_host" -U vault vault
export Vault__Database__Provider=postgresql Vault__Database__ConnectionString="Host=$postgres_host;Username=vault;Database=vault"
Vault__DataDirectory=$temp/postgresql-data dotnet "$dotnet_program" migrate >"$temp/migrate.log" 2>&1 || { cat "$temp/migrate.log" >&2; exit 1; }
keep "$temp/postgresql-data"
# One statement a row, and no commands of psql: the test runs it through a plain connection.
"$postgres_bin/pg_dump" -h "$postgres_host" -U vault --inserts --no-owner --no-privileges vault |
  grep -v '^[\]' >"$temp/postgresql-data/dump.sql"
tar -C "$temp/postgresql-data" --owner=0 --group=0 -czf "$made/postgresql.tar.gz" .

cat >"$made/fixture.json" <<END
{
  "commit": "$commit",
  "member": "$mail",
  "tenant": "$tenant",
  "title": "$title",
  "sha256": "$(sha256sum "$temp/meeting.mp4" | cut -d' ' -f1)",
  "recordings": { "sqlite": "$sqlite_recording", "postgresql": "$recording" }
}
END
mv "$made" "$target"
say "Made ${target#"$root"/}:"
ls -l "$target"
