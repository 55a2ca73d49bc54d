#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every pricing model against a calculation of its own in whole minor units, over 0 to 10,000 units of overage: random
# brackets, packages, flat fees, minimum, cap, tolerance with and without a cliff, in currencies of 0 to 4 digits.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

sets=60 all=0
if [ -n "${HEADROOM_TEST_FULL:-}" ]; then sets=100 all=1; fi
note "seed $HEADROOM_TEST_SEED, $sets sets of terms"
ledger_new models || bail_out 'no ledger'

# Terms: number, model, currency, its digits, package size, tolerance, cliff, minimum, cap (minor units, - for none),
# brackets as up_to:price:flat fee, prices and fees in millionths, the last bracket mostly without an end.
awk -v sets="$sets" -v seed="$((HEADROOM_TEST_SEED % 1000000007))" '
function upto(n) { return int(rand() * n) }                      # 0 to n - 1
function one_of(list,   part) { return part[1 + upto(split(list, part, " "))] }
function price() {
    # Round ones, ones with few decimals, ones that end in a half of some digit, and 0.
    return one_of("0 " 1000000 * upto(100) " " 10000 * upto(5000) " " 500 * upto(4000) " " 5 * upto(20000) " " upto(100000000))
}
function fee() { return upto(3) ? 0 : one_of(1000000 * upto(500) " " 5000 * upto(100000)) }
BEGIN {
    srand(seed)
    split("flat graduated volume package", model, " ")
    for (i = 1; i <= sets; i++) {
        currency = one_of("USD:2 USD:2 EUR:2 JPY:0 KWD:3 CLF:4")
        m = model[1 + i % 4]
        size = m == "package" ? one_of("1 2 10 25 100 999 10001") : "-"
        tolerance = one_of("0 0 1 5 100 " upto(10000) " 20000")
        cliff = upto(3) == 0 ? "t" : "f"
        minimum = upto(3) ? "-" : upto(10000000)
        cap = upto(3) ? "-" : (minimum == "-" ? 0 : minimum) + one_of("0 1 " upto(10000000) " " upto(100000000))
        tiers = m ~ /^(flat|package)$/ ? 1 : 1 + upto(8)
        list = ""
        end = 0
        for (t = 1; t <= tiers; t++) {
            end += 1 + one_of("0 9 " upto(100) " " upto(4000))
            last = t == tiers && upto(5)
            bounded = m ~ /^(flat|package)$/ || last ? "" : end
            list = list (t > 1 ? ";" : "") bounded ":" price() ":" (m ~ /^(flat|package)$/ ? 0 : fee())
        }
        sub(":", " ", currency)
        print i, m, currency, size, tolerance, cliff, minimum, cap, list
    }
}' >"$work/terms"

# Which units of each: the edges of all that the terms name, and some at random; at full numbers each of them.
awk -v all="$all" -v seed="$((HEADROOM_TEST_SEED % 1000000007 + 1))" '
function ask(units) { if (units >= 0 && units <= 10000 && !(($1, units) in asked)) { asked[$1, units]; print $1, units } }
function near(units) { ask(units - 1); ask(units); ask(units + 1) }
BEGIN { srand(seed) }
{
    if (all) { for (u = 0; u <= 10000; u++) print $1, u; next }
    near(1); near($6); near($6 + 1); ask(10000)
    count = split($10, tier, ";")
    for (t = 1; t <= count; t++) { split(tier[t], part, ":"); near(part[1]); near(part[1] + $6) }
    if ($5 != "-") { near($5); near(2 * $5); near($5 + $6); near(int(5000 / $5) * $5) }
    for (u = 0; u < 60; u++) ask(int(rand() * 10001))
}' "$work/terms" >"$work/units"

# What it must be, in whole numbers: amounts of the lines in their order, then their sum.
awk '
function rounded(millionths, digits,   per, rest) {       # half away from zero; nothing here is negative
    per = 10 ^ (6 - digits)
    rest = millionths % per
    return (millionths - rest) / per + (2 * rest >= per)
}
function text(amount, digits,   per, minus) {
    minus = amount < 0 ? "-" : ""
    if (amount < 0) amount = -amount
    per = 10 ^ digits
    if (digits == 0) return minus sprintf("%.0f", amount)
    return minus sprintf("%.0f.%0" digits ".0f", (amount - amount % per) / per, amount % per)
}
function add(amount) { total += amount; line = line " " text(amount, digits) }
NR == FNR { terms[$1] = $0; next }
{
    split(terms[$1], term, " ")
    model = term[2]; digits = term[4]; size = term[5]; tolerance = term[6]
    charged = $2 <= tolerance ? 0 : term[7] == "t" ? $2 : $2 - tolerance
    total = 0; line = ""; from = 0
    count = split(term[10], tier, ";")
    for (t = 1; t <= count && charged > 0; t++) {
        split(tier[t], part, ":")
        end = t == count || part[1] == "" || part[1] > charged ? charged : part[1]
        units = model == "volume" ? charged : end - from
        if (model == "package") { units -= units % size; units = units / size + (charged % size > 0) }
        if (end > from && (model != "volume" || end == charged)) {
            add(rounded(units * part[2], digits))
            if (part[3] > 0) add(rounded(part[3], digits))
        }
        from = end > from ? end : from
    }
    if (charged > 0 && term[8] != "-" && total < term[8]) add(term[8] - total)
    if (charged > 0 && term[9] != "-" && total > term[9]) add(term[9] - total)
    print $1, $2, text(total, digits) line
}' "$work/terms" "$work/units" >"$work/wanted"

cluster_psql models <<END || bail_out 'no terms'
CREATE TABLE public.given (
    number integer, model headroom.pricing_model, currency text, digits integer, size bigint, tolerance bigint,
    cliff boolean, minimum numeric, cap numeric, tiers text);
\\copy public.given FROM '$work/terms' (DELIMITER ' ', NULL '-')
CREATE TABLE public.asked (number integer, units bigint);
\\copy public.asked FROM '$work/units' (DELIMITER ' ')
INSERT INTO headroom.contract (name, created_at, created_by)
SELECT 'set ' || number, now(), 'test' FROM public.given ORDER BY number;
INSERT INTO headroom.term (contract_id, valid_from, time_zone, billing_day, counting, unit_limit, currency, pricing,
    package_size, minimum, cap, tolerance_units, tolerance_cliff, created_at, created_by)
SELECT contract_id, '2026-01-01', 'UTC', 1, 'answered', 0, currency, model, size, minimum / 10::numeric ^ digits,
    cap / 10::numeric ^ digits, tolerance, cliff, now(), 'test'
FROM public.given JOIN headroom.contract ON name = 'set ' || number;
INSERT INTO headroom.term_tier (term_id, tier, up_to, unit_price, flat_fee)
SELECT term_id, place, nullif(split_part(tier, ':', 1), '')::bigint, split_part(tier, ':', 2)::numeric / 1000000,
    nullif(split_part(tier, ':', 3)::numeric, 0) / 1000000
FROM public.given
JOIN headroom.contract ON name = 'set ' || number
JOIN headroom.term USING (contract_id)
CROSS JOIN LATERAL string_to_table(tiers, ';') WITH ORDINALITY AS t (tier, place);
ANALYZE;
END

cluster_psql models -At -F ' ' >"$work/found" <<'END' || bail_out 'no charges'
SELECT a.number, a.units, headroom.money(coalesce(sum(l.amount), 0), g.currency),
    string_agg(headroom.money(l.amount, g.currency), ' ' ORDER BY l.line)
FROM public.asked AS a
JOIN public.given AS g USING (number)
JOIN headroom.contract AS c ON c.name = 'set ' || a.number
LEFT JOIN LATERAL headroom.charge_lines(c.contract_id, '2026-05-01', a.units) AS l ON true
GROUP BY a.number, a.units, g.currency
END
sed 's/ $//' "$work/found" | LC_ALL=C sort >"$work/found.sorted"
LC_ALL=C sort "$work/wanted" >"$work/wanted.sorted"
note "$(wc -l <"$work/units") charges of $(wc -l <"$work/terms") sets of terms"

for model in flat graduated volume package; do
    awk -v model="$model" 'NR == FNR { if ($2 == model) of[$1]; next } $1 in of' "$work/terms" "$work/wanted.sorted" >"$work/w"
    awk -v model="$model" 'NR == FNR { if ($2 == model) of[$1]; next } $1 in of' "$work/terms" "$work/found.sorted" >"$work/f"
    ok "$model: there are charges to compare" test -s "$work/w"
    diff "$work/w" "$work/f" | head -n 6 >"$work/difference"
    is "$(cat "$work/difference")" '' "$model: every line and every charge is the same" ||
        note "$(grep "^$(sed -n 's/^[<>] \([0-9]*\) .*/\1/p' "$work/difference" | head -n 1) " "$work/terms")"
done
is "$(awk '$3 ~ /[1-9]/' "$work/found.sorted" | wc -l | awk '{ print ($1 > 1000) }')" 1 'most of them cost something'

# The program asks the same functions; a few of its answers prove that nothing is lost on the way.
shuf -n 25 --random-source=<(yes "$HEADROOM_TEST_SEED") "$work/wanted" >"$work/some"
: >"$work/said"
while read -r number units _; do
    headroom --json price --contract "set $number" --units "$units" --month 2026-05 |
        jq -r --arg number "$number" '[$number, .units, .charge] + (.lines | map(.amount)) | join(" ")' >>"$work/said"
done <"$work/some"
is "$(cat "$work/said")" "$(cat "$work/some")" 'the command says the same'
