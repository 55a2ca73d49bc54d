/* SPDX-License-Identifier: MIT */
/* What a request and its answer leave behind: who, when, for which contract; what was asked, and what became of it.
 * Whatever came, the event must not end in quarantine: a value that no event would take is left out. */

#include "gateway/recorder.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gateway/recorder_apps.h"
#include "gateway/recorder_text.h"
#include "gateway/unpack.h"
#include "headroom/encode.h"

#define CONTRACT_SIZE_MAX 100 /* bytes: what an event takes of each */
#define LABEL_SIZE_MAX    1000
#define TIME_MAX          INT64_C(99999999999999999) /* of a time in microseconds that is a number */

struct recorder {
    struct recorder_apps *apps;
    char *contract, *label_header; /* NULL: none */
    unsigned char key[RECORDER_KEY_SIZE];
};

struct record_of {
    struct arena *arena;
    char subject[SUBJECT_MAX + 1];
    struct str contract;
    enum endpoint endpoint;
    struct str who;                  /* the intent without its time */
    struct unpack *asked, *answered; /* the bodies as they pass */
    struct request_reader *request;  /* NULL: no byte of a body so far */
    struct answer_reader *answer;
    int status; /* 0: none so far */
    int64_t rate_limit, rate_remaining, bytes;
    enum outcome outcome;
};

/* Whether an event takes the text. */
static bool is_kept(struct str text, size_t size_max)
{
    return text.size > 0 && text.size <= size_max && str_is_utf8(text) && !mask_refuses(text);
}

struct recorder *recorder_new(const struct recorder_options *options)
{
    struct recorder *recorder = mem_alloc(sizeof(*recorder));

    recorder->apps = recorder_apps_new();
    if (is_kept(str_of(options->contract), CONTRACT_SIZE_MAX))
        recorder->contract = mem_text(options->contract);
    if (options->label_header != NULL)
        recorder->label_header = mem_text(options->label_header);
    memcpy(recorder->key, options->key, sizeof(recorder->key));
    return recorder;
}

void recorder_free(struct recorder *recorder)
{
    if (recorder == NULL)
        return;
    recorder_apps_free(recorder->apps);
    free(recorder->contract);
    free(recorder->label_header);
    explicit_bzero(recorder->key, sizeof(recorder->key));
    free(recorder);
}

void recorder_tell_apps(struct recorder *recorder, const struct recorder_app *apps, size_t count)
{
    recorder_apps_tell(recorder->apps, apps, count);
}

static bool is_named(struct str name, const char *wanted)
{
    return name.size == strlen(wanted) && strncasecmp(name.data, wanted, name.size) == 0;
}

bool recorder_has_key(const struct recorder *recorder, const unsigned char key[RECORDER_KEY_SIZE])
{
    return memcmp(recorder->key, key, sizeof(recorder->key)) == 0;
}

bool recorder_is_label(const struct recorder *recorder, struct str header_name)
{
    return recorder->label_header != NULL && is_named(header_name, recorder->label_header);
}

/* ---- the intent ---- */

/* Who it is for: the member of the event that says so, and its value. */
static const char *name_subject(struct record_of *record, const struct authorization *authorization, struct str *value)
{
    char digest[DIGEST_HEX_SIZE];

    switch (authorization->kind) {
    case AUTHORIZATION_USER:
        snprintf(record->subject, sizeof(record->subject), "%" PRId64, authorization->user_id);
        *value = str_of(record->subject);
        return "user_id";
    case AUTHORIZATION_PROVISIONAL:
        digest_hex(authorization->token_digest, digest);
        snprintf(record->subject, sizeof(record->subject), "~%s", digest);
        *value = str_of(record->subject + 1);
        return "token";
    default: /* nobody is authenticated, whatever else the header says */
        snprintf(record->subject, sizeof(record->subject), "~app");
        *value = str_of(via_name(VIA_APP));
        return "auth";
    }
}

/* Without what was told of the keys, a request that has one may belong to any contract: the drain will know. */
static struct str contract_of(const struct recorder *recorder, struct str key, struct arena *arena)
{
    bool known = true;
    struct str contract = {NULL, 0};

    if (key.size > 0)
        contract = recorder_apps_find(recorder->apps, key, arena, &known);
    if (contract.data != NULL)
        return is_kept(contract, CONTRACT_SIZE_MAX) ? contract : str_of(NULL);
    return known ? arena_copy(arena, str_of(recorder->contract)) : contract;
}

/* Cut at a character; one that is no text, or that holds a secret, is left out. */
static struct str label_of(struct str header)
{
    struct str label = str_trim(header);

    if (label.size > LABEL_SIZE_MAX) {
        label.size = LABEL_SIZE_MAX;
        while (label.size > 0 && (label.data[label.size] & 0xC0) == 0x80)
            label.size--;
    }
    return is_kept(label, LABEL_SIZE_MAX) ? label : str_of(NULL);
}

/* A clock that is set before the vendor existed is wrong; the request was made none the less. */
static int64_t time_of(int64_t time_us)
{
    if (time_us < TIMESTAMP_MIN)
        return TIMESTAMP_MIN;
    return time_us > TIME_MAX ? TIME_MAX : time_us;
}

static struct str write_who(struct record_of *record, const struct authorization *who, struct str label)
{
    struct object_text object;
    struct str subject;
    const char *member = name_subject(record, who, &subject);
    size_t texts = record->contract.size + subject.size + who->consumer_key.size + label.size;

    object_begin(&object, record->arena, 5 * OBJECT_MEMBER + JSON_QUOTED_MAX(texts));
    object_text(&object, "contract", record->contract);
    object_text(&object, member, subject);
    object_text(&object, "app", who->consumer_key);
    object_text(&object, "endpoint", str_of(endpoint_name(record->endpoint)));
    object_text(&object, "label", label);
    return object_end(&object);
}

static void take_asked(void *context, struct str bytes)
{
    struct record_of *record = context;

    if (record->request == NULL)
        record->request = request_reader_new();
    request_reader_add(record->request, bytes);
}

static void take_answered(void *context, struct str bytes)
{
    struct record_of *record = context;

    if (record->answer == NULL)
        record->answer = answer_reader_new();
    answer_reader_add(record->answer, bytes);
}

struct record_of *record_begin(const struct recorder *recorder, struct arena *arena, struct str method,
                               struct str target, struct str authorization, struct str label)
{
    struct record_of *record = mem_alloc(sizeof(*record));
    struct authorization who;

    record->arena = arena;
    record->rate_limit = record->rate_remaining = EVENT_ABSENT;
    record->asked = unpack_new(RECORDER_BODY_MAX, take_asked, record);
    record->answered = unpack_new(RECORDER_BODY_MAX, take_answered, record);
    if (!engagement_is_request(target, &record->endpoint) || !str_equal(method, STR("POST")))
        record->endpoint = ENDPOINT_ABSENT; /* all that the API has is POST */
    authorization_read_keyed(authorization, recorder->key, record->arena, &who);
    record->contract = contract_of(recorder, who.consumer_key, record->arena);
    record->who = write_who(record, &who, label_of(label));
    return record;
}

void record_free(struct record_of *record)
{
    if (record == NULL)
        return;
    request_reader_free(record->request);
    answer_reader_free(record->answer);
    unpack_free(record->asked);
    unpack_free(record->answered);
    free(record);
}

const char *record_subject(const struct record_of *record)
{
    return record->subject;
}

const char *record_contract(const struct record_of *record)
{
    return record->contract.data;
}

const char *record_endpoint(const struct record_of *record)
{
    return endpoint_name(record->endpoint);
}

/* Its other members follow: one of them at least says who. */
struct str record_intent(struct record_of *record, int64_t time_us)
{
    size_t room = OBJECT_MEMBER + record->who.size;
    char *text = arena_alloc(record->arena, room);
    int size = snprintf(text, room, "{\"time\":%" PRId64 ",%s", time_of(time_us), record->who.data + 1);

    return (struct str){text, (size_t)size};
}

/* ---- what passes ---- */

void record_request_header(struct record_of *record, struct str name, struct str value)
{
    if (is_named(name, "content-encoding"))
        unpack_coding(record->asked, value);
}

void record_request_body(struct record_of *record, struct str bytes)
{
    unpack_add(record->asked, bytes);
}

void record_status(struct record_of *record, int status)
{
    if (status >= 200)
        record->status = status;
}

/* One that is no whole number tells nothing. */
static void read_number(struct str value, int64_t *number)
{
    if (!str_to_int64(str_trim(value), 0, INT32_MAX, number))
        *number = EVENT_ABSENT;
}

void record_answer_header(struct record_of *record, struct str name, struct str value)
{
    if (is_named(name, "content-encoding"))
        unpack_coding(record->answered, value);
    else if (is_named(name, "x-per-minute-limit"))
        read_number(value, &record->rate_limit);
    else if (is_named(name, "x-per-minute-remaining"))
        read_number(value, &record->rate_remaining);
}

void record_answer_body(struct record_of *record, struct str bytes)
{
    record->bytes += (int64_t)bytes.size;
    unpack_add(record->answered, bytes);
}

/* ---- the outcome ---- */

static struct str write_outcome(struct record_of *record, const struct engagement_request *asked,
                                const struct engagement_answer *answered, int64_t latency_us)
{
    struct object_text outcome;
    int64_t latency_ms = latency_us / 1000;
    bool has_status = record->status >= 200 && record->status <= 599; /* the others are none that an event takes */

    object_begin(&outcome, record->arena, 9 * OBJECT_MEMBER + asked->metrics.size + answered->failed.size);
    object_number(&outcome, "status", has_status ? record->status : EVENT_ABSENT);
    object_text(&outcome, "outcome", str_of(outcome_name(answered->outcome)));
    object_number(&outcome, "tweet_count", asked->tweet_count);
    object_json(&outcome, "metrics", asked->metrics);
    object_json(&outcome, "failed", answered->failed);
    object_number(&outcome, "rate_limit", record->rate_limit);
    object_number(&outcome, "rate_remaining", record->rate_remaining);
    object_number(&outcome, "latency_ms", latency_ms > INT32_MAX ? INT32_MAX : latency_ms);
    object_number(&outcome, "bytes", record->status > 0 ? record->bytes : EVENT_ABSENT);
    return object_end(&outcome);
}

struct str record_outcome(struct record_of *record, enum record_end end, int64_t latency_us)
{
    struct engagement_request asked;
    struct engagement_answer answered;
    bool whole = end == RECORD_WHOLE && unpack_is_whole(record->answered);

    request_reader_end(unpack_is_whole(record->asked) ? record->request : NULL, record->arena, &asked);
    answer_reader_end(whole ? record->answer : NULL, record->status, record->arena, &answered);
    record->outcome = answered.outcome;
    return write_outcome(record, &asked, &answered, latency_us);
}

const char *record_outcome_word(const struct record_of *record)
{
    return outcome_name(record->outcome);
}
