/* SPDX-License-Identifier: MIT */
/* Memory from the heap; when there is none the process ends, so that no caller needs a branch for it. */

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "headroom/base.h"

/* By _exit: nothing half-written is flushed, and the database takes back what was not committed. */
static _Noreturn void out_of_memory(void)
{
    static const char message[] = "headroom: out of memory; nothing that was not acknowledged is kept\n";
    ssize_t ignored = write(STDERR_FILENO, message, sizeof(message) - 1);

    (void)ignored;
    _exit(EXIT_COMMAND);
}

void *mem_alloc(size_t size)
{
    void *block = calloc(1, size > 0 ? size : 1);

    if (block == NULL)
        out_of_memory();
    return block;
}

void *mem_resize(void *block, size_t size)
{
    void *resized = realloc(block, size > 0 ? size : 1);

    if (resized == NULL)
        out_of_memory();
    return resized;
}

char *mem_text(const char *text)
{
    size_t size = strlen(text) + 1;

    return memcpy(mem_alloc(size), text, size);
}

char *mem_format(const char *format, ...)
{
    va_list arguments;
    char *text = NULL;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        out_of_memory();
    va_end(arguments);
    return text;
}
