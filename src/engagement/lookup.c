/* SPDX-License-Identifier: MIT */
/* Looks users up at the vendor: which requests, what to do with each status, how long to wait before another try. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "engagement/lookup.h"

#define ATTEMPTS      5
#define FIRST_WAIT    INT64_C(1000000) /* microseconds; doubled for each further attempt */
#define NAP           INT64_C(100000)
#define SHORT_HANDLE  15 /* bytes: what the vendor's look-up takes for a name */
#define PATH_SIZE_MAX 4096

struct lookup {
    struct wire *wire;
    int attempts;
    int64_t wait_max; /* microseconds */
    const atomic_bool *stop;
};

bool lookup_open(struct lookup **out, const struct lookup_options *options, struct error *err)
{
    struct wire *wire = NULL;

    *out = NULL;
    if (!wire_open(&wire, options, err))
        return false;
    *out = mem_alloc(sizeof(**out));
    **out = (struct lookup){
        .wire = wire,
        .attempts = options->attempts > 0 ? options->attempts : ATTEMPTS,
        .wait_max = (int64_t)options->wait_max * 1000000,
        .stop = options->stop,
    };
    return true;
}

void lookup_close(struct lookup *lookup)
{
    if (lookup == NULL)
        return;
    wire_close(lookup->wire);
    free(lookup);
}

/* ---- waiting ---- */

static bool is_stopped(const struct lookup *lookup)
{
    return lookup->stop != NULL && atomic_load(lookup->stop);
}

/* Half of it for certain, the other half by chance, so that clients that failed together don't come back together. */
static int64_t with_jitter(int64_t wait)
{
    uint32_t chance = 0;

    if (getrandom(&chance, sizeof(chance), 0) != (ssize_t)sizeof(chance))
        chance = 0;
    return wait / 2 + wait / 2 * (int64_t)(chance % 1024) / 1024;
}

/* Microseconds until the other side wants to be asked again: by its own clock, where it tells it. */
static int64_t wait_of(const struct reply *reply, int attempt)
{
    int64_t now = reply->date > 0 ? reply->date : timestamp_now() / 1000000;
    int64_t seconds = 0;

    if (reply->status == 429 && reply->reset > now)
        seconds = reply->reset - now;
    else if (reply->retry_after > 0)
        seconds = reply->retry_after;
    if (seconds > 0)
        return (seconds < LOOKUP_WAIT_MAX ? seconds : LOOKUP_WAIT_MAX) * 1000000;
    return with_jitter(FIRST_WAIT << (attempt < 10 ? attempt : 10));
}

/* Says why when it takes long. */
static void wait_for(const struct lookup *lookup, int64_t wait, const struct reply *reply)
{
    const char *base = wire_base(lookup->wire);
    int64_t end = timestamp_monotonic() + wait;
    int64_t seconds = (wait + 999999) / 1000000;

    if (reply->status == 429 && wait > 0)
        log_note("%s: the rate limit is used up; waiting %" PRId64 " s", base, seconds);
    else if (reply->status != 0)
        log_detail("%s answered %d; trying again in %" PRId64 " s", base, reply->status, seconds);
    else
        log_detail("%s can't be asked; trying again in %" PRId64 " s", base, seconds);
    for (int64_t left = wait; left > 0 && !is_stopped(lookup); left = end - timestamp_monotonic()) {
        struct timespec nap = {.tv_nsec = (long)(left < NAP ? left : NAP) * 1000};
        nanosleep(&nap, NULL);
    }
}

/* ---- one request ---- */

/* What the status means for a person. */
static bool refuse(const struct lookup *lookup, const struct reply *reply, struct error *err)
{
    static const struct {
        int status;
        const char *text;
    } known[] = {
        {400, "the request was refused"},
        {401, "the bearer token was refused: check that it is whole and not revoked"},
        {403, "the bearer token is not allowed to look users up: its app needs access to GET /2/users"},
        {404, "there is no user look-up: is the base URL right?"},
        {429, "the rate limit is used up: run it again later"},
    };
    char words[300];
    const char *text = reply->status >= 500  ? "the service has a fault: run it again later"
                       : reply->status < 400 ? "it is a redirection, which is not followed: is the base URL right?"
                                             : "the request was refused";

    for (size_t i = 0; i < ARRAY_LENGTH(known); i++)
        if (known[i].status == reply->status)
            text = known[i].text;
    lookup_read_message(lookup->wire, reply->body, words, sizeof(words));
    return fail(err, EXIT_COMMAND, "%s answered %d: %s%s%s%s", wire_base(lookup->wire), reply->status, text,
                words[0] != '\0' ? " (\"" : "", words, words[0] != '\0' ? "\")" : "");
}

/* One attempt; false with *again where another may help. */
MUST_CHECK static bool attempt(struct lookup *lookup, const char *path, struct reply *reply, bool *again,
                               struct error *err)
{
    if (!wire_get(lookup->wire, path, reply, again, err))
        return false;
    *again = reply->status == 429 || reply->status >= 500;
    return reply->status == 200 || reply->status == 400 || refuse(lookup, reply, err);
}

/* An answer of 200 or 400, after as many attempts as it may take. */
MUST_CHECK static bool ask(struct lookup *lookup, const char *path, struct reply *reply, struct error *err)
{
    for (int i = 0;; i++) {
        bool again = false;
        struct error why;
        if (is_stopped(lookup))
            return fail(err, EXIT_COMMAND, "interrupted");
        if (attempt(lookup, path, reply, &again, &why))
            return true;
        if (is_stopped(lookup))
            continue;
        if (!again || i + 1 >= lookup->attempts)
            return fail(err, why.code, "%s%s", why.text, again ? " (tried as often as allowed)" : "");

        int64_t wait = wait_of(reply, i);
        wait_for(lookup, wait < lookup->wait_max ? wait : lookup->wait_max, reply);
    }
}

/* ---- users ---- */

MUST_CHECK static bool ask_users(struct lookup *lookup, const char *path, struct lookup_user *found, size_t count,
                                 struct error *err)
{
    struct reply reply = {0};
    char words[sizeof(found->problem)];

    if (!ask(lookup, path, &reply, err))
        return false;
    if (reply.status == 200)
        return lookup_read_users(lookup->wire, reply.body, found, count, err);
    if (count > 1)
        return refuse(lookup, &reply, err);
    lookup_read_message(lookup->wire, reply.body, words, sizeof(words));
    snprintf(found->problem, sizeof(found->problem), "%s", words[0] != '\0' ? words : "the request was refused");
    return true;
}

bool lookup_ids(struct lookup *lookup, const int64_t *ids, size_t count, struct lookup_user *found, struct error *err)
{
    struct buffer path;
    bool done = false;

    buffer_init(&path, PATH_SIZE_MAX);
    for (size_t i = 0; i < count; i++) {
        found[i] = (struct lookup_user){.user_id = ids[i]};
        if (!buffer_format(&path, "%s%" PRId64, i == 0 ? "/2/users?ids=" : ",", ids[i])) {
            fail(err, EXIT_COMMAND, "too many users for one request: %zu", count);
            goto out;
        }
    }
    done = count == 0 || ask_users(lookup, path.data, found, count, err);
out:
    buffer_free(&path);
    return done;
}

static bool is_long(const char *handle)
{
    return strlen(handle) > SHORT_HANDLE;
}

/* All short ones in one request. */
MUST_CHECK static bool ask_short(struct lookup *lookup, struct lookup_user *found, size_t count, struct error *err)
{
    struct buffer path;
    bool done = true;

    buffer_init(&path, PATH_SIZE_MAX);
    for (size_t i = 0; done && i < count; i++)
        if (!is_long(found[i].handle))
            done = buffer_format(&path, "%s%s", path.size == 0 ? "/2/users/by?usernames=" : ",", found[i].handle);
    if (!done)
        fail(err, EXIT_COMMAND, "too many users for one request: %zu", count);
    else if (path.size > 0)
        done = ask_users(lookup, path.data, found, count, err);
    buffer_free(&path);
    return done;
}

bool lookup_handles(struct lookup *lookup, const char *const *handles, size_t count, struct lookup_user *found,
                    struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        found[i] = (struct lookup_user){0};
        if (!handle_normalise(str_of(handles[i]), found[i].handle))
            return fail(err, EXIT_COMMAND, "'%s' is no handle", handles[i]);
    }
    if (!ask_short(lookup, found, count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        char path[64];
        snprintf(path, sizeof(path), "/2/users/by?usernames=%s", found[i].handle);
        if (is_long(found[i].handle) && !ask_users(lookup, path, &found[i], 1, err))
            return false;
    }
    return true;
}
