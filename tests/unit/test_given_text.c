/* SPDX-License-Identifier: MIT */
/* Texts that a person gives and that are kept. */

#include <criterion/criterion.h>

#include "headroom/model.h"

static const struct {
    const char *text;
    const char *fault; /* a part of it; NULL: fine */
} texts[] = {
    {"batch-job", NULL},       {"Zoë Müller", NULL}, {"12345678", NULL},  {"", "empty"},
    {"123456789", "too long"}, {"a\xff", "UTF-8"},   {"a\nb", "control"}, {"a\x7f", "control"},
};

Test(given_text, refuses_what_a_line_could_not_hold)
{
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        const char *fault = given_text_fault(str_of(texts[i].text), i < 2 ? 100 : 8);
        if (texts[i].fault == NULL)
            cr_expect_null(fault, "%s: %s", texts[i].text, fault);
        else
            cr_expect(fault != NULL && strstr(fault, texts[i].fault) != NULL, "%zu: %s", i, fault);
    }
    cr_expect_not_null(given_text_fault(STR("Bearer AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0"), 255));
    cr_expect_not_null(given_text_fault(STR("oauth_token=6253282-eWudHldSbIaelX7swmsiHImEL4KinwaGloHANdrY"), 255));
}

Test(given_text, keeps_file_names_readable)
{
    struct arena *arena = arena_new();

    cr_expect_str_eq(given_file_name(arena, "logs/Übersicht 1.jsonl").data, "logs/Übersicht 1.jsonl");
    cr_expect_str_eq(given_file_name(arena, "caf\xe9.csv").data, "caf\\xe9.csv");
    cr_expect_str_eq(given_file_name(arena, "a\nb").data, "a\\x0ab");
    cr_expect_str_eq(given_file_name(arena, "/tmp/hr.E8iy4D/Logs/nginx2/engagement.jsonl").data,
                     "/tmp/hr.E8iy4D/Logs/nginx2/engagement.jsonl", "a path is no token, though it has its letters");
    cr_expect_str_eq(given_file_name(arena, "/").data, "/");
    cr_expect_str_eq(given_file_name(arena, "").data, "");
    cr_expect_null(
        strstr(given_file_name(arena, "a/x?oauth_token=6253282-eWudHldSbIaelX7swmsiHImEL4Kin").data, "eWud"));
    arena_free(arena);
}
