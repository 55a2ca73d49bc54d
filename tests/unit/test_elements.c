/* SPDX-License-Identifier: MIT */
/* The elements of an array: cases as data, each at several chunk sizes, and random documents held against jansson. */

#include "ingest/elements.h"
#include "reader_from.h"

static const char *const no_path[] = {NULL};
static const char *const har_path[] = {"log", "entries", NULL};

/* Each element as "number:text|", then "END" or the error's text. */
static char *elements_of(struct str content, const char *const *path, size_t size_max, size_t limit)
{
    struct records *records = records_new(input_from(content, limit));
    struct elements *elements =
        elements_new(records, &(struct elements_options){.path = path, .document = "a test", .size_max = size_max});
    struct record record;
    struct error err = {0};
    char *all = lasting_alloc(ALL_MAX);
    size_t used = 0;
    enum read_result result;

    while ((result = elements_next(elements, &record, &err)) == READ_RECORD) {
        unsigned char place[DIGEST_SIZE], expected[DIGEST_SIZE];
        cr_assert_eq(record.end_byte - record.first_byte, record.raw_size);
        cr_assert_eq(memcmp(content.data + record.first_byte, record.raw.data, record.raw.size), 0);
        cr_assert_eq(records_place(records, place), record.end_byte);
        digest_of(content.data, record.end_byte, expected);
        cr_assert_arr_eq(place, expected, DIGEST_SIZE);
        used +=
            (size_t)snprintf(all + used, ALL_MAX - used, "%" PRIu64 ":%.*s|", record.line,
                             record.readable ? (int)record.raw.size : 5, record.readable ? record.raw.data : "!long");
    }
    snprintf(all + used, ALL_MAX - used, "%s", result == READ_END ? "END" : err.text);
    cr_assert_eq(elements_next(elements, &record, &err), result, "the end, or a failure, stays");
    elements_free(elements);
    records_free(records);
    return all;
}

static const struct {
    struct str content;
    const char *const *path;
    const char *elements;
} cases[] = {
    {STR("[]"), no_path, "END"},
    {STR(" [ ] \n"), no_path, "END"},
    {STR("[{}]"), no_path, "1:{}|END"},
    {STR("\xEF\xBB\xBF[{\"a\":[1,{\"b\":\"]}\"}]} ,\n\t{\"c\":\"\\\"]\\\\\"}]\n"), no_path,
     "1:{\"a\":[1,{\"b\":\"]}\"}]}|2:{\"c\":\"\\\"]\\\\\"}|END"},
    {STR("[1,-2.5e3 ,true,\"x,]\",null,[1,[2]],7]"), no_path, "1:1|2:-2.5e3|3:true|4:\"x,]\"|5:null|6:[1,[2]]|7:7|END"},
    {STR("[1][2,3]\n[]\n[4]"), no_path, "1:1|2:2|3:3|4:4|END"},
    {STR("[1,]"), no_path, "1:1|log: is not a test: at byte 4, behind element 1, a value is expected"},
    {STR("[,1]"), no_path, "log: is not a test: at byte 2, behind element 0, a value is expected"},
    {STR("[{} {}]"), no_path, "1:{}|log: is not a test: at byte 5, behind element 1, a comma or ] is expected"},
    {STR("[{}}"), no_path, "1:{}|log: is not a test: at byte 4, behind element 1, a comma or ] is expected"},
    {STR("{}"), no_path, "log: is not a test: at byte 1, behind element 0, a [ is expected"},
    {STR("[1] x"), no_path, "1:1|log: something else than a test follows at byte 5"},
    {STR("[{},{\"a\":"), no_path,
     "1:{}|log: breaks off at byte 9, behind element 1: it is cut off or still being written; take it in again when it "
     "is whole, which adds the rest"},
    {STR("[\"x\\"), no_path,
     "log: breaks off at byte 4, behind element 0: it is cut off or still being written; take it in again when it is "
     "whole, which adds the rest"},
    {STR("[1"), no_path,
     "log: breaks off at byte 2, behind element 0: it is cut off or still being written; take it in again when it is "
     "whole, which adds the rest"},
    {STR("{\"log\":{\"entries\":[{\"a\":1},{}]}}"), har_path, "1:{\"a\":1}|2:{}|END"},
    {STR("{ \"x\" : [ {\"log\":{}} , \"}\" ] , \"log\" : { \"version\" : \"1.2\\\"\" , \"entries\" : [ 1 ] , "
         "\"z\":null } "
         ", \"y\" : 2 }\n"),
     har_path, "1:1|END"},
    {STR("{\"entries\":[1],\"log\":{\"log\":[2],\"entriesentriesentries\":[3],\"\\u0065ntries\":[4],\"entries\":[5]}}"),
     har_path, "1:5|END"},
    {STR("{\"log\":{\"entries\":[]}}"), har_path, "END"},
    {STR("{\"log\":{\"entries\":[1]}}{\"log\":{\"entries\":[2]}}"), har_path, "1:1|2:2|END"},
    {STR("{\"log\":{\"entries\":{}}}"), har_path, "log: is not a test: it has no array of elements"},
    {STR("{\"log\":[]}"), har_path, "log: is not a test: it has no array of elements"},
    {STR("{}"), har_path, "log: is not a test: it has no array of elements"},
    {STR("[{}]"), har_path, "log: is not a test: at byte 1, behind element 0, a { is expected"},
    {STR("{\"log\" {}}"), har_path, "log: is not a test: at byte 8, behind element 0, a colon is expected"},
    {STR("{log:{}}"), har_path, "log: is not a test: at byte 2, behind element 0, a key in quotes is expected"},
    {STR("{\"a\":1,}"), har_path, "log: is not a test: at byte 8, behind element 0, a key in quotes is expected"},
    {STR("{\"log\":{\"entries\":[{}],"), har_path,
     "1:{}|log: breaks off at byte 23, behind element 1: it is cut off or still being written; take it in again when "
     "it "
     "is whole, which adds the rest"},
};

Test(elements, reads_cases)
{
    static const size_t limits[] = {0, 1, 2, 3, 7};

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        for (size_t l = 0; l < ARRAY_LENGTH(limits); l++)
            cr_expect_str_eq(elements_of(cases[i].content, cases[i].path, RECORD_MAX, limits[l]), cases[i].elements,
                             "case %zu, limit %zu", i, limits[l]);
    }
}

/* ---- random documents ---- */

static json_t *random_json(uint32_t *seed, size_t depth)
{
    size_t kind = random_below(seed, depth < 4 ? 6 : 3);
    json_t *json;

    if (kind == 0)
        return json_integer((json_int_t)random_next(seed));
    if (kind == 1)
        return json_stringn(random_text(seed, random_below(seed, 9), STR("[]{},:\"\\ a\n")).data, 0);
    if (kind == 2) {
        struct str text = random_text(seed, random_below(seed, 30), STR("[]{},:\"\\ a\n"));
        return json_stringn(text.data, text.size);
    }
    bool object = kind == 3;
    json = object ? json_object() : json_array();
    for (size_t i = 0, count = random_below(seed, 5); i < count; i++) {
        struct str key = random_text(seed, random_below(seed, 6), STR("[]{},:\"\\ ab"));
        if (object)
            json_object_setn_new(json, key.data, key.size, random_json(seed, depth + 1));
        else
            json_array_append_new(json, random_json(seed, depth + 1));
    }
    return json;
}

Test(elements, are_those_that_jansson_finds)
{
    static const size_t limits[] = {0, 1, 5, 13};
    uint32_t seed = 31;

    for (size_t round = 0; round < 400; round++) {
        json_t *array = json_array();
        for (size_t i = 0, count = random_below(&seed, 6); i < count; i++)
            json_array_append_new(array, random_json(&seed, 0));
        json_t *har = json_pack("{s:{s:o,s:O,s:o}}", "log", "x", random_json(&seed, 0), "entries", array, "z",
                                random_json(&seed, 0));
        char *expected = lasting_alloc(ALL_MAX);
        size_t used = 0;
        for (size_t i = 0; i < json_array_size(array); i++) {
            char *text = json_dumps(json_array_get(array, i), JSON_COMPACT | JSON_ENCODE_ANY);
            used += (size_t)snprintf(expected + used, ALL_MAX - used, "%zu:%s|", i + 1, text);
            free(text);
        }
        snprintf(expected + used, ALL_MAX - used, "END");

        const char *document[] = {json_dumps(array, JSON_COMPACT), json_dumps(har, JSON_COMPACT)};
        size_t limit = limits[random_below(&seed, ARRAY_LENGTH(limits))];
        cr_assert_str_eq(elements_of(str_of(document[0]), no_path, RECORD_MAX, limit), expected);
        cr_assert_str_eq(elements_of(str_of(document[1]), har_path, RECORD_MAX, limit), expected);
        for (size_t i = 0; i < 2; i++)
            free((void *)(uintptr_t)document[i]);
        json_decref(array);
        json_decref(har);
        arena_reset(lasting_arena());
    }
}

/* ---- elements that are too long ---- */

static struct str long_elements(size_t size)
{
    char *content = lasting_alloc(2 * size + 100);
    size_t used = (size_t)sprintf(content, "[{\"a\":1},{\"b\":\"");

    memset(content + used, ']', size);
    used += size;
    used += (size_t)sprintf(content + used, "\"},7,");
    memset(content + used, '5', size);
    used += size;
    used += (size_t)sprintf(content + used, ",{}]");
    return (struct str){content, used};
}

Test(elements, are_skipped_when_too_long)
{
    static const size_t limits[] = {0, 1000, 70001}, sizes[] = {70000, 300000, 3000000};

    for (size_t l = 0; l < ARRAY_LENGTH(limits); l++) {
        for (size_t s = 0; s < ARRAY_LENGTH(sizes); s++) {
            cr_expect_str_eq(elements_of(long_elements(sizes[s]), no_path, 65536, limits[l]),
                             "1:{\"a\":1}|2:!long|3:7|4:!long|5:{}|END");
            arena_reset(lasting_arena());
        }
    }
}

Test(elements, are_taken_up_to_their_largest_size)
{
    struct str content = long_elements(1000);

    cr_expect_not_null(strstr(elements_of(content, no_path, 1008, 100), "2:{\"b\""));
    cr_expect_not_null(strstr(elements_of(content, no_path, 1007, 100), "2:!long|3:7|4:555"));
    cr_expect_not_null(strstr(elements_of(content, no_path, 1007, 0), "2:!long|3:7|4:555"));
}
