#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# No secret is kept: tokens are planted in logs of every format, whole and broken, and then searched in the files of the
# database, in a backup and in all that was printed or written.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

# Invented, in the shapes of the vendor's: an access token, its secret, a bearer token, a signature, a cookie.
access=7505382-Zr4bXw9KpQ2mLs8VtYc6NdHfGjUe3A1oRi5T
bearer=AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0%2BuSeid%2BULvsea4JtiGRiSDSJSI%3DEUifiRBkKG5E2XzMDjRfl76ZC9Ub0wnz4XsNiRVBChTYbJcE3F
signature=c2VjcmV0U2lnbmF0dXJl0x7Kq%3D
cookie=0123456789abcdef0123456789abcdef01234567
oauth="OAuth oauth_consumer_key=\\\"app1\\\", oauth_nonce=\\\"n\\\", oauth_signature=\\\"$signature\\\", oauth_token=\\\"$access\\\""
searched='Zr4bXw9KpQ2m|AAAAMLheAAAA|0%2BuSeid|EUifiRBkKG5E|c2VjcmV0U2ln|0123456789abcdef0123'

mkdir "$work/logs" && cd "$work/logs" || exit 1
cat >lines.jsonl <<END
{"id":"a","time":"2026-10-05T10:00:00Z","user_id":7,"authorization":"$oauth"}
{"id":"b","time":"2026-10-05T10:00:00Z","user_id":7,"label":"$access"}
{"id":"c","time":"2026-10-05T10:00:00Z","user_id":7,"source":"Bearer $bearer"}
{"id":"d","time":"2026-10-05T10:00:00Z","user_id":7,"metrics":{"oauth_token":"$access"}}
{"id":"e","time":"bad","user_id":7,"headers":{"Authorization":"$oauth","Cookie":"auth_token=$cookie; ct0=x"}}
{"id":"f", broken, "authorization":"Bearer $bearer", "cookie":"auth_token=$cookie"
{"id":"$access","time":"2026-10-05T10:00:00Z","handle":"$access"}
END
cat >rows.csv <<END
id,time,user_id,label,authorization
a,2026-10-05T10:00:00Z,7,x,"OAuth oauth_token=""$access"", oauth_signature=""$signature"""
b,2026-10-05T10:00:00Z,7,$access,
c,bad,7,Bearer $bearer,auth_token=$cookie
d,2026-10-05T10:00:00Z,7,"open $access
END
cat >events.cloudevents <<END
{"specversion":"1.0","type":"com.x.engagement.request","source":"s","id":"a","time":"2026-10-05T10:00:00Z","subject":"7","data":{"status":200,"authorization":"$oauth"},"token":"$access"}
{"specversion":"1.0","type":"com.x.engagement.request","source":"$access","id":"b","time":"2026-10-05T10:00:00Z","subject":"7"}
{"specversion":"1.0","type":"other","source":"s","id":"Bearer $bearer","time":"2026-10-05T10:00:00Z","subject":"$access"}
END
{
    printf '{"log":{"version":"1.2","creator":{"name":"c","version":"1"},"entries":['
    for time in 2026-10-05T10:00:00.000Z bad; do
        printf '{"startedDateTime":"%s","time":3,"request":{"method":"POST","url":"https://data-api.twitter.com/insights/engagement/totals?oauth_token=%s","httpVersion":"HTTP/1.1","headers":[{"name":"Authorization","value":"%s"},{"name":"Cookie","value":"auth_token=%s"}],"queryString":[{"name":"oauth_token","value":"%s"}],"cookies":[{"name":"auth_token","value":"%s"}],"headersSize":1,"bodySize":1,"postData":{"mimeType":"application/json","text":"{\\"tweet_ids\\":[\\"1\\"],\\"token\\":\\"%s\\"}"}},"response":{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","cookies":[],"headers":[{"name":"Set-Cookie","value":"auth_token=%s"}],"content":{"size":2,"mimeType":"application/json","text":"{\\"echo\\":\\"%s\\"}"},"redirectURL":"","headersSize":1,"bodySize":2},"cache":{},"timings":{"send":1,"wait":1,"receive":1}},' \
            "$time" "$access" "$oauth" "$cookie" "$access" "$cookie" "$access" "$cookie" "$access"
    done | sed 's/,$//'
    printf ']}}\n'
} >session.har
cat >users.csv <<END
user_id,handle
7,$access
Bearer $bearer,h
END

# The name of a file and the words of a command are kept too.
cp lines.jsonl "lines-$access.jsonl"

cluster_start wal_level=replica log_min_messages=debug1 log_statement=all || bail_out 'no cluster'
ledger_new secrets || bail_out 'no ledger'
said() { "$@" >>"$work/said" 2>&1; }
said headroom contract add c --limit 10 --price 1 --currency USD
for log in lines.jsonl rows.csv events.cloudevents session.har "lines-$access.jsonl"; do
    said headroom -v ingest --dry-run "$log"
    said headroom -v --json ingest --dry-run "$log"
    said headroom -v ingest "$log"
    [[ $log = *-* ]] || isnt "$(cluster_psql secrets -At -c "SELECT count(*) FROM headroom.quarantine")" "${quarantined:=0}" \
        "of ${log//$access/…} some was quarantined"
    quarantined=$(cluster_psql secrets -At -c 'SELECT count(*) FROM headroom.quarantine')
done
said headroom identities import users.csv
said headroom ingest --again --source "$access" lines.jsonl
said headroom ingest --map "time=$access" lines.jsonl
said headroom quarantine list --lines
said headroom quarantine export -o "$work/quarantine.jsonl"
said headroom quarantine export --format csv -o "$work/quarantine.csv"
said headroom quarantine retry
said headroom batch list
said headroom batch void 1 --reason "$access"
said headroom -v status --month 2026-10
said headroom --json handles --month 2026-10
said headroom sources
said headroom trace 7 --month 2026-10
said headroom trace 7 --month 2026-10 --file lines.jsonl
said headroom reconcile --month 2026-10 --recount
said headroom verify
said headroom report overage --month 2026-10 -o "$work/overage.xlsx"
said headroom db backup "$work/backup"
ok 'commands said something' test -s "$work/said"
is "$(grep -aE "$searched" "$work/said")" "" 'nothing that was printed holds a secret'

mkdir "$work/unpacked" && unzip -qq "$work/overage.xlsx" -d "$work/unpacked"
cluster_psql secrets -c CHECKPOINT
files_with_secrets() { grep -rlaE "$searched" "$@"; }
is "$(files_with_secrets "$work/logs" | wc -l)" 6 'the search finds them where they were planted'
is "$(files_with_secrets "$cluster/data")" '' 'no file of the database holds a secret, nor its log of statements'
is "$(files_with_secrets "$work/backup" "$work/unpacked" "$work"/quarantine.*)" '' 'nor a backup, a workbook or an export'
