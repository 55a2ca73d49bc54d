/* SPDX-License-Identifier: MIT */
/* headroom explain: what became of a Tweet, and the API's oddities in words. */

#include <stdlib.h>
#include <string.h>

#include "cli/explain.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/selection.h"
#include "cli/text.h"
#include "cli/wrap.h"
#include "headroom/model.h"
#include "statements.h"

static enum exit_code run_explain(const struct invocation *invocation);

const struct command cmd_explain = {
    .name = "explain",
    .summary = "say what became of a Tweet, or why a figure of the API is right",
    .operands = "TWEET-ID|TOPIC",
    .operands_min = 1,
    .operands_max = 1,
    .description =
        "Of a Tweet's id: in which requests it failed, for whom it was asked, what became of each request and why the "
        "Tweet failed, in the words of the vendor's documentation; how old it was then, and is now, where its id "
        "tells (of Tweets since November 2010). Only the ids of Tweets that failed are kept: of one that was "
        "answered nothing is known.\n\n"
        "Of a topic, what is asked again and again: engagements, url_clicks, video_views, impressions and "
        "media_engagements are metrics that look wrong but are not; rate-limit and overage say also how the billing "
        "month stands.\n\n"
        "JSON of a Tweet: {tweet_id, made, age_days, failed_requests, requests: [{time, contract, subject, owner, "
        "handle, endpoint, outcome, causes, label, cause_words, source, event_id, batch_id, status, age_days, "
        "voided}]}, the latest 100; made and age_days are null where the id does not tell. Of a topic: {topic, "
        "explanation, months}, where months is null for a metric, of rate-limit [{contract, month, allowed, remaining, "
        "nearest_day, refused}], and of overage [{contract, month, unique_handles, limit, headroom, overage, charge, "
        "currency}].",
    .options =
        (const struct option_spec[]){
            OPTION_CONTRACT_OF_ALL,
            OPTION_MONTH,
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom explain 1070059276213702656  # why are there no figures of this Tweet?",
            "headroom explain engagements  # why are there more than of all metrics together?",
            "headroom explain rate-limit --month last  # how near did we come to it?",
            NULL,
        },
    .run = run_explain,
};

/* ---- the months of a topic ---- */

typedef bool month_fn(const struct selection *selection, const struct selected *item, json_t *month, char **text,
                      struct error *err);

static bool ask_rate_limit(const struct selection *selection, const struct selected *item, json_t *month, char **text,
                           struct error *err)
{
    static const char *const numbers[] = {"allowed", "remaining", "refused"};
    char id[DB_NUMBER_SIZE];
    const char *const params[] = {db_number_text(item->contract.id, id), item->month};
    struct db_rows *rows = NULL;

    if (!db_query_one(selection->db, &sql_explain_rate_limit, params, &rows, err))
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++)
        (void)json_object_set_new(month, numbers[i], json_digits(db_text(rows, 0, numbers[i])));
    (void)json_object_set_new(month, "nearest_day", json_text(db_text(rows, 0, "nearest_day")));
    long long refused = (long long)db_int64(rows, 0, "refused");
    if (db_is_null(rows, 0, "remaining"))
        *text = mem_format("no answer said what was allowed; %lld refused with 429", refused);
    else
        *text = mem_format("%lld of %lld requests were left of the fullest minute (%s); %lld refused with 429",
                           (long long)db_int64(rows, 0, "remaining"), (long long)db_int64(rows, 0, "allowed"),
                           db_text(rows, 0, "nearest_day"), refused);
    db_rows_free(rows);
    return true;
}

static bool ask_overage(const struct selection *selection, const struct selected *item, json_t *month, char **text,
                        struct error *err)
{
    struct reconcile_status status;
    struct cell charge = {0};

    if (!reconcile_status(selection->db, &item->contract, item->month, selection->arena, &status, err))
        return false;
    bool limited = status.limit != RECONCILE_NO_LIMIT;
    (void)json_object_set_new(month, "unique_handles", json_integer(status.unique_handles));
    (void)json_object_set_new(month, "limit", limited ? json_integer(status.limit) : json_null());
    (void)json_object_set_new(month, "headroom", limited ? json_integer(status.headroom) : json_null());
    (void)json_object_set_new(month, "overage", json_integer(status.overage));
    (void)json_object_set_new(month, "charge", json_text(status.charge));
    (void)json_object_set_new(month, "currency", json_text(status.currency));
    if (!limited)
        *text = mem_format("%lld unique handles, without a limit", (long long)status.unique_handles);
    else
        *text = mem_format("%lld unique handles, limit %lld: headroom %lld, overage %lld, charge %s",
                           (long long)status.unique_handles, (long long)status.limit, (long long)status.headroom,
                           (long long)status.overage, cell_money(&charge, status.charge, status.currency));
    return true;
}

/* ---- topics ---- */

static const struct topic {
    const char *name;
    month_fn *ask; /* NULL: no month has to do with it */
} topics[] = {
    {"engagements", NULL},       {"url_clicks", NULL},           {"video_views", NULL},    {"impressions", NULL},
    {"media_engagements", NULL}, {"rate-limit", ask_rate_limit}, {"overage", ask_overage},
};

static const struct topic *find_topic(const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(topics); i++)
        if (strcmp(topics[i].name, name) == 0)
            return &topics[i];
    return NULL;
}

static bool explain_months(const struct selection *selection, const struct topic *topic, bool json, json_t *months,
                           struct error *err)
{
    for (size_t i = 0; i < selection->count; i++) {
        const struct selected *item = &selection->items[i];
        json_t *month = json_object();
        char *text = NULL;
        (void)json_array_append_new(months, month);
        (void)json_object_set_new(month, "contract", json_text(item->contract.name));
        (void)json_object_set_new(month, "month", json_sprintf("%.7s", item->month));
        if (!topic->ask(selection, item, month, &text, err))
            return fail_within(err, "contract '%s'", item->contract.name);
        if (!json)
            output_text("\ncontract %s, %.7s: %s\n", item->contract.name, item->month, text);
        free(text);
    }
    return true;
}

static bool explain_topic(const struct selection *selection, const struct topic *topic, bool json, struct error *err)
{
    struct db_rows *rows = NULL;
    json_t *months = topic->ask != NULL ? json_array() : json_null();

    if (!db_query_one(selection->db, &sql_explain_topic, (const char *const[]){topic->name}, &rows, err)) {
        json_decref(months);
        return false;
    }
    const char *explanation = db_text(rows, 0, "explanation");
    if (!json) {
        puts(topic->name);
        wrap_print(stdout, explanation, 0, 0);
    }
    json_t *document = json_object();
    (void)json_object_set_new(document, "topic", json_text(topic->name));
    (void)json_object_set_new(document, "explanation", json_text(explanation));
    (void)json_object_set_new(document, "months", months);
    bool done = (topic->ask == NULL || explain_months(selection, topic, json, months, err)) &&
                (!json || cli_print_json(json_incref(document), err));
    json_decref(document);
    db_rows_free(rows);
    return done;
}

/* ---- Tweets ---- */

static bool explain_tweet(struct db *db, int64_t id, const char *contract_id, bool json, struct error *err)
{
    struct tweet_answer answer = {.id = id};
    char digits[DB_NUMBER_SIZE];
    const char *const params[] = {db_number_text(id, digits), contract_id};
    bool done = db_query_one(db, &sql_explain_tweet, params, &answer.age, err) &&
                db_query(db, &sql_explain_tweet_failures, params, &answer.failures, err);

    if (done && json)
        done = cli_print_json(explain_json_tweet(&answer), err);
    else if (done)
        explain_print_tweet(&answer);
    db_rows_free(answer.age);
    db_rows_free(answer.failures);
    return done;
}

/* ---- the command ---- */

/* Neither: says what was meant, or what there is. */
static enum exit_code refuse(const struct invocation *invocation, const char *what)
{
    struct nearest near = {.word = what};

    if (strspn(what, "0123456789") == strlen(what) && what[0] != '\0')
        return cli_usage(invocation, "'%s' is no Tweet's id: these are 1 to 9223372036854775807", what);
    for (size_t i = 0; i < ARRAY_LENGTH(topics); i++)
        nearest_offer(&near, topics[i].name);
    return cli_usage(invocation,
                     "'%s' is neither a Tweet's id (digits) nor a topic%s%s%s; topics: engagements, url_clicks, "
                     "video_views, impressions, media_engagements, rate-limit, overage",
                     what, near.best != NULL ? "; did you mean '" : "", near.best != NULL ? near.best : "",
                     near.best != NULL ? "'?" : "");
}

/* What needs no month needs no contract either. */
static bool open_ledger(struct selection *selection, const struct invocation *invocation, bool months,
                        struct error *err)
{
    if (months)
        return selection_open(selection, invocation, SELECTION_ALL, err);
    *selection = (struct selection){.arena = arena_new()};
    return cli_open(invocation, DB_READER, &selection->db, err) && db_begin_snapshot(selection->db, err);
}

static enum exit_code run_explain(const struct invocation *invocation)
{
    const char *what = argument_at(invocation->arguments, 0);
    const char *contract = argument_option(invocation->arguments, "contract"), *contract_id = NULL;
    const struct topic *topic = find_topic(what);
    bool months = topic != NULL && topic->ask != NULL;
    char id[SELECTION_ID_SIZE];
    struct selection selection;
    struct error err;
    int64_t tweet_id = 0;

    if (topic == NULL && !str_to_int64(str_of(what), 1, INT64_MAX, &tweet_id))
        return refuse(invocation, what);
    if (!months && argument_option(invocation->arguments, "month") != NULL)
        return cli_usage(invocation, "--month is for rate-limit and overage: leave it out");
    if (topic != NULL && !months && contract != NULL)
        return cli_usage(invocation, "--contract is for Tweets, rate-limit and overage: leave it out");
    bool done = open_ledger(&selection, invocation, months, &err) &&
                (topic != NULL ? explain_topic(&selection, topic, invocation->json, &err)
                               : selection_contract(selection.db, contract, id, &contract_id, &err) &&
                                     explain_tweet(selection.db, tweet_id, contract_id, invocation->json, &err));
    selection_close(&selection);
    return done ? EXIT_DONE : cli_failed(&err);
}
