#!/usr/bin/env bash
# Restores a backup of backup.sh into an EMPTY database. Stop signaling first (media may go on).
#
#   DATABASE_OWNER_URL=postgresql://cloud_hospital_owner:…@db/cloud_hospital \
#   SECRETS_FILE=/secure/application.json DATA_DIR=/data infra/backup/restore.sh /backup/20261123T200000Z
#
# Both roles must exist (infra/compose/roles.sh makes them) and the database must belong to the owner's. What is at
# SECRETS_FILE and in DATA_DIR already is never overwritten: move it away first if it is meant to be replaced.
# Afterwards start signaling: jobs that are due run at once, holds that have expired meanwhile are released.
set -euo pipefail
umask 077

fail() {
  echo "$1" >&2
  exit 1
}

[[ $# -eq 1 ]] || fail 'Usage: restore.sh BACKUP (a directory made by backup.sh)'
backup=$1
: "${DATABASE_OWNER_URL:?is the address of the empty database, as the owner of its schema}"
: "${SECRETS_FILE:?is where the secrets file of the replicas goes}"
APPLICATION_ROLE=${APPLICATION_ROLE:-cloud_hospital_app}

for program in pg_restore psql; do
  command -v "$program" >/dev/null || fail "$program is missing: install postgresql-client of the version of the server."
done
[[ -f $backup/SHA256SUMS ]] || fail "$backup is no backup of backup.sh (SHA256SUMS is missing)."
(cd "$backup" && sha256sum --check --quiet SHA256SUMS) || fail "$backup is damaged: take another backup."

query() {
  psql --dbname="$DATABASE_OWNER_URL" --no-psqlrc --tuples-only --no-align --set=ON_ERROR_STOP=1 --command="$1"
}
tables=$(query "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
[[ $tables == 0 ]] || fail 'The database is not empty: restore into a new one, and keep this one until all is well.'
roles=$(query "SELECT count(*) FROM pg_roles WHERE rolname = '$APPLICATION_ROLE'")
[[ $roles == 1 ]] || fail "The role $APPLICATION_ROLE does not exist: make both roles first (infra/compose/roles.sh)."
if [[ -e $SECRETS_FILE ]] && ! cmp -s "$SECRETS_FILE" "$backup/application.json"; then
  fail "$SECRETS_FILE holds other secrets than the backup: move it away first."
fi
if [[ -f $backup/data.tar ]]; then
  : "${DATA_DIR:?is where the files of the backup go}"
  if [[ -d $DATA_DIR && -n $(ls -A "$DATA_DIR") ]]; then fail "$DATA_DIR is not empty: move it away first."; fi
fi

# All or nothing. The dump holds the application's rights, too.
pg_restore --dbname="$DATABASE_OWNER_URL" --no-owner --single-transaction --exit-on-error "$backup/database.dump"
if [[ -f $backup/data.tar ]]; then
  mkdir -p "$DATA_DIR"
  tar --extract --file="$backup/data.tar" --directory="$DATA_DIR"
fi
if [[ ! -e $SECRETS_FILE ]]; then
  mkdir -p "$(dirname "$SECRETS_FILE")"
  cp "$backup/application.json" "$SECRETS_FILE"
fi
# It warns of each system table that only a superuser may analyse.
query 'SET client_min_messages = error; ANALYZE' >/dev/null
echo "Restored $backup. Run the migrations (infra/src/tasks/migrate.ts), then start signaling."
