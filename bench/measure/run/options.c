/* SPDX-License-Identifier: MIT */
#include "options.h"

#include "build_info.h"
#include "label.h"
#include "loop.h"
#include "rules.h"

#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

const char *argp_program_version = PB_VERSION_LINE;

enum key {
    KEY_PRESET = 'p',
    KEY_SWEEP = 's',
    KEY_BACKEND = 'b',
    KEY_INVOCATIONS = 'k',
    KEY_ROUNDS = 'r',
    KEY_OUTPUT = 'o',
    KEY_QUIET = 'q',
    KEY_BATCH = 256,
    KEY_MOST_FDS,
    KEY_SEED,
    KEY_CPUS,
    KEY_PATIENCE,
    KEY_RESUME,
    KEY_LABEL,
    KEY_LIST,
    KEY_CASES,
    KEY_FACTORS, /* and more: one a factor whose option has no letter */
};

/* Of a count: with one seed, two runs are the same to the last byte. */
enum { COUNTING_SEED = 1 };

static const struct argp_option table[] = {
    {0, 0, 0, 0, "What to measure", 1},
    {"preset", KEY_PRESET, "NAME", 0,
     "quick, default or full: how many points, invocations and rounds; count: "
     "instructions instead of time, in a guest whose clock counts them",
     0},
    {"sweep", KEY_SWEEP, "NAME", 0,
     "only this sweep; repeat for more (default: all but those that are "
     "measured only when named; see --list)",
     0},
    {"backend", KEY_BACKEND, "NAME", 0,
     "only this backend; repeat for more (default: all that are available and "
     "not for who names them only)",
     0},
    {0, 0, 0, 0, "How to measure", 2},
    {"invocations", KEY_INVOCATIONS, "K", 0,
     "processes, each with a fresh farm, 1 to 1000 (default: quick 6, default "
     "12, full 12, and up to half as many more while they differ as a whole; "
     "count 2)",
     0},
    {"rounds", KEY_ROUNDS, "K", 0,
     "visits to every point in each invocation, 1 to 1000 (default: quick 4, "
     "default 8, full 20, count 2)",
     0},
    {"batch", KEY_BATCH, "NS", 0,
     "length of a timed batch in ns, 1000 to 100000000 (default: 50000; count: "
     "one call)",
     0},
    {"most-fds", KEY_MOST_FDS, "COUNT", 0,
     "use at most this many descriptors, 64 to 1073741816 (default: 20000, or "
     "the hard limit if it is lower)",
     0},
    {"seed", KEY_SEED, "NUMBER", 0,
     "seed of the random orders and layouts, 0 to 4294967295 (default: by "
     "chance; count 1)",
     0},
    {"cpus", KEY_CPUS, "LIST", 0,
     "CPUs to take turns on, as 0,1 (default: the two fastest now, of two "
     "cores)",
     0},
    {"patience", KEY_PATIENCE, "S", 0,
     "wait up to this many seconds in all for neighbours to leave the cache "
     "alone, 0 to 3600 (default: quick 2, default 10, full 60, count 0)",
     0},
    {0, 0, 0, 0, "Where", 3},
    {"output", KEY_OUTPUT, "DIR", 0,
     "put the run into this folder, which must not exist (required)", 0},
    {"resume", KEY_RESUME, "DIR", 0,
     "finish the interrupted run in this folder, on the same host", 0},
    {"label", KEY_LABEL, "KEY=VALUE", 0,
     "what to call the run beside others; repeat for more (default: none)", 0},
    {"quiet", KEY_QUIET, 0, 0, "tell no progress", 0},
    {"list", KEY_LIST, 0, 0,
     "show the sweeps, backends and kinds of fd, and stop", 0},
    {"cases", KEY_CASES, 0, 0,
     "print what cases.csv of a run with all sweeps holds, and stop", 0},
    {0},
};

static const char doc[] =
    "Measure what select, poll and epoll cost as the highest fd, the fd "
    "count and the ready count vary apart from each other.\v"
    "A RANGE is a list of N, LOW:HIGH (doubling), LOW:HIGH:STEP or "
    "LOW:HIGH:*FACTOR, with commas between; max stands for the limit.\n"
    "Exit status: 0 done, 1 failed or interrupted, 2 wrong usage, 77 cannot "
    "run here.";

static const struct {
    const char *name;
    int invocations, rounds, patience_s;
    int64_t batch_ns;
} presets[PB_PRESETS] = {
    [PB_QUICK] = {"quick", 6, 4, 2, PB_BATCH_NS},
    [PB_DEFAULT] = {"default", 12, 8, 10, PB_BATCH_NS},
    [PB_FULL] = {"full", 12, 20, 60, PB_BATCH_NS},
    [PB_COUNT] = {"count", 2, 2, 0, 1}, /* one call */
};

const char *pb_preset_name(enum pb_preset preset)
{
    return presets[preset].name;
}

/* A whole number in [low, high], or the end of the program. */
static long long number(const char *option, const char *text, long long low,
                        long long high, struct argp_state *state)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno || end == text || *end || value < low || value > high)
        argp_failure(state, 2, 0,
                     "--%s: '%s' is not a whole number from %lld to %lld",
                     option, text, low, high);
    return value;
}

static enum pb_preset preset_of(const char *text, struct argp_state *state)
{
    for (int i = 0; i < PB_PRESETS; i++)
        if (strcmp(presets[i].name, text) == 0)
            return (enum pb_preset)i;
    argp_failure(state, 2, 0,
                 "--preset: no preset '%s': use quick, default, full or count",
                 text);
    return PB_DEFAULT;
}

static void add_sweep(struct pb_options *options, const char *name,
                      struct argp_state *state)
{
    const struct pb_case *found = pb_case_of(name);
    int n = 0;
    if (!found)
        argp_failure(state, 2, 0, "--sweep: no sweep '%s': --list shows them",
                     name);
    while (options->cases[n] && options->cases[n] != found)
        n++;
    if (n < PB_CASES_MOST)
        options->cases[n] = found;
}

static void add_backend(struct pb_options *options, const char *name,
                        struct argp_state *state)
{
    struct pollset_backend_info info;
    int n = 0;
    if (pollset_backend_find(name, &info) < 0)
        argp_failure(state, 2, 0, "--backend: '%s': %s", name, info.reason);
    while (options->backends[n] && strcmp(options->backends[n], name) != 0)
        n++;
    if (n < PB_BACKENDS_MOST)
        options->backends[n] = info.name;
    options->backends_chosen = 1;
}

static void read_cpus(struct pb_options *options, const char *text,
                      struct argp_state *state)
{
    char *end;
    options->n_cpus = 0;
    for (const char *at = text;; at = end + 1) {
        long cpu = strtol(at, &end, 10);
        if (end == at || (*end && *end != ',') || cpu < 0 || cpu > INT_MAX ||
            options->n_cpus == PB_CPUS_MOST)
            argp_failure(state, 2, 0, "--cpus: '%s' is not a list like 0,1",
                         text);
        if (!pb_cpus_allows((int)cpu))
            argp_failure(state, 2, 0,
                         "--cpus: this process may not run on CPU %ld", cpu);
        options->cpus[options->n_cpus++] = (int)cpu;
        if (!*end)
            break;
    }
}

static void add_label(struct pb_options *options, const char *text,
                      struct argp_state *state)
{
    size_t n_key = pb_label_key(text);
    int n = 0;
    if (!n_key)
        argp_failure(state, 2, 0, "--label is " PB_LABEL_WANTED);
    for (; options->labels[n]; n++)
        if (strncmp(options->labels[n], text, n_key + 1) == 0)
            argp_failure(state, 2, 0, "--label: two of '%.*s'", (int)n_key,
                         text);
    if (n == PB_LABELS_MOST)
        argp_failure(state, 2, 0, "--label: at most %d", PB_LABELS_MOST);
    options->labels[n] = text;
}

/* A name that a factor takes, as the one that all share, or the end of the
 * program. */
static const char *name_of(enum pb_factor factor, const char *text,
                           const char *(*name)(int index),
                           struct argp_state *state)
{
    char all[256] = "";
    size_t n = 0;
    for (int i = 0; name(i); i++) {
        if (strcmp(name(i), text) == 0)
            return name(i);
        n += (size_t)snprintf(all + n, sizeof all - n, "%s%s", i ? ", " : "",
                              name(i));
    }
    const char *option = pb_factor_infos[factor].option;
    argp_failure(state, 2, 0, "--%s: no %s '%s': use one of %s", option, option,
                 text, all);
    return NULL;
}

/* The options that take a whole number. */
static int parse_number(struct pb_options *options, int key, const char *text,
                        struct argp_state *state)
{
    switch (key) {
    case KEY_INVOCATIONS:
        options->invocations = (int)number("invocations", text, 1, 1000, state);
        return 0;
    case KEY_ROUNDS:
        options->rounds = (int)number("rounds", text, 1, 1000, state);
        return 0;
    case KEY_BATCH:
        options->batch_ns = number("batch", text, 1000, 100000000, state);
        return 0;
    case KEY_MOST_FDS:
        options->most_fds =
            (int)number("most-fds", text, 64, 1073741816, state);
        return 0;
    case KEY_SEED:
        options->seed = (unsigned)number("seed", text, 0, UINT_MAX, state);
        options->seed_chosen = 1;
        return 0;
    case KEY_PATIENCE:
        options->patience_s = (int)number("patience", text, 0, 3600, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct pb_options *options = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = options;
        return 0;
    case KEY_PRESET:
        options->preset = preset_of(text, state);
        return 0;
    case KEY_SWEEP:
        add_sweep(options, text, state);
        return 0;
    case KEY_BACKEND:
        add_backend(options, text, state);
        return 0;
    case KEY_CPUS:
        read_cpus(options, text, state);
        return 0;
    case KEY_OUTPUT:
        options->output = text;
        return 0;
    case KEY_RESUME:
        options->resume = text;
        return 0;
    case KEY_LABEL:
        add_label(options, text, state);
        return 0;
    case KEY_QUIET:
        options->quiet = 1;
        return 0;
    case KEY_LIST:
        options->list = 1;
        return 0;
    case KEY_CASES:
        options->print_cases = 1;
        return 0;
    case ARGP_KEY_ARG:
        argp_failure(state, 2, 0, "'%s' is no option: --help shows them", text);
        return 0;
    default:
        return parse_number(options, key, text, state);
    }
}

/* The options of the factors that have one, made from their list. */
static void fill_factor_options(struct argp_option *to)
{
    for (int i = 0; i < PB_N_FACTORS; i++) {
        const struct pb_factor_info *info = &pb_factor_infos[i];
        if (*info->option)
            *to++ = (struct argp_option){
                .name = info->option,
                .key = info->letter ? info->letter : KEY_FACTORS + i,
                .arg = info->type == PB_TEXT ? "NAME" : "RANGE",
                .doc = info->meaning};
    }
}

static void add_fd_kind(struct pb_options *options, const char *name)
{
    int n = 0;
    while (options->fd_kinds[n] && options->fd_kinds[n] != name)
        n++;
    if (n < PB_KINDS_MOST)
        options->fd_kinds[n] = name;
}

static error_t parse_factor(int key, char *text, struct argp_state *state)
{
    struct pb_options *options = state->input;
    for (int i = 0; text && i < PB_N_FACTORS; i++) {
        const struct pb_factor_info *info = &pb_factor_infos[i];
        if (!*info->option ||
            key != (info->letter ? info->letter : KEY_FACTORS + i))
            continue;
        options->factors[i] = text;
        if (i == PB_FACTOR_layout)
            options->factors[i] = name_of(i, text, pb_layout_name, state);
        if (i == PB_FACTOR_fd_kind)
            add_fd_kind(options, name_of(i, text, pb_fd_kind_name, state));
        return 0;
    }
    return ARGP_ERR_UNKNOWN;
}

/* A count has no place for what measures other things than what calls cost, as
 * over others' loops, nor for caches, which it does not see. */
static bool is_wanted(const struct pb_case *found, enum pb_preset preset)
{
    bool is_counted = !found->takes_loops;
    for (int i = 0; i < found->n_varies; i++)
        is_counted &= found->varies[i] != PB_FACTOR_metric &&
                      found->varies[i] != PB_FACTOR_cache;
    return !found->opt_in && (preset != PB_COUNT || is_counted);
}

static void fill_in_defaults(struct pb_options *options)
{
    if (!options->cases[0])
        for (unsigned i = 0, n = 0; n < PB_CASES_MOST && pb_case_at(i); i++)
            if (is_wanted(pb_case_at(i), options->preset))
                options->cases[n++] = pb_case_at(i);
    struct pollset_backend_info info;
    for (unsigned i = 0, n = 0;
         !options->backends_chosen && n < PB_BACKENDS_MOST &&
         pollset_backend_at(i, &info) == 0;
         i++)
        if (!info.error && !info.opt_in)
            options->backends[n++] = info.name;
    if (options->preset == PB_COUNT && !options->seed_chosen)
        options->seed = COUNTING_SEED;
    options->invocations_most = options->invocations;
    if (!options->invocations) {
        options->invocations = presets[options->preset].invocations;
        options->invocations_most =
            options->preset == PB_COUNT
                ? options->invocations
                : (int)(PB_INVOCATIONS_MOST * options->invocations);
    }
    if (!options->batch_ns)
        options->batch_ns = presets[options->preset].batch_ns;
    if (!options->rounds)
        options->rounds = presets[options->preset].rounds;
    if (!options->fd_kinds[0])
        options->fd_kinds[0] = pb_fd_kind_name(0);
    if (options->patience_s < 0)
        options->patience_s = presets[options->preset].patience_s;
}

void pb_options_parse(struct pb_options *options, int argc, char **argv)
{
    static struct argp_option factor_options[PB_N_FACTORS + 1];
    static const struct argp factors = {.options = factor_options,
                                        .parser = parse_factor};
    static const struct argp_child children[] = {
        {&factors, 0,
         "What to vary (default: as the sweep does; --fd-kind may be repeated)",
         1},
        {0}};
    static const struct argp argp = {
        .options = table, .parser = parse, .doc = doc, .children = children};
    fill_factor_options(factor_options);
    *options = (struct pb_options){
        .preset = PB_DEFAULT,
        .most_fds = 20000,
        .patience_s = -1,
    };
    if (getrandom(&options->seed, sizeof options->seed, 0) < 0)
        options->seed = 1;
    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, 0, NULL, options);
    fill_in_defaults(options);
}

static const char only_named[] = " (only when named)";

static void print_case(const struct pb_case *found)
{
    printf("  %-16s %s%s\n", found->name, found->question,
           found->opt_in ? only_named : "");
    for (int i = 0; i < found->n_varies; i++)
        printf("%s%s", i ? ", " : "                   varies: ",
               pb_factor_infos[found->varies[i]].words);
    printf("%s  %-16s held fixed: %s\n", found->n_varies ? "\n" : "", "",
           found->held_fixed);
}

void pb_options_print_list(void)
{
    const struct pb_case *found;
    struct pollset_backend_info info;

    printf("Sweeps:\n");
    for (unsigned i = 0; (found = pb_case_at(i)); i++)
        print_case(found);
    printf("\nBackends:\n");
    for (unsigned i = 0; pollset_backend_at(i, &info) == 0; i++)
        printf("  %-18s %s%s%s%s\n", info.name, info.summary,
               info.opt_in ? only_named : "",
               info.error ? "\n                   unavailable: " : "",
               info.reason);
    printf("\nEvent loops to compare with:\n");
    for (int i = 0; pb_loop_names[i]; i++)
        printf("  %s\n", pb_loop_names[i]);
    if (*pb_loops_missing)
        printf("  unavailable, since they were not there when this was built: "
               "%s\n",
               pb_loops_missing);
    printf("\nKinds of fd:\n");
    for (int i = 0; pb_fd_kind_name(i); i++)
        printf("  %-16s %s\n", pb_fd_kind_name(i), pb_fd_kinds[i].summary);
}

void pb_options_write_cases(const struct pb_options *options,
                            struct pb_csv *csv)
{
    unsigned chosen = 0;

    for (int i = 0; i < PB_N_FACTORS; i++)
        chosen |= (unsigned)(options->factors[i] != NULL) << i;
    pb_cases_write(csv, options->cases, chosen);
}

static int read_ladder(struct pb_ladder *ladder, const char *option,
                       const char *text, int low, int high)
{
    char problem[PB_LADDER_PROBLEM];
    if (!text)
        return 0;
    int error = pb_ladder_parse(ladder, text, low, high, problem);
    if (error == -EINVAL) {
        fprintf(stderr, "%s: --%s: %s\n", program_invocation_short_name, option,
                problem);
        exit(2);
    }
    return error;
}

/* The most fds that can be watched: where a case has many tables, as many as
 * there is memory for. */
static int most_fds(const struct pb_options *options,
                    const struct pb_farm *farm)
{
    for (int i = 0; options->cases[i]; i++)
        if (options->cases[i]->staging == &pb_many_tables)
            return pb_case_memory_fds(options->fd_kinds[0]);
    return farm->highest_fd - farm->lowest_fd + 1;
}

/* The largest value that a factor can take with this farm. */
static int most_of(enum pb_factor factor, const struct pb_options *options,
                   const struct pb_farm *farm)
{
    switch (factor) {
    case PB_FACTOR_highest_fd:
        return farm->highest_fd;
    case PB_FACTOR_fd_count:
        return most_fds(options, farm);
    case PB_FACTOR_ready_count:
        return pb_farm_count(farm, true);
    case PB_FACTOR_occupied_words:
        return (farm->highest_fd - farm->lowest_fd + 1) / 64 + 1;
    default:
        return INT_MAX;
    }
}

static int least_of(enum pb_factor factor, const struct pb_farm *farm)
{
    if (factor == PB_FACTOR_highest_fd)
        return farm->lowest_fd;
    if (factor == PB_FACTOR_fd_count || factor == PB_FACTOR_occupied_words)
        return 1;
    return (int)pb_factor_infos[factor].least;
}

int pb_options_request(const struct pb_options *options,
                       const struct pb_farm *farm, struct pb_request *request)
{
    int error = 0;
    *request = (struct pb_request){
        .preset = options->preset,
        .backends = options->backends,
        .backends_chosen = options->backends_chosen,
        .layout = options->factors[PB_FACTOR_layout],
        .fd_kinds = options->fd_kinds,
        .farm = *farm,
        .seed = options->seed,
    };
    for (enum pb_factor i = 0; i < PB_N_FACTORS && !error; i++)
        if (pb_factor_infos[i].type == PB_INTEGER)
            error = read_ladder(&request->ladders[i], pb_factor_infos[i].option,
                                options->factors[i], least_of(i, farm),
                                most_of(i, options, farm));
    return error;
}
