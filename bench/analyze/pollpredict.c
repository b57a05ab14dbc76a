/* SPDX-License-Identifier: MIT */
/* pollbench predict RUN: what a wait would cost with a set of one's own. */
#include "digest.h"
#include "need.h"
#include "pairs.h"
#include "predict.h"
#include "program.h"
#include "report.h"
#include "rules.h"
#include "run_tables.h"
#include "server.h"
#include "show.h"

#include <argp.h>
#include <errno.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The numbers that may be given: counts, and then others above 0. */
enum number {
    HIGHEST_FD,
    FDS,
    READY,
    WORDS,
    CHANGES,
    IDLE,
    BUSY,
    N_COUNTS,
    WAITS = N_COUNTS,
    REQUESTS,
    SERVICE,
    N_NUMBERS
};

enum {
    KEY_NUMBERS = 256,
    KEY_CACHE = 512,
    KEY_SLEEPING,
    KEY_CHANGE,
    KEY_SPREAD
};

struct arguments {
    const char *folder;
    const char *stage;
    const char *change;
    int is_cold, is_sleeping, is_spread, is_markdown;
    double numbers[N_NUMBERS]; /* NAN: not given */
    struct pb_factors factors;
};

/* Those of the numbers come first, in their order. */
static const struct argp_option options[] = {
    {"highest-fd", 'M', "NUMBER", 0,
     "Highest watched fd, fd number (default: fds - 1)", 0},
    {"fds", 'N', "COUNT", 0, "Watched fds (required)", 0},
    {"ready", 'R', "COUNT", 0, "Of these, ready at each wait (default: 1)", 0},
    {"occupied-words", 'W', "COUNT", 0,
     "64-bit bitmap words with a watched fd (default: as few as possible)", 0},
    {"changes-per-wait", KEY_NUMBERS + CHANGES, "COUNT", 0,
     "Fds that are changed in the set before each wait (sweep churn)", 0},
    {"idle", KEY_NUMBERS + IDLE, "COUNT", 0,
     "Of a server, instead of --fds: connections on which nothing comes", 2},
    {"busy", KEY_NUMBERS + BUSY, "COUNT", 0, "and those that ask", 2},
    {"waits-per-second", 'w', "RATE", 0,
     "Waits a second; gives the share of a core", 0},
    {"requests-per-second", KEY_NUMBERS + REQUESTS, "RATE", 0,
     "of all together (default: each asks again when it has its answer)", 2},
    {"service-ns", KEY_NUMBERS + SERVICE, "NS", 0,
     "CPU time of a request, but for the wait", 2},
    {"ready-spread", KEY_SPREAD, NULL, 0,
     "The busy ones are among the idle (default: behind them)", 2},
    {"cache", KEY_CACHE, "NAME", 0,
     "warm: of waits that follow each other at once; cold: after other work "
     "(default: warm; sweep cache)",
     0},
    {"sleeping", KEY_SLEEPING, NULL, 0,
     "Of a wait that finds nothing and sleeps: the CPU time of its two looks, "
     "from warm to cold (sweep cache)",
     0},
    {"change", KEY_CHANGE, "NAME", 0,
     "modify, modify-random, re-add or re-add-random (default: modify-random)",
     0},
    {"markdown", 'm', NULL, 0,
     "Print one paragraph of Markdown with the citation, as the page copies",
     0},
    {"stage", 's', "NAME", 0, "all, prepare, wait or collect (default: all)",
     0},
    {0}};

static double number_of(enum number which, const char *text,
                        struct argp_state *state)
{
    const char *name = options[which].name;
    char *end;

    if (which < N_COUNTS) {
        int64_t count = pa_count_of(text);
        if (count == PA_NONE || count > INT32_MAX)
            argp_error(state, "--%s is \"%s\", not a whole number from 0 to %d",
                       name, text, INT32_MAX);
        return (double)count;
    }
    errno = 0;
    double number = strtod(text, &end);
    if (end == text || *end || errno || !(number > 0 && number <= 1e12))
        argp_error(state, "--%s is \"%s\", not above 0, or over 1e12", name,
                   text);
    return number;
}

static int is_given(const struct arguments *arguments, enum number which)
{
    return !isnan(arguments->numbers[which]);
}

static int is_server(const struct arguments *arguments)
{
    return is_given(arguments, IDLE) || is_given(arguments, BUSY) ||
           is_given(arguments, REQUESTS) || is_given(arguments, SERVICE) ||
           arguments->is_spread;
}

/* A server's questions are not those of a single wait. */
static void complete_server(struct arguments *arguments,
                            struct argp_state *state)
{
    static const enum number others[] = {FDS, READY, WORDS, CHANGES, WAITS};
    double *numbers = arguments->numbers;

    for (size_t i = 0; i < PA_ARRAY_SIZE(others); i++)
        if (is_given(arguments, others[i]))
            argp_error(state, "--%s is of a wait, and not of a server",
                       options[others[i]].name);
    if (arguments->is_cold || arguments->is_sleeping ||
        strcmp(arguments->stage, "all") != 0)
        argp_error(state, "a server's waits are whole, and as warm as they "
                          "are: leave out --cache, --sleeping and --stage");
    if (isnan(numbers[IDLE]) || isnan(numbers[SERVICE]) ||
        !(numbers[BUSY] >= 1))
        argp_error(state, "of a server, --idle, --busy (at least 1) and "
                          "--service-ns have to be known");
    numbers[FDS] = numbers[IDLE] + numbers[BUSY];
}

/* Fill in what follows from the rest, and refuse what cannot be. */
static void complete(struct arguments *arguments, struct argp_state *state)
{
    double *numbers = arguments->numbers;

    if (is_server(arguments))
        complete_server(arguments, state);
    double fds = numbers[FDS], least = ceil(fds / 64);
    const double defaults[] = {fds - 1, fds, 1, least, 0}; /* the first ones' */
    for (size_t i = 0; i < PA_ARRAY_SIZE(defaults); i++)
        numbers[i] = isnan(numbers[i]) ? defaults[i] : numbers[i];
    double highest = numbers[HIGHEST_FD], words = numbers[WORDS];
    if (!(fds >= 1))
        argp_error(state, "--fds says how many are watched, at least 1");
    if (fds > highest + 1)
        argp_error(state, "there are no %.0f fds up to number %.0f", fds,
                   highest);
    if (numbers[READY] > fds)
        argp_error(state, "--ready is more than --fds");
    if (words < least || words > fds || words > floor(highest / 64) + 1)
        argp_error(state, "%.0f fds up to %.0f cannot be in %.0f words", fds,
                   highest, words);
    arguments->factors =
        (struct pb_factors){.highest_fd = (int64_t)highest,
                            .fd_count = (int64_t)fds,
                            .ready_count = (int64_t)numbers[READY],
                            .occupied_words = (int64_t)words,
                            .changes = (int64_t)numbers[CHANGES],
                            .change = arguments->change};
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    for (enum number i = 0; i < N_NUMBERS; i++)
        if (options[i].key == key) {
            arguments->numbers[i] = number_of(i, value, state);
            return 0;
        }
    switch (key) {
    case KEY_CACHE:
        if (strcmp(value, "warm") != 0 && strcmp(value, "cold") != 0)
            argp_error(state, "--cache is \"%s\", not warm or cold", value);
        arguments->is_cold = strcmp(value, "cold") == 0;
        break;
    case KEY_SLEEPING:
        arguments->is_sleeping = 1;
        break;
    case KEY_SPREAD:
        arguments->is_spread = 1;
        break;
    case KEY_CHANGE:
        arguments->change = value;
        break;
    case 'm':
        arguments->is_markdown = 1;
        break;
    case 's':
        arguments->stage = value;
        break;
    case ARGP_KEY_END:
        complete(arguments, state);
        break;
    default:
        return pa_program_take_run(key, value, state, &arguments->folder);
    }
    return 0;
}

/* Four digits at least, without the exponents that %g has from 10,000 on. */
static void print_number(double number)
{
    printf(fabs(number) >= 9999.5 ? "%.0f" : "%.4g", number);
}

static void print_interval(struct pa_interval interval, double times,
                           const char *unit)
{
    print_number(times * interval.value);
    if (interval.high - interval.low > PB_SUM_SHARE * interval.value) {
        printf(" [");
        print_number(times * interval.low);
        printf(", ");
        print_number(times * interval.high);
        printf("]");
    }
    printf(" %s", unit);
}

static void print_cost(struct pa_interval cost, const char *unit)
{
    double size = 1;

    if (strcmp(unit, "ns") == 0)
        unit = pa_show_time_unit(cost.value, &size);
    print_interval(cost, 1 / size, unit);
}

static void print_server(const struct pa_served *served, const char *between)
{
    const struct pa_interval *of = served->of;

    printf("%s%s", pa_regime_name(served->regime), between);
    print_interval(of[PA_READY], 1, "requests a wait");
    printf("%s", between);
    print_cost(of[PA_REQUEST_NS], "ns");
    printf(" a request%s", between);
    print_interval(of[PA_SHARE], 100, "% of a core");
    printf("%s", between);
    print_interval(of[PA_PER_SECOND], 1, "requests/s");
    if (!isnan(of[PA_P50_NS].value)) {
        printf("%sp50 ", between);
        print_cost(of[PA_P50_NS], "ns");
    }
}

/* "epoll   1.3 [1.2, 1.4] us per wait  0.13 [0.12, 0.14] % of a core", or in
 * Markdown "**epoll** 1.3 [1.2, 1.4] us, 0.13 % of a core". */
static void print_answer(const struct pa_prediction *wait,
                         const struct pa_served *served,
                         const struct arguments *arguments)
{
    int is_brief = arguments->is_markdown;
    const char *between = is_brief ? ", " : "  ";
    struct pa_interval share = wait->cost_ns;

    printf(is_brief ? "**%s** " : "%-16s  ", wait->backend);
    if (is_server(arguments)) {
        print_server(served, between);
    } else {
        print_cost(wait->cost_ns, wait->unit);
        printf("%s", is_brief ? "" : " per wait");
    }
    if (isnan(share.low) && !is_brief)
        printf(" (no interval: one invocation)");
    if (is_brief)
        share.low = share.high = share.value;
    if (is_given(arguments, WAITS)) {
        printf("%s", between);
        print_interval(share, arguments->numbers[WAITS] * 1e-7, "% of a core");
    }
    if (*wait->beyond)
        printf(is_brief ? " (extrapolated: %s)" : "  EXTRAPOLATED: %s",
               wait->beyond);
    if (!is_brief && wait->flags && *wait->flags)
        printf("  (%s)", wait->flags);
}

static void print_question(const struct arguments *arguments)
{
    const double *numbers = arguments->numbers;
    int is_of_server = is_server(arguments);
    double rate = numbers[is_of_server ? REQUESTS : WAITS];

    if (is_of_server)
        printf("Predicted for %.0f idle connections and %.0f busy, %g ns a "
               "request but for the wait",
               numbers[IDLE], numbers[BUSY], numbers[SERVICE]);
    else
        printf("Predicted for %.0f fds watched up to number %.0f, %.0f of them "
               "ready",
               numbers[FDS], numbers[HIGHEST_FD], numbers[READY]);
    if (!isnan(rate)) {
        printf(", and ");
        print_number(rate);
        printf(" %s a second", is_of_server ? "requests" : "waits");
    }
    printf(", with 95 %% intervals%s: ",
           is_of_server ? " from warm to cold" : "");
}

/* As page.js does. */
static int print_markdown(const struct pa_prediction *waits,
                          const struct pa_served *served, int n,
                          const struct arguments *arguments,
                          struct pa_problem *problem)
{
    struct pa_run_tables run;
    char id[PA_RUN_ID_HEX];

    if (pa_set_locale(problem) < 0 ||
        pa_run_id(arguments->folder, id, problem) < 0 ||
        pa_run_tables_read_some(&run, arguments->folder, 1u << PA_HOST,
                                problem) < 0)
        return -1;
    PA_FREED char *citation = pa_cite_markdown(&run, id);
    print_question(arguments);
    for (int i = 0; i < n; i++) {
        printf("%s", i ? "; " : "");
        print_answer(&waits[i], &served[i], arguments);
    }
    printf(". (%s)\n", citation);
    pa_run_tables_free(&run);
    return 0;
}

/* Of waits that sleep, or of a server's. Returns how many, or -1. */
static int find_passes(struct pa_prediction *waits, struct pa_served *served,
                       const struct pa_predictor *predictor,
                       const struct arguments *arguments,
                       struct pa_problem *problem)
{
    PA_FREED struct pa_passes *passes =
        pa_room(PA_BACKENDS_MAX, sizeof *passes);
    const double *numbers = arguments->numbers;
    int n = pa_predict_passes(passes, PA_BACKENDS_MAX, predictor,
                              &arguments->factors, problem);

    for (int i = 0; i < n; i++) {
        waits[i] = passes[i].asleep;
        if (is_server(arguments))
            served[i] =
                pa_serve(&(struct pa_server){.idle = (int64_t)numbers[IDLE],
                                             .busy = (int64_t)numbers[BUSY],
                                             .per_second = numbers[REQUESTS],
                                             .service_ns = numbers[SERVICE],
                                             .is_spread = arguments->is_spread},
                         &passes[i]);
    }
    return n;
}

/* Of what was asked for; 0 is a problem, too. */
static int find(struct pa_prediction *waits, struct pa_served *served,
                struct pa_predictor *predictor,
                const struct arguments *arguments, struct pa_problem *problem)
{
    int has_passes = arguments->is_sleeping || is_server(arguments);
    int n = has_passes
                ? find_passes(waits, served, predictor, arguments, problem)
                : pa_predict(waits, PA_BACKENDS_MAX, predictor,
                             &arguments->factors, problem);

    if (n == 0)
        return pa_problem_set(
            problem, "%s: no model of stage \"%s\"%s: too little data",
            arguments->folder, arguments->stage,
            has_passes || arguments->is_cold ? ", cold; measure the sweep cache"
                                             : "");
    if (n > 0 && is_given(arguments, WAITS) && waits->unit &&
        strcmp(waits->unit, "ns") != 0)
        return pa_problem_set(problem,
                              "%s: %s are no share of a core: leave out "
                              "--waits-per-second",
                              arguments->folder, waits->unit);
    if (n > 0 && arguments->factors.changes > 0)
        n = pa_predict_changes(waits, (size_t)n, predictor, &arguments->factors,
                               problem);
    return n;
}

static int predict(const struct arguments *arguments,
                   struct pa_problem *problem)
{
    struct pa_prediction waits[PA_BACKENDS_MAX] = {0};
    struct pa_served served[PA_BACKENDS_MAX] = {0};
    struct pa_predictor predictor;
    int is_beyond = 0;

    if (pa_predictor_read(&predictor, arguments->folder, problem) < 0)
        return -1;
    predictor.stage = arguments->stage;
    predictor.of = arguments->is_cold ? PA_COLD_LOOK : PA_USUAL_WAIT;
    int n = find(waits, served, &predictor, arguments, problem);
    if (n > 0 && arguments->is_markdown)
        n = print_markdown(waits, served, n, arguments, problem);
    for (int i = 0; i < n; i++) {
        print_answer(&waits[i], &served[i], arguments);
        putchar('\n');
        is_beyond |= *waits[i].beyond != '\0';
    }
    if (is_beyond)
        printf("Extrapolated costs miss every step, and every cache, that lies "
               "beyond the measured range; their intervals are too narrow.\n");
    if (n > 0 && arguments->numbers[IDLE] > PB_PROVED_IDLE)
        printf("With over %d idle connections the law was not held against a "
               "server.\n",
               PB_PROVED_IDLE);
    pa_predictor_free(&predictor);
    return n < 0 ? -1 : 0;
}

int main(int argc, char **argv)
{
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "RUN",
        .doc =
            "Predict from RUN, which pollbench fit has analysed, what one wait "
            "costs with each backend, or what the waits of a server do.\v"
            "Exit status: 0 done, 1 failed, 2 wrong usage."};
    struct arguments arguments = {.stage = "all", .change = "modify-random"};
    struct pa_problem problem = {0};

    for (int i = 0; i < N_NUMBERS; i++)
        arguments.numbers[i] = NAN;
    pa_program_parse(&argp, argc, argv, &arguments);
    gsl_set_error_handler_off(); /* it would abort; results are checked */
    return pa_program_end(predict(&arguments, &problem), &problem) ? 1 : 0;
}
