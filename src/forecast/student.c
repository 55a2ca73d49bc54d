/* SPDX-License-Identifier: MIT */
/* Section 5: Student's distribution with 12 degrees of freedom, without special functions. */

#include <math.h>

#include "forecast/steps.h"

#define FREEDOM  12
#define FAR_TAIL 0.5 /* c below which 1 - F is summed from its own terms: x beyond 3.5 */

/* With theta = atan(x / sqrt 12): sin theta, and c = cos² theta. */
struct angle {
    double sine, c;
};

static struct angle angle_of(double x)
{
    double ratio = x * x / FREEDOM;

    return (struct angle){.sine = sqrt(ratio / (1 + ratio)), .c = 1 / (1 + ratio)};
}

/* 1 + c/2 (1 + 3c/4 (1 + … 9c/10)) is the beginning of the series of 1 / sin theta = (1 - c)^(-1/2). So what 1 - F
 * lacks is its rest, half of sin theta over it; far out that keeps the digits which 1/2 - 1/2 sin theta (…) loses. */
static double far_above(struct angle angle)
{
    double term = 1, sum = 0;

    for (int k = 1; k < FREEDOM / 2 || term > sum * 1e-17; k++) {
        term *= angle.c * (2 * k - 1) / (2 * k);
        if (k >= FREEDOM / 2)
            sum += term;
    }
    return angle.sine * sum / 2;
}

static double near_above(struct angle angle)
{
    static const double factors[] = {9.0 / 10, 7.0 / 8, 5.0 / 6, 3.0 / 4, 1.0 / 2};
    double sum = 1;

    for (size_t i = 0; i < ARRAY_LENGTH(factors); i++)
        sum = 1 + factors[i] * angle.c * sum;
    return 0.5 - angle.sine * sum / 2;
}

double student_above(double x)
{
    struct angle angle = angle_of(x);
    double above = angle.c < FAR_TAIL ? far_above(angle) : near_above(angle);

    return x < 0 ? 1 - above : above;
}

/* By bisection, down to two neighbouring numbers. */
static double quantile_above(double above)
{
    double low = 0, high = 1;

    while (student_above(high) > above) {
        low = high;
        high *= 2;
    }
    for (;;) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high)
            return high;
        *(student_above(middle) > above ? &low : &high) = middle;
    }
}

double student_quantile(double p)
{
    if (p < 0.5)
        return -quantile_above(p);
    return p > 0.5 ? quantile_above(1 - p) : 0;
}
