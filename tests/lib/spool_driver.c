/* SPDX-License-Identifier: MIT */
/* Drives a spool as the gateway's loop does, for the fault tests and for measuring.
 * Usage: spool_driver load FOLDER fsync|write CLIENTS REQUESTS [print]
 *            requests of so many clients at once; with print says "ack NUMBER REQUEST" once an intent is acknowledged,
 *            "missed TIME REQUEST" where it was refused, which is on record, "lost TIME REQUEST" where that failed too
 *        spool_driver list FOLDER        opens it (which recovers), and prints NUMBER INTENT OUTCOME of each entry
 *        spool_driver notes FOLDER       KIND JSON of each note
 *        spool_driver drain FOLDER N [print]
 *            marks all as drained, N entries at a time; with print lists each of them, once it is marked
 *        spool_driver open FOLDER        only opens and closes it, and says how long the opening took */

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "gateway/spool.h"

#define ENTRIES 10000

struct client {
    struct spool_ticket ticket;
    uint64_t request; /* 0: none under way */
};
static struct spool *spool;
static struct spool_caller caller;
static bool printing;
static uint64_t missed;

static void must(bool worked, const struct error *err)
{
    if (worked)
        return;
    fprintf(stderr, "%s\n", err->text);
    exit((int)err->code);
}

static void open_spool(const char *folder, const char *durability)
{
    struct spool_options options = {.folder = folder,
                                    .durability = strcmp(durability, "fsync") == 0 ? SPOOL_FSYNC : SPOOL_WRITE,
                                    .limit_bytes = (uint64_t)4 << 30,
                                    .keep_us = INT64_C(7) * 86400000000};
    struct error err;

    must(spool_open(&spool, &options, &err), &err);
}

static void say(const char *format, uint64_t a, uint64_t b)
{
    char line[80];
    int size = snprintf(line, sizeof(line), "%s %" PRIu64 " %" PRIu64 "\n", format, a, b);

    if (printing && write(STDOUT_FILENO, line, (size_t)size) != size)
        exit(EXIT_COMMAND);
}

static void start(struct client *client, uint64_t request)
{
    char intent[240];
    int size = snprintf(intent, sizeof(intent),
                        "{\"time\":\"2026-11-23T21:00:00.123456Z\",\"contract\":\"acme\",\"user_id\":\"%" PRIu64
                        "\",\"app\":\"xvz1evFS4wEEPTGEFPHBog\",\"endpoint\":\"totals\",\"label\":\"%" PRIu64 "\"}",
                        6253282 + request % 1000, request);

    client->request = request;
    client->ticket.owner = client;
    client->ticket.caller = &caller;
    spool_intend(spool, &client->ticket, (struct str){intent, (size_t)size}, timestamp_now());
    spool_wake(spool);
}

static void end(struct client *client)
{
    static const char outcome[] =
        "{\"status\":200,\"outcome\":\"ok\",\"tweet_count\":1,\"metrics\":[\"favorites\",\"replies\",\"retweets\"],"
        "\"rate_limit\":900,\"rate_remaining\":898,\"latency_ms\":12,\"bytes\":431}";

    if (client->ticket.number != 0) {
        say("ack", client->ticket.number, client->request);
        spool_finish(spool, client->ticket.number, str_of(outcome));
        return;
    }
    int64_t now = timestamp_now();
    missed++;
    say(spool_missed(spool, now) ? "missed" : "lost", (uint64_t)now, client->request);
    usleep(2000);
}

static double cpu(void)
{
    struct rusage used;

    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void load(const char *folder, const char *durability, size_t count, uint64_t requests)
{
    struct client *clients = calloc(count, sizeof(*clients));
    struct pollfd woken = {.fd = eventfd(0, EFD_NONBLOCK), .events = POLLIN};
    uint64_t started = 0, ended = 0, ignored;

    caller.wake_fd = woken.fd;
    open_spool(folder, durability);
    int64_t began = timestamp_monotonic();
    double used = cpu();
    for (size_t i = 0; i < count && started < requests; i++)
        start(&clients[i], ++started);
    while (ended < started) {
        (void)poll(&woken, 1, 1000);
        (void)!read(woken.fd, &ignored, sizeof(ignored));
        for (struct spool_ticket *next, *ticket = spool_take_done(spool, &caller); ticket != NULL;
             ticket = next, ended++) {
            struct client *client = ticket->owner;
            next = ticket->next;
            end(client);
            if (started < requests)
                start(client, ++started);
        }
    }
    spool_close(spool);
    double seconds = (double)(timestamp_monotonic() - began) / 1e6;
    fprintf(stderr, "%" PRIu64 " requests in %.2f s: %.0f a second, %.2f us of CPU each, %" PRIu64 " missed\n", ended,
            seconds, (double)ended / seconds, (cpu() - used) * 1e6 / (double)ended, missed);
    free(clients);
}

static void list(const char *folder)
{
    static struct spool_entry entries[ENTRIES];
    struct spool_reader *reader;
    struct error err;
    size_t count = 1;

    open_spool(folder, "write");
    must(spool_reader_open(&reader, folder, true, &err), &err);
    while (count > 0) {
        must(spool_read(reader, entries, ENTRIES, &count, &err), &err);
        for (size_t i = 0; i < count; i++)
            printf("%" PRIu64 " %s %s\n", entries[i].number, entries[i].intent.data, entries[i].outcome.data);
    }
    spool_reader_close(reader);
    spool_close(spool);
}

static void list_notes(const char *folder)
{
    static struct spool_kept_note notes[ENTRIES];
    struct spool_reader *reader;
    struct error err;
    size_t count;

    open_spool(folder, "write");
    must(spool_reader_open(&reader, folder, false, &err), &err);
    must(spool_read_notes(reader, notes, ENTRIES, &count, &err), &err);
    for (size_t i = 0; i < count; i++)
        printf("%s %s\n", notes[i].kind, notes[i].json.data);
    spool_reader_close(reader);
    spool_close(spool);
}

static void drain(const char *folder, size_t at_once)
{
    static struct spool_entry entries[ENTRIES];
    struct spool_reader *reader;
    struct error err;
    uint64_t drained = 0;
    size_t count = 1;

    open_spool(folder, "write");
    must(spool_reader_open(&reader, folder, false, &err), &err);
    int64_t began = timestamp_monotonic();
    double used = cpu();
    while (count > 0) {
        must(spool_read(reader, entries, at_once < ENTRIES ? at_once : ENTRIES, &count, &err), &err);
        must(spool_drained(spool, entries, count, &err), &err);
        for (size_t i = 0; i < count && printing; i++)
            printf("%" PRIu64 " %s\n", entries[i].number, entries[i].intent.data);
        drained += count;
    }
    fprintf(stderr, "%" PRIu64 " drained in %.2f s, %.2f us of CPU each\n", drained,
            (double)(timestamp_monotonic() - began) / 1e6, (cpu() - used) * 1e6 / (double)drained);
    spool_reader_close(reader);
    spool_close(spool);
}

int main(int argc, char **argv)
{
    const char *what = argc > 2 ? argv[1] : "";
    int64_t began = timestamp_monotonic();

    (void)signal(SIGXFSZ, SIG_IGN);
    printing = argc > (strcmp(what, "load") == 0 ? 6 : 4);
    if (strcmp(what, "load") == 0 && argc > 5) {
        load(argv[2], argv[3], strtoull(argv[4], NULL, 10), strtoull(argv[5], NULL, 10));
    } else if (strcmp(what, "list") == 0) {
        list(argv[2]);
    } else if (strcmp(what, "notes") == 0) {
        list_notes(argv[2]);
    } else if (strcmp(what, "drain") == 0 && argc > 3) {
        drain(argv[2], strtoull(argv[3], NULL, 10));
    } else if (strcmp(what, "open") == 0) {
        open_spool(argv[2], "write");
        fprintf(stderr, "opened in %.2f s\n", (double)(timestamp_monotonic() - began) / 1e6);
        spool_close(spool);
    } else {
        fprintf(stderr, "spool_driver: wrong usage; its source says how\n");
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}
