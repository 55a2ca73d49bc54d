/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_IDENTITIES_FORM_H
#define HEADROOM_INGEST_IDENTITIES_FORM_H

/* What a line of an import may say, and what it means. Pure. */

#include "ingest/identities.h"

enum identity_column {
    IDENTITY_USER_ID,
    IDENTITY_HANDLE,
    IDENTITY_FROM,
    IDENTITY_TO,
    IDENTITY_COLUMNS,
    IDENTITY_UNKNOWN = IDENTITY_COLUMNS,
};
#define IDENTITY_COLUMN_NAMES "user_id and handle, and from and to where the days are known"

const char *identity_column_name(enum identity_column column);
enum identity_column identity_column_find(struct str name); /* by name or alias, exact; IDENTITY_UNKNOWN when none */
const char *identity_column_near(const char *name);         /* the name or alias that may be meant; NULL: none */

#define IDENTITY_WHY_SIZE 240
/* Makes an identity of a line's values; its line is not touched. False: why says which value is wrong, without a
 * secret, and what it must be. */
MUST_CHECK bool identity_form(struct identity *identity, const struct value values[IDENTITY_COLUMNS],
                              char why[IDENTITY_WHY_SIZE]);

#endif
