/* SPDX-License-Identifier: MIT */
/* The forecast of a billing month as JSON, with what speaks against it. */

#include "cli/forecast.h"

#include <stdlib.h>

json_t *forecast_json(const struct outlook *outlook, const struct reconcile_status *status)
{
    struct forecast_hint hints[FORECAST_HINTS];
    size_t count = forecast_hints(outlook, status, hints);
    json_t *object = outlook_json(outlook), *array = json_array();
    for (size_t i = 0; i < count; i++) {
        (void)json_array_append_new(array, json_pack("{s:s, s:s}", "code", hints[i].code, "text", hints[i].text));
        free(hints[i].text);
    }
    (void)json_object_set_new(object, "hints", array);
    return object;
}
