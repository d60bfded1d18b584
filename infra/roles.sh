#!/bin/bash
# The two roles of the vault's database, made once, when the database is empty (PostgreSQL's image runs what lies in /docker-entrypoint-initdb.d):
# `vault_owner` owns the tables and makes them, by the verb `migrate`; `vault`, the role of the server, uses their rows and makes, changes and drops nothing.
# Elsewhere, as the system user postgres, with both passwords in the environment: POSTGRES_DB=vault infra/roles.sh
set -euo pipefail

# The passwords stand in the environment and so in no argument that other users of the machine could read.
# One transaction: both roles are there or nothing is. A sentence that fails must not be written to the server's log, with the password that stands in it.
psql -X -q -1 -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d "$POSTGRES_DB" <<'SQL'
SET log_min_error_statement = panic;
SET log_statement = 'none';
\getenv server_password VAULT_DATABASE_PASSWORD
\getenv owner_password VAULT_OWNER_PASSWORD
CREATE ROLE vault_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE vault LOGIN PASSWORD :'server_password';

-- Nobody comes in or keeps temporary tables here but these two.
REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"DBNAME" TO vault_owner, vault;

-- EF's tables stand in `public`, Hangfire's in a schema of their own, which `migrate` finds there.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO vault_owner;
CREATE SCHEMA hangfire AUTHORIZATION vault_owner;
GRANT USAGE ON SCHEMA public, hangfire TO vault;

-- For what `migrate` makes, now and in later versions.
ALTER DEFAULT PRIVILEGES FOR ROLE vault_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO vault;
ALTER DEFAULT PRIVILEGES FOR ROLE vault_owner GRANT USAGE, SELECT ON SEQUENCES TO vault;
SQL

# In a container nobody needs the superuser's password any more: its own socket asks for none.
if [ -n "${POSTGRES_PASSWORD:-}" ]; then
  psql -X -q -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d "$POSTGRES_DB" -c 'ALTER ROLE CURRENT_USER PASSWORD NULL'
fi
