/* SPDX-License-Identifier: MIT */
/* The list of what an import says: put in order, without repeats, and digested. */

#include "ingest/identities.h"

#include <stdlib.h>
#include <string.h>

bool identity_is_claim(const struct identity *identity)
{
    return identity->from != IDENTITY_NO_DAY || identity->until != IDENTITY_NO_DAY;
}

void identities_free(struct identities *identities)
{
    free(identities->list);
    identities->list = NULL;
    identities->count = identities->capacity = 0;
}

struct identity *identities_next(struct identities *identities)
{
    if (identities->count == IDENTITIES_MAX)
        return NULL;
    if (identities->count == identities->capacity) {
        identities->capacity = identities->capacity == 0 ? 1024 : identities->capacity * 2;
        identities->list = mem_resize(identities->list, identities->capacity * sizeof(struct identity));
    }

    struct identity *next = &identities->list[identities->count++];
    *next = (struct identity){.from = IDENTITY_NO_DAY, .until = IDENTITY_NO_DAY};
    return next;
}

/* ---- orders ---- */

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

static int compare_pairs(const struct identity *a, const struct identity *b)
{
    int order = strcmp(a->subject, b->subject);
    return order != 0 ? order : ORDER(a->user_id, b->user_id);
}

/* Facts before claims, then what is equal side by side, the one to keep first. */
static int compare_meanings(const void *left, const void *right)
{
    const struct identity *a = left;
    const struct identity *b = right;
    int order = ORDER(identity_is_claim(a), identity_is_claim(b));

    if (order == 0)
        order = compare_pairs(a, b);
    if (order == 0)
        order = ORDER(a->from, b->from);
    if (order == 0)
        order = ORDER(a->until, b->until);
    if (order == 0)
        order = ORDER(a->together_us, b->together_us);
    return order != 0 ? order : ORDER(a->line, b->line);
}

static int compare_lines(const void *left, const void *right)
{
    const struct identity *a = left;
    const struct identity *b = right;
    return ORDER(a->line, b->line);
}

static bool same_meaning(const struct identity *a, const struct identity *b)
{
    return compare_pairs(a, b) == 0 && a->from == b->from && a->until == b->until;
}

/* ---- digest ---- */

static void format_day(int32_t day, char out[12])
{
    char text[TIMESTAMP_SIZE];

    out[0] = '\0';
    if (day != IDENTITY_NO_DAY)
        snprintf(out, 12, "%.10s", timestamp_format((int64_t)day * INT64_C(86400000000), text));
}

static void digest_identity(struct digest *digest, const struct identity *identity)
{
    char line[96], from[12], until[12];
    int size;

    format_day(identity->from, from);
    format_day(identity->until, until);
    if (identity_is_claim(identity))
        size = snprintf(line, sizeof line, "%s\t%lld\t%s\t%s\n", identity->subject, (long long)identity->user_id, from,
                        until);
    else
        size = snprintf(line, sizeof line, "%s\t%lld\t%lld\n", identity->subject, (long long)identity->user_id,
                        (long long)identity->together_us);
    digest_add(digest, line, (size_t)size);
}

static void digest_all(struct identities *identities)
{
    struct digest *digest = digest_new();

    for (size_t i = 0; i < identities->count; i++)
        digest_identity(digest, &identities->list[i]);
    digest_peek(digest, identities->digest);
    digest_free(digest);
}

void identities_arrange(struct identities *identities)
{
    struct identity *list = identities->list;
    size_t kept = 0;

    if (identities->count > 0)
        qsort(list, identities->count, sizeof *list, compare_meanings);
    for (size_t i = 0; i < identities->count; i++) {
        if (kept == 0 || !same_meaning(&list[kept - 1], &list[i]))
            list[kept++] = list[i];
    }
    identities->repeated += identities->count - kept;
    identities->count = kept;
    identities->fact_count = 0;
    while (identities->fact_count < kept && !identity_is_claim(&list[identities->fact_count]))
        identities->fact_count++;
    if (kept > identities->fact_count)
        qsort(list + identities->fact_count, kept - identities->fact_count, sizeof *list, compare_lines);
    digest_all(identities);
}

/* ---- claims that contradict each other ---- */

static int64_t day_from(const struct identity *claim)
{
    return claim->from == IDENTITY_NO_DAY ? INT64_MIN : claim->from;
}

static int64_t day_until(const struct identity *claim)
{
    return claim->until == IDENTITY_NO_DAY ? INT64_MAX : claim->until;
}

static int compare_starts(const void *left, const void *right)
{
    const struct identity *a = *(const struct identity *const *)left;
    const struct identity *b = *(const struct identity *const *)right;
    int order = strcmp(a->subject, b->subject);

    if (order == 0)
        order = ORDER(day_from(a), day_from(b));
    return order != 0 ? order : ORDER(a->line, b->line);
}

/* Of the claims of one handle so far: the one that lasts longest, and the longest of another user. */
struct lasting {
    const struct identity *longest;
    const struct identity *other;
};

static void lasting_add(struct lasting *lasting, const struct identity *claim)
{
    if (lasting->longest == NULL || day_until(claim) > day_until(lasting->longest)) {
        if (lasting->longest != NULL && lasting->longest->user_id != claim->user_id)
            lasting->other = lasting->longest;
        lasting->longest = claim;
    } else if (claim->user_id != lasting->longest->user_id &&
               (lasting->other == NULL || day_until(claim) > day_until(lasting->other))) {
        lasting->other = claim;
    }
}

static void look_back(const struct lasting *lasting, const struct identity *claim, identities_overlap_fn *found,
                      void *context)
{
    const struct identity *before = lasting->longest;

    if (before != NULL && before->user_id == claim->user_id)
        before = lasting->other;
    if (before == NULL || day_until(before) <= day_from(claim))
        return;
    if (before->line < claim->line)
        found(before, claim, context);
    else
        found(claim, before, context);
}

void identities_overlaps(const struct identities *identities, identities_overlap_fn *found, void *context)
{
    const struct identity **claims = mem_alloc((identities->count + 1) * sizeof(struct identity *));
    struct lasting lasting = {NULL, NULL};
    size_t count = 0;

    for (size_t i = 0; i < identities->count; i++) {
        if (identity_is_claim(&identities->list[i]))
            claims[count++] = &identities->list[i];
    }
    qsort(claims, count, sizeof(struct identity *), compare_starts);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && strcmp(claims[i]->subject, claims[i - 1]->subject) != 0)
            lasting = (struct lasting){NULL, NULL};
        look_back(&lasting, claims[i], found, context);
        lasting_add(&lasting, claims[i]);
    }
    free(claims);
}
