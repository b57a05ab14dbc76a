/* SPDX-License-Identifier: MIT */
#include "run.h"

#include "clock.h"
#include "process.h"
#include "progress.h"
#include "rules.h"
#include "sampler.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    SAMPLES_FD = 3, /* in the measuring process */
    PROBE_PAUSE_NS = 500000000
};

static size_t shared_bytes(const struct pb_run *run)
{
    return sizeof(struct pb_shared) +
           (size_t)run->plan->n_series * sizeof run->shared->series[0];
}

int pb_run_prepare(struct pb_run *run)
{
    void *shared = mmap(NULL, shared_bytes(run), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return -errno;
    run->shared = shared;
    return 0;
}

void pb_run_finish(struct pb_run *run)
{
    if (run->shared)
        munmap(run->shared, shared_bytes(run));
    run->shared = NULL;
}

/* The child's own world: no descriptors but those it needs. */
static int enter_child(const struct pb_run *run, pid_t parent)
{
    pb_process_enter_child(parent);
    if (run->samples_fd != SAMPLES_FD && dup2(run->samples_fd, SAMPLES_FD) < 0)
        return -errno;
    closefrom(SAMPLES_FD + 1);
    return 0;
}

static void run_child(const struct pb_run *run, int number, pid_t parent)
{
    struct pb_invocation invocation = {
        .plan = run->plan,
        .number = number,
        .cpu = run->n_cpus ? run->cpus[number % run->n_cpus] : -1,
        .other_cpu =
            run->n_cpus > 1 ? run->cpus[(number + 1) % run->n_cpus] : -1,
        .cpu_place = run->n_cpus ? number % run->n_cpus : 0,
        .rounds = run->options->rounds,
        .batch_ns = run->options->batch_ns,
        .clock_cost_ns =
            pb_metric_is_time(run->plan->cost) ? run->clock_cost_ns : -1,
        .keep_sets = run->keep_sets,
        .seed = run->options->seed,
        .samples_fd = SAMPLES_FD,
        .shared = run->shared,
    };
    int error = enter_child(run, parent);
    if (!error)
        error = pb_invocation_run(&invocation);
    run->shared->error = error;
    _exit(error ? 1 : 0);
}

/* Wait for the child, showing progress meanwhile. Returns its wait status. */
static int wait_for(struct pb_run *run, pid_t child, int number,
                    struct pb_progress *progress)
{
    int status = 0;
    int k = number - run->first_invocation + run->n_complete;
    int planned = run->options->invocations;

    do
        pb_progress_show(progress, "measuring", k,
                         k < planned ? planned : k + 1,
                         k * run->options->rounds + run->shared->round);
    while (!pb_process_wait_child(child, &status, &run->interrupted_by,
                                  &run->disturbance.n_stops));
    return status;
}

static int explain(struct pb_run *run, int status)
{
    if (WIFSIGNALED(status)) {
        snprintf(run->shared->where, sizeof run->shared->where,
                 "the measuring process was killed by signal %d (%s)",
                 WTERMSIG(status), strsignal(WTERMSIG(status)));
        return -ECHILD;
    }
    if (run->shared->error) {
        snprintf(run->shared->where, sizeof run->shared->where, "%s: %s",
                 run->shared->error == -ENOMEM ? "measuring"
                                               : "writing samples.csv",
                 strerror(-run->shared->error));
        return run->shared->error;
    }
    if (WEXITSTATUS(status) == 0)
        return 0;
    snprintf(run->shared->where, sizeof run->shared->where,
             "the measuring process ended with status %d", WEXITSTATUS(status));
    return -ECHILD;
}

static int run_one(struct pb_run *run, int number, struct pb_progress *progress)
{
    run->shared->round = 0;
    run->shared->error = 0;
    fflush(NULL);
    pid_t parent = getpid(), child = fork();
    if (child == 0)
        run_child(run, number, parent);
    if (child < 0) {
        snprintf(run->shared->where, sizeof run->shared->where, "fork: %s",
                 strerror(errno));
        return -EAGAIN;
    }
    int status = wait_for(run, child, number, progress);
    return run->interrupted_by ? 0 : explain(run, status);
}

/* Load latency now, in ns: the probe of operation_reference.c, once. */
static int64_t probe(void)
{
    static const struct pb_series series = {
        .backend = "memory-probe", .operation = &pb_operation_memory_probe};
    struct pb_answers answers = {0};
    struct pb_task task = {.series = &series, .answers = &answers};
    if (series.operation->open(&task) < 0)
        return 0;
    const struct pb_timed *timed = &series.operation->timed;
    struct pb_sample sample = pb_sample_batch(timed, &task, timed->calls, 0);
    series.operation->close(&task);
    pb_answers_free(&answers);
    return sample.error ? 0 : sample.batch_ns / sample.calls;
}

/* Before an invocation: if others hold the last-level cache, wait a little,
 * but in the whole run not longer than the user's patience. */
static void wait_for_quiet(struct pb_run *run)
{
    int64_t patience_ns = run->options->patience_s * INT64_C(1000000000);

    while (!run->interrupted_by && run->waited_ns < patience_ns &&
           probe() > PB_PROBE_SLOW_NS) {
        run->interrupted_by = pb_process_pause();
        run->waited_ns += PROBE_PAUSE_NS;
    }
}

/* Those that are planned; and while they are further apart as a whole than a
 * quiet machine has them, some more, so that what is unusual is the less. */
static bool is_another_due(const struct pb_run *run, int n_done)
{
    const struct pb_options *options = run->options;
    return n_done < options->invocations ||
           (n_done < options->invocations_most &&
            pb_levels_spread(&run->shared->levels) > PB_LEVEL_SPREAD);
}

int pb_run_invocations(struct pb_run *run)
{
    struct pb_progress progress;
    sigset_t before;
    int rounds = run->options->rounds, error = 0;

    pb_process_begin_run(&before);
    pb_cpus_avoid(run->cpus, run->n_cpus);
    pb_progress_start(&progress, run->n_complete * rounds,
                      run->options->invocations * rounds, run->options->quiet);
    for (int i = 0; !error && !run->interrupted_by &&
                    is_another_due(run, run->n_complete + i);
         i++) {
        wait_for_quiet(run);
        if (!run->interrupted_by)
            error = run_one(run, run->first_invocation + i, &progress);
        run->n_added += run->n_complete + i >= run->options->invocations;
    }
    pb_progress_end(&progress);
    pb_process_end_run(&before);
    return error;
}
