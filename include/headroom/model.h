/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_MODEL_H
#define HEADROOM_MODEL_H

/*
 * model: the domain's values. Pure: no I/O, no database, no clock of its own; what it needs of the world is passed in.
 * Counting, pricing and the billing calendar are not here but in sql/routines: this room only says what an event is.
 */

#include <jansson.h>

#include "headroom/base.h"

/* ---- handle: an @name. At most one leading '@', then 1 to 20 of [A-Za-z0-9_] ---- */
#define HANDLE_MAX  20
#define SUBJECT_MAX 65
/* Writes the normalised handle (no '@', lower case) with a NUL; false when it is none. */
MUST_CHECK bool handle_normalise(struct str text, char out[HANDLE_MAX + 1]);

/* ---- mask: no secret is kept ----
 * Returns a copy of text (in arena) in which the values of OAuth and Bearer authorisations, oauth_* parameters and
 * cookies, and anything shaped like an access token, are replaced by "[masked]". Works on any bytes, broken lines
 * included. */
struct str mask_secrets(struct arena *arena, struct str text);
/* Whether mask_secrets would change it. */
bool mask_needed(struct str text);
/* Whether a value that is to be kept holds a secret. Unlike in a raw line, where masking too much does no harm, a
 * random text is taken for one only when it is as long as the vendor's secrets are: consumer keys, KSUIDs and nanoids
 * are right there. */
bool mask_refuses(struct str text);

/* ---- texts that a person gives (--by, --source, a contract's name) and that are kept ----
 * Why a text is refused, as the end of a sentence ("is empty", "is not UTF-8" …); NULL when it is fine. */
const char *given_text_fault(struct str text, size_t size_max);
/* digits "." digits, or digits alone; how many there are before and behind the point. */
bool given_decimal(const char *text, size_t *whole, size_t *decimals);
const char *given_date_fault(const char *text); /* why it is no date "2026-10-31" from 2006 on; NULL when it is one */
/* A file's name as it is kept and shown, in arena with a NUL: secrets masked, bytes that are no text as \xNN. */
struct str given_file_name(struct arena *arena, const char *path);
char *given_file_name_copy(const char *path); /* the same; free() it */

/* ---- event ---- */
enum via {
    VIA_USER,
    VIA_APP
};
enum event_class {
    CLASS_NOT_ATTEMPTED,
    CLASS_ATTEMPTED,
    CLASS_ANSWERED,
    CLASS_DELIVERED
};
enum endpoint {
    ENDPOINT_ABSENT,
    ENDPOINT_TOTALS,
    ENDPOINT_28HR,
    ENDPOINT_HISTORICAL
};
enum outcome {
    OUTCOME_ABSENT,
    OUTCOME_OK,
    OUTCOME_PARTIAL,
    OUTCOME_BAD_REQUEST,
    OUTCOME_AUTH_FAILED,
    OUTCOME_FORBIDDEN,
    OUTCOME_UNAVAILABLE,
    OUTCOME_TOO_OLD,
    OUTCOME_TOO_OLD_VIDEO,
    OUTCOME_NOT_FOUND,
    OUTCOME_RATE_LIMITED,
    OUTCOME_SERVER_ERROR,
    OUTCOME_NO_ANSWER,
    OUTCOME_UNKNOWN,
};
/* The words of DESIGN: "answered", "28hr", "too_old" …; NULL for *_ABSENT. The database's enum labels are the same. */
const char *via_name(enum via via); /* "user", "app": the values of `auth` */
const char *class_name(enum event_class class);
const char *endpoint_name(enum endpoint endpoint);
const char *outcome_name(enum outcome outcome);

#define EVENT_ABSENT (-1) /* of a number */

/* One API request. Texts are borrowed from the arena that event_read was given. */
struct event {
    int64_t time_us;     /* UTC microseconds */
    struct str contract; /* its own field, or absent */
    struct str source;   /* absent until the default is known */
    struct str id;       /* absent until event_name_id */
    struct str subject;  /* digits, "@handle", "~" and a digest's 64 hex digits, or "~app" */
    struct str handle;   /* as seen, without '@'; absent when the line has none */
    struct str app;      /* consumer key */
    struct str label;
    struct str failed;   /* canonical JSON (compact, keys sorted, ids as strings), or absent */
    struct str metrics;  /* canonical JSON, or absent */
    int64_t user_id;     /* 0: none */
    int64_t contract_id; /* 0 until resolved */
    int64_t bytes;       /* EVENT_ABSENT or >= 0, as the four below */
    int32_t tweet_count;
    int32_t failed_count; /* distinct Tweets under any cause of `failed`; 0 when there is none */
    int32_t rate_limit;
    int32_t rate_remaining;
    int32_t latency_ms;
    int16_t status; /* 100 to 599, or EVENT_ABSENT */
    enum via via;
    enum event_class class;
    enum endpoint endpoint;
    enum outcome outcome;
    uint64_t position;                 /* line in its file, from 1 */
    uint32_t ordinal;                  /* in its batch, from 0 */
    unsigned char digest[DIGEST_SIZE]; /* of its canonical form, see event_seal */
};

/* The known fields of a line, in the order of the documentation. */
enum field {
    FIELD_ID,
    FIELD_TIME,
    FIELD_SOURCE,
    FIELD_USER_ID,
    FIELD_HANDLE,
    FIELD_TOKEN, /* 64 hex digits: a keyed digest of a token that names nobody; never a token */
    FIELD_AUTH,
    FIELD_ENDPOINT,
    FIELD_TWEET_COUNT,
    FIELD_STATUS,
    FIELD_OUTCOME,
    FIELD_FAILED,
    FIELD_METRICS,
    FIELD_RATE_LIMIT,
    FIELD_RATE_REMAINING,
    FIELD_LATENCY_MS,
    FIELD_BYTES,
    FIELD_APP,
    FIELD_CONTRACT,
    FIELD_LABEL,
    FIELD_COUNT,
    FIELD_UNKNOWN = FIELD_COUNT,
};
const char *field_name(enum field field); /* the documented name, never an alias */
enum field field_find(struct str name);   /* by name or alias, exact; FIELD_UNKNOWN when none */

/* The causes of an event's `failed`, one after the other: *at is 0 before the first, false is behind the last. cause:
 * ABSENT for one that is no outcome. tweets: different ones that it lists. */
bool event_next_cause(struct str failed, size_t *at, enum outcome *cause, uint32_t *tweets);

/* What a reader found in one field. Absent, JSON null and the empty text are the same: VALUE_ABSENT. */
enum value_kind {
    VALUE_ABSENT,
    VALUE_TEXT,
    VALUE_INTEGER,
    VALUE_REAL,
    VALUE_JSON
};
struct value {
    enum value_kind kind;
    struct str text; /* VALUE_TEXT: borrowed, valid UTF-8 */
    int64_t integer; /* VALUE_INTEGER */
    double real;     /* VALUE_REAL */
    json_t *json;    /* VALUE_JSON: borrowed object, array or boolean */
};

/* Why a line goes to quarantine. The reasons that event_read gives: missing_time, missing_user, future_time, secret,
 * contradiction, and bad_FIELD for each field (bad_time, bad_handle, bad_tweet_count …). */
struct rejection {
    enum field field;   /* FIELD_UNKNOWN when it is the whole line */
    const char *reason; /* a short static code: "bad_json", "bad_time", "bad_handle", "secret", … */
    char text[240];     /* for a person: the field, what was found (never a secret), what is allowed */
};

/* Makes an event of a line's values: normalises, applies the defaults that need no contract, decides subject and
 * class. now_us is the database's clock: a time more than 24 hours after it is rejected. False: *why is filled and the
 * line belongs in quarantine. Rules: rules.md 3, 4, 7, 8, 16, 17. A field that holds a secret is rejected. */
MUST_CHECK bool event_read(struct event *event, const struct value values[FIELD_COUNT], struct arena *arena,
                           int64_t now_us, struct rejection *why);

/* Digest of the event's meaning: the values of all known fields after normalising and defaults, without id, position
 * and ordinal. Two lines mean the same when these are equal, whatever their format. Contract (its name, so that the
 * meaning is the same in every database) and source must be set. */
void event_meaning(const struct event *event, unsigned char out[DIGEST_SIZE]);

/* Gives the event the id that stands for an absent one: 32 hex digits of SHA-256 over its meaning and `repeat`, the
 * number of lines of equal meaning among the 65,536 before it. Leaves an event that has an id alone. */
void event_name_id(struct event *event, const unsigned char meaning[DIGEST_SIZE], uint64_t repeat, struct arena *arena);

/* Sets event->digest: SHA-256 of its canonical form, which is the line that PostgreSQL's COPY TO (text format) writes
 * for the columns
 *   time in microseconds since the epoch, contract_id, source, event_id, subject, via ("user" or "app"), class, status,
 *   tweet_count, endpoint, outcome, rate_limit, rate_remaining, latency_ms, bytes, handle, app, label, failed, metrics,
 *   position
 * without the newline at its end: tab between columns, \N where there is none, \\ \t \n \r \b \f \v escaped. */
void event_seal(struct event *event);

/* The order of the unique key: time, contract, source, id, subject, via, class. As strcmp. */
int event_compare_key(const struct event *a, const struct event *b);

/* ---- month: a billing month's name ---- */
/* Reads "2026-10" to the first day of that month as "2026-10-01"; false when it is no month. */
MUST_CHECK bool month_parse(struct str text, char out[11]);

#endif
