/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_AUDIT_H
#define HEADROOM_AUDIT_H

/*
 * audit: what stands in the ledger, and the proof of it: batches and what takes them back, the quarantine, the sources
 * and their gaps, the chain of digests, the way from a figure back to its line. It prints nothing and takes nothing in.
 *
 * The chain, for an auditor. Digests are SHA-256, written in lower-case hex; texts are UTF-8; times are microseconds
 * since 1970-01-01T00:00Z.
 * - An event's canonical form is the line of its columns that event_seal (model.h) names, without the newline at its
 *   end; its digest is the digest of that line.
 * - A batch's events_digest is over the 32 bytes of each event that it added, in the order of their ordinals. So one
 *   contract's month can be given away with nothing but the digests of the events left out, and is proved by itself.
 * - Its facts_digest is over the lines `@handle \t user id \t first time together \n` of the identity facts that it
 *   taught, by handle, then user id; then `@handle \t user id \t from \t until \n` of its claims, as they came.
 * - A link stands for one thing: its content digest is over that thing's values as JSON text. Kinds: batch and
 *   identities (headroom.batch_form: totals, range, both digests, sources; of quarantined lines only their number),
 *   terms, void, restore, withdrawal, contract, close, reopen, invoice, invoice-status, invoice-handles (the functions
 *   headroom.*_form say what of each). A later kind is told as made by a newer program.
 * - A link's digest is over eight lines: headroom-chain-1, number, kind, id, content digest, previous link's digest
 *   (64 zeros before the first), time, and an empty one. Who remembers one digest (the head) can prove all before it.
 * scripts/digests computes those of one batch with psql and sha256sum alone.
 */

#include "headroom/base.h"
#include "headroom/db.h"

/* ---- corrections: batches are taken back, and taken in again ---- */
enum audit_action {
    AUDIT_VOID,    /* a load's events are not counted any more */
    AUDIT_RESTORE, /* a voided load counts again, a withdrawn import teaches again */
};
/* Numbers of batches, both ends included. One that is no range must exist; of a range those that do, at least one. */
struct audit_range {
    int64_t first, last;
};
/* Whether there is a batch in the range; else EXIT_USAGE. */
MUST_CHECK bool audit_check_range(struct db *db, const struct audit_range *range, struct error *err);
struct audit_change {
    enum audit_action action;
    const struct audit_range *ranges;
    size_t range_count;
    const char *reason;
    const char *by;
    bool dry_run; /* compute what would become, and keep nothing */
};
/* A month that the change touches, before and after it. */
struct audit_changed_month {
    const char *contract;
    const char *month;                     /* "2026-10" */
    int64_t handles_before, handles_after; /* unique handles */
    const char *charge_before, *charge_after;
    const char *currency;
};
struct audit_change_result {
    int64_t *batches; /* in the order of their numbers */
    size_t batch_count;
    struct audit_changed_month *months; /* by contract and month */
    size_t month_count;
    const char *chain_head; /* after the change; NULL: dry run */
};
/* Voids or restores batches: all of them, in one transaction, with the contracts to itself. Works as the writer. Texts
 * and arrays lie in the arena. Errors: EXIT_USAGE for a number that is no batch's; EXIT_COMMAND for a batch that is
 * voided already (by whom, when), that is not voided, or whose kind is taken back in another way. */
MUST_CHECK bool audit_change_batches(const struct db_target *target, const struct audit_change *change,
                                     struct arena *arena, struct audit_change_result *result, struct error *err);

/* ---- the quarantine ---- */
struct audit_quarantine_filter {
    const char *contract;       /* lines of batches that read its events or were read for it; NULL: any */
    const char *file, *reason;  /* NULL: any */
    struct audit_range batches; /* that met them first; last 0: any */
    bool settled;               /* also lines that were read later */
    int64_t per_reason;         /* at most so many of each reason; 0: all */
};
struct audit_line {
    const char *id, *batch, *file, *line; /* numbers as text */
    const char *reason, *field;           /* field: NULL for the whole line */
    const char *message;
    struct str raw;   /* masked, cut at 4,096 bytes; any bytes */
    int64_t raw_size; /* before that */
    int64_t loaded_at;
    const char *settled_by; /* the batch that read it in the end; NULL: still in quarantine */
};
/* Gets each line as it arrives; its texts live until it returns. False gives up, with err. */
typedef bool audit_line_fn(const struct audit_line *line, void *context, struct error *err);
MUST_CHECK bool audit_each_line(struct db *db, const struct audit_quarantine_filter *filter, audit_line_fn *take,
                                void *context, struct error *err);
struct audit_reason {
    const char *reason;
    int64_t lines, settled, files;
    int64_t first_at, last_at; /* when lines were met */
};
/* The reasons, the most frequent first, in the arena. */
MUST_CHECK bool audit_reasons(struct db *db, const struct audit_quarantine_filter *filter, struct arena *arena,
                              struct audit_reason **reasons, size_t *count, struct error *err);

/* ---- verify: recomputes the chain and all that hangs on it ---- */
struct verify_options {
    const char *since; /* number of a link, or a time: batches before it are not read again; NULL: all are */
    const char *head;  /* a remembered head in hex, which must be in the chain; NULL: none */
};
/* One thing that does not hold. Texts live as long as the call. */
struct verify_finding {
    int64_t seq;      /* of the link; 0: none in particular */
    int64_t batch_id; /* 0: none */
    const char *what; /* a short static code: link_changed, link_missing, head_changed, head_unknown, content_changed,
                         content_missing, not_linked, linked_twice, events_changed, events_missing, events_added,
                         events_reordered, events_loose, facts_changed, facts_loose, quarantined_added */
    const char *text; /* for a person: which batch or link, and what */
};
typedef void verify_finding_fn(const struct verify_finding *finding, void *context);

#define VERIFY_FINDINGS_MAX 100 /* of these the first are handed out, by link, then batch; the others are counted */
struct verify_result {
    uint64_t links, batches, events, facts; /* recomputed; facts: claims as well */
    uint64_t findings;                      /* all, also those that were not handed out */
    uint64_t newer;                         /* links of a kind that this program does not know */
    char newer_kind[40];                    /* the first such kind */
    int64_t since;                          /* the first link whose batch was read again; 0: all */
    int64_t seq;                            /* the chain's length */
    int64_t remembered;                     /* the link of options->head; -1: none is */
    char chain_head[DIGEST_HEX_SIZE];
};
/* Recomputes links, contents, events and facts in one snapshot, and hands out what does not hold; true also then:
 * result->findings says how many there were. Trusts none of the database's functions. Memory: what 400,000 events or
 * one larger batch need, for each of the connections (as many as there are processors, four at most).
 * Errors: EXIT_USAGE for a since or head that is none, a link beyond the next one, EXIT_DATABASE. */
MUST_CHECK bool audit_verify(const struct db_target *target, const struct verify_options *options,
                             verify_finding_fn *found, void *context, struct verify_result *result, struct error *err);

/* ---- trace: from a figure back to its line. Rows have the columns that their statements (trace_*.sql) name ---- */
/* Which events; NULL and 0 are any. */
struct trace_filter {
    const char *id; /* needed */
    int64_t contract_id;
    const char *source, *subject;
    int64_t from_us, until_us; /* half-open */
    bool counted;              /* only those that count */
};
#define TRACE_EVENTS_MAX 100
/* The first TRACE_EVENTS_MAX events of one id, what became of each, its batch, its file. None is fine; free *rows. */
MUST_CHECK bool audit_trace_events(struct db *db, const struct trace_filter *filter, struct db_rows **rows,
                                   struct error *err);
/* The digest of an event as it is now, from its batch; the batch is read for it. */
MUST_CHECK bool audit_event_digest(struct db *db, int64_t batch_id, int64_t ordinal, char out[DIGEST_HEX_SIZE],
                                   struct error *err);
/* Who is meant by a handle, a user id or a '~' subject in a billing month, and what that rests on. */
struct trace_owner {
    char *owner;                 /* digits, '@handle' or '~' and a digest */
    struct db_rows *counted;     /* trace_counted: one row, or none where it does not count in the month */
    struct db_rows *first;       /* trace_events: the first event that counts; NULL where none does */
    struct db_rows *facts;       /* trace_facts: why this owner */
    struct db_rows *not_counted; /* trace_not_counted: requests that do not count, by reason */
};
struct trace_owners {
    struct trace_owner *items; /* several where a handle passed from one user to another within the month */
    size_t count;
};
/* month: its first day. audit_trace_free the owners in any case. EXIT_USAGE where who is none of the three. */
MUST_CHECK bool audit_trace_owners(struct db *db, int64_t contract_id, const char *month, const char *who,
                                   struct trace_owners *owners, struct error *err);
void audit_trace_free(struct trace_owners *owners);

#endif
