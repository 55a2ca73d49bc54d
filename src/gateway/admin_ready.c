/* SPDX-License-Identifier: MIT */
/* Whether the gateway lives, and whether it takes requests: what is wrong, since when and why. */

#include <inttypes.h>
#include <stdlib.h>

#include "gateway/admin_parts.h"
#include "headroom/encode.h"

#define SILENT_MAX_US INT64_C(5000000) /* the loop looks around ten times a second */

/* Something that is wrong. */
struct reason {
    const char *what;
    bool refuses;     /* requests are refused because of it */
    int64_t since_us; /* 0: not known */
    char why[760];
};

static bool spool_is_full(const struct admin_look *look, struct reason *reason)
{
    const struct spool_state *spool = &look->state.spool;

    *reason = (struct reason){.what = "spool", .refuses = !look->rooms->forward_on_full};
    snprintf(reason->why, sizeof(reason->why), "%s%s", spool->problem[0] != '\0' ? spool->problem : "it is full",
             look->rooms->forward_on_full ? "; requests pass and are not recorded" : "; requests are refused");
    return spool->full;
}

/* Requests wait in the spool then, and none is refused. */
static bool database_is_away(const struct admin_look *look, struct reason *reason)
{
    const char *problem = look->state.drain.problem;

    *reason = (struct reason){.what = "database", .since_us = look->state.away_us};
    snprintf(reason->why, sizeof(reason->why), "%s",
             problem[0] != '\0' ? problem : "it has not been reached since the gateway was started");
    return look->state.away_us != 0;
}

/* The rest goes on, and they stay in the spool. */
static bool ledger_refuses(const struct admin_look *look, struct reason *reason)
{
    const struct drain_state *drain = &look->state.drain;

    *reason = (struct reason){.what = "refused", .since_us = drain->aside_us};
    snprintf(reason->why, sizeof(reason->why),
             "%" PRIu64 " of the spool can't be taken into the ledger and are tried again; one of them is %s",
             drain->aside, drain->aside_why);
    return drain->aside > 0;
}

static bool certificate_is_over(const struct admin_look *look, struct reason *reason)
{
    int64_t until_us = look->rooms->certificate_until_us;

    *reason = (struct reason){.what = "certificate", .refuses = true, .since_us = until_us};
    snprintf(reason->why, sizeof(reason->why), "it has ended: clients refuse it; put a new one and restart");
    return until_us != 0 && until_us <= look->now_us;
}

static bool is_stopping(const struct admin_look *look, struct reason *reason)
{
    *reason = (struct reason){.what = "stopping", .refuses = true};
    snprintf(reason->why, sizeof(reason->why), "the gateway ends: it takes no new connections");
    return look->state.stopping;
}

static bool is_silent(const struct admin_look *look, struct reason *reason)
{
    *reason = (struct reason){.what = "loop", .refuses = true, .since_us = look->now_us - look->state.silent_us};
    snprintf(reason->why, sizeof(reason->why), "a loop that serves requests does not turn");
    return look->state.silent_us > SILENT_MAX_US;
}

typedef bool reason_fn(const struct admin_look *look, struct reason *reason);

/* ---- the two forms ---- */

static bool add_line(struct buffer *text, const struct reason *reason, const char *since)
{
    return buffer_format(text, "%s%s%s: %s\n", reason->what, since[0] != '\0' ? " since " : "", since, reason->why);
}

static bool add_object(struct buffer *text, const struct reason *reason, const char *since, bool first)
{
    struct str why = str_of(reason->why);
    char quoted[JSON_QUOTED_MAX(sizeof(reason->why))];
    int size = (int)(json_quote(quoted, why) - quoted);

    return buffer_format(text, "%s{\"what\":\"%s\",\"refuses\":%s,", first ? "" : ",", reason->what,
                         reason->refuses ? "true" : "false") &&
           (since[0] == '\0' || buffer_format(text, "\"since\":\"%s\",", since)) &&
           buffer_format(text, "\"why\":%.*s}", size, quoted);
}

/* The state's word is not known before the reasons are, and stands before them. */
static bool answer(const struct admin_look *look, reason_fn *const *reasons, size_t count, const char *good_word,
                   bool json, struct buffer *text, bool *good)
{
    struct buffer said;
    bool fits = true;
    size_t found = 0;

    *good = true;
    buffer_init(&said, text->ceiling);
    for (size_t i = 0; i < count && fits; i++) {
        struct reason reason;
        char since[TIMESTAMP_SIZE] = "";
        if (!reasons[i](look, &reason))
            continue;
        if (reason.since_us != 0)
            timestamp_format(reason.since_us / 1000000 * 1000000, since);
        *good = *good && !reason.refuses;
        fits = json ? add_object(&said, &reason, since, found == 0) : add_line(&said, &reason, since);
        found++;
    }
    const char *list = said.size > 0 ? said.data : "";
    fits =
        fits && (json ? buffer_format(text, "{\"%s\":%s,\"reasons\":[%s]}\n", good_word, *good ? "true" : "false", list)
                      : buffer_format(text, "%s%s\n%s", *good ? "" : "not ", good_word, list));
    buffer_free(&said);
    return fits;
}

bool admin_healthz(const struct admin_look *look, bool json, struct buffer *text, bool *good)
{
    static reason_fn *const reasons[] = {is_silent};
    return answer(look, reasons, ARRAY_LENGTH(reasons), "healthy", json, text, good);
}

bool admin_readyz(const struct admin_look *look, bool json, struct buffer *text, bool *good)
{
    static reason_fn *const reasons[] = {is_stopping,   is_silent,        certificate_is_over,
                                         spool_is_full, database_is_away, ledger_refuses};
    return answer(look, reasons, ARRAY_LENGTH(reasons), "ready", json, text, good);
}
