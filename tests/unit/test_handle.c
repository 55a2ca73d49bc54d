/* SPDX-License-Identifier: MIT */
/* What a handle is. */

#include <criterion/criterion.h>

#include "headroom/model.h"

static const struct {
    struct str text;
    const char *normal; /* NULL: none */
} handles[] = {
    {{"TwitterDev", 10}, "twitterdev"},
    {{"@TwitterDev", 11}, "twitterdev"},
    {{"a", 1}, "a"},
    {{"@_", 2}, "_"},
    {{"12345", 5}, "12345"},
    {{"ABCDEFGHIJ0123456789", 20}, "abcdefghij0123456789"},
    {{"@ABCDEFGHIJ0123456789", 21}, "abcdefghij0123456789"},
    {{"azAZ09_", 7}, "azaz09_"},
    {{"ABCDEFGHIJ01234567890", 21}, NULL},
    {{"@ABCDEFGHIJ01234567890", 22}, NULL},
    {{NULL, 0}, NULL},
    {{"", 0}, NULL},
    {{"@", 1}, NULL},
    {{"@@a", 3}, NULL},
    {{"a@", 2}, NULL},
    {{" a", 2}, NULL},
    {{"a ", 2}, NULL},
    {{"a-b", 3}, NULL},
    {{"a.b", 3}, NULL},
    {{"=a", 2}, NULL},
    {{"a\0", 2}, NULL},
    {{"\xC3\xA9", 2}, NULL},
    {{"\xEF\xBC\xA1", 3}, NULL}, /* a full-width A */
    {{"[", 1}, NULL},            /* beside Z, a, 0 and 9 */
    {{"`", 1}, NULL},
    {{"{", 1}, NULL},
    {{"/", 1}, NULL},
    {{":", 1}, NULL},
};

Test(handle, normalise)
{
    for (size_t i = 0; i < ARRAY_LENGTH(handles); i++) {
        char out[HANDLE_MAX + 1] = "";
        bool good = handle_normalise(handles[i].text, out);
        cr_expect_eq(good, handles[i].normal != NULL, "case %zu", i);
        if (good && handles[i].normal != NULL)
            cr_expect_str_eq(out, handles[i].normal);
    }
}
