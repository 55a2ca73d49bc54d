/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_TEMPLATE_H
#define HEADROOM_REPORT_TEMPLATE_H

/* Texts and formulas with references in braces; what a reference stands for is the caller's. */

#include "headroom/base.h"

#define TEMPLATE_CEILING 8192 /* bytes of a text when expanded; also what Excel allows a formula */

typedef bool template_resolve_fn(void *context, struct str reference, struct buffer *out, struct error *err);

/* Appends `text` with every "{reference}" replaced by what `resolve` appends for it. */
MUST_CHECK bool template_expand(const char *text, template_resolve_fn *resolve, void *context, struct buffer *out,
                                struct error *err);

/* Appends to a template's result; the error when it grows too long. */
MUST_CHECK bool template_add(struct buffer *out, struct str text, struct error *err);

/* Splits "a.b" at its only dot; false when it is no such thing. */
MUST_CHECK bool template_split(struct str reference, struct str *before, struct str *after);

#endif
