#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The sheets Charge and Inputs: what is typed into their cells gives what `price` says of the same terms, for random
# terms of every model; shares, other commitments and decisions as they were counted by hand.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/book.sh"

ledger_new charge || bail_out 'no ledger'
note "seed $HEADROOM_TEST_SEED"

# ---- random terms of each model, all in one currency ----

sets=4
[ -z "${HEADROOM_TEST_FULL:-}" ] || sets=24
awk -v sets=$sets -v seed="$((HEADROOM_TEST_SEED % 1000000007))" '
function upto(n) { return int(rand() * n) }                      # 0 to n - 1
function one_of(list,   part) { return part[1 + upto(split(list, part, " "))] }
function price() { return sprintf(one_of("%.2f %.3f %.4f %.6f"), one_of("0.5 1 2.505 " rand() * 10 " " rand() * 4000 / 2000)) }
function money(from) { return sprintf("%." digits "f", from + upto(300) * 0.3) }
function quoted(key, value) { return ",\"" key "\":\"" value "\"" }
BEGIN {
    srand(seed)
    split("flat graduated volume package", model, " ")
    split(one_of("USD:2 EUR:2 JPY:0 KWD:3"), currency, ":")
    digits = currency[2]
    printf "["
    for (i = 1; i <= sets; i++) {
        m = model[1 + i % 4]
        pricing = m == "flat" ? quoted("unit_price", price()) : ",\"size\":" one_of("2 5 7") quoted("price", price())
        tiers = m ~ /flat|package/ ? 0 : 2 + upto(2)
        end = 0
        for (t = 1; t <= tiers; t++) {
            end += 1 + upto(9)
            if (t == 1) pricing = ",\"tiers\":["
            pricing = pricing (t > 1 ? "," : "") "{\"up_to\":" (t < tiers ? end : "null") quoted("unit_price", price()) \
                (upto(2) ? "" : quoted("flat_fee", money(0))) "}" (t == tiers ? "]" : "")
        }
        rest = ""
        minimum = upto(3) ? 0 : money(1)
        if (minimum) rest = rest quoted("minimum", minimum)
        if (!upto(3)) rest = rest quoted("cap", money(minimum + 5))
        if (upto(2)) rest = rest ",\"tolerance\":{\"units\":" upto(6) ",\"cliff\":" one_of("true false") "}"
        printf("%s{\"name\":\"t%d\",\"terms\":[{\"from\":\"2026-01-01\",\"limit\":%d,\"currency\":\"%s\"", i > 1 ? "," : "", i,
               upto(32), currency[1])
        printf(",\"pricing\":{\"model\":\"%s\"%s}%s}]}", m, pricing, rest)
    }
    print "]"
}' >"$work/terms.json"
for ((c = 1; c <= sets; c++)); do
    for n in {1..30}; do
        printf '{"contract":"t%d","id":"%d","time":"2026-05-%02dT10:00:00Z","user_id":"%d"}\n' "$c" "$n" "$n" "$n"
    done
done >"$work/events.jsonl"

# ---- terms, labels and months of which the figures are counted by hand ----

# Limit 4: of the seven the 5th, 6th and 7th are the overage, one of each label; in one block of 3 for 1.00.
# As agreed, 100 a month with 4 handles: March 6 handles, so 2 over, April 2, May 7: 3 times 100, and 2 blocks.
# "Bigger": 10 handles for 101: 303. "Smaller": 2 handles for 60, 10.00 a handle: 4 and 5 of them over: 180 and 90.
cat >"$work/hand.json" <<'END'
[{"name":"hand", "apps":[{"name":"web", "key":"key-1"}],
  "alternatives":[{"name":"Bigger", "limit":10, "fee":"101", "pricing":{"model":"flat", "unit_price":"9"}},
                  {"name":"Smaller", "limit":2, "fee":"60", "pricing":{"model":"flat", "unit_price":"10.00"}}],
  "terms":[{"from":"2026-03-01", "limit":4, "fee":"100", "currency":"EUR",
            "pricing":{"model":"package", "size":3, "price":"1.00"}}]},
 {"name":"calm", "answers":[{"question":"What counts?", "answer":"Answered ones.", "date":"2026-01-07", "by":"Ann"}],
  "terms":[{"from":"2026-03-01", "limit":9, "currency":"EUR", "pricing":{"model":"flat", "unit_price":"1"}}]}]
END
hand() { # MONTH DAY USER LABEL APP
    printf '{"contract":"hand","id":"%s-%s","time":"2026-%s-%sT10:00:00Z","user_id":"%s"%s%s}\n' "$1" "$2" "$1" "$2" "$3" \
        "${4:+,\"label\":\"$4\"}" "${5:+,\"app\":\"$5\"}"
}
{
    for n in 1 2 3 4 5 6; do hand 03 0$n $n; done
    for n in 1 2; do hand 04 0$n $n; done
    hand 05 01 1 red key-1
    hand 05 02 2 red
    hand 05 03 3 Blue
    hand 05 04 4 red
    hand 05 05 5 '' key-1
    hand 05 06 6 Blue key-2
    hand 05 07 7 red
    hand 05 08 5 red
    printf '{"contract":"calm","id":"1","time":"2026-05-01T10:00:00Z","user_id":"1","source":"s"}\n'
    printf '{"contract":"calm","id":"2","time":"2026-06-02T10:00:00Z","user_id":"1","source":"s"}\n'
} >>"$work/events.jsonl"
exits 0 headroom contract import "$work/terms.json"
exits 0 headroom contract import "$work/hand.json"
exits 0 headroom ingest -q "$work/events.jsonl"
exits 0 headroom close -q --contract calm --month 2026-05

for name in $(jq -r '.[].name' "$work/terms.json" "$work/hand.json"); do
    exits 0 headroom report overage --contract "$name" --month 2026-05 -o "$work/books/$name.xlsx"
done
books_recalculate

note 'by hand'
block() { # BOOK SHEET HEADING: the rows of the table below it
    sheet "$1" "$2" | awk -F '\t' -v heading="$3" '$1 == heading { on = 1; next } on && $1 == "" { exit } on' |
        sed 's/\t*$//'
}
is "$(block hand Charge 'By label' | tail -n +3 | cut -f1-5)" \
    $'red\t4\t1\t33.3333333333333%\t0.33\nBlue\t2\t1\t33.3333333333333%\t0.34\n(none)\t1\t1\t33.3333333333333%\t0.33\nAll\t7\t3\t\t1' 'labels, and the cent that is left'
is "$(block hand Charge 'By app' | tail -n +3 | cut -f1-3)" \
    "(none)"$'\t4\t1\n'"web"$'\t2\t1\n'"unnamed $(printf key-2 | sha256sum | cut -c1-8)"$'\t1\t1\nAll\t7\t3' \
    'apps by their names, never by their keys'
is "$(block hand Charge 'Other commitments over the last 12 months' | tail -n +3 | cut -f1-2,4-10)" \
    $'as agreed\t4\t100\t3\t2\t2\t300\t302\t0\nBigger\t10\t101\t3\t0\t0\t303\t303\t1\nSmaller\t2\t60\t3\t2\t90\t180\t270\t-32' \
    'what other commitments would have cost'
is "$(block hand Summary 'What needs a decision' | tail -n +2 | cut -f1,3)" \
    $'Over the limit\tAbove the limit of 4 by 3: 1.00 EUR by the terms.
Month not closed\tThe month is over, and its figures can still change: close it with `headroom close`.
No invoice\tThe month costs 1.00 EUR, and no invoice of it is taken down.
Source silent\tSource \'hand\' has been silent since 2026-05-08T10:00:00Z.
Days too low\tThe counts of these days may be too low: 2026-05-01, 2026-05-08 to 2026-05-31.' 'what needs a decision'
is "$(sheet calm Summary | sed 's/\t*$//' | grep -xc 'Nothing needs a decision[.]')" 1 'and that nothing does'
is "$(block calm Inputs 'What the vendor answered' | tail -n 1 | cut -f1-4)" $'What counts?\t2026-01-07\tAnn\tAnswered ones.' \
    'an answer of the vendor'
is "$(cell t1 Contract Inputs)|$(cell t1 Version Inputs)|$(cell t1 'Terms in force from' Inputs)" 't1|1|2026-01-01' \
    'the contract and its version'

# ---- what is typed ----

# Overages of the contract, and units of what the next contract's terms would charge: at the bounds of the tolerance and
# of each bracket, none, one, many.
jq -r '.[] | .terms[0] as $t | ($t.tolerance.units // 0) as $free
    | [0, 1, $free, ($t.pricing.tiers // [] | .[].up_to | values | ., . + $free), ($t.pricing.size // 4)]
    | [.[] | ., . + 1] + [29] | unique | map(tostring) | join(" ")' "$work/terms.json" \
    >"$work/units"
terms() { # BOOK CONTRACT: its terms into the what-if; flat and package have one price, whatever stands below it
    jq -r --arg name "t$2" --argjson rows "$(block "t$1" Inputs 'Price brackets' | grep -c '^Bracket [0-9]')" '
        .[] | select(.name == $name).terms[0] as $t
        | ($t.pricing.tiers // [{unit_price: ($t.pricing.unit_price // $t.pricing.price)}]) as $tiers
        | ["set", "what_if_pricing", $t.pricing.model], ["set", "what_if_package_size", $t.pricing.size // "none"],
          ["set", "what_if_minimum", $t.minimum // "none"], ["set", "what_if_cap", $t.cap // "none"],
          ["set", "what_if_tolerance", $t.tolerance.units // 0],
          ["set", "what_if_cliff", if $t.tolerance.cliff then "the whole overage" else "only the excess" end],
          (range(if $t.pricing.tiers then $rows else 1 end) | . as $row
           | [$tiers[.].up_to, $tiers[.].unit_price, $tiers[.].flat_fee] as $cells
           | range(3) | ["put", "Inputs", "Bracket \($row + 1)", 5 + ., $cells[.] // ""])
        | map(tostring) | join("\t")' "$work/terms.json"
}
for ((b = 1; b <= sets; b++)); do
    c=$((b % sets + 1))
    printf 'open\t%s\n' "$work/books/t$b.xlsx"
    read -r -a own < <(sed -n "${b}p" "$work/units")
    for units in "${own[@]}"; do
        printf 'set\tunit_limit\t%s\nget\toverage\tcharge\tmarginal_price\n' $((30 - units))
        echo "own t$b $units" >>"$work/asked"
    done
    terms $b $c
    read -r -a others < <(sed -n "${c}p" "$work/units")
    for units in "${others[@]}" 100000; do
        printf 'set\twhat_if_growth\t%s\nset\twhat_if_limit\t%s\nget\twhat_if_overage\twhat_if_charge\n' \
            9999 $((300000 - units))
        echo "other t$c $units" >>"$work/asked"
    done
done >"$work/steps"
ok 'LibreOffice takes what is typed' books_edit "$work/steps" "$work/answers"

while read -r of name units; do
    headroom --json price --contract "$name" --month 2026-05 --units "$units" >"$work/price.json"
    headroom --json price --contract "$name" --month 2026-05 --units $((units + 1)) >"$work/next.json"
    jq -rs --arg of "$of" '[.[0].units, .[0].charge] + if $of == "own" then [.[1].marginal] else [] end
        | map(tonumber) | join(" ")' "$work/price.json" "$work/next.json"
done <"$work/asked" >"$work/priced"
is "$(wc -l <"$work/answers")" "$(wc -l <"$work/asked")" "$(wc -l <"$work/asked") answers"
is "$(paste -d ' ' "$work/answers" "$work/priced" "$work/asked" | awk '
    { same = 1; half = $0 ~ /own/ ? 3 : 2
      for (i = 1; i <= half; i++) if (($i - $(i + half)) ^ 2 > 1e-12) same = 0 }
    !same')" '' 'each is what price says: the charge, and the price of the next handle'

# ---- what is pasted, which no validation looks at ----

typed() { # ANSWER NAME STEP…: steps in the book of three units over, in blocks of 3 for 1.00; what the what-if says then
    printf '%s\n' "${@:3}" $'get\twhat_if_model\twhat_if_overage\twhat_if_charge' >>"$work/pasted"
    printf '%s|%s\n' "$1" "$2" >>"$work/wanted"
}
set_cell() { printf 'set\twhat_if_%s\t%s' "$1" "$2"; }                # CELL VALUE
bracket() { printf 'put\tInputs\tBracket %d\t%d\t%s' "$1" "$2" "$3"; } # NUMBER COLUMN VALUE
printf 'open\t%s\n' "$work/books/hand.xlsx" >"$work/pasted"
typed 'package 3 1' 'as the contract'
typed 'unknown pricing 3 unknown pricing' 'a pricing that the formulas do not know' "$(set_cell pricing graduatedd)"
typed 'unknown pricing 3 unknown pricing' 'none' "$(set_cell pricing '')"
typed 'no block size 3 no block size' 'blocks without a size' "$(set_cell pricing package)" "$(set_cell package_size '')"
typed 'no block size 3 no block size' 'or with a text as such' "$(set_cell package_size none)"
typed 'Package 3 2' 'capital letters, and a size' "$(set_cell pricing Package)" "$(set_cell package_size 2)"
typed 'Package 0 0' 'no limit' "$(set_cell limit '')"
typed 'Package 3 2' 'texts for growth, tolerance, minimum and cap' "$(set_cell limit 4)" "$(set_cell growth x)" \
    "$(set_cell tolerance x)" "$(set_cell minimum x)" "$(set_cell cap x)"
typed 'graduated 3 see the brackets' 'a bracket behind one without an end' "$(set_cell pricing graduated)" "$(bracket 2 6 5)"
typed 'graduated 3 7' 'with an end' "$(bracket 1 5 2)"
typed 'graduated 3 see the brackets' 'behind one that ends before it' "$(bracket 2 5 2)" "$(bracket 3 6 9)"
typed 'graduated 3 see the brackets' 'between two without a price' "$(bracket 2 5 3)" "$(bracket 2 6 '')"
typed 'text in a bracket 3 text in a bracket' 'a text for a price' "$(bracket 2 6 x)"
typed 'no price 3 no price' 'no price at all' "$(bracket 1 6 '')" "$(bracket 2 6 '')" "$(bracket 3 6 '')"
ok 'LibreOffice takes what is pasted' books_edit "$work/pasted" "$work/said"
while IFS='|' read -r -u 3 answer name && IFS= read -r -u 4 said; do
    is "$said" "$answer" "$name"
done 3<"$work/wanted" 4<"$work/said"
is "$(wc -l <"$work/said")" "$(wc -l <"$work/wanted")" 'an answer to each'

note 'what may be typed'
inputs=$(part hand "$(sheet_part hand Inputs)" | grep -o '<dataValidation [^>]*>\(<formula1>[^<]*\)\?')
is "$(grep -c . <<<"$inputs")" 11 'each open cell and column says it'
like "$inputs" 'type="list"[^>]*><formula1>"flat,graduated,volume,package"' 'a list of the pricings'
is "$(grep -cE 'prompt="[^"]+"' <<<"$inputs") $(grep -cE 'error="[^"]+"' <<<"$inputs")" '11 11' 'in words, before and after'
