/* SPDX-License-Identifier: MIT */
/* pollbench predict RUN: what a wait would cost with a set of one's own. */
#include "digest.h"
#include "predict.h"
#include "program.h"
#include "report.h"
#include "rules.h"
#include "run_tables.h"
#include "show.h"

#include <argp.h>
#include <errno.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BACKENDS_MAX 64

enum { KEY_CACHE = 256, KEY_SLEEPING, KEY_CHANGES, KEY_CHANGE };

struct arguments {
    const char *folder;
    const char *stage;
    struct pb_factors factors; /* PA_NONE: not given */
    const char *cache;
    int is_sleeping;
    double waits_per_second; /* NAN: not given */
    int is_markdown;
};

static const struct argp_option options[] = {
    {"highest-fd", 'M', "NUMBER", 0,
     "Highest watched fd, fd number (default: fds - 1)", 0},
    {"fds", 'N', "COUNT", 0, "Watched fds (required)", 0},
    {"ready", 'R', "COUNT", 0, "Of these, ready at each wait (default: 1)", 0},
    {"occupied-words", 'W', "COUNT", 0,
     "64-bit bitmap words with a watched fd (default: as few as possible)", 0},
    {"waits-per-second", 'w', "RATE", 0,
     "Waits a second; gives the share of a core", 0},
    {"cache", KEY_CACHE, "NAME", 0,
     "warm: of waits that follow each other at once; cold: after other work "
     "(default: warm; sweep cache)",
     0},
    {"sleeping", KEY_SLEEPING, NULL, 0,
     "Of a wait that finds nothing and sleeps: the CPU time of its two passes, "
     "cold (sweep cache)",
     0},
    {"changes-per-wait", KEY_CHANGES, "COUNT", 0,
     "Fds that are changed in the set before each wait (sweep churn)", 0},
    {"change", KEY_CHANGE, "NAME", 0,
     "modify, modify-random, re-add or re-add-random (default: modify-random)",
     0},
    {"markdown", 'm', NULL, 0,
     "Print one paragraph of Markdown with the citation, as the page copies",
     0},
    {"stage", 's', "NAME", 0, "all, prepare, wait or collect (default: all)",
     0},
    {0}};

static int64_t count_of(const char *name, const char *text,
                        struct argp_state *state)
{
    int64_t count = pa_count_of(text);

    if (count == PA_NONE || count > INT32_MAX)
        argp_error(state, "--%s is \"%s\", not a whole number from 0 to %d",
                   name, text, INT32_MAX);
    return count;
}

static double rate_of(const char *text, struct argp_state *state)
{
    char *end;

    errno = 0;
    double rate = strtod(text, &end);
    if (end == text || *end || errno || !(rate > 0 && rate <= 1e12))
        argp_error(state, "--waits-per-second is \"%s\", not above 0", text);
    return rate;
}

/* Fill in what follows from the rest, and refuse what cannot be. */
static void complete(struct arguments *arguments, struct argp_state *state)
{
    struct pb_factors *factors = &arguments->factors;

    if (factors->fd_count == PA_NONE || factors->fd_count == 0)
        argp_error(state, "--fds says how many are watched, at least 1");
    if (factors->highest_fd == PA_NONE)
        factors->highest_fd = factors->fd_count - 1;
    if (factors->fd_count > factors->highest_fd + 1)
        argp_error(state, "there are no %lld fds up to number %lld",
                   (long long)factors->fd_count,
                   (long long)factors->highest_fd);
    if (factors->ready_count > factors->fd_count)
        argp_error(state, "--ready is more than --fds");
    if (factors->occupied_words == PA_NONE)
        factors->occupied_words = (factors->fd_count + 63) / 64;
    if (factors->occupied_words < (factors->fd_count + 63) / 64 ||
        factors->occupied_words > factors->fd_count ||
        factors->occupied_words > factors->highest_fd / 64 + 1)
        argp_error(state, "%lld fds up to %lld cannot be in %lld words",
                   (long long)factors->fd_count, (long long)factors->highest_fd,
                   (long long)factors->occupied_words);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    switch (key) {
    case 'M':
        arguments->factors.highest_fd = count_of("highest-fd", value, state);
        break;
    case 'N':
        arguments->factors.fd_count = count_of("fds", value, state);
        break;
    case 'R':
        arguments->factors.ready_count = count_of("ready", value, state);
        break;
    case 'W':
        arguments->factors.occupied_words =
            count_of("occupied-words", value, state);
        break;
    case 'w':
        arguments->waits_per_second = rate_of(value, state);
        break;
    case KEY_CACHE:
        if (strcmp(value, "warm") != 0 && strcmp(value, "cold") != 0)
            argp_error(state, "--cache is \"%s\", not warm or cold", value);
        arguments->cache = strcmp(value, "cold") == 0 ? value : NULL;
        break;
    case KEY_SLEEPING:
        arguments->is_sleeping = 1;
        break;
    case KEY_CHANGES:
        arguments->factors.changes = count_of("changes-per-wait", value, state);
        break;
    case KEY_CHANGE:
        arguments->factors.change = value;
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

static void print_cost(const struct pa_prediction *prediction)
{
    const char *unit = prediction->unit;
    double size = 1;

    if (strcmp(unit, "ns") == 0)
        unit = pa_show_time_unit(prediction->cost_ns.value, &size);
    print_interval(prediction->cost_ns, 1 / size, unit);
}

static void print_prediction(const struct pa_prediction *prediction,
                             const struct arguments *arguments)
{
    printf("%-16s  ", prediction->backend);
    print_cost(prediction);
    printf(" per wait");
    if (isnan(prediction->cost_ns.low))
        printf(" (no interval: one invocation)");
    if (!isnan(arguments->waits_per_second)) {
        printf("  ");
        print_interval(prediction->cost_ns, arguments->waits_per_second * 1e-7,
                       "% of a core");
    }
    if (*prediction->beyond)
        printf("  EXTRAPOLATED: %s", prediction->beyond);
    if (*prediction->flags)
        printf("  (%s)", prediction->flags);
    putchar('\n');
}

/* "**epoll** 1.3 [1.2, 1.4] us, 0.13 % of a core (extrapolated: ...)". */
static void print_bold(const struct pa_prediction *prediction,
                       double waits_per_second)
{
    printf("**%s** ", prediction->backend);
    print_cost(prediction);
    if (!isnan(waits_per_second)) {
        printf(", ");
        print_number(waits_per_second * 1e-7 * prediction->cost_ns.value);
        printf(" %% of a core");
    }
    if (*prediction->beyond)
        printf(" (extrapolated: %s)", prediction->beyond);
}

/* As page.js does. */
static int print_markdown(const struct pa_prediction *predictions, size_t n,
                          const struct arguments *arguments,
                          struct pa_problem *problem)
{
    const struct pb_factors *factors = &arguments->factors;
    struct pa_run_tables run;
    char id[PA_RUN_ID_HEX];

    if (pa_set_locale(problem) < 0 ||
        pa_run_id(arguments->folder, id, problem) < 0 ||
        pa_run_tables_read_some(&run, arguments->folder, 1u << PA_HOST,
                                problem) < 0)
        return -1;
    PA_FREED char *citation = pa_cite_markdown(&run, id);
    printf("Predicted for %lld fds watched up to number %lld, %lld of them "
           "ready",
           (long long)factors->fd_count, (long long)factors->highest_fd,
           (long long)factors->ready_count);
    if (!isnan(arguments->waits_per_second)) {
        printf(", and ");
        print_number(arguments->waits_per_second);
        printf(" waits a second");
    }
    printf(", with 95 %% intervals: ");
    for (size_t i = 0; i < n; i++) {
        printf("%s", i ? "; " : "");
        print_bold(&predictions[i], arguments->waits_per_second);
    }
    printf(". (%s)\n", citation);
    pa_run_tables_free(&run);
    return 0;
}

static int predict(const struct arguments *arguments,
                   struct pa_problem *problem)
{
    struct pa_prediction predictions[BACKENDS_MAX] = {0};
    struct pa_predictor predictor;
    int is_beyond = 0;

    if (pa_predictor_read(&predictor, arguments->folder, problem) < 0)
        return -1;
    predictor.stage = arguments->stage;
    predictor.cache = arguments->cache;
    int n = (arguments->is_sleeping ? pa_predict_sleeping : pa_predict)(
        predictions, BACKENDS_MAX, &predictor, &arguments->factors, problem);
    if (n == 0)
        n = pa_problem_set(problem,
                           "%s: no model of stage \"%s\"%s: too little "
                           "data",
                           arguments->folder, arguments->stage,
                           arguments->is_sleeping || arguments->cache
                               ? ", cold; measure the sweep cache"
                               : "");
    if (n > 0 && !isnan(arguments->waits_per_second) &&
        strcmp(predictions[0].unit, "ns") != 0)
        n = pa_problem_set(problem,
                           "%s: %s are no share of a core: leave out "
                           "--waits-per-second",
                           arguments->folder, predictions[0].unit);
    if (n > 0 && arguments->factors.changes > 0)
        n = pa_predict_changes(predictions, (size_t)n, &predictor,
                               &arguments->factors, problem);
    if (n > 0 && arguments->is_markdown)
        n = print_markdown(predictions, (size_t)n, arguments, problem);
    for (int i = 0; i < n; i++) {
        print_prediction(&predictions[i], arguments);
        is_beyond |= *predictions[i].beyond != '\0';
    }
    if (is_beyond)
        printf("Extrapolated costs miss every step, and every cache, that lies "
               "beyond the measured range; their intervals are too narrow.\n");
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
            "costs with each backend.\v"
            "Exit status: 0 done, 1 failed, 2 wrong usage."};
    struct arguments arguments = {.stage = "all",
                                  .factors = {.highest_fd = PA_NONE,
                                              .fd_count = PA_NONE,
                                              .ready_count = 1,
                                              .occupied_words = PA_NONE,
                                              .change = "modify-random"},
                                  .waits_per_second = NAN};
    struct pa_problem problem = {0};

    pa_program_parse(&argp, argc, argv, &arguments);
    gsl_set_error_handler_off(); /* it would abort; results are checked */
    return pa_program_end(predict(&arguments, &problem), &problem) ? 1 : 0;
}
