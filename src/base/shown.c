/* SPDX-License-Identifier: MIT */
/* Text from outside for a person's eyes: what would act instead of being seen is written out. */

#include <string.h>

#include "headroom/base.h"

/* By code point, in order (Unicode 15: Cc, and of Cf, Zl, Zp and the noncharacters what nobody sees). The joiners
 * U+200C and U+200D stay: Persian, the scripts of India and many emoji are written with them, and they move nothing. */
static const struct {
    uint32_t first, last;
} hidden[] = {
    {0x0000, 0x001F}, {0x007F, 0x009F}, {0x00AD, 0x00AD},   {0x061C, 0x061C},   {0x180E, 0x180E},
    {0x200B, 0x200B}, {0x200E, 0x200F}, {0x2028, 0x202E},   {0x2060, 0x206F},   {0xFEFF, 0xFEFF},
    {0xFFF9, 0xFFFB}, {0xFFFE, 0xFFFF}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE007F},
};

static bool is_hidden(uint32_t code)
{
    for (size_t i = 0; i < ARRAY_LENGTH(hidden) && code >= hidden[i].first; i++)
        if (code <= hidden[i].last)
            return true;
    return false;
}

/* Of a well-formed character. */
static uint32_t code_of(const unsigned char *bytes, size_t size)
{
    static const unsigned char masks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t code = bytes[0] & masks[size];

    for (size_t i = 1; i < size; i++)
        code = code << 6 | (bytes[i] & 0x3F);
    return code;
}

const char *shown_escape(struct str text, size_t *size, char escape[SHOWN_ESCAPE_SIZE])
{
    const unsigned char *bytes = (const unsigned char *)text.data;

    *size = 1;
    if (bytes[0] >= 0x20 && bytes[0] < 0x7F)
        return NULL;
    size_t character = str_character(text);
    if (character == 0) {
        snprintf(escape, SHOWN_ESCAPE_SIZE, "\\x%02X", bytes[0]);
        return escape;
    }
    *size = character;
    uint32_t code = code_of(bytes, character);
    if (!is_hidden(code))
        return NULL;
    if (code <= 0xFFFF)
        snprintf(escape, SHOWN_ESCAPE_SIZE, "\\u%04hX", (unsigned short)code);
    else
        snprintf(escape, SHOWN_ESCAPE_SIZE, "\\u%04hX\\u%04hX", (unsigned short)(0xD800 + ((code - 0x10000) >> 10)),
                 (unsigned short)(0xDC00 + (code & 0x3FF)));
    return escape;
}

char *shown_text(const char *text, const char *kept)
{
    char *shown = mem_alloc(strlen(text) * SHOWN_ESCAPE_SIZE + 1);
    char escape[SHOWN_ESCAPE_SIZE];
    struct str rest = str_of(text);
    size_t used = 0;

    for (size_t size; rest.size > 0; rest.data += size, rest.size -= size) {
        const char *other = shown_escape(rest, &size, escape);
        bool itself = other == NULL || strchr(kept, *rest.data) != NULL;
        size_t added = itself ? size : strlen(other);
        memcpy(shown + used, itself ? rest.data : other, added);
        used += added;
    }
    return shown;
}
