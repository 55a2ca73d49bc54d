# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# A load whose outcome is known, for the fault tests: what is in the ledger in the end, however it got there.
#
#   load_log FROM TO FILE                    lines FROM to TO-1 of the log, each with an id of its own
#   load_is_whole DATABASE LINES             the ledger holds exactly the lines 0 to LINES-1, and proves it

load_users=977

load_log() { # FROM TO FILE
    awk -v from="$1" -v to="$2" -v users="$load_users" 'BEGIN { for (i = from; i < to; i++)
        printf "{\"id\":\"k%d\",\"time\":%d,\"user_id\":%d,\"handle\":\"h%d\"}\n",
            i, 1790812800 + i % 2000000, 1 + i % users, i % users }' >"$3"
}

load_is_whole() { # DATABASE LINES
    local query=(cluster_psql "$1" -At -c)
    is "$("${query[@]}" 'SELECT count(*), count(DISTINCT event_id) FROM headroom.event')" "$2|$2" \
        'every line is an event, once'
    is "$("${query[@]}" 'SELECT sum(added) FROM headroom.batch')" "$2" 'and in the totals of one batch'
    is "$("${query[@]}" 'SELECT count(*), sum(requests) FROM headroom.usage')" "$load_users|$2" \
        'the usage holds every user and every request'
    is "$("${query[@]}" "SELECT count(*) FROM headroom.usage AS u
        WHERE u.requests <> (SELECT $2 / $load_users + (u.subject::bigint <= $2 % $load_users)::integer)")" 0 \
        'each with its own number of requests'
    is "$("${query[@]}" 'SELECT sum(requests) FROM headroom.daily')" "$2" 'and so do the requests by day'
    is "$("${query[@]}" 'SELECT count(*), count(DISTINCT digest), max(seq) FROM headroom.chain')" \
        "$("${query[@]}" 'SELECT seq, seq, seq FROM headroom.chain_head')" 'the chain has no gap'
    exits 0 headroom reconcile --month 2026-10 --recount
    exits 0 headroom verify
    is "$(headroom --json status --month 2026-10 | jq '.[0].unique_handles')" "$load_users" 'the count is exact'
}
