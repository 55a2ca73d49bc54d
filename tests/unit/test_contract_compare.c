/* SPDX-License-Identifier: MIT */
/* What differs between two documents of a contract: by which pointer, and that nothing that differs is kept quiet. */

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "headroom/contracts.h"

static void note(const char *pointer, const json_t *from, const json_t *to, void *context)
{
    struct buffer *found = context;
    char *before = from != NULL ? json_dumps(from, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
    char *after = to != NULL ? json_dumps(to, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

    cr_assert(buffer_format(found, "%s%s %s %s", found->size > 0 ? "; " : "", pointer, before != NULL ? before : "-",
                            after != NULL ? after : "-"));
    free(before);
    free(after);
}

static const struct comparison {
    const char *from, *to;
    const char *found;
} comparisons[] = {
    {"{'name':'a','end':null}", "{'end':null,'name':'a'}", ""},
    {"{'name':'a','end':null}", "{'name':'a','end':'2026-10-31'}", "/end null \"2026-10-31\""},
    {"{'terms':[{'from':'1','limit':5},{'from':'3','limit':7}]}",
     "{'terms':[{'from':'1','limit':5},{'from':'2','limit':6},{'from':'3','limit':8}]}",
     "/terms/1 - {\"from\":\"2\",\"limit\":6}; /terms/2/limit 7 8"},
    {"{'terms':[{'from':'1'},{'from':'2'}]}", "{'terms':[{'from':'2'}]}", "/terms/0 {\"from\":\"1\"} -"},
    {"{'terms':[{'pricing':{'tiers':[{'up_to':1},{'up_to':2}]}}]}",
     "{'terms':[{'pricing':{'tiers':[{'up_to':1},{'up_to':3},{'up_to':4}]}}]}",
     "/terms/0/pricing/tiers/1/up_to 2 3; /terms/0/pricing/tiers/2 - {\"up_to\":4}"},
    /* in another order, and the same question twice: by place */
    {"{'answers':[{'question':'p'},{'question':'q'}]}", "{'answers':[{'question':'q'},{'question':'p'}]}",
     "/answers/0/question \"p\" \"q\"; /answers/1/question \"q\" \"p\""},
    {"{'answers':[{'question':'q','by':'x'},{'question':'q','by':'y'}]}",
     "{'answers':[{'question':'q','by':'x'},{'question':'q','by':'x'}]}", "/answers/1/by \"y\" \"x\""},
};

/* JSON with single quotes. */
static json_t *parse(const char *text)
{
    char json[500];

    snprintf(json, sizeof json, "%s", text);
    for (char *at = json; (at = strchr(at, '\'')) != NULL;)
        *at = '"';
    json_t *value = json_loads(json, 0, NULL);
    cr_assert_not_null(value, "%s", text);
    return value;
}

Test(contract_compare, tells_what_differs)
{
    for (size_t i = 0; i < ARRAY_LENGTH(comparisons); i++) {
        json_t *from = parse(comparisons[i].from), *to = parse(comparisons[i].to);
        struct buffer found;

        buffer_init(&found, 1000);
        contract_compare(from, to, note, &found);
        cr_expect_str_eq(found.data != NULL ? found.data : "", comparisons[i].found, "%s", comparisons[i].to);
        json_decref(from);
        json_decref(to);
        buffer_free(&found);
    }
}
