/* SPDX-License-Identifier: MIT */
/* Equal lines without id: how many came among the 65,536 before. */

#include <criterion/criterion.h>
#include <stdlib.h>

#include "ingest/repeat.h"

static uint64_t take(struct repeat *repeat, const char *meaning)
{
    unsigned char digest[DIGEST_SIZE];

    if (meaning == NULL)
        return repeat_count(repeat, NULL);
    digest_of(meaning, strlen(meaning), digest);
    return repeat_count(repeat, digest);
}

Test(repeat, counts_equal_lines_in_order)
{
    struct repeat *repeat = repeat_new();

    cr_assert_eq(take(repeat, "a"), 0);
    cr_assert_eq(take(repeat, "a"), 1);
    cr_assert_eq(take(repeat, "b"), 0);
    cr_assert_eq(take(repeat, NULL), 0);
    cr_assert_eq(take(repeat, "a"), 2);
    repeat_free(repeat);
}

Test(repeat, begins_anew_when_cleared)
{
    struct repeat *repeat = repeat_new();

    for (size_t i = 0; i < REPEAT_WINDOW + 10; i++)
        (void)take(repeat, i % 2 == 0 ? "a" : NULL);
    repeat_clear(repeat);
    for (int round = 0; round < 3; round++) {
        cr_assert_eq(take(repeat, "a"), 0);
        cr_assert_eq(take(repeat, "a"), 1);
        repeat_clear(repeat);
    }
    repeat_free(repeat);
}

Test(repeat, window_is_65536_lines)
{
    struct repeat *repeat = repeat_new();

    cr_assert_eq(take(repeat, "a"), 0);
    for (int i = 0; i < REPEAT_WINDOW - 1; i++)
        take(repeat, NULL);
    cr_assert_eq(take(repeat, "a"), 1, "65,535 lines lie between them");
    repeat_free(repeat);

    repeat = repeat_new();
    cr_assert_eq(take(repeat, "a"), 0);
    for (int i = 0; i < REPEAT_WINDOW; i++)
        take(repeat, NULL);
    cr_assert_eq(take(repeat, "a"), 0, "65,536 lines lie between them");
    repeat_free(repeat);
}

/* A plain recount of the window, for random lines of few meanings. */
Test(repeat, agrees_with_a_recount)
{
    enum {
        LINES = 3 * REPEAT_WINDOW,
        MEANINGS = 7,
        CHECK_EVERY = 997
    };
    struct repeat *repeat = repeat_new();
    unsigned char *lines = malloc(LINES);
    char text[2] = "";

    srand(20261001);
    for (int i = 0; i < LINES; i++) {
        lines[i] = (unsigned char)('a' + rand() % MEANINGS);
        text[0] = (char)lines[i];
        uint64_t found = take(repeat, text);
        if (i % CHECK_EVERY != 0)
            continue;
        uint64_t expected = 0;
        for (int before = i - REPEAT_WINDOW < 0 ? 0 : i - REPEAT_WINDOW; before < i; before++)
            expected += lines[before] == lines[i];
        cr_assert_eq(found, expected, "line %d", i);
    }
    free(lines);
    repeat_free(repeat);
}
