#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The units for systemd: systemd itself reads them without a complaint and finds them tight.
. "$(dirname "$0")/../lib/tap.sh"

command -v systemd-analyze >/dev/null || skip_all 'systemd-analyze is not here (package systemd)'
mkdir "$work/units"
for unit in "$root"/scripts/systemd/headroom-*; do
    sed "s|/usr/local/bin/headroom|$program|" "$unit" >"$work/units/${unit##*/}"
done
cd "$work/units" || exit 1

exits 0 systemd-analyze --man=no verify ./*
is "$out$err" '' 'systemd has nothing to say against them'
unlike "$(cat ./*)" /usr/local 'the program is the only thing that lies in PREFIX'
for unit in *.service; do
    # In tenths: 0 is shut, 100 is open; a service as it comes has 96.
    exits 0 systemd-analyze security --offline=yes --threshold=16 --no-pager "./$unit"
done
# Each command and option is one that the program has.
for unit in *.service; do
    read -r -a words < <(awk '/^ExecStart=/ { on = 1 } on { more = sub(/\\$/, ""); printf "%s", $0; if (!more) exit }' "$unit")
    words=("${words[@]:1}")
    exits 0 headroom "${words[0]}" --help
    for word in "${words[@]:1}"; do
        [[ $word != --* ]] || ok "$unit: ${words[0]} has $word" grep -q -e "  $word " -e "  $word\$" <<<"$out"
    done
done
for unit in headroom-gateway headroom-serve; do
    ok "$unit: systemd waits longer than the grace that requests have" \
        test "$(sed -n 's/^TimeoutStopSec=\([0-9]*\)s$/\1/p' $unit.service)" -ge 30
done
if systemd-sysusers --help 2>/dev/null | grep -q -e --dry-run; then
    exits 0 systemd-sysusers --dry-run "$root/scripts/systemd/headroom.sysusers"
else
    skip 'the user that they run as' 'this systemd-sysusers has no --dry-run'
fi
