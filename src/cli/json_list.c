/* SPDX-License-Identifier: MIT */
/* A JSON array that waits in a temporary file until it is whole. */

#include "cli/json_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output.h"

struct json_list {
    FILE *file;
    bool filled;
};

static bool lost(struct error *err)
{
    return fail(err, EXIT_COMMAND, "cannot write the temporary file of the list: %s", strerror(errno));
}

bool json_list_new(struct json_list **list, struct error *err)
{
    FILE *file = tmpfile();
    if (file == NULL)
        return fail(err, EXIT_COMMAND, "cannot make a temporary file for the list in /tmp: %s; make room there",
                    strerror(errno));
    *list = mem_alloc(sizeof **list);
    (*list)->file = file;
    return true;
}

void json_list_free(struct json_list *list)
{
    if (list == NULL)
        return;
    (void)fclose(list->file);
    free(list);
}

bool json_list_add(struct json_list *list, json_t *element, struct error *err)
{
    bool written =
        fputs(list->filled ? ",\n" : "[\n", list->file) != EOF && output_json(element, JSON_COMPACT, list->file);
    json_decref(element);
    list->filled = true;
    return written || lost(err);
}

static bool copy_out(FILE *from, struct error *err)
{
    char bytes[65536];
    size_t size;
    rewind(from);
    while ((size = fread(bytes, 1, sizeof bytes, from)) > 0)
        if (fwrite(bytes, 1, size, stdout) != size)
            return output_ok(stdout, err);
    return ferror(from) == 0 || lost(err);
}

bool json_list_print(struct json_list *list, struct error *err)
{
    if (fputs(list->filled ? "\n]\n" : "[]\n", list->file) == EOF || fflush(list->file) != 0)
        return lost(err);
    return copy_out(list->file, err);
}
