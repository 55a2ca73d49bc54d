#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The command line itself: help, manual page, completion, wrong usage, and standard output that cannot be written. No database.
. "$(dirname "$0")/../lib/tap.sh"

note 'help'
exits 2 headroom
is "$out" '' 'without arguments nothing is on standard output'
like "$err" 'Usage: headroom' 'without arguments standard error shows the usage'
for name in init contract ingest status handles reconcile report db help completion; do
    like "$err" "^.*  $name " "the overview names $name"
done
exits 0 headroom --help
like "$out" 'Exit codes:.*6 +no database' 'the help names the exit codes'
like "$out" 'HEADROOM_HOME' 'the help names the environment'
is "$err" '' 'help leaves standard error empty'
exits 0 headroom --version
like "$out" '^headroom [0-9]+\.[0-9]+\.[0-9]+$' 'the version is one line'

# Every command that there is, from the completion script, which is made of the same tables.
exits 0 headroom completion bash
printf '%s\n' "$out" >"$work/completion"
mapfile -t commands < <(sed -n "s/^    'headroom\( [^']*\)*') .*/\1/p" "$work/completion" | grep . | sort -u)
ok 'there are commands to ask for help' test "${#commands[@]}" -gt 12
for command in "${commands[@]}"; do
    # shellcheck disable=SC2086 # the words of a command
    exits 0 headroom $command --help
    like "$out" "^Usage: headroom${command}.*Options of every command:.*--db CONNINFO" "help of$command is on standard output"
    is "$err" '' "help of$command leaves standard error empty"
    widest=$(printf '%s\n' "$out" | awk '{ if (length($0) > w) w = length($0) } END { print w }')
    ok "help of$command fits 80 columns ($widest)" test "$widest" -le 80
    is "$(sed -n '/^Examples:/,$p' <<<"$out" | awk '/^ *#/ { next } { quotes = gsub(/\047/, ""); if (quotes % 2) print }')" '' \
        "examples of$command: no line ends within quotes, where a backslash would be a part of the word"
done
exits 0 headroom help contract add
like "$out" 'Usage: headroom contract add .*NAME.*--limit N\|none.*Examples:' 'help contract add: usage, options, examples'
whole=$out
exits 0 headroom contract add --help
is "$out" "$whole" '--help says the same'
exits 0 headroom contract add --limit x -h
is "$out" "$whole" '-h wins over values that would be refused'

note 'manual page and completion'
exits 0 headroom help --man
like "$out" '^\.TH HEADROOM 1' 'the manual page begins with its title'
like "$out" '\.SS "headroom contract add NAME"' 'the manual page has every command'
unlike "$out" $'\n'"'" 'no line of the page is a control line by accident'
if command -v man >/dev/null; then
    printf '%s\n' "$out" >"$work/headroom.1"
    is "$(man --warnings -l "$work/headroom.1" 2>&1 >/dev/null)" '' 'man takes the page without a warning'
else
    skip 'man takes the page without a warning' 'no man here'
fi
complete_words() { # WORD…: what bash offers for the last word
    bash --norc -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _headroom; echo "${COMPREPLY[*]}"' \
        - "$work/completion" "$@"
}
is "$(complete_words headroom sta)" status 'completes a command'
is "$(complete_words headroom contract s)" show 'completes a command of a group'
is "$(complete_words headroom --db contract ingest --dr)" --dry-run 'a value of an option is no command'
is "$(complete_words headroom status --month l)" last 'completes a fixed value'
is "$(complete_words headroom status --month '')" 'this last' 'offers fixed values'
exits 2 headroom completion fish
like "$err" "fish.*bash" 'an unknown shell: says which there is'

note 'wrong usage'
refused() { # WORDS LIKE
    # shellcheck disable=SC2086
    exits 2 headroom $1
    is "$out" '' "$1: nothing on standard output"
    like "$err" "$2" "$1: the message helps"
    like "$err" "See 'headroom.*--help'" "$1: points to the help"
}
refused 'statsu' "did you mean 'status'"
refused 'contract ad' "did you mean 'add'"
refused 'contract' "needs a command: add, import, export"
refused 'nonsense-command' "no command 'nonsense-command'"
refused 'status --mont last' 'did you mean --month'
refused 'status --nonsense' 'no option --nonsense'
refused 'status -x' 'no option -x'
refused 'status --month' '--month needs a value: 2026-10'
refused 'status --month --json' 'looks like an option'
refused 'status --json=yes' '--json takes no value'
refused 'status extra' "no use for 'extra'"
refused '--month last status' 'come after its name'
refused 'ingest' 'needs FILE'
refused 'help nonsense' "no command 'nonsense'"
refused 'help --man status' 'takes no command'
refused 'status --by=' 'empty'
refused 'reconcile --all --contract acme --month 2026-03' 'leave --month or --all out'
refused 'reconcile --pairs' 'goes with --recount'
refused 'ingest - -' 'only once'
refused 'handles --by handle' 'label, app'

note 'standard output that cannot be written'
into_full_disk() { headroom --help >/dev/full; }
exits 1 into_full_disk
like "$err" 'cannot write standard output: No space left on device' 'a full disk is an error'
into_nothing() { headroom --help >&-; }
exits 1 into_nothing
like "$err" 'cannot write standard output: Bad file descriptor' 'a closed standard output is an error'
headroom help --man 2>"$work/err" | head -n 1 >/dev/null
is "$(cat "$work/err")" '' 'who reads only the first line gets no message'

note 'without a database'
exits 6 headroom status
is "$out" '' 'no database: nothing on standard output'
like "$err" "$HEADROOM_HOME" 'no database: the message names the place that was looked at'
exits 6 headroom --json --db 'host=/nonexistent port=1' status
is "$out" '' 'an unreachable one: nothing on standard output'
