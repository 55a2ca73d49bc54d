# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: MIT
# A follower in the background, for the tests of `ingest --follow`. After tap.sh, in the folder of the files.
#
#   follow MS FILE…                 begins it, looking each MS milliseconds; it writes follow.out and follow.err
#   end_follow [SIGNAL]             ends it (TERM), and puts what it exited with into $code
#   await NAME WANTED COMMAND…      a test: until the command prints WANTED, or the same for 30 seconds
#   line ID                         prints a line of a log;   said REGEX    in how many lines the follower said it

follower=
code=

follow() {
    local interval=$1
    shift
    "$program" -v --json ingest --follow --interval "$interval" "$@" >follow.out 2>follow.err &
    follower=$!
}

end_follow() {
    kill -"${1:-TERM}" "$follower"
    wait "$follower" 2>>"$work/.wait"
    # shellcheck disable=SC2034 # read by the tests
    code=$?
    follower=
}

stop_follow() { [ -z "$follower" ] || kill -KILL "$follower"; }
at_exit stop_follow

line() { printf '{"id":"%s","time":"2026-03-02T08:00:00Z","user_id":1}\n' "$1"; }
said() { grep -c "$1" follow.err; }

await() {
    local name=$1 wanted=$2 got='' last='' end=$((SECONDS + 30))
    shift 2
    while [ "$SECONDS" -lt "$end" ]; do
        got=$("$@")
        [ "$got" != "$wanted" ] || break
        [ "$got" = "$last" ] || end=$((SECONDS + 30)) last=$got
        sleep 0.02
    done
    is "$got" "$wanted" "$name"
}
