/* SPDX-License-Identifier: MIT */
#include "targets.h"

#include "claims.h"
#include "output.h"
#include "pairs.h"
#include "points.h"
#include "show.h"
#include "stats.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What every target is computed from. */
struct sources {
    const struct pa_run *run;
    const struct pa_steps *steps;
    const struct pa_models *models;
    const struct pa_holdout *holdout;
    struct pb_csv *csv;
};

struct target {
    const char *name, *quantity, *unit;
    double limit;
    double reached; /* NAN: not in this run's data */
    char note[300];
};

static void set_note(struct target *target, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void set_note(struct target *target, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(target->note, sizeof target->note, format, arguments);
    va_end(arguments);
}

/* The output then ends in that error, whichever rows it has. */
static void *note_lack(const struct sources *sources, void *memory)
{
    if (!memory)
        sources->csv->error = -ENOMEM;
    return memory;
}

static void write_target(const struct sources *sources,
                         const struct target *target)
{
    struct pb_csv *csv = sources->csv;

    pb_csv_text(csv, target->name);
    pb_csv_text(csv, target->quantity);
    pb_csv_real(csv, target->limit);
    pb_csv_real(csv, target->reached);
    pb_csv_text(csv, target->unit);
    pb_csv_text(csv, isnan(target->reached)             ? "cannot-tell"
                     : target->reached <= target->limit ? "yes"
                                                        : "no");
    pb_csv_text(csv, target->note);
    pb_csv_end_row(csv);
}

/* T1: poll does the same work whatever M is. */
static void same_work(const struct sources *sources)
{
    static const struct pa_filter filter = {.sweep = "highest_fd",
                                            .backend = "poll",
                                            .stage = "all",
                                            .layout = "packed",
                                            .highest_fd = PA_ANY,
                                            .fd_count = 64,
                                            .ready_count = 1};
    struct target deviation = {.name = "T1a",
                               .quantity = "poll at N = 64 over M: standard "
                                           "deviation of the estimates",
                               .unit = "%",
                               .limit = 0.5,
                               .reached = NAN};
    struct target range = {.name = "T1b",
                           .quantity = "poll at N = 64 over M: range",
                           .unit = "%",
                           .limit = 2,
                           .reached = NAN};
    struct pa_series series;

    if (pa_series_collect(&series, sources->run, filter, PB_FACTOR_highest_fd) <
        0) {
        note_lack(sources, NULL);
        return;
    }
    double *costs =
        note_lack(sources, calloc(series.n_points + 1, sizeof *costs));
    for (size_t i = 0; costs && i < series.n_points; i++)
        costs[i] = series.points[i]->estimate_ns;
    if (costs && series.n_points >= 3) {
        double mean = pa_mean(costs, series.n_points, NULL);
        deviation.reached = 100 * pa_deviation(costs, series.n_points) / mean;
        pa_sort(costs, series.n_points);
        range.reached = 100 * (costs[series.n_points - 1] - costs[0]) / mean;
        set_note(&deviation, "%zu values of M", series.n_points);
    }
    free(costs);
    pa_series_free(&series);
    write_target(sources, &deviation);
    write_target(sources, &range);
}

static const struct pa_candidate *selected(const struct sources *sources,
                                           const char *backend,
                                           const struct pa_subject **subject)
{
    *subject = pa_models_find(sources->models, backend, "all");
    if (!*subject)
        return NULL;
    return &(*subject)->selection.candidates[(*subject)->selection.best];
}

/* Half the t-interval of a slope, as a share of it, clock drift taken out. */
static double half_width(const struct sources *sources, const char *backend,
                         enum pb_factor variable)
{
    const struct pa_subject *subject;
    const struct pa_candidate *candidate = selected(sources, backend, &subject);
    size_t n = sources->run->n_invocations;
    double reached = NAN;

    for (size_t j = 0; candidate && j < candidate->model.n_terms; j++) {
        const struct pa_term *term = &candidate->model.terms[j];
        if (term->kind != PA_SLOPE || term->variable != variable)
            continue;
        double *rows =
            note_lack(sources, pa_model_coefficients(&subject->design,
                                                     &candidate->model, n));
        double *slopes = note_lack(sources, calloc(n + 1, sizeof *slopes));
        for (size_t k = 0; rows && slopes && k < n; k++)
            slopes[k] = rows[k * candidate->model.n_terms + j] /
                        sources->run->ref1_ns[k];
        if (rows && slopes) {
            struct pa_interval slope = pa_t_interval(slopes, n);
            reached = 100 * (slope.high - slope.low) / 2 / slope.value;
        }
        free(rows);
        free(slopes);
    }
    return reached;
}

static void slope_widths(const struct sources *sources)
{
    static const struct {
        const char *name, *quantity, *backend;
        enum pb_factor variable;
        double limit;
    } slopes[] = {
        {"T2a", "poll per fd watched: half of the 95 % interval", "poll",
         PB_FACTOR_fd_count, 1.5},
        {"T2b", "select per fd number: half of the 95 % interval", "select",
         PB_FACTOR_highest_fd, 3},
        {"T2c", "epoll per fd ready: half of the 95 % interval", "epoll",
         PB_FACTOR_ready_count, 1.5},
    };

    for (size_t i = 0; i < PA_ARRAY_SIZE(slopes); i++) {
        struct target target = {.name = slopes[i].name,
                                .quantity = slopes[i].quantity,
                                .unit = "%",
                                .limit = slopes[i].limit};
        target.reached =
            half_width(sources, slopes[i].backend, slopes[i].variable);
        set_note(&target, "in units of the reference loop");
        write_target(sources, &target);
    }
}

/* Relative rms of the selected model over packed points with at most that many
 * ready fds. */
static double packed_rms(const struct sources *sources, const char *backend,
                         int64_t most_ready, size_t *n_points)
{
    const struct pa_subject *subject;
    const struct pa_candidate *candidate = selected(sources, backend, &subject);
    double squares = 0;

    *n_points = 0;
    for (size_t i = 0; candidate && i < subject->design.n_points; i++) {
        const struct pa_point *point = subject->design.points[i];
        if (strcmp(point->factors.layout, "packed") != 0 ||
            point->factors.ready_count > most_ready)
            continue;
        double error =
            pa_model_cost(&candidate->model, candidate->fit.coefficients,
                          &point->factors) /
                point->estimate_ns -
            1;
        squares += error * error;
        ++*n_points;
    }
    return *n_points ? 100 * sqrt(squares / (double)*n_points) : NAN;
}

static void fit_errors(const struct sources *sources)
{
    static const struct {
        const char *name, *quantity, *backend;
        int64_t most_ready;
        double limit;
    } fits[] = {
        {"T4a", "select's model, packed: relative rms", "select", INT64_MAX, 3},
        {"T4b", "poll's model, packed: relative rms", "poll", INT64_MAX, 1},
        {"T4c", "epoll's model at R <= 1: relative rms", "epoll", 1, 0.5},
    };

    for (size_t i = 0; i < PA_ARRAY_SIZE(fits); i++) {
        struct target target = {.name = fits[i].name,
                                .quantity = fits[i].quantity,
                                .unit = "%",
                                .limit = fits[i].limit};
        size_t n_points;
        target.reached =
            packed_rms(sources, fits[i].backend, fits[i].most_ready, &n_points);
        set_note(&target, "%zu points", n_points);
        write_target(sources, &target);
    }
}

static const struct pa_holdout_row *holdout_row(const struct sources *sources,
                                                const char *backend,
                                                const char *model,
                                                const char *test)
{
    for (size_t i = 0; i < sources->holdout->n_rows; i++) {
        const struct pa_holdout_row *row = &sources->holdout->rows[i];
        if (strcmp(row->backend, backend) == 0 &&
            strcmp(row->stage, "all") == 0 && strcmp(row->model, model) == 0 &&
            strcmp(row->test, test) == 0)
            return row;
    }
    return NULL;
}

static void note_worst(struct target *target, const struct pa_holdout_row *row)
{
    set_note(target,
             "%zu points; worst at highest_fd %lld, fd_count %lld, ready_count "
             "%lld, %s",
             row->n_test, (long long)row->worst.highest_fd,
             (long long)row->worst.fd_count, (long long)row->worst.ready_count,
             row->worst.layout);
}

static void predictions(const struct sources *sources)
{
    static const char *const backends[] = {"select", "poll", "epoll"};
    char quantity[120];

    for (size_t i = 0; i < PA_ARRAY_SIZE(backends); i++) {
        const struct pa_holdout_row *small =
            holdout_row(sources, backends[i], "selected", "small");
        const struct pa_holdout_row *large =
            holdout_row(sources, backends[i], "selected", "large");
        struct target target = {.unit = "%", .quantity = quantity};
        target.name = "T5a";
        target.limit = 2.5;
        target.reached = small ? 100 * small->median : NAN;
        snprintf(quantity, sizeof quantity,
                 "%s held out, N <= 1024: median error", backends[i]);
        write_target(sources, &target);
        target.name = "T5b";
        target.limit = 10;
        target.reached = small ? 100 * small->most : NAN;
        snprintf(quantity, sizeof quantity,
                 "%s held out, N <= 1024: largest error", backends[i]);
        if (small)
            note_worst(&target, small);
        write_target(sources, &target);
        target.name = "T5c";
        target.note[0] = '\0';
        target.limit = 5;
        target.reached = large ? 100 * large->most : NAN;
        snprintf(quantity, sizeof quantity,
                 "%s held out, N > 1024: largest error", backends[i]);
        if (large)
            note_worst(&target, large);
        write_target(sources, &target);
    }
}

static void layer_costs(const struct sources *sources)
{
    size_t n_layers;
    struct pa_layer *layers =
        note_lack(sources, pa_layers(sources->run, &n_layers));
    char quantity[120];

    for (size_t i = 0; layers && i < n_layers; i++) {
        const struct pb_factors *factors = &layers[i].raw->factors;
        double cost_ns = layers[i].layer_ns.value;
        int is_one = factors->fd_count == 1 && factors->ready_count == 1;
        if (!is_one && factors->fd_count < 64)
            continue;
        struct target target = {
            .name = is_one ? "T7a" : "T7b",
            .quantity = quantity,
            .unit = is_one ? "ns" : "%",
            .limit = !is_one                                   ? 1
                     : strcmp(factors->backend, "select") == 0 ? 12
                                                               : 8,
            .reached =
                is_one ? cost_ns : 100 * cost_ns / layers[i].raw->estimate_ns};
        snprintf(quantity, sizeof quantity,
                 "the library over the bare call: %s, M = %lld, N = %lld",
                 factors->backend, (long long)factors->highest_fd,
                 (long long)factors->fd_count);
        set_note(&target, "adds %s to %s",
                 pa_show_ns_interval(cost_ns, layers[i].layer_ns.low,
                                     layers[i].layer_ns.high)
                     .text,
                 pa_show_ns(layers[i].raw->estimate_ns).text);
        write_target(sources, &target);
    }
    free(layers);
}

static void farm_time(const struct sources *sources)
{
    const struct pa_host *host = &sources->run->host;
    struct target target = {.name = "T8",
                            .quantity = "the farm: built and torn down",
                            .unit = "ms",
                            .limit = 150,
                            .reached = NAN};

    if (host->farm_build_ns != PA_NONE && host->farm_tear_down_ns != PA_NONE)
        target.reached =
            (double)(host->farm_build_ns + host->farm_tear_down_ns) / 1e6;
    if (host->farm_pairs != PA_NONE)
        set_note(&target, "%lld pairs", (long long)host->farm_pairs);
    write_target(sources, &target);
}

static void steps_found(const struct sources *sources)
{
    static const enum pb_factor variables[] = {PB_FACTOR_highest_fd,
                                               PB_FACTOR_fd_count};
    static const char *const backends[] = {"select", "poll"};
    static const double limits[] = {3, 2};

    for (size_t i = 0; i < PA_ARRAY_SIZE(variables); i++) {
        struct target target = {.name = i ? "T9b" : "T9a",
                                .quantity =
                                    i ? "poll: steps over 25 ns in fd_count"
                                      : "select: steps over 25 ns in "
                                        "highest_fd",
                                .unit = "steps",
                                .limit = limits[i]};
        size_t n = 0;
        for (size_t j = 0; j < sources->steps->n_steps; j++) {
            const struct pa_step *step = &sources->steps->steps[j];
            if (step->variable != variables[i] ||
                strcmp(step->base.backend, backends[i]) != 0 ||
                fabs(step->size_ns) <= 25)
                continue;
            target.reached++;
            n += (size_t)snprintf(target.note + n, sizeof target.note - n,
                                  "%s%.0f ns in (%lld, %lld]", n ? "; " : "",
                                  step->size_ns, (long long)step->before,
                                  (long long)step->place);
            if (n >= sizeof target.note)
                n = sizeof target.note - 1;
        }
        write_target(sources, &target);
    }
}

/* The steepest slope that the interval leaves possible. */
static void null_slopes(const struct sources *sources)
{
    static const char *const variables[] = {"fd_count", "highest_fd"};

    for (size_t i = 0; i < PA_ARRAY_SIZE(variables); i++) {
        const struct pa_claim claim = {.expectation = "independent",
                                       .backend = "epoll",
                                       .other = "",
                                       .stage = "all",
                                       .variable = variables[i],
                                       .layout = "packed",
                                       .highest_fd = i ? "" : "max",
                                       .fd_count = i ? "64" : "",
                                       .ready_count = "1",
                                       .from = NAN,
                                       .to = NAN,
                                       .expected = NAN,
                                       .tolerance = 0.03};
        struct target target = {.name = i ? "T10b" : "T10a",
                                .quantity = i ? "epoll per fd number: bound"
                                              : "epoll per fd watched: bound",
                                .unit = "ns",
                                .limit = 1e-4,
                                .reached = NAN};
        struct pa_finding finding;
        if (pa_claim_test(&finding, &claim, sources->run) == 0) {
            target.reached =
                fmax(fabs(finding.effect.low), fabs(finding.effect.high));
            set_note(&target, "%.290s", finding.text);
        } else {
            note_lack(sources, NULL);
        }
        write_target(sources, &target);
    }
}

int pa_targets_write(const struct pa_run *run, const struct pa_steps *steps,
                     const struct pa_models *models,
                     const struct pa_holdout *holdout, const char *folder,
                     struct pa_problem *problem)
{
    struct pa_output output;
    struct sources sources = {.run = run,
                              .steps = steps,
                              .models = models,
                              .holdout = holdout,
                              .csv = &output.csv};

    if (pa_output_open(&output, folder, "targets.csv", problem) < 0)
        return -1;
    PB_CSV_HEADER(&output.csv, PB_TARGETS);
    same_work(&sources);
    slope_widths(&sources);
    fit_errors(&sources);
    predictions(&sources);
    layer_costs(&sources);
    farm_time(&sources);
    steps_found(&sources);
    null_slopes(&sources);
    return pa_output_close(&output, problem);
}
