/* SPDX-License-Identifier: MIT */
#include "invocation.h"

#include "clock.h"
#include "conditions.h"
#include "operation.h"
#include "process.h"
#include "record.h"
#include "rules.h"
#include "scene.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct state {
    const struct pb_invocation *invocation;
    const struct pb_plan *plan;
    struct pb_task *tasks; /* one a series */
    int *errors;           /* per series: why it cannot be measured */
    int *clean;            /* per series: batches without a switch */
    double *costs;         /* per series, rounds_most each: of those */
    int rounds_most;
    int clean_wanted;            /* of each series */
    int *points;                 /* their order in this round */
    int *order;                  /* of the series in this round */
    struct pb_sample *samples;   /* shared with processes aside */
    const struct pb_scene *home; /* whose fds stay open; NULL: none's do */
    struct pollset **sets;       /* by number of the set; NULL when not made */
    struct pb_scene *on; /* the scene whose fds are open, if any are to be */
    int scene_error;     /* why they are not */
    int cpu;             /* that this process is pinned to; -1: none */
    struct pb_answers answers;
    struct pb_csv csv;
    unsigned short random[3];
};

static int register_fds(struct pollset *set, const struct pb_scene *scene)
{
    for (int i = 0; i < scene->got.fd_count; i++) {
        int error =
            pollset_register(set, scene->fds[i], POLLIN, &scene->fds[i]);
        if (error)
            return error;
    }
    return 0;
}

static int make_set(struct state *state, const struct pb_series *series)
{
    struct pollset **set = &state->sets[series->set];
    if (*set)
        return 0;
    int error = pollset_create(set, series->backend);
    if (error)
        return error;
    error = register_fds(*set, state->plan->points[series->point].scene);
    if (error) {
        pollset_destroy(*set);
        *set = NULL;
    }
    return error;
}

static int open_task(struct state *state, int index)
{
    struct pb_task *task = &state->tasks[index];
    const struct pb_series *series = task->series;
    int error = task->scene ? state->scene_error : 0;

    if (!error && series->operation->needs_set) {
        struct pollset_backend_info info;
        assert(task->scene); /* a set is one of watched fds */
        error = pollset_backend_find(series->backend, &info);
        if (!error)
            error = make_set(state, series);
        if (error)
            return error;
        task->wait_consumes = info.wait_consumes;
        task->set = state->sets[series->set];
    }
    if (!error && series->operation->open)
        error = series->operation->open(task);
    return error;
}

static void close_task(struct state *state, int index)
{
    struct pb_task *task = &state->tasks[index];
    const struct pb_series *series = task->series;
    if (task->own)
        series->operation->close(task);
    if (task->set) { /* unless another series of the set was closed first */
        pollset_destroy(state->sets[series->set]);
        state->sets[series->set] = NULL;
        task->set = NULL;
    }
}

/* With few descriptors to spend there is one set at a time, made for a batch
 * and gone after it. */
static bool stays_open(const struct state *state, int index)
{
    const struct pb_task *task = &state->tasks[index];
    return state->invocation->keep_sets &&
           pb_operation_stays(task->series->operation,
                              task->scene ? task->scene->staging : NULL);
}

static void open_those_that_stay(struct state *state,
                                 const struct pb_scene *scene)
{
    for (int i = 0; i < state->plan->n_series; i++) {
        const struct pb_scene *of = state->tasks[i].scene;
        if (stays_open(state, i) &&
            (scene ? of && pb_scene_shares(of, scene) : !of))
            state->errors[i] = open_task(state, i);
    }
}

/* The sets first, so that closing an fd need not search them. */
static void leave_scene(struct state *state)
{
    struct pb_scene *scene = state->on;
    if (!scene)
        return;
    for (int i = 0; i < state->plan->n_series; i++)
        if (state->tasks[i].scene)
            close_task(state, i);
    int64_t start_ns = pb_now_ns();
    pb_scene_close(scene);
    state->invocation->shared->tear_down_ns = pb_now_ns() - start_ns;
    if (scene->staging->leave)
        scene->staging->leave(scene);
    state->on = NULL;
}

/* Open the fds of a scene, unless they are: those of others are closed for
 * that, since all have the same numbers. The fds first: the descriptors of the
 * sets then lie above them. */
static void enter_scene(struct state *state, struct pb_scene *scene)
{
    if (!scene || (state->on && pb_scene_shares(state->on, scene)))
        return;
    leave_scene(state);
    int64_t start_ns = pb_now_ns();
    state->on = scene;
    state->scene_error =
        scene->staging->enter ? scene->staging->enter(scene) : 0;
    if (!state->scene_error)
        state->scene_error = pb_scene_open(scene);
    state->invocation->shared->build_ns = pb_now_ns() - start_ns;
    open_those_that_stay(state, scene);
}

/* A batch with those who take part in it. */
static struct pb_sample sample_scene(struct state *state, int index)
{
    const struct pb_invocation *invocation = state->invocation;
    struct pb_task *task = &state->tasks[index];
    const struct pb_timed *timed = &task->series->operation->timed;
    uint32_t *calls = &invocation->shared->series[index].calls;
    const struct pb_staging *staging =
        task->scene ? task->scene->staging : NULL;
    struct pb_sample sample = {.cpu = state->cpu};

    if (staging && staging->start) {
        sample.error = staging->start(task->scene);
        invocation->shared->accompanied++;
    }
    if (sample.error)
        return sample;
    if (*calls == 0)
        sample.error = pb_calibrate(timed, task, invocation->batch_ns, calls);
    if (!sample.error)
        sample =
            pb_sample_batch(timed, task, *calls, invocation->clock_cost_ns);
    int error = staging && staging->stop ? staging->stop(task->scene) : 0;
    if (!sample.error)
        sample.error = error;
    return sample;
}

static struct pb_sample sample_task(struct state *state, int index)
{
    bool stays = stays_open(state, index);
    struct pb_sample sample = {.cpu = state->cpu};

    enter_scene(state, state->tasks[index].scene);
    sample.error = stays ? state->errors[index] : open_task(state, index);
    if (!sample.error)
        sample = sample_scene(state, index);
    if (!stays)
        close_task(state, index);
    return sample;
}

/* The farm that most points choose from: it is built once. */
static void find_home(struct state *state)
{
    for (int i = 0; i < state->plan->n_points && !state->home; i++)
        if (state->plan->points[i].staging == &pb_shared_farm)
            state->home = state->plan->points[i].scene;
}

static bool is_at_home(const struct state *state, int index)
{
    const struct pb_scene *scene = state->tasks[index].scene;
    if (!scene || state->home)
        return !scene || pb_scene_shares(scene, state->home);
    return !scene->staging->is_written_to;
}

/* In the child: the fds at home, the sets of them too, are the parent's. */
static void leave_home(struct state *state)
{
    closefrom(state->invocation->samples_fd + 1);
    state->on = NULL;
    memset(state->sets, 0,
           (size_t)state->plan->n_sets * sizeof(struct pollset *));
    for (int i = 0; i < state->plan->n_series; i++) {
        state->tasks[i].set = NULL;
        state->tasks[i].own = NULL;
    }
}

static void measure_aside(struct state *state, int from, int to)
{
    leave_home(state);
    for (int i = from; i < to; i++)
        state->samples[i] = sample_task(state, state->order[i]);
    leave_scene(state);
}

/* Fds of their own have the numbers of those at home, which would have to be
 * closed for them, and opened again with all sets, in every round: so these are
 * opened in a process of their own, which does not outlive the visit; nor does
 * what an event-loop library keeps open. What it says of how long building took
 * is not kept. */
static void sample_aside(struct state *state, int from, int to)
{
    struct pb_shared *shared = state->invocation->shared;
    int64_t build_ns = shared->build_ns, tear_down_ns = shared->tear_down_ns;
    int status = 0;
    pid_t parent = getpid(), child = fork();

    if (child == 0) {
        pb_process_enter_child(parent);
        measure_aside(state, from, to);
        _exit(0);
    }
    int error = child < 0 ? -errno : 0;
    while (!error && waitpid(child, &status, 0) < 0)
        error = errno == EINTR ? 0 : -errno;
    if (!error && status != 0)
        error = -ECHILD;
    for (int i = from; i < to; i++) {
        if (error)
            state->samples[i] =
                (struct pb_sample){.cpu = state->cpu, .error = error};
        state->errors[state->order[i]] = state->samples[i].error;
    }
    shared->build_ns = build_ns;
    shared->tear_down_ns = tear_down_ns;
}

/* Those that come next, so far as their fds are open together. Returns where
 * they end. */
static int sample_together(struct state *state, int from, int n_series)
{
    const struct pb_scene *scene = state->tasks[state->order[from]].scene;
    int to = from + 1;

    if (is_at_home(state, state->order[from])) {
        state->samples[from] = sample_task(state, state->order[from]);
        return to;
    }
    while (to < n_series && state->tasks[state->order[to]].scene &&
           pb_scene_shares(state->tasks[state->order[to]].scene, scene))
        to++;
    sample_aside(state, from, to);
    return to;
}

/* Fisher and Yates. */
static void shuffle(int *items, int n, unsigned short random[3])
{
    for (int i = n - 1; i > 0; i--) {
        int k = (int)(nrand48(random) % (i + 1));
        int other = items[k];
        items[k] = items[i];
        items[i] = other;
    }
}

/* What would be said again. */
static bool is_final(int error)
{
    return error == -ENODATA || error == -EOPNOTSUPP || error == -ENOPKG ||
           error == -EPERM;
}

/* Whether to measure a series in this round, an extra one if only_dirty. */
static bool is_due(const struct state *state, int index, int only_dirty)
{
    bool is_once = state->plan->series[index].operation->is_once;
    int round = state->invocation->shared->round;
    if (only_dirty)
        return !is_once && state->clean[index] < state->clean_wanted;
    return !is_once ||
           (state->clean[index] == 0 && !is_final(state->errors[index]) &&
            round - state->invocation->first_round < PB_TRIES);
}

/* Put the series of one point that are to be measured into random order. */
static int order_point(struct state *state, int point, int only_dirty,
                       int *order)
{
    const struct pb_plan *plan = state->plan;
    int n = 0;
    for (int i = plan->points[point].last_series; i >= 0;
         i = plan->series[i].previous)
        if (is_due(state, i, only_dirty))
            order[n++] = i;
    shuffle(order, n, state->random);
    return n;
}

/* Put points whose fds are open together next to each other, in the order in
 * which the first of each such group comes. */
static void gather(struct state *state)
{
    const struct pb_point *points = state->plan->points;
    int *order = state->points, n = state->plan->n_points;
    for (int i = 0, next; i < n; i = next) {
        const struct pb_scene *scene = points[order[i]].scene;
        next = i + 1;
        for (int k = next; k < n; k++) {
            int point = order[k];
            if (!pb_scene_shares(points[point].scene, scene))
                continue;
            memmove(&order[next + 1], &order[next],
                    (size_t)(k - next) * sizeof *order);
            order[next++] = point;
        }
    }
}

/* Put the series to be measured into order: the points shuffled, what is
 * measured at one together, so that its fds are brought into the cache once
 * and backends are compared a moment apart; reference loops last. Returns how
 * many there are. */
static int order_round(struct state *state, int only_dirty)
{
    const struct pb_plan *plan = state->plan;
    int n = 0;
    for (int i = 0; i < plan->n_points; i++)
        state->points[i] = i;
    shuffle(state->points, plan->n_points, state->random);
    gather(state);
    for (int i = 0; i < plan->n_points; i++)
        n += order_point(state, state->points[i], only_dirty, state->order + n);
    for (int i = 0; i < plan->n_series; i++)
        if (plan->series[i].point < 0)
            state->order[n++] = i;
    return n;
}

static void note_speed(struct pb_speed *speed, int64_t call_ns)
{
    double fast_ns = PB_SPEED_RATIO * (double)call_ns;
    if (speed->n == 0 || call_ns < speed->least_ns) {
        if ((double)speed->least_ns > fast_ns)
            speed->n_slow = speed->n; /* all before it, as it turns out */
        speed->least_ns = call_ns;
    }
    if (call_ns > speed->most_ns)
        speed->most_ns = call_ns;
    speed->n_slow += (double)call_ns > PB_SPEED_RATIO * (double)speed->least_ns;
    speed->n++;
}

/* What tells of others on this machine; for warnings, not for results. */
static void note_reference(const struct pb_invocation *invocation,
                           const struct pb_operation *operation,
                           const struct pb_sample *sample)
{
    struct pb_shared *shared = invocation->shared;
    int64_t call_ns = sample->batch_ns / sample->calls;
    if (operation == &pb_operation_memory_probe) {
        shared->probes++;
        shared->slow_probes += call_ns > PB_PROBE_SLOW_NS;
    } else if (operation == &pb_operation_ref1) {
        note_speed(&shared->ref1[invocation->cpu_place], call_ns);
    }
}

/* Where the costs of the clean batches of a series are. */
static double *costs_of(const struct state *state, int index)
{
    return state->costs + (ptrdiff_t)index * state->rounds_most;
}

/* Of a call. */
static double cost_of(const struct pb_sample *sample)
{
    return (double)(sample->batch_ns - sample->overhead_ns) / sample->calls;
}

static enum pb_estimator estimator_of(const struct state *state, int index)
{
    enum pb_metric metric =
        pb_record_metric(state->plan, &state->plan->series[index]);
    return pb_metric_infos[metric].estimator;
}

/* A median takes all batches, or all clean ones: none is the least. */
static bool is_median(const struct state *state, int index)
{
    return estimator_of(state, index) == PB_MEDIAN ||
           estimator_of(state, index) == PB_CLEAN_MEDIAN;
}

/* A time is clean without a switch. A count is if there was no lesser one: what
 * an interrupt adds makes it larger. */
static bool is_clean(struct state *state, int index,
                     const struct pb_sample *sample)
{
    double least = costs_of(state, index)[0];
    if (sample->error || is_median(state, index) ||
        pb_metric_is_time(state->plan->cost))
        return !sample->error && sample->involuntary_switches == 0;
    if (cost_of(sample) < least)
        state->clean[index] = 0;
    return state->clean[index] == 0 || cost_of(sample) <= least;
}

/* The logarithm of what a series cost in this invocation over the first; NAN if
 * that is not known. */
static double log_change(struct state *state, int index)
{
    double *first_ns = &state->invocation->shared->series[index].first_ns;
    if (state->clean[index] == 0 || is_median(state, index))
        return NAN;
    double cost_ns = pb_level_cost(costs_of(state, index), state->clean[index]);
    if (*first_ns <= 0)
        *first_ns = cost_ns;
    return cost_ns > 0 && *first_ns > 0 ? log(cost_ns / *first_ns)
                                        : (double)NAN;
}

/* Small sets only: the cost of large ones is the neighbours', too. */
static bool is_of_level(const struct pb_plan *plan, int index)
{
    int point = plan->series[index].point;
    return point >= 0 && plan->points[point].got->fd_count <= PB_SMALL_FDS;
}

/* The level of this invocation, now that all is measured. */
static void note_level(struct state *state)
{
    double sum = 0, clock = NAN;
    int n = 0;
    for (int i = 0; i < state->plan->n_series; i++) {
        double change = log_change(state, i);
        if (state->plan->series[i].operation == &pb_operation_ref1)
            clock = change;
        if (!is_of_level(state->plan, i) || isnan(change))
            continue;
        sum += change;
        n++;
    }
    if (n > 0 && !isnan(clock))
        pb_levels_add(&state->invocation->shared->levels, sum / n - clock);
}

static void note_sample(struct state *state, int index,
                        const struct pb_sample *sample)
{
    struct pb_shared *shared = state->invocation->shared;
    bool clean = is_clean(state, index, sample);
    bool is_once = state->plan->series[index].operation->is_once;
    state->clean[index] += clean || (estimator_of(state, index) == PB_MEDIAN &&
                                     !(is_once && sample->error));
    if (is_final(sample->error))
        state->errors[index] = sample->error;
    shared->failures += sample->error != 0;
    shared->switched += !sample->error && sample->involuntary_switches > 0;
    shared->moved +=
        sample->cpu >= 0 && state->cpu >= 0 && sample->cpu != state->cpu;
    if (clean) {
        note_reference(state->invocation, state->plan->series[index].operation,
                       sample);
        costs_of(state, index)[state->clean[index] - 1] = cost_of(sample);
    }
}

/* Looked at between rounds: a tracer may come and go, a priority be changed. */
static void note_conditions(struct pb_shared *shared)
{
    char scheduling[sizeof shared->scheduling];
    shared->rounds++;
    shared->traced +=
        pb_conditions_tracer(shared->tracer, sizeof shared->tracer);
    pb_conditions_scheduling(scheduling, sizeof scheduling);
    if (strcmp(scheduling, shared->scheduling) != 0)
        memcpy(shared->rescheduled, scheduling, sizeof scheduling);
}

/* The rows of a round go out in one piece, and a request to stop waits for
 * that. */
static int flush_round(struct state *state)
{
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    int error = pb_csv_flush(&state->csv);
    if (!error)
        error = pb_csv_sync(&state->csv);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return error;
}

static int run_round(struct state *state, int round, int n_series)
{
    struct pb_shared *shared = state->invocation->shared;
    struct pb_occasion occasion = {
        .invocation = state->invocation->number,
        .round = round,
        .seed = state->invocation->seed,
    };
    for (int i = 0; i < n_series;)
        i = sample_together(state, i, n_series);
    for (int i = 0; i < n_series; i++) {
        int index = state->order[i];
        occasion.sequence = i;
        occasion.cpu = state->samples[i].cpu;
        note_sample(state, index, &state->samples[i]);
        occasion.latencies = state->tasks[index].latencies;
        pb_record_sample(&state->csv, state->plan, &state->plan->series[index],
                         &occasion, &state->samples[i]);
    }
    note_conditions(shared);
    int error = flush_round(state);
    shared->rows += error ? 0 : n_series;
    shared->round++;
    return error;
}

/* Series that were disturbed in nearly all rounds get more of them; those
 * that failed do not. */
static int count_dirty(const struct state *state)
{
    int n_dirty = 0;
    for (int i = 0; i < state->plan->n_series; i++)
        n_dirty += state->plan->series[i].point >= 0 && !state->errors[i] &&
                   is_due(state, i, 1);
    return n_dirty;
}

static void start_random(struct state *state, int round)
{
    const struct pb_invocation *invocation = state->invocation;
    state->random[0] = (unsigned short)invocation->seed;
    state->random[1] = (unsigned short)(invocation->seed >> 16);
    state->random[2] =
        (unsigned short)(invocation->number * 1009 + round * 31 + 1);
    nrand48(state->random);
}

static int run_rounds(struct state *state)
{
    const struct pb_invocation *invocation = state->invocation;
    int planned = invocation->first_round + invocation->rounds;
    int most = state->rounds_most;
    int error = 0;

    for (int round = invocation->first_round; round < most && !error; round++) {
        int is_extra = round >= planned;
        if (is_extra && count_dirty(state) == 0)
            break;
        start_random(state, round);
        error = run_round(state, round, order_round(state, is_extra));
        invocation->shared->extra += is_extra;
    }
    if (!error)
        note_level(state);
    return error;
}

static int rounds_most(const struct state *state)
{
    int planned = state->invocation->first_round + state->invocation->rounds;
    return planned < state->clean_wanted ? planned : PB_ROUNDS_MOST * planned;
}

/* In memory that a process which measures for this one would have, too. NULL:
 * there is none. */
static char *share_latencies(void)
{
    char *text = mmap(NULL, PB_LATENCIES_BYTES, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return text == MAP_FAILED ? NULL : text;
}

static int allocate(struct state *state)
{
    size_t n = (size_t)state->plan->n_series;
    state->clean_wanted = pb_metric_is_time(state->plan->cost)
                              ? PB_CLEAN_WANTED
                              : PB_COUNTS_WANTED;
    state->rounds_most = rounds_most(state);
    state->costs = calloc(n * (size_t)state->rounds_most, sizeof *state->costs);
    state->tasks = calloc(n, sizeof *state->tasks);
    state->errors = calloc(n, sizeof *state->errors);
    state->clean = calloc(n, sizeof *state->clean);
    state->points =
        calloc((size_t)state->plan->n_points + 1, sizeof *state->points);
    state->order = calloc(n, sizeof *state->order);
    state->samples =
        mmap(NULL, (n + 1) * sizeof *state->samples, PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (state->samples == MAP_FAILED)
        state->samples = NULL;
    state->sets = calloc((size_t)state->plan->n_sets + 1, sizeof *state->sets);
    if (!state->tasks || !state->errors || !state->clean || !state->costs ||
        !state->points || !state->order || !state->samples || !state->sets)
        return -ENOMEM;
    for (size_t i = 0; i < n; i++) {
        const struct pb_series *series = &state->plan->series[i];
        if (series->point >= 0)
            state->plan->points[series->point].scene->other_cpu =
                state->invocation->other_cpu;
        state->tasks[i] = (struct pb_task){
            .series = series,
            .scene = series->point < 0
                         ? NULL
                         : state->plan->points[series->point].scene,
            .answers = &state->answers,
        };
        if (series->operation->has_latencies)
            state->tasks[i].latencies = share_latencies();
    }
    return 0;
}

static void close_all(struct state *state)
{
    leave_scene(state);
    for (int i = 0; i < state->plan->n_series && state->tasks; i++)
        close_task(state, i);
}

static void free_all(struct state *state)
{
    for (int i = 0; i < state->plan->n_series && state->tasks; i++)
        if (state->tasks[i].latencies)
            munmap(state->tasks[i].latencies, PB_LATENCIES_BYTES);
    free(state->tasks);
    free(state->errors);
    free(state->clean);
    free(state->costs);
    free(state->points);
    free(state->order);
    if (state->samples)
        munmap(state->samples,
               ((size_t)state->plan->n_series + 1) * sizeof *state->samples);
    free(state->sets);
    pb_answers_free(&state->answers);
    pb_csv_free(&state->csv);
}

/* A wish, not a need. Returns the CPU, or -1 when it stays open which. */
static int pin(int cpu)
{
    cpu_set_t cpus;
    if (cpu < 0)
        return -1;
    CPU_ZERO(&cpus);
    CPU_SET(cpu, &cpus);
    return sched_setaffinity(0, sizeof cpus, &cpus) < 0 ? -1 : cpu;
}

int pb_invocation_run(const struct pb_invocation *invocation)
{
    struct state state = {.invocation = invocation, .plan = invocation->plan};

    state.cpu = pin(invocation->cpu);
    pb_csv_init(&state.csv, invocation->samples_fd);
    invocation->shared->round = invocation->first_round;
    int error = allocate(&state);
    find_home(&state);
    if (!error) {
        open_those_that_stay(&state, NULL);
        error = run_rounds(&state);
    }
    close_all(&state);
    free_all(&state);
    return error;
}
