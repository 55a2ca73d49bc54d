/* SPDX-License-Identifier: MIT */
/* A backup's manifest: what was backed up, and the digest of each file. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/internal.h"

#define MANIFEST_FORMAT 1

static bool digest_named(int folder, const char *name, char hex[DIGEST_HEX_SIZE])
{
    unsigned char sum[DIGEST_SIZE];
    uint64_t size;
    int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    bool done = file >= 0 && digest_file(file, sum, &size);

    if (done)
        digest_hex(sum, hex);
    if (file >= 0)
        close(file);
    return done;
}

bool db_manifest_digest(const char *folder, json_t **files, struct error *err)
{
    char *path = mem_format("%s/" BACKUP_DUMP, folder);
    DIR *list = opendir(path);
    const struct dirent *entry;
    char hex[DIGEST_HEX_SIZE];
    bool done = list != NULL;

    *files = json_object();
    if (list == NULL)
        fail(err, EXIT_COMMAND, "cannot read %s: %s", path, strerror(errno));
    while (done && (entry = readdir(list)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (!digest_named(dirfd(list), entry->d_name, hex))
            done = fail(err, EXIT_COMMAND, "cannot read %s/%s: %s", path, entry->d_name, strerror(errno));
        else if (json_object_set_new(*files, entry->d_name, json_string(hex)) != 0)
            done = fail(err, EXIT_COMMAND, "%s/%s has a name that is no UTF-8", path, entry->d_name);
    }
    if (list != NULL)
        closedir(list);
    free(path);
    return done;
}

static bool write_text(const char *path, const char *text, struct error *err)
{
    FILE *file = fopen(path, "wxe");
    bool done = file != NULL && fputs(text, file) >= 0 && fputc('\n', file) >= 0 && fflush(file) == 0 &&
                fsync(fileno(file)) == 0;

    if (!done)
        fail(err, EXIT_COMMAND, "cannot write %s: %s", path, strerror(errno));
    if (file != NULL)
        fclose(file);
    return done;
}

bool db_manifest_write(const char *folder, const struct manifest *manifest, struct error *err)
{
    const struct db_backup_summary *summary = &manifest->summary;
    char *path = mem_format("%s/" BACKUP_MANIFEST, folder);
    json_t *document =
        json_pack("{s:i, s:s, s:s, s:I, s:I, s:I, s:I, s:s, s:i, s:i, s:O}", "format", MANIFEST_FORMAT, "taken_at",
                  summary->taken_at, "chain_head", summary->chain_head, "chain_length",
                  (json_int_t)summary->chain_length, "contracts", (json_int_t)summary->contracts, "batches",
                  (json_int_t)summary->batches, "events", (json_int_t)summary->events, "program", HEADROOM_VERSION,
                  "schema", manifest->schema, "postgresql", manifest->server, "files", manifest->files);
    char *text = json_dumps(document, JSON_INDENT(2) | JSON_SORT_KEYS);
    bool done = text != NULL && write_text(path, text, err);

    free(text);
    json_decref(document);
    free(path);
    return done;
}

/* Takes the values; false when one is missing or of another type. */
static bool unpack(json_t *document, struct manifest *manifest)
{
    struct db_backup_summary *summary = &manifest->summary;
    const char *taken_at = NULL;
    const char *chain_head = NULL;
    json_int_t counts[4];

    if (json_unpack(document, "{s:s, s:s, s:I, s:I, s:I, s:I, s:i, s:i, s:o}", "taken_at", &taken_at, "chain_head",
                    &chain_head, "chain_length", &counts[0], "contracts", &counts[1], "batches", &counts[2], "events",
                    &counts[3], "schema", &manifest->schema, "postgresql", &manifest->server, "files",
                    &manifest->files) != 0)
        return false;
    json_incref(manifest->files);
    snprintf(summary->taken_at, sizeof(summary->taken_at), "%s", taken_at);
    snprintf(summary->chain_head, sizeof(summary->chain_head), "%s", chain_head);
    summary->chain_length = counts[0];
    summary->contracts = counts[1];
    summary->batches = counts[2];
    summary->events = counts[3];
    return json_is_object(manifest->files);
}

bool db_manifest_read(const char *folder, struct manifest *manifest, struct error *err)
{
    char *path = mem_format("%s/" BACKUP_MANIFEST, folder);
    json_error_t wrong;
    json_t *document = json_load_file(path, JSON_REJECT_DUPLICATES, &wrong);
    json_int_t format = json_integer_value(json_object_get(document, "format"));
    bool done = false;

    *manifest = (struct manifest){0};
    if (document == NULL && wrong.line < 0)
        fail(err, EXIT_COMMAND, "%s is no backup of headroom: cannot read %s", folder, path);
    else if (document == NULL)
        fail(err, EXIT_COMMAND, "cannot read %s: %s (line %d)", path, wrong.text, wrong.line);
    else if (format > MANIFEST_FORMAT)
        fail(err, EXIT_COMMAND, "%s has the format %d, and this program (headroom %s) reads %d; use a newer one", path,
             (int)format, HEADROOM_VERSION, MANIFEST_FORMAT);
    else if (!unpack(document, manifest))
        fail(err, EXIT_COMMAND, "%s is no manifest of a backup: a value is missing or of another type", path);
    else
        done = true;
    json_decref(document);
    free(path);
    return done;
}

void db_manifest_free(struct manifest *manifest)
{
    json_decref(manifest->files);
    manifest->files = NULL;
}
