/* SPDX-License-Identifier: MIT */
/* Names and values of HTTP heads, and the certificates that a server shows. */

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/http.h"

Test(http, names_have_no_case)
{
    cr_assert(http_is_name(STR("content-LENGTH"), STR("Content-Length")));
    cr_assert_not(http_is_name(STR("Content-Length "), STR("Content-Length")));
    cr_assert_not(http_is_name(STR(""), STR("Host")));
}

Test(http, hop_by_hop_fields)
{
    static const char *const names[] = {
        "Connection",         "keep-alive",         "TE", "trailer", "Upgrade", "PROXY-CONNECTION", "Transfer-Encoding",
        "Proxy-Authenticate", "Proxy-Authorization"};

    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        cr_assert(http_is_hop_by_hop(str_of(names[i])), "%s", names[i]);
    cr_assert_not(http_is_hop_by_hop(STR("Content-Encoding")));
    cr_assert_not(http_is_hop_by_hop(STR("Connections")));
}

Test(http, a_list_holds_names)
{
    cr_assert(http_list_holds(STR("close, X-Drop"), STR("x-drop")));
    cr_assert(http_list_holds(STR("\tX-Drop ,"), STR("X-Drop")));
    cr_assert_not(http_list_holds(STR("X-Dropped, Drop"), STR("X-Drop")));
    cr_assert_not(http_list_holds(STR(""), STR("X-Drop")));
}

Test(http, tokens)
{
    cr_assert(http_is_token(STR("X-Headroom_Label.1")));
    cr_assert_not(http_is_token(STR("")));
    cr_assert_not(http_is_token(STR("X Y")));
    cr_assert_not(http_is_token(STR("X:")));
    cr_assert_not(http_is_token(STR("X\0Y")));
    cr_assert_not(http_is_token(STR("caf\xC3\xA9")));
}

Test(http, values_and_targets)
{
    cr_assert(http_is_value(STR("a\tb \xC3\xA9 \xFF")));
    cr_assert(http_is_value(STR("")));
    cr_assert_not(http_is_value(STR("a\x01")));
    cr_assert_not(http_is_value(STR("a\0b")));
    cr_assert_not(http_is_value(STR("a\rb")));
    cr_assert_not(http_is_value(STR("\x7F")));
    cr_assert(http_is_target(STR("/a%2f%zz?x=%20&&y#\xFF")));
    cr_assert(http_is_target(STR("*")));
    cr_assert_not(http_is_target(STR("")));
    cr_assert_not(http_is_target(STR("/a b")));
    cr_assert_not(http_is_target(STR("/a\tb")));
}

Test(http, lengths_are_digits)
{
    static const char *const bad[] = {"", "+1", "-1", "1 ", " 1", "0x1", "1,1", "1.0", "9999999999999999999"};
    uint64_t length = 7;

    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        cr_assert_not(http_length(str_of(bad[i]), &length), "%s", bad[i]);
    cr_assert_eq(length, 7);
    cr_assert(http_length(STR("000123"), &length));
    cr_assert_eq(length, 123);
}

Test(http, dates)
{
    char date[HTTP_DATE_SIZE];

    cr_assert_str_eq(http_date(INT64_C(784111777) * 1000000 + 999999, date), "Sun, 06 Nov 1994 08:49:37 GMT");
    cr_assert_str_eq(http_date(INT64_C(1709164800) * 1000000, date), "Thu, 29 Feb 2024 00:00:00 GMT");
}

Test(http, errors_have_the_vendors_form)
{
    char *text = http_errors("a \"b\"\n");

    cr_assert_str_eq(text, "{\"errors\":[\"a \\\"b\\\"\\n\"]}");
    free(text);
}
