/* SPDX-License-Identifier: MIT */

#include <criterion/criterion.h>
#include <string.h>

#include "headroom/base.h"
#include "headroom/encode.h"

static const struct {
    const char *text;
    const char *bytes; /* NULL: refused */
} cases[] = {
    {"", ""},       {"QQ==", "A"},   {"QUI=", "AB"},     {"QUJD", "ABC"}, {"QUJD\r\nQUJD\n", "ABCABC"},
    {"QQ", NULL},   {"Q", NULL},     {"QQ=", NULL},      {"=", NULL},     {"QQ==QQ==", NULL},
    {"QU!D", NULL}, {"QUJD-", NULL}, {"QUJD-QUJ", NULL}, {"QUJ_", NULL},  {"\xFF\xFF\xFF\xFF", NULL},
};

Test(base64, decodes_what_is_base64_and_nothing_else)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct str bytes = {NULL, 0};
        bool done = base64_decode(str_of(cases[i].text), arena, &bytes);
        cr_expect_eq(done, cases[i].bytes != NULL, "case %zu", i);
        if (done)
            cr_expect(str_equal(bytes, str_of(cases[i].bytes)), "case %zu", i);
    }
    arena_free(arena);
}
