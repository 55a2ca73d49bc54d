/* SPDX-License-Identifier: MIT */
/* Borrowed pieces of text: comparing, trimming, UTF-8 and whole numbers. */

#include <string.h>

#include "headroom/base.h"

struct str str_of(const char *text)
{
    return (struct str){text, text != NULL ? strlen(text) : 0};
}

bool str_equal(struct str a, struct str b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

int str_compare(struct str a, struct str b)
{
    size_t shorter = a.size < b.size ? a.size : b.size;
    int order = shorter > 0 ? memcmp(a.data, b.data, shorter) : 0;

    if (order != 0)
        return order;
    return (a.size > b.size) - (a.size < b.size);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct str str_trim(struct str s)
{
    while (s.size > 0 && is_blank(s.data[0])) {
        s.data++;
        s.size--;
    }
    while (s.size > 0 && is_blank(s.data[s.size - 1]))
        s.size--;
    return s;
}

/* Bytes of plain ASCII without NUL at the start, eight at a time: almost all input is nothing else. */
static size_t ascii_prefix(const char *data, size_t size)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t tops = UINT64_C(0x8080808080808080);
    size_t at = 0;

    while (size - at >= 8) {
        uint64_t word;
        memcpy(&word, data + at, sizeof(word));
        if (((word | (word - ones)) & tops) != 0)
            break;
        at += 8;
    }
    return at;
}

/* The size of the well-formed character at the start of bytes, 0 when there is none (RFC 3629, section 4). */
static size_t character_size(const unsigned char *bytes, size_t size)
{
    unsigned char low = 0x80, high = 0xBF; /* what the second byte may be: no overlong form, no surrogate */
    unsigned char lead = bytes[0];

    if (lead < 0x80)
        return lead != 0;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;

    size_t needed = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead == 0xE0)
        low = 0xA0;
    else if (lead == 0xED)
        high = 0x9F;
    else if (lead == 0xF0)
        low = 0x90;
    else if (lead == 0xF4)
        high = 0x8F;
    if (size < needed || bytes[1] < low || bytes[1] > high)
        return 0;
    for (size_t i = 2; i < needed; i++)
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
    return needed;
}

size_t str_character(struct str s)
{
    return character_size((const unsigned char *)s.data, s.size);
}

bool str_is_utf8(struct str s)
{
    size_t at = 0;

    while (at < s.size) {
        at += ascii_prefix(s.data + at, s.size - at);
        if (at == s.size)
            break;
        size_t step = character_size((const unsigned char *)s.data + at, s.size - at);
        if (step == 0)
            return false;
        at += step;
    }
    return true;
}

bool str_to_int64(struct str s, int64_t min, int64_t max, int64_t *value)
{
    bool negative = s.size > 0 && s.data[0] == '-' && min < 0;
    int64_t sum = 0; /* kept negative: INT64_MIN has no positive counterpart */
    size_t at = negative ? 1 : 0;

    if (at == s.size)
        return false;
    for (; at < s.size; at++) {
        int digit = s.data[at] - '0';
        if (digit < 0 || digit > 9)
            return false;
        if (__builtin_mul_overflow(sum, 10, &sum) || __builtin_sub_overflow(sum, digit, &sum))
            return false;
    }
    if (!negative && __builtin_sub_overflow(0, sum, &sum))
        return false;
    if (sum < min || sum > max)
        return false;
    *value = sum;
    return true;
}
