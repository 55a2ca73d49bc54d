/* SPDX-License-Identifier: MIT */
/* Asks a server at a steady rate, whether it keeps up or not: paced URL RATE SECONDS USERS
 * Prints "P50 P99 MAX FAILED", milliseconds from the time at which a request was due to its answer's end. */

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define CLIENTS   32 /* connections; a request waits for one only when all are late */
#define WARM      50 /* requests that do not count: they open the connections */
#define SECOND_NS INT64_C(1000000000)

static const char body[] = "{\"tweet_ids\":[\"1070059276213702656\",\"1021817816134156288\"],\"engagement_types\":"
                           "[\"impressions\",\"engagements\"],\"groupings\":{\"g\":{\"group_by\":[\"tweet.id\","
                           "\"engagement.type\"]}}}";

struct plan {
    const char *url;
    int64_t begin_ns, step_ns;
    size_t count, users;
    atomic_size_t next, failed;
    int64_t *late_ns; /* of each request */
};

static int64_t now_ns(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * SECOND_NS + at.tv_nsec;
}

static void wait_until(int64_t due_ns)
{
    const struct timespec due = {.tv_sec = due_ns / SECOND_NS, .tv_nsec = due_ns % SECOND_NS};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL) != 0)
        continue;
}

static size_t swallow(char *bytes, size_t one, size_t size, void *context)
{
    (void)bytes, (void)context;
    return one * size;
}

static CURLcode ask(CURL *easy, const struct plan *plan, size_t number)
{
    char authorization[300];
    long status = 0;

    snprintf(authorization, sizeof(authorization),
             "Authorization: OAuth oauth_consumer_key=\"bench\",oauth_nonce=\"n%zu\",oauth_signature=\"s\","
             "oauth_signature_method=\"HMAC-SHA1\",oauth_timestamp=\"1\",oauth_token=\"%zu-abc\",oauth_version=\"1.0\"",
             number, 1000 + number * 7919 % plan->users);
    struct curl_slist *headers = curl_slist_append(NULL, authorization);
    headers = curl_slist_append(headers, "Content-Type: application/json");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    CURLcode code = curl_easy_perform(easy);
    curl_slist_free_all(headers);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    return code == CURLE_OK && status != 200 ? CURLE_HTTP_RETURNED_ERROR : code;
}

static void *work(void *context)
{
    struct plan *plan = context;
    CURL *easy = curl_easy_init();
    size_t number;

    curl_easy_setopt(easy, CURLOPT_URL, plan->url);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, swallow);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, 30L);
    while ((number = atomic_fetch_add(&plan->next, 1)) < plan->count) {
        int64_t due_ns = plan->begin_ns + (int64_t)number * plan->step_ns;
        wait_until(due_ns);
        if (ask(easy, plan, number) != CURLE_OK)
            atomic_fetch_add(&plan->failed, 1);
        plan->late_ns[number] = now_ns() - due_ns;
    }
    curl_easy_cleanup(easy);
    return NULL;
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
    long rate = argc == 5 ? strtol(argv[2], NULL, 10) : 0, seconds = argc == 5 ? strtol(argv[3], NULL, 10) : 0;
    long users = argc == 5 ? strtol(argv[4], NULL, 10) : 0;
    pthread_t threads[CLIENTS];

    if (rate < 1 || seconds < 1 || users < 1) {
        fprintf(stderr, "usage: paced URL RATE SECONDS USERS\n");
        return 2;
    }
    struct plan plan = {.url = argv[1], .step_ns = SECOND_NS / rate, .users = (size_t)users};
    plan.count = (size_t)(rate * seconds) + WARM;
    plan.late_ns = calloc(plan.count, sizeof(*plan.late_ns));
    if (plan.late_ns == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return 1;
    plan.begin_ns = now_ns() + SECOND_NS / 10;
    for (size_t i = 0; i < CLIENTS; i++)
        if (pthread_create(&threads[i], NULL, work, &plan) != 0)
            return 1;
    for (size_t i = 0; i < CLIENTS; i++)
        pthread_join(threads[i], NULL);
    int64_t *counted = plan.late_ns + WARM;
    size_t count = plan.count - WARM;
    qsort(counted, count, sizeof(*counted), by_size);
    printf("%.3f %.3f %.3f %zu\n", (double)counted[count / 2] / 1e6, (double)counted[count * 99 / 100] / 1e6,
           (double)counted[count - 1] / 1e6, (size_t)plan.failed);
    free(plan.late_ns);
    curl_global_cleanup();
    return 0;
}
