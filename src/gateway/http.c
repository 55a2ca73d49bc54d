/* SPDX-License-Identifier: MIT */
/* Names and values of HTTP heads. */

#include "gateway/http.h"

#include <jansson.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define LENGTH_DIGITS 18 /* so that it always fits */

bool http_is_name(struct str name, struct str wanted)
{
    return name.size == wanted.size && strncasecmp(name.data, wanted.data, name.size) == 0;
}

bool http_is_hop_by_hop(struct str name)
{
    static const struct str names[] = {
        {"Connection", 10},
        {"Keep-Alive", 10},
        {"Proxy-Connection", 16},
        {"Proxy-Authenticate", 18},
        {"Proxy-Authorization", 19},
        {"TE", 2},
        {"Trailer", 7},
        {"Transfer-Encoding", 17},
        {"Upgrade", 7},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (http_is_name(name, names[i]))
            return true;
    return false;
}

bool http_list_holds(struct str list, struct str name)
{
    while (list.size > 0) {
        const char *comma = memchr(list.data, ',', list.size);
        size_t size = comma != NULL ? (size_t)(comma - list.data) : list.size;
        if (http_is_name(str_trim((struct str){list.data, size}), name))
            return true;
        size += comma != NULL;
        list = (struct str){list.data + size, list.size - size};
    }
    return false;
}

bool http_is_token(struct str text)
{
    static const char others[] = "!#$%&'*+-.^_`|~";

    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!alphanumeric && (c == '\0' || strchr(others, c) == NULL))
            return false;
    }
    return text.size > 0;
}

static bool is_control(unsigned char c)
{
    return c < 0x20 || c == 0x7F;
}

bool http_is_value(struct str value)
{
    for (size_t i = 0; i < value.size; i++)
        if (is_control((unsigned char)value.data[i]) && value.data[i] != '\t')
            return false;
    return true;
}

bool http_is_target(struct str target)
{
    for (size_t i = 0; i < target.size; i++)
        if (is_control((unsigned char)target.data[i]) || target.data[i] == ' ')
            return false;
    return target.size > 0;
}

bool http_length(struct str value, uint64_t *length)
{
    int64_t read;

    if (value.size > LENGTH_DIGITS || !str_to_int64(value, 0, INT64_MAX, &read))
        return false;
    *length = (uint64_t)read;
    return true;
}

const char *http_date(int64_t time_us, char out[HTTP_DATE_SIZE])
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t seconds = (time_t)(time_us / 1000000);
    struct tm tm;

    gmtime_r(&seconds, &tm);
    snprintf(out, HTTP_DATE_SIZE, "%s, %02u %s %04u %02u:%02u:%02u GMT", days[tm.tm_wday % 7],
             (unsigned)tm.tm_mday % 100, months[tm.tm_mon % 12], (unsigned)(tm.tm_year + 1900) % 10000,
             (unsigned)tm.tm_hour % 100, (unsigned)tm.tm_min % 100, (unsigned)tm.tm_sec % 100);
    return out;
}

char *http_errors(const char *why)
{
    json_t *document = json_pack("{s:[s]}", "errors", why);
    char *text = document != NULL ? json_dumps(document, JSON_COMPACT) : NULL;

    json_decref(document);
    return text != NULL ? text : mem_text("{\"errors\":[\"the gateway refused the request\"]}");
}
