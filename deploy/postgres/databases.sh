#!/bin/sh
# One database a service, and one user who owns it and sees no other. The image runs this once, on an empty volume.
set -eu
for service in catalog matching gateway; do
  psql --username "$POSTGRES_USER" --dbname postgres --quiet --no-psqlrc -v ON_ERROR_STOP=1 \
    -v service="$service" -v password="$(cat "/run/secrets/$service-database-password")" <<'SQL'
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service";
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
SQL
done
