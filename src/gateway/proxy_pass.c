/* SPDX-License-Identifier: MIT */
/* The way of a request to the upstream: its body, the gate, the spool; and the record's end. Nothing leaves before its
 * intent is durable, and what has an intent gets an outcome or is withdrawn. */

#include "gateway/proxy_parts.h"

static bool is_gone(const struct exchange *exchange)
{
    return exchange->client == NULL || exchange->body_unwanted;
}

/* ---- the record ---- */

static void finish(struct exchange *exchange, enum record_end end)
{
    exchange->ended_us = timestamp_monotonic(); /* the answer may come in the turn that sent the request */
    int64_t latency = exchange->ended_us - exchange->left_us;

    metrics_upstream_took(exchange->loop->rooms.metrics, latency);
    if (exchange->number > 0)
        spool_finish(exchange->loop->rooms.spool, exchange->number, record_outcome(exchange->record, end, latency));
}

static void withdraw(struct exchange *exchange)
{
    if (exchange->number == 0)
        return;
    metrics_not_sent(exchange->loop->rooms.metrics);
    if (log_says(LOG_DETAIL))
        tell_not_sent(exchange);
    spool_withdraw(exchange->loop->rooms.spool, exchange->number);
}

void pass_end(struct exchange *exchange, enum record_end end)
{
    if (exchange->left_us > 0)
        finish(exchange, end);
    else
        withdraw(exchange);
    exchange->state = EXCHANGE_OVER;
    exchange->number = 0;
    exchange->body_unwanted = true;
    exchange_touch(exchange);
}

void pass_give_up(struct exchange *exchange)
{
    exchange->body_unwanted = true;
    if (exchange->state == EXCHANGE_UPSTREAM) {
        upstream_cancel(exchange);
        pass_end(exchange, exchange->head_whole ? RECORD_BROKEN : RECORD_NO_ANSWER);
    } else if (!exchange->asked) {
        exchange->state = EXCHANGE_OVER;
    } /* else: the ticket that comes back ends it */
}

static void refuse(struct exchange *exchange, enum metrics_refusal kind, int status, const char *origin,
                   const char *why)
{
    metrics_refused(exchange->loop->rooms.metrics, kind);
    exchange->state = EXCHANGE_OVER;
    exchange->body_unwanted = true;
    answer_refuse(exchange, status, origin, why);
    exchange_touch(exchange);
}

/* ---- gate and spool ---- */

/* Its time is that of now: a body or the gate may have kept it waiting, and up to a moment ago it may be said that
 * nothing older comes. */
static void intend(struct exchange *exchange, int64_t now_us)
{
    exchange->time_us = now_us;
    exchange->state = EXCHANGE_SPOOL;
    exchange->asked = true;
    exchange->spool = (struct spool_ticket){.caller = &exchange->loop->spooled, .owner = exchange};
    exchange->loop->intends = true;
    spool_intend(exchange->loop->rooms.spool, &exchange->spool, record_intent(exchange->record, exchange->time_us),
                 exchange->time_us);
}

static void ask_gate(struct exchange *exchange, int64_t now_us)
{
    struct gate *gate = exchange->loop->rooms.gate;

    exchange->state = EXCHANGE_GATE;
    exchange->gate = (struct gate_ticket){.caller = &exchange->loop->gated, .owner = exchange, .time_us = now_us};
    exchange->asked = gate != NULL && !gate_ask(gate, &exchange->gate, record_contract(exchange->record),
                                                record_subject(exchange->record), now_us);
}

static void gate_decided(struct exchange *exchange, int64_t now_us)
{
    /* The month ended while the gate was asked: another one's places are asked for. */
    if (!is_gone(exchange) &&
        !gate_holds(exchange->loop->rooms.gate, &exchange->gate, record_contract(exchange->record), now_us))
        ask_gate(exchange, now_us);
    if (exchange->asked)
        return;
    if (is_gone(exchange)) {
        exchange->state = EXCHANGE_OVER;
        exchange_touch(exchange);
    } else if (exchange->gate.verdict == GATE_REFUSE) {
        refuse(exchange, REFUSAL_GATE, 403, "gate", exchange->gate.why);
    } else {
        intend(exchange, now_us);
    }
}

static void leave(struct exchange *exchange)
{
    int64_t now_us = timestamp_now();

    ask_gate(exchange, now_us);
    if (!exchange->asked)
        gate_decided(exchange, now_us);
}

/* A request that has no intent may go on only where a gap record will tell of it. */
static bool may_go_on(const struct exchange *exchange)
{
    const struct loop *loop = exchange->loop;

    return exchange->number > 0 ||
           (loop->options->forward_on_full && spool_missed(loop->rooms.spool, exchange->time_us));
}

static void spool_decided(struct exchange *exchange)
{

    exchange->number = exchange->spool.number;
    if (is_gone(exchange)) {
        pass_end(exchange, RECORD_NO_ANSWER);
    } else if (may_go_on(exchange)) {
        upstream_send(exchange);
    } else {
        refuse(exchange, REFUSAL_SPOOL_FULL, 503, "refused",
               "the gateway cannot record requests now, so it passes none on: its spool is full or cannot be written");
    }
}

void pass_wake(struct loop *loop)
{
    if (loop->intends)
        spool_wake(loop->rooms.spool);
    loop->intends = false;
}

void pass_take_done(struct loop *loop)
{
    struct gate_ticket *gated = loop->rooms.gate != NULL ? gate_take_done(loop->rooms.gate, &loop->gated) : NULL;
    struct spool_ticket *spooled = spool_take_done(loop->rooms.spool, &loop->spooled);

    while (gated != NULL) {
        struct exchange *exchange = gated->owner;
        gated = gated->next; /* the ticket is the exchange's, which may be asked again */
        exchange->asked = false;
        gate_decided(exchange, timestamp_now());
    }
    while (spooled != NULL) {
        struct exchange *exchange = spooled->owner;
        spooled = spooled->next;
        exchange->asked = false;
        spool_decided(exchange);
    }
}

/* ---- the body ---- */

static void body_too_long(struct exchange *exchange)
{
    pass_give_up(exchange);
    metrics_refused(exchange->loop->rooms.metrics, REFUSAL_TOO_LARGE);
    if (exchange->response == NULL)
        answer_refuse(exchange, 413, "refused", "the body is longer than the gateway takes (--max-body)");
    exchange_touch(exchange);
}

size_t pass_body(struct exchange *exchange, const char *bytes, size_t size)
{
    size_t window = exchange->loop->options->body_window;

    if (!exchange->body_unwanted && exchange->body_seen + size > exchange->loop->options->max_body)
        body_too_long(exchange);
    if (exchange->body_unwanted)
        return size;
    size_t room = window - exchange->up.size;
    size = size < room ? size : room;
    window_add(&exchange->up, bytes, size);
    record_request_body(exchange->record, (struct str){bytes, size});
    exchange->body_seen += size;
    if (exchange->state == EXCHANGE_BODY && exchange->up.size == window)
        leave(exchange);
    else if (exchange->state == EXCHANGE_UPSTREAM)
        exchange_touch(exchange);
    return size;
}

void pass_body_end(struct exchange *exchange)
{
    exchange->body_whole = true;
    if (exchange->body_unwanted)
        return;
    if (exchange->state == EXCHANGE_BODY)
        leave(exchange);
    else if (exchange->state == EXCHANGE_UPSTREAM)
        exchange_touch(exchange);
}
