/* SPDX-License-Identifier: MIT */
/* Which contract an event belongs to. The names live in an arena of the directory, which outlives the run's events. */

#include "ingest/directory.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "statements.h"

struct entry {
    struct str contract;
    int64_t contract_id;
    const char *key; /* name or app key */
    UT_hash_handle hh;
};

struct directory {
    struct arena *arena;
    struct entry *by_name;
    struct entry *by_app;
    const struct entry *chosen; /* --contract */
    const struct entry *only;   /* the only contract there is */
    char names[512];            /* of the known ones, for messages */
};

static struct entry *new_entry(struct directory *directory, const struct db_rows *rows, size_t row, const char *key)
{
    struct entry *entry = arena_alloc(directory->arena, sizeof(*entry));
    memset(entry, 0, sizeof(*entry));
    entry->contract = arena_copy(directory->arena, str_of(db_text(rows, row, "name")));
    entry->contract_id = db_int64(rows, row, "contract_id");
    entry->key = arena_copy(directory->arena, str_of(key)).data;
    return entry;
}

static void add_contract(struct directory *directory, const struct db_rows *rows, size_t row)
{
    const char *name = db_text(rows, row, "name");
    struct entry *entry = new_entry(directory, rows, row, name);
    size_t used = strlen(directory->names);

    HASH_ADD_KEYPTR(hh, directory->by_name, entry->key, strlen(entry->key), entry);
    snprintf(directory->names + used, sizeof(directory->names) - used, "%s%s", used > 0 ? ", " : "", name);
}

static void add_app(struct directory *directory, const struct db_rows *rows, size_t row)
{
    struct entry *entry = new_entry(directory, rows, row, db_text(rows, row, "app_key"));
    HASH_ADD_KEYPTR(hh, directory->by_app, entry->key, strlen(entry->key), entry);
}

static const struct entry *find(const struct entry *table, struct str key)
{
    struct entry *found = NULL;
    HASH_FIND(hh, table, key.data, key.size, found);
    return found;
}

static bool choose(struct directory *directory, const char *chosen, struct error *err)
{
    if (directory->by_name == NULL)
        return fail(err, EXIT_COMMAND,
                    "there is no contract yet, so no line can belong to one: add it first with "
                    "`headroom contract add NAME --limit N --price P --currency C`");
    if (chosen == NULL)
        return true;
    directory->chosen = find(directory->by_name, str_of(chosen));
    if (directory->chosen == NULL)
        return fail(err, EXIT_USAGE, "--contract %s: no contract of this name; known are: %s", chosen,
                    directory->names);
    return true;
}

bool directory_read(struct directory **out, struct db *db, struct error *err)
{
    struct directory *directory = mem_alloc(sizeof(*directory));
    struct db_rows *contracts = NULL;
    struct db_rows *apps = NULL;
    bool done = false;

    directory->arena = arena_new();
    if (!db_query(db, &sql_contract_names, NULL, &contracts, err) || !db_query(db, &sql_ingest_apps, NULL, &apps, err))
        goto out;
    for (size_t row = 0; row < db_rows_count(contracts); row++)
        add_contract(directory, contracts, row);
    for (size_t row = 0; row < db_rows_count(apps); row++)
        add_app(directory, apps, row);
    if (HASH_COUNT(directory->by_name) == 1)
        directory->only = directory->by_name;
    *out = directory;
    directory = NULL;
    done = true;
out:
    db_rows_free(contracts);
    db_rows_free(apps);
    directory_free(directory);
    return done;
}

bool directory_load(struct directory **out, struct db *db, const char *chosen, struct error *err)
{
    struct directory *directory = NULL;

    if (!directory_read(&directory, db, err))
        return false;
    if (!choose(directory, chosen, err)) {
        directory_free(directory);
        return false;
    }
    *out = directory;
    return true;
}

bool directory_refresh(struct directory *directory, struct db *db, const char *chosen, struct error *err)
{
    struct directory *fresh = NULL;
    struct directory before = *directory;

    if (!directory_load(&fresh, db, chosen, err))
        return false;
    *directory = *fresh;
    *fresh = before;
    directory_free(fresh);
    return true;
}

void directory_free(struct directory *directory)
{
    if (directory == NULL)
        return;
    HASH_CLEAR(hh, directory->by_name);
    HASH_CLEAR(hh, directory->by_app);
    arena_free(directory->arena);
    free(directory);
}

static bool refuse(struct rejection *why, enum field field, const char *reason, const char *text)
{
    why->field = field;
    why->reason = reason;
    snprintf(why->text, sizeof(why->text), "%s", text);
    return false;
}

static const char *why_no_contract(const struct directory *directory)
{
    if (directory->by_name == NULL)
        return "the line names no contract, and there is none yet: add one (headroom contract add), then retry";
    return "the line names no contract, its app belongs to none, and there are several: name one in the line, or by "
           "--contract";
}

bool directory_assign(const struct directory *directory, const char *otherwise, struct event *event,
                      struct rejection *why)
{
    struct str name = event->contract.data != NULL ? event->contract : str_of(otherwise);
    const struct entry *entry = NULL;

    if (name.data != NULL) {
        entry = find(directory->by_name, name);
        if (entry == NULL)
            return refuse(why, FIELD_CONTRACT, "unknown_contract",
                          "contract: no contract of this name; add it, then retry");
    }
    if (entry == NULL)
        entry = directory->chosen;
    if (entry == NULL && event->app.data != NULL)
        entry = find(directory->by_app, event->app);
    if (entry == NULL)
        entry = directory->only;
    if (entry == NULL)
        return refuse(why, FIELD_UNKNOWN, "no_contract", why_no_contract(directory));
    event->contract = entry->contract;
    event->contract_id = entry->contract_id;
    return true;
}

bool directory_has_app(const struct directory *directory, struct str app)
{
    return app.data != NULL && find(directory->by_app, app) != NULL;
}

bool directory_find(const struct directory *directory, const char *contract, int64_t *contract_id)
{
    const struct entry *entry = find(directory->by_name, str_of(contract));

    if (entry != NULL)
        *contract_id = entry->contract_id;
    return entry != NULL;
}
