#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The units as a real systemd runs them, in the sandbox that they ask for: it is the first process of namespaces of the
# test's own, over this machine's files as they are; what it writes is in memory, and gone at the end.
. "$(dirname "$0")/../lib/tap.sh"
if [ -z "${own_namespace:-}" ]; then
    unshare --net --mount ip link set lo up 2>"$work/.unshare" ||
        skip_all "no network of its own can be made here: $(cat "$work/.unshare")"
    ! grep -q -e -fsanitize= "$build/flags" || skip_all 'a sanitizer wants memory and rights that the units do not give'
    trap - EXIT
    tap_clean
    own_namespace=yes exec unshare --net --mount bash "$0"
fi
. "$root/tests/lib/gateway.sh"
systemd=/lib/systemd/systemd
[ -x "$systemd" ] || skip_all 'systemd is not here (package systemd)'
ip link set lo up

# ---- a system of its own ----

# In the namespaces that its process has: lays out the files, and becomes systemd.
system_boot() { # FOLDER INSTALLED
    set -e
    mount --make-rprivate /
    mount -t tmpfs -o mode=755 tmpfs "$1"
    mkdir "$1/files" "$1/upper" "$1/between"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/between" "$1/files"
    cd "$1/files"
    # Nothing of what this machine would start: the journal is enough.
    rm -rf etc/systemd/system/* etc/fstab usr/lib/systemd/system-generators/* var/lib/headroom etc/headroom
    find -L lib/systemd/system/ -path '*.target.wants/*' ! -name 'systemd-journald*' -delete
    cp -a "$2/." .
    mount -t proc proc proc
    mount -t sysfs -o ro sysfs sys
    mount -t cgroup2 cgroup2 sys/fs/cgroup
    mount -t tmpfs -o mode=755 tmpfs dev
    for device in null zero full random urandom tty; do cp -a "/dev/$device" dev/; done
    ln -s /proc/self/fd dev/fd
    ln -s pts/ptmx dev/ptmx
    mkdir dev/pts dev/shm
    mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
    mount -t tmpfs -o mode=1777 tmpfs dev/shm
    mount -t tmpfs -o mode=755 tmpfs run
    mount -t tmpfs -o mode=1777 tmpfs tmp
    mkdir before
    pivot_root . before
    umount -l before
    # As a machine's own systemd has it: credentials get to a service so.
    mount --make-rshared /
    exec env -i container=headroom-test "$systemd" --system --unit=basic.target --show-status=no
}

cgroup=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)/headroom-test.$$
cgroup_gone() { find "$cgroup" -depth -type d -exec rmdir {} + 2>>"$work/.cgroup"; }
system_end() {
    kill -KILL "$system_pid" "$booter" 2>>"$work/.end"
    wait "$booter" 2>>"$work/.end"
    for _ in $(seq 100); do ! cgroup_gone || break; sleep 0.05; done
}
inside() { nsenter -t "$system_pid" -m -p -u -i -C env -i PATH="$PATH" LC_ALL=C.UTF-8 SYSTEMD_COLORS=0 "$@"; }
main_pid() { inside systemctl show -p MainPID --value "$1"; }
state_of() { inside systemctl is-active "$@" | tr '\n' ' '; }
in_time() { # COMMAND…: within half a minute
    local i
    for ((i = 0; i < 300; i++)); do ! "$@" >"$work/.in_time" 2>&1 || return 0; sleep 0.1; done
    return 1
}

# What `make install` does, which another test holds against its list; make itself would build anew where its flags differ.
usr=$work/files/usr/local
mkdir -p "$usr/bin" "$usr/lib/systemd/system" "$usr/lib/sysusers.d"
cp "$program" "$usr/bin/headroom"
cp "$root"/scripts/systemd/headroom-* "$usr/lib/systemd/system/"
cp "$root/scripts/systemd/headroom.sysusers" "$usr/lib/sysusers.d/headroom.conf"
upstream_start
mkdir -p "$work/files/etc/headroom" "$work/files/var/log/nginx"
cp -a "$work/ca" "$work/files/etc/headroom/tls"
echo "OPTIONS=--contract c --upstream-address 127.0.0.1:$upstream_port --upstream-ca /etc/headroom/tls/ca.pem" \
    >"$work/files/etc/headroom/gateway.env"
printf '%s\n' 'OPTIONS=--contract c' 'FILES=/var/log/nginx/engagement.log*' >"$work/files/etc/headroom/follow-nginx.env"
echo 'db = host=/var/lib/headroom/run user=headroom dbname=headroom' >"$work/files/etc/headroom/headroom.conf"

mkdir "$work/system" && mkdir "$cgroup" 2>"$work/.cgroup" ||
    skip_all "no cgroup of its own can be made here: $(cat "$work/.cgroup")"
at_exit cgroup_gone
(
    echo "$BASHPID" >"$cgroup/cgroup.procs" || exit 1
    exec unshare --fork --pid --mount --uts --ipc --cgroup --kill-child bash -c \
        "systemd=$systemd; $(declare -f system_boot); system_boot '$work/system' '$work/files'"
) >"$work/boot.log" 2>&1 &
booter=$! system_pid=
at_exit system_end
booted() {
    system_pid=$(pgrep -P "$booter") && [ "$(cat "/proc/$system_pid/comm")" = systemd ] &&
        [ "$(inside systemctl is-active basic.target)" = active ]
}
began=$SECONDS
while ! booted; do
    kill -0 "$booter" 2>/dev/null && [ $((SECONDS - began)) -lt 60 ] ||
        skip_all "no systemd runs here: $(tail -n 3 "$work/boot.log" | tr '\n' ' ')"
    sleep 0.05
done 2>>"$work/.boot"

# ---- what scripts/systemd/README.md tells ----

ledger() { inside headroom db psql -- -XAtc "$1"; }
server_is_the_units() { # NAME
    is "$(main_pid headroom-db)" "$(inside head -n 1 /var/lib/headroom/cluster/postmaster.pid)" "$1"
}
# The database as the last: each is stopped as it is named.
units='headroom-gateway headroom-gateway.socket headroom-serve headroom-follow@nginx headroom-forecast.timer headroom-db'

exits 0 inside systemd-sysusers
exits 0 inside systemctl daemon-reload
exits 0 inside systemctl enable --now headroom-db headroom-forecast.timer
server_is_the_units 'the database is started by its unit'
exits 0 inside headroom contract add c --limit 500 --price 2.50 --currency USD
exits 0 inside systemctl enable --now headroom-gateway headroom-serve headroom-follow@nginx
# shellcheck disable=SC2086 # names
is "$(state_of $units)" 'active active active active active active ' 'all units are active'
exits 0 inside systemctl start headroom-forecast
like "$(inside journalctl -q -o cat -u headroom-forecast)" 'Contract c, billing month' 'the forecast is in the journal'
key=$(inside headroom key add k --contract c 2>"$work/.key")
ok 'the event endpoint takes an event' in_time curl -sSf http://127.0.0.1:8077/v1/events \
    -H "Authorization: Bearer $key" -H 'Content-Type: application/json' \
    -d '{"id":"e","time":"2026-06-05T14:03:11Z","user_id":"1","label":"served"}'
line() { printf '{"time":"2026-06-05T14:03:%sZ","user_id":"2","label":"%s"}\n' "$1" "$2"; }
{ line 11 followed; line 12 followed; } | inside tee /var/log/nginx/engagement.log >"$work/.tee"
is_followed() { [ "$(ledger "SELECT count(*) FROM headroom.event WHERE label IN ('served', 'followed')")" = 3 ]; }
ok 'a log is followed, and an event that was sent is there' in_time is_followed
is "$(inside journalctl -q -p warning -o cat -u 'headroom-*')" '' 'systemd found nothing to warn of'

# ---- restarted and killed under load ----

# shellcheck disable=SC2034 # gateway.sh reads it
gateway_port=443
load_begin load --threads 4
sleep 0.5
for _ in 1 2; do
    before=$(main_pid headroom-gateway)
    exits 0 inside systemctl restart headroom-gateway
    isnt "$(main_pid headroom-gateway)" "$before" 'the gateway is another process'
    sleep 0.5
done
before=$(main_pid headroom-gateway)
inside kill -KILL "$before"
is_again() { [ "$(state_of "$1")" = 'active ' ] && [ "$(main_pid "$1")" != "$before" ]; }
ok 'killed, it is started again' in_time is_again headroom-gateway
sleep 0.5
load_end
is "$(jq -r '.error // "" | select(test("refused|timed out"))' "$load_sent" | head -n 3)" '' 'no client was refused'
is "$(jq -r '.status | select(. != null and . != 200)' "$load_sent" | head -n 3)" '' 'nor answered by an error'
ok 'requests were answered' grep -q '"status": 200' "$load_sent"

# A command starts the server while its unit is stopped; then the unit takes it over.
exits 0 inside systemctl stop headroom-follow@nginx
exits 0 inside systemctl stop headroom-db
exits 0 inside env HEADROOM_CONFIG= headroom contract list
is "$(state_of headroom-db)" 'inactive ' 'the unit has no part in it'
exits 0 inside systemctl start headroom-db
server_is_the_units 'the unit has taken the server over'

jq -r 'select(.did == "came" and .marker != null) | .marker' "$upstream_log" | sort >"$work/reached"
all_are_events() {
    ledger "SELECT label FROM headroom.event WHERE label LIKE 'load.%'" | sort >"$work/events"
    [ -z "$(comm -23 "$work/reached" "$work/events")" ]
}
ok 'whatever reached the vendor is an event' in_time all_are_events
is "$(uniq -d "$work/events" | head -n 3)" '' 'once'
if [ -n "${HEADROOM_TEST_FULL:-}" ]; then
    before=$(main_pid headroom-db)
    inside kill -KILL "$before"
    ok 'a database that was killed comes back' in_time is_again headroom-db
    server_is_the_units 'as the unit'\''s'
fi

# shellcheck disable=SC2086 # names
exits 0 inside systemctl stop $units
is "$(inside systemctl list-units --state=failed --plain --no-legend 'headroom*')" '' 'all end well'
like "$(inside tail -n 1 /var/lib/headroom/server.log)" 'database system is shut down' 'the database too'
