# SPDX-License-Identifier: MIT
# Of a log as in tests/data (CSV, sorted by time), a line a month from `from` on: the month, the handles that are new in
# it on each of its days, and those that are seen on each.
#
#   zcat tests/data/recipes-commits.csv.gz | awk -F, -v from=2020-06 -f tests/lib/daily.awk
#
# month,new,seen
# 2020-06,9 7 12 …,9 11 15 …

function days_in(month,  year, number) {
    year = substr(month, 1, 4) + 0
    number = substr(month, 6, 2) + 0
    if (number == 2) return 28 + (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
    return 30 + (number < 8 ? number % 2 : 1 - number % 2)
}

function end_month(  day, days, new, seen) {
    days = days_in(month)
    for (day = 1; day <= days; day++) {
        new = new (day > 1 ? " " : "") new_on[day] + 0
        seen = seen (day > 1 ? " " : "") seen_on[day] + 0
    }
    print month "," new "," seen
    split("", new_on)
    split("", seen_on)
}

BEGIN { print "month,new,seen" }
substr($2, 1, 7) < from || NR == 1 { next }
{
    if (substr($2, 1, 7) != month) {
        if (month != "") end_month()
        month = substr($2, 1, 7)
    }
    day = substr($2, 9, 2) + 0
    if (!((month, $3) in in_month)) { in_month[month, $3]; new_on[day]++ }
    if (!((month, day, $3) in on_day)) { on_day[month, day, $3]; seen_on[day]++ }
}
END { end_month() }
