/* SPDX-License-Identifier: MIT */
/* Texts that a person gives on the command line and that are kept: held to the same as the fields of a line. */

#include <string.h>

#include "headroom/model.h"

#define FILE_NAME_MAX ((size_t)64 << 10) /* bytes: no system call takes so long a path */

static bool has_control_character(struct str text)
{
    for (size_t i = 0; i < text.size; i++) {
        if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7f)
            return true;
    }
    return false;
}

const char *given_text_fault(struct str text, size_t size_max)
{
    if (text.size == 0)
        return "is empty";
    if (text.size > size_max)
        return "is too long";
    if (!str_is_utf8(text))
        return "is not UTF-8";
    if (has_control_character(text))
        return "holds control characters";
    if (mask_refuses(text))
        return "holds what looks like a secret (a token, a signature or a cookie), and no secret is kept";
    return NULL;
}

/* Bytes that are no part of UTF-8, or that a terminal would act on, are written as \xNN. */
static struct str escape(struct arena *arena, struct str text)
{
    static const char digits[] = "0123456789abcdef";
    char *out = arena_alloc(arena, 4 * text.size + 1);
    size_t size = 0;
    bool whole = str_is_utf8(text);

    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte >= 0x20 && byte != 0x7f && (whole || byte < 0x80)) {
            out[size++] = text.data[i];
            continue;
        }
        out[size++] = '\\';
        out[size++] = 'x';
        out[size++] = digits[byte >> 4];
        out[size++] = digits[byte & 15];
    }
    out[size] = '\0';
    return (struct str){out, size};
}

struct str given_file_name(struct arena *arena, const char *path)
{
    struct buffer name;

    /* Folder by folder: a whole path often has the letters and digits of a token. */
    buffer_init(&name, FILE_NAME_MAX);
    for (const char *part = path;; part++) {
        size_t size = strcspn(part, "/");
        struct str shown = escape(arena, mask_secrets(arena, (struct str){part, size}));
        bool fits = buffer_add(&name, shown.data, shown.size);
        part += size;
        if (*part == '\0' || !fits || !buffer_add(&name, "/", 1))
            break;
    }
    struct str copy = arena_copy(arena, (struct str){name.data != NULL ? name.data : "", name.size});
    buffer_free(&name);
    return copy;
}

char *given_file_name_copy(const char *path)
{
    struct arena *arena = arena_new();
    char *copy = mem_text(given_file_name(arena, path).data);

    arena_free(arena);
    return copy;
}
