#!/usr/bin/env bash
# Backs up one installation whose PostgreSQL runs elsewhere (managed, compose, Kubernetes): the database, signaling's DATA_DIR
# (uploads, heads of the audit) and the secrets. They belong together: the database holds identity numbers encrypted with
# the secrets' key.
#
#   DATABASE_OWNER_URL=postgresql://cloud_hospital_owner:…@db/cloud_hospital \
#   SECRETS_FILE=/secure/application.json DATA_DIR=/data BACKUP_DIR=/backup infra/backup/backup.sh
#
# Needs pg_dump of the server's version or newer. The dump is one consistent snapshot; nobody is locked out meanwhile.
# KEEP_DAYS (default 35) is how long backups stay; the newest always does. Encrypt BACKUP_DIR, and copy it elsewhere.
# This complements the provider's point-in-time recovery (write-ahead log), which alone loses minutes instead of a day.
set -euo pipefail
umask 077

fail() {
  echo "$1" >&2
  exit 1
}

: "${DATABASE_OWNER_URL:?is the address of the database, as the owner of its schema}"
: "${SECRETS_FILE:?is the secrets file of the replicas}"
: "${BACKUP_DIR:?is where backups go}"
KEEP_DAYS=${KEEP_DAYS:-35}

command -v pg_dump >/dev/null || fail 'pg_dump is missing: install postgresql-client of the version of the server.'
[[ -r $SECRETS_FILE ]] || fail "$SECRETS_FILE can't be read: run as a user who may."
[[ $KEEP_DAYS =~ ^[0-9]+$ ]] || fail "KEEP_DAYS must be a number of days, not \"$KEEP_DAYS\"."
mkdir -p "$BACKUP_DIR"

name="$(date -u +%Y%m%dT%H%M%SZ)"
# Written beside and renamed when complete: what has its final name is whole.
partial="$(mktemp -d "$BACKUP_DIR/.partial-XXXXXX")"
trap 'rm -rf "$partial"' EXIT

pg_dump --dbname="$DATABASE_OWNER_URL" --format=custom --no-owner --file="$partial/database.dump"
cp "$SECRETS_FILE" "$partial/application.json"
if [[ -n ${DATA_DIR:-} ]]; then
  tar --create --file="$partial/data.tar" --directory="$DATA_DIR" .
fi
# A dump that can't be listed can't be restored either: better to know now.
pg_restore --list "$partial/database.dump" >/dev/null
(cd "$partial" && sha256sum -- * >SHA256SUMS)
sync -f "$partial"
mv "$partial" "$BACKUP_DIR/$name"
trap - EXIT

find "$BACKUP_DIR" -mindepth 1 -maxdepth 1 -type d -name '????????T??????Z' ! -name "$name" \
  -mtime "+$KEEP_DAYS" -exec rm -rf {} +
echo "$BACKUP_DIR/$name"
