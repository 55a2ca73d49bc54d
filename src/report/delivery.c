/* SPDX-License-Identifier: MIT */
/* Rendering to a file or to standard output. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/delivery.h"
#include "report/outfile.h"
#include "report/template.h"

/* ---- rendering ---- */

/* Into an open file, with the digest and the size of what was written. */
MUST_CHECK static bool render_into(const struct renderer *renderer, struct render_job *job, FILE *out, const char *name,
                                   struct report_written *written, struct error *err)
{
    struct sink sink;

    sink_begin(&sink, out, name);
    job->sink = &sink;
    bool good = renderer->render(job, err) && sink_finish(&sink, written->sha256, err);
    written->size = sink.size;
    job->sink = NULL;
    sink_end(&sink);
    return good;
}

/* ---- a file ---- */

static bool resolve_name(void *context, struct str reference, struct buffer *out, struct error *err)
{
    char text[200];

    snprintf(text, sizeof(text), "%.*s", (int)reference.size, reference.data);

    const char *value = data_value(context, text);
    if (value == NULL || outfile_name(value, out))
        return true;
    return fail(err, EXIT_COMMAND, "the file's name is too long");
}

MUST_CHECK static bool default_name(const struct renderer *renderer, const struct render_job *job, char **file,
                                    struct error *err)
{
    struct data data = *job->data;
    struct buffer out;

    buffer_init(&out, TEMPLATE_CEILING);
    bool good = template_expand(job->report->layout->file, resolve_name, &data, &out, err) &&
                template_add(&out, str_of(renderer->format.suffix), err);
    *file = good ? mem_text(out.data) : NULL;
    buffer_free(&out);
    return good;
}

MUST_CHECK static bool render_file(const struct renderer *renderer, struct render_job *job, const char *temporary,
                                   const char *file, struct error *err)
{
    struct report_written unused; /* what was really written is read again once it is on disk */

    job->file = temporary;
    if (renderer->format.needs_file)
        return renderer->render(job, err) || fail_within(err, "%s", file);

    FILE *out = fopen(temporary, "we");
    if (out == NULL)
        return fail(err, EXIT_COMMAND, "can't write %s: %s", file, strerror(errno));
    bool good = render_into(renderer, job, out, file, &unused, err);
    if (fclose(out) != 0 && good)
        good = fail(err, EXIT_COMMAND, "can't write %s: %s", file, strerror(errno));
    return good;
}

MUST_CHECK static bool deliver_file(const struct renderer *renderer, struct render_job *job, const char *file,
                                    struct report_written *written, struct error *err)
{
    struct outfile output;
    bool good = outfile_begin(&output, file, err) && render_file(renderer, job, output.temporary, file, err) &&
                outfile_finish(&output, written->sha256, err);

    written->size = output.size;
    outfile_end(&output);
    if (good)
        written->file = mem_text(file);
    return good;
}

/* ---- standard output ---- */

#define OUTPUT_NAME "standard output"

/* A file without a name, which ends with the program however that ends. */
MUST_CHECK static bool open_spool(FILE **spool, struct error *err)
{
    const char *folder = getenv("TMPDIR");
    int fd;

    if (folder == NULL || *folder == '\0')
        folder = P_tmpdir;
    char *name = mem_format("%s/headroom-XXXXXX", folder);
    fd = mkostemp(name, O_CLOEXEC);
    *spool = fd >= 0 ? fdopen(fd, "w+") : NULL;
    if (*spool == NULL)
        (void)fail(err, EXIT_COMMAND, "can't write temporary data to %s: %s; TMPDIR names another folder", folder,
                   strerror(errno));
    if (fd >= 0)
        (void)unlink(name);
    if (fd >= 0 && *spool == NULL)
        close(fd);
    free(name);
    return *spool != NULL;
}

MUST_CHECK static bool hand_out(FILE *spool, struct error *err)
{
    char bytes[65536];
    size_t size;

    rewind(spool);
    while ((size = fread(bytes, 1, sizeof(bytes), spool)) > 0)
        if (fwrite(bytes, 1, size, stdout) != size)
            return fail(err, EXIT_COMMAND, "can't write " OUTPUT_NAME ": %s", strerror(errno));
    return !ferror(spool) || fail(err, EXIT_COMMAND, "can't read temporary data: %s", strerror(errno));
}

/* Half a list looks like a list to whoever reads it, so nothing goes out before all of it is there. */
MUST_CHECK static bool deliver_output(const struct renderer *renderer, struct render_job *job,
                                      struct report_written *written, struct error *err)
{
    FILE *spool;

    if (!open_spool(&spool, err))
        return false;
    bool good = render_into(renderer, job, spool, "temporary data (TMPDIR names another folder)", written, err) &&
                hand_out(spool, err);
    fclose(spool);
    return good;
}

/* ---- either ---- */

bool deliver(const struct renderer *renderer, struct render_job *job, struct report_written *written, struct error *err)
{
    const char *file = job->request->file;
    char *made = NULL;

    if (report_to_output(job->request))
        return deliver_output(renderer, job, written, err);
    if (file == NULL && !default_name(renderer, job, &made, err))
        return false;
    bool good = deliver_file(renderer, job, file != NULL ? file : made, written, err);
    free(made);
    return good;
}
