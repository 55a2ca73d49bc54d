/* SPDX-License-Identifier: MIT */
/* Deadlines and windows of the proxy. */

#include <criterion/criterion.h>
#include <string.h>

#include "gateway/proxy_limits.h"
#include "gateway/proxy_window.h"

static int passed;

static void count_one(void *owner)
{
    passed += *(int *)owner;
}

Test(deadline, they_end_in_the_order_of_beginning)
{
    int one = 1, ten = 10, hundred = 100;
    struct deadline_queue queue = {.span_us = 50, .passed = count_one};
    struct deadline a = {.owner = &one}, b = {.owner = &ten}, c = {.owner = &hundred};

    cr_assert_eq(deadline_next(&queue, 0), -1);
    deadline_set(&a, &queue, 0);
    deadline_set(&b, &queue, 10);
    deadline_set(&c, &queue, 20);
    cr_assert_eq(deadline_next(&queue, 5), 45);
    deadline_set(&a, &queue, 30); /* anew: now the last */
    deadline_clear(&b);
    deadline_clear(&b);
    deadline_look(&queue, 69);
    cr_assert_eq(passed, 0);
    deadline_look(&queue, 79);
    cr_assert_eq(passed, 100);
    deadline_look(&queue, 80);
    cr_assert_eq(passed, 101);
    cr_assert_eq(deadline_next(&queue, 80), -1);
}

Test(deadline, one_waits_in_one_queue)
{
    int one = 1;
    struct deadline_queue first = {.span_us = 5, .passed = count_one}, second = {.span_us = 9, .passed = count_one};
    struct deadline a = {.owner = &one};

    deadline_set(&a, &first, 0);
    deadline_set(&a, &second, 0);
    deadline_look(&first, 100);
    cr_assert_eq(passed, 0);
    deadline_look(&second, 100);
    cr_assert_eq(passed, 1);
}

Test(window, bytes_come_out_as_they_went_in)
{
    struct window window = {0};
    unsigned char in = 0, out = 0;
    char bytes[700];

    for (int turn = 0; turn < 200; turn++) {
        size_t size = (size_t)(turn * 37 % 700);
        for (size_t i = 0; i < size; i++)
            bytes[i] = (char)in++;
        window_add(&window, bytes, size);
        size_t taken = window_take(&window, bytes, (size_t)(turn * 53 % 700));
        for (size_t i = 0; i < taken; i++)
            cr_assert_eq((unsigned char)bytes[i], out++);
    }
    while (window.size > 0) {
        size_t taken = window_take(&window, bytes, sizeof(bytes));
        for (size_t i = 0; i < taken; i++)
            cr_assert_eq((unsigned char)bytes[i], out++);
    }
    cr_assert_eq(in, out);
    cr_assert_eq(window_take(&window, bytes, sizeof(bytes)), 0);
    window_free(&window);
}
