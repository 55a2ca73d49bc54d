/* SPDX-License-Identifier: MIT */
/* Drives a gate as the gateway's loop does. Usage:
 * gate_driver FOLDER CONNINFO observe|enforce AT allow|refuse [CONTRACT]
 *   FOLDER: of its spool. AT: -1: the contract's limit. Reads lines: "SUBJECT [TIME]" asks at once, TIME is RFC 3339;
 *   "sleep MS" waits; "wait" waits for all answers. Prints "SUBJECT pass|refuse MICROSECONDS WHY" of each, in the order
 *   of the answers. "leave MS" ends the gate amid its questions, closes what it was lent, prints "left" and stays for
 *   so long. */

#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "gateway/gate.h"

struct request {
    struct gate_ticket ticket;
    char subject[80];
    int64_t began_us;
};
static struct gate *gate;
static struct spool *spool;
static struct gate_caller caller;
static size_t open_requests;

static void must(bool worked, const struct error *err)
{
    if (worked)
        return;
    fprintf(stderr, "%s\n", err->text);
    exit((int)err->code);
}

static void say(struct request *request)
{
    printf("%s %s %" PRId64 " %s\n", request->subject, request->ticket.verdict == GATE_PASS ? "pass" : "refuse",
           timestamp_monotonic() - request->began_us, request->ticket.why);
    fflush(stdout);
    free(request);
}

static void take_answers(int timeout_ms)
{
    struct pollfd waits = {.fd = caller.wake_fd, .events = POLLIN};
    uint64_t count;

    if (poll(&waits, 1, timeout_ms) > 0 && read(caller.wake_fd, &count, sizeof(count)) < 0)
        return;
    struct gate_ticket *next = NULL;
    for (struct gate_ticket *ticket = gate_take_done(gate, &caller); ticket != NULL; ticket = next) {
        next = ticket->next;
        open_requests--;
        say(ticket->owner);
    }
}

static void wait_for_all(void)
{
    while (open_requests > 0)
        take_answers(1000);
}

static void ask(const char *subject, const char *time)
{
    struct request *request = mem_alloc(sizeof(*request));
    int64_t time_us = timestamp_now();
    const char *why = NULL;

    if (time != NULL && !timestamp_parse(str_of(time), &time_us, &why))
        exit(EXIT_USAGE);
    snprintf(request->subject, sizeof(request->subject), "%s", subject);
    request->ticket.owner = request;
    request->ticket.caller = &caller;
    request->began_us = timestamp_monotonic();
    if (gate_ask(gate, &request->ticket, NULL, subject, time_us))
        say(request);
    else
        open_requests++;
}

static void leave(const char *stay_ms)
{
    gate_stop(gate);
    spool_close(spool);
    close(caller.wake_fd);
    printf("left\n");
    fflush(stdout);
    usleep((useconds_t)atoi(stay_ms) * 1000);
    exit(EXIT_DONE);
}

static void run_line(char *line)
{
    char *rest = NULL;
    char *word = strtok_r(line, " \n", &rest);
    char *value = strtok_r(NULL, " \n", &rest);

    if (word == NULL)
        return;
    if (strcmp(word, "wait") == 0)
        wait_for_all();
    else if (strcmp(word, "sleep") == 0 && value != NULL)
        usleep((useconds_t)atoi(value) * 1000);
    else if (strcmp(word, "leave") == 0 && value != NULL)
        leave(value);
    else
        ask(word, value);
}

int main(int argc, char **argv)
{
    if (argc < 6) {
        fprintf(stderr, "gate_driver: wrong usage; its source says how\n");
        return EXIT_USAGE;
    }
    caller.wake_fd = eventfd(0, EFD_NONBLOCK);
    struct spool_options spool_options = {
        .folder = argv[1], .durability = SPOOL_WRITE, .limit_bytes = 1 << 20, .keep_us = INT64_C(86400000000)};
    struct gate_options options = {.mode = strcmp(argv[3], "enforce") == 0 ? GATE_ENFORCE : GATE_OBSERVE,
                                   .at = atoll(argv[4]),
                                   .refuse_offline = strcmp(argv[5], "refuse") == 0,
                                   .contract = argc > 6 ? argv[6] : NULL};
    struct db_target target;
    struct error err;
    char line[256];

    must(db_find_target(argv[2], &target, &err) && spool_open(&spool, &spool_options, &err) &&
             gate_start(&gate, &options, &target, spool, &err),
         &err);
    while (fgets(line, sizeof(line), stdin) != NULL)
        run_line(line);
    wait_for_all();
    gate_stop(gate);
    spool_close(spool);
    return EXIT_DONE;
}
