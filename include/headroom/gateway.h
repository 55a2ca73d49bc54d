/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_H
#define HEADROOM_GATEWAY_H

/*
 * gateway: a recording reverse proxy in front of the Engagement API. It changes nothing of what passes, and what passes
 * is known for ever: each request is in the spool, on disk, before it leaves, and in PostgreSQL soon after.
 */

#include "headroom/db.h"

#define GATEWAY_UPSTREAM   "https://data-api.twitter.com"
#define GATEWAY_LOOPS_MAX  64
#define GATEWAY_WINDOW_MIN ((uint64_t)16 * 1024) /* of body_window */

/* Texts are borrowed; sizes in bytes, spans in microseconds. */
struct gateway_options {
    const char *listen;             /* HOST:PORT, [v6]:PORT, :PORT or "systemd" */
    const char *contract;           /* of requests whose consumer key belongs to none; NULL: the only contract */
    const char *by;                 /* who */
    const char *tls_cert, *tls_key; /* PEM files; both NULL: plain HTTP */
    const char *upstream, *upstream_address, *upstream_ca; /* the latter two NULL: by the URL; the system's CAs */
    const char *spool;                                     /* folder; NULL: "spool" in the private cluster's home */
    bool write_only;                                       /* --durability write */
    uint64_t spool_limit;
    int64_t spool_keep_us;
    bool forward_on_full;     /* --on-full forward */
    const char *label_header; /* NULL: none */
    const char *gate;         /* "observe", "enforce"; NULL: off */
    int64_t gate_at;          /* -1: the contract's limit */
    bool gate_refuse_offline;
    const char *admin; /* address of health and metrics; NULL: off */
    bool log_json;     /* --log json: the log, of which details say each request */
    int64_t drain_interval_us;
    uint32_t loops; /* threads that pass requests on; 0: as many as there are processors, 4 at most */
    uint32_t max_connections, max_in_flight;
    uint64_t max_header, max_body, body_window;
    int64_t header_us, body_us, idle_us; /* a client's time for head, body, and between requests */
    int64_t connect_us, upstream_us;     /* the upstream's, to connect and to be silent */
    int64_t grace_us;                    /* for requests under way, and for the drain, at the end */
};
/* Serves until SIGINT or SIGTERM; then ends what is under way, drains, and says what stays in the spool. PostgreSQL may
 * be away at any time, also at the start. Errors: EXIT_USAGE for an option, EXIT_COMMAND for what can't be opened,
 * EXIT_DATABASE where there has never been a ledger. */
MUST_CHECK bool gateway_run(const struct gateway_options *options, const struct db_target *target, struct error *err);

/* ---- replay: what a spool still keeps, once more ---- */
struct gateway_replay {
    const char *spool;    /* its folder */
    const char *contract; /* of requests whose app belongs to none; NULL: the only one there is */
    const char *by;       /* who */
};
struct gateway_replayed {
    uint64_t entries; /* added + duplicate + quarantined */
    uint64_t added, duplicate, quarantined;
    uint64_t refused; /* by the ledger, entries and notes: which and why is in the log */
};
/* Takes every entry of a spool in again, and its gap records and decisions: what is there already stays as it is. Also
 * beside a gateway that uses the spool. Errors: EXIT_COMMAND for a folder that is no spool, EXIT_DATABASE. */
MUST_CHECK bool gateway_replay(const struct gateway_replay *replay, const struct db_target *target,
                               struct gateway_replayed *replayed, struct error *err);

#endif
