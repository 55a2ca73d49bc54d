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
#include "reconcile/invoice_file.h"

#define FILE_MAX_BYTES ((size_t)1 << 30)
#define COLUMNS_MAX    16
#define LINK_COLUMNS   7

struct proving {
    const char *folder;
    dispute_finding_fn *found;
    void *context;
    struct arena *arena;
    struct dispute_proof *proof;
    json_t *manifest;
};

static void finding(struct proving *proving, const char *file, const char *format, ...) PRINTF_LIKE(3, 4);
static void finding(struct proving *proving, const char *file, const char *format, ...)
{
    struct error text;
    va_list values;

    va_start(values, format);
    (void)vsnprintf(text.text, sizeof text.text, format, values);
    va_end(values);
    proving->found(file, text.text, proving->context);
    proving->proof->findings++;
}

/* The text of the manifest's member; "" where it has none. */
static const char *said(const struct proving *proving, const char *key)
{
    const char *text = json_string_value(json_object_get(proving->manifest, key));

    return text != NULL ? text : "";
}

static int64_t said_number(const struct proving *proving, const char *key)
{
    return json_integer_value(json_object_get(proving->manifest, key));
}

/* A file of the folder, whole. False, with a finding, where it cannot be read. */
static bool read_part(struct proving *proving, const char *name, struct invoice_file *file)
{
    struct error err;
    char *path = mem_format("%s/%s", proving->folder, name);
    bool done = invoice_file_read(file, path, FILE_MAX_BYTES, &err);

    if (!done)
        finding(proving, name, "%s", err.text);
    free(path);
    return done;
}

/* ---- every file against its digest ---- */

static bool is_listed(const struct str sums, const char *name)
{
    struct str rest = sums, row;
    uint64_t lines;

    while (csv_next(&rest, &row, &lines))
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
        finding(proving, "SHA256SUMS", "'%s' is no line of it", line);
        free(line);
        return;
    }
    char *path = mem_format("%s/%s", proving->folder, name);
    if (!invoice_file_digest(&file, path, &err))
        finding(proving, name, "%s", err.text);
    else if (strncmp(file.sha256, line, DIGEST_HEX_SIZE - 1) != 0)
        finding(proving, name, "it was changed: its SHA-256 is not the one in SHA256SUMS");
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
            finding(proving, name, "it is no part of the evidence: SHA256SUMS does not name it");
    }
    if (dir != NULL)
        (void)closedir(dir);
    else
        finding(proving, ".", "its names cannot be read: %s", strerror(errno));
}

/* False where there is no SHA256SUMS. */
static bool prove_sums(struct proving *proving)
{
    static const char *const needed[] = {"manifest.json", "owners.tsv",   "handles.csv",    "charge.tsv",
                                         "chain.tsv",     "contents.tsv", "statement.json", "seals.json"};
    struct invoice_file file = {0};
    bool done = read_part(proving, "SHA256SUMS", &file);
    struct str sums = {file.content.data, file.content.size}, rest = sums, row;
    uint64_t lines;

    while (done && csv_next(&rest, &row, &lines))
        prove_sum(proving, row);
    for (size_t i = 0; done && i < ARRAY_LENGTH(needed); i++)
        if (!is_listed(sums, needed[i]))
            finding(proving, needed[i], "SHA256SUMS does not name it");
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

    for (; csv_next(&owners, &row, &lines); count++) {
        const char *tab = memchr(row.data, '\t', row.size);
        struct str owner = {row.data, tab != NULL ? (size_t)(tab - row.data) : row.size};
        ordered = ordered && (before.data == NULL || str_compare(before, owner) < 0);
        before = owner;
        arena_reset(arena);
        same = same && csv_next(&handles, &other, &lines) &&
               csv_cells(other, arena, cells, COLUMNS_MAX, &width, &why) && str_equal(cells[0], owner);
    }
    if (!ordered)
        finding(proving, "owners.tsv", "its owners are not each there once, in the order of their bytes");
    if (!same || handles.size > 0)
        finding(proving, "handles.csv", "its owners are not those of owners.tsv");
    arena_free(arena);
    return count;
}

static void prove_owners(struct proving *proving)
{
    struct invoice_file owners = {0}, handles = {0};

    if (read_part(proving, "owners.tsv", &owners) && read_part(proving, "handles.csv", &handles)) {
        int64_t count = prove_same_owners(proving, (struct str){owners.content.data, owners.content.size},
                                          (struct str){handles.content.data, handles.content.size});
        if (strcmp(owners.sha256, said(proving, "owners_digest")) != 0)
            finding(proving, "owners.tsv", "its SHA-256 is not the owners_digest of manifest.json");
        if (count != said_number(proving, "unique_handles"))
            finding(proving, "owners.tsv", "it has %" PRId64 " owners, manifest.json says %" PRId64, count,
                    said_number(proving, "unique_handles"));
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
    const char *charge = said(proving, "charge");
    int64_t sum = 0, units, wanted = 0;
    size_t decimals, wanted_decimals = 0;
    uint64_t lines;
    bool good = read_part(proving, "charge.tsv", &file) && read_amount(str_of(charge), &wanted, &wanted_decimals);
    struct str rest = {file.content.data, file.content.size}, row;

    while (good && csv_next(&rest, &row, &lines)) {
        const char *at = row.data, *end = row.data + row.size;
        for (int i = 0; i < 4 && at != NULL; i++)
            at = (at = memchr(at, '\t', (size_t)(end - at))) != NULL ? at + 1 : NULL;
        const char *tab = at != NULL ? memchr(at, '\t', (size_t)(end - at)) : NULL;
        good = tab != NULL && read_amount((struct str){at, (size_t)(tab - at)}, &units, &decimals) &&
               decimals == wanted_decimals && !__builtin_add_overflow(sum, units, &sum);
    }
    if (!good || sum != wanted)
        finding(proving, "charge.tsv", "its lines do not make the charge of manifest.json, %s", charge);
    invoice_file_free(&file);
}

/* ---- the chain ---- */

static void digest_text(struct str text, char out[DIGEST_HEX_SIZE])
{
    unsigned char digest[DIGEST_SIZE];

    digest_of(text.data, text.size, digest);
    digest_hex(digest, out);
}

static bool split_tabs(struct str row, struct str cells[], size_t count)
{
    const char *at = row.data, *end = row.data + row.size;

    for (size_t i = 0; i < count; i++) {
        const char *tab = i + 1 < count ? memchr(at, '\t', (size_t)(end - at)) : end;
        if (tab == NULL)
            return false;
        cells[i] = (struct str){at, (size_t)(tab - at)};
        at = tab + 1;
    }
    return true;
}

/* The link's digest is over its values, and it follows on the one before. */
static bool link_holds(const struct str cells[LINK_COLUMNS], int64_t seq, const char *before)
{
    char found[DIGEST_HEX_SIZE];
    char *form = mem_format("headroom-chain-1\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n", (int)cells[0].size, cells[0].data,
                            (int)cells[1].size, cells[1].data, (int)cells[2].size, cells[2].data, (int)cells[3].size,
                            cells[3].data, (int)cells[4].size, cells[4].data, (int)cells[5].size, cells[5].data);
    int64_t number;

    digest_text(str_of(form), found);
    free(form);
    return str_to_int64(cells[0], 1, INT64_MAX, &number) && number == seq && str_equal(cells[4], str_of(before)) &&
           str_equal(cells[6], str_of(found));
}

/* Finds the link of that number; the rows are in order. */
static bool find_link(struct str *rest, int64_t seq, struct str cells[LINK_COLUMNS])
{
    struct str row;
    uint64_t lines;
    int64_t number;

    while (csv_next(rest, &row, &lines))
        if (split_tabs(row, cells, LINK_COLUMNS) && str_to_int64(cells[0], 1, INT64_MAX, &number) && number == seq)
            return true;
    return false;
}

static void prove_links(struct proving *proving, struct str chain)
{
    char head[DIGEST_HEX_SIZE];
    struct str row, cells[LINK_COLUMNS];
    uint64_t lines;
    int64_t seq = 0;

    memset(head, '0', sizeof head - 1);
    head[sizeof head - 1] = '\0';
    while (csv_next(&chain, &row, &lines)) {
        bool whole = split_tabs(row, cells, LINK_COLUMNS);
        if (!whole || !link_holds(cells, seq + 1, head))
            finding(proving, "chain.tsv", "link %" PRId64 " does not follow from its values and the link before",
                    seq + 1);
        seq++;
        if (whole)
            snprintf(head, sizeof head, "%.*s", (int)cells[6].size, cells[6].data);
    }
    proving->proof->links = (uint64_t)seq;
    snprintf(proving->proof->chain_head, sizeof proving->proof->chain_head, "%s", head);
    if (seq != said_number(proving, "chain_length") || strcmp(head, said(proving, "chain_head")) != 0)
        finding(proving, "chain.tsv", "it does not end with the head of manifest.json");
}

/* ---- what links stand for ---- */

/* The seal says the same as the files: its list of owners and its statement. */
static void prove_seal(struct proving *proving, struct str kind, struct str content)
{
    json_t *form = json_loadb(content.data, content.size, JSON_DECODE_ANY, NULL);
    struct invoice_file statement = {0};
    bool owners = false, same = false;
    json_t *value;
    size_t i;

    if (!str_equal(kind, STR("close")) || !read_part(proving, "statement.json", &statement))
        finding(proving, "contents.tsv", "the link of the seal is no seal");
    json_array_foreach(form, i, value)
    {
        const char *text = json_string_value(value);
        size_t size = text != NULL ? strlen(text) : 0;
        owners = owners || (text != NULL && strcmp(text, said(proving, "owners_digest")) == 0);
        same =
            same || (size > 0 && statement.content.size == size + 1 && memcmp(statement.content.data, text, size) == 0);
    }
    if (!owners)
        finding(proving, "contents.tsv", "the seal is not over the owners_digest of manifest.json");
    if (!same)
        finding(proving, "statement.json", "it is not the statement that was sealed");
    invoice_file_free(&statement);
    json_decref(form);
}

static void prove_statement(struct proving *proving)
{
    struct invoice_file file = {0};
    json_t *root =
        read_part(proving, "statement.json", &file) ? json_loadb(file.content.data, file.content.size, 0, NULL) : NULL;
    const json_t *statement = json_is_array(root) ? json_array_get(root, 0) : root;
    const char *charge = json_string_value(json_object_get(statement, "charge"));

    if (charge == NULL || strcmp(charge, said(proving, "charge")) != 0 ||
        json_integer_value(json_object_get(statement, "unique_handles")) != said_number(proving, "unique_handles"))
        finding(proving, "statement.json", "its unique handles and charge are not those of manifest.json");
    json_decref(root);
    invoice_file_free(&file);
}

static void prove_contents(struct proving *proving, struct str contents, struct str chain)
{
    struct str row, cells[2], link[LINK_COLUMNS];
    char digest[DIGEST_HEX_SIZE];
    int64_t seq, seal = said_number(proving, "seal_link");
    uint64_t lines;
    bool sealed = false;

    while (csv_next(&contents, &row, &lines)) {
        if (!split_tabs(row, cells, 2) || !str_to_int64(cells[0], 1, INT64_MAX, &seq) ||
            !find_link(&chain, seq, link)) {
            finding(proving, "contents.tsv", "a line of it is of no link");
            continue;
        }
        digest_text(cells[1], digest);
        if (!str_equal(link[3], str_of(digest)))
            finding(proving, "contents.tsv", "what link %" PRId64 " stands for was changed", seq);
        if (seq == seal) {
            prove_seal(proving, link[1], cells[1]);
            sealed = true;
        }
    }
    if (!proving->proof->provisional && !sealed)
        finding(proving, "contents.tsv", "the seal is missing");
}

static void prove_chain(struct proving *proving)
{
    struct invoice_file chain = {0}, contents = {0};

    if (read_part(proving, "chain.tsv", &chain) && read_part(proving, "contents.tsv", &contents)) {
        struct str links = {chain.content.data, chain.content.size};
        prove_links(proving, links);
        prove_contents(proving, (struct str){contents.content.data, contents.content.size}, links);
    }
    invoice_file_free(&chain);
    invoice_file_free(&contents);
}

/* ---- the manifest ---- */

static const char *keep(struct proving *proving, const char *key)
{
    return arena_copy(proving->arena, str_of(said(proving, key))).data;
}

/* False where there is none of the right format. */
static bool read_manifest(struct proving *proving)
{
    struct invoice_file file = {0};
    bool done = read_part(proving, "manifest.json", &file);

    proving->manifest = done ? json_loadb(file.content.data, file.content.size, 0, NULL) : NULL;
    invoice_file_free(&file);
    if (done && strcmp(said(proving, "format"), DISPUTE_FORMAT) != 0) {
        finding(proving, "manifest.json", "it is not of the format " DISPUTE_FORMAT);
        return false;
    }
    proving->proof->contract = keep(proving, "contract");
    proving->proof->month = keep(proving, "month");
    proving->proof->charge = keep(proving, "charge");
    proving->proof->currency = keep(proving, "currency");
    proving->proof->unique_handles = said_number(proving, "unique_handles");
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
        prove_chain(&proving);
    }
    json_decref(proving.manifest);
    return true;
}
