# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Waiting for something to become true, and ports that nobody has. tap.sh and cluster.sh bring it.
#
#   within SECONDS COMMAND…     runs it time and again until it exits 0; fails when that takes longer
#   until_up PID COMMAND…       the same within 60 seconds, for what a process first has to come to: fails when it ends before
#   not COMMAND…                exits 0 where the command does not
#   runs PID                    it has not ended
#   says FILE REGEX [COUNT]     so many lines of the file match, at least 1
#   port_listens PORT           somebody does, on the loopback address
#   port_has_read PORT          who listens there has accepted each connection to it and read what came
#   port_free VARIABLE          sets it to a port where nobody does, below those that the kernel gives to clients

within() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -le "$end" ] || return 1
        sleep 0.02
    done
}

until_up() {
    local pid=$1
    shift
    within 60 up_or_ended "$pid" "$@" && "$@"
}
up_or_ended() { # PID COMMAND…
    "${@:2}" || ! runs "$1"
}

not() { ! "$@"; }

# What has ended and is not yet reaped has no program any more.
runs() { [ -e "/proc/$1/exe" ]; }

says() { [ "$(grep -csE -- "$2" "$1")" -ge "${3:-1}" ]; }

port_listens() { (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# A connection that was not accepted has no inode yet.
port_has_read() {
    awk -v port="$(printf ':%04X' "$1")" '
        $2 ~ port "$" && $4 == "01" && ($10 == 0 || $5 !~ /:00000000$/) { waits = 1 }
        END { exit waits }' /proc/net/tcp
}

port_free() {
    local found
    for ((;;)); do
        found=$((20000 + RANDOM % 12000))
        port_listens "$found" || break
    done
    printf -v "$1" %d "$found"
}
