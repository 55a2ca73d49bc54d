/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_H
#define HEADROOM_REPORT_H

/*
 * report: report definitions -> datasets -> renderers. A report is a folder of reports/: layout.json says which
 * datasets it reads, what their columns mean and how sheets are made of them; each dataset is one .sql beside it.
 * Nothing here knows what a particular report shows, and no rule of counting or pricing is here: a new report needs no
 * C.
 */

#include "headroom/reconcile.h"

/* How the text that the database gives for a column is read. */
enum report_kind {
    REPORT_TEXT,
    REPORT_INTEGER,
    REPORT_NUMBER,  /* shown with the decimals that it comes with */
    REPORT_PERCENT, /* 0.5 is 50% */
    REPORT_MONEY,   /* exact decimals, with the currency of `currency` */
    REPORT_TIME,    /* timestamptz, given in the report's zone */
    REPORT_DATE,
};

/* How many rows a dataset has: exactly one; so few that they are kept in memory; any number, streamed. */
enum report_rows {
    REPORT_ONE,
    REPORT_FEW,
    REPORT_MANY
};

/* What $1, $2 … of a report's datasets are: contract_id bigint, month date, the time of the report timestamptz, and the
 * month's forecast at that time jsonb, see outlook_document. Of a report of several contracts instead of all but the
 * time: these jsonb, an array of {contract_id, month, forecast, status}, see outlook_json_brief and month_status. */
enum report_parameter {
    REPORT_CONTRACT,
    REPORT_MONTH,
    REPORT_NOW,
    REPORT_FORECAST,
    REPORT_CONTRACTS
};
#define REPORT_PARAMETERS 5

struct report_column {
    const char *name;
    const char *about;    /* what it means, for a person */
    const char *currency; /* of money: "dataset.column", NULL: the report's */
    enum report_kind kind;
    bool same; /* in every row, so that it can be used as a value of a dataset of one row */
};

/* Where something is declared: in this file ("overage/daily.json"), as this one of its list, from 0. */
struct report_place {
    const char *file;
    size_t index;
};

struct report_dataset {
    const char *name;
    const char *about;
    enum report_rows rows;
    const struct report_column *columns;
    size_t column_count;
    const char *const *takes; /* datasets whose rows its statement has as further parameters */
    size_t take_count;
    struct report_place place;
    struct sql sql;
};

struct report_layout; /* the sheets */

struct report {
    const char *name;
    const char *path;  /* of its files, for messages: "overage", "/home/ann/reports/mine" */
    const char *title; /* one line, no full stop */
    const char *about;
    const char *main; /* the dataset that CSV is of unless another is asked for; NULL: none */
    const enum report_parameter *parameters;
    size_t parameter_count;
    struct report_dataset *datasets;
    size_t dataset_count;
    const struct report_layout *layout;
    struct arena *arena; /* everything above lives here */
};

const char *report_kind_name(enum report_kind kind);
const char *report_rows_name(enum report_rows rows);
const char *report_parameter_name(enum report_parameter parameter);
bool report_takes(const struct report *report, enum report_parameter parameter);

const char *report_sheet_name(const struct report *report, size_t index); /* NULL behind the last */
/* Whether something of the dataset stands on that sheet. */
bool report_sheet_uses(const struct report *report, size_t index, const struct report_dataset *dataset);

/* ---- which there are ---- */

struct report_name {
    const char *name;
    const char *folder; /* the user's folder that it is in; NULL: it is built in */
};
/* The built-in reports and those of a user's folder (NULL: none), of which one of the same name stands for the built-in
 * one; in alphabetical order, in the arena. A folder that can't be read is an error. */
MUST_CHECK bool report_list(const char *folder, struct arena *arena, const struct report_name **names, size_t *count,
                            struct error *err);

/* Reads and checks the definition of one of these. EXIT_USAGE, naming the known ones, when there is none. */
MUST_CHECK bool report_open(const char *folder, const char *name, struct report **report, struct error *err);
void report_close(struct report *report);        /* NULL is fine */
bool report_is_own(const struct report *report); /* it is the user's */

/* The same from files that are at hand: `path` stands before their names, "PATH/layout.json" and "PATH/DATASET"; its
 * last part is the report's name. */
MUST_CHECK bool report_read(const struct embedded *files, const char *path, struct report **report, struct error *err);

/* ---- writing ---- */

/* What some formats take besides. */
enum report_option {
    REPORT_OPTION_DATASET = 1, /* one dataset alone */
    REPORT_OPTION_RAW = 2,     /* texts without the guard against formulas */
    REPORT_OPTION_BOM = 4,     /* the mark by which Excel knows UTF-8 */
};

/* What a report can be written as. */
struct report_format {
    const char *name;   /* "csv" */
    const char *suffix; /* of a file's name, ".csv" */
    unsigned options;   /* of enum report_option */
    bool has_whole;     /* holds the whole report; else one dataset */
    bool piped;         /* goes to standard output where no file is named */
    bool needs_file;    /* can't go there at all */
    bool is_json;
};
const struct report_format *report_format_at(size_t index); /* NULL behind the last */
/* EXIT_USAGE, naming the known ones, when there is none. */
MUST_CHECK bool report_format_named(const char *name, const struct report_format **format, struct error *err);
/* By the suffix of a file's name; the workbook's for NULL and where there is none. EXIT_USAGE, naming the known ones,
 * for another one. */
MUST_CHECK bool report_format_of_file(const char *file, const struct report_format **format, struct error *err);

#define REPORT_TO_OUTPUT "-"

struct report_month {
    const struct reconcile_contract *contract;
    const char *month; /* "2026-10-01" */
};

struct report_request {
    const struct reconcile_contract *contract; /* it and month: NULL for a report of several contracts */
    const char *month;                         /* "2026-10-01" */
    const struct report_month *months;         /* of such a report */
    size_t month_count;
    int64_t now_us;   /* the time of the report */
    const char *file; /* NULL: a name made of the report's values, in the current folder; REPORT_TO_OUTPUT */
    const struct report_format *format;
    const char *dataset; /* only this one; NULL: all, or the main one where a format holds one alone */
    bool raw;
    bool bom;
};

/* Whether the report can be written so, as far as that is known without its data. EXIT_USAGE. */
MUST_CHECK bool report_check_request(const struct report *report, const struct report_request *request,
                                     struct error *err);
/* Whether it goes to standard output. */
bool report_to_output(const struct report_request *request);

/* What the ledger said in the report's snapshot. */
#define REPORT_AMOUNT_SIZE 64
struct report_basis {
    int64_t chain_seq;
    char chain_digest[DIGEST_HEX_SIZE];
    bool is_of_month; /* else nothing below is there */
    char state[8];    /* of the month: open, over, closed */
    int64_t unique_handles;
    char charge[REPORT_AMOUNT_SIZE];
    char currency[4];
};

struct report_written {
    char *file; /* the path, owned: free() it; NULL: it went to standard output */
    char sha256[DIGEST_HEX_SIZE];
    uint64_t size; /* bytes */
    struct report_basis basis;
};

/* Writes the report from one snapshot of the database. A file appears whole under its name, or not at all. */
MUST_CHECK bool report_write(struct db *db, const struct report *report, const struct report_request *request,
                             struct report_written *written, struct error *err);

/* The time that a report bears: SOURCE_DATE_EPOCH (seconds) where that is set, else now, in whole seconds. */
MUST_CHECK bool report_now(int64_t *now_us, struct error *err);

#endif
