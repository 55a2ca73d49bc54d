/* SPDX-License-Identifier: MIT */
/* Outlooks as they are shown: dates of a month's days, and what the chart makes of edges. */

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "cli/forecast.h"

static struct outlook outlook;
static int64_t new_handles[31];

/* A month of 31 days, of which 10 are over, each with so many new handles. */
static void given(int64_t a_day, int64_t limit)
{
    struct error err;
    outlook = (struct outlook){.limit = limit, .score_day = 10};
    outlook.history.first_day = 20513; /* 2026-03-01, a Sunday */
    outlook.history.so_far = (struct history_month){.days = 31, .first_weekday = 6, .new_handles = new_handles};
    for (int day = 0; day < 31; day++)
        new_handles[day] = day < 10 ? a_day : 0;
    outlook.input =
        (struct forecast_input){.days = 31, .first_weekday = 6, .elapsed = 10, .used = (double)(10 * a_day)};
    cr_assert(forecast_make(&outlook.input, &outlook.forecast, &err), "%s", err.text);
}

static char *chart(size_t width, bool is_utf8, bool has_colour)
{
    const struct forecast_style style = {width, is_utf8, has_colour};
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    forecast_chart(&outlook, &style, out);
    fclose(out);
    return text;
}

static size_t widest(const char *text)
{
    size_t most = 0;
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
        size_t size = strcspn(line, "\n");
        most = size > most ? size : most;
    }
    return most;
}

Test(outlook, names_the_days_of_a_month)
{
    static const struct {
        int32_t first_day;
        int day;
        const char *date;
    } cases[] = {
        {20513, 1, "2026-03-01"},  {20513, 31, "2026-03-31"}, {19782, 2, "2024-03-01"}, /* behind a leap day */
        {20088, 2, "2025-01-01"},                                                       /* over the end of a year */
        {20513, 63, "2026-05-02"},
    };
    char date[OUTLOOK_DATE_SIZE];
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        outlook.history.first_day = cases[i].first_day;
        cr_expect_str_eq(outlook_date(&outlook, cases[i].day, date), cases[i].date);
    }
}

/* elapsed: days of the month. */
static struct outlook scored(const char *contract, double elapsed, size_t months, double error, double cover80)
{
    struct outlook made = {.score_day = elapsed < 1 ? 1 : (int)elapsed, .input.elapsed = elapsed};
    made.history.contract = contract;
    made.score.months = months;
    made.score.method.error = error;
    made.score.cover80 = cover80;
    return made;
}

static void says(char *words, const char *expected)
{
    if (expected == NULL)
        cr_expect_null(words, "%s", words);
    else
        cr_expect_str_eq(words, expected);
    free(words);
}

Test(outlook, says_how_good_the_forecast_was)
{
    struct outlook given = scored("acme", 12, 24, 0.0604, 21.0 / 24);
    says(outlook_accuracy_words(&given),
         "On day 12 of the last 24 months the forecast was off by 6.0 % on average; its "
         "80 % interval held 21 of 24.");
    given = scored("acme", 0.4, 6, 0.25, 1);
    says(outlook_accuracy_words(&given),
         "Even on day 1 of the last 6 months the forecast was off by 25.0 % on average; "
         "its 80 % interval held 6 of 6.");
    given = scored("acme", 12, 5, 0.25, 1);
    says(outlook_accuracy_words(&given), NULL);
}

/* Each month weighs the same, and contracts that few months speak for are left out. */
Test(outlook, says_it_of_several_contracts_together)
{
    const struct outlook given[] = {scored("calm", 3, 10, 0.05, 1), scored("new", 3, 5, 0.9, 0),
                                    scored("wild", 20, 30, 0.15, 0.5)};
    const struct outlook *const outlooks[] = {&given[0], &given[1], &given[2]};
    says(
        outlook_accuracy_of_all(outlooks, 3),
        "On this day of their last months the forecasts of 2 contracts were off by 12.5 % on average, most of all that "
        "of wild, by 15.0 %; their 80 % intervals held 25 of 40.");
    says(outlook_accuracy_of_all(outlooks, 2),
         "On day 3 of the last 10 months the forecast of calm was off by 5.0 % on "
         "average; its 80 % interval held 10 of 10.");
    says(outlook_accuracy_of_all(&outlooks[1], 1), NULL);
}

Test(chart, keeps_to_the_width)
{
    given(10, 160);
    for (size_t width = 68; width <= 200; width++) {
        char *text = chart(width, false, false);
        cr_expect_leq(widest(text), width, "%zu", width);
        cr_expect(strstr(text, "limit 160 |") != NULL, "%zu", width);
        free(text);
    }
}

Test(chart, is_left_out_where_there_is_no_room)
{
    given(10, 160);
    char *text = chart(66, false, false);
    cr_expect_str_eq(text, "");
    free(text);
    text = chart(0, true, true);
    cr_expect_str_eq(text, "");
    free(text);
}

Test(chart, has_colours_only_where_they_are_wanted)
{
    given(30, 160);
    char *text = chart(80, true, false);
    cr_expect(strchr(text, '\033') == NULL);
    free(text);
    text = chart(80, true, true);
    cr_expect(strstr(text, "\033[0m\033[31m▁▂") != NULL, "what is above the limit is red: %s", text);
    free(text);
}

Test(chart, needs_nothing_used_and_no_limit)
{
    given(0, RECONCILE_NO_LIMIT);
    char *text = chart(80, false, false);
    cr_expect(strstr(text, "limit") == NULL, "%s", text);
    cr_expect(strstr(text, "1 March") != NULL && strstr(text, "10 March") != NULL && strstr(text, "31 March") != NULL);
    free(text);
}

Test(chart, says_a_limit_that_is_far_above)
{
    given(1, 100000);
    char *text = chart(80, false, false);
    cr_expect(strstr(text, "limit 100000: far above") != NULL, "%s", text);
    free(text);
}

Test(chart, shows_large_counts)
{
    given(INT64_C(100000000), INT64_C(2000000000));
    char *text = chart(100, false, false);
    cr_expect_leq(widest(text), 100);
    cr_expect(strstr(text, "limit 2000000000 |-") != NULL, "%s", text);
    free(text);
}
