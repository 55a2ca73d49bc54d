# SPDX-License-Identifier: MIT
# Of a table of days (see daily.awk) a log that has just these: on each day its new handles, and so many of those that
# came before them in the month as were seen on it. Handles are other ones in each month, and events lie at noon.
#
#   awk -F, -f tests/lib/log_of_days.awk tests/data/sci-python-commits.daily.csv

BEGIN { print "event_id,occurred_at,handle" }
NR > 1 {
    name = $1
    sub("-", "_", name)
    days = split($2, new, " ")
    split($3, seen, " ")
    for (day = had = 1; day <= days; day++) {
        first = had + new[day] - seen[day]
        had += new[day]
        for (handle = first; handle < had; handle++)
            printf "%d,%s-%02dT12:00:00Z,m%s_%d\n", ++id, $1, day, name, handle
    }
}
