/* SPDX-License-Identifier: MIT */
/* A body of HTTP as events' texts. */

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "gateway/serve_body.h"

#define CEILING 1000
#define MOST    4

/* The events as "1:text|2:text", or "STATUS why". */
static char *cut_text(struct str text, enum body_form form, const char *coding, size_t step)
{
    struct body *body = body_new(CEILING, str_of(coding));
    struct body_events events;
    struct body_fault fault;
    struct buffer out;

    buffer_init(&out, (size_t)1 << 20);
    for (size_t at = 0; at < text.size; at += step)
        body_add(body, (struct str){text.data + at, text.size - at < step ? text.size - at : step});
    if (!body_cut(body, form, MOST, &events, &fault))
        cr_assert(buffer_format(&out, "%d %s", fault.status, fault.text));
    for (size_t i = 0; i < events.count; i++)
        cr_assert(buffer_format(&out, "%s%llu:%.*s", i > 0 ? "|" : "", (unsigned long long)events.list[i].number,
                                (int)events.list[i].text.size, events.list[i].text.data));
    free(events.list);
    body_free(body);
    return out.data;
}

static void expect_cut(const char *text, enum body_form form, const char *wanted)
{
    for (size_t step = 1; step < 40; step += 19) {
        char *got = cut_text(str_of(text), form, NULL, step);
        cr_expect(strncmp(got, wanted, strlen(wanted)) == 0, "%s\n     got: %s\n  wanted: %s", text, got, wanted);
        free(got);
    }
}

Test(serve_body, form_of_content_type)
{
    static const struct {
        const char *type;
        enum body_form form;
    } cases[] = {
        {"application/json", BODY_JSON},
        {"Application/JSON", BODY_JSON},
        {"application/json;charset=utf-8", BODY_JSON},
        {"application/json ; charset=\"UTF-8\" ; profile=x", BODY_JSON},
        {"application/x-ndjson", BODY_LINES},
        {"application/cloudevents+json; charset=utf-8", BODY_CLOUDEVENT},
        {"application/cloudevents-batch+json", BODY_CLOUDEVENTS},
        {"application/json; charset=utf-16", BODY_FORM_UNKNOWN},
        {"application/json2", BODY_FORM_UNKNOWN},
        {"application/jso", BODY_FORM_UNKNOWN},
        {"text/plain", BODY_FORM_UNKNOWN},
        {"", BODY_FORM_UNKNOWN},
        {";", BODY_FORM_UNKNOWN},
        {NULL, BODY_FORM_UNKNOWN},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        cr_expect(body_form_of(str_of(cases[i].type)) == cases[i].form, "%s",
                  cases[i].type != NULL ? cases[i].type : "none");
}

Test(serve_body, codings)
{
    static const char *const known[] = {NULL, "", "gzip", "GZIP", " x-gzip ", "identity"};
    static const char *const unknown[] = {"br", "deflate", "gzip, gzip", "gzi"};
    for (size_t i = 0; i < ARRAY_LENGTH(known); i++)
        cr_expect(body_coding_is_known(str_of(known[i])));
    for (size_t i = 0; i < ARRAY_LENGTH(unknown); i++)
        cr_expect(!body_coding_is_known(str_of(unknown[i])), "%s", unknown[i]);
}

Test(serve_body, documents)
{
    expect_cut("{\"a\":1}", BODY_JSON, "1:{\"a\":1}");
    expect_cut("\xEF\xBB\xBF {\"a\":\n\r\n[1,2]}\n", BODY_JSON, "1:{\"a\":   [1,2]} ");
    expect_cut("[{\"a\":1} ,\n {\"b\":\"]},[\\\"\\\\\"},[1,[2]],3,true]", BODY_JSON, "413 more than 4 events");
    expect_cut("[{\"a\":1} ,\n {\"b\":\"]},[\\\"\\\\\"},[1,[2]],\"x\"]", BODY_JSON,
               "1:{\"a\":1}|2:{\"b\":\"]},[\\\"\\\\\"}|3:[1,[2]]|4:\"x\"");
    expect_cut(" [ null ] ", BODY_JSON, "1:null");
    expect_cut("[1,-2.5e3]", BODY_JSON, "1:1|2:-2.5e3");
    expect_cut("[]", BODY_JSON, "400 the body holds no event");
    expect_cut("", BODY_JSON, "400 the body holds no event");
    expect_cut(" \n", BODY_JSON, "400 the body holds no event");
    expect_cut("7", BODY_JSON, "400 the body is JSON, but neither");
    expect_cut("{\"a\":1}{\"b\":1}", BODY_JSON, "400 the body is no JSON document: it breaks at byte ");
    expect_cut("{\"a\":1", BODY_JSON, "400 the body is no JSON document: it breaks at byte 6 ");
    expect_cut("[1,]", BODY_JSON, "400 the body is no JSON document");
    expect_cut("[\"\xff\"]", BODY_JSON, "400 the body is no JSON document");
    expect_cut("[1]]", BODY_JSON, "400 the body is no JSON document");
}

Test(serve_body, cloudevents)
{
    expect_cut("{\"id\":1}", BODY_CLOUDEVENT, "1:{\"id\":1}");
    expect_cut("[{\"id\":1}]", BODY_CLOUDEVENT, "400 the body is JSON, but no CloudEvent: an array");
    expect_cut("[{\"id\":1},{}]", BODY_CLOUDEVENTS, "1:{\"id\":1}|2:{}");
    expect_cut("{\"id\":1}", BODY_CLOUDEVENTS, "400 the body is JSON, but no array of CloudEvents");
}

Test(serve_body, lines)
{
    expect_cut("{\"a\":1}\n{\"b\":1}", BODY_LINES, "1:{\"a\":1}|2:{\"b\":1}");
    expect_cut("\xEF\xBB\xBF\r\n {\"a\":1} \r\n\n\tx\n\n", BODY_LINES, "2:{\"a\":1}|4:x");
    expect_cut("\n\n \r\n", BODY_LINES, "400 the body holds no event");
    expect_cut("1\n2\n3\n4\n5", BODY_LINES, "413 more than 4 events in one request");
}

Test(serve_body, a_ceiling_for_what_is_sent)
{
    char text[CEILING + 2];

    memset(text, ' ', sizeof text);
    memcpy(text, "{}", 2);
    char *fits = cut_text((struct str){text, CEILING}, BODY_LINES, NULL, 100);
    char *over = cut_text((struct str){text, CEILING + 1}, BODY_LINES, NULL, 100);
    cr_expect_str_eq(fits, "1:{}");
    cr_expect(strncmp(over, "413 the body, or what is packed in it, is larger than 1000 bytes", 60) == 0, "%s", over);
    free(fits);
    free(over);
}

static struct str packed(const char *text, size_t size, unsigned char *room, size_t room_size)
{
    z_stream zlib = {
        .next_in = (Bytef *)(uintptr_t)text, .avail_in = (uInt)size, .next_out = room, .avail_out = (uInt)room_size};

    cr_assert(deflateInit2(&zlib, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) == Z_OK);
    cr_assert(deflate(&zlib, Z_FINISH) == Z_STREAM_END);
    deflateEnd(&zlib);
    return (struct str){(const char *)room, zlib.total_out};
}

Test(serve_body, gzip)
{
    unsigned char room[4096];
    static char zeros[400000];
    struct str one = packed("[1,\n2]", 6, room, sizeof room);

    for (size_t step = 1; step < 40; step += 19) {
        char *got = cut_text(one, BODY_JSON, "gzip", step);
        cr_expect_str_eq(got, "1:1|2:2");
        free(got);
    }
    char *broken = cut_text((struct str){one.data, one.size - 1}, BODY_JSON, "gzip", 5);
    cr_expect_str_eq(broken, "400 the body is not whole gzip, as its Content-Encoding says");
    free(broken);
    char *bomb = cut_text(packed(zeros, sizeof zeros, room, sizeof room), BODY_JSON, "gzip", 64);
    cr_expect(strncmp(bomb, "413 ", 4) == 0, "%s", bomb);
    free(bomb);
}
