#!/usr/bin/env bash
# Copies a vault of one machine (SQLite, folder store) while it runs: infra/backup.sh DATA TARGET
#
#   TARGET/long   the database without wrapped keys, and all objects but wrapped keys: keep it as long as you like
#   TARGET/keys   the wrapped keys: keep them apart, and briefly (docs/operations.md, "Backup")
#
# The root key is not copied: it lies elsewhere, on paper or a stick. Run again it brings TARGET up to date; infra/restore.sh puts it back.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
umask 077

[ $# -eq 2 ] || stop 2 "Usage: infra/backup.sh DATA TARGET, such as: infra/backup.sh data /mnt/backup/vault"
has sqlite3 || stop 3 "sqlite3 is missing: sudo apt-get install -y sqlite3"
[ -f "$1/vault.db" ] || stop 2 "$1 holds no vault.db: name the vault's data folder (Vault__DataDirectory). A vault on PostgreSQL is copied by pg_dump: docs/operations.md."
mkdir -p "$2"
data=$(cd "$1" && pwd -P) target=$(cd "$2" && pwd -P)
case "$target/" in "$data"/*) stop 2 "$2 lies inside the vault's own data folder: name another place, best on another disk." ;; esac
mkdir -p "$target/long/store" "$target/keys/store"

# One moment for rows and wrapped keys: both come from the same copy.
new=$(mktemp -d "$target/.new-XXXXXX")
trap 'rm -rf "$new"' EXIT
sqlite3 "$data/vault.db" ".timeout 60000" ".backup '${new//\'/\'\'}/vault.db'"
sqlite3 "$new/vault.db" "PRAGMA secure_delete = ON; ATTACH '${new//\'/\'\'}/keys.db' AS apart; CREATE TABLE apart.key_wraps AS SELECT * FROM main.key_wraps; DETACH apart; DELETE FROM key_wraps; VACUUM; PRAGMA journal_mode = DELETE" >/dev/null
[ "$(sqlite3 "$new/vault.db" 'PRAGMA integrity_check')" = ok ] || stop 1 "The copy of the database is damaged; what $2 held before is as it was."

# The objects after the rows: whatever a row names is there by now. Objects are added and deleted and never changed, so what the copy has need not be read again.
# A server that deletes one meanwhile is no failure of this copy (tar says 1).
copy() { # copy TARGET TAR-OPTIONS...
  local to=$1 code=0
  shift
  tar -C "$data/store" "$@" -cf - . | tar -C "$to" --skip-old-files -xf - || code=$?
  [ "$code" -le 1 ] || stop 1 "The objects could not be copied; the copy of the database is the one of before."
}
copy "$target/long/store" --exclude='./*/key' --exclude='key'
(cd "$data/store" && find . -type d -name key -print0) >"$new/key-folders"
if [ -s "$new/key-folders" ]; then
  rm -rf "$target/keys/store.new" && mkdir "$target/keys/store.new"
  tar -C "$data/store" --ignore-failed-read --null -T "$new/key-folders" -cf - | tar -C "$target/keys/store.new" -xf -
  # Keys that were destroyed meanwhile must not live on here.
  rm -rf "$target/keys/store" && mv "$target/keys/store.new" "$target/keys/store"
fi

mv "$new/keys.db" "$target/keys/keys.db"
mv "$new/vault.db" "$target/long/vault.db"
say "Copied: $(sqlite3 "$target/long/vault.db" 'SELECT count(*) FROM recordings') recordings, $(find "$target/long/store" -type f | wc -l) objects. Move $2/keys to another place, and keep the root key apart from both."
