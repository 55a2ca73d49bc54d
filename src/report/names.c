/* SPDX-License-Identifier: MIT */
/* Which reports there are, and opening one by its name. */

#include <stdlib.h>
#include <string.h>

#include "embedded.h"
#include "report/folder.h"
#include "report/known.h"

static size_t built_in(struct arena *arena, struct report_name *names)
{
    size_t count = 0;

    for (const struct embedded *file = embedded_reports; file->name != NULL; file++) {
        const char *slash = strchr(file->name, '/');
        struct str name = {file->name, slash != NULL ? (size_t)(slash - file->name) : 0};

        if (slash != NULL && strcmp(slash + 1, LAYOUT_FILE) == 0 && count < FOLDER_REPORTS_MAX)
            names[count++] = (struct report_name){arena_copy(arena, name).data, NULL};
    }
    return count;
}

static int compare_names(const void *a, const void *b)
{
    const struct report_name *left = a;
    const struct report_name *right = b;

    return strcmp(left->name, right->name);
}

/* The user's first: one of the same name stands for the built-in one. */
bool report_list(const char *folder, struct arena *arena, const struct report_name **names, size_t *count,
                 struct error *err)
{
    struct report_name *all = arena_alloc(arena, 2 * FOLDER_REPORTS_MAX * sizeof(*all));
    struct report_name own[FOLDER_REPORTS_MAX];
    size_t own_count = built_in(arena, own);

    *count = 0;
    *names = all;
    if (folder != NULL && !folder_list(folder, arena, all, count, err))
        return false;

    size_t theirs = *count;
    for (size_t i = 0; i < own_count; i++) {
        bool hidden = false;

        for (size_t j = 0; j < theirs; j++)
            hidden = hidden || strcmp(all[j].name, own[i].name) == 0;
        if (!hidden)
            all[(*count)++] = own[i];
    }
    qsort(all, *count, sizeof(*all), compare_names);
    return true;
}

MUST_CHECK static bool fail_unknown(const char *folder, const char *name, struct error *err)
{
    struct arena *arena = arena_new();
    const struct report_name *names;
    char known[600] = "";
    size_t count;

    if (report_list(folder, arena, &names, &count, err)) {
        for (size_t i = 0; i < count; i++)
            known_add(known, sizeof(known), names[i].name);
        (void)fail(err, EXIT_USAGE, "there is no report \"%s\"; known: %s", name, known);
    }
    arena_free(arena);
    return false;
}

static bool is_built_in(const char *name)
{
    size_t size = strlen(name);

    for (const struct embedded *file = embedded_reports; file->name != NULL; file++)
        if (strncmp(file->name, name, size) == 0 && strcmp(file->name + size, "/" LAYOUT_FILE) == 0)
            return true;
    return false;
}

MUST_CHECK static bool open_own(const char *folder, const char *name, struct report **report, struct error *err)
{
    struct arena *arena = arena_new();
    const struct embedded *files;
    bool good = folder_read(folder, name, arena, &files, err);

    if (good && files != NULL) {
        char *path = mem_format("%s/%s", folder, name);

        good = report_read(files, path, report, err);
        free(path);
    }
    arena_free(arena);
    return good;
}

bool report_open(const char *folder, const char *name, struct report **report, struct error *err)
{
    *report = NULL;
    if (folder != NULL && !open_own(folder, name, report, err))
        return false;
    if (*report != NULL)
        return true;
    if (is_built_in(name))
        return report_read(embedded_reports, name, report, err);
    return fail_unknown(folder, name, err);
}

/* What is built in has no folder before its name. */
bool report_is_own(const struct report *report)
{
    return report->path != report->name;
}
