/* SPDX-License-Identifier: MIT */
/* Reading reports from disk. Links are followed; what is neither JSON nor SQL is passed over. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/folder.h"

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

/* ---- folders ---- */

/* Whether the folder holds a report of this name. */
static bool is_report(const char *folder, const char *name)
{
    struct stat state;

    if (*name == '\0' || *name == '.' || strchr(name, '/') != NULL)
        return false;
    char *file = mem_format("%s/%s/" LAYOUT_FILE, folder, name);
    bool found = stat(file, &state) == 0 && S_ISREG(state.st_mode);
    free(file);
    return found;
}

MUST_CHECK static bool open_folder(const char *path, DIR **opened, struct error *err)
{
    *opened = opendir(path);
    return *opened != NULL || fail(err, EXIT_COMMAND, "can't read the folder %s: %s", path, strerror(errno));
}

static bool is_listed(const struct report_name *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i].name, name) == 0)
            return true;
    return false;
}

bool folder_list(const char *folder, struct arena *arena, struct report_name *names, size_t *count, struct error *err)
{
    DIR *opened;
    const struct dirent *entry;
    bool good = true;

    if (!open_folder(folder, &opened, err))
        return false;
    while (good && (entry = readdir(opened)) != NULL) {
        if (!is_report(folder, entry->d_name) || is_listed(names, *count, entry->d_name))
            continue;
        if (*count == FOLDER_REPORTS_MAX)
            good = fail(err, EXIT_COMMAND, "%s: more than %d reports", folder, FOLDER_REPORTS_MAX);
        else
            names[(*count)++] = (struct report_name){arena_copy(arena, str_of(entry->d_name)).data, folder};
    }
    closedir(opened);
    return good;
}

/* ---- files ---- */

/* As a text with a NUL behind it, without a byte order mark. */
MUST_CHECK static bool check_text(const char *path, char *bytes, size_t size, struct arena *arena, const char **text,
                                  struct error *err)
{
    size_t mark = strlen(BYTE_ORDER_MARK);
    struct str all = {bytes, size};

    if (size > FOLDER_FILE_SIZE)
        return fail(err, EXIT_COMMAND, "%s: larger than %d bytes", path, FOLDER_FILE_SIZE);
    if (!str_is_utf8(all))
        return fail(err, EXIT_COMMAND, "%s: it is not a text in UTF-8", path);
    if (size >= mark && memcmp(bytes, BYTE_ORDER_MARK, mark) == 0)
        all = (struct str){bytes + mark, size - mark};
    *text = arena_copy(arena, all).data;
    return true;
}

/* A pipe or a device could keep its reader waiting, so it is not opened for reading as a file is. */
MUST_CHECK static bool read_text(const char *path, struct arena *arena, const char **text, struct error *err)
{
    struct stat state;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    char *bytes = mem_alloc(FOLDER_FILE_SIZE + 1);
    size_t size = 0;
    ssize_t got = 0;

    if (fd >= 0 && (fstat(fd, &state) != 0 || !S_ISREG(state.st_mode))) {
        got = -1;
        errno = EINVAL;
    }
    while (fd >= 0 && got >= 0 && size <= FOLDER_FILE_SIZE &&
           (got = read(fd, bytes + size, FOLDER_FILE_SIZE + 1 - size)) > 0)
        size += (size_t)got;
    bool good = fd >= 0 && got >= 0;
    if (!good)
        (void)fail(err, EXIT_COMMAND, "can't read %s: %s", path,
                   errno == EINVAL ? "it is not a plain file" : strerror(errno));
    good = good && check_text(path, bytes, size, arena, text, err);
    if (fd >= 0)
        close(fd);
    free(bytes);
    return good;
}

static bool ends_with(const char *name, const char *suffix)
{
    size_t size = strlen(name);

    return size > strlen(suffix) && strcmp(name + size - strlen(suffix), suffix) == 0;
}

/* A statement is named without its suffix, as in what is built in. */
MUST_CHECK static bool add_file(const char *path, const char *leaf, struct arena *arena, struct embedded *file,
                                struct error *err)
{
    char *name = mem_format("%s/%s", path, leaf);
    size_t size = strlen(name) - (ends_with(leaf, ".sql") ? strlen(".sql") : 0);
    bool good = read_text(name, arena, &file->text, err);

    file->name = arena_copy(arena, (struct str){name, size}).data;
    free(name);
    return good;
}

MUST_CHECK static bool read_files(const char *path, DIR *opened, struct arena *arena, struct embedded *files,
                                  struct error *err)
{
    const struct dirent *entry;
    size_t count = 0;

    while ((entry = readdir(opened)) != NULL) {
        const char *leaf = entry->d_name;

        if (*leaf == '.' || (!ends_with(leaf, ".json") && !ends_with(leaf, ".sql")))
            continue;
        if (count == FOLDER_FILES_MAX)
            return fail(err, EXIT_COMMAND, "%s: more than %d files", path, FOLDER_FILES_MAX);
        if (!add_file(path, leaf, arena, &files[count++], err))
            return false;
    }
    return true;
}

bool folder_read(const char *folder, const char *name, struct arena *arena, const struct embedded **files,
                 struct error *err)
{
    struct embedded *list;
    DIR *opened;

    *files = NULL;
    /* A folder that can't be read at all has another message than one without the report. */
    if (!open_folder(folder, &opened, err))
        return false;
    closedir(opened);
    if (!is_report(folder, name))
        return true;

    char *path = mem_format("%s/%s", folder, name);
    list = arena_alloc(arena, (FOLDER_FILES_MAX + 1) * sizeof(*list));
    memset(list, 0, (FOLDER_FILES_MAX + 1) * sizeof(*list));
    bool good = open_folder(path, &opened, err);
    if (good) {
        good = read_files(path, opened, arena, list, err);
        closedir(opened);
    }
    free(path);
    *files = list;
    return good;
}
