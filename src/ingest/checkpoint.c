/* SPDX-License-Identifier: MIT */
/* The proof: one pass of SHA-256 over the content, with a look at each place where a batch begins or ends. */

#include "ingest/checkpoint.h"

#include <stdlib.h>
#include <string.h>

#include "ingest/input.h"
#include "ingest/repeat.h"

#define CHUNK_SIZE ((size_t)1 << 20)
#define NO_ROW     SIZE_MAX

/* In the order in which they are looked at where they are at the same byte: a batch ends before the next one begins. */
enum mark_kind {
    MARK_OPEN,
    MARK_END,
    MARK_BEGIN,
};

struct mark {
    uint64_t byte;
    size_t row;
    enum mark_kind kind;
};

/* A place to which the content is proved. */
struct reached {
    uint64_t byte;
    size_t row; /* whose end it is; NO_ROW: byte 0 */
};

struct proof {
    const struct checkpoint_row *rows;
    struct mark *marks;
    size_t mark_count;
    bool *begun;     /* by row: the content before it is proved */
    size_t *follows; /* by row: the row with which that proof ends */
    size_t begun_count;
    struct input *input;
    char *chunk;
    struct digest *digest; /* of the content to `byte` */
    uint64_t byte;
    bool ended;              /* the content is no longer than `byte` */
    struct reached here;     /* at `byte` */
    bool is_here;            /* here is proved, */
    bool is_whole_here;      /* and whatever follows is a record of its own */
    struct reached furthest; /* the last place that was proved */
    struct reached whole;    /* the last one at which reading can go on */
    struct digest *to_whole; /* of the content to there */
};

static int compare_marks(const void *a, const void *b)
{
    const struct mark *x = a;
    const struct mark *y = b;

    if (x->byte != y->byte)
        return x->byte < y->byte ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static void make_marks(struct proof *proof, const struct checkpoint_rows *rows)
{
    proof->marks = mem_alloc((3 * rows->count + 1) * sizeof(*proof->marks));
    for (size_t i = 0; i < rows->count; i++) {
        const struct checkpoint_row *row = &rows->list[i];
        proof->marks[proof->mark_count++] = (struct mark){row->first_byte, i, MARK_BEGIN};
        proof->marks[proof->mark_count++] = (struct mark){row->end_byte, i, MARK_END};
        if (row->open)
            proof->marks[proof->mark_count++] = (struct mark){row->open_byte, i, MARK_OPEN};
    }
    qsort(proof->marks, proof->mark_count, sizeof(*proof->marks), compare_marks);
}

/* Hashes up to a byte, or to the content's end. */
static bool hash_to(struct proof *proof, uint64_t byte, struct error *err)
{
    while (proof->byte < byte && !proof->ended) {
        uint64_t left = byte - proof->byte;
        size_t got = 0;
        if (!input_read(proof->input, proof->chunk, left < CHUNK_SIZE ? (size_t)left : CHUNK_SIZE, &got, err))
            return false;
        digest_add(proof->digest, proof->chunk, got);
        proof->byte += got;
        proof->ended = got == 0;
    }
    return true;
}

static bool is_at(const unsigned char digest[DIGEST_SIZE], const unsigned char claimed[DIGEST_SIZE])
{
    return memcmp(digest, claimed, DIGEST_SIZE) == 0;
}

static void reach(struct proof *proof, size_t row, bool whole)
{
    if (proof->is_whole_here)
        return;
    proof->is_here = true;
    proof->is_whole_here = whole;
    proof->here = proof->furthest = (struct reached){proof->byte, row};
    if (!whole)
        return;
    proof->whole = proof->here;
    digest_copy(proof->to_whole, proof->digest);
}

static void pass_mark(struct proof *proof, const struct mark *mark, const unsigned char digest[DIGEST_SIZE])
{
    const struct checkpoint_row *row = &proof->rows[mark->row];

    switch (mark->kind) {
    case MARK_OPEN:
        if (proof->begun[mark->row] && is_at(digest, row->open_digest))
            reach(proof, mark->row, true);
        break;
    case MARK_END:
        if (!proof->begun[mark->row])
            break;
        proof->begun_count--;
        if (is_at(digest, row->end_digest))
            reach(proof, mark->row, !row->open);
        break;
    case MARK_BEGIN:
        if (!proof->is_here || !is_at(digest, row->first_digest))
            break;
        proof->begun[mark->row] = true;
        proof->begun_count++;
        proof->follows[mark->row] = proof->here.row;
        break;
    }
}

/* Goes from mark to mark while a batch that has begun can still end. */
static bool prove(struct proof *proof, struct error *err)
{
    unsigned char digest[DIGEST_SIZE];

    proof->is_here = true;
    proof->is_whole_here = true;
    for (size_t i = 0; i < proof->mark_count && (proof->begun_count > 0 || proof->is_here);) {
        uint64_t byte = proof->marks[i].byte;
        if (byte > proof->byte) {
            if (proof->begun_count == 0)
                break;
            proof->is_here = proof->is_whole_here = false;
        }
        if (!hash_to(proof, byte, err))
            return false;
        if (proof->ended)
            break;
        digest_peek(proof->digest, digest);
        for (; i < proof->mark_count && proof->marks[i].byte == byte; i++)
            pass_mark(proof, &proof->marks[i], digest);
    }
    return true;
}

/* Whether the content ends with the last place that was proved. */
static bool is_unchanged(struct proof *proof, bool *unchanged, struct error *err)
{
    uint64_t end = proof->furthest.byte;

    *unchanged = false;
    if (end == 0 || proof->byte != end)
        return true;
    if (!hash_to(proof, end + 1, err))
        return false;
    *unchanged = proof->ended;
    return true;
}

/* ---- what the proof says ---- */

static void add_digest(struct buffer *list, const unsigned char digest[DIGEST_SIZE])
{
    char hex[DIGEST_HEX_SIZE];

    digest_hex(digest, hex);
    /* Over the ceiling the last ones are left out: lines in quarantine are then counted too low, in a note. */
    if (!buffer_format(list, "%s\"\\\\x%s\"", list->size == 0 ? "{" : ",", hex))
        return;
}

static void describe_run(struct checkpoint *checkpoint, const struct proof *proof, size_t last)
{
    checkpoint->last = proof->rows[last];
    for (size_t at = last; at != NO_ROW; at = proof->follows[at]) {
        const struct checkpoint_row *row = &proof->rows[at];
        if (row->voided)
            checkpoint->voided = row->batch_id;
        if (row->quarantined > 0)
            add_digest(&checkpoint->quarantined_ends, row->end_digest);
        checkpoint->quarantined += row->quarantined;
    }
}

/* Back over as many lines as an id can depend on. A batch that is open may have lines behind the place: none of its
 * lines is counted on. */
static void find_window(struct resume *resume, const struct proof *proof)
{
    uint64_t lines = 0;

    for (size_t at = proof->whole.row; at != NO_ROW && lines < REPEAT_WINDOW; at = proof->follows[at]) {
        const struct checkpoint_row *row = &proof->rows[at];
        size_t before = proof->follows[at];
        lines += row->open ? 0 : row->read;
        if (!row->nameless)
            continue;
        resume->window_byte = row->first_byte;
        resume->window_line = before == NO_ROW ? 1 : proof->rows[before].next_line;
    }
}

static void set_resume(struct checkpoint *checkpoint, const struct proof *proof)
{
    const struct reached *to = &proof->whole;
    uint64_t line = proof->rows[to->row].next_line;

    digest_copy(checkpoint->digest, proof->to_whole);
    checkpoint->resume = (struct resume){
        .place = {to->byte, line, checkpoint->digest},
        .window_byte = to->byte,
        .window_line = line,
        .was_open = proof->rows[to->row].open,
    };
    memcpy(checkpoint->resume.open_place, proof->rows[to->row].end_digest, DIGEST_SIZE);
    find_window(&checkpoint->resume, proof);
}

static void conclude(struct checkpoint *checkpoint, const struct proof *proof, bool unchanged)
{
    if (proof->whole.row != NO_ROW)
        set_resume(checkpoint, proof);
    if (unchanged)
        checkpoint->state = CHECKPOINT_UNCHANGED;
    else
        checkpoint->state = proof->whole.row == NO_ROW ? CHECKPOINT_REWRITTEN : CHECKPOINT_BEGUN;
    if (checkpoint->state != CHECKPOINT_REWRITTEN)
        describe_run(checkpoint, proof, unchanged ? proof->furthest.row : proof->whole.row);
}

bool checkpoint_prove(struct checkpoint *checkpoint, const struct checkpoint_rows *rows, struct input *input,
                      struct error *err)
{
    struct proof proof = {
        .rows = rows->list,
        .begun = mem_alloc((rows->count + 1) * sizeof(bool)),
        .follows = mem_alloc((rows->count + 1) * sizeof(size_t)),
        .input = input,
        .chunk = mem_alloc(CHUNK_SIZE),
        .digest = digest_new(),
        .here = {.row = NO_ROW},
        .furthest = {.row = NO_ROW},
        .whole = {.row = NO_ROW},
        .to_whole = digest_new(),
    };
    bool unchanged = false;

    *checkpoint = (struct checkpoint){.digest = digest_new()};
    buffer_init(&checkpoint->quarantined_ends, (size_t)1 << 20);
    make_marks(&proof, rows);
    bool done = rows->count == 0 || (prove(&proof, err) && is_unchanged(&proof, &unchanged, err));
    if (done && rows->count > 0)
        conclude(checkpoint, &proof, unchanged);
    free(proof.begun);
    free(proof.follows);
    free(proof.chunk);
    free(proof.marks);
    digest_free(proof.digest);
    digest_free(proof.to_whole);
    return done;
}

void checkpoint_end(struct checkpoint *checkpoint)
{
    digest_free(checkpoint->digest);
    buffer_free(&checkpoint->quarantined_ends);
    *checkpoint = (struct checkpoint){0};
}
