/* SPDX-License-Identifier: MIT */
/* Deadlines of connections. */

#include "gateway/serve_clients.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "gateway/partings.h"
#include "gateway/proxy_limits.h"

#define LOOK_NS 250000000 /* between two looks at who is late */
#define SOON_NS 10000000  /* while some are to be heard out */

struct clients {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    bool is_stopping;
    struct deadline_queue queues[CLIENT_WAITS];
    struct partings *partings;
};
struct client {
    struct clients *clients;
    struct deadline deadline;
    int socket;
    bool is_sending;
};

/* The daemon sees the end of its input then, and closes it. */
static void cut_off(void *owner)
{
    struct client *client = owner;
    (void)shutdown(client->socket, SHUT_RDWR);
}

static void *look(void *context)
{
    struct clients *clients = context;
    bool soon = false;

    pthread_mutex_lock(&clients->lock);
    while (!clients->is_stopping) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += soon ? SOON_NS : LOOK_NS;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        (void)pthread_cond_timedwait(&clients->wake, &clients->lock, &until);
        for (size_t i = 0; i < CLIENT_WAITS; i++)
            deadline_look(&clients->queues[i], timestamp_monotonic());
        soon = partings_look(clients->partings, timestamp_monotonic());
    }
    pthread_mutex_unlock(&clients->lock);
    return NULL;
}

static void free_clients(struct clients *clients)
{
    partings_free(clients->partings);
    pthread_cond_destroy(&clients->wake);
    pthread_mutex_destroy(&clients->lock);
    free(clients);
}

bool clients_start(struct clients **out, const int64_t span_us[CLIENT_WAITS], struct error *err)
{
    struct clients *clients = mem_alloc(sizeof *clients);
    pthread_condattr_t attributes;

    for (size_t i = 0; i < CLIENT_WAITS; i++)
        clients->queues[i] = (struct deadline_queue){.span_us = span_us[i], .passed = cut_off};
    clients->partings = partings_new();
    pthread_mutex_init(&clients->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&clients->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    int code = pthread_create(&clients->thread, NULL, look, clients);
    if (code == 0) {
        *out = clients;
        return true;
    }
    free_clients(clients);
    return fail(err, EXIT_COMMAND, "no thread can be started: %s", strerror(code));
}

void clients_stop(struct clients *clients)
{
    if (clients == NULL)
        return;
    pthread_mutex_lock(&clients->lock);
    clients->is_stopping = true;
    pthread_cond_signal(&clients->wake);
    pthread_mutex_unlock(&clients->lock);
    pthread_join(clients->thread, NULL);
    free_clients(clients);
}

struct client *client_enter(struct clients *clients, int socket)
{
    struct client *client = mem_alloc(sizeof *client);

    client->clients = clients;
    client->deadline.owner = client;
    client->socket = socket;
    client_wait(client, CLIENT_HEAD);
    return client;
}

void client_leave(struct client *client)
{
    struct clients *clients = client->clients;

    pthread_mutex_lock(&clients->lock);
    deadline_clear(&client->deadline);
    if (client->is_sending) {
        partings_add(clients->partings, client->socket, timestamp_monotonic());
        pthread_cond_signal(&clients->wake);
    }
    pthread_mutex_unlock(&clients->lock);
    free(client);
}

void client_is_sending(struct client *client)
{
    client->is_sending = true;
}

void client_wait(struct client *client, enum client_waits waits)
{
    struct clients *clients = client->clients;

    pthread_mutex_lock(&clients->lock);
    deadline_set(&client->deadline, &clients->queues[waits], timestamp_monotonic());
    pthread_mutex_unlock(&clients->lock);
}

void client_wait_not(struct client *client)
{
    pthread_mutex_lock(&client->clients->lock);
    deadline_clear(&client->deadline);
    pthread_mutex_unlock(&client->clients->lock);
}
