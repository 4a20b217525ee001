#!/bin/sh
# A PostgreSQL cluster for tests, in a temporary folder: says "ready", runs until its input ends, and leaves nothing behind.
# Its input ends when the tests are over or were killed. Usage: postgres.sh PORT (not as root: PostgreSQL refuses)
set -eu
PATH="$PATH:$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
initdb -D "$folder/data" -U bedring -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
postgres -D "$folder/data" -p "$1" -k "$folder" -c listen_addresses=127.0.0.1 -c fsync=off \
    -c full_page_writes=off -c max_connections=300 >"$folder/log" 2>&1 &
server=$!
tries=0
until pg_isready -q -h 127.0.0.1 -p "$1"; do
    tries=$((tries + 1))
    [ "$tries" -lt 150 ] && kill -0 "$server" 2>/dev/null || { cat "$folder/log"; exit 1; }
    sleep 0.1
done
echo ready
cat >/dev/null
kill -INT "$server"
wait "$server" || true
