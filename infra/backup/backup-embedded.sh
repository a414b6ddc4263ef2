#!/usr/bin/env bash
# Backs up an installation of `npm start` with the embedded PostgreSQL: stop it first, then copy all of DATA_DIR.
#
#   DATA_DIR=.data BACKUP_DIR=/backup infra/backup/backup-embedded.sh
#
# Restore: stop, move DATA_DIR away, unpack the archive as root (or as the same user), start:
#   tar --extract --same-owner --numeric-owner --file=/backup/cloud-hospital-….tar.gz --directory="$(dirname "$DATA_DIR")"
#
# Why not while it runs: files copied from under a running database don't fit together. The embedded database is for trials
# and single clinics that close at night; what must be backed up around the clock belongs on a server of its own.
set -euo pipefail
umask 077

fail() {
  echo "$1" >&2
  exit 1
}

: "${BACKUP_DIR:?is where backups go}"
DATA_DIR=${DATA_DIR:-.data}
[[ -d $DATA_DIR/postgres ]] || fail "$DATA_DIR holds no embedded database: set DATA_DIR."
# PostgreSQL removes this file when it has stopped in order; a database that crashed must be started and stopped once.
[[ ! -e $DATA_DIR/postgres/postmaster.pid ]] ||
  fail "The database in $DATA_DIR runs, or was not stopped in order: stop it (Ctrl-C), or start and stop it once."

mkdir -p "$BACKUP_DIR"
archive="$BACKUP_DIR/cloud-hospital-$(date -u +%Y%m%dT%H%M%SZ).tar.gz"
partial="$(mktemp "$BACKUP_DIR/.partial-XXXXXX")"
trap 'rm -f "$partial"' EXIT
tar --create --gzip --numeric-owner --file="$partial" --exclude='*/run' --exclude='*/logs' --exclude='*/supervisor.*' \
  --directory="$(dirname "$DATA_DIR")" "$(basename "$DATA_DIR")"
sync "$partial"
mv "$partial" "$archive"
trap - EXIT
echo "$archive"
