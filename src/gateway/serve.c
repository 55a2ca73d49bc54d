/* SPDX-License-Identifier: MIT */
/* The server's life: it listens, serves until a signal, and ends. */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "embedded.h"
#include "gateway/listen.h"
#include "gateway/serve_parts.h"

#define LOOK_NS 10000000 /* between two looks at what is still under way */

const char *serve_schema(void)
{
    return embedded_schemas[0].text;
}

/* ---- start ---- */

static bool check_secrecy(const struct serve *serve, struct error *err)
{
    char shown[LISTEN_SHOWN_SIZE];

    if (serve->options->certificate != NULL || serve->options->behind_proxy || listen_is_loopback(serve->listener))
        return true;
    return fail(err, EXIT_USAGE,
                "--listen %s is reached from other machines, and without TLS everybody between could read the API "
                "keys: give --tls-cert and --tls-key, or --behind-proxy where another server in front ends TLS, or "
                "listen on 127.0.0.1",
                listen_shown(serve->listener, shown));
}

static bool start(struct serve *serve, const struct db_target *target, struct error *err)
{
    const struct serve_options *options = serve->options;
    const int64_t spans[CLIENT_WAITS] = {options->header_us, options->body_us, options->idle_us};
    const struct serve_loader_options loading = {
        .by = options->by, .listen = options->listen, .done = serve_http_done, .looked = serve_http_looked};

    return listen_open("--listen", options->listen, &serve->listener, err) && check_secrecy(serve, err) &&
           (options->certificate == NULL || tls_read(options->certificate, options->key, &serve->tls, err)) &&
           clients_start(&serve->clients, spans, err) && serve_loader_start(&serve->loader, target, &loading, err) &&
           serve_http_start(serve, err);
}

/* ---- end ---- */

/* Takes no new connections; those who are there get their answers. */
static void wait_for_answers(struct serve *serve)
{
    int64_t until_us = timestamp_monotonic() + serve->options->grace_us;

    atomic_store(&serve->is_stopping, true);
    int listener = MHD_quiesce_daemon(serve->daemon);
    if (listener >= 0)
        close(listener);
    serve->listener = -1;
    while (atomic_load(&serve->under_way) > 0 && timestamp_monotonic() < until_us)
        nanosleep(&(struct timespec){.tv_nsec = LOOK_NS}, NULL);
    unsigned left = atomic_load(&serve->under_way);
    if (left > 0)
        log_warning("%u request%s had no answer yet when the time was over; whoever sent %s sends again", left,
                    left == 1 ? "" : "s", left == 1 ? "it" : "them");
}

/* The daemon ends while the loader still takes, and gives back, what comes; so no thread meets what is gone. */
static void end(struct serve *serve)
{
    serve_loader_stop(serve->loader);
    if (serve->daemon != NULL)
        MHD_stop_daemon(serve->daemon);
    if (serve->listener >= 0)
        close(serve->listener);
    serve_loader_free(serve->loader);
    clients_stop(serve->clients);
    tls_free(&serve->tls);
}

/* ---- between ---- */

static void serve_on(struct serve *serve, const sigset_t *signals)
{
    char shown[LISTEN_SHOWN_SIZE];
    int got;

    log_note("listening on %s://%s", serve->tls.certificate != NULL ? "https" : "http",
             listen_shown(serve->listener, shown));
    listen_tell_systemd("READY=1");
    (void)sigwait(signals, &got);
    listen_tell_systemd("STOPPING=1");
    log_note("stopping: no new connections are taken, and requests under way end");
    wait_for_answers(serve);
}

bool serve_run(const struct serve_options *options, const struct db_target *target, struct error *err)
{
    struct serve serve = {.options = options, .listener = -1};
    struct sigaction ignore = {.sa_handler = SIG_IGN}, before_pipe;
    sigset_t signals, before;

    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, &before); /* for all threads: one waits for them */
    sigaction(SIGPIPE, &ignore, &before_pipe);
    bool started = start(&serve, target, err);
    if (started)
        serve_on(&serve, &signals);
    end(&serve);
    sigaction(SIGPIPE, &before_pipe, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}
