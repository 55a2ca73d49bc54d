# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Prometheus' text format 0.0.4, strictly: HELP and TYPE before the samples of a metric, which stand together; names,
# labels and their escapes; a number; no sample twice; a line end at the end. Of a histogram: _bucket, _sum and _count,
# its buckets rising up to +Inf, which is the count.
#
#   exposition FILE [LABELS]    whether it is well formed, and each sample has at least so many labels (0)
#   exposed NAME [LABELS]       the value of a sample in $out; LABELS with their braces

exposition() {
    awk -v least="${2:-0}" '
        function bad(why) { print "line " NR ": " why ": " $0; wrong = 1 }
        function end_of_histogram() { if (type == "histogram" && (last != "+Inf" || !counted)) bad("histogram not whole") }
        /^# HELP [a-z_]+ [^ ].*[.]$/ {
            end_of_histogram()
            if ($3 in seen) bad("told before")
            name = $3; seen[name] = 1; helped = 1; type = ""
            next
        }
        /^# TYPE [a-z_]+ (gauge|counter|histogram)$/ {
            if ($3 != name || !helped) bad("TYPE without HELP")
            if ($4 == "counter" && name !~ /_total$/) bad("a counter ends with _total")
            helped = 0; type = $4; last = ""; counted = 0; before = 0
            next
        }
        /^#/ { bad("comment"); next }
        {
            if (!match($0, /^[a-z_]+/)) { bad("no name"); next }
            own = substr($0, 1, RLENGTH)
            rest = substr($0, RLENGTH + 1)
            part = substr(own, length(name) + 1)
            if (substr(own, 1, length(name)) != name || (type == "histogram" ? part !~ /^_(bucket|sum|count)$/ : part != "")) bad("not of " name)
            labels = 0
            if (substr(rest, 1, 1) == "{") {
                rest = substr(rest, 2)
                while (match(rest, /^[a-z_]+="([^"\\]|\\\\|\\"|\\n)*"/)) {
                    labels++
                    label = substr(rest, 1, RLENGTH)
                    rest = substr(rest, RLENGTH + 1)
                    if (substr(rest, 1, 1) != ",") break
                    rest = substr(rest, 2)
                }
                if (labels == 0 || substr(rest, 1, 1) != "}") bad("labels")
                rest = substr(rest, 2)
            }
            if (labels < least || rest !~ /^ -?[0-9]+([.][0-9]+)?(e[-+][0-9]+)?$/) bad("sample")
            if (type == "") bad("sample without TYPE")
            if (part == "_bucket") {
                if ($NF + 0 < before) bad("a bucket falls")
                before = $NF + 0
                last = label; gsub(/^le="|"$/, "", last)
            }
            if (part == "_count") { counted = 1; if ($NF + 0 != before) bad("the last bucket is not the count") }
            sample = $0
            sub(/ [^ ]*$/, "", sample)
            if (sample in samples) bad("twice")
            samples[sample] = 1
        }
        END { end_of_histogram(); exit wrong }' "$1" && [ -s "$1" ] && [ -z "$(tail -c 1 "$1")" ]
}

# shellcheck disable=SC2154 # out is of tap.sh
exposed() {
    sample="$1${2:-}" awk 'index($0, ENVIRON["sample"] " ") == 1 { print $NF }' <<<"$out"
}
