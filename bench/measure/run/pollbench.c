/* SPDX-License-Identifier: MIT */
/* pollbench run: plans a run, measures it, and leaves samples.csv and host.csv
 * in its folder. What they mean is for pollbench fit to say. */
#include "clock.h"
#include "folder.h"
#include "host.h"
#include "limit.h"
#include "loop.h"
#include "options.h"
#include "planning.h"
#include "process.h"
#include "rules.h"
#include "run.h"
#include "schema.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OK = 0, FAILED = 1, USAGE = 2, CANNOT_RUN = 77 };

static int complain(int status, const char *what)
{
    fprintf(stderr, "%s: %s\n", program_invocation_short_name, what);
    return status;
}

static int complain_of(const char *what, int error)
{
    fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what,
            strerror(-error));
    return FAILED;
}

static void note_warning(struct pb_csv *host, const char *text)
{
    pb_host_text(host, "warning", text);
}

static void warn(struct pb_csv *host, const char *text)
{
    note_warning(host, text);
    fprintf(stderr, "%s: warning: %s\n", program_invocation_short_name, text);
}

static bool counts(const struct pb_run *run)
{
    return !pb_metric_is_time(run->plan->cost);
}

static bool has_kind(const struct pb_plan *plan, const char *kind)
{
    int i = 0;
    while (i < plan->n_points && plan->points[i].got->fd_kind != kind)
        i++;
    return i < plan->n_points;
}

static void say_nothing(struct pb_csv *host, const char *text)
{
    (void)host;
    (void)text;
}

/* What makes a time longer makes no count larger. */
static pb_tell *teller(const struct pb_run *run, pb_tell *of_time)
{
    return counts(run) ? say_nothing : of_time;
}

/* Of which sweeps nothing is there. */
static void note_empty_sweeps(struct pb_csv *host, const struct pb_run *run)
{
    const struct pb_case *const *of = run->options->cases;
    const struct pb_plan *plan = run->plan;
    char text[128];

    for (; *of; of++) {
        int i = 0;
        while (i < plan->n_series && plan->series[i].sweep != (*of)->name)
            i++;
        if (i < plan->n_series)
            continue;
        snprintf(text, sizeof text,
                 "sweep %s is left out: it has no points with these "
                 "descriptors and backends",
                 (*of)->name);
        warn(host, text);
    }
}

static bool takes_loops(const struct pb_options *options)
{
    int i = 0;
    while (options->cases[i] && !options->cases[i]->takes_loops)
        i++;
    return options->cases[i];
}

/* Say what makes this run less than it could be. */
static void add_warnings(struct pb_csv *host, const struct pb_run *run,
                         const struct pb_limit *limit)
{
    struct pollset_backend_info info;
    char text[512];

    if (limit->usable < 20000) {
        snprintf(text, sizeof text,
                 "the limit is %d descriptors: the ladder ends at fd %d "
                 "(ulimit -Hn raises it)",
                 limit->usable, run->farm.highest_fd);
        warn(host, text);
    }
    if (run->plan->n_left_out > 0) {
        snprintf(text, sizeof text,
                 "%d combinations of factors left out: no room for them below "
                 "fd %d",
                 run->plan->n_left_out, run->farm.highest_fd);
        pb_host_text(host, "note", text);
    }
    note_empty_sweeps(host, run);
    if (*pb_loops_missing && takes_loops(run->options)) {
        snprintf(text, sizeof text,
                 "event loops left out, since they were not there when "
                 "pollbench was built: %s",
                 pb_loops_missing);
        pb_host_text(host, "note", text);
    }
    for (const struct pb_fd_kind *kind = pb_fd_kinds; kind->name; kind++) {
        int most = pb_fd_kind_most(kind);
        snprintf(text, sizeof text,
                 "of %s this system allows no more than are in sets of up to "
                 "fd %d",
                 kind->name, most);
        if (most < run->farm.highest_fd && has_kind(run->plan, kind->name))
            pb_host_text(host, "note", text);
    }
    if (sysconf(_SC_NPROCESSORS_ONLN) == 1)
        teller(run, warn)(
            host, "one CPU: everything else on this machine disturbs the run");
    for (unsigned i = 0; pollset_backend_at(i, &info) == 0; i++) {
        if (!info.error || run->options->backends_chosen)
            continue;
        snprintf(text, sizeof text, "backend %s is left out: %s", info.name,
                 info.reason);
        (info.opt_in ? note_warning : warn)(host, text);
    }
}

static void add_options(struct pb_csv *host, const struct pb_run *run,
                        const struct pb_limit *limit, char **argv)
{
    const struct pb_options *options = run->options;
    const struct pb_farm *farm = &run->farm;
    for (int i = 1; argv[i]; i++)
        pb_host_text(host, "argument", argv[i]);
    for (int i = 0; options->labels[i]; i++)
        pb_host_text(host, "label", options->labels[i]);
    pb_host_text(host, "preset", pb_preset_name(options->preset));
    pb_host_text(host, "counter", counts(run) ? "instructions" : "time");
    pb_host_integer(host, "seed", options->seed, "");
    pb_host_integer(host, "invocations", options->invocations, "");
    if (options->invocations_most > options->invocations)
        pb_host_integer(host, "invocations_most", options->invocations_most,
                        "");
    pb_host_integer(host, "rounds", options->rounds, "");
    pb_host_integer(host, "batch_target", options->batch_ns, "ns");
    pb_host_limit(host, limit);
    pb_host_integer(host, "highest_fd_possible", farm->highest_fd, "fd number");
    pb_host_integer(host, "farm_pairs",
                    (farm->highest_fd - farm->lowest_fd + 1) / 2,
                    "socketpairs");
    pb_host_integer(host, "series", run->plan->n_series, "");
}

static void add_run(struct pb_csv *host, const struct pb_run *run)
{
    char cpus[8 * PB_CPUS_MOST] = "";
    for (int i = 0; i < run->n_cpus; i++) {
        size_t n = strlen(cpus);
        snprintf(cpus + n, sizeof cpus - n, "%s%d", i ? " " : "", run->cpus[i]);
    }
    pb_host_text(host, "cpus_used", cpus);
    pb_host_text(host, "sets_kept_open", run->keep_sets ? "yes" : "no");
    pb_host_integer(host, "clock_cost", run->clock_cost_ns, "ns");
}

/* All that is known before the first batch. */
static void describe(struct pb_csv *host, const struct pb_run *run,
                     const struct pb_limit *limit, char **argv)
{
    char now[32];
    pb_utc_text(now);
    pb_csv_init(host, -1);
    pb_host_integer(host, "schema", PB_SCHEMA_VERSION, "");
    pb_host_text(host, "started", now);
    /* As long as no later row says otherwise, whatever ends the run. */
    pb_host_text(host, "complete", "no");
    pb_host_machine(host);
    add_options(host, run, limit, argv);
    add_run(host, run);
    pb_host_load(host, "start");
    add_warnings(host, run, limit);
}

/* Name what disturbed the run, if it may have been more than usual. A run that
 * failed has said so in one line; then this goes into host.csv only. */
static void add_disturbance(struct pb_csv *host, struct pb_run *run,
                            const struct pb_folder *folder, int failed)
{
    struct pb_disturbance *disturbance = &run->disturbance;

    disturbance->shared = run->shared;
    disturbance->cpus = run->cpus;
    disturbance->n_cpus = run->n_cpus;
    pb_disturbance_report(disturbance, folder, host,
                          teller(run, failed ? note_warning : warn));
}

/* What goes with that the analysis says. */
static void tell_of_levels(const struct pb_run *run)
{
    double spread = pb_levels_spread(&run->shared->levels);
    if (run->n_added > 0)
        fprintf(stderr,
                "%s: measured %d more invocation%s than planned, since "
                "they differed as a whole\n",
                program_invocation_short_name, run->n_added,
                run->n_added == 1 ? "" : "s");
    if (spread > PB_LEVEL_SPREAD)
        fprintf(stderr,
                "%s: warning: unsettled: as a whole the invocations "
                "differ by %.1f %% (standard deviation)\n",
                program_invocation_short_name, 100 * spread);
}

static void add_outcome(struct pb_csv *host, struct pb_run *run,
                        const struct pb_folder *folder, int failed)
{
    char now[32];
    pb_utc_text(now);
    pb_host_text(host, "ended", now);
    pb_host_load(host, "end");
    pb_host_integer(host, "rows", run->shared->rows, "rows");
    pb_host_integer(host, "failed_batches", run->shared->failures, "batches");
    pb_host_integer(host, "interrupted_batches", run->shared->switched,
                    "batches");
    pb_host_integer(host, "extra_rounds", run->shared->extra, "rounds");
    pb_host_integer(host, "farm_build", run->shared->build_ns, "ns");
    pb_host_integer(host, "farm_tear_down", run->shared->tear_down_ns, "ns");
    pb_host_integer(
        host, "waited_for_quiet",
        pb_folder_count(folder, "waited_for_quiet") + run->waited_ns, "ns");
    add_disturbance(host, run, folder, failed);
    if (run->interrupted_by)
        pb_host_text(host, "partial", strsignal(run->interrupted_by));
}

/* What may be another each time that a run is taken up. */
static int begin(struct pb_run *run, struct pb_folder *folder,
                 struct pb_trouble *trouble)
{
    struct pb_csv host;

    pb_csv_init(&host, -1);
    pb_conditions_describe(&host, teller(run, warn));
    int error = pb_folder_add_facts(folder, &host, trouble);
    pb_csv_free(&host);
    if (!error)
        error = pb_folder_warn(folder, program_invocation_short_name, trouble);
    pb_conditions_scheduling(run->shared->scheduling,
                             sizeof run->shared->scheduling);
    pb_disturbance_start(&run->disturbance);
    return error;
}

/* Measure into a folder that is open. Returns an exit status. */
static int measure(struct pb_run *run, struct pb_folder *folder)
{
    struct pb_trouble trouble = {""};
    struct pb_csv host;

    run->samples_fd = folder->samples_fd;
    run->first_invocation = folder->next_invocation;
    run->n_complete = folder->n_complete;
    /* The counts are of the whole run, not of what is added to it. */
    run->shared->rows = folder->n_rows;
    run->shared->failures = folder->n_failed;
    run->shared->switched = folder->n_interrupted;
    run->shared->extra = folder->n_extra;
    if (begin(run, folder, &trouble) < 0)
        return complain(FAILED, trouble.text);
    int error = pb_run_invocations(run);
    if (error)
        fprintf(stderr, "%s: %s: %s; what was measured is kept\n",
                program_invocation_short_name, folder->path,
                run->shared->where);
    pb_csv_init(&host, -1);
    add_outcome(&host, run, folder, error != 0);
    if (error)
        pb_host_text(&host, "partial", run->shared->where);
    if (!error && !run->interrupted_by)
        pb_host_text(&host, "complete", "yes");
    if (pb_folder_add_facts(folder, &host, &trouble) < 0)
        error = complain(-EIO, trouble.text);
    pb_csv_free(&host);
    if (pb_folder_close(folder, &trouble) < 0)
        error = complain(-EIO, trouble.text);
    if (run->interrupted_by)
        fprintf(
            stderr,
            "%s: interrupted: %ld rows are kept in %s; finish with --resume\n",
            program_invocation_short_name, (long)run->shared->rows,
            folder->path);
    if (!error)
        tell_of_levels(run);
    if (run->shared->failures)
        fprintf(stderr, "%s: %d batches failed; column status says why\n",
                program_invocation_short_name, (int)run->shared->failures);
    return error || run->interrupted_by ? FAILED : OK;
}

static int complain_of_plan(int error, const struct pb_limit *limit)
{
    char text[256];
    if (error == -EMFILE) {
        snprintf(text, sizeof text,
                 "%d descriptors are too few for a farm: raise ulimit -Hn",
                 limit->usable);
        return complain(CANNOT_RUN, text);
    }
    if (error == -ERANGE)
        return complain(USAGE, "no point has room within the descriptor "
                               "limit: ask for lower values");
    return complain_of("planning the run", error);
}

/* Open the folder, new or old, and measure into it. */
static int run_into_folder(struct pb_run *run, struct pb_folder *folder,
                           struct pb_csv *host)
{
    const struct pb_options *options = run->options;
    struct pb_trouble trouble = {""};

    if (!options->resume) {
        struct pb_csv cases;
        pb_csv_init(&cases, -1);
        pb_options_write_cases(options, &cases);
        int error =
            pb_folder_create(folder, options->output, &cases, host, &trouble);
        pb_csv_free(&cases);
        return error ? complain(FAILED, trouble.text) : measure(run, folder);
    }
    if (pb_folder_check_host(folder, host, &trouble) < 0 ||
        pb_folder_count_rounds(folder, options->rounds, &trouble) < 0)
        return complain(FAILED, trouble.text);
    if (folder->is_complete)
        return complain(OK, "the run is complete already");
    char seam[64], now[32];
    pb_utc_text(now);
    snprintf(seam, sizeof seam, "invocation %d on, %s", folder->next_invocation,
             now);
    struct pb_csv facts;
    pb_csv_init(&facts, -1);
    pb_host_text(&facts, "seam", seam);
    int error = pb_folder_add_facts(folder, &facts, &trouble);
    pb_csv_free(&facts);
    return error ? complain(FAILED, trouble.text) : measure(run, folder);
}

static int run_plan(struct pb_run *run, struct pb_folder *folder,
                    const struct pb_limit *limit, char **argv)
{
    struct pb_csv host;
    const struct pb_options *options = run->options;

    run->n_cpus = options->n_cpus;
    memcpy(run->cpus, options->cpus, sizeof run->cpus);
    if (!run->n_cpus)
        run->n_cpus = pb_cpus_choose(run->cpus, 2);
    run->clock_cost_ns = pb_clock_cost_ns();
    if (run->clock_cost_ns < 0 || run->clock_cost_ns > PB_CLOCK_COST_MOST_NS)
        return complain(CANNOT_RUN, "the clock jumps while it is read: nothing "
                                    "can be timed with it");
    if (counts(run) && !pb_clock_counts())
        return complain(CANNOT_RUN,
                        "the clock does not count instructions, as --preset "
                        "count wants: run_all.sh --instructions boots a guest "
                        "in which it does");
    int error = pb_run_prepare(run);
    if (error)
        return complain_of("memory for the processes to share", error);
    describe(&host, run, limit, argv);
    int status = run_into_folder(run, folder, &host);
    pb_csv_free(&host);
    pb_run_finish(run);
    return status;
}

/* Take the options of the run that is to be finished, but its folder from
 * here. */
static int take_up(struct pb_options *options, struct pb_folder *folder,
                   char **argv)
{
    struct pb_trouble trouble = {""};
    const char *path = options->resume;
    int quiet = options->quiet;

    if (pb_folder_reopen(folder, path, &trouble) < 0)
        return complain(FAILED, trouble.text);
    char **arguments =
        calloc((size_t)folder->n_arguments + 2, sizeof *arguments);
    if (!arguments)
        return complain_of("its command line", -ENOMEM);
    arguments[0] = argv[0];
    memcpy(arguments + 1, folder->arguments,
           (size_t)folder->n_arguments * sizeof *arguments);
    pb_options_parse(options, folder->n_arguments + 1, arguments);
    free(arguments);
    options->resume = path;
    options->quiet = quiet;
    options->seed = folder->seed;
    return OK;
}

/* Of all cases, also those that are measured only when named. */
static int print_cases(void)
{
    const struct pb_case *all[PB_CASES_MOST + 1] = {NULL};
    struct pb_csv csv;

    for (unsigned i = 0; i < PB_CASES_MOST; i++)
        all[i] = pb_case_at(i);
    pb_csv_init(&csv, STDOUT_FILENO);
    pb_cases_write(&csv, all, 0);
    int error = pb_csv_flush(&csv);
    pb_csv_free(&csv);
    return error ? complain_of("standard output", error) : OK;
}

int main(int argc, char **argv)
{
    struct pb_options options;
    struct pb_folder folder = {.samples_fd = -1, .host_fd = -1};
    struct pb_limit limit;
    struct pb_plan plan;
    int status = OK;

    if (pb_process_prepare() < 0)
        return complain(CANNOT_RUN, "the standard streams cannot be opened");
    pb_options_parse(&options, argc, argv);
    if (options.list) {
        pb_options_print_list();
        return fflush(stdout) == 0 ? OK : complain(FAILED, strerror(errno));
    }
    if (options.print_cases)
        return print_cases();
    if (!options.output == !options.resume)
        return complain(USAGE, "say where with either --output DIR or "
                               "--resume DIR; see --help");
    if (options.resume)
        status = take_up(&options, &folder, argv);
    if (status)
        return status;
    int error = pb_limit_raise(options.most_fds, &limit);
    if (error)
        return complain_of("the descriptor limit", error);
    struct pb_run run = {.options = &options, .plan = &plan};
    error =
        pb_plan_make(&plan, &options, limit.usable, &run.farm, &run.keep_sets);
    if (error)
        return complain_of_plan(error, &limit);
    status = run_plan(&run, &folder, &limit, argv);
    struct pb_trouble ignored = {""};
    pb_folder_close(&folder, &ignored); /* again, or after a refused resume */
    pb_plan_free(&plan);
    return status;
}
