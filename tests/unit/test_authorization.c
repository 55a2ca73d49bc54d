/* SPDX-License-Identifier: MIT */
/* Who a request was made for: every spelling of the header that RFC 5849 allows, and those that it does not. */

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "headroom/engagement.h"

#define TAIL "eWudHldSbIaelX7swmsiHImEL4KinwaGloHANdrY"
#define KEY  "xvz1evFS4wEEPTGEFPHBog"

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new();
}

static void tear_down(void)
{
    arena_free(arena);
}

TestSuite(authorization, .init = set_up, .fini = tear_down);

#define USER        AUTHORIZATION_USER
#define PROVISIONAL AUTHORIZATION_PROVISIONAL
#define APP         AUTHORIZATION_APP
#define OTHER       AUTHORIZATION_OTHER
#define NONE        AUTHORIZATION_NONE

static const struct {
    struct str header;
    enum authorization_kind kind;
    int64_t user_id;
    const char *key;
} cases[] = {
    /* as the vendor's documentation and its clients write it */
    {STR("OAuth oauth_consumer_key=\"" KEY "\", oauth_nonce=\"kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg\", "
         "oauth_signature=\"tnnArxj06cWHq44gCs1OSKk%2FjLY%3D\", oauth_signature_method=\"HMAC-SHA1\", "
         "oauth_timestamp=\"1318622958\", oauth_token=\"6253282-" TAIL "\", oauth_version=\"1.0\""),
     USER, 6253282, KEY},
    {STR("OAuth oauth_token=\"6253282-" TAIL "\",oauth_consumer_key=\"" KEY "\""), USER, 6253282, KEY},
    {STR("OAuth realm=\"\",oauth_token=\"6253282-" TAIL "\""), USER, 6253282, NULL},
    {STR("OAuth realm=\"a, oauth_token=\\\"1-x\\\"\", oauth_token=\"2-" TAIL "\""), USER, 2, NULL},
    {STR("oauth oauth_token=\"6253282-" TAIL "\""), USER, 6253282, NULL},
    {STR("OAUTH\toauth_token\t= \"6253282-" TAIL "\" ,, oauth_version=\"1.0\","), USER, 6253282, NULL},
    {STR("  OAuth   oauth_token=\"6253282-" TAIL "\"  "), USER, 6253282, NULL},
    {STR("OAuth oauth_token=6253282-" TAIL ",oauth_version=1.0"), USER, 6253282, NULL}, /* quotes missing */
    {STR("OAuth oauth_token=\"%36%32%353282%2D" TAIL "\""), USER, 6253282, NULL},
    {STR("OAuth oauth%5Ftoken=\"6253282%2d" TAIL "\",oauth%5fconsumer%5Fkey=\"a%2Bb\""), USER, 6253282, "a+b"},
    {STR("OAuth oauth_token=\"9223372036854775807-a\""), USER, INT64_MAX, NULL},
    {STR("OAuth oauth_token=\"006253282-a-b\""), USER, 6253282, NULL},
    {STR("OAuth oauth_token=\"6253282-a\",OAUTH_TOKEN=\"7-a\",x_oauth_token=\"8-a\""), USER, 6253282, NULL},
    {STR("OAuth x=\"100%\",y=\"\xC3\xA9\xFF\",oauth_token=\"6253282-a\""), USER, 6253282, NULL},
    /* signed by the app alone */
    {STR("OAuth oauth_consumer_key=\"k\",oauth_signature=\"x\""), APP, 0, "k"},
    {STR("OAuth oauth_consumer_key=\"k\",oauth_token=\"\""), APP, 0, "k"},
    /* a token that names nobody */
    {STR("OAuth oauth_token=\"" TAIL "\",oauth_consumer_key=\"k\""), PROVISIONAL, 0, "k"},
    {STR("OAuth oauth_token=\"6253282\""), PROVISIONAL, 0, NULL},
    {STR("OAuth oauth_token=\"6253282-\""), PROVISIONAL, 0, NULL},
    {STR("OAuth oauth_token=\"-" TAIL "\""), PROVISIONAL, 0, NULL},
    {STR("OAuth oauth_token=\"0-" TAIL "\""), PROVISIONAL, 0, NULL},
    {STR("OAuth oauth_token=\"+5-" TAIL "\""), PROVISIONAL, 0, NULL},
    {STR("OAuth oauth_token=\"62a-" TAIL "\""), PROVISIONAL, 0, NULL},
    {STR("OAuth oauth_token=\"9223372036854775808-a\""), PROVISIONAL, 0, NULL},
    {STR("OAuth oauth_token=\"123456789012345678901234567890-a\""), PROVISIONAL, 0, NULL},
    {STR("OAuth oauth_token=\"00000000000000000000006253282-a\""), PROVISIONAL, 0, NULL},
    /* nobody */
    {STR("Bearer AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0%2BuSeid%2BULvsea4JtiGRiSDSJSI"), APP, 0, NULL},
    {STR("bEARER\t6253282-" TAIL), APP, 0, NULL},
    {{NULL, 0}, NONE, 0, NULL},
    {STR(""), NONE, 0, NULL},
    {STR(" \t "), NONE, 0, NULL},
    /* what cannot be read */
    {STR("Bearer"), OTHER, 0, NULL},
    {STR("Bearer "), OTHER, 0, NULL},
    {STR("BearerX"), OTHER, 0, NULL},
    {STR("Basic NjI1MzI4Mi1hOmI="), OTHER, 0, NULL},
    {STR("OAuth"), OTHER, 0, NULL},
    {STR("OAuth "), OTHER, 0, NULL},
    {STR("OAuth oauth_token=\"\""), OTHER, 0, NULL},
    {STR("OAuth oauth_consumer_key=\"\""), OTHER, 0, NULL},
    {STR("OAuth oauth_token"), OTHER, 0, NULL},
    {STR("OAuth oauth_token="), OTHER, 0, NULL},
    {STR("OAuth =\"6253282-a\""), OTHER, 0, NULL},
    {STR("OAuth oauth_token=\"6253282-a"), OTHER, 0, NULL},
    {STR("OAuth oauth_token=\"6253282-a\\"), OTHER, 0, NULL},
    {STR("OAuth oauth_token=\"6253282-a\\\"\""), OTHER, 0, NULL},
    {STR("OAuth oauth_token=6253282-a\""), OTHER, 0, NULL},
    {STR("OAuth oauth_token=\"6253282-a\" oauth_version=\"1.0\""), OTHER, 0, NULL},
    {STR("OAuth oauth_token=\"6253282-a\",oauth_token=\"7-a\""), OTHER, 0, NULL},
    {STR("OAuth oauth_token=\"6253282-a\",oauth%5Ftoken=\"6253282-a\""), OTHER, 0, NULL},
    {STR("OAuth oauth_token=\"6253282-a\",oauth_consumer_key=\"k\",oauth_consumer_key=\"k\""), OTHER, 0, NULL},
    {STR("OAuth oauth_token=\"6253282%2\""), OTHER, 0, NULL},
    {STR("OAuth oauth_token=\"6253282%\""), OTHER, 0, NULL},
    {STR("OAuth oauth_token=\"6253282%2G-a\""), OTHER, 0, NULL},
    {STR("OAuth oauth_token=\"6253282%00-a\""), OTHER, 0, NULL},
    {STR("OAuth oauth_token=\"6253282 -a\""), OTHER, 0, NULL},
    {STR("OAuth oauth_token=\"6253282\xC3\xA9-a\""), OTHER, 0, NULL},
    {STR("OAuth oauth_token=\"6253282-a\",oauth_consumer_key=\"%zz\""), OTHER, 0, NULL},
    {STR("OAuth oauth_token=\"6253282-a\"\0"), OTHER, 0, NULL},
    {STR("OAuth oauth_token=\"6253282\0-a\""), OTHER, 0, NULL},
    {STR("OAuth oauth_token=\"6253282-a\"\r\nX: y"), OTHER, 0, NULL},
    {STR("OAuth \xFF\xFE"), OTHER, 0, NULL},
    /* a consumer key that is none is left out */
    {STR("OAuth oauth_token=\"5-a\",oauth_consumer_key=\"\""), USER, 5, NULL},
    {STR("OAuth oauth_token=\"5-a\",oauth_consumer_key=\"6253282-" TAIL "\""), USER, 5, NULL},
    {STR("OAuth oauth_token=\"5-a\",oauth_consumer_key=\"6253282%2D" TAIL "\""), USER, 5, NULL},
};

Test(authorization, is_read)
{
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct authorization got;
        authorization_read(cases[i].header, arena, &got);
        cr_expect_eq(got.kind, cases[i].kind, "%s: %d", cases[i].header.data, got.kind);
        cr_expect_eq(got.user_id, cases[i].user_id, "%s: %lld", cases[i].header.data, (long long)got.user_id);
        cr_expect(str_equal(got.consumer_key, str_of(cases[i].key)), "%s: %s", cases[i].header.data,
                  got.consumer_key.data);
        cr_expect_eq(got.consumer_key.data == NULL, cases[i].key == NULL, "%s", cases[i].header.data);
    }
}

/* Every cut of a good header is read without a guess: the user is the right one or none. */
Test(authorization, has_no_wrong_user_in_any_cut)
{
    for (size_t size = 0; size <= cases[0].header.size; size++) {
        char *exact = malloc(size + 1); /* so that the sanitizer sees a byte too many */
        cr_assert_not_null(exact);
        memcpy(exact, cases[0].header.data, size);
        char *cut = realloc(exact, size > 0 ? size : 1);
        struct authorization got;
        authorization_read((struct str){cut, size}, arena, &got);
        cr_expect(got.user_id == 0 || got.user_id == 6253282, "%.*s", (int)size, cut);
        free(cut);
    }
}

Test(authorization, takes_huge_headers)
{
    const size_t size = (size_t)8 * 1024 * 1024;
    static const char start[] = "OAuth oauth_token=\"6253282-";
    char *huge = malloc(size);
    struct authorization got;

    cr_assert_not_null(huge);
    memset(huge, 'a', size);
    memcpy(huge, start, strlen(start));
    authorization_read((struct str){huge, size}, arena, &got);
    cr_expect_eq(got.kind, OTHER);
    huge[size - 1] = '"';
    authorization_read((struct str){huge, size}, arena, &got);
    cr_expect_eq(got.user_id, 6253282);
    memcpy(huge, "OAuth oauth_token=\"6253282-a\",oauth_consumer_key=\"", 50);
    authorization_read((struct str){huge, size}, arena, &got);
    cr_expect_eq(got.user_id, 6253282);
    cr_expect_null(got.consumer_key.data, "longer than an event's app may be");
    cr_expect_lt(arena_used(arena), 1024);
    free(huge);
}
