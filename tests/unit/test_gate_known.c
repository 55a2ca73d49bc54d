/* SPDX-License-Identifier: MIT */
/* What the gate knows in memory. */

#include <criterion/criterion.h>

#include "gateway/gate_known.h"

static const struct gate_month november = {"acme", "1", 1000, 2000, true};

static struct gate_known *known_with(const struct gate_month *months, size_t count)
{
    struct gate_known *known = gate_known_new();

    gate_known_tell(known, months, count);
    return known;
}

static struct gate_set *set_of(const char *subject)
{
    struct gate_set *set = gate_set_new();

    gate_set_add(set, subject);
    return set;
}

Test(gate_set, holds_each_once)
{
    struct gate_set *set = set_of("1");

    gate_set_add(set, "1");
    gate_set_add(set, "12");
    cr_expect_eq(gate_set_count(set), 2);
    cr_expect(gate_set_has(set, "12"));
    cr_expect_not(gate_set_has(set, "2"));
    gate_set_free(set);
    gate_set_free(NULL);
}

Test(gate_known, lets_the_counted_pass_within_the_month)
{
    struct gate_known *known = known_with(&november, 1);

    cr_expect(gate_known_wants(known, &november));
    cr_expect_eq(gate_known_find(known, "acme", "1", 1500, 0), GATE_ASK);
    gate_known_counted(known, "acme", "1", 1500);
    cr_expect_eq(gate_known_find(known, "acme", "1", 1500, 0), GATE_ASK, "nothing was told to add to");
    gate_known_count(known, &november, set_of("1"));
    cr_expect_not(gate_known_wants(known, &november));
    cr_expect_eq(gate_known_find(known, "acme", "1", 1000, 0), GATE_COUNTED);
    cr_expect_eq(gate_known_find(known, "acme", "1", 1999, 0), GATE_COUNTED);
    cr_expect_eq(gate_known_find(known, "acme", "1", 999, 0), GATE_ASK, "before the month");
    cr_expect_eq(gate_known_find(known, "acme", "1", 2000, 0), GATE_ASK, "after it");
    gate_known_counted(known, "acme", "2", 1500);
    gate_known_counted(known, "acme", "3", 2500);
    gate_known_counted(known, "acme", "@amy", 1500);
    cr_expect_eq(gate_known_find(known, "acme", "2", 1500, 0), GATE_COUNTED);
    cr_expect_eq(gate_known_find(known, "acme", "3", 1500, 0), GATE_ASK, "counted in another month");
    cr_expect_eq(gate_known_find(known, "acme", "@amy", 1500, 0), GATE_ASK, "its owner may be another one tomorrow");
    gate_known_free(known);
}

Test(gate_known, keeps_who_counts_as_long_as_the_version)
{
    const struct gate_month later = {"acme", "2", 1000, 2000, true};
    struct gate_known *known = known_with(&november, 1);

    gate_known_count(known, &november, set_of("1"));
    gate_known_tell(known, &november, 1);
    cr_expect_eq(gate_known_find(known, "acme", "1", 1500, 0), GATE_COUNTED);
    gate_known_tell(known, &later, 1);
    cr_expect_eq(gate_known_find(known, "acme", "1", 1500, 0), GATE_ASK);
    gate_known_count(known, &november, set_of("1"));
    cr_expect_eq(gate_known_find(known, "acme", "1", 1500, 0), GATE_ASK, "what was read before is dropped");
    cr_expect(gate_known_wants(known, &later));
    gate_known_tell(known, NULL, 0);
    cr_expect_null(gate_known_contract(known, "acme"));
    gate_known_free(known);
    gate_known_free(NULL);
}

Test(gate_known, knows_which_contract_is_meant)
{
    const struct gate_month two[] = {november, {"beta", NULL, 0, 0, true}};
    struct gate_known *known = known_with(&november, 1);

    cr_expect_str_eq(gate_known_contract(known, NULL), "acme", "the only one there is");
    gate_known_tell(known, two, 2);
    cr_expect_null(gate_known_contract(known, NULL));
    cr_expect_str_eq(gate_known_contract(known, "beta"), "beta");
    cr_expect_null(gate_known_contract(known, "gamma"));
    cr_expect_eq(gate_known_find(known, "beta", "1", 0, 0), GATE_ASK, "without terms now");
    cr_expect_not(gate_known_wants(known, &two[1]));
    gate_known_free(known);
}

Test(gate_known, does_not_ask_where_nothing_closes)
{
    const struct gate_month free_month = {"acme", "1", 1000, 2000, false};
    struct gate_known *known = known_with(&free_month, 1);

    cr_expect_eq(gate_known_find(known, "acme", "1", 1500, 0), GATE_FREE);
    cr_expect_eq(gate_known_find(known, "acme", "1", 2500, 0), GATE_ASK, "another month may");
    cr_expect_not(gate_known_wants(known, &free_month));
    gate_known_free(known);
}

Test(gate_known, holds_a_refusal_for_a_moment)
{
    struct gate_known *known = known_with(&november, 1);

    gate_known_refused(known, "acme", "1", 5);
    gate_known_refused(known, "acme", "1", 9);
    gate_known_refused(known, "acme", "2", 10);
    cr_expect_eq(gate_known_find(known, "acme", "1", 1500, 5 + GATE_REFUSED_US - 1), GATE_REFUSED);
    cr_expect_eq(gate_known_find(known, "acme", "3", 1500, 6), GATE_ASK);
    cr_expect_eq(gate_known_find(known, "beta", "1", 1500, 6), GATE_ASK, "of another contract");
    cr_expect_eq(gate_known_find(known, "acme", "1", 1500, 5 + GATE_REFUSED_US), GATE_ASK);
    cr_expect_eq(gate_known_find(known, "acme", "2", 1500, 5 + GATE_REFUSED_US), GATE_REFUSED);
    gate_known_free(known);
}

Test(gate_known, tells_the_span_of_a_time)
{
    const int64_t day = INT64_C(86400000000);
    const struct gate_month month = {"acme", "1", 10 * day + 5, 41 * day, true};
    struct gate_known *known = known_with(&month, 1);

    cr_expect_eq(gate_known_span(known, "acme", 20 * day + 7), 10 * day + 5, "of the month");
    cr_expect_eq(gate_known_span(known, "acme", 41 * day + 7), 41 * day, "after it: of the day");
    cr_expect_eq(gate_known_span(known, "other", 20 * day + 7), 20 * day, "no such contract");
    cr_expect_eq(gate_known_span(known, NULL, 20 * day + 7), 20 * day, "none is named");
    gate_known_free(known);
}
