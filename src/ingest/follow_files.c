/* SPDX-License-Identifier: MIT */
/* Names and patterns to files, by stat alone. */

#include "ingest/follow_files.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uthash.h>

#define TAIL_SIZE ((size_t)64 << 10)
#define HEAD_SIZE ((size_t)64 << 10)

struct identity {
    uint64_t device, inode;
};

struct entry {
    struct follow_file file; /* first: a file is its entry */
    struct identity identity;
    UT_hash_handle hh;
};

struct follow_files {
    const char *const *operands;
    size_t operand_count;
    bool *is_missing; /* by operand: it was said that it leads nowhere */
    struct entry *entries;
};

struct follow_files *follow_files_new(const char *const *operands, size_t count)
{
    struct follow_files *files = mem_alloc(sizeof(*files));

    files->operands = operands;
    files->operand_count = count;
    files->is_missing = mem_alloc((count + 1) * sizeof(bool));
    return files;
}

static struct entry *entry_of(const struct follow_file *file)
{
    return (struct entry *)(uintptr_t)file;
}

void follow_files_drop(struct follow_files *files, struct follow_file *file)
{
    follow_file_let_go(file);
    HASH_DEL(files->entries, entry_of(file));
    free(file->path);
    free(entry_of(file));
}

void follow_files_free(struct follow_files *files)
{
    if (files == NULL)
        return;
    while (files->entries != NULL)
        follow_files_drop(files, &files->entries->file);
    free(files->is_missing);
    free(files);
}

struct follow_file *follow_files_next(struct follow_files *files, const struct follow_file *before)
{
    struct entry *next = before == NULL ? files->entries : entry_of(before)->hh.next;
    return next == NULL ? NULL : &next->file;
}

/* ---- looking ---- */

static void see(struct follow_file *file, const struct stat *status, int64_t now_us)
{
    int64_t modified = (int64_t)status->st_mtim.tv_sec * 1000000000 + status->st_mtim.tv_nsec;

    file->deleted = status->st_nlink == 0;
    if (file->size == (uint64_t)status->st_size && file->modified_ns == modified)
        return;
    file->size = (uint64_t)status->st_size;
    file->modified_ns = modified;
    file->changed_us = now_us;
    if (file->pending_us == 0)
        file->pending_us = now_us;
}

static struct follow_file *add(struct follow_files *files, size_t operand, struct identity identity)
{
    struct entry *entry = mem_alloc(sizeof(*entry));

    entry->identity = identity;
    entry->file = (struct follow_file){
        .operand = operand,
        .device = identity.device,
        .inode = identity.inode,
        .fd = -1,
        .modified_ns = -1,
    };
    HASH_ADD(hh, files->entries, identity, sizeof(identity), entry);
    return &entry->file;
}

static bool look_at(struct follow_files *files, size_t operand, const char *path, int64_t now_us)
{
    struct stat status;
    struct entry *entry = NULL;

    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return false;
    struct identity identity = {(uint64_t)status.st_dev, (uint64_t)status.st_ino};
    HASH_FIND(hh, files->entries, &identity, sizeof(identity), entry);
    struct follow_file *file = entry != NULL ? &entry->file : add(files, operand, identity);
    file->is_named = true;
    if (file->path == NULL || strcmp(file->path, path) != 0) {
        free(file->path);
        file->path = mem_text(path);
        file->opened.file = file->path;
    }
    see(file, &status, now_us);
    return true;
}

static bool is_pattern(const char *operand)
{
    return strpbrk(operand, "*?[") != NULL;
}

/* A name with such a character in it that is there is a name. */
static bool look_for(struct follow_files *files, size_t operand, int64_t now_us)
{
    const char *text = files->operands[operand];
    glob_t found = {0};
    bool any = look_at(files, operand, text, now_us);

    if (any || !is_pattern(text) || glob(text, 0, NULL, &found) != 0)
        return any;
    for (size_t i = 0; i < found.gl_pathc; i++)
        any |= look_at(files, operand, found.gl_pathv[i], now_us);
    globfree(&found);
    return any;
}

static void note_missing(struct follow_files *files, size_t operand, bool is_missing)
{
    const char *text = files->operands[operand];

    if (is_missing && !files->is_missing[operand])
        log_note(is_pattern(text) ? "%s: matches no file yet; the first one will be taken in"
                                  : "%s: is not there yet; it will be taken in when it is",
                 text);
    files->is_missing[operand] = is_missing;
}

void follow_files_look(struct follow_files *files, int64_t now_us)
{
    struct stat status;

    for (struct entry *entry = files->entries; entry != NULL; entry = entry->hh.next)
        entry->file.is_named = false;
    for (size_t i = 0; i < files->operand_count; i++)
        note_missing(files, i, !look_for(files, i, now_us));
    for (struct entry *entry = files->entries; entry != NULL; entry = entry->hh.next) {
        if (!entry->file.is_named && entry->file.fd >= 0 && fstat(entry->file.fd, &status) == 0)
            see(&entry->file, &status, now_us);
    }
}

/* ---- one file ---- */

bool follow_file_open(struct follow_file *file, struct error *why)
{
    struct stat status;

    why->text[0] = '\0';
    if (file->fd >= 0)
        return true;
    file->fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (file->fd < 0)
        return errno != ENOENT && fail(why, EXIT_COMMAND, "%s: can't be opened: %s", file->path, strerror(errno));
    if (fstat(file->fd, &status) == 0 && (uint64_t)status.st_dev == file->device &&
        (uint64_t)status.st_ino == file->inode)
        return true;
    follow_file_let_go(file);
    return false;
}

void follow_file_let_go(struct follow_file *file)
{
    if (file->is_open)
        opened_close(&file->opened);
    file->is_open = false;
    if (file->fd >= 0)
        close(file->fd);
    file->fd = -1;
}

/* Of the last bytes before the offset; false: they are not there. */
static bool digest_tail(const struct follow_file *file, unsigned char out[DIGEST_SIZE])
{
    size_t size = file->offset < TAIL_SIZE ? (size_t)file->offset : TAIL_SIZE;
    char *bytes = mem_alloc(size + 1);
    ssize_t got = pread(file->fd, bytes, size, (off_t)(file->offset - size));

    if (got == (ssize_t)size)
        digest_of(bytes, size, out);
    free(bytes);
    return got == (ssize_t)size;
}

void follow_file_note_tail(struct follow_file *file)
{
    if (!digest_tail(file, file->tail))
        memset(file->tail, 0, sizeof(file->tail)); /* cut off already: nothing will be found to equal it */
}

bool follow_file_has_tail(const struct follow_file *file)
{
    unsigned char tail[DIGEST_SIZE];

    return digest_tail(file, tail) && memcmp(tail, file->tail, DIGEST_SIZE) == 0;
}

bool follow_file_has_line(const struct follow_file *file)
{
    char *head = mem_alloc(HEAD_SIZE);
    ssize_t got = pread(file->fd, head, HEAD_SIZE, 0);
    bool found = got == (ssize_t)HEAD_SIZE || (got > 0 && memchr(head, '\n', (size_t)got) != NULL);

    free(head);
    return found;
}

bool follow_file_is_gzip(const struct follow_file *file)
{
    char magic[2];

    return pread(file->fd, magic, sizeof(magic), 0) == sizeof(magic) && memcmp(magic, "\x1f\x8b", 2) == 0;
}
