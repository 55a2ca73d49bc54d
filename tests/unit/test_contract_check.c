/* SPDX-License-Identifier: MIT */
/* A contract's document: each wrong value is told by its JSON pointer, and what is taken is written out. */

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "headroom/contracts.h"

static struct contract_currency known[] = {{"JPY", 0}, {"KWD", 3}, {"USD", 2}};
static const struct contract_currencies currencies = {known, ARRAY_LENGTH(known)};
static struct error err;

static const char good[] =
    "{\"name\":\"acme\",\"terms\":[{\"from\":\"2026-01-01\",\"limit\":500,\"currency\":\"USD\",\"pricing\":"
    "{\"model\":\"flat\",\"unit_price\":\"2.50\"}}]}";

static bool check(const char *text, json_t **document)
{
    json_t *all = NULL;
    bool taken = contract_parse(str_of(text), "file", &all, &err) &&
                 contract_check(json_array_get(all, 0), "", &currencies, document, &err);
    json_decref(all);
    return taken;
}

/* A contract with one more key, and one with terms of which one value is put in the place of another. */
#define OWN(text)    "{\"name\":\"a\",\"terms\":[{" TERMS "}]," text "}"
#define TERM(text)   "{\"name\":\"a\",\"terms\":[{" text "}]}"
#define TERMS        "\"from\":\"2026-01-01\",\"limit\":5,\"currency\":\"USD\",\"pricing\":" FLAT
#define FLAT         "{\"model\":\"flat\",\"unit_price\":\"1\"}"
#define MORE(text)   TERM(TERMS "," text)
#define PRICED(text) TERM("\"from\":\"2026-01-01\",\"limit\":5,\"currency\":\"USD\",\"pricing\":" text)
#define TIERS(text)  PRICED("{\"model\":\"volume\",\"tiers\":[" text "]}")

static const struct refusal {
    const char *text;
    const char *said; /* begins with the pointer */
} refusals[] = {
    {"[]x", "file, line 1, column 3: this is no JSON"},
    {"{\"a\":1,\"a\":2}", "file, line 1"},
    {"[5]", "the contract: it is a number, and must be an object"},
    {"{}", "/name: it is missing"},
    {"{\"name\":null}", "/name: it is missing"},
    {"{\"name\":\"a\"}", "/terms: it is missing"},
    {"{\"name\":\"a\",\"terms\":[]}", "/terms: there are none"},
    {"{\"name\":\"a\",\"terms\":{}}", "/terms: it is an object, and must be an array"},
    {"{\"name\":\"\",\"terms\":[{" TERMS "}]}", "/name: it is empty"},
    {"{\"name\":\" a\",\"terms\":[{" TERMS "}]}", "/name: it has blanks at its ends"},
    {"{\"name\":\"a\\u001b\",\"terms\":[{" TERMS "}]}", "/name: it holds control characters"},
    {"{\"name\":5,\"terms\":[{" TERMS "}]}", "/name: it is a number, and must be a string"},
    {OWN("\"note\":\"\""), "/note: there is no such key; did you mean notes?"},
    {OWN("\"a/b~c\":1"), "/a~1b~0c: there is no such key; there are: name"},
    {OWN("\"end\":\"2026-02-30\""), "/end: '2026-02-30' is no date: the calendar has no such day"},
    {OWN("\"end\":20260101"), "/end: it is a number, and must be a date"},
    {OWN("\"dispute_days\":0"), "/dispute_days: 0 is out of range"},
    {OWN("\"billing_day\":2,\"time_zone\":\"UTC\""), NULL},
    {"{\"name\":\"a\",\"billing_day\":2,\"terms\":[{" TERMS ",\"billing_day\":3}]}",
     "/billing_day: the first terms have another"},
    {OWN("\"apps\":[{\"name\":\"a\"}]"), "/apps/0/key: it is missing"},
    {OWN("\"apps\":[{\"name\":\"a\",\"key\":\"k\"},{\"name\":\"b\",\"key\":\"k\"}]"), "/apps/1: its key is that of"},
    {OWN("\"apps\":[7]"), "/apps/0: it is a number, and must be an object"},
    {OWN("\"answers\":[{\"question\":\"q\",\"answer\":\"a\",\"date\":\"2026-01-01\"}]"),
     "/answers/0/by: it is missing"},
    {OWN("\"answers\":[{\"question\":\"q\",\"answer\":\"a\",\"date\":\"soon\",\"by\":\"x\"}]"),
     "/answers/0/date: 'soon' is"},
    {OWN("\"alternatives\":[{\"name\":\"b\",\"limit\":1}]"), "/alternatives/0/pricing: it is missing"},
    {OWN("\"alternatives\":[{\"name\":\"b\",\"limit\":1,\"pricing\":" FLAT
         "},{\"name\":\"b\",\"limit\":2,\"pricing\":" FLAT "}]"),
     "/alternatives/1: its name is that of element 0"},
    {TERM("\"from\":\"2026-01-01\""), "/terms/0/limit: it is missing; write null where there is none"},
    {MORE("\"limits\":5"), "/terms/0/limits: there is no such key; did you mean limit?"},
    {TERM("\"from\":\"2005-12-31\",\"limit\":5"), "/terms/0/from: '2005-12-31' is too early"},
    {TERM("\"from\":\"2026-01-01\",\"limit\":-1"), "/terms/0/limit: -1 is out of range"},
    {TERM("\"from\":\"2026-01-01\",\"limit\":\"5\""), "/terms/0/limit: it is a string"},
    {TERM("\"from\":\"2026-01-01\",\"limit\":5.0"),
     "/terms/0/limit: it is a decimal number, and must be a whole number"},
    {TERM("\"from\":\"2026-01-01\",\"limit\":9223372036854775808"), "file, line 1"},
    {TERM("\"from\":\"2026-01-01\",\"limit\":null,\"currency\":\"usd\""), "/terms/0/currency: 'usd' is no currency"},
    {PRICED("\"2.50\""), "/terms/0/pricing: it is a string, and must be an object"},
    {PRICED("{\"model\":\"tiered\",\"unit_price\":\"1\"}"), "/terms/0/pricing/model: 'tiered' is not known"},
    {PRICED("{\"model\":\"flat\",\"unit_price\":2.5}"),
     "/terms/0/pricing/unit_price: it is a decimal number, and must be money as a"},
    {PRICED("{\"model\":\"flat\",\"unit_price\":\"-1\"}"), "/terms/0/pricing/unit_price: '-1' is no money"},
    {PRICED("{\"model\":\"flat\",\"unit_price\":\"1e3\"}"), "/terms/0/pricing/unit_price: '1e3' is no money"},
    {PRICED("{\"model\":\"flat\",\"unit_price\":\"0.1234567890123\"}"),
     "/terms/0/pricing/unit_price: '0.1234567890123' has 13"},
    {PRICED("{\"model\":\"flat\",\"unit_price\":\"1234567890123\"}"), "/terms/0/pricing/unit_price: it is too big"},
    {PRICED("{\"model\":\"flat\",\"unit_price\":\"1\",\"size\":2}"), "/terms/0/pricing/size: there is no such key"},
    {PRICED("{\"model\":\"package\",\"size\":0,\"price\":\"1\"}"), "/terms/0/pricing/size: 0 is out of range"},
    {TIERS(""), "/terms/0/pricing/tiers: there is no bracket"},
    {TIERS("{\"up_to\":5,\"unit_price\":\"1\"}"), "/terms/0/pricing/tiers/0: the last bracket's up_to must be null"},
    {TIERS("{\"up_to\":null,\"unit_price\":\"1\"},{\"up_to\":null,\"unit_price\":\"1\"}"),
     "/terms/0/pricing/tiers/0: only the last"},
    {TIERS(
         "{\"up_to\":5,\"unit_price\":\"1\"},{\"up_to\":5,\"unit_price\":\"1\"},{\"up_to\":null,\"unit_price\":\"1\"}"),
     "/terms/0/pricing/tiers/1: up_to 5 is not above"},
    {TIERS("{\"unit_price\":\"1\"}"), "/terms/0/pricing/tiers/0/up_to: it is missing"},
    {TIERS("{\"up_to\":null,\"unit_price\":\"1\",\"flat_fee\":1}"),
     "/terms/0/pricing/tiers/0/flat_fee: it is a number"},
    {MORE("\"minimum\":\"1.005\""), "/terms/0/minimum: '1.005' has 3 decimals; USD has at most 2"},
    {MORE("\"fee\":\"1.001\""), "/terms/0/fee: '1.001' has 3 decimals"},
    {MORE("\"minimum\":\"10\",\"cap\":\"9.99\""), "/terms/0/cap: 9.99 is below the minimum 10"},
    {MORE("\"minimum\":\"1.5\",\"cap\":\"1.50\""), NULL},
    {MORE("\"minimum\":\"1.5\",\"cap\":\"1.4\""), "/terms/0/cap: 1.4 is below the minimum 1.5"},
    {MORE("\"tolerance\":{\"cliff\":true}"), "/terms/0/tolerance/units: it is missing"},
    {MORE("\"tolerance\":{\"units\":1,\"cliff\":1}"), "/terms/0/tolerance/cliff: it must be true or false"},
    {MORE("\"proration\":\"monthly\""), "/terms/0/proration: 'monthly' is not known; there are: none, daily"},
    {MORE("\"counting\":\"answred\""), "/terms/0/counting: 'answred' is not known; did you mean answered"},
    {MORE("\"billing_day\":32"), "/terms/0/billing_day: 32 is out of range"},
    {TERM(TERMS "},{" TERMS), "/terms/1/from: 2026-01-01 is not after 2026-01-01"},
    {TERM("\"from\":\"2026-01-01\",\"limit\":5,\"currency\":\"JPY\",\"minimum\":\"5.0\",\"pricing\":" FLAT),
     "/terms/0/minimum: '5.0' has 1 decimals; JPY has at most 0"},
    {TERM("\"from\":\"2026-01-01\",\"limit\":5,\"currency\":\"KWD\",\"minimum\":\"5.005\",\"pricing\":" FLAT), NULL},
};

Test(contract_check, refuses_by_pointer)
{
    for (size_t i = 0; i < ARRAY_LENGTH(refusals); i++) {
        json_t *document = NULL;
        const char *said = refusals[i].said;
        bool taken = check(refusals[i].text, &document);
        cr_expect_eq(taken, said == NULL, "%s: %s", refusals[i].text, err.text);
        if (!taken && said != NULL) {
            cr_expect_eq(strncmp(err.text, said, strlen(said)), 0, "%s says: %s", refusals[i].text, err.text);
            cr_expect_eq(err.code, EXIT_USAGE);
        }
        json_decref(document);
    }
}

Test(contract_check, writes_everything_out)
{
    static const char wanted[] =
        "{\"name\":\"acme\",\"time_zone\":\"UTC\",\"billing_day\":1,\"counting\":\"answered\",\"apps\":[],\"end\":null,"
        "\"notes\":null,\"answers\":[],\"dispute_days\":null,\"alternatives\":[],\"terms\":[{\"from\":\"2026-01-01\","
        "\"limit\":500,\"currency\":\"USD\",\"pricing\":{\"model\":\"flat\",\"unit_price\":\"2.50\"},\"fee\":null,"
        "\"minimum\":null,\"cap\":null,\"tolerance\":{\"units\":0,\"cliff\":false},\"proration\":\"none\","
        "\"time_zone\":\"UTC\",\"billing_day\":1,\"counting\":\"answered\"}]}";
    json_t *document = NULL;
    cr_assert(check(good, &document), "%s", err.text);
    char *text = json_dumps(document, JSON_COMPACT);
    cr_expect_str_eq(text, wanted);
    json_t *again = NULL;
    cr_assert(check(text, &again), "%s", err.text);
    cr_expect(json_equal(document, again), "what was written out is taken as it is");
    json_decref(document);
    json_decref(again);
    free(text);
}

/* ---- what differs ---- */

static void list_pointers(const char *pointer, const json_t *from, const json_t *to, void *context)
{
    char *list = context;
    size_t size = strlen(list);
    snprintf(list + size, 400 - size, "%s%s ", from == NULL ? "+" : to == NULL ? "-" : "", pointer);
}

Test(contract_compare, matches_terms_by_date)
{
    json_t *from = json_loads("{\"end\":null,\"terms\":[{\"from\":\"a\",\"limit\":1,\"pricing\":{\"tiers\":[1,2]}},"
                              "{\"from\":\"c\",\"limit\":3}]}",
                              0, NULL);
    json_t *to = json_loads("{\"end\":\"x\",\"terms\":[{\"from\":\"a\",\"limit\":1,\"pricing\":{\"tiers\":[1,3,4]}},"
                            "{\"from\":\"b\",\"limit\":2},{\"from\":\"d\",\"limit\":3}]}",
                            0, NULL);
    char list[400] = "";
    contract_compare(from, to, list_pointers, list);
    cr_expect_str_eq(list, "/end /terms/0/pricing/tiers/1 +/terms/0/pricing/tiers/2 +/terms/1 +/terms/2 -/terms/1 ");
    json_decref(from);
    json_decref(to);
}
