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
#define HELD_MAX  512 /* descriptors held of files that are not being read; a process may often have 1024 */

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
    free(file->name);
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

static void take_path(struct follow_file *file, const char *path)
{
    free(file->path);
    free(file->name);
    file->path = mem_text(path);
    file->name = given_file_name_copy(path);
}

static bool look_at(struct follow_files *files, size_t operand, const char *path, int64_t now_us)
{
    struct stat status;
    struct entry *entry = NULL;

    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return false;
    struct identity identity = {(uint64_t)status.st_dev, (uint64_t)status.st_ino};
    /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): all of identity has a value */
    HASH_FIND(hh, files->entries, &identity, sizeof(identity), entry);
    struct follow_file *file = entry != NULL ? &entry->file : add(files, operand, identity);
    file->is_named = true;
    file->unnamed_us = 0;
    if (file->path == NULL || strcmp(file->path, path) != 0)
        take_path(file, path);
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

    if (is_missing && !files->is_missing[operand]) {
        char *name = given_file_name_copy(text);
        log_note(is_pattern(text) ? "%s: matches no file yet; the first one will be taken in"
                                  : "%s: is not there yet; it will be taken in when it is",
                 name);
        free(name);
    }
    files->is_missing[operand] = is_missing;
}

static void look_at_unnamed(struct follow_file *file, int64_t now_us)
{
    struct stat status;

    if (file->unnamed_us == 0)
        file->unnamed_us = now_us;
    if (file->fd >= 0 && fstat(file->fd, &status) == 0)
        see(file, &status, now_us);
}

/* Of those that are held, named and read, the one that has not changed for longest; *held: how many are held. */
static struct follow_file *find_quietest(struct follow_files *files, size_t *held)
{
    struct follow_file *quietest = NULL;

    *held = 0;
    for (struct entry *entry = files->entries; entry != NULL; entry = entry->hh.next) {
        struct follow_file *file = &entry->file;
        if (file->fd < 0)
            continue;
        ++*held;
        if (file->is_named && file->pending_us == 0 && !file->is_open &&
            (quietest == NULL || file->changed_us < quietest->changed_us))
            quietest = file;
    }
    return quietest;
}

/* One that can't be opened says so when it is to be read. */
static void hold_changed(struct follow_files *files)
{
    struct error why;
    size_t held;
    struct follow_file *quietest = find_quietest(files, &held);

    for (struct entry *entry = files->entries; entry != NULL; entry = entry->hh.next) {
        struct follow_file *file = &entry->file;
        if (file->fd >= 0 || file->pending_us == 0 || !file->is_named)
            continue;
        if (held >= HELD_MAX && quietest == NULL)
            return;
        if (held >= HELD_MAX) {
            follow_file_let_go(quietest);
            quietest = find_quietest(files, &held);
        }
        held += follow_file_hold(file, &why) ? 1 : 0;
    }
}

void follow_files_look(struct follow_files *files, int64_t now_us)
{
    for (struct entry *entry = files->entries; entry != NULL; entry = entry->hh.next)
        entry->file.is_named = false;
    for (size_t i = 0; i < files->operand_count; i++)
        note_missing(files, i, !look_for(files, i, now_us));
    for (struct entry *entry = files->entries; entry != NULL; entry = entry->hh.next) {
        if (!entry->file.is_named)
            look_at_unnamed(&entry->file, now_us);
    }
    hold_changed(files);
}

/* ---- one file ---- */

bool follow_file_hold(struct follow_file *file, struct error *why)
{
    struct stat status;

    why->text[0] = '\0';
    if (file->fd >= 0)
        return true;
    file->fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (file->fd < 0)
        return errno != ENOENT && fail(why, EXIT_COMMAND, "%s: can't be opened: %s", file->name, strerror(errno));
    if (fstat(file->fd, &status) == 0 && (uint64_t)status.st_dev == file->device &&
        (uint64_t)status.st_ino == file->inode)
        return true;
    follow_file_let_go(file);
    return false;
}

void follow_file_close(struct follow_file *file)
{
    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): a file that was dropped is in no table any more */
    if (file->is_open)
        opened_close(&file->opened);
    file->is_open = false;
}

void follow_file_let_go(struct follow_file *file)
{
    follow_file_close(file);
    if (file->fd >= 0)
        close(file->fd);
    file->fd = -1;
}

/* Of the last bytes before the offset; false: they are not there. */
static bool digest_tail(const struct follow_file *file, uint64_t offset, unsigned char out[DIGEST_SIZE])
{
    size_t size = offset < TAIL_SIZE ? (size_t)offset : TAIL_SIZE;
    char *bytes = mem_alloc(size + 1);
    ssize_t got = pread(file->fd, bytes, size, (off_t)(offset - size));

    if (got == (ssize_t)size)
        digest_of(bytes, size, out);
    free(bytes);
    return got == (ssize_t)size;
}

bool follow_file_has_tail(const struct follow_file *file)
{
    unsigned char tail[DIGEST_SIZE];

    return digest_tail(file, file->offset, tail) && memcmp(tail, file->tail, DIGEST_SIZE) == 0;
}

/* The new tail is looked at first: had the file been cut off and begun anew by then, the old one is gone. */
bool follow_file_advance(struct follow_file *file, uint64_t offset)
{
    unsigned char tail[DIGEST_SIZE] = {0}; /* cut off already: nothing will be found to equal it */
    bool found = digest_tail(file, offset, tail);
    bool is_same = follow_file_has_tail(file);

    if (!found)
        memset(tail, 0, sizeof(tail));
    memcpy(file->tail, tail, sizeof(tail));
    file->offset = offset;
    return is_same;
}

void follow_file_forget_tail(struct follow_file *file)
{
    file->offset = 0;
    digest_of("", 0, file->tail);
}

/* One document may have no line end at all. */
static bool is_whole_json(const struct follow_file *file, char first)
{
    char last = '\0';

    return (first == '[' || first == '{') && pread(file->fd, &last, 1, (off_t)file->size - 1) == 1 &&
           last == (first == '[' ? ']' : '}');
}

bool follow_file_has_line(const struct follow_file *file)
{
    char *head = mem_alloc(HEAD_SIZE);
    ssize_t got = pread(file->fd, head, HEAD_SIZE, 0);
    bool found = got == (ssize_t)HEAD_SIZE ||
                 (got > 0 && (memchr(head, '\n', (size_t)got) != NULL || is_whole_json(file, head[0])));

    free(head);
    return found;
}

bool follow_file_is_gzip(const struct follow_file *file)
{
    char magic[2];

    return pread(file->fd, magic, sizeof(magic), 0) == sizeof(magic) && memcmp(magic, "\x1f\x8b", 2) == 0;
}
