/* SPDX-License-Identifier: MIT */
/* What became of a Tweet in the requests that asked for it, for a person and as JSON. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/explain.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/wrap.h"

#define INDENT 2

/* ---- text ---- */

static char *days_text(int64_t days)
{
    return mem_format("%" PRId64 " day%s", days, days == 1 ? "" : "s");
}

static void print_age(const struct tweet_answer *answer)
{
    char made[TIMESTAMP_SIZE];

    printf("Tweet %" PRId64 "\n", answer->id);
    if (db_is_null(answer->age, 0, "made_us")) {
        wrap_print(stdout, "Its id does not tell when it was made: it was made before November 2010.", 0, 0);
        return;
    }
    int64_t days = db_int64(answer->age, 0, "days");
    char *age = days_text(days);
    char *text =
        mem_format("Made %s, as its id tells: %s%s.", timestamp_format(db_int64(answer->age, 0, "made_us"), made),
                   days < 0 ? "" : age, days < 0 ? "that lies ahead, so it can't be a Tweet's" : " ago");
    wrap_print(stdout, text, 0, 0);
    free(text);
    free(age);
}

/* Whom the request was made for. */
static char *whom(const struct db_rows *rows, size_t row)
{
    const char *owner = db_text(rows, row, "owner"), *handle = db_text(rows, row, "handle");

    if (strcmp(owner, "~app") == 0)
        return mem_text("the app alone");
    if (owner[0] == '~')
        return mem_format("a user whom the token does not name (%s)", owner);
    if (owner[0] == '@')
        return mem_format("%s", owner);
    return mem_format("user %s%s%s%s", owner, handle != NULL ? " (@" : "", handle != NULL ? handle : "",
                      handle != NULL ? ")" : "");
}

static void print_request(const struct db_rows *rows, size_t row)
{
    char at[TIMESTAMP_SIZE];
    char *who = whom(rows, row);
    const char *endpoint = db_text(rows, row, "endpoint"), *label = db_text(rows, row, "label");

    output_text("\n%s for %s, contract %s%s%s%s%s%s\n", timestamp_format(db_int64(rows, row, "time_us"), at), who,
                db_text(rows, row, "contract"), endpoint != NULL ? ", " : "", endpoint != NULL ? endpoint : "",
                label != NULL ? ", label " : "", label != NULL ? label : "",
                db_bool(rows, row, "voided") ? ", in a voided batch" : "");
    free(who);
}

static void print_line(const char *what, const char *text)
{
    char *line = mem_format("%s: %s", what, text);

    wrap_print(stdout, line, INDENT, 0);
    free(line);
}

static void print_result(const struct db_rows *rows, size_t row)
{
    const char *words = db_text(rows, row, "outcome_words"), *status = db_text(rows, row, "status");
    char *request = mem_format("%s%s%s%s", words != NULL ? words : "", words != NULL && status != NULL ? ", " : "",
                               status != NULL ? "status " : "", status != NULL ? status : "");
    char *days = db_is_null(rows, row, "days") ? NULL : days_text(db_int64(rows, row, "days"));

    if (request[0] != '\0')
        print_line("the request", request);
    print_line("this Tweet", db_text(rows, row, "cause_words"));
    if (days != NULL)
        print_line("its age then", days);
    free(days);
    free(request);
}

void explain_print_tweet(const struct tweet_answer *answer)
{
    size_t shown = db_rows_count(answer->failures);

    print_age(answer);
    if (shown == 0) {
        wrap_print(stdout,
                   "No request is known in which it failed. Only the ids of Tweets that failed are kept, so it may "
                   "have been asked for and answered, or never asked for.",
                   0, 0);
        return;
    }
    int64_t requests = db_int64(answer->failures, 0, "requests");
    printf("Failed in %" PRId64 " request%s%s", requests, requests == 1 ? "" : "s",
           (size_t)requests > shown ? ", of which the latest:\n" : ":\n");
    for (size_t row = 0; row < shown; row++) {
        print_request(answer->failures, row);
        print_result(answer->failures, row);
    }
}

/* ---- JSON ---- */

static json_t *json_days(const struct db_rows *rows, size_t row)
{
    return db_is_null(rows, row, "days") ? json_null() : json_integer(db_int64(rows, row, "days"));
}

static json_t *json_request(const struct db_rows *rows, size_t row)
{
    static const char *const texts[] = {"contract", "subject", "owner",       "handle", "endpoint", "outcome",
                                        "causes",   "label",   "cause_words", "source", "event_id", "batch_id"};
    json_t *object = json_object();

    (void)json_object_set_new(object, "time", json_time(db_int64(rows, row, "time_us")));
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
        (void)json_object_set_new(object, texts[i], json_text(db_text(rows, row, texts[i])));
    (void)json_object_set_new(object, "status", json_digits(db_text(rows, row, "status")));
    (void)json_object_set_new(object, "age_days", json_days(rows, row));
    (void)json_object_set_new(object, "voided", json_boolean(db_bool(rows, row, "voided")));
    return object;
}

json_t *explain_json_tweet(const struct tweet_answer *answer)
{
    size_t shown = db_rows_count(answer->failures);
    bool told = !db_is_null(answer->age, 0, "made_us");
    json_t *object = json_object(), *requests = json_array();

    for (size_t row = 0; row < shown; row++)
        (void)json_array_append_new(requests, json_request(answer->failures, row));
    (void)json_object_set_new(object, "tweet_id", json_sprintf("%" PRId64, answer->id));
    (void)json_object_set_new(object, "made", told ? json_time(db_int64(answer->age, 0, "made_us")) : json_null());
    (void)json_object_set_new(object, "age_days", json_days(answer->age, 0));
    (void)json_object_set_new(object, "failed_requests",
                              json_integer(shown > 0 ? db_int64(answer->failures, 0, "requests") : 0));
    (void)json_object_set_new(object, "requests", requests);
    return object;
}
