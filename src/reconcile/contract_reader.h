/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_RECONCILE_CONTRACT_READER_H
#define HEADROOM_RECONCILE_CONTRACT_READER_H

/* Reads values of a document, each into a new one that is as export writes it. A reader knows where it is, so that what
 * is wrong is told by its JSON pointer. */

#include "headroom/contracts.h"

#define READER_PATH_MAX 400 /* bytes: keys are ours, but one that is unknown may be long */

struct reader {
    const struct contract_currencies *currencies;
    const struct contract_currency *currency; /* of the terms at hand; NULL: none yet */
    json_t *terms_before;                     /* what the terms at hand take from: borrowed */
    char path[READER_PATH_MAX];
    struct error *err;
};

/* All of these give a new reference; NULL: refused, and the reader's err says why. */
typedef json_t *read_fn(struct reader *reader, json_t *value);

enum need {
    OPTIONAL, /* absent or null: otherwise makes the value, or it is null */
    NEEDED,
    NULLABLE, /* the key is needed, and null has a meaning */
};
struct reader_field {
    const char *key;
    read_fn *read;
    enum need need;
    json_t *(*otherwise)(const struct reader *reader, const char *key); /* a new reference; NULL: null */
};
/* An object with these fields and no others, in their order. */
json_t *reader_object(struct reader *reader, json_t *value, const struct reader_field *fields, size_t count);
/* An array of at most `most` elements; element 0 is read first. */
json_t *reader_array(struct reader *reader, json_t *value, size_t most, read_fn *element);

/* False, with the pointer before the text. below: a key or number under the reader's place, or NULL. */
bool reader_refuse(struct reader *reader, const char *below, const char *format, ...) PRINTF_LIKE(3, 4);

json_t *reader_count(struct reader *reader, json_t *value, int64_t least, int64_t most, const char *what);
json_t *reader_text(struct reader *reader, json_t *value, size_t size_max);
json_t *reader_choice(struct reader *reader, json_t *value, const char *const *choices);
json_t *reader_date(struct reader *reader, json_t *value);
/* Money with at most so many decimals. whose: says what has them, as "USD has". */
json_t *reader_money(struct reader *reader, json_t *value, size_t decimals, const char *whose);
json_t *reader_price(struct reader *reader, json_t *value); /* keeps all its digits */
json_t *reader_pricing(struct reader *reader, json_t *value);

#endif
