/* SPDX-License-Identifier: MIT */
/* headroom gateway: records every request by standing where it passes. */

#include <string.h>
#include <strings.h>

#include "cli/gateway.h"
#include "cli/value.h"
#include "headroom/gateway.h"

static enum exit_code run_gateway(const struct invocation *invocation);

const struct command cmd_gateway = {
    .name = "gateway",
    .summary = "pass requests on to the API, and record each",
    .description =
        "A reverse proxy in front of the Engagement API. It listens until SIGINT or SIGTERM and passes each request "
        "on as it is: target, headers, body and answer unchanged, so that a client's OAuth signature stays valid. A "
        "client that has the vendor's host fixed is led to it by a hosts entry or DNS, with --tls-cert and --tls-key "
        "that it trusts for that name; the gateway itself then finds the vendor by --upstream-address.\n\n"
        "Of each request it keeps the time, who was authenticated, endpoint, number of Tweets, status, outcome, "
        "failed Tweets, rate limit, latency and bytes; never a token, a signature or a body. The intent is on disk in "
        "the spool before the request leaves; the outcome follows, and the spool drains into the ledger within a "
        "second. While PostgreSQL is away the gateway goes on, until the spool reaches --spool-limit. When a request "
        "can't be recorded, --on-full refuse answers 503; forward passes it on, and writes down as soon as it can how "
        "many were not recorded, and when. Tokens that name nobody are known by a digest, whose key is the "
        "database's, with a copy in the spool's folder (token-key) for a start without it. When the database is there "
        "and its key is another one, the requests stay in the spool, and log and /readyz say what to do. The spool "
        "holds a little of its disk in reserve (spool.reserve): on a full disk nothing new is recorded, but what is "
        "there still goes to the ledger; requests that are in it may then leave the spool before --spool-keep is "
        "over, as recording new ones matters more than replaying.\n\n"
        "What the ledger refuses by itself holds up nothing else: its number and the reason are in the log, at "
        "/readyz and in the metrics, it stays in the spool with all that came after it, is a gap in 'headroom "
        "sources', and is tried again at the next start and every five minutes.\n\n"
        "With --gate enforce a request of a new handle is answered 403 once the month's unique handles are at the "
        "limit; observe only records what would have been refused. While the ledger is away --gate-offline decides."
        "\n\n"
        "Its own answers have the form of the vendor's errors and the header X-Headroom-Gateway: refused, gate or "
        "error. 400: a request that can be read in two ways; 413, 431: over a limit; 502: the vendor can't be "
        "reached; 503: it can't be recorded, or too many are under way; 504: the vendor was silent for too long. What "
        "is no readable HTTP, such as bad chunks or too many headers, the HTTP library answers in words of its own; a "
        "client that is too slow is cut off. A request is sent at most once; one that never left, as the vendor could "
        "not be reached or its client was gone by then, is no event.\n\n"
        "At --admin, which is for the machine's own people and has no password: /healthz is 200 while the process and "
        "its loops live; /readyz is 200 while requests are taken and recorded, else 503, and says what is wrong and "
        "since when in both cases (as JSON where Accept names it): a database that is away refuses nobody, so it is "
        "said with 200. /metrics is for Prometheus, each name with headroom_gateway_ before it: requests_total by "
        "endpoint and status; latency_seconds, upstream_seconds; refused_total and upstream_failures_total by reason; "
        "not_sent_total; clients_gone_total; connections; in_flight; spool_entries, spool_unanswered, spool_bytes, "
        "spool_limit_bytes, spool_oldest_seconds, spool_full, spool_last_number, spool_purged_early_total, "
        "spool_refused; missed_total; gaps; database_up; drained_total; last_drain_time_seconds, "
        "last_drain_age_seconds; certificate_days_left; start_time_seconds; unique_handles and limit by contract and "
        "month, read each minute, at figures_time_seconds; build_info.\n\n"
        "Sizes are written as 64K, 1M, 2G; spans as 500ms, 10s, 5m, 2h, 7d.",
    .options =
        (const struct option_spec[]){
            {"listen", 0, "ADDR", "HOST:PORT, [::1]:PORT, :PORT for every address, or systemd for its socket; needed"},
            {"contract", 0, "NAME",
             "the contract of requests whose app belongs to none; default: the only one there is"},
            {"tls-cert", 0, "FILE", "certificate to show, PEM, with its chain; with --tls-key"},
            {"tls-key", 0, "FILE", "its private key, PEM"},
            {"upstream", 0, "URL", "whom requests go on to; default: " GATEWAY_UPSTREAM},
            {"upstream-address", 0, "HOST:PORT", "connect there; name and certificate stay those of --upstream"},
            {"upstream-ca", 0, "FILE", "trust these certificates, PEM; default: the system's"},
            {"spool", 0, "FOLDER",
             "where requests are kept until they are in the ledger; default: HEADROOM_HOME/spool"},
            {"durability", 0, "fsync|write",
             "a request leaves when its intent outlives a loss of power, or only the program's end; default: fsync"},
            {"spool-limit", 0, "SIZE", "of what is not in the ledger yet; default: 1G"},
            {"spool-keep", 0, "SPAN",
             "how long the rest stays, for 'gateway replay', unless the disk is full; default: 7d"},
            {"on-full", 0, "refuse|forward", "what can't be recorded is refused, or passed on; default: refuse"},
            {"label-header", 0, "NAME", "its value is the label, and it is not passed on; default: X-Headroom-Label"},
            {"gate", 0, "observe|enforce", "look at new handles at the limit; default: off"},
            {"gate-at", 0, "N", "unique handles at which the gate closes; default: the contract's limit"},
            {"gate-offline", 0, "refuse|allow", "new handles while the ledger is away; default: allow"},
            {"admin", 0, "ADDR", "where /healthz, /readyz and /metrics are answered; default: nowhere"},
            {"drain-interval", 0, "SPAN", "between two batches into the ledger; default: 1s"},
            {"loops", 0, "N", "threads that pass requests on; default: one a processor, 4 at most"},
            {"max-connections", 0, "N", "of clients; default: 1000"},
            {"max-in-flight", 0, "N", "requests under way at once; default: 1000"},
            {"max-header", 0, "SIZE", "of a request's head; default: 16K"},
            {"max-body", 0, "SIZE", "of a request's body; default: 1M"},
            {"body-window", 0, "SIZE", "of a body kept in memory while it passes, each way; default: 16K"},
            {"header-timeout", 0, "SPAN", "a client's time for a request's head; default: 10s"},
            {"body-timeout", 0, "SPAN", "a client's time for the body; default: 60s"},
            {"idle-timeout", 0, "SPAN", "a client's silence between requests, or in taking an answer; default: 75s"},
            {"upstream-connect-timeout", 0, "SPAN", "for a connection to the vendor, TLS included; default: 5s"},
            {"upstream-timeout", 0, "SPAN", "the vendor's longest silence; default: 60s"},
            {"grace", 0, "SPAN", "at the end: for requests under way, then for the spool; default: 10s"},
            {"log", 0, "text|json",
             "the log's form, on standard error; with -v it has a line for each request; default: text"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom gateway --listen 127.0.0.1:8080 --contract acme  # behind a proxy that ends TLS",
            "headroom gateway --listen :443 --contract acme --tls-cert api.pem --tls-key api.key "
            "--upstream-address 192.0.2.10:443  # as data-api.twitter.com",
            "headroom gateway --listen 127.0.0.1:8080 --gate enforce --admin 127.0.0.1:9090  # refuses what would cost",
            NULL,
        },
    .subcommands = (const struct command *const[]){&gateway_replay_command, NULL},
    .run = run_gateway,
};

/* ---- options ---- */

/* What the name of a header may hold: RFC 9110, 5.6.2. */
#define HEADER_NAME "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~"

#define SECOND_US INT64_C(1000000)
#define DAY_US    (86400 * SECOND_US)
#define KIB       ((uint64_t)1024)
#define MIB       (1024 * KIB)

static bool take_sizes(const struct arguments *arguments, struct gateway_options *options, struct error *err)
{
    const struct {
        const char *name;
        uint64_t *value, fallback, min, max;
    } sizes[] = {
        {"spool-limit", &options->spool_limit, 1024 * MIB, MIB, UINT64_C(1) << 50},
        {"max-header", &options->max_header, 16 * KIB, 4 * KIB, MIB},
        {"max-body", &options->max_body, MIB, 1, 1024 * MIB},
        {"body-window", &options->body_window, 16 * KIB, GATEWAY_WINDOW_MIN, 16 * MIB},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
        const char *text = argument_option(arguments, sizes[i].name);
        *sizes[i].value = sizes[i].fallback;
        if (text != NULL && !value_size(sizes[i].name, text, sizes[i].min, sizes[i].max, sizes[i].value, err))
            return false;
    }
    return true;
}

static bool take_spans(const struct arguments *arguments, struct gateway_options *options, struct error *err)
{
    const struct {
        const char *name;
        int64_t *value, fallback, min, max;
    } spans[] = {
        {"spool-keep", &options->spool_keep_us, 7 * DAY_US, 0, 3660 * DAY_US},
        {"drain-interval", &options->drain_interval_us, SECOND_US, 10000, 3600 * SECOND_US},
        {"header-timeout", &options->header_us, 10 * SECOND_US, 100000, 3600 * SECOND_US},
        {"body-timeout", &options->body_us, 60 * SECOND_US, 100000, 3600 * SECOND_US},
        {"idle-timeout", &options->idle_us, 75 * SECOND_US, 100000, 3600 * SECOND_US},
        {"upstream-connect-timeout", &options->connect_us, 5 * SECOND_US, 10000, 3600 * SECOND_US},
        {"upstream-timeout", &options->upstream_us, 60 * SECOND_US, 10000, 3600 * SECOND_US},
        {"grace", &options->grace_us, 10 * SECOND_US, 0, 3600 * SECOND_US},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(spans); i++) {
        const char *text = argument_option(arguments, spans[i].name);
        *spans[i].value = spans[i].fallback;
        if (text != NULL && !value_span(spans[i].name, text, spans[i].min, spans[i].max, spans[i].value, err))
            return false;
    }
    return true;
}

static bool take_counts(const struct arguments *arguments, struct gateway_options *options, struct error *err)
{
    int64_t loops = 0, connections = 1000, in_flight = 1000;
    const struct {
        const char *name;
        int64_t *value, min, max;
    } counts[] = {
        {"loops", &loops, 1, GATEWAY_LOOPS_MAX},
        {"max-connections", &connections, 1, 100000},
        {"max-in-flight", &in_flight, 1, 100000},
        {"gate-at", &options->gate_at, 0, INT64_C(1000000000)},
    };

    options->gate_at = -1;
    for (size_t i = 0; i < ARRAY_LENGTH(counts); i++) {
        const char *text = argument_option(arguments, counts[i].name);
        if (text == NULL)
            continue;
        if (!value_count(counts[i].name, text, counts[i].min, counts[i].max, err) ||
            !str_to_int64(str_of(text), counts[i].min, counts[i].max, counts[i].value))
            return false;
    }
    options->loops = (uint32_t)loops;
    options->max_connections = (uint32_t)connections;
    options->max_in_flight = (uint32_t)in_flight;
    return true;
}

/* The first choice is no for what its option asks; *second: the second was chosen. */
static bool take_choice(const struct arguments *arguments, const char *name, const char *const choices[3],
                        const char **chosen, struct error *err)
{
    *chosen = argument_option(arguments, name);
    return *chosen == NULL || value_choice(name, *chosen, choices, err);
}

static bool is_chosen(const char *chosen, const char *choice)
{
    return chosen != NULL && strcmp(chosen, choice) == 0;
}

static bool take_choices(const struct arguments *arguments, struct gateway_options *options, struct error *err)
{
    const char *durability, *on_full, *offline, *log;

    if (!take_choice(arguments, "durability", (const char *const[]){"fsync", "write", NULL}, &durability, err) ||
        !take_choice(arguments, "on-full", (const char *const[]){"refuse", "forward", NULL}, &on_full, err) ||
        !take_choice(arguments, "gate", (const char *const[]){"observe", "enforce", NULL}, &options->gate, err) ||
        !take_choice(arguments, "gate-offline", (const char *const[]){"refuse", "allow", NULL}, &offline, err) ||
        !take_choice(arguments, "log", (const char *const[]){"text", "json", NULL}, &log, err))
        return false;
    options->write_only = is_chosen(durability, "write");
    options->forward_on_full = is_chosen(on_full, "forward");
    options->gate_refuse_offline = is_chosen(offline, "refuse");
    options->log_json = is_chosen(log, "json");
    return true;
}

/* The label is kept, and its header is not passed on: neither may happen to one that has a meaning of its own. */
static bool check_label_header(const char *name, struct error *err)
{
    static const char *const taken[] = {
        "Accept",
        "Accept-Encoding",
        "Authorization",
        "Connection",
        "Content-Encoding",
        "Content-Length",
        "Content-Type",
        "Cookie",
        "Expect",
        "Host",
        "Keep-Alive",
        "TE",
        "Proxy-Authorization",
        "Transfer-Encoding",
        "Upgrade",
    };

    if (name[0] == '\0' || strlen(name) > 100 || name[strspn(name, HEADER_NAME)] != '\0')
        return fail(err, EXIT_USAGE, "--label-header '%s' is no name of a header: write it as X-Headroom-Label", name);
    for (size_t i = 0; i < ARRAY_LENGTH(taken); i++)
        if (strcasecmp(name, taken[i]) == 0)
            return fail(err, EXIT_USAGE,
                        "--label-header %s: that header has a meaning of its own, and the label's is kept and not "
                        "passed on; choose another name, as X-Headroom-Label",
                        name);
    return true;
}

static bool take_texts(const struct arguments *arguments, struct gateway_options *options, struct error *err)
{
    const char *upstream = argument_option(arguments, "upstream");
    const char *label = argument_option(arguments, "label-header");

    options->listen = argument_option(arguments, "listen");
    options->contract = argument_option(arguments, "contract");
    options->tls_cert = argument_option(arguments, "tls-cert");
    options->tls_key = argument_option(arguments, "tls-key");
    options->upstream = upstream != NULL ? upstream : GATEWAY_UPSTREAM;
    options->upstream_address = argument_option(arguments, "upstream-address");
    options->upstream_ca = argument_option(arguments, "upstream-ca");
    options->spool = argument_option(arguments, "spool");
    options->label_header = label != NULL ? label : "X-Headroom-Label";
    options->admin = argument_option(arguments, "admin");
    if (options->listen == NULL)
        return fail(err, EXIT_USAGE, "--listen is missing: where should clients reach the gateway? As 127.0.0.1:8080");
    if ((options->tls_cert == NULL) != (options->tls_key == NULL))
        return fail(err, EXIT_USAGE, "--tls-cert and --tls-key belong together: give both, or neither");
    if (!check_label_header(options->label_header, err) ||
        (options->contract != NULL && !value_name("contract", options->contract, err)))
        return false;
    return options->gate != NULL || (options->gate_at < 0 && argument_option(arguments, "gate-offline") == NULL) ||
           fail(err, EXIT_USAGE, "--gate-at and --gate-offline are for --gate; add it, or leave them out");
}

static enum exit_code run_gateway(const struct invocation *invocation)
{
    const struct arguments *arguments = invocation->arguments;
    struct gateway_options options = {.by = invocation->by};
    struct db_target target;
    struct error err;

    if (!take_sizes(arguments, &options, &err) || !take_spans(arguments, &options, &err) ||
        !take_counts(arguments, &options, &err) || !take_choices(arguments, &options, &err) ||
        !take_texts(arguments, &options, &err))
        return cli_usage(invocation, "%s", err.text);
    if (!db_find_target(invocation->db, &target, &err) || !gateway_run(&options, &target, &err))
        return err.code == EXIT_USAGE ? cli_usage(invocation, "%s", err.text) : cli_failed(&err);
    return EXIT_DONE;
}
