/* SPDX-License-Identifier: MIT */
/* A spool and its drain, driven line by line, for the tests: drain_driver FOLDER DATABASE [CONTRACT]. Commands on
 * standard input:
 *   put N          N requests, one after the other; prints the last one's number
 *   withdraw N     N requests that are not sent; prints the last one's number
 *   app KEY        of the requests that follow
 *   time TIME      of the requests that follow; without it: now
 *   open           a request without an answer; prints its number
 *   miss N         N requests that were forwarded without a record
 *   gate SUBJECT   a note of the gate
 *   wait SECONDS   until nothing waits in the spool, or not any longer; prints what is left
 *   look           prints connected, drained and the problem
 *   aside          prints how much the ledger refuses, and why
 *   sleep MS
 * The end of the input ends the drain as SIGTERM ends the gateway; then it prints what is left. */

#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "gateway/drain.h"

static struct spool *spool;
static struct drain *drain;
static struct spool_caller caller;
static char app[80];  /* as a member of an intent; "": none */
static char when[40]; /* "": now */

static void must(bool worked, const struct error *err)
{
    if (worked)
        return;
    fprintf(stderr, "%s\n", err->text);
    exit((int)err->code);
}

static uint64_t intend(void)
{
    static uint64_t requests;
    struct spool_ticket ticket = {.caller = &caller};
    char intent[240], time[TIMESTAMP_SIZE];
    struct pollfd woken = {.fd = caller.wake_fd, .events = POLLIN};
    uint64_t ignored;
    int64_t now_us = timestamp_now();
    int size =
        snprintf(intent, sizeof intent, "{\"time\":\"%s\",\"user_id\":\"%" PRIu64 "\",\"endpoint\":\"totals\"%s}",
                 when[0] != '\0' ? when : timestamp_format(now_us, time), 1 + requests++ % 50, app);

    spool_intend(spool, &ticket, (struct str){intent, (size_t)size}, now_us);
    spool_wake(spool);
    while (spool_take_done(spool, &caller) == NULL) {
        (void)poll(&woken, 1, 100);
        (void)!read(caller.wake_fd, &ignored, sizeof ignored);
    }
    return ticket.number;
}

static void put(const char *argument)
{
    uint64_t number = 0;

    for (uint64_t left = strtoul(argument, NULL, 10); left > 0; left--) {
        number = intend();
        spool_finish(spool, number, STR("{\"status\":200,\"outcome\":\"ok\",\"tweet_count\":1}"));
    }
    printf("%" PRIu64 "\n", number);
}

static void put_unsent(const char *argument)
{
    uint64_t number = 0;

    for (uint64_t left = strtoul(argument, NULL, 10); left > 0; left--) {
        number = intend();
        spool_withdraw(spool, number);
    }
    printf("%" PRIu64 "\n", number);
}

static void set_app(const char *argument)
{
    snprintf(app, sizeof app, ",\"app\":\"%s\"", argument);
}

static void set_time(const char *argument)
{
    snprintf(when, sizeof when, "%s", argument);
}

static void put_open(const char *argument)
{
    (void)argument;
    printf("%" PRIu64 "\n", intend());
}

static void miss(const char *argument)
{
    for (uint64_t left = strtoul(argument, NULL, 10); left > 0; left--) {
        if (!spool_missed(spool, timestamp_now()))
            printf("not kept\n");
    }
}

static void note_gate(const char *argument)
{
    char json[200];
    int size = snprintf(json, sizeof json,
                        "{\"contract\":null,\"subject\":\"%s\",\"time\":%" PRId64
                        ",\"decision\":\"observed\",\"limit\":500,\"unique_handles\":500}",
                        argument, timestamp_now());

    spool_note(spool, "gate", (struct str){json, (size_t)size});
}

static void await_drain(const char *argument)
{
    int64_t until_us = timestamp_monotonic() + (int64_t)strtoul(argument, NULL, 10) * 1000000;
    struct spool_state state;

    do {
        usleep(20000);
        spool_look(spool, &state);
    } while (state.entries > 0 && timestamp_monotonic() < until_us);
    printf("left %" PRIu64 "\n", state.entries);
}

static void look(const char *argument)
{
    struct drain_state state;

    (void)argument;
    drain_look(drain, &state);
    printf("%s, drained %" PRIu64 ", %s\n", state.connected ? "connected" : "away", state.drained, state.problem);
}

static void look_aside(const char *argument)
{
    struct drain_state state;

    (void)argument;
    drain_look(drain, &state);
    printf("aside %" PRIu64 ", %s\n", state.aside, state.aside_why);
}

static void sleep_a_while(const char *argument)
{
    usleep((useconds_t)(strtoul(argument, NULL, 10) * 1000));
}

static const struct {
    const char *name;
    void (*run)(const char *argument);
} commands[] = {
    {"time", set_time},       {"aside", look_aside}, {"put", put},        {"withdraw", put_unsent}, {"app", set_app},
    {"open", put_open},       {"miss", miss},        {"gate", note_gate}, {"wait", await_drain},    {"look", look},
    {"sleep", sleep_a_while},
};

static void obey(void)
{
    char line[200];

    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        size_t size = strcspn(line, " ");
        const char *argument = line[size] == ' ' ? line + size + 1 : line + size;
        for (size_t i = 0; i < ARRAY_LENGTH(commands); i++) {
            if (strlen(commands[i].name) == size && memcmp(commands[i].name, line, size) == 0)
                commands[i].run(argument);
        }
        fflush(stdout);
    }
}

int main(int argc, char **argv)
{
    struct db_target target = {.conninfo = argc > 2 ? argv[2] : NULL, .origin = "the test", .home = "/nowhere"};
    struct error err;
    uint64_t left = 0;

    if (argc < 3) {
        fprintf(stderr, "usage: drain_driver FOLDER DATABASE [CONTRACT]\n");
        return EXIT_USAGE;
    }
    caller.wake_fd = eventfd(0, EFD_NONBLOCK);
    must(spool_open(&spool,
                    &(struct spool_options){.folder = argv[1],
                                            .durability = SPOOL_WRITE,
                                            .limit_bytes = (uint64_t)1 << 30,
                                            .keep_us = INT64_C(7) * 86400000000},
                    &err),
         &err);
    must(drain_start(
             &drain, spool, &target,
             &(struct drain_options){
                 .contract = argc > 3 ? argv[3] : NULL, .by = "test", .again_us = 2000000, .interval_us = 200000},
             &err),
         &err);
    obey();
    drain_stop(drain, INT64_C(10) * 1000000, &left);
    printf("left %" PRIu64 "\n", left);
    spool_close(spool);
    return EXIT_DONE;
}
