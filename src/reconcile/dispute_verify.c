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

static void prove_sum(struct proving *proving, struct str row)
{
    struct invoice_file file = {0};
    struct error err;
    size_t start = DIGEST_HEX_SIZE + 1;
    char *line = mem_format("%.*s", (int)row.size, row.data);
    const char *name = row.size > start ? line + start : "";

    if (*name == '\0' || strchr(name, '/') != NULL || line[start - 1] != ' ') {
        proving_finding(proving, "SHA256SUMS", "'%s' is no line of it", line);
        free(line);
        return;
    }
    char *path = mem_format("%s/%s", proving->folder, name);
    if (!invoice_file_digest(&file, path, &err))
        proving_finding(proving, name, "%s", err.text);
    else if (strncmp(file.sha256, line, DIGEST_HEX_SIZE - 1) != 0)
        proving_finding(proving, name, "it was changed: its SHA-256 is not the one in SHA256SUMS");
    proving->proof->files++;
    invoice_file_free(&file);
    free(path);
    free(line);
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

/* False where there is no SHA256SUMS. */
static bool prove_sums(struct proving *proving)
{
    static const char *const needed[] = {"manifest.json", "owners.tsv",   "handles.csv",    "charge.tsv",
                                         "chain.tsv",     "contents.tsv", "statement.json", "seals.json"};
    struct invoice_file file = {0};
    bool done = proving_read(proving, "SHA256SUMS", &file);
    struct str sums = {file.content.data, file.content.size}, rest = sums, row;

    while (done && proving_line(&rest, &row))
        prove_sum(proving, row);
    for (size_t i = 0; done && i < ARRAY_LENGTH(needed); i++)
        if (!is_listed(sums, needed[i]))
            proving_finding(proving, needed[i], "SHA256SUMS does not name it");
    if (done)
        prove_nothing_else(proving, sums);
    invoice_file_free(&file);
    return done;
}

/* ---- the owners ---- */

/* Whether the two files have the same owners in the same order, each once; their number. */
static int64_t prove_same_owners(struct proving *proving, struct str owners, struct str handles)
{
    struct arena *arena = arena_new();
    struct str row, other, cells[COLUMNS_MAX], before = {NULL, 0};
    const char *why;
    uint64_t lines;
    size_t width;
    int64_t count = 0;
    bool same = csv_next(&handles, &other, &lines), ordered = true;

    for (; proving_line(&owners, &row); count++) {
        const char *tab = memchr(row.data, '\t', row.size);
        struct str owner = {row.data, tab != NULL ? (size_t)(tab - row.data) : row.size};
        ordered = ordered && (before.data == NULL || str_compare(before, owner) < 0);
        before = owner;
        arena_reset(arena);
        same = same && csv_next(&handles, &other, &lines) &&
               csv_cells(other, arena, cells, COLUMNS_MAX, &width, &why) && str_equal(cells[0], owner);
    }
    if (!ordered)
        proving_finding(proving, "owners.tsv", "its owners are not each there once, in the order of their bytes");
    if (!same || handles.size > 0)
        proving_finding(proving, "handles.csv", "its owners are not those of owners.tsv");
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
    struct str rest = {file.content.data, file.content.size}, row;

    while (good && proving_line(&rest, &row)) {
        const char *at = row.data, *end = row.data + row.size;
        for (int i = 0; i < 4 && at != NULL; i++)
            at = (at = memchr(at, '\t', (size_t)(end - at))) != NULL ? at + 1 : NULL;
        const char *tab = at != NULL ? memchr(at, '\t', (size_t)(end - at)) : NULL;
        good = tab != NULL && read_amount((struct str){at, (size_t)(tab - at)}, &units, &decimals) &&
               decimals == wanted_decimals && !__builtin_add_overflow(sum, units, &sum);
    }
    if (!good || sum != wanted)
        proving_finding(proving, "charge.tsv", "its lines do not make the charge of manifest.json, %s", charge);
    invoice_file_free(&file);
}

/* ---- the statement ---- */

static void prove_statement(struct proving *proving)
{
    struct invoice_file file = {0};
    json_t *root = proving_read(proving, "statement.json", &file)
                       ? json_loadb(file.content.data, file.content.size, 0, NULL)
                       : NULL;
    const json_t *statement = json_is_array(root) ? json_array_get(root, 0) : root;
    const char *charge = json_string_value(json_object_get(statement, "charge"));

    if (charge == NULL || strcmp(charge, proving_text(proving, "charge")) != 0 ||
        json_integer_value(json_object_get(statement, "unique_handles")) != proving_number(proving, "unique_handles"))
        proving_finding(proving, "statement.json", "its unique handles and charge are not those of manifest.json");
    json_decref(root);
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
    if (!is_evidence(folder))
        return fail(err, EXIT_COMMAND, "%s is no folder of 'headroom invoice dispute': it has no SHA256SUMS", folder);
    bool whole = prove_sums(&proving);
    if (read_manifest(&proving) && whole) {
        prove_owners(&proving);
        prove_charge(&proving);
        prove_statement(&proving);
        proving_chain(&proving);
    }
    json_decref(proving.manifest);
    return true;
}
