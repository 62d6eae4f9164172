#!/bin/bash
# Runs a command beside a PostgreSQL of its own in a temporary folder, whose address is TEST_POSTGRES_URL.
set -euo pipefail

programs=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
folder=$(mktemp -d /tmp/roost-postgres.XXXXXX)
# PostgreSQL refuses to run as root; Debian's package has made a user for it.
drop=()
if [ "$(id -u)" -eq 0 ]; then
    chown postgres "$folder"
    drop=(setpriv --reuid=postgres --regid=postgres --init-groups)
fi

server=
finish() {
    [ -z "$server" ] || { kill -INT "$server" && wait "$server"; } || true
    rm -rf "$folder"
}
trap finish EXIT

# The log says what went wrong, if something does.
(cd /tmp && "${drop[@]}" "$programs/initdb" -U postgres -A trust -E UTF8 --locale=C -N -D "$folder/cluster") >"$folder.log" 2>&1 ||
    { cat "$folder.log" >&2; exit 1; }
mv "$folder.log" "$folder/initdb.log"
(cd /tmp && exec "${drop[@]}" "$programs/postgres" -D "$folder/cluster" -c listen_addresses= -c fsync=off \
    -c unix_socket_directories="$folder" -c max_connections=200 >>"$folder/initdb.log" 2>&1) &
server=$!
for _ in $(seq 300); do
    "$programs/pg_isready" -q -h "$folder" && break
    kill -0 "$server" || { cat "$folder/initdb.log" >&2; exit 1; }
    sleep 0.1
done

TEST_POSTGRES_URL="postgresql://postgres@/postgres?host=$folder" "$@"
