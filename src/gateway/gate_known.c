/* SPDX-License-Identifier: MIT */
/* Refusals are kept in the order in which they came, so that those that hold no more are the first ones. */

#include "gateway/gate_known.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#define DAY_US INT64_C(86400000000)

struct member {
    UT_hash_handle hh;
    char subject[];
};

struct gate_set {
    struct arena *arena;
    struct member *members;
};

struct contract {
    char *name;
    char *version; /* NULL: no terms now */
    int64_t starts_us, ends_us;
    bool closes;
    struct gate_set *counted; /* NULL: not told yet */
    UT_hash_handle hh;
};

struct refusal {
    int64_t until_us;
    UT_hash_handle hh;
    char key[]; /* subject, blank, contract */
};

struct gate_known {
    struct contract *contracts;
    struct refusal *refusals;
};

/* ---- a set ---- */

struct gate_set *gate_set_new(void)
{
    struct gate_set *set = mem_alloc(sizeof(*set));

    set->arena = arena_new();
    return set;
}

void gate_set_free(struct gate_set *set)
{
    if (set == NULL)
        return;
    HASH_CLEAR(hh, set->members);
    arena_free(set->arena);
    free(set);
}

bool gate_set_has(const struct gate_set *set, const char *subject)
{
    struct member *member = NULL;

    HASH_FIND_STR(set->members, subject, member);
    return member != NULL;
}

void gate_set_add(struct gate_set *set, const char *subject)
{
    size_t size = strlen(subject) + 1;

    if (gate_set_has(set, subject))
        return;
    struct member *member = arena_alloc(set->arena, sizeof(*member) + size);
    memset(member, 0, sizeof(*member));
    memcpy(member->subject, subject, size);
    HASH_ADD_STR(set->members, subject, member);
}

size_t gate_set_count(const struct gate_set *set)
{
    return HASH_COUNT(set->members);
}

/* ---- contracts ---- */

struct gate_known *gate_known_new(void)
{
    return mem_alloc(sizeof(struct gate_known));
}

static void contract_free(struct contract *contract)
{
    gate_set_free(contract->counted);
    free(contract->name);
    free(contract->version);
    free(contract);
}

static void forget_contracts(struct contract *contracts)
{
    struct contract *next = contracts;

    HASH_CLEAR(hh, contracts);
    while (next != NULL) {
        struct contract *contract = next;
        next = contract->hh.next;
        contract_free(contract);
    }
}

static void forget_refusals(struct gate_known *known, int64_t now_us)
{
    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): one that was deleted is the first one no more */
    while (known->refusals != NULL && known->refusals->until_us <= now_us) {
        struct refusal *first = known->refusals;
        HASH_DEL(known->refusals, first);
        free(first);
    }
}

void gate_known_free(struct gate_known *known)
{
    if (known == NULL)
        return;
    forget_contracts(known->contracts);
    forget_refusals(known, INT64_MAX);
    free(known);
}

static struct contract *find(const struct gate_known *known, const char *name)
{
    struct contract *contract = NULL;

    HASH_FIND_STR(known->contracts, name, contract);
    return contract;
}

static bool is_of_version(const struct contract *contract, const char *version)
{
    return contract->version != NULL && version != NULL && strcmp(contract->version, version) == 0;
}

void gate_known_tell(struct gate_known *known, const struct gate_month *months, size_t count)
{
    struct contract *told = NULL;

    for (size_t i = 0; i < count; i++) {
        struct contract *before = find(known, months[i].contract);
        struct contract *contract = mem_alloc(sizeof(*contract));
        contract->name = mem_text(months[i].contract);
        contract->version = months[i].version != NULL ? mem_text(months[i].version) : NULL;
        contract->starts_us = months[i].starts_us;
        contract->ends_us = months[i].ends_us;
        contract->closes = months[i].closes;
        if (before != NULL && is_of_version(before, months[i].version)) {
            contract->counted = before->counted;
            before->counted = NULL;
        }
        HASH_ADD_KEYPTR(hh, told, contract->name, strlen(contract->name), contract);
    }
    forget_contracts(known->contracts);
    known->contracts = told;
}

bool gate_known_wants(const struct gate_known *known, const struct gate_month *month)
{
    const struct contract *contract = find(known, month->contract);

    return contract != NULL && contract->closes && contract->counted == NULL && is_of_version(contract, month->version);
}

void gate_known_count(struct gate_known *known, const struct gate_month *month, struct gate_set *set)
{
    struct contract *contract = find(known, month->contract);

    if (contract == NULL || !is_of_version(contract, month->version)) {
        gate_set_free(set);
        return;
    }
    gate_set_free(contract->counted);
    contract->counted = set;
}

const char *gate_known_contract(const struct gate_known *known, const char *name)
{
    const struct contract *contract = NULL;

    if (name != NULL)
        contract = find(known, name);
    else if (HASH_COUNT(known->contracts) == 1)
        contract = known->contracts;
    return contract != NULL ? contract->name : NULL;
}

/* ---- subjects ---- */

/* Contracts' names hold blanks, subjects none. */
static char *refusal_key(const char *contract, const char *subject)
{
    return mem_format("%s %s", subject, contract);
}

static bool was_refused(struct gate_known *known, const char *contract, const char *subject, int64_t now_us)
{
    struct refusal *refusal = NULL;

    forget_refusals(known, now_us);
    if (known->refusals == NULL)
        return false;
    char *key = refusal_key(contract, subject);
    HASH_FIND_STR(known->refusals, key, refusal);
    free(key);
    return refusal != NULL;
}

static bool is_in_month(const struct contract *contract, int64_t time_us)
{
    return contract->version != NULL && time_us >= contract->starts_us && time_us < contract->ends_us;
}

enum gate_found gate_known_find(struct gate_known *known, const char *name, const char *subject, int64_t time_us,
                                int64_t now_us)
{
    const struct contract *contract = find(known, name);

    if (contract != NULL && is_in_month(contract, time_us)) {
        if (!contract->closes)
            return GATE_FREE;
        if (contract->counted != NULL && gate_set_has(contract->counted, subject))
            return GATE_COUNTED;
    }
    return was_refused(known, name, subject, now_us) ? GATE_REFUSED : GATE_ASK;
}

void gate_known_counted(struct gate_known *known, const char *name, const char *subject, int64_t time_us)
{
    const struct contract *contract = find(known, name);

    if (subject[0] != '@' && contract != NULL && contract->counted != NULL && is_in_month(contract, time_us))
        gate_set_add(contract->counted, subject);
}

int64_t gate_known_span(const struct gate_known *known, const char *name, int64_t time_us)
{
    const struct contract *contract = name != NULL ? find(known, name) : NULL;

    return contract != NULL && is_in_month(contract, time_us) ? contract->starts_us : time_us - time_us % DAY_US;
}

void gate_known_refused(struct gate_known *known, const char *contract, const char *subject, int64_t now_us)
{
    if (was_refused(known, contract, subject, now_us))
        return;
    char *key = refusal_key(contract, subject);
    size_t size = strlen(key) + 1;
    struct refusal *refusal = mem_alloc(sizeof(*refusal) + size);
    refusal->until_us = now_us + GATE_REFUSED_US;
    memcpy(refusal->key, key, size);
    HASH_ADD_STR(known->refusals, key, refusal);
    free(key);
}
