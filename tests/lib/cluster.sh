# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# A throw-away PostgreSQL: on a Unix socket in a short folder under /tmp, owned by an unprivileged user, ended by its pid.
#
#   . "$(dirname "$0")/../lib/cluster.sh"      after tap.sh (which ends it), or alone with `trap cluster_stop EXIT`
#   cluster_start [SETTING…]                   each SETTING as NAME=VALUE, instead of the ones for tests
#   cluster_down [SIGNAL], cluster_up          ends the server by a signal of PostgreSQL's, INT without one; starts it again
#   cluster_psql DATABASE …                    psql as the superuser
#   cluster_database NAME [TEMPLATE]           makes a database; cluster_url NAME prints its conninfo
#   ledger_new NAME                            makes a database, puts headroom's schema into it, exports HEADROOM_DB
# A database sorts texts by bytes; with cluster_locale=en-US a new one without a TEMPLATE sorts them as people there do.

# shellcheck source=tests/lib/wait.sh
. "${BASH_SOURCE[0]%/*}/wait.sh"

pg_bin=
cluster=
cluster_locale=

# The newest server's programs, 15 at least. HEADROOM_TEST_PGBIN chooses others.
cluster_find_programs() {
    local folder version best=0
    [ -z "$pg_bin" ] || return 0
    if [ -n "${HEADROOM_TEST_PGBIN:-}" ]; then pg_bin=$HEADROOM_TEST_PGBIN; return 0; fi
    for folder in /usr/lib/postgresql/*/bin "$(pg_config --bindir 2>/dev/null)"; do
        [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] || continue
        version=$("$folder/postgres" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
        if [ "$version" -gt "$best" ]; then best=$version pg_bin=$folder; fi
    done
    [ "$best" -ge 15 ] || { echo 'no PostgreSQL server 15 or newer: run ./scripts/bootstrap' >&2; return 1; }
}

# PostgreSQL refuses to run as root.
cluster_as() {
    if [ "$(id -u)" -ne 0 ]; then "$@"; return; fi
    (cd / && exec setpriv --reuid="$cluster_user" --regid="$(id -g "$cluster_user")" --clear-groups -- "$@")
}

cluster_start() {
    local settings=("$@")
    [ -z "$cluster" ] || return 0
    cluster_find_programs || return 1
    [ ${#settings[@]} -gt 0 ] || settings=(fsync=off synchronous_commit=off full_page_writes=off shared_buffers=64MB
        max_connections=50)
    if id postgres >/dev/null 2>&1; then cluster_user=postgres; else cluster_user=nobody; fi
    cluster=$(mktemp -d /tmp/pg.XXXXXX)
    [ "$(id -u)" -ne 0 ] || chown "$cluster_user" "$cluster"
    if declare -F at_exit >/dev/null; then at_exit cluster_stop; fi
    cluster_as "$pg_bin/initdb" -D "$cluster/data" -U postgres -A trust -E UTF8 --no-locale --no-sync \
        >"$cluster.log" 2>&1 || { cat "$cluster.log" >&2; return 1; }
    {
        printf "listen_addresses = ''\nunix_socket_directories = '%s'\nport = 5432\n" "$cluster"
        printf "timezone = 'UTC'\nlog_timezone = 'UTC'\n"
        printf '%s\n' "${settings[@]}" | sed "s/^\([a-z_.]*\)=\(.*\)/\1 = '\2'/"
    } >>"$cluster/data/postgresql.conf"
    cluster_up
}

cluster_up() {
    cluster_as "$pg_bin/pg_ctl" -D "$cluster/data" -l "$cluster/log" -w -t 60 start >"$cluster.log" 2>&1 || {
        cat "$cluster.log" "$cluster/log" >&2
        return 1
    }
    rm -f "$cluster.log"
}

cluster_down() { # [SIGNAL]
    local pid
    pid=$(head -n 1 "$cluster/data/postmaster.pid")
    kill -"${1:-INT}" "$pid"
    within 30 not runs "$pid"
}

cluster_stop() {
    local pid
    [ -n "$cluster" ] || return 0
    if [ -s "$cluster/data/postmaster.pid" ]; then
        pid=$(head -n 1 "$cluster/data/postmaster.pid")
        # A server that was killed leaves its number, which may be another process's by now.
        if [ "/proc/$pid/cwd" -ef "$cluster/data" ]; then
            kill -INT "$pid" 2>/dev/null
            within 10 not runs "$pid" || { kill -QUIT "$pid"; sleep 1; }
        fi
    fi
    rm -rf "$cluster" "$cluster.log"
    cluster=
}

cluster_url() { printf 'host=%s port=5432 user=postgres dbname=%s' "$cluster" "$1"; }

cluster_psql() { # DATABASE ARGUMENT…
    local database=$1
    shift
    psql -X -q -v ON_ERROR_STOP=1 -d "$(cluster_url "$database")" "$@"
}

cluster_database() { # NAME [TEMPLATE]
    local locale=''
    [ -z "$cluster_locale" ] || [ -n "${2:-}" ] || locale="LOCALE_PROVIDER icu ICU_LOCALE '$cluster_locale'"
    cluster_psql postgres -c "CREATE DATABASE \"$1\" TEMPLATE \"${2:-template0}\" $locale"
}

ledger_new() { # NAME
    cluster_start && cluster_database "$1" || return 1
    HEADROOM_DB=$(cluster_url "$1")
    export HEADROOM_DB
    headroom init >"${work:-/tmp}/.init" 2>&1 || { cat "${work:-/tmp}/.init" >&2; return 1; }
}
