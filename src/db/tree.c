/* SPDX-License-Identifier: MIT */
/* Removes a folder with all that is in it. Goes by open folders and follows no link, because root may do this in a
 * folder that another user owns. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "db/internal.h"

#define DEEPEST 16 /* a data folder has 4 levels */

static bool remove_entry(int parent, const char *name, int depth);

static bool empty(int folder, int depth)
{
    DIR *list = fdopendir(folder);
    const struct dirent *entry;
    bool done = true;

    if (list == NULL) {
        close(folder);
        return false;
    }
    while (done && (entry = readdir(list)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            done = remove_entry(dirfd(list), entry->d_name, depth + 1);

    int reason = errno;
    closedir(list);
    errno = reason;
    return done;
}

static bool remove_entry(int parent, const char *name, int depth)
{
    int folder;

    if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
        return true;
    if (errno != EISDIR && errno != EPERM)
        return false;
    if (depth > DEEPEST) {
        errno = ELOOP;
        return false;
    }
    folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return folder >= 0 && empty(folder, depth) && unlinkat(parent, name, AT_REMOVEDIR) == 0;
}

bool db_remove_tree(int parent, const char *name, struct error *err)
{
    return remove_entry(parent, name, 0) ||
           fail(err, EXIT_COMMAND, "cannot remove %s, left from an attempt that was broken off: %s", name,
                strerror(errno));
}
