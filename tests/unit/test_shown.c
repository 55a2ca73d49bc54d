/* SPDX-License-Identifier: MIT */
/* What is hidden in a text is written out, and nothing else. */

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "headroom/base.h"

static const struct {
    const char *text, *shown;
} texts[] = {
    {"", ""},
    {"plain ~ \\u202E", "plain ~ \\u202E"},
    {"a\033[2J\x7F", "a\\u001B[2J\\u007F"},
    {"kept\n", "kept\n"},
    {"not\r", "not\\u000D"},
    {"\xC2\x9B", "\\u009B"},                                  /* as ESC [ */
    {"x\xE2\x80\xAEy\xE2\x81\xA9", "x\\u202Ey\\u2069"},       /* direction controls */
    {"\xD8\x9C\xE2\x80\x8F", "\\u061C\\u200F"},               /* marks of direction */
    {"a\xE2\x80\x8Bz\xEF\xBB\xBF", "a\\u200Bz\\uFEFF"},       /* nothing to see */
    {"\xE2\x80\xA8\xE2\x80\xA9", "\\u2028\\u2029"},           /* lines that are none */
    {"\xF3\xA0\x81\xA7", "\\uDB40\\uDC67"},                   /* a tag */
    {"\xF0\x9D\x85\xB3", "\\uD834\\uDD73"},                   /* a format of music */
    {"\xE2\x80\x8C\xE2\x80\x8D", "\xE2\x80\x8C\xE2\x80\x8D"}, /* joiners */
    {"\xF0\x9F\x98\x80 \xD7\xA9\xD7\x9C", "\xF0\x9F\x98\x80 \xD7\xA9\xD7\x9C"},
    {"\xFF\xC3(\xE2\x80", "\\xFF\\xC3(\\xE2\\x80"},
    {"\xED\xA0\x80\xC0\x80", "\\xED\\xA0\\x80\\xC0\\x80"}, /* a surrogate, an overlong form */
};

Test(shown, writes_out_what_is_hidden)
{
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        char *shown = shown_text(texts[i].text, "\n");
        cr_expect_str_eq(shown, texts[i].shown);
        free(shown);
    }
}

Test(shown, goes_from_character_to_character)
{
    struct str rest = str_of("\xE2\x80\xAE\xFF"
                             "a");
    char escape[SHOWN_ESCAPE_SIZE];
    size_t size;

    cr_expect_str_eq(shown_escape(rest, &size, escape), "\\u202E");
    cr_expect_eq(size, 3);
    rest = (struct str){rest.data + 3, rest.size - 3};
    cr_expect_str_eq(shown_escape(rest, &size, escape), "\\xFF");
    cr_expect_eq(size, 1);
    rest = (struct str){rest.data + 1, rest.size - 1};
    cr_expect_null(shown_escape(rest, &size, escape));
    cr_expect_eq(size, 1);
}
