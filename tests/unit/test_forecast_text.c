/* SPDX-License-Identifier: MIT */
/* The forecast of random histories, against the method's text written down once more, formula by formula. */

#include <criterion/criterion.h>
#include <math.h>

#include "../lib/forecast_random.h"

#define HISTORIES 3000

/* Month i of the text is months[i - 1]; the current month is one of them too. */
struct text {
    const struct forecast_month *months;
    int n;
    double w[7], l, tau2, N0, phi, g, G, s2, z, mu, v;
};

static double W(const struct text *m, int first, double t)
{
    double sum = 0;

    for (int k = 0; k < 63 && k < t; k++)
        sum += fmin(t - k, 1) * m->w[(first + k) % 7];
    return sum;
}

/* U_i(t_i), with t_i sought by halving. */
static double matched(const struct text *m, const struct forecast_month *month, double tau)
{
    double low = 0, high = month->days, wanted = tau * W(m, month->first_weekday, month->days);

    for (int i = 0; i < 200; i++) {
        double t = (low + high) / 2;
        if (W(m, month->first_weekday, t) < wanted)
            low = t;
        else
            high = t;
    }
    int day = high < month->days ? (int)high : month->days - 1;
    return month->cumulative[day] + (high - day) * (month->cumulative[day + 1] - month->cumulative[day]);
}

static void weekdays(struct text *m)
{
    double A[7] = {0}, B[7] = {0}, sum_A = 0, sum_B = 0;

    for (int i = m->n > 12 ? m->n - 12 : 0; i < m->n; i++)
        for (int k = 0; k < m->months[i].days; k++) {
            A[(m->months[i].first_weekday + k) % 7] += m->months[i].seen[k];
            B[(m->months[i].first_weekday + k) % 7]++;
        }
    for (int k = 0; k < 7; k++) {
        sum_A += A[k];
        sum_B += B[k];
    }
    for (int k = 0; k < 7; k++) {
        double a = sum_A > 0 ? sum_A / sum_B : 1;
        m->w[k] = sum_A > 0 ? (A[k] + 2 * a) / (B[k] + 2) / a : 1; /* no past month, no weights */
    }
}

static double N(const struct text *m, int i)
{
    return m->months[i - 1].cumulative[m->months[i - 1].days];
}

static double c(const struct text *m, int i)
{
    return pow(0.95, m->n - i);
}

static double h(double G, double count)
{
    return (1 - G) / (fmax(count, 1) * G);
}

static void level(struct text *m)
{
    double sum = 0, sum_c = 0;

    m->l = log(N(m, 1) + 0.5);
    for (int i = 2; i <= m->n; i++) {
        double e = log(N(m, i) + 0.5) - m->l;
        m->l += (i <= 3 ? 1.0 / i : 0.3) * e;
        sum += c(m, i) * e * e;
        sum_c += c(m, i);
    }
    m->N0 = fmax(exp(m->l) - 0.5, 1);
    m->tau2 = (sum + 2 * (0.04 + 1 / m->N0)) / (sum_c + 2);
}

static void development(struct text *m, double tau, double g0, double v0)
{
    double sum_c = 0, sum_c2 = 0, r = 0, squares = 0, ri[37];

    for (int i = 1; i <= m->n; i++) {
        ri[i] = log((N(m, i) + 0.5) / (matched(m, &m->months[i - 1], tau) + 0.5));
        sum_c += c(m, i);
        sum_c2 += c(m, i) * c(m, i);
        r += c(m, i) * ri[i];
    }
    r /= sum_c;
    double n_eff = sum_c * sum_c / sum_c2, G = fmin(exp(-r), 0.999);
    for (int i = 1; i <= m->n; i++)
        squares += c(m, i) * (ri[i] - r) * (ri[i] - r) / h(G, N(m, i));
    m->phi = (squares + 6 * (1 + m->N0 / 150)) / (sum_c * (1 - 1 / n_eff) + 6);
    double vr = m->phi * h(G, m->N0) / n_eff, vg = 1 / (1 / vr + 1 / v0);
    m->g = (r / vr + g0 / v0) * vg;
    m->G = fmin(exp(-m->g), 0.999);
    m->s2 = m->phi * h(m->G, m->N0) + vg;
}

static struct text by_text(const struct forecast_input *input)
{
    int n = input->month_count < 36 ? (int)input->month_count : 36;
    struct text m = {.n = n};

    if (n > 0)
        m.months = input->months + input->month_count - n;
    weekdays(&m);
    double tau = W(&m, input->first_weekday, input->elapsed) / W(&m, input->first_weekday, input->days);
    double L = fmin(log(fmax(tau, 0.001)), -1e-6), g0 = -0.72 * L, v0 = 0.11 * L * 0.11 * L;
    if (n > 0) {
        level(&m);
        development(&m, tau, g0, v0);
        m.z = m.tau2 / (m.tau2 + m.s2);
        m.mu = m.l + m.z * (log(input->used + 0.5) + m.g - m.l);
        m.v = m.tau2 * m.s2 / (m.tau2 + m.s2);
        return m;
    }
    m.N0 = fmax((input->used + 0.5) * exp(g0), 1);
    m.G = exp(-g0);
    m.mu = log(input->used + 0.5) + g0;
    m.v = m.s2 = (1 + m.N0 / 150) * h(m.G, m.N0) + v0;
    m.z = 1;
    return m;
}

static void check_same(uint64_t seed, double got, double wanted)
{
    cr_assert_float_eq(got, wanted, 1e-7 * fmax(fabs(wanted), 1e-3), "history %d: %.12g, not %.12g", (int)seed, got,
                       wanted);
}

Test(forecast_text, is_what_the_text_says)
{
    static struct random_history random;

    for (uint64_t seed = 0; seed < HISTORIES; seed++) {
        struct forecast forecast;
        random_make(&random, seed);
        cr_assert(forecast_make(&random.input, &forecast, NULL));
        if (forecast.is_over)
            continue;
        struct text text = by_text(&random.input);
        check_same(seed, forecast.level, text.l);
        check_same(seed, forecast.level_variance, text.tau2);
        check_same(seed, forecast.development, text.G);
        check_same(seed, forecast.count_variance, text.s2);
        check_same(seed, forecast.weight, text.z);
        check_same(seed, forecast.mu, text.mu);
        check_same(seed, forecast.v, text.v);
    }
}
