/* SPDX-License-Identifier: MIT */
/* The user look-up against a server on this machine that answers by a script, and keeps what it was sent. */

#include <criterion/criterion.h>
#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "headroom/engagement.h"

#define TOKEN    "opensesame" /* which nothing but knowing it tells for a secret */
#define REQUESTS 16

/* ---- the server ---- */

struct answer {
    int status; /* 0: closes the connection without a word */
    const char *headers;
    const char *body;
    size_t missing; /* bytes that Content-Length promises and that never come */
    size_t padding; /* blanks behind the body */
};
static struct {
    const struct answer *script; /* ends with a status of -1 */
    int listener;
    pthread_t thread;
    char base[64];
    char requests[REQUESTS][4096];
    size_t request_count, connection_count;
} server;

static void send_all(int socket, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(socket, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes += sent;
        size -= (size_t)sent;
    }
}

static bool read_request(int socket, char *request, size_t size)
{
    size_t used = 0;

    while (used + 1 < size && strstr(request, "\r\n\r\n") == NULL) {
        ssize_t got = recv(socket, request + used, size - used - 1, 0);
        if (got <= 0)
            return false;
        used += (size_t)got;
        request[used] = '\0';
    }
    return true;
}

static bool send_answer(int socket, const struct answer *answer)
{
    char head[1000];
    char *padding = malloc(answer->padding + 1);
    size_t size = strlen(answer->body) + answer->padding;

    if (padding == NULL)
        return false;
    snprintf(head, sizeof(head), "HTTP/1.1 %d x\r\nContent-Length: %zu\r\n%s\r\n", answer->status,
             size + answer->missing, answer->headers != NULL ? answer->headers : "");
    memset(padding, ' ', answer->padding + 1);
    send_all(socket, head, strlen(head));
    send_all(socket, answer->body, strlen(answer->body));
    send_all(socket, padding, answer->padding);
    free(padding);
    return answer->missing == 0;
}

static void *serve(void *unused)
{
    const struct answer *next = server.script;

    (void)unused;
    while (next->status >= 0) {
        int socket = accept(server.listener, NULL, NULL);
        if (socket < 0)
            return NULL;
        server.connection_count++;
        for (; next->status >= 0 && server.request_count < REQUESTS; next++) {
            if (!read_request(socket, server.requests[server.request_count], sizeof(server.requests[0])))
                break;
            server.request_count++;
            if (next->status == 0 || !send_answer(socket, next)) {
                next++;
                break;
            }
        }
        close(socket);
    }
    shutdown(server.listener, SHUT_RDWR); /* whoever asks for more than the script has is refused at once */
    return NULL;
}

static void start(const struct answer *script)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);

    server.script = script;
    server.listener = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_geq(server.listener, 0);
    cr_assert_eq(bind(server.listener, (struct sockaddr *)&address, size), 0);
    cr_assert_eq(listen(server.listener, 8), 0);
    cr_assert_eq(getsockname(server.listener, (struct sockaddr *)&address, &size), 0);
    snprintf(server.base, sizeof(server.base), "http://127.0.0.1:%d", ntohs(address.sin_port));
    cr_assert_eq(pthread_create(&server.thread, NULL, serve, NULL), 0);
}

static void stop(void)
{
    shutdown(server.listener, SHUT_RDWR);
    pthread_join(server.thread, NULL);
    close(server.listener);
}

/* ---- the client ---- */

static struct lookup *lookup;
static struct lookup_user found[LOOKUP_BATCH];
static struct error err;

static void open_with(int attempts, int wait_max)
{
    struct lookup_options options = {
        .base_url = server.base, .bearer = TOKEN, .attempts = attempts, .wait_max = wait_max};

    cr_assert(lookup_open(&lookup, &options, &err), "%s", err.text);
}

static void finish(void)
{
    lookup_close(lookup);
    stop();
}

static void expect_user(size_t i, int64_t id, const char *handle, const char *problem)
{
    cr_expect_eq(found[i].user_id, id, "%zu: %lld", i, (long long)found[i].user_id);
    cr_expect_str_eq(found[i].handle, handle);
    cr_expect_str_eq(found[i].problem, problem);
}

static void expect_request(size_t i, const char *line)
{
    cr_expect_eq(strncmp(server.requests[i], line, strlen(line)), 0, "%s", server.requests[i]);
}

#define GOOD                                                                                                           \
    {                                                                                                                  \
        .status = 200, .body = "{\"data\":[{\"id\":\"5\",\"name\":\"a b\",\"username\":\"Five\"}]}"                    \
    }
#define END                                                                                                            \
    {                                                                                                                  \
        .status = -1                                                                                                   \
    }

Test(lookup, finds_users_by_id)
{
    static const struct answer script[] = {
        {200, NULL,
         "{\"data\":[{\"id\":\"7\",\"name\":\"x\",\"username\":\"Seven_7\"},{\"id\":5,\"username\":\"five\"}],"
         "\"errors\":[{\"value\":\"6\",\"detail\":\"Could not find user with ids: [6].\",\"title\":\"Not Found "
         "Error\"},{\"resource_id\":\"8\",\"value\":\"8\",\"detail\":\"User has been\\nsuspended: [8].\"}]}",
         0, 0},
        END};
    const int64_t ids[] = {5, 6, 7, 8, 9, 5};

    setenv("http_proxy", "http://127.0.0.1:1", 1); /* what stays on this machine goes by no proxy */
    start(script);
    open_with(1, 0);
    cr_assert(lookup_ids(lookup, ids, 6, found, &err), "%s", err.text);
    finish();
    expect_user(0, 5, "five", "");
    expect_user(1, 6, "", "Could not find user with ids: [6].");
    expect_user(2, 7, "Seven_7", "");
    expect_user(3, 8, "", "User has been suspended: [8].");
    expect_user(4, 9, "", "the answer does not mention it");
    expect_user(5, 5, "five", "");
    expect_request(0, "GET /2/users?ids=5,6,7,8,9,5 HTTP/1.1\r\n");
    cr_expect_not_null(strstr(server.requests[0], "\r\nAuthorization: Bearer " TOKEN "\r\n"));
}

Test(lookup, finds_users_by_handle)
{
    static const struct answer script[] = {
        {200, NULL,
         "{\"data\":[{\"id\":\"9223372036854775807\",\"username\":\"TwitterDev\"}],\"errors\":[{\"resource_id\":"
         "\"GONE\",\"value\":\"gone\",\"detail\":\"\",\"title\":\"Not Found Error\"},{\"value\":\"12\",\"detail\":"
         "\"digits are a handle here\"}]}",
         0, 0},
        {400, NULL, "{\"errors\":[{\"message\":\"The `usernames` query parameter value is not valid\"}]}", 0, 0},
        {200, NULL, "{\"data\":[{\"id\":\"16\",\"username\":\"An_old_long_name\"}]}", 0, 0},
        END};
    const char *const handles[] = {"@twitterdev", "gone", "a_name_of_20_letters", "12", "an_old_long_name", "lost"};

    start(script);
    open_with(1, 0);
    cr_assert(lookup_handles(lookup, handles, 6, found, &err), "%s", err.text);
    finish();
    expect_user(0, INT64_MAX, "TwitterDev", "");
    expect_user(1, 0, "gone", "Not Found Error");
    expect_user(2, 0, "a_name_of_20_letters", "The `usernames` query parameter value is not valid");
    expect_user(3, 0, "12", "digits are a handle here");
    expect_user(4, 16, "An_old_long_name", "");
    expect_user(5, 0, "lost", "the answer does not mention it");
    expect_request(0, "GET /2/users/by?usernames=twitterdev,gone,12,lost HTTP/1.1\r\n");
    expect_request(1, "GET /2/users/by?usernames=a_name_of_20_letters HTTP/1.1\r\n");
    cr_expect_eq(server.connection_count, 1, "one connection for all");
}

Test(lookup, believes_no_answer_that_is_none)
{
    static const struct answer script[] = {
        {200, NULL,
         "{\"data\":[{\"id\":\"5\",\"username\":\"bad "
         "handle\"},{\"id\":\"6\"},{\"username\":\"x\"},7,null,{\"id\":\"8\","
         "\"username\":\"@eight\"},{\"id\":\"9\",\"username\":\"a_name_of_21_letters_\"},{\"id\":\"-10\",\"username\":"
         "\"ten\"},{\"id\":\"99\",\"username\":\"other\"}],\"errors\":[\"text\",{\"value\":{}},{\"detail\":\"x\"}]}",
         0, 0},
        END};
    const int64_t ids[] = {5, 6, 7, 8, 9, 10};

    start(script);
    open_with(1, 0);
    cr_assert(lookup_ids(lookup, ids, 6, found, &err), "%s", err.text);
    finish();
    for (size_t i = 0; i < 6; i++)
        expect_user(i, ids[i], "", "the answer does not mention it");
}

Test(lookup, tries_again_where_that_may_help)
{
    static const struct answer script[] = {{503, NULL, "", 0, 0},
                                           {0, NULL, "", 0, 0},
                                           {429, "x-rate-limit-reset: 99999999999\r\n", "", 0, 0},
                                           {200, NULL, "{\"data\":[", 10, 0},
                                           GOOD,
                                           END};
    const int64_t ids[] = {5};

    start(script);
    open_with(5, 0);
    cr_expect(lookup_ids(lookup, ids, 1, found, &err), "%s", err.text);
    finish();
    expect_user(0, 5, "Five", "");
    cr_expect_eq(server.request_count, 5);
}

Test(lookup, gives_up_after_as_many_attempts_as_it_may_take)
{
    static const struct answer script[] = {
        {503, NULL, "", 0, 0}, {500, NULL, "", 0, 0}, {502, NULL, "{\"title\":\"Try later\"}", 0, 0}, GOOD, END};
    const int64_t ids[] = {5};

    start(script);
    open_with(3, 0);
    cr_expect_not(lookup_ids(lookup, ids, 1, found, &err));
    finish();
    cr_expect_eq(err.code, EXIT_COMMAND);
    cr_expect_not_null(strstr(err.text, "answered 502: the service has a fault"), "%s", err.text);
    cr_expect_not_null(strstr(err.text, "Try later"), "%s", err.text);
    cr_expect_eq(server.request_count, 3);
}

Test(lookup, waits_as_long_as_it_is_told_to)
{
    static const struct answer script[] = {
        {503, "Retry-After: 2\r\n", "", 0, 0},
        {429, "Date: Mon, 23 Nov 2026 08:00:00 GMT\r\nX-Rate-Limit-Reset: 1795420802\r\n", "", 0, 0},
        GOOD,
        END};
    const int64_t ids[] = {5};

    start(script);
    open_with(3, LOOKUP_WAIT_MAX);
    int64_t before = timestamp_monotonic();
    cr_expect(lookup_ids(lookup, ids, 1, found, &err), "%s", err.text);
    int64_t took = timestamp_monotonic() - before;
    finish();
    cr_expect_geq(took, 4000000, "more than backoff would wait by itself");
    cr_expect_leq(took, 12000000);
}

static atomic_bool stopped;

static void *stop_soon(void *unused)
{
    (void)unused;
    usleep(200000);
    atomic_store(&stopped, true);
    return NULL;
}

Test(lookup, is_stopped_while_it_waits)
{
    static const struct answer script[] = {{429, "Retry-After: 600\r\n", "", 0, 0}, GOOD, END};
    const int64_t ids[] = {5};
    pthread_t stopper;

    start(script);
    struct lookup_options options = {
        .base_url = server.base, .bearer = TOKEN, .wait_max = LOOKUP_WAIT_MAX, .stop = &stopped};
    cr_assert(lookup_open(&lookup, &options, &err), "%s", err.text);
    cr_assert_eq(pthread_create(&stopper, NULL, stop_soon, NULL), 0);
    int64_t before = timestamp_monotonic();
    cr_expect_not(lookup_ids(lookup, ids, 1, found, &err));
    cr_expect_str_eq(err.text, "interrupted");
    cr_expect_leq(timestamp_monotonic() - before, 10000000);
    cr_expect_not(lookup_ids(lookup, ids, 1, found, &err), "it stays stopped");
    cr_expect_eq(server.request_count, 1);
    pthread_join(stopper, NULL);
    finish();
}

static const struct {
    struct answer answer;
    const char *says;
} refusals[] = {
    {{401, NULL, "{\"title\":\"Unauthorized\",\"detail\":\"Unauthorized\"}", 0, 0}, "the bearer token was refused"},
    {{403, NULL, "{\"errors\":[\"not " TOKEN "\"]}", 0, 0}, "not allowed to look users up"},
    {{404, NULL, "<html>", 0, 0}, "is the base URL right?"},
    {{400, NULL, "{\"errors\":[{\"message\":\"bad ids\"}]}", 0, 0}, "(\"bad ids\")"},
    {{302, "Location: /stolen\r\n", "", 0, 0}, "redirection, which is not followed"},
    {{418, NULL, "", 0, 0}, "answered 418: the request was refused"},
    {{200, NULL, "<html>", 0, 0}, "not as the user look-up does"},
    {{200, NULL, "{}", 0, 0}, "not as the user look-up does"},
    {{200, NULL, "", 0, 0}, "not as the user look-up does"},
    {{200, NULL, "{\"data\":[", 0, 0}, "not as the user look-up does"},
    {{200, NULL, "{\"data\":[]}", 0, 5000000}, "more than 4 MiB"},
};

Test(lookup, gives_up_at_once_where_nothing_will_help)
{
    const int64_t ids[] = {5, 6};

    for (size_t i = 0; i < ARRAY_LENGTH(refusals); i++) {
        const struct answer script[] = {refusals[i].answer, GOOD, END};
        memset(&server, 0, sizeof(server));
        start(script);
        open_with(5, 0);
        cr_expect_not(lookup_ids(lookup, ids, 2, found, &err), "%d", refusals[i].answer.status);
        finish();
        cr_expect_eq(err.code, EXIT_COMMAND);
        cr_expect_not_null(strstr(err.text, refusals[i].says), "%s", err.text);
        cr_expect_null(strstr(err.text, TOKEN), "%s", err.text);
        cr_expect_eq(server.request_count, 1, "%d: %zu", refusals[i].answer.status, server.request_count);
    }
}

static const struct {
    const char *base;
    const char *bearer;
    const char *says; /* NULL: fine */
} openings[] = {
    {NULL, TOKEN, NULL},
    {"https://api.example.com/", TOKEN, NULL},
    {"https://api.example.com:8443/x/", TOKEN, NULL},
    {"HTTP://LocalHost:80", TOKEN, NULL},
    {"http://127.1.2.3", TOKEN, NULL},
    {"http://[::1]:8080", TOKEN, NULL},
    {"http://api.twitter.com", TOKEN, "unencrypted"},
    {"http://127.0.0.1.example.com", TOKEN, "unencrypted"},
    {"http://localhost.example.com", TOKEN, "unencrypted"},
    {"http://192.168.0.1", TOKEN, "unencrypted"},
    {"http://[::2]", TOKEN, "unencrypted"},
    {"https://user:hidden@api.example.com", TOKEN, "user name"},
    {"https://api.example.com/?a=b", TOKEN, "is none"},
    {"https://api.example.com/#a", TOKEN, "is none"},
    {"api.example.com", TOKEN, "is none"},
    {"https://", TOKEN, "is none"},
    {"", TOKEN, "is none"},
    {"file:///etc/passwd", TOKEN, "https://"},
    {"ftp://api.example.com", TOKEN, "https://"},
    {NULL, NULL, "is empty"},
    {NULL, "", "is empty"},
    {NULL, "abc def", "at byte 4"},
    {NULL, "abc\r\nX: y", "at byte 4"},
    {NULL, "\xC3\xA9", "at byte 1"},
};

Test(lookup, is_opened_only_where_the_token_is_safe)
{
    for (size_t i = 0; i < ARRAY_LENGTH(openings); i++) {
        struct lookup_options options = {.base_url = openings[i].base, .bearer = openings[i].bearer};
        bool good = lookup_open(&lookup, &options, &err);
        cr_expect_eq(good, openings[i].says == NULL, "%s", openings[i].base);
        lookup_close(lookup);
        if (good)
            continue;
        cr_expect_eq(err.code, EXIT_USAGE);
        cr_expect(openings[i].says == NULL || strstr(err.text, openings[i].says) != NULL, "%s", err.text);
        cr_expect_null(strstr(err.text, "hidden"));
    }
}
