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
#include "show.h"

#include <argp.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* The options, in the order of their table: counts, other numbers above 0, and
 * what is no number. */
enum { HIGHEST_FD, FDS, READY, WORDS, CHANGES, IDLE, BUSY };
enum { WAITS = BUSY + 1, REQUESTS, SERVICE };
enum { STAGE = SERVICE + 1, CACHE, CHANGE, SLEEPING, SPREAD, MARKDOWN };
enum { N_OPTIONS = MARKDOWN + 1 };
enum { KEY = 256 };

struct arguments {
    const char *folder;
    const char *given[N_OPTIONS]; /* NULL: not given */
    double numbers[STAGE];        /* NAN: not given */
    struct pb_factors factors;
    struct pa_server server;
};

#define OPTION(name, key, value, help)                                         \
    {                                                                          \
        name, key, value, 0, help, 0                                           \
    }

static const struct argp_option options[] = {
    OPTION("highest-fd", 'M', "NUMBER",
           "Highest watched fd, fd number (default: fds - 1)"),
    OPTION("fds", 'N', "COUNT", "Watched fds (required)"),
    OPTION("ready", 'R', "COUNT", "Of these, ready at each wait (default: 1)"),
    OPTION("occupied-words", 'W', "COUNT",
           "64-bit bitmap words with a watched fd (default: the least)"),
    OPTION("changes-per-wait", KEY + CHANGES, "COUNT",
           "Fds that are changed in the set before each wait (sweep churn)"),
    OPTION("idle", KEY + IDLE, "COUNT",
           "Of a server, instead of --fds: connections without requests"),
    OPTION("busy", KEY + BUSY, "COUNT",
           "Of a server: connections that have requests"),
    OPTION("waits-per-second", 'w', "RATE",
           "Waits a second; gives the share of a core"),
    OPTION("requests-per-second", KEY + REQUESTS, "RATE",
           "Of a server, in sum (default: each asks again once answered)"),
    OPTION("service-ns", KEY + SERVICE, "NS",
           "Of a server: CPU time of a request, but for the wait"),
    OPTION("stage", 's', "NAME",
           "all, prepare, wait or collect (default: all)"),
    OPTION("cache", KEY + CACHE, "NAME",
           "warm: the same wait came before; cold: other work (sweep cache)"),
    OPTION("change", KEY + CHANGE, "NAME",
           "modify, re-add, re-add-random or (default) modify-random"),
    OPTION("sleeping", KEY + SLEEPING, NULL,
           "Of a wait that sleeps: its two passes over the fds (sweep cache)"),
    OPTION("ready-spread", KEY + SPREAD, NULL,
           "Of a server: the busy among the idle (default: behind them)"),
    OPTION("markdown", 'm', NULL,
           "Print a paragraph of Markdown with citation, as the page copies"),
    {0}};

static int is_server(const struct arguments *arguments)
{
    return arguments->given[IDLE] || arguments->given[BUSY] ||
           arguments->given[REQUESTS] || arguments->given[SERVICE] ||
           arguments->given[SPREAD];
}

/* A server's questions are not those of a single wait. */
static void complete_server(struct arguments *arguments,
                            struct argp_state *state)
{
    static const int others[] = {FDS,   READY, WORDS,  CHANGES, WAITS,
                                 STAGE, CACHE, CHANGE, SLEEPING};
    double *numbers = arguments->numbers;

    for (size_t i = 0; i < PA_ARRAY_SIZE(others); i++)
        if (arguments->given[others[i]])
            argp_error(state, "--%s is of a wait, and not of a server",
                       options[others[i]].name);
    if (isnan(numbers[IDLE]) || isnan(numbers[SERVICE]) ||
        !(numbers[BUSY] >= 1))
        argp_error(state, "of a server, --idle, --busy (at least 1) and "
                          "--service-ns have to be known");
    numbers[FDS] = numbers[IDLE] + numbers[BUSY];
    arguments->server =
        (struct pa_server){.idle = (int64_t)numbers[IDLE],
                           .busy = (int64_t)numbers[BUSY],
                           .per_second = numbers[REQUESTS],
                           .service_ns = numbers[SERVICE],
                           .is_spread = arguments->given[SPREAD] != NULL};
}

/* Fill in what follows from the rest, and refuse what cannot be. */
static void complete(struct arguments *arguments, struct argp_state *state)
{
    const char **given = arguments->given;
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
    if (given[CACHE] && strcmp(given[CACHE], "warm") != 0 &&
        strcmp(given[CACHE], "cold") != 0)
        argp_error(state, "--cache is \"%s\", not warm or cold", given[CACHE]);
    arguments->factors = (struct pb_factors){
        .highest_fd = (int64_t)highest,
        .fd_count = (int64_t)fds,
        .ready_count = (int64_t)numbers[READY],
        .occupied_words = (int64_t)words,
        .changes = (int64_t)numbers[CHANGES],
        .change = given[CHANGE] ? given[CHANGE] : "modify-random"};
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    const struct pa_limits counts = {0, INT32_MAX, 1}, others = {1e-9, 1e12, 0};
    struct arguments *arguments = state->input;

    for (int i = 0; i < N_OPTIONS; i++)
        if (options[i].key == key) {
            arguments->given[i] = value ? value : options[i].name;
            if (i < STAGE)
                arguments->numbers[i] = pa_program_number(
                    options[i].name, value, i < WAITS ? counts : others, state);
            return 0;
        }
    if (key == ARGP_KEY_END)
        complete(arguments, state);
    return key == ARGP_KEY_END
               ? 0
               : pa_program_take_run(key, value, state, &arguments->folder);
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
static void print_answer(const struct pa_served *served,
                         const struct arguments *arguments)
{
    const struct pa_prediction *wait = &served->wait;
    int is_brief = arguments->given[MARKDOWN] != NULL;
    const char *between = is_brief ? ", " : "  ";
    struct pa_interval share = wait->cost_ns;

    printf(is_brief ? "**%s** " : "%-16s  ", wait->backend);
    if (is_server(arguments)) {
        print_server(served, between);
    } else if (wait->unit) {
        print_cost(wait->cost_ns, wait->unit);
        printf("%s", is_brief ? "" : " per wait");
    }
    if (isnan(share.low) && !is_brief)
        printf(" (no interval: one invocation)");
    if (is_brief)
        share.low = share.high = share.value;
    if (arguments->given[WAITS]) {
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
static int print_markdown(const struct pa_served *answers, int n,
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
        print_answer(&answers[i], arguments);
    }
    printf(". (%s)\n", citation);
    pa_run_tables_free(&run);
    return 0;
}

/* Of waits, or of a server's; more of predictor is filled in where it is
 * needed. Returns how many, or -1. */
static int find_some(struct pa_served *answers, struct pa_predictor *predictor,
                     const struct arguments *arguments,
                     struct pa_problem *problem)
{
    const struct pb_factors *factors = &arguments->factors;
    struct pa_prediction waits[PA_BACKENDS_MAX];
    struct pa_passes passes[PA_BACKENDS_MAX];
    int has_passes = arguments->given[SLEEPING] || is_server(arguments);
    int n = has_passes ? pa_predict_passes(passes, PA_BACKENDS_MAX, predictor,
                                           factors, problem)
                       : pa_predict(waits, PA_BACKENDS_MAX, predictor, factors,
                                    problem);

    for (int i = 0; i < n && has_passes; i++)
        waits[i] = passes[i].asleep;
    if (n > 0 && factors->changes > 0)
        n = pa_predict_changes(waits, (size_t)n, predictor, factors, problem);
    for (int i = 0; i < n; i++) {
        if (is_server(arguments))
            answers[i] = pa_serve(&arguments->server, &passes[i]);
        answers[i].wait = waits[i];
    }
    return n;
}

/* Of what was asked for; none is a problem, too. */
static int find(struct pa_served *answers, struct pa_predictor *predictor,
                const struct arguments *arguments, struct pa_problem *problem)
{
    const char *const *given = arguments->given;

    if (given[STAGE])
        predictor->stage = given[STAGE];
    if (given[CACHE] && strcmp(given[CACHE], "cold") == 0)
        predictor->of = PA_COLD_LOOK;
    int n = find_some(answers, predictor, arguments, problem);
    if (n == 0)
        return pa_problem_set(
            problem, "%s: no model of stage \"%s\"%s: too little data",
            arguments->folder, predictor->stage,
            given[SLEEPING] || predictor->of != PA_USUAL_WAIT ||
                    is_server(arguments)
                ? ", cold; measure the sweep cache"
                : "");
    if (n > 0 && given[WAITS] && answers->wait.unit &&
        strcmp(answers->wait.unit, "ns") != 0)
        return pa_problem_set(problem,
                              "%s: %s are no share of a core: leave out "
                              "--waits-per-second",
                              arguments->folder, answers->wait.unit);
    return n;
}

static int predict(const struct arguments *arguments,
                   struct pa_problem *problem)
{
    struct pa_served answers[PA_BACKENDS_MAX] = {0};
    struct pa_predictor predictor;
    int is_beyond = 0;

    if (pa_predictor_read(&predictor, arguments->folder, problem) < 0)
        return -1;
    int n = find(answers, &predictor, arguments, problem);
    if (n > 0 && arguments->given[MARKDOWN])
        n = print_markdown(answers, n, arguments, problem);
    for (int i = 0; i < n; i++) {
        print_answer(&answers[i], arguments);
        putchar('\n');
        is_beyond |= *answers[i].wait.beyond != '\0';
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
    struct arguments arguments = {0};
    struct pa_problem problem = {0};

    for (int i = 0; i < STAGE; i++)
        arguments.numbers[i] = NAN;
    pa_program_parse(&argp, argc, argv, &arguments);
    gsl_set_error_handler_off(); /* it would abort; results are checked */
    return pa_program_end(predict(&arguments, &problem), &problem) ? 1 : 0;
}
