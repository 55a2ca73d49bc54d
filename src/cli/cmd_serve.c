/* SPDX-License-Identifier: MIT */
/* headroom serve: the event endpoint. */

#include <stdio.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/value.h"
#include "headroom/serve.h"

static enum exit_code run_serve(const struct invocation *invocation);

static const char send_late[] =
    "curl -H \"Authorization: Bearer $KEY\" -H 'Content-Type: application/x-ndjson' --data-binary @late.jsonl "
    "http://127.0.0.1:8077/v1/events  # what an application kept while it was away";

const struct command cmd_serve = {
    .name = "serve",
    .summary = "take events from applications over HTTP",
    .description =
        "It listens until SIGINT or SIGTERM. POST /v1/events with 'Authorization: Bearer KEY' (see 'headroom key') "
        "takes "
        "one event or an array (application/json), JSON lines (application/x-ndjson), and CloudEvents in structured "
        "and batched mode (application/cloudevents+json, application/cloudevents-batch+json), plain or with "
        "Content-Encoding: gzip, up to 10,000 events at once. The fields are those of request logs, see GET "
        "/v1/schema.\n\n"
        "It answers 202 once the events are durable: {added, duplicate, rejected, lines}, where lines says of each "
        "event {line, verdict, pointer, reason, detail}; what is rejected is in the quarantine too. An event that "
        "came before is a duplicate, so whoever got no answer sends it again, for ever, provided that its id and time "
        "are its own: an event without a time is rejected.\n\n"
        "Refusals are problem details (RFC 9457), and nothing was taken in: 400 no JSON, 401 no right key, 403 an "
        "event of another contract than the key's, 411 or 413 no length or too large, 415 another Content-Type, 422 "
        "all events rejected, 429 too much waits, 503 the database is away or has another version; after 429 and 503 "
        "send it again. /healthz answers while the server runs, /readyz while it can take events.\n\n"
        "While it runs and the ledger is there, it says every few seconds that it has listened until a minute ago, and "
        "data until of the sources that it feeds goes on with that, though no event comes. It can't know what "
        "applications keep to themselves: 'headroom sources' judges silence and gaps of these sources by their events "
        "alone, and a month that they feed is never graded complete. While it is away it says nothing; take in what "
        "applications kept in files meanwhile, as the same source. What comes from elsewhere, give a source of its "
        "own.\n\n"
        "Beyond this machine it wants TLS, or --behind-proxy where another server in front ends TLS.\n\n"
        "Sizes are written as 64K, 1M, 2G; spans as 500ms, 10s, 5m, 2h, 7d.",
    .options =
        (const struct option_spec[]){
            {"listen", 0, "ADDR", "HOST:PORT, [::1]:PORT, :PORT for every address, or systemd for its socket; needed"},
            {"tls-cert", 0, "FILE", "certificate to show, PEM, with its chain; with --tls-key"},
            {"tls-key", 0, "FILE", "its private key, PEM"},
            {"behind-proxy", 0, NULL, "plain HTTP for other machines too: a server in front of it ends TLS"},
            {"max-body", 0, "SIZE", "of a body, also of what is packed in it; default: 10M"},
            {"max-waiting", 0, "SIZE", "of all bodies that are held at once; more get 429; default: 64M"},
            {"max-connections", 0, "N", "of clients; default: 1000"},
            {"header-timeout", 0, "SPAN", "a client's time for its first request's head; default: 10s"},
            {"body-timeout", 0, "SPAN", "a client's time for a body, and to take its answer; default: 60s"},
            {"idle-timeout", 0, "SPAN", "from an answer to the next request's head; default: 75s"},
            {"grace", 0, "SPAN", "at the end, for requests under way; default: 10s"},
            {"schema", 0, NULL, "print the JSON Schema of an event, and end"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom serve --listen 127.0.0.1:8077  # for applications on this machine",
            "headroom serve --listen :8443 --tls-cert events.pem --tls-key events.key  # for others too",
            "headroom serve --schema >event.schema.json  # what an event may hold",
            send_late,
            NULL,
        },
    .run = run_serve,
};

#define SECOND_US INT64_C(1000000)
#define HOUR_US   (3600 * SECOND_US)
#define MIB       (UINT64_C(1) << 20)

static bool take_sizes(const struct arguments *arguments, struct serve_options *options, struct error *err)
{
    uint64_t body = 10 * MIB, waiting = 64 * MIB;
    const char *body_text = argument_option(arguments, "max-body");
    const char *waiting_text = argument_option(arguments, "max-waiting");

    if ((body_text != NULL && !value_size("max-body", body_text, 1024, 1024 * MIB, &body, err)) ||
        (waiting_text != NULL &&
         !value_size("max-waiting", waiting_text, SERVE_WAITING_MIN, UINT64_C(1) << 40, &waiting, err)))
        return false;
    if (body > waiting)
        return fail(err, EXIT_USAGE, "a body may be larger than all that wait: give --max-waiting at least --max-body");
    options->max_body = body;
    options->max_waiting = waiting;
    return true;
}

static bool take_spans(const struct arguments *arguments, struct serve_options *options, struct error *err)
{
    const struct {
        const char *name;
        int64_t *value, fallback, min;
    } spans[] = {
        {"header-timeout", &options->header_us, 10 * SECOND_US, 100000},
        {"body-timeout", &options->body_us, 60 * SECOND_US, 100000},
        {"idle-timeout", &options->idle_us, 75 * SECOND_US, 100000},
        {"grace", &options->grace_us, 10 * SECOND_US, 0},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(spans); i++) {
        const char *text = argument_option(arguments, spans[i].name);
        *spans[i].value = spans[i].fallback;
        if (text != NULL && !value_span(spans[i].name, text, spans[i].min, HOUR_US, spans[i].value, err))
            return false;
    }
    return true;
}

#define CONNECTIONS_MAX 100000

static bool take_connections(const struct arguments *arguments, struct serve_options *options, struct error *err)
{
    const char *text = argument_option(arguments, "max-connections");
    int64_t connections = 1000;

    if (text != NULL && !(value_count("max-connections", text, 2, CONNECTIONS_MAX, err) &&
                          str_to_int64(str_of(text), 2, CONNECTIONS_MAX, &connections)))
        return false;
    options->max_connections = (uint32_t)connections;
    return true;
}

static bool take_options(const struct arguments *arguments, struct serve_options *options, struct error *err)
{
    options->listen = argument_option(arguments, "listen");
    options->certificate = argument_option(arguments, "tls-cert");
    options->key = argument_option(arguments, "tls-key");
    options->behind_proxy = argument_flag(arguments, "behind-proxy");
    if (options->listen == NULL)
        return fail(err, EXIT_USAGE, "--listen is needed, as 127.0.0.1:8077");
    if ((options->certificate == NULL) != (options->key == NULL))
        return fail(err, EXIT_USAGE, "--tls-cert and --tls-key belong together; give both");
    return take_sizes(arguments, options, err) && take_spans(arguments, options, err) &&
           take_connections(arguments, options, err);
}

static enum exit_code run_serve(const struct invocation *invocation)
{
    struct serve_options options = {.by = invocation->by};
    struct db_target target;
    struct error err;

    if (argument_flag(invocation->arguments, "schema")) {
        fputs(serve_schema(), stdout);
        return output_ok(stdout, &err) ? EXIT_DONE : cli_failed(&err);
    }
    if (!take_options(invocation->arguments, &options, &err))
        return cli_usage(invocation, "%s", err.text);
    if (!db_find_target(invocation->db, &target, &err) || !serve_run(&options, &target, &err))
        return cli_failed(&err);
    return EXIT_DONE;
}
