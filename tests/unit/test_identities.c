/* SPDX-License-Identifier: MIT */
/* What an import says, put in order: repeats, the digest and claims that contradict each other, by plain loops. */

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/identities.h"

enum {
    ROUNDS = 300,
    MOST = 24
};

static void add(struct identities *identities, const char *handle, int64_t user_id, int32_t from, int32_t until)
{
    struct identity *next = identities_next(identities);

    snprintf(next->subject, sizeof next->subject, "@%s", handle);
    next->user_id = user_id;
    next->line = identities->count;
    next->from = from;
    next->until = until;
}

static void add_fact(struct identities *identities, const char *handle, int64_t user_id, int64_t together_us)
{
    add(identities, handle, user_id, IDENTITY_NO_DAY, IDENTITY_NO_DAY);
    identities->list[identities->count - 1].together_us = together_us;
}

Test(identities, of_a_pair_the_first_time_is_kept_and_the_rest_counted)
{
    struct identities some = {0};

    add_fact(&some, "bob", 2, 50);
    add_fact(&some, "amy", 9, 70);
    add(&some, "amy", 1, 10, 20);
    add_fact(&some, "bob", 2, 40);
    add(&some, "amy", 1, 10, 20);
    add(&some, "amy", 1, 10, IDENTITY_NO_DAY);
    add_fact(&some, "amy", 1, 80);
    identities_arrange(&some);

    cr_assert_eq(some.count, 5);
    cr_assert_eq(some.repeated, 2);
    cr_assert_eq(some.fact_count, 3);
    cr_assert_str_eq(some.list[0].subject, "@amy");
    cr_assert_eq(some.list[0].user_id, 1);
    cr_assert_eq(some.list[1].user_id, 9);
    cr_assert_eq(some.list[2].together_us, 40);
    cr_assert_eq(some.list[3].line, 3, "claims in the order of their lines, of equal ones the first");
    cr_assert_eq(some.list[4].line, 6);
    identities_free(&some);
}

Test(identities, the_digest_is_over_documented_lines)
{
    static const char lines[] = "@amy\t9\t70\n@bob\t2\t0\n@amy\t1\t2026-02-28\t2026-03-01\n@amy\t2\t\t1970-01-02\n"
                                "@bob\t9223372036854775807\t2026-02-28\t\n";
    struct identities some = {0};
    unsigned char wanted[DIGEST_SIZE];

    add(&some, "amy", 1, 20512, 20513);
    add(&some, "amy", 2, IDENTITY_NO_DAY, 1);
    add(&some, "bob", INT64_MAX, 20512, IDENTITY_NO_DAY);
    add_fact(&some, "bob", 2, 0);
    add_fact(&some, "amy", 9, 70);
    identities_arrange(&some);
    digest_of(lines, sizeof lines - 1, wanted);
    cr_assert_arr_eq(some.digest, wanted, DIGEST_SIZE);
    identities_free(&some);
}

Test(identities, nothing_at_all_can_be_arranged)
{
    struct identities none = {0};
    unsigned char wanted[DIGEST_SIZE];

    identities_arrange(&none);
    digest_of("", 0, wanted);
    cr_assert_eq(none.count + none.repeated + none.fact_count, 0);
    cr_assert_arr_eq(none.digest, wanted, DIGEST_SIZE);
}

/* ---- contradictions ---- */

static bool covers(const struct identity *claim, int32_t day)
{
    return (claim->from == IDENTITY_NO_DAY || day >= claim->from) &&
           (claim->until == IDENTITY_NO_DAY || day < claim->until);
}

static bool contradict(const struct identity *a, const struct identity *b)
{
    if (!identity_is_claim(a) || !identity_is_claim(b) || a->user_id == b->user_id ||
        strcmp(a->subject, b->subject) != 0)
        return false;
    for (int32_t day = -1; day <= 31; day++) {
        if (covers(a, day) && covers(b, day))
            return true;
    }
    return false;
}

struct seen {
    const struct identities *all;
    size_t count;
};

static void see(const struct identity *earlier, const struct identity *later, void *context)
{
    struct seen *seen = context;

    cr_assert_lt(earlier->line, later->line);
    cr_assert(contradict(earlier, later), "line %llu and line %llu", (unsigned long long)earlier->line,
              (unsigned long long)later->line);
    seen->count++;
}

static void add_random(struct identities *identities)
{
    static const char *const handles[] = {"amy", "bob"};
    int32_t from = rand() % 30;
    int32_t until = from + 1 + rand() % 6;
    int kind = rand() % 8;

    add(identities, handles[rand() % 2], 1 + rand() % 3, kind == 0 || kind == 2 ? IDENTITY_NO_DAY : from,
        kind == 1 || kind == 2 ? IDENTITY_NO_DAY : until);
}

/* Each claim that contradicts one that begins no later is reported once, so there are reports exactly where there are
 * contradictions. */
Test(identities, contradictions_are_found_exactly_where_there_are_some)
{
    int with = 0;

    srand(20260301);
    for (int round = 0; round < ROUNDS; round++) {
        struct identities some = {0};
        struct seen seen = {&some, 0};
        bool wanted = false;
        int size = rand() % MOST;
        for (int i = 0; i < size; i++)
            add_random(&some);
        for (size_t i = 0; i < some.count; i++)
            for (size_t j = 0; j < i; j++)
                wanted = wanted || contradict(&some.list[i], &some.list[j]);
        identities_overlaps(&some, see, &seen);
        cr_assert_eq(seen.count > 0, wanted, "round %d", round);
        with += wanted;
        identities_free(&some);
    }
    cr_assert(with > ROUNDS / 10 && with < ROUNDS, "there is something to find, and not always: %d", with);
}

Test(identities, neighbouring_days_do_not_contradict)
{
    struct identities some = {0};
    struct seen seen = {&some, 0};

    add(&some, "amy", 1, IDENTITY_NO_DAY, 10);
    add(&some, "amy", 2, 10, 20);
    add(&some, "amy", 1, 20, IDENTITY_NO_DAY);
    add(&some, "bob", 2, 5, 25);
    add(&some, "bob", 2, 7, 9);
    identities_overlaps(&some, see, &seen);
    cr_assert_eq(seen.count, 0);
    identities_free(&some);
}
