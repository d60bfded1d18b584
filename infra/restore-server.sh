#!/usr/bin/env bash
# Puts a copy of infra/backup-server.sh back into an empty database, an empty bucket and an empty folder: infra/restore-server.sh TARGET DATA ROOT-KEY
# ROOT-KEY is the file that you kept apart (root.key of the data folder of the vault that was copied); DATA becomes the data folder (Vault__DataDirectory).
# Database and bucket are named as for infra/backup-server.sh. Nothing is put back over a vault that is there.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=bucket.sh
. "$(dirname "${BASH_SOURCE[0]}")/bucket.sh"
umask 077

[ $# -eq 3 ] || stop 2 "Usage: infra/restore-server.sh TARGET DATA ROOT-KEY, such as: infra/restore-server.sh /mnt/backup/vault /var/lib/recordingvault /mnt/stick/root.key"
has pg_restore || stop 3 "pg_restore is missing: sudo apt-get install -y postgresql-client"
need_bucket
: "${PGDATABASE:?the empty database, by PGDATABASE}"
target=$1 data=$2 key=$3
[ -f "$target/long/vault.dump" ] || stop 2 "$target holds no long/vault.dump: name the folder that infra/backup-server.sh wrote."
[ -f "$target/keys/keys.dump" ] || stop 2 "$target holds no keys/keys.dump: put the wrapped keys, which you keep apart, back there first."
[ -f "$key" ] || stop 2 "$key is no file: name the root key that you kept apart. Without it nothing of this copy opens."
[ ! -e "$data" ] || [ -z "$(ls -A "$data")" ] || stop 2 "$data is not empty: name a new folder, or move what is there away."
[ "$(psql -XAtc "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")" = 0 ] || stop 2 "The database is not empty: make a new one (infra/roles.sh) and name it by PGDATABASE."
for name in "$bucket" "$key_bucket"; do
  there=$(rclone lsf --max-depth 1 "vault:$name") || stop 2 "The bucket $name can't be listed: nothing was put back."
  [ -z "$there" ] || stop 2 "The bucket $name is not empty: make a new one and name it in Vault__Storage__S3__Bucket."
done

list=$(mktemp)
trap 'rm -f "$list"; say "Not finished: this is no whole vault. Empty database, bucket and folder and begin again." >&2' EXIT
rclone copy "$target/long/store" "vault:$bucket"
rclone copy "$target/keys/store" "vault:$key_bucket"
# A schema that infra/roles.sh made already is no failure; everything else is.
pg_restore --no-owner --no-privileges -l "$target/long/vault.dump" | grep -v ' SCHEMA - ' >"$list"
[ "$(psql -XAtc "SELECT count(*) FROM pg_namespace WHERE nspname = 'hangfire'")" = 1 ] || psql -Xqc 'CREATE SCHEMA hangfire'
pg_restore --no-owner --no-privileges --exit-on-error --single-transaction -L "$list" -d "$PGDATABASE" "$target/long/vault.dump"
pg_restore --no-owner --no-privileges --exit-on-error --single-transaction -d "$PGDATABASE" "$target/keys/keys.dump"
# The key last: without it no server starts over half a vault.
mkdir -p "$data"
cp "$key" "$data/root.key"
chmod 600 "$data/root.key"
trap - EXIT
rm -f "$list"
say "Put back. Start the vault over it, and let it look: Vault__DataDirectory=$data and its settings, then the verb doctor."
