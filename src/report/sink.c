/* SPDX-License-Identifier: MIT */
/* Text on its way out, with its digest. */

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "report/sink.h"

void sink_begin(struct sink *sink, FILE *out, const char *name)
{
    *sink = (struct sink){.out = out, .name = name, .digest = digest_new(), .bytes = mem_alloc(SINK_SIZE)};
}

static void hand_on(struct sink *sink, struct str text)
{
    (void)fwrite(text.data, 1, text.size, sink->out);
    digest_add(sink->digest, text.data, text.size);
    sink->size += text.size;
}

static void empty(struct sink *sink)
{
    hand_on(sink, (struct str){sink->bytes, sink->used});
    sink->used = 0;
}

void sink_add(struct sink *sink, struct str text)
{
    if (text.size > SINK_SIZE - sink->used)
        empty(sink);
    if (text.size > SINK_SIZE) {
        hand_on(sink, text);
    } else if (text.size > 0) {
        memcpy(sink->bytes + sink->used, text.data, text.size);
        sink->used += text.size;
    }
}

void sink_text(struct sink *sink, const char *text)
{
    sink_add(sink, str_of(text));
}

void sink_format(struct sink *sink, const char *format, ...)
{
    va_list arguments;
    char *text = NULL;

    va_start(arguments, format);
    int size = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (size < 0)
        abort();
    sink_add(sink, (struct str){text, (size_t)size});
    free(text);
}

MUST_CHECK static bool fail_write(const struct sink *sink, struct error *err)
{
    return fail(err, EXIT_COMMAND, "can't write %s: %s", sink->name, errno != 0 ? strerror(errno) : "write error");
}

bool sink_good(const struct sink *sink, struct error *err)
{
    return !ferror(sink->out) || fail_write(sink, err);
}

bool sink_finish(struct sink *sink, char sha256[DIGEST_HEX_SIZE], struct error *err)
{
    unsigned char digest[DIGEST_SIZE];

    errno = 0;
    empty(sink);
    if (fflush(sink->out) != 0 || ferror(sink->out))
        return fail_write(sink, err);
    digest_peek(sink->digest, digest);
    digest_hex(digest, sha256);
    return true;
}

void sink_end(struct sink *sink)
{
    digest_free(sink->digest);
    free(sink->bytes);
    *sink = (struct sink){0};
}
