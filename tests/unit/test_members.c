/* SPDX-License-Identifier: MIT */
/* The members of an object: whatever libyajl and the plain path make of a text, jansson would have made the same. */

#include "ingest/members.h"
#include "reader_from.h"

static int no_meaning(void *context, struct str key, bool inner)
{
    (void)context;
    return inner ? -1 : (int)key.size;
}

static struct members *members_of_data(void)
{
    return members_new(&(struct members_options){.what = "the text", .inner = "data", .meaning = no_meaning});
}

/* ---- what jansson says, as text ---- */

#define SHOWN_MAX ((size_t)64 << 10)

struct shown {
    char *text;
    size_t used;
};

static void show(struct shown *shown, struct str key, bool inner, const struct value *value)
{
    char *json = value->kind == VALUE_JSON ? json_dumps(value->json, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    int written = snprintf(shown->text + shown->used, SHOWN_MAX - shown->used, "%s%.*s %d %.*s %" PRId64 " %.17g %s|",
                           inner ? "data." : "", (int)key.size, key.data, value->kind,
                           value->kind == VALUE_TEXT ? (int)value->text.size : 0, value->text.data,
                           value->kind == VALUE_INTEGER ? value->integer : 0,
                           value->kind == VALUE_REAL ? value->real : 0, json != NULL ? json : "");

    cr_assert_lt(shown->used + (size_t)written, SHOWN_MAX);
    shown->used += (size_t)written;
    free(json);
}

static void show_object(struct shown *shown, json_t *object, bool inner)
{
    const char *key;
    size_t size;
    json_t *json;

    json_object_keylen_foreach(object, key, size, json)
    {
        struct value value = value_of_json(json);
        bool opened = !inner && json_is_object(json) && strcmp(key, "data") == 0;
        if (opened)
            value.kind = VALUE_ABSENT;
        show(shown, (struct str){key, size}, inner, &value);
        if (opened)
            show_object(shown, json, true);
    }
}

/* "REFUSED", "TOO BIG" where it is only that jansson has no such integers, else the members. */
static char *by_jansson(struct str text)
{
    struct shown shown = {lasting_alloc(SHOWN_MAX), 0};
    json_error_t found;
    json_t *tree = json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES, &found);

    shown.text[0] = '\0';
    if (tree == NULL || !json_is_object(tree))
        snprintf(shown.text, SHOWN_MAX, "%s", tree == NULL && strstr(found.text, "too big") ? "TOO BIG" : "REFUSED");
    else
        show_object(&shown, tree, false);
    json_decref(tree);
    return shown.text;
}

static char *by_members(struct members *members, struct str text)
{
    struct shown shown = {lasting_alloc(SHOWN_MAX), 0};
    struct record record = {.readable = true};
    const struct member *list;
    bool sound = members_read(members, text, &record);
    size_t count = sound ? members_list(members, &list) : 0;

    shown.text[0] = '\0';
    for (size_t i = 0; i < count && sound; i++) {
        struct value value;
        sound = members_value(members, &list[i], &value, &record);
        if (sound)
            show(&shown, list[i].key, list[i].inner, &value);
    }
    cr_assert_eq(record.readable, sound);
    if (!sound)
        snprintf(shown.text, SHOWN_MAX, "REFUSED");
    return shown.text;
}

/* Returns whether the text is taken. */
static bool check(struct members *members, struct str text)
{
    char *expected = by_jansson(text);

    if (strcmp(expected, "TOO BIG") == 0)
        (void)by_members(members, text);
    else
        cr_assert_str_eq(by_members(members, text), expected, "%.*s", (int)text.size, text.data);
    return strcmp(expected, "REFUSED") != 0;
}

/* ---- random objects ---- */

static const char *const keys[] = {"\"a\"", "\"b\"", "\"data\"",  "\"\"",     "\"\\u0061\"",
                                   "\"é\"", "\"c\"", "\"d\\\"\"", "\"time\"", "\"\\ud83d\\ude00\""};
static const char *const scalars[] = {
    "null",
    "true",
    "false",
    "\"\"",
    "\"x\"",
    "0",
    "-0",
    "7",
    "-7",
    "1.5",
    "1e3",
    "-1E-3",
    "1e400",
    "1e-400",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
    "\"\\u00e9\"",
    "\"\\ud83d\\ude00!\"",
    "\"\\ud83d\"",
    "\"\\ude00\"",
    "\"\\ud83d\\u0041\"",
    "\"\\uD83D\\uD83D\"",
    "\"\\u0000\"",
    "\"\\\\u0000\"",
    "\"\\\\ud83d\"",
    "\"\\x\"",
    "\"\\u12g4\"",
    "\"a\tb\"",
    "01",
    "1.",
    ".5",
    "+1",
    "-",
    "0x10",
    "nul",
    "NaN",
    "\"grün 😀\"",
    "/**/1",
};
static const char *const blanks[] = {" ", "\t", "\r", "\n", "\v", "\f", "  "};

struct maker {
    uint32_t seed;
    struct buffer text;
};

static void put(struct maker *maker, const char *text)
{
    cr_assert(buffer_add(&maker->text, text, strlen(text)));
}

/* Mostly good, since of a text that is all wrong only its first fault is seen. */
static const char *pick(struct maker *maker, const char *const *list, size_t count, size_t good)
{
    return list[random_below(&maker->seed, random_below(&maker->seed, 12) > 0 ? good : count)];
}

static void put_blank(struct maker *maker)
{
    if (random_below(&maker->seed, 8) == 0)
        put(maker, pick(maker, blanks, ARRAY_LENGTH(blanks), 4));
}

static void put_value(struct maker *maker, size_t depth);

static void put_many(struct maker *maker, size_t depth, bool object)
{
    put(maker, object ? "{" : "[");
    for (size_t i = 0, count = random_below(&maker->seed, 5); i < count; i++) {
        put_blank(maker);
        put(maker, i > 0 ? "," : "");
        put_blank(maker);
        if (object) {
            put(maker, keys[(i + random_below(&maker->seed, 3)) % ARRAY_LENGTH(keys)]);
            put_blank(maker);
            put(maker, ":");
        }
        put_value(maker, depth + 1);
    }
    put(maker, object ? "}" : "]");
}

static void put_value(struct maker *maker, size_t depth)
{
    size_t kind = random_below(&maker->seed, 6);

    put_blank(maker);
    if (depth == 0 || (kind == 0 && depth < 5))
        put_many(maker, depth, true);
    else if (kind == 1 && depth < 5)
        put_many(maker, depth, false);
    else
        put(maker, pick(maker, scalars, ARRAY_LENGTH(scalars), 12));
    put_blank(maker);
}

static void mangle(struct maker *maker)
{
    static const char bytes[] = "{}[],:\"\\0e1 .-x";
    char *at = maker->text.data + random_below(&maker->seed, maker->text.size);

    if (random_below(&maker->seed, 2) == 0)
        *at = bytes[random_below(&maker->seed, sizeof bytes - 1)];
    else
        maker->text.size = (size_t)(at - maker->text.data);
}

Test(members, are_what_jansson_finds_in_random_texts, .timeout = 120)
{
    const char *full = getenv("HEADROOM_TEST_FULL");
    size_t rounds = full != NULL && strcmp(full, "1") == 0 ? 3000000 : 60000, taken = 0;
    struct maker maker = {.seed = 4711};
    struct members *members = members_of_data();

    buffer_init(&maker.text, 1 << 20);
    for (size_t i = 0; i < rounds; i++) {
        buffer_clear(&maker.text);
        put_value(&maker, 0);
        if (random_below(&maker.seed, 4) == 0)
            mangle(&maker);
        if (str_is_utf8((struct str){maker.text.data, maker.text.size}))
            taken += check(members, (struct str){maker.text.data, maker.text.size});
        arena_reset(lasting_arena());
    }
    cr_expect_gt(taken, rounds / 4, "%zu", taken);
    cr_expect_lt(taken, rounds / 4 * 3, "%zu", taken);
    members_free(members);
    buffer_free(&maker.text);
}

/* ---- what random texts hardly meet ---- */

static const char *const texts[] = {
    "{\"x\":1,\"x\":2,",
    "{\"x\":1,\"x\":2}", /* the same keys as before, which were never found to differ */
    "{\"a\":1,\"b\":2,\"a\":3}",
    "{\"c\":1}",
    "{\"c\":1,\"b\":2,\"a\":3}",
    "{\"c\":1,\"b\":2,\"c\":3}",
    "{\"data\":{\"data\":{\"data\":1}},\"b\":{}}",
    "{\"data\":[1],\"data\":{}}",
    "{\"data\":{\"a\":1},\"a\":{\"a\":1}}",
    "{\"data\":{\"a\":1},\"b\":2,\"data\":3}",
    "{} 17",
    "{} 17", /* behind a text that left half a token in the parser */
    "{}\"",
    "{}tru",
    "{}",
    "{}{}",
    "[]",
    "[{}]",
    "17",
    "\"{}\"",
    "",
    " ",
    "{\"\":{\"\":[\"\"]}}",
    "{\"a\":\"\\ud83d\\",
    "{\"a\":\"\\ud83d\\u",
    "{\"a\":\"\\u",
    "{\"a\":\"\\",
};

Test(members, agree_on_what_random_texts_hardly_meet)
{
    struct members *members = members_of_data();

    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
        check(members, str_of(texts[i]));
    members_free(members);
}

/* An object with `count` keys of `size` bytes, of which the last repeats the first when `twice`. */
static struct str many_keys(size_t count, size_t size, bool twice)
{
    char *text = lasting_alloc(count * (size + 8) + 8);
    size_t used = 0;

    for (size_t i = 0; i < count; i++)
        used += (size_t)sprintf(text + used, "%c\"%0*zu\":%zu", i > 0 ? ',' : '{', (int)size,
                                twice && i == count - 1 ? 0 : i, i % 10);
    text[used++] = '}';
    return (struct str){text, used};
}

Test(members, take_any_number_of_keys_of_any_size)
{
    static const size_t counts[] = {1, 2, 63, 64, 65, 66, 200}, sizes[] = {4, 63, 64, 65, 300};
    struct members *members = members_of_data();

    for (size_t c = 0; c < ARRAY_LENGTH(counts); c++) {
        for (size_t s = 0; s < ARRAY_LENGTH(sizes); s++) {
            check(members, many_keys(counts[c], sizes[s], false));
            check(members, many_keys(counts[c], sizes[s], counts[c] > 1));
            check(members, many_keys(counts[c], sizes[s], false));
        }
        arena_reset(lasting_arena());
    }
    members_free(members);
}

static struct str nested(size_t depth)
{
    char *text = lasting_alloc(2 * depth + 16);
    size_t used = (size_t)sprintf(text, "{\"a\":");

    memset(text + used, '[', depth);
    memset(text + used + depth, ']', depth);
    text[used + 2 * depth] = '}';
    return (struct str){text, used + 2 * depth + 1};
}

Test(members, bound_the_depth)
{
    static const size_t depths[] = {1, 900, 998, 999, 1000, 1001, 2046, 2047, 2048, 2049, 400000};
    struct members *members = members_of_data();

    for (size_t i = 0; i < ARRAY_LENGTH(depths); i++)
        check(members, nested(depths[i]));
    members_free(members);
}

Test(members, keep_numbers_that_are_out_of_range)
{
    struct str text =
        STR("{\"a\":9223372036854775808,\"b\":-9223372036854775809,\"c\":123456789012345678901234567890}");
    struct members *members = members_of_data();
    struct record record = {.readable = true};
    const struct member *list;

    cr_assert(members_read(members, text, &record));
    cr_assert_eq(members_list(members, &list), 3);
    cr_assert(members_take(members, &list[0], FIELD_ID, &record));
    cr_assert(members_take(members, &list[1], FIELD_USER_ID, &record));
    cr_assert(members_take(members, &list[2], FIELD_BYTES, &record));
    cr_expect_eq(record.values[FIELD_ID].kind, VALUE_TEXT);
    cr_expect(str_equal(record.values[FIELD_ID].text, STR("9223372036854775808")));
    cr_expect_eq(record.values[FIELD_USER_ID].kind, VALUE_REAL, "a sign is no digit");
    cr_expect_eq(record.values[FIELD_BYTES].kind, VALUE_REAL);
    members_free(members);
}
