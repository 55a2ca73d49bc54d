/* SPDX-License-Identifier: MIT */
/* Tells UTF-16 and UTF-32 by the first four bytes. */
#include "ingest/encoding.h"

#include <string.h>

#define LOOKED_AT 4

/* What a byte has to be. Logs, headers and JSON begin with ASCII, which leaves the other bytes of a unit NUL. */
static const struct {
    char pattern[LOOKED_AT + 1]; /* 'f': FF, 'e': FE, '0': NUL, 'a': ASCII but NUL, '.': any */
    const char *name;            /* for iconv, too: with a BOM it finds the order of bytes by itself */
} encodings[] = {
    {"fe00", "UTF-32"},   {"00ef", "UTF-32"},   {"fe..", "UTF-16"},   {"ef..", "UTF-16"},
    {"a000", "UTF-32LE"}, {"000a", "UTF-32BE"}, {"a0a0", "UTF-16LE"}, {"0a0a", "UTF-16BE"},
};

static bool byte_is(unsigned char byte, char wanted)
{
    switch (wanted) {
    case 'f':
        return byte == 0xFF;
    case 'e':
        return byte == 0xFE;
    case '0':
        return byte == 0;
    case 'a':
        return byte > 0 && byte < 0x80;
    default:
        return true;
    }
}

static bool is_like(struct str head, const char *pattern)
{
    for (size_t i = 0; i < LOOKED_AT; i++) {
        if (i < head.size ? !byte_is((unsigned char)head.data[i], pattern[i]) : pattern[i] != '.')
            return false;
    }
    return true;
}

bool encoding_check(struct records *records, struct error *err)
{
    const char *name = input_name(records_input(records));
    bool is_file = input_file(records_input(records), &(struct input_file){0});
    struct str head;

    if (input_is_piece(records_input(records)))
        return true;
    if (!records_head(records, LOOKED_AT, &head, err))
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(encodings); i++) {
        if (is_like(head, encodings[i].pattern))
            return fail(err, EXIT_COMMAND,
                        "%s: is %s text, and UTF-8 is taken; convert it: iconv -f %s -t UTF-8 %s >NEW", name,
                        encodings[i].name, encodings[i].name, is_file ? name : "<FILE");
    }
    return true;
}
