/* SPDX-License-Identifier: MIT */
/* Proves a folder of evidence without a database: every file against its digest, then what the files say against each
 * other. */

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/evidence_texts.h"
#include "audit/folder.h"
#include "audit/proof.h"

#define SUMS_MAX  64
#define SUM_START (DIGEST_HEX_SIZE + 1) /* of a name in a line of SHA256SUMS */

void proof_finding(struct proving *proving, const char *file, const char *format, ...)
{
    struct error text;
    va_list values;

    va_start(values, format);
    (void)vsnprintf(text.text, sizeof text.text, format, values);
    va_end(values);
    proving->found(file, text.text, proving->context);
    proving->proof->findings++;
}

const char *proof_text(const struct proving *proving, const char *key)
{
    const char *text = json_string_value(json_object_get(proving->manifest, key));

    return text != NULL ? text : "";
}

int64_t proof_number(const struct proving *proving, const char *key)
{
    return json_integer_value(json_object_get(proving->manifest, key));
}

json_t *proof_json(struct proving *proving, const char *name)
{
    char *path = mem_format("%s/%s", proving->folder, name);
    json_error_t why;
    json_t *root = json_load_file(path, 0, &why);

    if (root == NULL)
        proof_finding(proving, name, "it is no JSON: %s", why.text);
    free(path);
    return root;
}

struct proof_batch *proof_find_batch(const struct proving *proving, int64_t id)
{
    struct proof_batch *batch = NULL;

    HASH_FIND(hh, proving->batches, &id, sizeof id, batch);
    return batch;
}

bool proof_cells(struct str line, struct str cells[], size_t count)
{
    const char *at = line.data, *end = line.data + line.size;

    for (size_t i = 0; i < count; i++) {
        const char *tab = i + 1 < count ? memchr(at, '\t', (size_t)(end - at)) : end;
        if (tab == NULL)
            return false;
        cells[i] = (struct str){at, (size_t)(tab - at)};
        at = tab + 1;
    }
    return true;
}

/* ---- every file against its digest ---- */

/* The names that SHA256SUMS has. */
struct sums {
    char *names[SUMS_MAX];
    size_t count;
};

static bool is_listed(const struct sums *sums, const char *name)
{
    for (size_t i = 0; i < sums->count; i++)
        if (strcmp(sums->names[i], name) == 0)
            return true;
    return false;
}

/* False where the file cannot be read. */
static bool prove_sum(struct proving *proving, const char *line, struct sums *sums)
{
    const char *name = strlen(line) > SUM_START ? line + SUM_START : "";
    char sha256[DIGEST_HEX_SIZE];
    struct error err;

    if (*name == '\0' || strchr(name, '/') != NULL || line[SUM_START - 1] != ' ' || sums->count == SUMS_MAX) {
        proof_finding(proving, "SHA256SUMS", "'%s' is no line of it", line);
        return true;
    }
    sums->names[sums->count++] = mem_text(name);
    char *path = mem_format("%s/%s", proving->folder, name);
    bool read = folder_digest(path, sha256, &err);
    if (!read)
        proof_finding(proving, name, "%s", err.text);
    else if (strncmp(sha256, line, DIGEST_HEX_SIZE - 1) != 0)
        proof_finding(proving, name, "it was changed: its SHA-256 is not the one in SHA256SUMS");
    proving->proof->files++;
    free(path);
    return read;
}

/* What somebody put beside the evidence would be read as part of it. */
static void prove_nothing_else(struct proving *proving, const struct sums *sums)
{
    DIR *dir = opendir(proving->folder);

    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && strcmp(name, "SHA256SUMS") != 0 &&
            !is_listed(sums, name))
            proof_finding(proving, name, "it is no part of the evidence: SHA256SUMS does not name it");
    }
    if (dir != NULL)
        (void)closedir(dir);
    else
        proof_finding(proving, ".", "its names cannot be read: %s", strerror(errno));
}

static bool prove_needed(struct proving *proving, const struct sums *sums)
{
    static const char *const needed[] = {"manifest.json", "owners.tsv",     "handles.csv",   "charge.tsv",
                                         "chain.tsv",     "contents.tsv",   "facts.tsv",     "days.tsv",
                                         "seals.json",    "statement.json", "statement.txt", "events.jsonl.gz"};
    bool whole = true;

    for (size_t i = 0; i < ARRAY_LENGTH(needed); i++) {
        if (is_listed(sums, needed[i]))
            continue;
        proof_finding(proving, needed[i], "SHA256SUMS does not name it");
        whole = false;
    }
    return whole;
}

bool proof_sums(struct proving *proving)
{
    struct sums sums = {.count = 0};
    struct proof_lines lines;
    struct str row;

    proof_lines_open(&lines, proving, "SHA256SUMS");
    bool whole = !lines.failed;
    while (proof_next_line(&lines, &row)) {
        char *line = mem_format("%.*s", (int)row.size, row.data);
        whole = prove_sum(proving, line, &sums) && whole;
        free(line);
    }
    if (!lines.failed) {
        whole = prove_needed(proving, &sums) && whole;
        prove_nothing_else(proving, &sums);
    }
    proof_lines_close(&lines);
    for (size_t i = 0; i < sums.count; i++)
        free(sums.names[i]);
    return whole;
}

/* ---- the manifest ---- */

static const char *keep(struct proving *proving, const char *key)
{
    const char *text = proof_text(proving, key);

    return *text != '\0' ? arena_copy(proving->arena, str_of(text)).data : NULL;
}

/* False where there is none of the right format. */
static bool read_manifest(struct proving *proving)
{
    proving->manifest = proof_json(proving, "manifest.json");
    if (proving->manifest == NULL)
        return false;
    if (strcmp(proof_text(proving, "format"), EVIDENCE_FORMAT) != 0) {
        proof_finding(proving, "manifest.json", "it is not of the format " EVIDENCE_FORMAT);
        return false;
    }
    proving->proof->contract = keep(proving, "contract");
    proving->proof->month = keep(proving, "month");
    proving->proof->charge = keep(proving, "charge");
    proving->proof->currency = keep(proving, "currency");
    proving->proof->unique_handles = proof_number(proving, "unique_handles");
    proving->proof->provisional = json_is_null(json_object_get(proving->manifest, "seal_link"));
    return true;
}

static void free_batches(struct proving *proving)
{
    struct proof_batch *batch = proving->batches, *next;

    HASH_CLEAR(hh, proving->batches);
    for (; batch != NULL; batch = next) {
        next = batch->hh.next;
        free(batch);
    }
}

static bool is_evidence(const char *folder)
{
    char *sums = mem_format("%s/SHA256SUMS", folder), *manifest = mem_format("%s/manifest.json", folder);
    bool is = access(sums, F_OK) == 0 || access(manifest, F_OK) == 0;

    free(manifest);
    free(sums);
    return is;
}

bool evidence_verify(const char *folder, evidence_finding_fn *found, void *context, struct arena *arena,
                     struct evidence_proof *proof, struct error *err)
{
    struct proving proving = {.folder = folder, .found = found, .context = context, .arena = arena, .proof = proof};

    *proof = (struct evidence_proof){0};
    if (access(folder, F_OK) != 0)
        return fail(err, EXIT_COMMAND, "can't read %s: %s", folder, strerror(errno));
    if (!is_evidence(folder))
        return fail(err, EXIT_COMMAND,
                    "%s is no folder of 'headroom report evidence' or 'invoice dispute': it has no SHA256SUMS", folder);
    if (proof_sums(&proving) && read_manifest(&proving)) {
        proof_owners(&proving);
        proof_statement(&proving);
        proof_chain(&proving);
        proof_events(&proving);
        proof_facts(&proving);
        proof_count(&proving);
    }
    free_batches(&proving);
    json_decref(proving.manifest);
    return true;
}
