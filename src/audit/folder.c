/* SPDX-License-Identifier: MIT */
/* Writes a folder beside its name and renames it when it is whole. */

#include "audit/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUMS_MAX ((size_t)64 << 10)

static bool cannot(const struct folder *folder, struct error *err)
{
    return fail(err, EXIT_COMMAND, "can't write %s: %s", folder->target, strerror(errno));
}

bool folder_begin(struct folder *folder, const char *target, struct error *err)
{
    struct stat state;
    size_t size = strlen(target);

    while (size > 1 && target[size - 1] == '/')
        size--;
    *folder = (struct folder){.target = mem_format("%.*s", (int)size, target), .files = json_array()};
    buffer_init(&folder->sums, SUMS_MAX);
    if (size == 0 || lstat(folder->target, &state) == 0)
        return fail(err, EXIT_COMMAND, "can't write %s: it is there already; -o names a new folder", folder->target);
    folder->path = mem_format("%s.headroom-XXXXXX", folder->target);
    if (mkdtemp(folder->path) != NULL)
        return true;
    free(folder->path);
    folder->path = NULL;
    return cannot(folder, err);
}

FILE *folder_open(struct folder *folder, const char *name, struct error *err)
{
    char *path = mem_format("%s/%s", folder->path, name);
    FILE *file = fopen(path, "wbxe");

    free(path);
    if (file == NULL)
        (void)cannot(folder, err);
    return file;
}

bool folder_digest(const char *path, char sha256[DIGEST_HEX_SIZE], struct error *err)
{
    char bytes[65536];
    unsigned char found[DIGEST_SIZE];
    size_t size;
    FILE *in = fopen(path, "rbe");

    if (in == NULL)
        return fail(err, EXIT_COMMAND, "can't read %s: %s", path, strerror(errno));
    struct digest *digest = digest_new();
    while ((size = fread(bytes, 1, sizeof bytes, in)) > 0)
        digest_add(digest, bytes, size);
    bool done = ferror(in) == 0 || fail(err, EXIT_COMMAND, "can't read %s: %s", path, strerror(errno));
    digest_peek(digest, found);
    digest_hex(found, sha256);
    digest_free(digest);
    (void)fclose(in);
    return done;
}

static bool add_sum(struct folder *folder, const char *name, struct error *err)
{
    char sha256[DIGEST_HEX_SIZE] = "";
    struct stat state;
    char *path = mem_format("%s/%s", folder->path, name);
    json_t *object = json_object();
    bool done = stat(path, &state) == 0 ? folder_digest(path, sha256, err) : cannot(folder, err);

    done = done && (buffer_format(&folder->sums, "%s  %s\n", sha256, name) ||
                    fail(err, EXIT_COMMAND, "%s has too many files", folder->target));
    (void)json_object_set_new(object, "name", json_string(name));
    (void)json_object_set_new(object, "bytes", json_integer(done ? state.st_size : 0));
    (void)json_object_set_new(object, "sha256", json_string(sha256));
    (void)json_array_append_new(folder->files, object);
    free(path);
    return done;
}

bool folder_close(struct folder *folder, FILE *file, const char *name, struct error *err)
{
    bool good = ferror(file) == 0 && fflush(file) == 0 && fsync(fileno(file)) == 0;
    int reason = errno;

    if (fclose(file) != 0 || !good) {
        errno = good ? errno : reason;
        return cannot(folder, err);
    }
    return add_sum(folder, name, err);
}

bool folder_write(struct folder *folder, const char *name, const char *text, struct error *err)
{
    FILE *file = folder_open(folder, name, err);

    if (file == NULL)
        return false;
    (void)fputs(text, file);
    return folder_close(folder, file, name, err);
}

bool folder_finish(struct folder *folder, struct error *err)
{
    char *sums = mem_format("%s", folder->sums.data);
    bool done = folder_write(folder, "SHA256SUMS", sums, err);

    free(sums);
    if (!done)
        return false;
    if (chmod(folder->path, 0755) != 0 || rename(folder->path, folder->target) != 0)
        return cannot(folder, err);
    free(folder->path);
    folder->path = NULL;
    return true;
}

static void remove_written(const char *path)
{
    DIR *dir = opendir(path);

    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            (void)unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir != NULL)
        (void)closedir(dir);
    if (rmdir(path) != 0)
        log_warning("can't remove %s: %s", path, strerror(errno));
}

void folder_end(struct folder *folder)
{
    if (folder->path != NULL)
        remove_written(folder->path);
    free(folder->path);
    free(folder->target);
    buffer_free(&folder->sums);
    json_decref(folder->files);
    *folder = (struct folder){0};
}
