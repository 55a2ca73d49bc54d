/* SPDX-License-Identifier: MIT */
/* Small datasets in memory: a column that says it is the same in every row is, and can stand in a text. */

#include "report_memory.h"

#define PLAIN "\"amount\", \"kind\": \"integer\", "

static struct error err;

/* A sheet that shows the amount of the things, of which so many rows are declared. */
static bool read_same(const char *rows, struct report **report)
{
    static char text[20000];
    const char *layout = memory_layout(rows, "{\"name\": \"One\", \"about\": \"a\", \"blocks\": ["
                                             "{\"text\": {\"text\": \"all {things.amount}\"}}]}");
    const char *at = strstr(layout, PLAIN);

    cr_assert_not_null(at);
    snprintf(text, sizeof(text), "%.*s" PLAIN "\"same\": true, %s", (int)(at - layout), layout, at + strlen(PLAIN));
    return memory_report(text, report, &err);
}

static bool load(struct report *report, struct memory *memory, struct arena *arena, const char **shown)
{
    const struct report_source source = memory_source(memory);
    struct data *data;

    return data_load(report, &source, arena, &data, &err) && data_text(data, "all {things.amount}", shown, &err);
}

static const struct {
    const char *things[2][2];
    size_t count;
    const char *shown; /* NULL: it is refused */
} cases[] = {
    {{{"a", "7"}, {"b", "7"}}, 2, "all 7"},  {{{"a", "7"}, {"b", "8"}}, 2, NULL},
    {{{"a", "7"}, {"b", NULL}}, 2, NULL},    {{{"a", NULL}, {"b", "7"}}, 2, NULL},
    {{{"a", NULL}, {"b", NULL}}, 2, "all "}, {{{NULL}}, 0, "all "},
};

Test(report_data, shows_what_is_the_same_in_every_row)
{
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        const char *things[2][2];
        struct memory memory = memory_new();
        struct arena *arena = arena_new();
        const char *shown = NULL;
        struct report *report;

        memcpy(things, cases[i].things, sizeof(things));
        memory.things = things;
        memory.count = cases[i].count;
        cr_assert(read_same("few", &report), "%s", err.text);
        cr_expect_eq(load(report, &memory, arena, &shown), cases[i].shown != NULL, "case %zu: %s", i, err.text);
        if (cases[i].shown != NULL)
            cr_expect_str_eq(shown, cases[i].shown, "case %zu", i);
        else
            cr_expect_not_null(strstr(err.text, "amount is not the same in every row"), "case %zu: %s", i, err.text);
        arena_free(arena);
        report_close(report);
    }
}

Test(report_data, what_is_streamed_can_not_stand_in_a_text)
{
    struct report *report;

    cr_expect_not(read_same("many", &report));
    cr_expect_not_null(strstr(err.text, "the dataset \"things\" has more than one row"), "%s", err.text);
}
