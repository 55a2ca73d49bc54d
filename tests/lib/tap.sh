# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What a test in shell stands on: TAP with the plan at the end, a folder of its own, the program under test.
#
#   . "$(dirname "$0")/../lib/tap.sh"
#   exits 0 headroom --help                # runs it; afterwards $out and $err hold what it printed
#   like "$out" 'usage'      'help names the usage'
#   is   "$(wc -l <"$log")" 3 'three lines'
#   ok   'the file is there' test -e "$work/x"
#
# A test needs nothing else: the plan, the cleanup and the exit code come at its end. It never sees the caller's ledger:
# HEADROOM_HOME is $work/home, HEADROOM_DB is unset. What must be undone is told by `at_exit COMMAND…`.

set -u
umask 022
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${HEADROOM_BUILD:-build}
case $build in /*) ;; *) build=$root/$build ;; esac
program=$build/headroom
# Short, because the path of a Unix socket has room for 107 bytes.
work=$(mktemp -d /tmp/hr.XXXXXX)
chmod 755 "$work"
unset HEADROOM_DB PGHOST PGPORT PGUSER PGDATABASE PGSERVICE PGOPTIONS NO_COLOR XDG_DATA_HOME MAKEFLAGS MAKELEVEL
export HEADROOM_HOME=$work/home HEADROOM_CONFIG=/dev/null LC_ALL=C.UTF-8 TZ=UTC PGSYSCONFDIR=$work PGPASSFILE=$work/none
export HEADROOM_TEST_SEED=${HEADROOM_TEST_SEED:-$RANDOM$RANDOM}

tap_count=0 tap_failed=0 tap_undo=()
# shellcheck disable=SC2034 # read by the tests
out='' err=''

headroom() { "$program" "$@"; }

# shellcheck source=tests/lib/wait.sh
. "$root/tests/lib/wait.sh"

driver_find() { # NAME: one of the test programs of tests/lib, in $driver
    driver=$build/tests/lib/$1
    [ -x "$driver" ] || bail_out "no $driver: make tests"
}

# For a subshell: no more than KIB of memory from here on. The address sanitizer reserves terabytes that it does not use.
limit_memory() { # KIB
    grep -q -e -fsanitize=address "$build/flags" || ulimit -v "$1"
}

note() { printf '%s\n' "$*" | sed 's/^/# /'; }

at_exit() { tap_undo+=("$(printf '%q ' "$@")"); }

tap_result() { # passed|failed NAME
    tap_count=$((tap_count + 1))
    if [ "$1" = passed ]; then
        printf 'ok %d - %s\n' "$tap_count" "$2"
    else
        tap_failed=$((tap_failed + 1))
        printf 'not ok %d - %s\n' "$tap_count" "$2"
        return 1
    fi
}

ok() { # NAME COMMAND…: passes when the command exits 0
    local name=$1
    shift
    if "$@"; then tap_result passed "$name"; else tap_result failed "$name"; fi
}

is() { # GOT WANTED NAME
    if [ "$1" = "$2" ]; then tap_result passed "$3"; return; fi
    tap_result failed "$3"
    note "     got: $1"
    note "  wanted: $2"
    return 1
}

isnt() { # GOT UNWANTED NAME
    if [ "$1" != "$2" ]; then tap_result passed "$3"; return; fi
    tap_result failed "$3"
    note "     got: $1"
    return 1
}

like() { # GOT EXTENDED-REGEX NAME
    if [[ $1 =~ $2 ]]; then tap_result passed "$3"; return; fi
    tap_result failed "$3"
    note "         got: $1"
    note "  not matched: $2"
    return 1
}

unlike() { # GOT EXTENDED-REGEX NAME
    if ! [[ $1 =~ $2 ]]; then tap_result passed "$3"; return; fi
    tap_result failed "$3"
    note "      got: $1"
    note "  matched: $2"
    return 1
}

# exits CODE COMMAND…: runs it with this test's standard input, keeps $out and $err, and compares the exit code.
exits() {
    local wanted=$1 got name
    shift
    "$@" >"$work/.out" 2>"$work/.err"
    got=$?
    # shellcheck disable=SC2034
    out=$(tr -d '\0' <"$work/.out")
    # shellcheck disable=SC2034
    err=$(tr -d '\0' <"$work/.err")
    name="exit $wanted: $*"
    name=${name//$work/…}
    name=${name//$root\//}
    name=${name//$'\n'/ }
    if [ "$got" -eq "$wanted" ]; then tap_result passed "${name//#/}"; return; fi
    tap_result failed "${name//#/}"
    note "exit code: $got"
    note "standard output: $(head -c 2000 "$work/.out" | tr -d '\0')"
    note "standard error: $(head -c 4000 "$work/.err" | tr -d '\0')"
    return 1
}

skip() { # NAME WHY: one test that can't be run here
    tap_count=$((tap_count + 1))
    printf 'ok %d - %s # SKIP %s\n' "$tap_count" "$1" "$2"
}

skip_all() { # WHY: the whole file can't be run here
    trap - EXIT
    tap_clean
    printf '1..0 # SKIP %s\n' "$1"
    exit 0
}

bail_out() { # WHY: nothing after this makes sense
    tap_count=$((tap_count + 1))
    tap_failed=$((tap_failed + 1))
    printf 'not ok %d - %s\n' "$tap_count" "$1"
    [ $# -lt 2 ] || note "$2"
    exit 1
}

# A private cluster that the test had the program make is ended by the pid in its own file, wherever it lies below $work.
# A server works in its data folder; a number left behind may be another process's by now.
tap_clean() {
    local i file pid
    for ((i = ${#tap_undo[@]} - 1; i >= 0; i--)); do eval "${tap_undo[i]}"; done
    while IFS= read -r -d '' file; do
        pid=$(head -n 1 "$file")
        [ "/proc/$pid/cwd" -ef "${file%/*}" ] || continue
        kill -INT "$pid" 2>/dev/null || continue
        within 10 not runs "$pid" || kill -KILL "$pid" 2>/dev/null
    done < <(find "$work" -name postmaster.pid -type f -print0 2>/dev/null)
    rm -rf "$work"
}

tap_end() {
    local code=$?
    trap - EXIT
    tap_clean
    printf '1..%d\n' "$tap_count"
    [ "$tap_count" -gt 0 ] || { note 'no test was run'; exit 1; }
    [ "$tap_failed" -eq 0 ] || { note "$tap_failed of $tap_count failed"; exit 1; }
    exit "$code"
}
trap tap_end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
