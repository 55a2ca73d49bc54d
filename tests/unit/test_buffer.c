/* SPDX-License-Identifier: MIT */
/* Buffers: growing, the ceiling, and that what is refused changes nothing. */

#include <criterion/criterion.h>
#include <string.h>

#include "headroom/base.h"

Test(buffer, grows_and_ends_with_nul)
{
    struct buffer buffer;

    buffer_init(&buffer, 100000);
    cr_assert_null(buffer.data);
    cr_assert(buffer_add(&buffer, NULL, 0));
    cr_assert_str_eq(buffer.data, "");
    for (int i = 0; i < 10000; i++)
        cr_assert(buffer_add(&buffer, "0123456789", 10));
    cr_assert_eq(buffer.size, 100000);
    cr_assert_eq(strlen(buffer.data), 100000);
    buffer_free(&buffer);
    cr_assert_null(buffer.data);
    cr_assert_eq(buffer.size, 0);
    cr_assert_eq(buffer.ceiling, 100000);
}

Test(buffer, refuses_what_is_over_its_ceiling)
{
    struct buffer buffer;

    buffer_init(&buffer, 5);
    cr_assert(buffer_add(&buffer, "abc", 3));
    cr_assert_not(buffer_add(&buffer, "def", 3));
    cr_assert_not(buffer_add(&buffer, "def", SIZE_MAX));
    cr_assert_not(buffer_format(&buffer, "%s", "def"));
    cr_assert_str_eq(buffer.data, "abc");
    cr_assert(buffer_format(&buffer, "%d", 42));
    cr_assert_str_eq(buffer.data, "abc42");
    cr_assert_not(buffer_add(&buffer, "x", 1));
    buffer_clear(&buffer);
    cr_assert_str_eq(buffer.data, "");
    cr_assert(buffer_add(&buffer, "12345", 5));
    buffer_free(&buffer);
}

Test(buffer, holds_no_more_memory_than_its_ceiling)
{
    struct buffer buffer;

    buffer_init(&buffer, 300);
    for (int i = 0; i < 300; i++)
        cr_assert(buffer_add(&buffer, "x", 1));
    cr_assert_leq(buffer.capacity, 301);
    buffer_free(&buffer);
    buffer_init(&buffer, 0);
    cr_assert_not(buffer_add(&buffer, "x", 1));
    buffer_clear(&buffer);
    cr_assert_null(buffer.data);
}
