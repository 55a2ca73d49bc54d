/* SPDX-License-Identifier: MIT */
/* What the log says of a request: ids, times and what became of it; nothing that could be used, as a target with its
 * query might be. */

#include "gateway/proxy_parts.h"

#define FIELDS 8

struct line {
    struct log_field fields[FIELDS];
    size_t count;
};

static void add_text(struct line *line, const char *name, const char *text)
{
    if (text != NULL)
        line->fields[line->count++] = (struct log_field){.name = name, .text = str_of(text)};
}

static void add_number(struct line *line, const char *name, int64_t number)
{
    line->fields[line->count++] = (struct log_field){.name = name, .number = number};
}

static void add_who(struct line *line, const struct record_of *record)
{
    add_text(line, "contract", record_contract(record));
    add_text(line, "subject", record_subject(record));
    add_text(line, "endpoint", record_endpoint(record));
}

void tell_request(const struct exchange *exchange, bool answered)
{
    const struct record_of *record = exchange->record;
    struct line line = {0};

    if (exchange->spool.number > 0)
        add_number(&line, "id", (int64_t)exchange->spool.number);
    if (record != NULL)
        add_who(&line, record);
    if (exchange->answered != 0)
        add_number(&line, "status", exchange->answered);
    if (exchange->state == EXCHANGE_OVER && exchange->left_us > 0)
        add_number(&line, "upstream_us", exchange->ended_us - exchange->left_us);
    add_number(&line, "latency_us", timestamp_monotonic() - exchange->begun_us);
    add_number(&line, "bytes", (int64_t)exchange->answer_seen);
    log_fields(LOG_DETAIL, answered ? "request answered" : "client left", line.fields, line.count);
}

void tell_not_sent(const struct exchange *exchange)
{
    struct line line = {0};

    add_number(&line, "id", (int64_t)exchange->number);
    add_who(&line, exchange->record);
    log_fields(LOG_DETAIL, "request not sent: no event", line.fields, line.count);
}
