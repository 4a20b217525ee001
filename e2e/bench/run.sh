#!/usr/bin/env bash
# `make bench`: the journal on SQLite and PostgreSQL beside the raw disk and a bare server, follow-ups beside a bare mail library, then the
# phone; one report at the end.
# The PostgreSQL is a cluster of its own in a temporary folder, with its defaults (every commit is flushed).
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=$(mktemp -d)
port=$((20000 + RANDOM % 20000))
as_user=()
if [ "$(id -u)" = 0 ]; then
  chown postgres "$folder"
  as_user=(runuser -u postgres --)
fi
PATH="$PATH:$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)"
stop() {
  (cd / && "${as_user[@]}" pg_ctl -D "$folder/data" -m immediate stop >/dev/null 2>&1) || true
  rm -rf "$folder"
}
trap stop EXIT
(
  cd /
  "${as_user[@]}" initdb -D "$folder/data" -U bedring -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
  "${as_user[@]}" pg_ctl -D "$folder/data" -o "-p $port -k $folder -c listen_addresses=127.0.0.1" -l "$folder/log" -w start >/dev/null
  "${as_user[@]}" createdb -h 127.0.0.1 -p "$port" -U bedring bedring
)

export BEDRING_BENCH_TARGET="$PWD/target" BEDRING_BIN="$PWD/target/release/bedring"
cargo bench -q -p bedring-server --bench journal -- --postgres "postgres://bedring@127.0.0.1:$port/bedring" "$@"
cargo bench -q -p bedring-server --bench followup
node e2e/bench/phone.mjs
node e2e/tools/budget.mjs
node -e '
  const fs = require("node:fs");
  const read = (name) => JSON.parse(fs.readFileSync(`target/bench/${name}.json`, "utf8"));
  const report = { made_at: new Date().toISOString(), journal: read("journal"), followup: read("followup"), phone: read("phone") };
  fs.writeFileSync("target/bench/report.json", JSON.stringify(report, null, 2) + "\n");
  console.log("written: target/bench/report.json");
'
