/* SPDX-License-Identifier: MIT */
#ifndef FORECAST_CHECK_H
#define FORECAST_CHECK_H

/* Whether a forecast can be made from what is given: counts from 0 to FORECAST_COUNT_MAX that never fall, days and
 * weekdays that there are. */

#include "headroom/forecast.h"

MUST_CHECK bool check_months(const struct forecast_month *months, size_t count, struct error *err);
MUST_CHECK bool check_current(const struct forecast_input *input, struct error *err); /* without its months */

#endif
