/* SPDX-License-Identifier: MIT */
/* Writes values as tables show them. */

#include "cli/text.h"
#include "cli/output.h"

#include <stdlib.h>
#include <string.h>

#define SECOND  INT64_C(1000000)
#define EIGHTHS 8

const char *cell_count(struct cell *cell, int64_t count)
{
    snprintf(cell->text, sizeof cell->text, "%lld", (long long)count);
    return cell->text;
}

const char *cell_time(struct cell *cell, int64_t us)
{
    char text[TIMESTAMP_SIZE];
    if (us == RECONCILE_NO_TIME)
        return NULL;
    snprintf(cell->text, sizeof cell->text, "%s", timestamp_format(us - us % SECOND, text));
    return cell->text;
}

const char *cell_date(struct cell *cell, const char *date)
{
    static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};
    unsigned month = (unsigned)strtoul(date + strlen("2026-"), NULL, 10);
    unsigned day = (unsigned)strtoul(date + strlen("2026-10-"), NULL, 10);
    snprintf(cell->text, sizeof cell->text, "%u %s", day, months[(month - 1) % ARRAY_LENGTH(months)]);
    return cell->text;
}

const char *cell_limit(struct cell *cell, int64_t limit)
{
    return limit == RECONCILE_NO_LIMIT ? "none" : cell_count(cell, limit);
}

const char *cell_money(struct cell *cell, const char *amount, const char *currency)
{
    snprintf(cell->text, sizeof cell->text, "%s %s", amount, currency);
    return cell->text;
}

#define PER_CENT_MAX 999

int text_used_per_cent(const struct reconcile_status *status)
{
    if (status->limit == 0)
        return status->unique_handles > 0 ? PER_CENT_MAX : 100;
    __int128 per_cent = (__int128)status->unique_handles * 100 / status->limit;
    return per_cent < PER_CENT_MAX ? (int)per_cent : PER_CENT_MAX;
}

const char *cell_bar(struct cell *cell, const struct reconcile_status *status, size_t columns)
{
    static const char *const parts[EIGHTHS] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    if (status->limit == RECONCILE_NO_LIMIT)
        return NULL;
    int per_cent = text_used_per_cent(status);
    size_t filled = (size_t)(per_cent > 100 ? 100 : per_cent) * columns * EIGHTHS / 100;
    size_t size = 0;
    size_t shown = 0;
    for (; shown < filled / EIGHTHS; shown++)
        size += (size_t)snprintf(cell->text + size, sizeof cell->text - size, "█");
    if (filled % EIGHTHS > 0) {
        size += (size_t)snprintf(cell->text + size, sizeof cell->text - size, "%s", parts[filled % EIGHTHS]);
        shown++;
    }
    for (; shown < columns; shown++)
        size += (size_t)snprintf(cell->text + size, sizeof cell->text - size, "·");
    snprintf(cell->text + size, sizeof cell->text - size, " %s%d%%", per_cent == PER_CENT_MAX ? ">" : "", per_cent);
    return cell->text;
}

void text_warn_of_silence(const struct reconcile_status *status)
{
    if (status->silent != NULL && strcmp(status->state, "open") == 0)
        log_warning("contract '%s': %s; 'headroom sources' shows more", status->contract, status->silent);
}

/* "+1", "-12" */
static const char *signed_count(struct cell *cell, int64_t count)
{
    snprintf(cell->text, sizeof cell->text, "%+lld", (long long)count);
    return cell->text;
}

/* "+2.50", "-10.00" */
static const char *signed_amount(struct cell *cell, const char *amount)
{
    snprintf(cell->text, sizeof cell->text, "%s%s", amount[0] == '-' ? "" : "+", amount);
    return cell->text;
}

static int wider(int width, const char *text)
{
    int size = (int)strlen(text);
    return size > width ? size : width;
}

/* Numbers stand below each other. */
static void print_adjustment_rows(const struct reconcile_status *status)
{
    struct cell cell = {0}, amount = {0};
    int count_width = 0, amount_width = 0;
    for (size_t i = 0; i < status->adjustment_count; i++) {
        count_width = wider(count_width, signed_count(&cell, status->adjustments[i].unique_handles));
        amount_width = wider(amount_width, signed_amount(&cell, status->adjustments[i].amount));
    }
    for (size_t i = 0; i < status->adjustment_count; i++) {
        const struct reconcile_adjustment *adjustment = &status->adjustments[i];
        printf("  %s  %*s handles  %*s %s\n", adjustment->month, count_width,
               signed_count(&cell, adjustment->unique_handles), amount_width,
               signed_amount(&amount, adjustment->amount), adjustment->currency);
    }
}

void text_print_adjustments(const struct reconcile_status *status)
{
    bool closed = strcmp(status->state, "closed") == 0;
    if (status->adjustment_count == 0)
        return;
    output_text("\n%s, %s: adjustments of closed months, %s\n", status->contract, status->month,
                closed ? "which its close carried:" : "which the next close carries:");
    print_adjustment_rows(status);
    printf("  Due with the charge of %s %s: %s %s\n", status->charge, status->currency, status->due, status->currency);
}
