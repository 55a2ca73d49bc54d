#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The private cluster: made once and whole, started by itself, killed, in homes of every kind, stopped.
. "$(dirname "$0")/../lib/tap.sh"
export HEADROOM_CONFIG=

server_pid() { head -n 1 "$HEADROOM_HOME/cluster/postmaster.pid"; }
value() { headroom db psql -- -XAtc "$1"; }

# ---- nothing there ----

for command in status 'db start' 'db stop' 'db status' 'db psql' "db backup $work/never"; do
    # shellcheck disable=SC2086  # the words of a command
    exits 6 headroom $command
    like "$err" "$HEADROOM_HOME" "$command names the place it looked"
done
like "$err" 'headroom init' 'and what to do'
is "$out" '' 'and prints nothing on standard output'
ok 'no home was made' test ! -e "$HEADROOM_HOME"
ok 'no backup was begun' test ! -e "$work/never"

# ---- init ----

# An attempt that was broken off has left its folder.
mkdir -p "$HEADROOM_HOME/cluster.new/base"
touch "$HEADROOM_HOME/cluster.new/PG_VERSION"
exits 0 headroom init
ok 'what an attempt left is taken away' test ! -e "$HEADROOM_HOME/cluster.new"
like "$out" 'made the schema, version [0-9]+, in the private cluster in ' 'init says what it made'
exits 0 headroom init
like "$out" 'is up to date' 'init again changes nothing'
exits 0 headroom init --json
is "$(jq -c 'keys' <<<"$out")" '["database","schema","schema_before"]' 'init --json has its keys'
is "$(jq '.schema == .schema_before' <<<"$out")" true 'init --json: the schema was there'
is "$(stat -c %a "$HEADROOM_HOME/run")" 700 'the socket is in a folder for the server alone'
is "$(value 'SHOW listen_addresses')" '' 'it listens on no network'
is "$(value 'SHOW data_checksums')" on 'data has checksums'
is "$(value 'SHOW server_encoding; SHOW lc_collate')" $'UTF8\nC' 'UTF8, ordered by bytes'
is "$(value 'SHOW fsync; SHOW synchronous_commit; SHOW full_page_writes')" $'on\non\non' 'what is committed is durable'
is "$(value "SELECT count(*) FROM pg_roles WHERE rolname ~ '^headroom_(owner|writer|reader)$' AND NOT rolcanlogin")" 3 \
    'the roles are there, and none can log in'
is "$(value "SELECT count(*) FROM pg_class WHERE relnamespace = 'headroom'::regnamespace
    AND relowner <> 'headroom_owner'::regrole")" 0 'everything belongs to headroom_owner'
is "$(value "SELECT count(*) FROM pg_proc WHERE pronamespace = 'headroom'::regnamespace
    AND proowner <> 'headroom_owner'::regrole")" 0 'the functions too'
is "$(value "SELECT seq, encode(digest, 'hex') FROM headroom.chain_head")" "0|$(printf '0%.0s' {1..64})" \
    'the chain has its beginning'
is "$(value "SELECT string_agg(code || minor_digits, ' ' ORDER BY code) FROM headroom.currency
    WHERE code IN ('USD', 'JPY', 'KWD', 'CLF')")" 'CLF4 JPY0 KWD3 USD2' 'currencies have their minor digits'

# ---- start, stop, status ----

exits 0 headroom db status --json
is "$(jq -r '.running, .pid, .home, .socket' <<<"$out" | tr '\n' ' ')" \
    "true $(server_pid) $HEADROOM_HOME $HEADROOM_HOME/run " 'status --json: where it is and how it runs'
pid=$(server_pid)
exits 0 headroom db start
is "$(server_pid)" "$pid" 'starting one that runs changes nothing'
[ "$(id -u)" -ne 0 ] || isnt "$(stat -c %u "/proc/$pid")" 0 'the server does not run as root'
is "$(ps -o sid= -p "$pid" | tr -d ' ')" "$pid" 'it has a session of its own'
is "$(readlink "/proc/$pid/fd/0")" /dev/null 'and nothing as standard input'
exits 0 headroom db stop
like "$out" 'is stopped' 'stop says so'
ok 'the server has ended' not runs "$pid"
exits 0 headroom db stop
exits 0 headroom db status --json
is "$(jq -c '[.running, .pid]' <<<"$out")" '[false,null]' 'status --json of a stopped one'
exits 0 headroom contract list
ok 'a command starts it by itself' test -e "/proc/$(server_pid)"

# ---- psql ----

exits 0 headroom db psql -- -XAtc 'SELECT current_database(), current_user'
is "$out" 'headroom|headroom' 'psql is on the ledger'
exits 3 headroom db psql -- -Xq -v ON_ERROR_STOP=1 -f <(echo 'SELECT wrong')
like "$err" 'wrong' "psql's own exit code and message come through"

# ---- killed ----

exits 0 headroom contract add kept --limit 10 --price 1 --currency USD
pid=$(server_pid)
kill -KILL "$pid"
within 60 not runs "$pid"
ok 'a killed server leaves its pid file' test -s "$HEADROOM_HOME/cluster/postmaster.pid"
exits 0 headroom db status --json
is "$(jq .running <<<"$out")" false 'which does not mislead status'
: >"$HEADROOM_HOME/server.log"
exits 0 headroom contract list
like "$out" 'kept' 'the next command starts it, and nothing is lost'
like "$(cat "$HEADROOM_HOME/server.log")" 'not properly shut down' 'after a recovery'
unlike "$(cat "$HEADROOM_HOME/server.log")" FATAL 'which is waited for without asking all the time'
pid=$(server_pid)
kill -KILL "$pid"
within 60 not runs "$pid"
sed -i "1s/.*/$$/" "$HEADROOM_HOME/cluster/postmaster.pid"
exits 0 headroom db stop
ok "a stale file with another process's number ends nobody" kill -0 $$
exits 0 headroom contract list
isnt "$(server_pid)" $$ 'and does not keep it from starting'

# Two at once: one starts it, the other waits.
headroom db stop >"$work/log" 2>&1
headroom contract list >"$work/one" 2>&1 & one=$!
headroom contract list >"$work/two" 2>&1 & two=$!
ok 'of two at once the first is served' wait "$one"
ok 'and so is the second' wait "$two"

# ---- a cluster whose programs are gone ----

exits 0 headroom db stop
cp "$HEADROOM_HOME/cluster/PG_VERSION" "$work/version"
echo 14 >"$HEADROOM_HOME/cluster/PG_VERSION"
exits 6 headroom db start
like "$err" 'postgresql-14' 'a version that is not installed: names its package'
like "$err" 'restore' 'or the other way'
cat "$work/version" >"$HEADROOM_HOME/cluster/PG_VERSION"

# ---- a server that does not start ----

echo 'no_such_setting = 1' >>"$HEADROOM_HOME/cluster/postgresql.conf"
exits 6 headroom db start
like "$err" 'no_such_setting' "the log's last lines are in the message"
sed -i '$d' "$HEADROOM_HOME/cluster/postgresql.conf"
exits 0 headroom db start
exits 0 headroom db stop

# ---- other homes ----

mkdir -m 700 "$work/closed"
long=$(printf 'long%.0s' {1..30})
export HEADROOM_HOME="$work/closed/$long/a home, with 'marks' \\ and ü"
exits 0 headroom init
exits 0 headroom contract add a --limit 1 --price 1 --currency USD
exits 0 headroom db psql -- -XAtc 'SELECT name FROM headroom.contract'
is "$out" a 'a path of over 107 bytes, below a folder that only the caller may enter'
is "$(stat -c %a "$work/closed")" 700 'whose rights are as they were'

# An attempt that was broken off when its server ran.
pid=$(server_pid)
mv "$HEADROOM_HOME/cluster" "$HEADROOM_HOME/cluster.new"
exits 0 headroom init
ok 'its server is ended first' not runs "$pid"
exits 0 headroom db stop

export HEADROOM_HOME=$work/foreign
mkdir -p "$HEADROOM_HOME/run" && chmod 777 "$HEADROOM_HOME/run"
exits 6 headroom init
like "$err" 'run is not the server.s own' 'a socket folder open to others is refused'
ok 'and nothing is left of the attempt' test ! -e "$HEADROOM_HOME/cluster.new" -a ! -e "$HEADROOM_HOME/cluster"

mkdir -p "$work/other/cluster"
HEADROOM_HOME=$work/other exits 6 headroom db start
like "$err" 'is no PostgreSQL cluster' 'a folder that is none is told'
HEADROOM_HOME=$work/file exits 6 headroom db status
echo text >"$work/file"
HEADROOM_HOME=$work/file/home exits 6 headroom init
like "$err" 'Not a directory' 'a file in the way is told'

# ---- as another user ----

if [ "$(id -u)" -eq 0 ] && id nobody >/dev/null 2>&1; then
    cp "$program" "$work/headroom"
    mkdir "$work/nobody" && chown nobody "$work/nobody"
    export HEADROOM_HOME=$work/nobody/home
    as_nobody() { setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups "$work/headroom" "$@"; }
    exits 0 as_nobody init
    is "$(stat -c %U "/proc/$(server_pid)")" nobody "the server is the caller's own"
    exits 0 headroom contract list
    pid=$(server_pid)
    exits 0 headroom db stop
    exits 0 headroom contract list
    is "$(stat -c %U "/proc/$(server_pid)")" nobody "started by root it runs as the cluster's owner"
    exits 0 as_nobody db stop
    rm "$HEADROOM_HOME/server.log" "$HEADROOM_HOME/lock"
    exits 0 headroom db start
    exits 0 as_nobody db stop
    exits 0 as_nobody db start
    is "$(stat -c %U "$HEADROOM_HOME/server.log" "$HEADROOM_HOME/lock" | sort -u)" nobody "what root made there is the owner's"
    exits 0 as_nobody db stop
    HEADROOM_HOME=$work/home exits 6 as_nobody db status
    like "$err" 'Permission denied|another user' "another's home is refused"
else
    skip 'as another user' 'needs root'
fi
