/* SPDX-License-Identifier: MIT */
/* A gateway from its options: opens what it is made of, runs it, and takes it down in order. */

#include "headroom/gateway.h"

#include <errno.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/admin.h"
#include "gateway/drain.h"
#include "gateway/gateway_ledger.h"
#include "gateway/listen.h"
#include "gateway/proxy.h"
#include "gateway/token_key.h"
#include "gateway/upstream_url.h"
#include "gateway/watch.h"

#define AGAIN_US   INT64_C(300000000) /* between two tries of what the ledger refused */
#define LOOPS_MOST 4                  /* unless more are asked for */

/* What is open. */
struct gateway {
    const struct gateway_options *options;
    const struct db_target *target;
    struct upstream_url upstream;
    struct tls_pair tls;
    int listener, stop_fd;
    sigset_t signals_before;
    char *folder; /* of the spool */
    struct proxy_rooms rooms;
    struct drain *drain;
    struct proxy *proxy;
    struct gateway_ledger ledger;
    struct watch *watch;
    struct admin *admin;
    int admin_listener; /* -1: none */
};

/* ---- before anything is open ---- */

static bool check_upstream(struct gateway *gateway, struct error *err)
{
    if (!listen_is_own(gateway->listener, gateway->upstream.host, gateway->upstream.port))
        return true;
    return fail(err, EXIT_COMMAND,
                "the upstream %s leads back to the gateway itself (%s port %s), because of a hosts entry or DNS: name "
                "the vendor's own address by --upstream-address HOST:PORT",
                gateway->upstream.name, gateway->upstream.host, gateway->upstream.port);
}

/* For who looks after this machine, or a collector that a firewall lets through. systemd passes on one socket, which is
 * that of the clients. */
static bool open_admin_address(struct gateway *gateway, struct error *err)
{
    const char *text = gateway->options->admin;
    struct listen_address address;

    if (text == NULL)
        return true;
    if (!listen_parse("--admin", text, &address, err) || !listen_open("--admin", text, &gateway->admin_listener, err))
        return false;
    if (!listen_is_loopback(gateway->admin_listener))
        log_warning("--admin %s can be reached from other machines: whoever reaches it reads the contracts' names and "
                    "figures, without a password",
                    text);
    return true;
}

static bool open_front(struct gateway *gateway, struct error *err)
{
    const struct gateway_options *options = gateway->options;

    return upstream_url_read(options->upstream, options->upstream_address, &gateway->upstream, err) &&
           (options->tls_cert == NULL || tls_read(options->tls_cert, options->tls_key, &gateway->tls, err)) &&
           (options->upstream_ca == NULL || tls_check_trusted("--upstream-ca", options->upstream_ca, err)) &&
           listen_open("--listen", options->listen, &gateway->listener, err) && check_upstream(gateway, err) &&
           open_admin_address(gateway, err);
}

/* Before the first thread, which has the same signals blocked then. */
static bool take_signals(struct gateway *gateway, struct error *err)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGPIPE); /* a connection that breaks is an error of the call, no more */
    pthread_sigmask(SIG_BLOCK, &signals, &gateway->signals_before);
    sigdelset(&signals, SIGPIPE);
    gateway->stop_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    return gateway->stop_fd >= 0 || fail(err, EXIT_COMMAND, "the gateway can't take signals: %s", strerror(errno));
}

/* ---- the rooms ---- */

/* With a database of somebody else's there may be none yet. */
static bool make_home(const char *home, struct error *err)
{
    char *part = mem_text(home);
    bool made = true;

    for (char *slash = strchr(part + 1, '/'); made && slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        made = mkdir(part, 0755) == 0 || errno == EEXIST;
        *slash = '/';
    }
    made = made && (mkdir(part, 0700) == 0 || errno == EEXIST);
    free(part);
    return made || fail(err, EXIT_COMMAND, "cannot make %s for the spool: %s; --spool names another place", home,
                        strerror(errno));
}

static bool open_spool(struct gateway *gateway, struct error *err)
{
    const struct gateway_options *options = gateway->options;

    gateway->folder = options->spool != NULL ? mem_text(options->spool) : mem_format("%s/spool", gateway->target->home);
    if (options->spool == NULL && !make_home(gateway->target->home, err))
        return false;
    const struct spool_options spool = {
        .folder = gateway->folder,
        .durability = options->write_only ? SPOOL_WRITE : SPOOL_FSYNC,
        .limit_bytes = options->spool_limit,
        .keep_us = options->spool_keep_us,
    };

    return spool_open(&gateway->rooms.spool, &spool, err);
}

static bool open_recorder(struct gateway *gateway, struct error *err)
{
    struct recorder_options recorder = {
        .contract = gateway->options->contract,
        .label_header = gateway->options->label_header,
    };

    if (!token_key_load(gateway->target, gateway->folder, recorder.key, err))
        return false;
    gateway->rooms.recorder = recorder_new(&recorder);
    explicit_bzero(recorder.key, sizeof(recorder.key));
    return true;
}

static bool open_gate(struct gateway *gateway, struct error *err)
{
    const struct gateway_options *options = gateway->options;
    const struct gate_options gate = {
        .mode = options->gate != NULL && strcmp(options->gate, "enforce") == 0 ? GATE_ENFORCE : GATE_OBSERVE,
        .at = options->gate_at,
        .refuse_offline = options->gate_refuse_offline,
        .contract = options->contract,
    };

    return options->gate == NULL || gate_start(&gateway->rooms.gate, &gate, gateway->target, gateway->rooms.spool, err);
}

static bool open_drain(struct gateway *gateway, struct error *err)
{
    const struct drain_options drain = {
        .contract = gateway->options->contract,
        .by = gateway->options->by,
        .again_us = AGAIN_US,
        .interval_us = gateway->options->drain_interval_us,
        .fits = gateway_ledger_fits,
        .told = gateway_ledger_told,
        .context = &gateway->ledger,
    };

    gateway->ledger = (struct gateway_ledger){
        .recorder = gateway->rooms.recorder,
        .target = gateway->target,
        .folder = gateway->folder,
        .figures = figures_new(),
        .contract = gateway->options->contract,
    };
    return drain_start(&gateway->drain, gateway->rooms.spool, gateway->target, &drain, err);
}

/* The ledger's answer to --contract may come after the start, as it may be away then. */
static void look(void *context)
{
    struct gateway *gateway = context;

    watch_look(gateway->watch, proxy_turned(gateway->proxy), proxy_is_stopping(gateway->proxy));
    if (gateway_ledger_refuses(&gateway->ledger))
        proxy_stop(gateway->proxy);
}

static bool open_admin(struct gateway *gateway, struct error *err)
{
    const struct admin_rooms rooms = {
        .watch = gateway->watch,
        .metrics = gateway->rooms.metrics,
        .figures = gateway->ledger.figures,
        .spool_id = spool_id(gateway->rooms.spool),
        .spool_limit = gateway->options->spool_limit,
        .forward_on_full = gateway->options->forward_on_full,
        .certificate_until_us = gateway->tls.until_us,
    };

    return gateway->admin_listener < 0 || admin_start(&gateway->admin, gateway->admin_listener, &rooms, err);
}

/* Spool, drain and database want their share of the processors too: more loops than a few bring nothing. */
static uint32_t loops_of(const struct gateway_options *options)
{
    cpu_set_t processors;

    if (options->loops > 0)
        return options->loops;
    if (sched_getaffinity(0, sizeof(processors), &processors) != 0)
        return 1;
    int count = CPU_COUNT(&processors);
    return count < LOOPS_MOST ? (uint32_t)count : LOOPS_MOST;
}

static bool open_proxy(struct gateway *gateway, struct error *err)
{
    const struct gateway_options *options = gateway->options;
    const struct proxy_options proxy = {
        .listener = gateway->listener,
        .tls = options->tls_cert != NULL ? &gateway->tls : NULL,
        .upstream = options->upstream,
        .upstream_address = options->upstream_address,
        .upstream_ca = options->upstream_ca,
        .upstream_name = gateway->upstream.name,
        .forward_on_full = options->forward_on_full,
        .loops = loops_of(options),
        .max_connections = options->max_connections,
        .max_in_flight = options->max_in_flight,
        .max_header = options->max_header,
        .max_body = options->max_body,
        .body_window = options->body_window,
        .header_us = options->header_us,
        .body_us = options->body_us,
        .idle_us = options->idle_us,
        .connect_us = options->connect_us,
        .upstream_us = options->upstream_us,
        .grace_us = options->grace_us,
        .stop_fd = gateway->stop_fd,
        .look = look,
        .context = gateway,
    };

    gateway->rooms.metrics = metrics_new();
    gateway->watch = watch_new(gateway->rooms.metrics, gateway->rooms.spool, gateway->drain);
    return proxy_new(&gateway->proxy, &proxy, &gateway->rooms, err);
}

/* ---- its end ---- */

static void say_end(uint64_t cut, uint64_t left, const char *folder)
{
    if (cut > 0)
        log_warning("%llu request%s had no whole answer yet and %s ended", (unsigned long long)cut, cut == 1 ? "" : "s",
                    cut == 1 ? "was" : "were");
    if (left > 0)
        log_warning("%llu request%s not in the database yet: they stay in %s, and are taken in at the next start",
                    (unsigned long long)left, left == 1 ? " is" : "s are", folder);
    else
        log_note("ended; all requests are in the database");
}

/* What was the gateway's to hear is not the process's once it may come through again. */
static void give_signals_back(struct gateway *gateway)
{
    struct signalfd_siginfo heard;

    while (gateway->stop_fd >= 0 && read(gateway->stop_fd, &heard, sizeof(heard)) == (ssize_t)sizeof(heard))
        ;
    pthread_sigmask(SIG_SETMASK, &gateway->signals_before, NULL);
}

static void close_gateway(struct gateway *gateway, bool ran, uint64_t cut)
{
    uint64_t left = 0;

    admin_stop(gateway->admin);
    proxy_end(gateway->proxy);
    watch_free(gateway->watch);
    gate_stop(gateway->rooms.gate);
    if (gateway->drain != NULL)
        drain_stop(gateway->drain, ran ? gateway->options->grace_us : 0, &left);
    spool_close(gateway->rooms.spool);
    proxy_free(gateway->proxy);
    if (ran)
        say_end(cut, left, gateway->folder);
    figures_free(gateway->ledger.figures);
    recorder_free(gateway->rooms.recorder);
    metrics_free(gateway->rooms.metrics);
    tls_free(&gateway->tls);
    free(gateway->folder);
    give_signals_back(gateway);
    const int fds[] = {gateway->listener, gateway->admin_listener, gateway->stop_fd};
    for (size_t i = 0; i < ARRAY_LENGTH(fds); i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

static uint64_t serve(struct gateway *gateway)
{
    char shown[LISTEN_SHOWN_SIZE];
    uint64_t cut = 0;

    log_note("listening on %s%s; requests go on to %s%s%s", listen_shown(gateway->listener, shown),
             gateway->options->tls_cert != NULL ? "" : " without TLS", gateway->options->upstream,
             gateway->options->upstream_address != NULL ? " at " : "",
             gateway->options->upstream_address != NULL ? gateway->options->upstream_address : "");
    listen_tell_systemd("READY=1");
    proxy_run(gateway->proxy, &cut);
    return cut;
}

bool gateway_run(const struct gateway_options *options, const struct db_target *target, struct error *err)
{
    struct gateway gateway = {
        .options = options, .target = target, .listener = -1, .admin_listener = -1, .stop_fd = -1};
    uint64_t cut = 0;

    if (options->log_json)
        log_set_json(true);
    /* libcurl has a buffer for each transfer, and glibc sorts its fast bins whenever such a large one is freed. */
    (void)mallopt(M_MXFAST, 0);
    pthread_sigmask(SIG_SETMASK, NULL, &gateway.signals_before);
    bool ran = open_front(&gateway, err) && take_signals(&gateway, err) && open_spool(&gateway, err) &&
               open_recorder(&gateway, err) && open_gate(&gateway, err) && open_drain(&gateway, err) &&
               open_proxy(&gateway, err) && open_admin(&gateway, err);
    if (ran)
        cut = serve(&gateway);
    listen_tell_systemd("STOPPING=1");
    close_gateway(&gateway, ran, cut);
    if (ran && gateway_ledger_refuses(&gateway.ledger))
        return fail(err, EXIT_USAGE,
                    "--contract '%s' is not in the ledger: `headroom contract list` shows those that are",
                    options->contract);
    return ran;
}
