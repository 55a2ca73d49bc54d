/* SPDX-License-Identifier: MIT */
/* What does not hold: kept up to a bound, sorted, counted beyond it. */

#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "audit/verify.h"

struct kept {
    struct verify_finding finding;
    char *text;
};

struct findings {
    pthread_mutex_t lock;
    uint64_t total;
    size_t count;
    struct kept kept[VERIFY_FINDINGS_MAX];
};

struct findings *findings_new(void)
{
    struct findings *findings = mem_alloc(sizeof(*findings));

    pthread_mutex_init(&findings->lock, NULL);
    return findings;
}

void findings_free(struct findings *findings)
{
    if (findings == NULL)
        return;
    for (size_t i = 0; i < findings->count; i++)
        free(findings->kept[i].text);
    pthread_mutex_destroy(&findings->lock);
    free(findings);
}

static bool is_before(const struct verify_finding *a, const struct verify_finding *b)
{
    return a->seq != b->seq ? a->seq < b->seq : a->batch_id < b->batch_id;
}

/* Readers find things in any order; whichever come first by link and batch are kept. */
static void keep(struct findings *findings, const struct verify_finding *finding, const char *text)
{
    size_t at = findings->count;

    while (at > 0 && is_before(finding, &findings->kept[at - 1].finding))
        at--;
    if (at == VERIFY_FINDINGS_MAX)
        return;
    if (findings->count == VERIFY_FINDINGS_MAX)
        free(findings->kept[--findings->count].text);
    memmove(&findings->kept[at + 1], &findings->kept[at], (findings->count - at) * sizeof(findings->kept[at]));
    struct kept *kept = &findings->kept[at];
    *kept = (struct kept){.finding = *finding, .text = mem_text(text)};
    kept->finding.text = kept->text;
    findings->count++;
}

void findings_add(struct findings *findings, int64_t seq, int64_t batch_id, const char *what, const char *format, ...)
{
    struct verify_finding finding = {.seq = seq, .batch_id = batch_id, .what = what};
    char text[1024];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    for (char *at = text; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            *at = '?';

    pthread_mutex_lock(&findings->lock);
    findings->total++;
    keep(findings, &finding, text);
    pthread_mutex_unlock(&findings->lock);
}

uint64_t findings_hand_out(const struct findings *findings, verify_finding_fn *found, void *context)
{
    for (size_t i = 0; i < findings->count; i++)
        found(&findings->kept[i].finding, context);
    return findings->total;
}
