#!/bin/sh
# Run once by the postgres image on an empty database: the schema's owner and the application are two roles, so that the
# application can neither change the schema nor rewrite the audit.
set -eu
psql -v ON_ERROR_STOP=1 -v owner="$OWNER_PASSWORD" -v app="$APPLICATION_PASSWORD" \
  --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE cloud_hospital_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner';
CREATE ROLE cloud_hospital_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'app';
ALTER DATABASE cloud_hospital OWNER TO cloud_hospital_owner;
REVOKE ALL ON DATABASE cloud_hospital FROM PUBLIC;
GRANT CONNECT ON DATABASE cloud_hospital TO cloud_hospital_app;
SQL
