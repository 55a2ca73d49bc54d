/* SPDX-License-Identifier: MIT */
/* Putting reports on record, and the digests by which their files are found again. */

#include "headroom/report_log.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "statements.h"

/* ---- the record ---- */

static void add_text(json_t *object, const char *key, const char *text)
{
    if (text != NULL)
        (void)json_object_set_new(object, key, json_string(text));
}

/* The billing month of each contract in a report of several. */
static json_t *months_json(const struct report_request *request)
{
    json_t *object = json_object();

    for (size_t i = 0; i < request->month_count; i++)
        (void)json_object_set_new(object, request->months[i].contract->name,
                                  json_stringn(request->months[i].month, sizeof("2026-10") - 1));
    return object;
}

/* What else decides what stands in the file, as JSON text to be freed. */
static char *parameters_text(const struct report_request *request, const char *folder)
{
    json_t *object = json_object();

    if (request->month_count > 0)
        (void)json_object_set_new(object, "months", months_json(request));
    add_text(object, "dataset", request->dataset);
    if (request->raw)
        (void)json_object_set_new(object, "raw", json_true());
    if (request->bom)
        (void)json_object_set_new(object, "bom", json_true());
    add_text(object, "reports", folder);
    char *text = json_dumps(object, JSON_COMPACT);
    json_decref(object);
    if (text == NULL)
        abort();
    return text;
}

/* A name that stands for one file wherever it is read; where the folder is gone, as it was given. To be freed. */
static char *whole_name(const char *file)
{
    if (file == NULL)
        return NULL;

    char *name = realpath(file, NULL);
    return name != NULL ? name : mem_text(file);
}

bool report_record(struct db *db, const struct report *report, const struct report_request *request,
                   const struct report_written *written, const char *folder, const char *by, struct error *err)
{
    static const char program[] = "headroom " HEADROOM_VERSION;
    const struct report_basis *basis = &written->basis;
    bool of_contract = report_takes(report, REPORT_CONTRACT);
    char contract[DB_NUMBER_SIZE], size[DB_NUMBER_SIZE], seq[DB_NUMBER_SIZE], handles[DB_NUMBER_SIZE];
    char made_at[TIMESTAMP_SIZE];
    char *parameters = parameters_text(request, folder);
    char *file = whole_name(written->file);
    const char *const values[] = {
        report->name,
        request->format->name,
        of_contract ? db_number_text(request->contract->id, contract) : NULL,
        report_takes(report, REPORT_MONTH) ? request->month : NULL,
        parameters,
        file,
        written->sha256,
        db_number_text((int64_t)written->size, size),
        db_number_text(basis->chain_seq, seq),
        basis->chain_digest,
        basis->is_of_month ? basis->state : NULL,
        basis->is_of_month ? db_number_text(basis->unique_handles, handles) : NULL,
        basis->is_of_month ? basis->charge : NULL,
        basis->is_of_month ? basis->currency : NULL,
        timestamp_format(request->now_us, made_at),
        by,
        program,
    };
    bool done = db_run(db, &sql_report_record, values, err);

    free(file);
    free(parameters);
    return done;
}

/* ---- files ---- */

MUST_CHECK static bool digest_content(gzFile in, unsigned char out[DIGEST_SIZE])
{
    struct digest *digest = digest_new();
    char bytes[65536];
    int size;

    while ((size = gzread(in, bytes, sizeof(bytes))) > 0)
        digest_add(digest, bytes, (size_t)size);
    digest_peek(digest, out);
    digest_free(digest);
    return size == 0;
}

/* Of what is packed by gzip, up to its end. Takes fd. */
static void digest_unpacked(int fd, char sha256[DIGEST_HEX_SIZE])
{
    unsigned char digest[DIGEST_SIZE];
    gzFile in = lseek(fd, 0, SEEK_SET) == 0 ? gzdopen(fd, "rb") : NULL;

    if (in == NULL) {
        close(fd);
        return;
    }
    bool whole = gzdirect(in) == 0 && digest_content(in, digest);
    if (gzclose_r(in) == Z_OK && whole)
        digest_hex(digest, sha256);
}

bool report_digest_file(const char *file, struct report_digests *digests, struct error *err)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    unsigned char digest[DIGEST_SIZE];
    uint64_t size;

    *digests = (struct report_digests){0};
    if (fd < 0 || !digest_file(fd, digest, &size)) {
        int reason = errno;
        if (fd >= 0)
            close(fd);
        return fail(err, EXIT_COMMAND, "can't read %s: %s", file, strerror(reason));
    }
    digest_hex(digest, digests->file);
    digest_unpacked(fd, digests->unpacked);
    return true;
}
