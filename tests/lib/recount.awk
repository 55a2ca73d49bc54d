# SPDX-License-Identifier: MIT
# A second opinion: counts unique handles from events by DESIGN's words alone, sharing no code with the program.
# Input: one event a line, blank-separated: second-of-epoch user-id handle auth status tweets failed ("-" is absent).
# A status "fact" is a line that teaches who owns the handle and counts for nobody: what it asked is not there any more.
# And what imports say, in the order in which they came: "import" user-id handle from to (days since 1970, "-" is open).
# Output: `month rule unique` for months in UTC from day 1, sorted by the caller.

function remember(subject, user, at) {
    if (!((subject, user) in first)) { users[subject] = users[subject] " " user; first[subject, user] = at }
    else if (at < first[subject, user]) first[subject, user] = at
}

# The user of a handle on a day: that of the last import that speaks of the day; else the latest fact at or before the day's end, else the earliest; ties: the lower id.
function owner(subject, day,    list, n, i, user, at, best, best_at, early, early_at, ends) {
    for (i = claims; i >= 1; i--)
        if (claimed[i] == subject && (from[i] == "-" || day >= from[i]) && (to[i] == "-" || day < to[i])) return claimer[i]
    n = split(users[subject], list, " ")
    if (n == 0) return subject
    ends = (day + 1) * 86400
    best = ""
    early = ""
    for (i = 1; i <= n; i++) {
        user = list[i]
        at = first[subject, user]
        if (at < ends && (best == "" || at > best_at || (at == best_at && user + 0 < best + 0))) { best = user; best_at = at }
        if (early == "" || at < early_at || (at == early_at && user + 0 < early + 0)) { early = user; early_at = at }
    }
    return best != "" ? best : early
}

$5 == "fact" {
    if ($2 != "-" && $3 != "-") remember("@" tolower($3), $2, $1)
    next
}

$1 == "import" {
    if ($4 == "-" && $5 == "-") { remember("@" tolower($3), $2, 0); next }
    claims++
    claimer[claims] = $2; claimed[claims] = "@" tolower($3); from[claims] = $4; to[claims] = $5
    next
}

{
    n++
    at[n] = $1; user[n] = $2; handle[n] = tolower($3); auth[n] = $4
    status = $5 == "-" ? 200 : $5
    level[n] = status == 401 || status == 429 ? 0 : 1
    if (status >= 200 && status < 300) level[n] = $7 != "-" && $6 != "-" ? ($7 < $6 ? 3 : 2) : ($6 == "0" ? 2 : 3)
    if ($2 != "-" && $3 != "-") remember("@" handle[n], $2, $1)
}

END {
    split("attempted answered delivered", rules, " ")
    for (i = 1; i <= n; i++) {
        day = int(at[i] / 86400)
        who = user[i] != "-" ? user[i] : handle[i] != "-" ? owner("@" handle[i], day) : "~app"
        if (who == "~app") continue
        month = strftime("%Y-%m", at[i], 1)
        for (r = 1; r <= level[i]; r++) {
            seen[month, rules[r] "+app", who]
            if (auth[i] != "app") seen[month, rules[r], who]
        }
    }
    for (key in seen) { split(key, part, SUBSEP); unique[part[1] " " part[2]]++ }
    for (key in unique) print key, unique[key]
}
