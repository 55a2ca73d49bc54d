/* SPDX-License-Identifier: MIT */
/* The quick way through a JSON line: what it takes means the same to jansson. */

#include "ingest/reader_flat.h"
#include "ingest/reader_format.h"
#include "reader_from.h"

static bool same_value(const struct value *a, const struct value *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case VALUE_ABSENT:
        return true;
    case VALUE_TEXT:
        return str_equal(a->text, b->text);
    case VALUE_INTEGER:
        return a->integer == b->integer;
    case VALUE_REAL:
        return memcmp(&a->real, &b->real, sizeof a->real) == 0;
    case VALUE_JSON:
        return json_equal(a->json, b->json) == 1;
    }
    return false;
}

/* Whether flat_read takes the line; fails when jansson sees it otherwise. */
static bool is_taken(struct str line)
{
    static struct flat flat;
    if (!flat_read(&flat, line)) {
        cr_assert_eq(flat.count, 0);
        return false;
    }

    json_error_t found;
    json_t *json = json_loadb(line.data, line.size, JSON_REJECT_DUPLICATES, &found);
    cr_assert_not_null(json, "%.*s: %s", (int)line.size, line.data, found.text);
    cr_assert(json_is_object(json));
    cr_assert_eq(json_object_size(json), flat.count, "%.*s", (int)line.size, line.data);
    for (size_t i = 0; i < flat.count; i++) {
        const struct flat_member *member = &flat.members[i];
        json_t *other = json_object_getn(json, member->key.data, member->key.size);
        cr_assert_not_null(other, "%.*s: key %zu", (int)line.size, line.data, i);
        struct value value = value_of_json(other);
        cr_assert(same_value(&member->value, &value), "%.*s: value %zu", (int)line.size, line.data, i);
    }
    json_decref(json);
    flat_clear(&flat);
    return true;
}

static const struct {
    struct str line;
    bool taken; /* NOT taken where jansson must judge the whole line */
} cases[] = {
    {STR("{\"a\":\"x\",\"b\":1,\"c\":null,\"d\":\"\"}"), true},
    {STR(" \t{ \"a\" : \"x\" , \"b\" : -17 } \r"), true},
    {STR("{\"a\":9223372036854775807,\"b\":-9223372036854775808}"), true},
    {STR("{\"a\":1.5,\"b\":1e3,\"c\":-0,\"d\":-0.0,\"e\":true,\"f\":false,\"g\":0}"), true},
    {STR("{\"a\":1790000000.123456}"), true},
    {STR("{\"a\":\"x\\u00e9\\\"\\\\\\/y\"}"), true},
    {STR("{\"a\":\"\\ud83d\\ude00\"}"), true},
    {STR("{\"a\":{\"b\":[1,{\"c\":\"}]\\\"\"}]},\"d\":[]}"), true},
    {STR("{\"gr\xC3\xBC\":\"\xF0\x9F\x98\x80\"}"), true},
    {STR("{\"\":1}"), true},
    {STR("{\"a\":1,\"A\":1,\"aa\":1,\"aaa\":1,\"ba\":2,\"ab\":3}"), true},
    {STR("{}"), false},
    {STR("{\"a\":1,\"a\":1}"), false},
    {STR("{\"a\":{\"b\":1,\"b\":2}}"), false},
    {STR("{\"\\u0061\":1}"), false},
    {STR("{\"a\":9223372036854775808}"), false},
    {STR("{\"a\":01}"), false},
    {STR("{\"a\":+1}"), false},
    {STR("{\"a\":-}"), false},
    {STR("{\"a\":1.}"), false},
    {STR("{\"a\":1e999}"), false},
    {STR("{\"a\":nul}"), false},
    {STR("{\"a\":nullx}"), false},
    {STR("{\"a\":\"x}"), false},
    {STR("{\"a\":\"x\ty\"}"), false},
    {STR("{\"a\":\"\\u0000\"}"), false},
    {STR("{\"a\":\"\\ud83d\"}"), false},
    {STR("{\"a\":\"\\q\"}"), false},
    {STR("{\"a\":\"\\"), false},
    {STR("{\"a\":[1}}"), false},
    {STR("{\"a\":[1,]}"), false},
    {STR("{\"a\":1,}"), false},
    {STR("{\"a\":1]"), false},
    {STR("{\"a\":1}}"), false},
    {STR("{\"a\":1} x"), false},
    {STR("{\"a\":1 2}"), false},
    {STR("{\"a\"}"), false},
    {STR("{\"a\" 1}"), false},
    {STR("{a:1}"), false},
    {STR("{,}"), false},
    {STR("{\"a\":}"), false},
    {STR("{\"a\":"), false},
    {STR("{\"a\""), false},
    {STR("{\""), false},
    {STR("{"), false},
    {STR(""), false},
    {STR("[]"), false},
    {STR("[{\"a\":1}]"), false},
};

Test(flat, takes_plain_lines_and_leaves_the_rest)
{
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        cr_expect_eq(is_taken(cases[i].line), cases[i].taken, "%.*s", (int)cases[i].line.size, cases[i].line.data);
}

#define TWENTY(bracket) bracket bracket bracket bracket bracket
#define OPENING         TWENTY("[[[[") TWENTY("[[[[") TWENTY("[[[[") TWENTY("[[[[") TWENTY("[[[[") TWENTY("[[[[")
#define CLOSING         TWENTY("]]]]") TWENTY("]]]]") TWENTY("]]]]") TWENTY("]]]]") TWENTY("]]]]") TWENTY("]]]]")

Test(flat, leaves_deep_and_wide_lines)
{
    char deep[1000], wide[1000] = "{";
    size_t used = 1;

    for (int depth = 99; depth < 103; depth++) {
        snprintf(deep, sizeof deep, "{\"a\":%.*s%.*s}", depth, OPENING, depth, CLOSING);
        cr_expect_eq(is_taken(str_of(deep)), depth <= 100, "depth %d", depth);
    }

    for (int i = 0; i < FLAT_MAX; i++)
        used += (size_t)snprintf(wide + used, sizeof wide - used, "%s\"k%d\":%d", i > 0 ? "," : "", i, i);
    snprintf(wide + used, sizeof wide - used, "}");
    cr_expect(is_taken(str_of(wide)));
    snprintf(wide + used, sizeof wide - used, ",\"more\":1}");
    cr_expect_not(is_taken(str_of(wide)));
}

/* Changes a few bytes of a good line: most come out broken, and some of those still look good to a hasty reader. */
Test(flat, agrees_with_jansson_on_mutated_lines)
{
    static const char bytes[] = "{}[]\":,\\ \t\r0123456789.-+eEtrufalsn\x01\xC3\xBC"
                                "aAx/";
    uint32_t seed = 12345;
    size_t taken = 0;
    char line[400];

    for (int i = 0; i < 300000; i++) {
        struct str from = cases[random_below(&seed, ARRAY_LENGTH(cases))].line;
        size_t size = from.size;
        memcpy(line, from.data, size);
        for (size_t change = random_below(&seed, 4); change > 0 && size > 0; change--) {
            size_t at = random_below(&seed, size);
            char byte = bytes[random_below(&seed, sizeof bytes - 1)];
            switch (random_below(&seed, 3)) {
            case 0:
                line[at] = byte;
                break;
            case 1:
                memmove(line + at + 1, line + at, size++ - at);
                line[at] = byte;
                break;
            default:
                memmove(line + at, line + at + 1, --size - at);
            }
        }
        if (str_is_utf8((struct str){line, size})) {
            char *exact = malloc(size + 1); /* so that a sanitizer sees a read behind the line */
            memcpy(exact + 1, line, size);
            taken += is_taken((struct str){exact + 1, size}) ? 1 : 0;
            free(exact);
        }
    }
    cr_expect_gt(taken, 10000, "the test must see good lines too");
}
