/* SPDX-License-Identifier: MIT */
/* A log that grows in pieces and is resumed at its checkpoints gives the same events as one read in one go. */

#include "ingest/checkpoint.h"
#include "ingest/input.h"
#include "reader_from.h"

/* The only contract there is, so that no database is needed. */
bool directory_assign(const struct directory *directory, const char *otherwise, struct event *event,
                      struct rejection *why)
{
    (void)directory;
    (void)otherwise;
    (void)why;
    event->contract = STR("acme");
    event->contract_id = 1;
    return true;
}

bool directory_has_app(const struct directory *directory, struct str app)
{
    (void)directory;
    (void)app;
    return false;
}

#define EVENTS_MAX 4000
#define ROWS_MAX   4000

/* What a ledger would hold of one file. */
struct ledger {
    struct checkpoint_row rows[ROWS_MAX];
    size_t row_count;
    struct taken {
        uint64_t position;
        unsigned char digest[DIGEST_SIZE]; /* of the event, with its id and position */
    } events[EVENTS_MAX];
    size_t event_count;
    uint64_t refusals;
    size_t read; /* lines, in all runs */
};

static struct ledger *ledger_of_test(void)
{
    return (struct ledger *)(void *)lasting_alloc(sizeof(struct ledger));
}

static void keep_event(struct ledger *ledger, const struct event *event)
{
    for (size_t i = 0; i < ledger->event_count; i++) {
        if (memcmp(ledger->events[i].digest, event->digest, DIGEST_SIZE) == 0)
            return;
    }
    cr_assert_lt(ledger->event_count, EVENTS_MAX);
    struct taken *taken = &ledger->events[ledger->event_count++];
    taken->position = event->position;
    memcpy(taken->digest, event->digest, DIGEST_SIZE);
}

static void keep_batch(struct ledger *ledger, const struct batch *batch)
{
    const struct extent *extent = &batch->extent;

    ledger->read += batch_records(batch);
    ledger->refusals += batch->refusal_count;
    for (size_t i = 0; i < batch->event_count; i++)
        keep_event(ledger, &batch->events[i]);
    if (batch_records(batch) == 0 || extent->key == NULL)
        return;
    cr_assert_lt(ledger->row_count, ROWS_MAX);
    struct checkpoint_row *row = &ledger->rows[ledger->row_count++];
    *row = (struct checkpoint_row){
        .batch_id = (int64_t)ledger->row_count,
        .first_byte = batch->first_byte,
        .end_byte = batch->end_byte,
        .open = extent->open,
        .open_byte = extent->open_byte,
        .next_line = extent->next_line,
        .read = batch_records(batch),
        .quarantined = batch->refusal_count,
        .nameless = extent->nameless,
    };
    memcpy(row->first_digest, extent->first_digest, DIGEST_SIZE);
    memcpy(row->end_digest, extent->end_digest, DIGEST_SIZE);
    memcpy(row->open_digest, extent->open_digest, DIGEST_SIZE);
}

/* The first `size` bytes of the content, as a file of their own; gzipped when asked for. */
static struct input *piece_of(struct str content, size_t size, bool gzip)
{
    struct str piece = {content.data, size};
    return input_from(gzip ? gzip_of(piece) : piece, 0);
}

/* One run over a file: says what the checkpoints proved. */
static enum checkpoint_state run(struct ledger *ledger, struct input *input, size_t batch_records)
{
    static const struct file_key key = {1, 2, "{}"};
    static const atomic_bool never = false;
    const int64_t offset = timestamp_now() - timestamp_since_boot();
    struct checkpoint checkpoint;
    const struct checkpoint_rows rows = {ledger->rows, ledger->row_count};
    struct error err = {0};

    cr_assert(checkpoint_prove(&checkpoint, &rows, input, &err), "%s", err.text);
    enum checkpoint_state state = checkpoint.state;
    if (state == CHECKPOINT_UNCHANGED) {
        input_close(input);
        checkpoint_end(&checkpoint);
        return state;
    }
    cr_assert(input_seek(input, 0, &err), "%s", err.text);
    const struct intake_options options = {
        .input = input,
        .name = "log",
        .clock_offset = &offset,
        .stop = &never,
        .key = &key,
        .resume = state == CHECKPOINT_BEGUN ? &checkpoint.resume : NULL,
        .batch_records = batch_records,
    };
    struct intake *intake = NULL;
    static struct batch *batch;
    batch = batch != NULL ? batch : batch_new();
    cr_assert(intake_open(&intake, &options, &err), "%s", err.text);
    do {
        batch_clear(batch);
        intake_fill(intake, batch);
        cr_assert_not(batch->failed, "%s", batch->failure.text);
        keep_batch(ledger, batch);
    } while (!batch->last);
    intake_close(intake);
    checkpoint_end(&checkpoint);
    return state;
}

static void check_same(const struct ledger *grown, const struct ledger *whole, const char *what)
{
    cr_assert_geq(grown->event_count, whole->event_count, "%s: an event is missing", what);
    for (size_t i = 0; i < whole->event_count; i++) {
        size_t at = 0;
        while (at < grown->event_count && memcmp(grown->events[at].digest, whole->events[i].digest, DIGEST_SIZE) != 0)
            at++;
        cr_assert_lt(at, grown->event_count, "%s: line %" PRIu64 " gave another event", what,
                     whole->events[i].position);
        cr_assert_eq(grown->events[at].position, whole->events[i].position);
    }
}

/* ---- random logs ---- */

struct shape {
    bool csv, gzip, bom, crlf, ids, quotes;
};

static void add_text(struct buffer *log, const char *text)
{
    cr_assert(buffer_add(log, text, strlen(text)));
}

static void add_line(struct buffer *log, const struct shape *shape, uint32_t *seed, size_t number)
{
    const char *end = shape->crlf ? "\r\n" : "\n";
    size_t user = 1 + random_below(seed, 3);
    size_t second = random_below(seed, 2);

    if (random_below(seed, 10) == 0)
        add_text(log, shape->crlf ? " \r\n" : "  \n");
    if (random_below(seed, 12) == 0)
        cr_assert(buffer_format(log, shape->csv ? "yesterday,%zu%s" : "{\"time\":\"yesterday\",\"user_id\":%zu}%s",
                                user, end));
    else if (shape->csv && shape->ids)
        cr_assert(buffer_format(log, "2026-03-02T08:00:0%zuZ,%zu,%s,n%zu%s", second, user,
                                shape->quotes ? "\"of \"\"one\"\"\nand two\"" : "plain", number, end));
    else if (shape->csv)
        cr_assert(buffer_format(log, "2026-03-02T08:00:0%zuZ,%zu,%s%s", second, user,
                                shape->quotes ? "\"a,\nb\"" : "plain", end));
    else if (shape->ids)
        cr_assert(buffer_format(log, "{\"time\":\"2026-03-02T08:00:0%zuZ\",\"user_id\":%zu,\"id\":\"n%zu\"}%s", second,
                                user, number, end));
    else
        cr_assert(buffer_format(log, "{\"time\":\"2026-03-02T08:00:0%zuZ\",\"user_id\":%zu}%s", second, user, end));
}

static size_t write_log(struct buffer *log, const struct shape *shape, uint32_t *seed)
{
    size_t lines = 1 + random_below(seed, 60);

    if (shape->bom)
        add_text(log, "\xEF\xBB\xBF");
    if (shape->csv)
        cr_assert(buffer_format(log, "time,user_id,label%s%s", shape->ids ? ",id" : "", shape->crlf ? "\r\n" : "\n"));
    size_t head = log->size;
    for (size_t i = 0; i < lines; i++)
        add_line(log, shape, seed, i);
    if (random_below(seed, 3) == 0)
        add_text(log, " ");
    return head;
}

static void grow_at_random(uint32_t *seed)
{
    struct shape shape = {
        .csv = random_below(seed, 2),
        .gzip = random_below(seed, 3) == 0,
        .bom = random_below(seed, 4) == 0,
        .crlf = random_below(seed, 3) == 0,
        .ids = random_below(seed, 2),
        .quotes = random_below(seed, 2),
    };
    struct ledger *grown = ledger_of_test(), *whole = ledger_of_test();
    struct buffer log;
    char what[200];

    memset(grown, 0, sizeof *grown);
    memset(whole, 0, sizeof *whole);
    buffer_init(&log, (size_t)1 << 20);
    size_t head = write_log(&log, &shape, seed);
    const struct str content = {log.data, log.size};
    snprintf(what, sizeof what, "csv %d gzip %d bom %d crlf %d ids %d quotes %d", shape.csv, shape.gzip, shape.bom,
             shape.crlf, shape.ids, shape.quotes);

    run(whole, piece_of(content, content.size, shape.gzip), 0);
    for (size_t size = head; size < content.size;) {
        size += 1 + random_below(seed, 1 + random_below(seed, content.size));
        size = size < content.size ? size : content.size;
        run(grown, piece_of(content, size, shape.gzip), random_below(seed, 3) * (1 + random_below(seed, 7)));
    }
    check_same(grown, whole, what);
    if (!shape.csv) /* a row that is cut off may be a row, too */
        cr_assert_eq(grown->event_count, whole->event_count, "%s", what);
    size_t read = grown->read;
    cr_assert_eq(run(grown, piece_of(content, content.size, shape.gzip), 0) == CHECKPOINT_NEW, whole->read == 0, "%s",
                 what);
    cr_assert_eq(grown->read, read, "%s: nothing is read again", what);
    buffer_free(&log);
    arena_reset(lasting_arena());
}

Test(checkpoint, a_log_that_grows_in_pieces_gives_the_events_of_the_whole, .timeout = 120)
{
    uint32_t seed = 20261123;
    const char *full = getenv("HEADROOM_TEST_FULL");
    int rounds = full != NULL && full[0] != '\0' ? 10000 : 200;

    for (int i = 0; i < rounds; i++)
        grow_at_random(&seed);
}

/* ---- by hand ---- */

#define LINE(second, user) "{\"time\":\"2026-03-02T08:00:0" second "Z\",\"user_id\":" user ",\"id\":\"" second "\"}\n"

static struct ledger *ledger_with(const char *content, size_t batch_records)
{
    struct ledger *ledger = ledger_of_test();

    memset(ledger, 0, sizeof *ledger);
    cr_assert_eq(run(ledger, piece_of(str_of(content), strlen(content), false), batch_records), CHECKPOINT_NEW);
    return ledger;
}

static enum checkpoint_state run_again(struct ledger *ledger, const char *content)
{
    return run(ledger, piece_of(str_of(content), strlen(content), false), 0);
}

Test(checkpoint, the_same_content_is_unchanged)
{
    struct ledger *ledger = ledger_with(LINE("1", "1") LINE("2", "1") LINE("3", "2"), 1);

    cr_assert_eq(ledger->row_count, 3);
    cr_assert_eq(run_again(ledger, LINE("1", "1") LINE("2", "1") LINE("3", "2")), CHECKPOINT_UNCHANGED);
    cr_assert_eq(ledger->read, 3);
}

Test(checkpoint, only_new_lines_are_read)
{
    struct ledger *ledger = ledger_with(LINE("1", "1") LINE("2", "1"), 0);

    cr_assert_eq(run_again(ledger, LINE("1", "1") LINE("2", "1") LINE("3", "2")), CHECKPOINT_BEGUN);
    cr_assert_eq(ledger->read, 3);
    cr_assert_eq(ledger->rows[1].first_byte, ledger->rows[0].end_byte);
    cr_assert_eq(ledger->events[2].position, 3);
}

Test(checkpoint, other_content_of_the_same_size_is_read_from_the_start)
{
    struct ledger *ledger = ledger_with(LINE("1", "1") LINE("2", "1"), 0);

    cr_assert_eq(run_again(ledger, LINE("1", "1") LINE("2", "7")), CHECKPOINT_REWRITTEN);
    cr_assert_eq(ledger->read, 4);
    cr_assert_eq(run_again(ledger, LINE("1", "1") LINE("2", "7")), CHECKPOINT_UNCHANGED);
}

Test(checkpoint, what_is_the_same_before_a_change_is_not_read_again)
{
    struct ledger *ledger = ledger_with(LINE("1", "1") LINE("2", "1") LINE("3", "2"), 1);

    cr_assert_eq(run_again(ledger, LINE("1", "1") LINE("2", "7") LINE("3", "2")), CHECKPOINT_BEGUN);
    cr_assert_eq(ledger->read, 5);
}

Test(checkpoint, a_file_that_was_cut_off_at_a_batch_is_unchanged)
{
    struct ledger *ledger = ledger_with(LINE("1", "1") LINE("2", "1"), 1);

    cr_assert_eq(run_again(ledger, LINE("1", "1")), CHECKPOINT_UNCHANGED);
    cr_assert_eq(run_again(ledger, ""), CHECKPOINT_REWRITTEN);
    cr_assert_eq(ledger->read, 2);
}

Test(checkpoint, a_batch_that_is_missing_ends_the_run)
{
    struct ledger *ledger = ledger_with(LINE("1", "1") LINE("2", "1") LINE("3", "2"), 1);

    ledger->rows[1] = ledger->rows[2];
    ledger->row_count = 2;
    cr_assert_eq(run_again(ledger, LINE("1", "1") LINE("2", "1") LINE("3", "2")), CHECKPOINT_BEGUN);
    cr_assert_eq(ledger->read, 5, "from the first batch's end");
}

Test(checkpoint, a_last_line_without_an_end_is_read_again_when_it_goes_on)
{
    struct ledger *ledger = ledger_with(LINE("1", "1") "{\"time\":\"2026-03-02T08:00:02Z\",\"us", 0);

    cr_assert_eq(ledger->refusals, 1);
    cr_assert_eq(run_again(ledger, LINE("1", "1") "{\"time\":\"2026-03-02T08:00:02Z\",\"us"), CHECKPOINT_UNCHANGED);
    cr_assert_eq(run_again(ledger, LINE("1", "1") "{\"time\":\"2026-03-02T08:00:02Z\",\"user_id\":2}\n"),
                 CHECKPOINT_BEGUN);
    cr_assert_eq(ledger->event_count, 2);
    cr_assert_eq(ledger->events[1].position, 2);
    cr_assert_eq(ledger->refusals, 1);
}

Test(checkpoint, blanks_without_a_line_end_may_begin_a_line)
{
    struct ledger *ledger = ledger_with(LINE("1", "1") "  ", 0);

    cr_assert_eq(run_again(ledger, LINE("1", "1") "  " LINE("2", "1") LINE("3", "1")), CHECKPOINT_BEGUN);
    cr_assert_eq(ledger->event_count, 3);
    cr_assert_eq(ledger->events[1].position, 2);
    cr_assert_eq(ledger->events[2].position, 3);
}

Test(checkpoint, lines_without_id_are_told_apart_over_the_whole_window)
{
    struct ledger *ledger = ledger_of_test(), *whole = ledger_of_test();
    struct buffer log;

    memset(ledger, 0, sizeof *ledger);
    memset(whole, 0, sizeof *whole);
    buffer_init(&log, (size_t)16 << 20);
    for (int i = 0; i < 3000; i++)
        add_text(&log, "{\"time\":\"2026-03-02T08:00:00Z\",\"user_id\":1}\n");
    const struct str content = {log.data, log.size};
    run(whole, piece_of(content, content.size, false), 0);
    cr_assert_eq(whole->event_count, 3000);
    run(ledger, piece_of(content, content.size / 3 * 2, false), 100);
    run(ledger, piece_of(content, content.size, false), 100);
    check_same(ledger, whole, "equal lines");
    cr_assert_eq(ledger->event_count, 3000);
    buffer_free(&log);
}
