/* SPDX-License-Identifier: MIT */
/* The parser of the command line, on tables of its own: what is understood, and what is refused with which words. */

#include <criterion/criterion.h>
#include <string.h>

#include "cli/options.h"
#include "cli/tree.h"

static enum exit_code nothing(const struct invocation *invocation)
{
    (void)invocation;
    return EXIT_DONE;
}

static const struct command add = {
    .name = "add",
    .summary = "add one",
    .operands = "NAME",
    .operands_min = 1,
    .operands_max = 1,
    .options =
        (const struct option_spec[]){{"limit", 0, "N", ""}, {"output", 'o', "FILE", ""}, {"force", 'f', NULL, ""}, {0}},
    .run = nothing,
};
static const struct command list = {.name = "list", .summary = "list all", .operands_max = 0, .run = nothing};
static const struct command thing = {
    .name = "thing", .summary = "things", .subcommands = (const struct command *const[]){&add, &list, NULL}};
static const struct command eat = {
    .name = "eat", .summary = "eat", .operands = "FILE…", .operands_min = 1, .operands_max = SIZE_MAX, .run = nothing};
static const struct command drop = {.name = "drop",
                                    .summary = "drop one",
                                    .options = (const struct option_spec[]){{"limit", 0, "N", ""}, {0}},
                                    .run = nothing};
static const struct command pile = {
    .name = "pile",
    .summary = "show the pile",
    .options = (const struct option_spec[]){{"limit", 0, "N", ""}, {"from", 0, "N", ""}, {0}},
    .subcommands = (const struct command *const[]){&drop, NULL},
    .run = nothing,
};
static const struct command heap = {
    .name = "heap",
    .summary = "make a heap",
    .operands = "[NAME]",
    .operands_max = 1,
    .subcommands = (const struct command *const[]){&drop, NULL},
    .run = nothing,
};
static const struct command root = {
    .name = "prog",
    .summary = "a program",
    .options =
        (const struct option_spec[]){
            {"json", 0, NULL, ""}, {"quiet", 'q', NULL, ""}, {"verbose", 'v', NULL, ""}, {"db", 0, "C", ""}, {0}},
    .subcommands = (const struct command *const[]){&thing, &eat, &pile, &heap, NULL},
};

static struct command_line line;
static struct error err;

static bool parse(const char *const *words)
{
    char *copies[12] = {NULL};
    static char texts[12][160];
    for (size_t i = 0; words[i] != NULL; i++) {
        snprintf(texts[i], sizeof texts[i], "%s", words[i]);
        copies[i] = texts[i];
    }
    err = (struct error){0};
    return options_parse(&root, copies, &line, &err) && options_check(&line, &err);
}
#define PARSE(...) parse((const char *const[]){__VA_ARGS__, NULL})

static void end(void)
{
    options_free(&line);
}

TestSuite(options, .fini = end);

Test(options, leads_to_the_command_and_its_operand)
{
    cr_assert(PARSE("thing", "add", "x"));
    cr_assert_eq(line.command, &add);
    cr_assert_eq(argument_count(&line.arguments), 1);
    cr_assert_str_eq(argument_at(&line.arguments, 0), "x");
    cr_assert_null(argument_at(&line.arguments, 1));
}

Test(options, takes_a_value_behind_a_blank_or_an_equals_sign)
{
    cr_assert(PARSE("thing", "add", "x", "--limit", "5", "--output=a=b"));
    cr_assert_str_eq(argument_option(&line.arguments, "limit"), "5");
    cr_assert_str_eq(argument_option(&line.arguments, "output"), "a=b");
    cr_assert_not(argument_flag(&line.arguments, "force"));
}

Test(options, takes_an_empty_value_and_a_negative_one)
{
    cr_assert(PARSE("thing", "add", "x", "--limit=", "--output", "-5"));
    cr_assert_str_eq(argument_option(&line.arguments, "limit"), "");
    cr_assert_str_eq(argument_option(&line.arguments, "output"), "-5");
}

Test(options, the_last_value_stands)
{
    cr_assert(PARSE("thing", "add", "x", "--limit", "5", "--limit", "6"));
    cr_assert_str_eq(argument_option(&line.arguments, "limit"), "6");
}

Test(options, takes_letters_joined_and_with_values)
{
    cr_assert(PARSE("thing", "add", "-qfo", "a", "x"));
    cr_assert(argument_flag(&line.arguments, "force"));
    cr_assert(argument_flag(&line.arguments, "quiet"));
    cr_assert_str_eq(argument_option(&line.arguments, "output"), "a");
    end();
    cr_assert(PARSE("thing", "add", "-oa", "x"));
    cr_assert_str_eq(argument_option(&line.arguments, "output"), "a");
}

Test(options, takes_global_options_before_between_and_after)
{
    cr_assert(PARSE("--db", "c", "thing", "--json", "list", "-q"));
    cr_assert_eq(line.command, &list);
    cr_assert_str_eq(argument_option(&line.arguments, "db"), "c");
    cr_assert(argument_flag(&line.arguments, "json"));
    cr_assert(argument_flag(&line.arguments, "quiet"));
}

Test(options, a_group_may_run_and_its_own_options_stay_its_own)
{
    cr_assert(PARSE("pile", "--from", "2"));
    cr_expect_str_eq(line.command->name, "pile");
    end();
    cr_assert(PARSE("pile", "--limit", "1", "--json", "drop"));
    cr_expect_str_eq(line.command->name, "drop");
    cr_expect_str_eq(argument_option(&line.arguments, "limit"), "1");
    end();
    cr_assert_not(PARSE("pile", "--from", "2", "drop"));
    cr_expect_str_eq(err.text, "--from is an option of 'pile' alone, not of 'pile drop'");
}

Test(options, a_group_with_operands_takes_words_that_are_none_of_its_commands)
{
    cr_assert(PARSE("heap", "other"));
    cr_expect_str_eq(line.command->name, "heap");
    cr_expect_str_eq(argument_at(&line.arguments, 0), "other");
    end();
    cr_assert(PARSE("heap", "drop"));
    cr_expect_str_eq(line.command->name, "drop");
    end();
    cr_assert_not(PARSE("heap", "other", "drop"));
    cr_expect_str_eq(err.text, "'heap' has no use for 'drop': it takes [NAME]");
}

Test(options, the_later_of_two_flags_wins)
{
    cr_assert(PARSE("thing", "list", "-q", "-v"));
    cr_assert_str_eq(options_last_of(&line.arguments, "quiet", "verbose"), "verbose");
    end();
    cr_assert(PARSE("thing", "list", "-v", "--quiet"));
    cr_assert_str_eq(options_last_of(&line.arguments, "quiet", "verbose"), "quiet");
    end();
    cr_assert(PARSE("thing", "list"));
    cr_assert_null(options_last_of(&line.arguments, "quiet", "verbose"));
}

Test(options, two_dashes_end_the_options)
{
    cr_assert(PARSE("eat", "--", "--json", "-", "--"));
    cr_assert_eq(argument_count(&line.arguments), 3);
    cr_assert_not(argument_flag(&line.arguments, "json"));
    cr_assert_str_eq(argument_at(&line.arguments, 0), "--json");
    cr_assert_str_eq(argument_at(&line.arguments, 2), "--");
}

Test(options, a_dash_is_an_operand)
{
    cr_assert(PARSE("eat", "-"));
    cr_assert_str_eq(argument_at(&line.arguments, 0), "-");
}

/* Each is refused as wrong usage, with these words. */
static const struct {
    const char *words[6];
    const char *said;
} refused[] = {
    {{"thng", "list"}, "did you mean 'thing'"},
    {{"thing", "lst"}, "did you mean 'list'"},
    {{"thing", "zzzzzz"}, "'thing' has no command 'zzzzzz'"},
    {{"thing"}, "'thing' needs a command: add, list"},
    {{"thing", "add", "x", "--limt", "5"}, "did you mean --limit?"},
    {{"thing", "add", "x", "--lim", "5"}, "did you mean --limit?"},
    {{"thing", "add", "x", "--jsno"}, "did you mean --json?"},
    {{"thing", "add", "x", "--zzzzzz"}, "no option --zzzzzz for 'add'"},
    {{"--limit", "5", "thing", "add", "x"}, "come after its name"},
    {{"thing", "list", "-z"}, "no option -z"},
    {{"thing", "list", "-qz"}, "no option -z"},
    {{"thing", "add", "x", "--limit"}, "--limit needs a value: N"},
    {{"thing", "add", "x", "-o"}, "--output needs a value: FILE"},
    {{"thing", "add", "x", "--limit", "--force"}, "write --limit=--force"},
    {{"thing", "add", "x", "--force=yes"}, "--force takes no value"},
    {{"thing", "add"}, "'add' needs NAME"},
    {{"thing", "add", "x", "y"}, "'add' has no use for 'y': it takes NAME"},
    {{"thing", "list", "y"}, "it takes options only"},
    {{"eat"}, "needs FILE…"},
    {{"--json"}, "'prog' needs a command: thing, eat"},
};

Test(options, refuses_with_the_right_words)
{
    for (size_t i = 0; i < ARRAY_LENGTH(refused); i++) {
        cr_expect_not(parse(refused[i].words), "case %zu is taken", i);
        cr_expect_eq(err.code, EXIT_USAGE, "case %zu: code %d", i, (int)err.code);
        cr_expect_not_null(strstr(err.text, refused[i].said), "case %zu says: %s", i, err.text);
        end();
    }
}

Test(options, an_error_names_the_command_it_belongs_to)
{
    char name[COMMAND_NAME_MAX];
    cr_assert_not(PARSE("thing", "add", "x", "--nonsense"));
    cr_assert_str_eq(tree_name(&root, line.command, name), "prog thing add");
}

static const struct {
    const char *word, *candidate;
    bool near;
} pairs[] = {
    {"status", "status", true}, {"sttaus", "status", true},   {"stat", "status", true},    {"st", "status", true},
    {"s", "status", false},     {"statuses", "status", true}, {"report", "status", false}, {"", "status", false},
    {"hlep", "help", true},     {"dbb", "db", true},          {"list", "ingest", false},
};

Test(nearest, a_slip_is_near_and_another_word_is_not)
{
    for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++) {
        struct nearest nearest = {.word = pairs[i].word};
        nearest_offer(&nearest, pairs[i].candidate);
        cr_expect_eq(nearest.best != NULL, pairs[i].near, "%s and %s", pairs[i].word, pairs[i].candidate);
    }
}

Test(nearest, the_nearer_one_is_kept_and_overlong_words_are_no_danger)
{
    struct nearest nearest = {.word = "moth"};
    nearest_offer(&nearest, "mouths");
    nearest_offer(&nearest, "month");
    nearest_offer(&nearest, "mouthful");
    cr_assert_str_eq(nearest.best, "month");
    char longest[500];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    nearest = (struct nearest){.word = longest};
    nearest_offer(&nearest, "month");
    cr_assert_null(nearest.best);
}
