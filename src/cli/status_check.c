/* SPDX-License-Identifier: MIT */
/* status --check: what is wrong with a month, for cron. */

#include <stdlib.h>
#include <string.h>

#include "cli/forecast.h"
#include "cli/output.h"
#include "cli/status.h"
#include "cli/text.h"
#include "cli/value.h"

#define HOUR (INT64_C(3600) * 1000000)

/* ---- what is asked for ---- */

bool status_check_read(const struct arguments *arguments, struct status_check *check, struct error *err)
{
    static const char *const needing[] = {"used", "probability", "stale"};
    *check = (struct status_check){
        .wanted = argument_flag(arguments, "check"),
        .used = argument_option(arguments, "used"),
        .probability = argument_option(arguments, "probability"),
        .stale = argument_option(arguments, "stale"),
    };
    for (size_t i = 0; !check->wanted && i < ARRAY_LENGTH(needing); i++)
        if (argument_option(arguments, needing[i]) != NULL)
            return fail(err, EXIT_USAGE, "--%s says when --check finds fault: give --check as well", needing[i]);
    if ((check->used != NULL && !value_per_cent("used", check->used, 1, 100000, &check->used_hundredths, err)) ||
        (check->probability != NULL &&
         !value_per_cent("probability", check->probability, 0, 10000, &check->probability_hundredths, err)) ||
        (check->stale != NULL && !value_count("stale", check->stale, 1, VALUE_HOURS_MAX, err)))
        return false;
    return check->stale == NULL || str_to_int64(str_of(check->stale), 1, VALUE_HOURS_MAX, &check->stale_hours);
}

/* ---- what can be wrong ---- */

struct question {
    const struct status_check *check;
    const struct status_month *month;
    int64_t now_us;
};

static bool is_open(const struct question *question)
{
    return strcmp(question->month->status.state, "open") == 0;
}

static bool is_over(const struct question *question)
{
    return question->month->status.overage > 0;
}

static bool is_used(const struct question *question)
{
    const struct reconcile_status *status = &question->month->status;
    return question->check->used != NULL && status->limit != RECONCILE_NO_LIMIT && !is_over(question) &&
           (__int128)status->unique_handles * 10000 >= (__int128)question->check->used_hundredths * status->limit;
}

static bool has_chance(const struct question *question)
{
    const struct outlook *outlook = &question->month->outlook;
    return !is_over(question) && outlook_is_open(outlook) && outlook->limit != RECONCILE_NO_LIMIT;
}

static bool is_probable(const struct question *question)
{
    const struct status_check *check = question->check;
    return check->probability != NULL && has_chance(question) &&
           question->month->outlook.probability * 10000 >= (double)check->probability_hundredths;
}

/* Of a month that is over, 'sources --check' says whether something is missing. */
static bool is_stale(const struct question *question)
{
    const struct reconcile_status *status = &question->month->status;
    if (!is_open(question))
        return false;
    if (question->check->stale == NULL)
        return status->silent != NULL;
    return status->data_until == RECONCILE_NO_TIME ||
           question->now_us - status->data_until > question->check->stale_hours * HOUR;
}

/* ---- and how it is said; each text is the caller's ---- */

static char *say_over(const struct question *question)
{
    const struct reconcile_status *status = &question->month->status;
    return mem_format("over the limit by %lld (%lld of %lld)", (long long)status->overage,
                      (long long)status->unique_handles, (long long)status->limit);
}

/* "412 of 500 (82 %)"; "412, no limit" */
static char *used_of_limit(const struct reconcile_status *status)
{
    if (status->limit == RECONCILE_NO_LIMIT)
        return mem_format("%lld used, no limit", (long long)status->unique_handles);
    return mem_format("%lld of %lld (%d %%)", (long long)status->unique_handles, (long long)status->limit,
                      text_used_per_cent(status));
}

static char *say_used(const struct question *question)
{
    char *used = used_of_limit(&question->month->status);
    char *words = mem_format("%s, which is %s %% or more", used, question->check->used);
    free(used);
    return words;
}

static char *chance_of_overage(const struct outlook *outlook)
{
    struct cell chance = {0};
    return mem_format("%s chance of an overage", cell_chance(&chance, outlook));
}

static char *say_probable(const struct question *question)
{
    char *chance = chance_of_overage(&question->month->outlook);
    char *words = mem_format("%s, which is %s %% or more", chance, question->check->probability);
    free(chance);
    return words;
}

static char *data_until(const struct reconcile_status *status)
{
    struct cell until = {0};
    return status->data_until == RECONCILE_NO_TIME ? mem_format("no data")
                                                   : mem_format("data until %s", cell_time(&until, status->data_until));
}

static char *say_stale(const struct question *question)
{
    const struct reconcile_status *status = &question->month->status;
    const char *hours = question->check->stale;
    if (hours == NULL)
        return mem_format("%s", status->silent);
    char *until = data_until(status);
    char *words =
        mem_format("%s, and --stale is %s hour%s", until, hours, question->check->stale_hours == 1 ? "" : "s");
    free(until);
    return words;
}

static char *say_ok(const struct question *question)
{
    char *used = used_of_limit(&question->month->status), *until = data_until(&question->month->status);
    char *chance = has_chance(question) ? chance_of_overage(&question->month->outlook) : NULL;
    char *words = mem_format("ok, %s%s%s, %s", used, chance != NULL ? ", " : "", chance != NULL ? chance : "", until);
    free(used);
    free(chance);
    free(until);
    return words;
}

/* The worst first. */
static const struct fault {
    const char *state;
    enum exit_code code;
    bool (*is_there)(const struct question *question);
    char *(*say)(const struct question *question);
} faults[] = {
    {"over", EXIT_OVER, is_over, say_over},
    {"used", EXIT_OVER, is_used, say_used},
    {"probability", EXIT_OVER, is_probable, say_probable},
    {"stale", EXIT_CHECK, is_stale, say_stale},
};

static void add_fault(struct status_finding *finding, const struct fault *fault, const struct question *question,
                      char **words)
{
    char *more = fault->say(question);
    char *all = *words != NULL ? mem_format("%s; %s", *words, more) : mem_format("%s", more);
    if (*words == NULL)
        *finding = (struct status_finding){fault->state, fault->code, NULL};
    free(more);
    free(*words);
    *words = all;
}

static struct status_finding finding_of(const struct question *question, struct arena *arena)
{
    struct status_finding finding = {"ok", EXIT_DONE, NULL};
    char *words = NULL;
    for (size_t i = 0; i < ARRAY_LENGTH(faults); i++)
        if (faults[i].is_there(question))
            add_fault(&finding, &faults[i], question, &words);
    if (words == NULL)
        words = say_ok(question);
    finding.words = arena_copy(arena, str_of(words)).data;
    free(words);
    return finding;
}

const struct status_finding *status_check_make(const struct status_check *check, const struct status_shown *shown,
                                               int64_t now_us, struct arena *arena)
{
    struct status_finding *findings = arena_alloc(arena, shown->count * sizeof *findings);
    for (size_t i = 0; i < shown->count; i++)
        findings[i] = finding_of(&(struct question){check, &shown->months[i], now_us}, arena);
    return findings;
}

void status_check_print(const struct status_shown *shown)
{
    bool all = log_get_level() != LOG_QUIET;
    for (size_t i = 0; i < shown->count; i++) {
        const struct reconcile_status *status = &shown->months[i].status;
        if (all || shown->findings[i].code != EXIT_DONE)
            output_text("%s %s: %s\n", status->contract, status->month, shown->findings[i].words);
    }
}

json_t *status_check_json(const struct status_finding *finding)
{
    return json_pack("{s:s, s:s}", "state", finding->state, "words", finding->words);
}

enum exit_code status_check_code(const struct status_shown *shown)
{
    enum exit_code worst = EXIT_DONE;
    for (size_t i = 0; shown->findings != NULL && i < shown->count; i++)
        if (shown->findings[i].code > worst)
            worst = shown->findings[i].code;
    return worst;
}
