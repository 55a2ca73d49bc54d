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

#include "headroom/invoices.h"
#include "reconcile/dispute_texts.h"
#include "reconcile/dispute_verify.h"

#define FILE_MAX_BYTES ((size_t)1 << 30)
#define COLUMNS_MAX    16
#define EVIDENCE_CELLS 9 /* of handles.csv */

void proving_finding(struct proving *proving, const char *file, const char *format, ...)
{
    struct error text;
    va_list values;

    va_start(values, format);
    (void)vsnprintf(text.text, sizeof text.text, format, values);
    va_end(values);
    proving->found(file, text.text, proving->context);
    proving->proof->findings++;
}

const char *proving_text(const struct proving *proving, const char *key)
{
    const char *text = json_string_value(json_object_get(proving->manifest, key));

    return text != NULL ? text : "";
}

int64_t proving_number(const struct proving *proving, const char *key)
{
    return json_integer_value(json_object_get(proving->manifest, key));
}

bool proving_read(struct proving *proving, const char *name, struct invoice_file *file)
{
    struct error err;
    char *path = mem_format("%s/%s", proving->folder, name);
    bool done = invoice_file_read(file, path, FILE_MAX_BYTES, &err);

    if (!done)
        proving_finding(proving, name, "%s", err.text);
    free(path);
    return done;
}

bool proving_line(struct str *rest, struct str *line)
{
    const char *end = rest->size > 0 ? memchr(rest->data, '\n', rest->size) : NULL;
    size_t size = end != NULL ? (size_t)(end - rest->data) : rest->size;

    if (rest->size == 0)
        return false;
    *line = (struct str){rest->data, size};
    size += end != NULL;
    *rest = (struct str){rest->data + size, rest->size - size};
    return true;
}

bool proving_cells(struct str line, struct str cells[], size_t count)
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

static bool is_listed(const struct str sums, const char *name)
{
    struct str rest = sums, row;

    while (proving_line(&rest, &row))
        if (row.size > DIGEST_HEX_SIZE &&
            str_equal((struct str){row.data + DIGEST_HEX_SIZE + 1, row.size - DIGEST_HEX_SIZE - 1}, str_of(name)))
            return true;
    return false;
}

/* False where the file cannot be read. */
static bool prove_sum(struct proving *proving, struct str row)
{
    struct invoice_file file = {0};
    struct error err;
    bool read;
    size_t start = DIGEST_HEX_SIZE + 1;
    char *line = mem_format("%.*s", (int)row.size, row.data);
    const char *name = row.size > start ? line + start : "";

    if (*name == '\0' || strchr(name, '/') != NULL || line[start - 1] != ' ') {
        proving_finding(proving, "SHA256SUMS", "'%s' is no line of it", line);
        free(line);
        return true;
    }
    char *path = mem_format("%s/%s", proving->folder, name);
    read = invoice_file_digest(&file, path, &err);
    if (!read)
        proving_finding(proving, name, "%s", err.text);
    else if (strncmp(file.sha256, line, DIGEST_HEX_SIZE - 1) != 0)
        proving_finding(proving, name, "it was changed: its SHA-256 is not the one in SHA256SUMS");
    proving->proof->files++;
    invoice_file_free(&file);
    free(path);
    free(line);
    return read;
}

/* What somebody put beside the evidence would be read as part of it. */
static void prove_nothing_else(struct proving *proving, struct str sums)
{
    DIR *dir = opendir(proving->folder);

    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && strcmp(name, "SHA256SUMS") != 0 &&
            !is_listed(sums, name))
            proving_finding(proving, name, "it is no part of the evidence: SHA256SUMS does not name it");
    }
    if (dir != NULL)
        (void)closedir(dir);
    else
        proving_finding(proving, ".", "its names cannot be read: %s", strerror(errno));
}

/* False where a file is missing, so that no more can be proved. */
static bool prove_sums(struct proving *proving)
{
    static const char *const needed[] = {"manifest.json", "owners.tsv",   "handles.csv",    "charge.tsv",
                                         "chain.tsv",     "contents.tsv", "statement.json", "statement.txt",
                                         "check.json",    "seals.json"};
    struct invoice_file file = {0};
    bool done = proving_read(proving, "SHA256SUMS", &file), whole = done;
    struct str sums = {file.content.data, file.content.size}, rest = sums, row;

    while (done && proving_line(&rest, &row))
        whole = prove_sum(proving, row) && whole;
    for (size_t i = 0; done && i < ARRAY_LENGTH(needed); i++) {
        if (is_listed(sums, needed[i]))
            continue;
        proving_finding(proving, needed[i], "SHA256SUMS does not name it");
        whole = false;
    }
    if (done)
        prove_nothing_else(proving, sums);
    invoice_file_free(&file);
    return whole;
}

/* ---- the owners ---- */

/* Of owners.tsv. */
enum owner_cell {
    OWNER,
    HANDLE,
    FIRST_SEEN,
    LAST_SEEN,
    REQUESTS,
    COUNTED_REQUESTS,
    OWNER_CELLS
};

/* A row of handles.csv with the owner, and whether it says the same of it. */
static bool is_evidence_of(struct str row, struct arena *arena, const struct str owner[OWNER_CELLS], bool *alike)
{
    struct str cells[COLUMNS_MAX];
    char first[TIMESTAMP_SIZE];
    const char *why;
    size_t width;
    int64_t us;

    if (!csv_cells(row, arena, cells, COLUMNS_MAX, &width, &why) || width != EVIDENCE_CELLS ||
        !str_equal(cells[0], owner[OWNER]))
        return false;
    *alike = *alike && str_equal(cells[1], owner[HANDLE]) &&
             str_to_int64(owner[FIRST_SEEN], INT64_MIN / 2, INT64_MAX / 2, &us) &&
             str_equal(cells[2], str_of(timestamp_format(us, first))) &&
             str_equal(cells[EVIDENCE_CELLS - 1], owner[COUNTED_REQUESTS]);
    return true;
}

/* Whether the two files have the same owners in the same order, each once; their number. */
static int64_t prove_same_owners(struct proving *proving, struct str owners, struct str handles)
{
    struct arena *arena = arena_new();
    struct str row, other, owner[OWNER_CELLS], before = {NULL, 0};
    uint64_t lines;
    int64_t count = 0;
    bool same = csv_next(&handles, &other, &lines), ordered = true, alike = true;

    for (; proving_line(&owners, &row); count++) {
        bool whole = proving_cells(row, owner, OWNER_CELLS);
        ordered = ordered && whole && (before.data == NULL || str_compare(before, owner[OWNER]) < 0);
        arena_reset(arena);
        same = same && whole && csv_next(&handles, &other, &lines) && is_evidence_of(other, arena, owner, &alike);
        if (whole)
            before = owner[OWNER];
    }
    if (!ordered)
        proving_finding(proving, "owners.tsv", "its owners are not each there once, in the order of their bytes");
    if (!same || handles.size > 0)
        proving_finding(proving, "handles.csv", "its owners are not those of owners.tsv");
    else if (!alike)
        proving_finding(proving, "handles.csv", "its handles, first requests or counts are not those of owners.tsv");
    arena_free(arena);
    return count;
}

static void prove_owners(struct proving *proving)
{
    struct invoice_file owners = {0}, handles = {0};

    if (proving_read(proving, "owners.tsv", &owners) && proving_read(proving, "handles.csv", &handles)) {
        int64_t count = prove_same_owners(proving, (struct str){owners.content.data, owners.content.size},
                                          (struct str){handles.content.data, handles.content.size});
        if (strcmp(owners.sha256, proving_text(proving, "owners_digest")) != 0)
            proving_finding(proving, "owners.tsv", "its SHA-256 is not the owners_digest of manifest.json");
        if (count != proving_number(proving, "unique_handles"))
            proving_finding(proving, "owners.tsv", "it has %" PRId64 " owners, manifest.json says %" PRId64, count,
                            proving_number(proving, "unique_handles"));
    }
    invoice_file_free(&owners);
    invoice_file_free(&handles);
}

/* ---- the charge ---- */

/* An amount in the currency's smallest unit; all amounts have the same decimals. */
static bool read_amount(struct str text, int64_t *units, size_t *decimals)
{
    char digits[32];
    size_t size = 0;

    *decimals = 0;
    for (size_t i = 0; i < text.size && size + 1 < sizeof digits; i++) {
        if (text.data[i] == '.')
            *decimals = text.size - i - 1;
        else
            digits[size++] = text.data[i];
    }
    return str_to_int64((struct str){digits, size}, INT64_MIN / 4, INT64_MAX / 4, units);
}

static void prove_charge(struct proving *proving)
{
    struct invoice_file file = {0};
    const char *charge = proving_text(proving, "charge");
    int64_t sum = 0, units, wanted = 0;
    size_t decimals, wanted_decimals = 0;
    bool good = proving_read(proving, "charge.tsv", &file) && read_amount(str_of(charge), &wanted, &wanted_decimals);
    struct str rest = {file.content.data, file.content.size}, row, cells[PROVING_CHARGE_CELLS];

    while (good && proving_line(&rest, &row))
        good = proving_cells(row, cells, PROVING_CHARGE_CELLS) && read_amount(cells[4], &units, &decimals) &&
               decimals == wanted_decimals && !__builtin_add_overflow(sum, units, &sum);
    if (!good || sum != wanted)
        proving_finding(proving, "charge.tsv", "its lines do not make the charge of manifest.json, %s", charge);
    invoice_file_free(&file);
}

/* ---- the manifest ---- */

static const char *keep(struct proving *proving, const char *key)
{
    const char *text = proving_text(proving, key);

    return *text != '\0' ? arena_copy(proving->arena, str_of(text)).data : NULL;
}

/* False where there is none of the right format. */
static bool read_manifest(struct proving *proving)
{
    struct invoice_file file = {0};
    bool done = proving_read(proving, "manifest.json", &file);

    proving->manifest = done ? json_loadb(file.content.data, file.content.size, 0, NULL) : NULL;
    invoice_file_free(&file);
    if (done && strcmp(proving_text(proving, "format"), DISPUTE_FORMAT) != 0) {
        proving_finding(proving, "manifest.json", "it is not of the format " DISPUTE_FORMAT);
        return false;
    }
    proving->proof->contract = keep(proving, "contract");
    proving->proof->month = keep(proving, "month");
    proving->proof->charge = keep(proving, "charge");
    proving->proof->currency = keep(proving, "currency");
    proving->proof->unique_handles = proving_number(proving, "unique_handles");
    proving->proof->provisional = json_is_null(json_object_get(proving->manifest, "seal_link"));
    return done;
}

static bool is_evidence(const char *folder)
{
    char *sums = mem_format("%s/SHA256SUMS", folder), *manifest = mem_format("%s/manifest.json", folder);
    bool is = access(sums, F_OK) == 0 || access(manifest, F_OK) == 0;

    free(manifest);
    free(sums);
    return is;
}

bool dispute_verify(const char *folder, dispute_finding_fn *found, void *context, struct arena *arena,
                    struct dispute_proof *proof, struct error *err)
{
    struct proving proving = {.folder = folder, .found = found, .context = context, .arena = arena, .proof = proof};

    *proof = (struct dispute_proof){0};
    if (access(folder, F_OK) != 0)
        return fail(err, EXIT_COMMAND, "can't read %s: %s", folder, strerror(errno));
    if (!is_evidence(folder))
        return fail(err, EXIT_COMMAND, "%s is no folder of 'headroom invoice dispute': it has no SHA256SUMS", folder);
    if (prove_sums(&proving) && read_manifest(&proving)) {
        prove_owners(&proving);
        prove_charge(&proving);
        proving_statement(&proving);
        proving_chain(&proving);
    }
    json_decref(proving.manifest);
    return true;
}
