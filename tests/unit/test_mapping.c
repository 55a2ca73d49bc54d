/* SPDX-License-Identifier: MIT */
/* Mappings of a log's names: what is taken, what is refused and why, and which field a name means. */

#include <criterion/criterion.h>
#include <string.h>

#include "ingest/mapping.h"

static struct mapping *parsed(const char *text)
{
    struct mapping *mapping = NULL;
    struct error err = {0};
    cr_assert(mapping_parse(&mapping, text, &err), "%s: %s", text, err.text);
    return mapping;
}

/* The same pairs, however they are written, are one text: checkpoints compare it. */
static const struct {
    const char *given;
    const char *text;
} good[] = {
    {"", ""},
    {"  ", ""},
    {"time=ts", "time=ts"},
    {"user_id=uid,time=ts", "time=ts,user_id=uid"},
    {" time = ts , user_id=uid ", "time=ts,user_id=uid"},
    {"timestamp=ts,username=who", "time=ts,handle=who"}, /* our aliases are our names */
    {"time=a=b", "time=a=b"},
    {"id=req id", "id=req id"},
    {"id=time", "id=time"},
    {"handle=user.name", "handle=user.name"},
    {"label=日付", "label=日付"},
};

Test(mapping, has_one_text_for_the_same_pairs)
{
    for (size_t i = 0; i < ARRAY_LENGTH(good); i++) {
        struct mapping *mapping = parsed(good[i].given);
        cr_expect_str_eq(mapping_text(mapping), good[i].text);
        cr_expect_eq(mapping_is_empty(mapping), good[i].text[0] == '\0');
        mapping_free(mapping);
    }
}

static const struct {
    const char *given;
    const char *why;
} bad[] = {
    {"time", "'time': a pair is FIELD=NAME"},
    {"time=ts,", "'': a pair is FIELD=NAME"},
    {",time=ts", "'': a pair is FIELD=NAME"},
    {"=ts", "'=ts': the left side is empty"},
    {"time=", "'time=': the right side is empty"},
    {"time=ts,user_id= ", "'user_id=': the right side is empty"},
    {"tiem=ts", "'tiem=ts': there is no field 'tiem'; did you mean time?"},
    {"colour=red", "'colour=red': there is no field 'colour'; a pair is FIELD=NAME"},
    {"ts=time", "there is no field 'ts'"},
    {"time=a,time=b", "'time=b': time is mapped to 'a' already"},
    {"time=a,occurred_at=b", "'occurred_at=b': time is mapped to 'a' already"},
    {"time=a,user_id=a", "'user_id=a': the name stands for time already"},
    {"time=a\tb", "control characters"},
    {"time=\xff", "UTF-8"},
    {"label=Bearer AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0%2BuSeid%2BULvsea4JtiGRiSDSJSI%3D", "secret"},
};

Test(mapping, says_which_pair_is_wrong_and_why)
{
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        struct mapping *mapping = NULL;
        struct error err = {0};
        cr_expect_not(mapping_parse(&mapping, bad[i].given, &err), "%s", bad[i].given);
        cr_expect_eq(err.code, EXIT_USAGE);
        cr_expect(strstr(err.text, bad[i].why) != NULL, "%s: %s", bad[i].given, err.text);
        cr_expect(strstr(err.text, "AAAAAAAA") == NULL);
    }
}

Test(mapping, refuses_what_is_too_long)
{
    char text[5000];
    struct mapping *mapping = NULL;
    struct error err = {0};

    memset(text, 'x', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    cr_expect_not(mapping_parse(&mapping, text, &err));
    cr_expect(strstr(err.text, "too long") != NULL, "%s", err.text);
    memcpy(text, "time=", 5);
    text[5 + MAPPING_NAME_MAX + 1] = '\0';
    cr_expect_not(mapping_parse(&mapping, text, &err));
    cr_expect(strstr(err.text, "256 bytes, at most 255") != NULL, "%s", err.text);
    text[5 + MAPPING_NAME_MAX] = '\0';
    mapping_free(parsed(text));
}

/* A mapped field is read from its mapped name alone, and a mapped name is that field alone. */
Test(mapping, finds_the_field_that_a_name_means)
{
    struct mapping *mapping = parsed("time=ts,user_id=id,handle=user.name");

    cr_expect_eq(mapping_find(mapping, STR("ts")), FIELD_TIME);
    cr_expect_eq(mapping_find(mapping, STR("time")), FIELD_UNKNOWN);
    cr_expect_eq(mapping_find(mapping, STR("timestamp")), FIELD_UNKNOWN);
    cr_expect_eq(mapping_find(mapping, STR("id")), FIELD_USER_ID);
    cr_expect_eq(mapping_find(mapping, STR("event_id")), FIELD_ID); /* of a field that is not mapped */
    cr_expect_eq(mapping_find(mapping, STR("user_id")), FIELD_UNKNOWN);
    cr_expect_eq(mapping_find(mapping, STR("user.name")), FIELD_HANDLE);
    cr_expect_eq(mapping_find(mapping, STR("status")), FIELD_STATUS);
    cr_expect_eq(mapping_find(mapping, STR("")), FIELD_UNKNOWN);
    cr_expect_eq(mapping_find(mapping, STR("TS")), FIELD_UNKNOWN);
    mapping_free(mapping);
}

/* A line, the field that is looked for under "user", and what is found there. */
static const struct {
    const char *object;
    const char *found;
} nested[] = {
    {"{\"name\": \"ann\"}", NULL},
    {"{\"x\": {\"name\": \"ann\"}}", "ann"},
    {"{\"x.name\": \"ann\"}", "ann"},
    {"{\"x\": {\"other\": 1}, \"x.name\": \"ann\"}", "ann"},
    {"{\"x\": {\"name\": {\"name\": \"ann\"}}}", NULL}, /* an object: for event_read to refuse */
    {"{\"x\": 7}", NULL},
    {"[]", NULL},
    {"7", NULL},
};

Test(mapping, digs_through_objects)
{
    struct mapping *mapping = parsed("handle=user.x.name,label=users");
    struct str name;

    cr_expect(mapping_leads_through(mapping, STR("user")));
    cr_expect_not(mapping_leads_through(mapping, STR("users")));
    cr_expect_not(mapping_leads_through(mapping, STR("use")));
    cr_expect_not(mapping_leads_through(mapping, STR("user.")));
    for (size_t i = 0; i < ARRAY_LENGTH(nested); i++) {
        json_t *object = json_loads(nested[i].object, JSON_DECODE_ANY, NULL);
        json_t *found = mapping_dig(mapping, FIELD_HANDLE, STR("user"), object, &name);
        const char *text = json_is_string(found) ? json_string_value(found) : NULL;
        cr_expect(str_equal(str_of(text), str_of(nested[i].found)), "%s", nested[i].object);
        cr_expect_null(mapping_dig(mapping, FIELD_LABEL, STR("user"), object, &name));
        cr_expect_null(mapping_dig(mapping, FIELD_TIME, STR("user"), object, &name));
        json_decref(object);
    }
    cr_expect(str_equal((mapping_dig(mapping, FIELD_HANDLE, STR("user"), NULL, &name), name), STR("user.x.name")));
    mapping_free(mapping);
}
