/* SPDX-License-Identifier: MIT */
/* No secret is kept: planted ones are found in every form that a log can hold them in, and what is none stays. */

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "headroom/model.h"
#include "model/mask.h"

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new();
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(mask, .init = set_up, .fini = tear_down);

static const char *mask(const char *text)
{
    return mask_secrets(arena, str_of(text)).data;
}

/* The text before and after. */
static const struct {
    const char *text;
    const char *masked;
} exact[] = {
    /* headers */
    {"Authorization: Bearer abc", "Authorization: [masked]"},
    {"authorization:Bearer abc\r\nHost: x", "authorization:[masked]\r\nHost: x"},
    {"AUTHORIZATION: OAuth realm=\"x\", oauth_token=\"y\"\nHost: x", "AUTHORIZATION: [masked]\nHost: x"},
    {"Authorization: OAuth a=\"1\",\r\n b=\"2\"\r\nHost: x", "Authorization: [masked]\r\nHost: x"},
    {"Proxy-Authorization: Basic eHl6\nid: 5", "Proxy-Authorization: [masked]\nid: 5"},
    {"HTTP_AUTHORIZATION=Bearer abc", "HTTP_AUTHORIZATION=[masked]"},
    {"curl -H 'Authorization: Bearer abc' -d @ids.json", "curl -H 'Authorization: [masked]' -d @ids.json"},
    {"curl -H \"Cookie: a=b; c=d\" -d 5", "curl -H \"Cookie: [masked]\" -d 5"},
    {"Cookie: guest_id=v1; auth=abc; ct0=def\nHost: x", "Cookie: [masked]\nHost: x"},
    {"Set-Cookie: ct0=def; Path=/; Secure\nHost: x", "Set-Cookie: [masked]\nHost: x"},
    {"{\"Cookie\":\"a=b; c=d\",\"id\":\"5\"}", "{\"Cookie\":\"[masked]\",\"id\":\"5\"}"},
    {"{\"cookie\" : \"a=\\\"b\\\"; c=d\",\"id\":\"5\"}", "{\"cookie\" : \"[masked]\",\"id\":\"5\"}"},
    {"{\"Set-Cookie\":[\"a=b\",\"c=d\"],\"id\":\"5\"}", "{\"Set-Cookie\":[\"[masked]\"],\"id\":\"5\"}"},
    {"{\"h\":[\"Cookie: a=b\",\"Host: x\"]}", "{\"h\":[\"Cookie: [masked]\",\"Host: x\"]}"},
    {"{'Authorization': 'Bearer abc', 'id': 5}", "{'Authorization': '[masked]', 'id': 5}"},
    {"{\"log\":\"{\\\"Cookie\\\":\\\"a=b; c\\\",\\\"id\\\":5}\"}",
     "{\"log\":\"{\\\"Cookie\\\":\\\"[masked]\\\",\\\"id\\\":5}\"}"},
    /* schemes */
    {"sent Bearer abc to x", "sent Bearer [masked] to x"},
    {"{\"auth\":\"bearer abc\",\"id\":\"5\"}", "{\"auth\":\"bearer [masked]\",\"id\":\"5\"}"},
    {"BEARER\tabc,5", "BEARER\t[masked],5"},
    {"Bearer%20abc&x=5", "Bearer%20[masked]&x=5"},
    {"Bearer+abc&x=5", "Bearer+[masked]&x=5"},
    {"Bearer\r\n abc\nx", "Bearer\r\n [masked]\nx"},
    {"OAuth abc12345 x", "OAuth [masked] x"},
    /* parameters */
    {"oauth_token=abc&id=5", "oauth_token=[masked]&id=5"},
    {"oauth_token=\"abc\", oauth_nonce=\"def\", x=\"5\"",
     "oauth_token=\"[masked]\", oauth_nonce=\"[masked]\", x=\"5\""},
    {"OAUTH_TOKEN = abc, x = 5", "OAUTH_TOKEN = [masked], x = 5"},
    {"{\"oauth_token\":\"abc\",\"id\":\"5\"}", "{\"oauth_token\":\"[masked]\",\"id\":\"5\"}"},
    {"{\"oauth_token\" : abc}", "{\"oauth_token\" : [masked]}"},
    {"{\"oauth_nonce\":123,\"id\":5}", "{\"oauth_nonce\":[masked],\"id\":5}"},
    {"{\\\"oauth_token\\\":\\\"abc\\\",\\\"id\\\":5}", "{\\\"oauth_token\\\":\\\"[masked]\\\",\\\"id\\\":5}"},
    {"5,\"{\"\"oauth_token\"\":\"\"a b\"\",\"\"x\"\":1}\",6",
     "5,\"{\"\"oauth_token\"\":\"\"[masked]\"\",\"\"x\"\":1}\",6"},
    {"oauth_token%3Dabc id=5", "oauth_token%3D[masked] id=5"},
    {"%22oauth_token%22%3A%22abc id", "[masked][masked] id"}, /* the rest is a long run, too */
    {"oauth_token%253Dabc id", "oauth_token%253D[masked] id"},
    {"%2522oauth_token%2522%253A%2522abc id", "[masked][masked] id"},
    {"oauth_token\\u003dabc&id", "oauth_token\\u003d[masked]&id"},
    {"<oauth_token>abc</oauth_token>", "<oauth_token>[masked]</oauth_token>"},
    {"'oauth_token' => 'abc', 'id' => 5", "'oauth_token' => '[masked]', 'id' => 5"},
    {"oauth_token=a\x80\xFF\x01z&id", "oauth_token=[masked]&id"},
    {"access_token=abc&id=5", "access_token=[masked]&id=5"},
    {"\"accessToken\":\"abc\",", "\"accessToken\":\"[masked]\","},
    {"consumer_secret: abc", "consumer_secret: [masked]"},
    {"{\"oauth_token\":\"\",\"id\":\"5\"}", "{\"oauth_token\":\"\",\"id\":\"5\"}"},
    /* lines that end in the middle */
    {"{\"oauth_token\":\"abc", "{\"oauth_token\":\"[masked]"},
    {"{\"Cookie\":\"abc; d", "{\"Cookie\":\"[masked]"},
    {"{\"Cookie\":[\"abc; d", "{\"Cookie\":[\"[masked]"},
    {"Authorization: Bear", "Authorization: [masked]"},
    {"oauth_token=", "oauth_token="},
    {"oauth_token=\"", "oauth_token=\""},
    {"Cookie", "Cookie"},
    {"oauth_token%3", "oauth_token%3"},
    /* shapes */
    {"x 6253282-eWudHldSbIaelX7swmsi y", "x [masked] y"},
    {"{\"note\":\"6253282-eWudHldSbIaelX7swmsi\"}", "{\"note\":\"[masked]\"}"},
    {"1-abcdefghijklmnopqrst", "[masked]"},
    {"x%3d1-abcdefghijklmnopqrst", "x%3d[masked]"},
    {"5759e988-bd862e3fe1be46a994272793", "5759e988-bd862e3fe1be46a994272793"}, /* digits that end a word */
    {"1-abcdefghijklmnopqrs", "1-abcdefghijklmnopqrs"},
    {"x-6253282-eWudHldSbIaelX7swmsi.", "[masked]."},
    {"sig tnnArxj06cWHq44gCs1OSKk/jLY= end", "sig [masked] end"},
    {"sig tnnArxj06cWHq44gCs1OSKk\\/jLY= end", "sig [masked] end"},
    {"sig tnnArxj06cWHq44gCs1OSKk%2FjLY%3D end", "sig [masked] end"},
    {"abcdefghijklmnopqrS1", "[masked]"},
    {"abcdefghijklmnopqS1", "abcdefghijklmnopqS1"},
};

Test(mask, replaces_the_value_alone)
{
    for (size_t i = 0; i < ARRAY_LENGTH(exact); i++) {
        cr_expect_str_eq(mask(exact[i].text), exact[i].masked, "%s\n   gave %s", exact[i].text, mask(exact[i].text));
        cr_expect_eq(mask_needed(str_of(exact[i].text)), strcmp(exact[i].text, exact[i].masked) != 0, "%s",
                     exact[i].text);
    }
}

/* What looks a little like a secret and is none. */
static const char *const harmless[] = {
    "",
    "2244994945",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08",
    "550e8400-e29b-41d4-a716-446655440000",
    "550E8400-E29B-41D4-A716-446655440000",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "{\"id\":\"77\",\"time\":\"2026-10-31T23:59:59.123456Z\",\"user_id\":\"2244994945\",\"handle\":\"TwitterDev\"}",
    "2026-10-31T23:59:59+00:00,2244994945,TwitterDev,totals,250,200",
    "{\"failed\":{\"unavailable\":[\"1234567890123456789\",\"1234567890123456790\"]}}",
    "the cookie was gone",
    "the oauth migration of 2026",
    "token",
    "a secret plan",
    "user_follows, user_profile_clicks, permalink_clicks",
    "{\"auth\":\"bearer\",\"user_id\":\"5\"}",
    "bearers of news",
    "@TwitterDev, @X",
};

Test(mask, leaves_the_rest_alone)
{
    for (size_t i = 0; i < ARRAY_LENGTH(harmless); i++) {
        cr_expect_str_eq(mask(harmless[i]), harmless[i]);
        cr_expect_not(mask_needed(str_of(harmless[i])), "%s", harmless[i]);
    }
}

/* Where a secret can stand: the vendor's own header, in each wrapping. */
static const char *const places[] = {
    "%s",
    "{\"time\":\"2026-10-31T00:00:00Z\",\"note\":\"%s\"}",
    "{\"time\":\"2026-10-31T00:00:00Z\",\"note\":\"%s",
    "2026-10-31T00:00:00Z,5,\"%s\",x",
    "2026-10-31T00:00:00Z\t5\t%s\tx",
    "\xFF\xFE\x80%s\x80",
    "a\nb\n%s\nc",
    "[info] request: %s (200)",
};
static const char *const secrets[] = {
    "6253282-eWudHldSbIaelX7swmsiHImEL4KinwaGloHANdrY",
    "2EEfA6BG5ly3sR3XjE0IBSnlQu4ZrUzPiYTmrkVU",
    "AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0%2BuSeid%2BULvsea4JtiGRiSDSJSI%3DEUifiRBkKG5E2XzMDjRfl76ZC9Ub0wnz4XsNiRVBC",
};
static const char *const carriers[] = {
    "%s",
    "Authorization: Bearer %s",
    "authorization: OAuth oauth_consumer_key=\"x\", oauth_token=\"%s\", oauth_version=\"1.0\"",
    "OAuth oauth_token=%s",
    "oauth_token=%s&oauth_token_secret=x",
    "oauth_token%%3D%s%%26x",
    "oauth_signature=\"%s\"",
    "Cookie: auth_token=%s; ct0=1",
    "Set-Cookie: a=%s; Secure",
    "\\\"oauth_token\\\":\\\"%s\\\"",
    "\"\"oauth_token\"\":\"\"%s\"\"",
    "bearer %s",
    "token=%s",
};

/* Format strings of this file's own tables, filled without printf: a compiler cannot check those. */
static void fill(char *out, size_t size, const char *form, const char *with)
{
    size_t at = 0;

    for (; *form != '\0' && at + strlen(with) + 1 < size; form++) {
        if (form[0] == '%' && form[1] == 's') {
            memcpy(out + at, with, strlen(with));
            at += strlen(with);
            form++;
        } else {
            out[at++] = *form;
            form += form[0] == '%' && form[1] == '%' ? 1 : 0;
        }
    }
    out[at] = '\0';
}

Test(mask, finds_planted_secrets_everywhere)
{
    char carried[1000], line[2000];

    for (size_t s = 0; s < ARRAY_LENGTH(secrets); s++)
        for (size_t c = 0; c < ARRAY_LENGTH(carriers); c++)
            for (size_t p = 0; p < ARRAY_LENGTH(places); p++) {
                fill(carried, sizeof(carried), carriers[c], secrets[s]);
                fill(line, sizeof(line), places[p], carried);
                const char *masked = mask(line);
                for (const char *at = secrets[s]; strlen(at) >= 12; at++) {
                    char piece[13] = "";
                    memcpy(piece, at, 12);
                    cr_expect_null(strstr(masked, piece), "%s\n   gave %s", line, masked);
                }
                cr_expect(mask_needed(str_of(line)), "%s", line);
                cr_expect_str_eq(mask(masked), masked, "masking twice changes nothing: %s", line);
            }
}

/* A short secret shows by its name alone, wherever the line is cut behind it. */
Test(mask, finds_named_secrets_in_every_cut)
{
    static const char secret[] = "hunter2";

    for (size_t c = 1; c < ARRAY_LENGTH(carriers); c++)
        for (size_t p = 0; p < ARRAY_LENGTH(places); p++) {
            char carried[1000], line[2000];
            fill(carried, sizeof(carried), carriers[c], secret);
            if (strncmp(carriers[c], "OAuth %", 7) == 0)
                continue;
            fill(line, sizeof(line), places[p], carried);
            size_t end = (size_t)(strstr(line, secret) - line) + strlen(secret);
            for (; end <= strlen(line); end++) {
                struct str masked = mask_secrets(arena, (struct str){line, end});
                cr_expect_null(strstr(masked.data, secret), "%.*s\n   gave %s", (int)end, line, masked.data);
            }
        }
}

Test(mask, works_across_nul_bytes_and_answers_with_the_size)
{
    struct str masked = mask_secrets(arena, STR("a\0b oauth_token=\"x\0y\" c\0d"));

    cr_assert(str_equal(masked, STR("a\0b oauth_token=\"[masked]\" c\0d")));
    cr_assert(str_equal(mask_secrets(arena, STR("a\0b")), STR("a\0b")));
    cr_assert_null(mask_secrets(arena, str_of(NULL)).data);
}

/* What the lines of the next test are made of. */
static const char *const pieces[] = {"oauth_token",
                                     "Cookie",
                                     "bearer",
                                     "OAuth",
                                     "Authorization",
                                     "=",
                                     ":",
                                     "\"",
                                     "\\\"",
                                     "\"\"",
                                     "'",
                                     "%22",
                                     "%3D",
                                     "%25",
                                     "%",
                                     "\\u003d",
                                     "\\",
                                     "[",
                                     "]",
                                     "{",
                                     "}",
                                     ",",
                                     ";",
                                     " ",
                                     "\n",
                                     "\r\n ",
                                     "&",
                                     ">",
                                     "[masked]",
                                     "abc",
                                     "A1b2C3d4E5f6G7h8I9j0",
                                     "6253282-",
                                     "\xFF",
                                     "\xC3\xA9",
                                     "-",
                                     "/",
                                     "1",
                                     "token",
                                     "\t",
                                     "+"};

/* Any bytes: nothing is read or written outside (the sanitizers look on), what is masked stays masked, and the answer
 * of mask_needed agrees. The generator is fixed: a failure can be repeated. */
Test(mask, holds_for_any_bytes)
{
    uint32_t state = 20261031;

    for (int round = 0; round < 20000; round++) {
        char line[512] = "";
        size_t size = 0;
        for (int i = 0; i < 12; i++) {
            state = state * 1664525 + 1013904223;
            const char *piece = pieces[(state >> 16) % ARRAY_LENGTH(pieces)];
            memcpy(line + size, piece, strlen(piece));
            size += strlen(piece);
        }
        char *exactly = malloc(size);
        memcpy(exactly, line, size);
        struct str text = {exactly, size};
        struct str masked = mask_secrets(arena, text);
        cr_assert_eq(mask_needed(text), !str_equal(text, masked), "%s", line);
        cr_assert_not(mask_needed(masked), "%s\n   gave %s", line, masked.data);
        free(exactly);
        arena_reset(arena);
    }
}

/* Long lines must not take long: what would be quadratic would run for minutes here. */
Test(mask, is_linear, .timeout = 20)
{
    static const char *const units[] = {"cookie:",    "cookie:[masked]", "oauth ", "token=\"", "1-",      "1", "%25",
                                        "\"cookie:a", "bearer[",         "a-",     "oauth_",   "token: ", "[", "\\",
                                        "cookie:\"\""};
    const size_t size = 1000000;

    for (size_t i = 0; i < ARRAY_LENGTH(units); i++) {
        char *line = malloc(size);
        for (size_t at = 0; at < size; at++)
            line[at] = units[i][at % strlen(units[i])];
        struct str masked = mask_secrets(arena, (struct str){line, size});
        cr_expect_leq(masked.size, 4 * size);
        free(line);
        arena_reset(arena);
    }
}

/* A field is refused for a named or shaped secret, and for what is as long and as random as the vendor's secrets. */
static const struct {
    const char *text;
    bool refused;
} fields[] = {
    {"6253282-eWudHldSbIaelX7swmsiHImEL4KinwaGloHANdrY", true},
    {"2EEfA6BG5ly3sR3XjE0IBSnlQu4ZrUzPiYTmrkVU", true},
    {"AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0%2BuSeid%2BULvsea4JtiGRiSDSJSI%3DEUifiRBkKG5E2XzMDjRfl76ZC9Ub", true},
    {"Bearer abc", true},
    {"oauth_token=abc", true},
    {"Cookie: a=b", true},
    {"xvz1evFS4wEEPTGEFPHBog", false},      /* the vendor's sample consumer key */
    {"0ujtsYcgvSTl8PAuAdqWYSMnLOv", false}, /* a KSUID */
    {"V1StGXR8_Z5jdHi6B-myT", false},       /* a nanoid */
    {"Root=1-5759e988-bd862e3fe1be46a994272793", false},
    {"Campaign-Spring-2026-Launch-EMEA-Retargeting", false},
    {"gateway-Frankfurt-2026-production", false},
    {"550e8400-e29b-41d4-a716-446655440000", false},
};

Test(mask, refuses_fields)
{
    for (size_t i = 0; i < ARRAY_LENGTH(fields); i++)
        cr_expect_eq(mask_refuses(str_of(fields[i].text)), fields[i].refused, "%s", fields[i].text);
}
