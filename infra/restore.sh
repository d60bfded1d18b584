#!/usr/bin/env bash
# Puts a copy of infra/backup.sh back into an empty folder: infra/restore.sh TARGET DATA ROOT-KEY
# ROOT-KEY is the file that you kept apart (data/root.key of the vault that was copied). Nothing is put back over a vault that is there.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
umask 077

[ $# -eq 3 ] || stop 2 "Usage: infra/restore.sh TARGET DATA ROOT-KEY, such as: infra/restore.sh /mnt/backup/vault data /mnt/stick/root.key"
has sqlite3 || stop 3 "sqlite3 is missing: sudo apt-get install -y sqlite3"
target=$1 data=$2 key=$3
[ -f "$target/long/vault.db" ] || stop 2 "$target holds no long/vault.db: name the folder that infra/backup.sh wrote."
[ -f "$target/keys/keys.db" ] || stop 2 "$target holds no keys/keys.db: put the wrapped keys, which you keep apart, back there first."
[ -f "$key" ] || stop 2 "$key is no file: name the root key that you kept apart. Without it nothing of this copy opens."
[ ! -e "$data" ] || [ -z "$(ls -A "$data")" ] || stop 2 "$data is not empty: name a new folder, or move what is there away."

mkdir -p "$data/store"
trap 'say "Not finished: $data is no whole vault. Delete it and begin again." >&2' EXIT
cp -R "$target/long/store/." "$data/store/"
[ ! -d "$target/keys/store" ] || cp -R "$target/keys/store/." "$data/store/"
cp "$target/long/vault.db" "$data/vault.db"
sqlite3 "$data/vault.db" "ATTACH '${target//\'/\'\'}/keys/keys.db' AS apart; INSERT INTO main.key_wraps SELECT * FROM apart.key_wraps"
# The key last: without it no server starts over half a vault.
cp "$key" "$data/root.key"
chmod 600 "$data/root.key" "$data/vault.db"
trap - EXIT
say "Put back into $data. Start the vault over it, and let it look: Vault__DataDirectory=$data infra/run.sh doctor"
