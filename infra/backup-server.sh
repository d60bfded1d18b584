#!/usr/bin/env bash
# Copies a vault on PostgreSQL and S3 while it runs: infra/backup-server.sh TARGET
#
#   TARGET/long   the database without wrapped keys, and all objects but wrapped keys: keep it as long as you like
#   TARGET/keys   the wrapped keys: keep them apart, and briefly (docs/operations.md, "Backup")
#
# The database is named as for pg_dump (PGHOST, PGDATABASE, PGUSER, PGPASSWORD or ~/.pgpass; the role that owns the tables), the bucket as for the vault (Vault__Storage__S3__…).
# The root key is not copied: it lies elsewhere, on paper or a stick. Run again it brings TARGET up to date; infra/restore-server.sh puts it back.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=bucket.sh
. "$(dirname "${BASH_SOURCE[0]}")/bucket.sh"
umask 077

[ $# -eq 1 ] || stop 2 "Usage: infra/backup-server.sh TARGET, such as: infra/backup-server.sh /mnt/backup/vault"
has pg_dump || stop 3 "pg_dump is missing: sudo apt-get install -y postgresql-client"
need_bucket
[ "$(psql -XAtc "SELECT to_regclass('public.key_wraps') IS NOT NULL")" = t ] || stop 2 "The database holds no vault: name it by PGHOST, PGDATABASE and PGUSER."
mkdir -p "$1"
target=$(cd "$1" && pwd -P)
mkdir -p "$target/long/store" "$target/keys/store"

# The rows first, then their wrapped keys: whatever recording the copy names has its key by then, unless it was destroyed meanwhile.
# A run that was killed left its own behind; they lie with the wrapped keys, so that they go where those go.
rm -rf "$target"/keys/.new-*
new=$(mktemp -d "$target/keys/.new-XXXXXX")
trap 'rm -rf "$new"' EXIT
pg_dump -Fc --no-owner --no-privileges --exclude-table-data=public.key_wraps -f "$new/vault.dump"
pg_dump -Fc --no-owner --no-privileges --data-only --table=public.key_wraps -f "$new/keys.dump"
pg_restore -f /dev/null "$new/vault.dump" || stop 1 "The copy of the database is damaged; what $1 held before is as it was."

# The objects after the rows: whatever a row names is there by now. Objects are added and deleted and never changed, so what the copy has need not be read again
# where it has its whole length: a run that was killed may have left half of one.
rclone copy --size-only --exclude 'key/**' "vault:$bucket" "$target/long/store"
# A bucket without any is the wrong one: it would empty the copy.
wrapped=$(rclone lsf -R --files-only --include '/key/**' --include '**/key/**' "vault:$key_bucket")
[ -n "$wrapped" ] || [ "$(psql -XAtc 'SELECT count(*) FROM key_wraps')" = 0 ] || stop 2 "The bucket $key_bucket holds no wrapped keys: name the one that does in Vault__Storage__KeyBucket."
# Of wrapped keys the copy holds what there is now: those that were destroyed must not live on in it.
rclone sync --include '/key/**' --include '**/key/**' "vault:$key_bucket" "$target/keys/store"

mv "$new/keys.dump" "$target/keys/keys.dump"
mv "$new/vault.dump" "$target/long/vault.dump"
say "Copied: $(psql -XAtc 'SELECT count(*) FROM recordings') recordings, $(find "$target/long/store" -type f | wc -l) objects. Move $1/keys to another place, and keep the root key apart from both."
