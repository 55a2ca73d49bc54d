/* SPDX-License-Identifier: MIT */
/* Errors as values: what they say, and what they do with too much. */

#include <criterion/criterion.h>
#include <string.h>

#include "headroom/base.h"

Test(error, says_what_and_with_which_code)
{
    struct error err = {.sqlstate = "23505"};

    cr_assert_not(fail(&err, EXIT_CHECK, "batch %d: %s", 7, "broken seal"));
    cr_assert_eq(err.code, EXIT_CHECK);
    cr_assert_str_eq(err.text, "batch 7: broken seal");
    cr_assert_str_eq(err.sqlstate, "", "the state of an earlier failure is not this one's");
}

Test(error, may_be_nobody)
{
    cr_assert_not(fail(NULL, EXIT_COMMAND, "x"));
    cr_assert_not(fail_within(NULL, "x"));
}

Test(error, within_says_where_and_keeps_the_rest)
{
    struct error err;

    fail(&err, EXIT_DATABASE, "no server");
    strcpy(err.sqlstate, "08006");
    cr_assert_not(fail_within(&err, "contract %s", "main"));
    cr_assert_str_eq(err.text, "contract main: no server");
    cr_assert_eq(err.code, EXIT_DATABASE);
    cr_assert_str_eq(err.sqlstate, "08006");
}

Test(error, may_quote_its_own_text)
{
    struct error err;

    fail(&err, EXIT_COMMAND, "first");
    fail(&err, EXIT_USAGE, "%s, then second", err.text);
    cr_assert_str_eq(err.text, "first, then second");
}

Test(error, cuts_between_characters)
{
    static const char *const characters[] = {"x", "é", "€", "😀"};
    struct error err;

    for (size_t i = 0; i < ARRAY_LENGTH(characters); i++)
        for (size_t lead = 0; lead < 4; lead++) {
            char text[2 * sizeof(err.text)] = "aaa";
            text[lead < 3 ? lead : 3] = '\0';
            while (strlen(text) + 5 < sizeof(text))
                strcat(text, characters[i]);
            fail(&err, EXIT_COMMAND, "%s", text);
            size_t size = strlen(err.text);
            cr_assert(str_is_utf8(str_of(err.text)), "%s after %zu bytes", characters[i], lead);
            cr_assert_lt(size, sizeof(err.text));
            cr_assert_gt(size, sizeof(err.text) - 5, "no more is cut than must be");
        }
}
