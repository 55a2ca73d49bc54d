#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What is taken in of a file that was taken in before: nothing when its content is the same, the new lines when it grew,
# all of it when it is another one.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new resume || bail_out 'no ledger'
query() { cluster_psql resume -At -c "$1"; }
headroom contract add acme --limit 3 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
cd "$work" || bail_out 'no folder'

line() { printf '{"id":"%s","time":"2026-03-02T08:00:00Z","user_id":%s}\n' "$1" "${2:-1}"; }
totals() { jq -c '[.read, .added, .duplicate, .quarantined, .batches]' <<<"$out"; }
takes() { # WANTED NAME ARGUMENT…: [read, added, duplicate, quarantined, batches]
    local wanted=$1 name=$2
    shift 2
    exits 0 headroom --json ingest "$@"
    is "$(totals)" "$wanted" "$name"
}

note 'a log that grows'
{ line 1; line 2; } >log
takes '[2,2,0,0,1]' 'the first time: all of it' log
unlike "$err" 'unchanged|grew' 'the first time: nothing to say'
takes '[0,0,0,0,0]' 'unchanged: nothing is read' log
like "$err" 'log: unchanged since batch 1 \(20[0-9-]+T[0-9:]+Z\): nothing to take in' 'unchanged: which batch has it'
exits 0 headroom ingest log
like "$out" 'read +0.*Nothing new: 1 file is unchanged since it was taken in' 'the summary says so, too'
touch -d '1 hour' log
takes '[0,0,0,0,0]' 'a time stamp changes nothing' log
{ line 3; printf '\n'; line 4; } >>log
takes '[2,2,0,0,1]' 'grown: the new lines' log
like "$err" 'log: grew: 2 new lines from line 3' 'grown: how many, from which line'
is "$(query "SELECT string_agg(event_id || '@' || position, ' ' ORDER BY position) FROM headroom.event")" \
    '1@1 2@2 3@3 4@5' 'the positions are those of the file'
printf '\n \n' >>log
takes '[0,0,0,0,0]' 'blank lines are nothing new' log
like "$err" 'log: unchanged since batch 2' 'and said as unchanged'
takes '[4,0,4,0,1]' '--again reads all of it' --again log
takes '[4,4,0,0,1]' 'another source is another matter' --source other log
takes '[0,0,0,0,0]' 'and has checkpoints of its own' --source other log
takes '[4,0,4,0,1]' 'so has a contract that is named' --contract acme log
cp log copy
takes '[4,0,4,0,1]' 'a copy is another file' copy
ln -s log link
mv log renamed
takes '[0,0,0,0,0]' 'a new name is not' renamed
ln -sf renamed link
takes '[0,0,0,0,0]' 'nor is a link, nor the same file twice' link renamed renamed

note 'a file with other content'
line 5 >renamed
takes '[1,1,0,0,1]' 'rewritten: all of it' renamed
like "$err" 'renamed: was rewritten since it was taken in: read from the start' 'rewritten: said'
takes '[0,0,0,0,0]' 'which is known from then on' renamed
: >renamed
takes '[0,0,0,0,0]' 'emptied: nothing' renamed
like "$err" 'renamed: holds no record' 'emptied: said'
{ line 5; line 6; } >renamed
takes '[1,1,0,0,1]' 'content that comes back is known' renamed

note 'a last line without an end'
{ line 7; printf '{"id":"8","time":"2026-03-02T08:'; } >open
exits 3 headroom --json ingest open
is "$(totals)" '[2,1,0,1,1]' 'half a line is no event'
takes '[0,0,0,0,0]' 'half a line that stays is not read again' open
like "$err" 'open: 1 of its lines is in quarantine; after a fix: headroom quarantine retry' 'it is said where it is'
printf '00:00Z","user_id":1}\n' >>open
takes '[1,1,0,0,1]' 'the whole line is read when it is there' open
like "$err" 'open: grew: 1 new line from line 2' 'from its beginning'
is "$(query "SELECT position FROM headroom.event WHERE event_id = '8'")" 2 'its place is its own'

is "$(query 'SELECT count(*) FROM headroom.quarantine_settled')" 1 'and the half line is settled'

note 'CSV, gzip, pipes'
printf 'id,time,user_id\nc1,2026-03-02T08:00:00Z,1\n' >rows.csv
takes '[1,1,0,0,1]' 'CSV' rows.csv
printf 'c2,2026-03-02T08:00:00Z,"2"\n' >>rows.csv
takes '[1,1,0,0,1]' 'CSV that grew still has its header' rows.csv
is "$(query "SELECT DISTINCT header FROM headroom.batch_file WHERE header <> ''")" 'id,time,user_id' 'which is kept'
line z1 | gzip >log.gz
takes '[1,1,0,0,1]' 'gzip' log.gz
{ line z1; line z2; } | gzip -9 >log.gz
takes '[1,1,0,0,1]' 'gzip: what counts is what is in it' log.gz
line z3 | gzip >>log.gz
takes '[1,1,0,0,1]' 'a member that was added' log.gz
takes '[0,0,0,0,0]' 'unchanged' log.gz
mkfifo pipe
line p1 | tee pipe | cat >tee.out &
takes '[1,1,0,0,1]' 'a pipe' pipe
wait
line p1 >pipe &
takes '[1,0,1,0,1]' 'has no content that stays' pipe
wait
takes '[1,0,1,0,1]' 'nor has standard input' - <tee.out
takes '[1,0,1,0,1]' 'nor a device of it' /dev/stdin < <(line p1)

note 'equal lines without id'
equal_lines() { local i; for ((i = 0; i < $1; i++)); do printf '{"time":"2026-03-03T08:00:00Z","user_id":9}\n'; done; }
equal_lines 3 >same
takes '[3,3,0,0,1]' 'are events of their own' same
equal_lines 2 >>same
takes '[2,2,0,0,1]' 'also when they come later' same
equal_lines 5 >same.copy
takes '[5,0,5,0,1]' 'as in one go' same.copy

note 'what was taken back'
voided=$(query "SELECT min(batch_id) FROM headroom.batch WHERE file = 'same'")
exits 0 headroom batch void "$voided" --reason wrong
takes '[0,0,0,0,0]' 'a voided batch stays taken in' same
like "$err" "same: batch $voided of it is voided.*headroom batch restore $voided" 'which is said'
takes '[5,0,5,0,1]' 'its lines are duplicates elsewhere' --again same.copy
like "$err" "lines repeat events of batch $voided, which was voided.*headroom batch restore $voided" \
    'which is said with the batch'

note 'lines in quarantine that are read in the end'
{ printf '{"id":"q%s","time":"2026-03-02T08:00:00Z","user_id":1,"contract":"later"}\n' 1 2; printf 'no line\n'; line q3; } >later
exits 3 headroom --json ingest later
is "$(totals)" '[4,1,0,3,1]' 'an unknown contract'
takes '[0,0,0,0,0]' 'unchanged' later
like "$err" 'later: 3 of its lines are in quarantine; after a fix: headroom quarantine retry' 'how many are left is said'
headroom contract add later --limit 3 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
exits 3 headroom --json ingest --contract acme --again later
is "$(totals)" '[4,2,1,1,1]' 'after the fix'
is "$(query "SELECT string_agg(q.line::text, ' ' ORDER BY q.line) FROM headroom.quarantine_settled
    JOIN headroom.quarantine AS q USING (quarantine_id) WHERE q.file = 'later'")" '1 2' 'those that were read are settled'
takes '[0,0,0,0,0]' 'unchanged' later
like "$err" 'later: 1 of its lines is in quarantine' 'one is left'
