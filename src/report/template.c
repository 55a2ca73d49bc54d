/* SPDX-License-Identifier: MIT */
/* Texts and formulas with references in braces. */

#include <string.h>

#include "report/template.h"

bool template_add(struct buffer *out, struct str text, struct error *err)
{
    if (buffer_add(out, text.data, text.size))
        return true;
    return fail(err, EXIT_COMMAND, "longer than %zu bytes when filled in; shorten it", out->ceiling);
}

/* The reference that begins behind an opening brace; at its closing one *next goes on. */
MUST_CHECK static bool find_reference(const char *open, struct str *reference, const char **next, struct error *err)
{
    size_t length = strcspn(open, "{}");

    if (open[length] != '}')
        return fail(err, EXIT_COMMAND, "a brace is not closed: {%.40s", open);
    *reference = (struct str){open, length};
    *next = open + length + 1;
    if (length == 0)
        return fail(err, EXIT_COMMAND, "empty braces: name what stands there");
    return true;
}

bool template_expand(const char *text, template_resolve_fn *resolve, void *context, struct buffer *out,
                     struct error *err)
{
    while (*text != '\0') {
        size_t plain = strcspn(text, "{}");
        struct str reference = {NULL, 0};

        if (!template_add(out, (struct str){text, plain}, err))
            return false;
        text += plain;
        if (*text == '\0')
            break;
        if (*text == '}')
            return fail(err, EXIT_COMMAND, "a closing brace without an opening one: %.40s", text);
        if (!find_reference(text + 1, &reference, &text, err))
            return false;
        if (!resolve(context, reference, out, err))
            return fail_within(err, "{%.*s}", (int)reference.size, reference.data);
    }
    return true;
}

bool template_split(struct str reference, struct str *before, struct str *after)
{
    const char *dot = reference.size > 0 ? memchr(reference.data, '.', reference.size) : NULL;

    if (dot == NULL)
        return false;
    *before = (struct str){reference.data, (size_t)(dot - reference.data)};
    *after = (struct str){dot + 1, reference.size - before->size - 1};
    return before->size > 0 && after->size > 0 && memchr(after->data, '.', after->size) == NULL;
}
