/* SPDX-License-Identifier: MIT */
/* pollscale: how time and memory grow with the number of fds, up to the limit
 * of a process and, with many descriptor tables, beyond it. Leaves a folder
 * like pollbench, with memory.csv besides. */
#include "clock.h"
#include "cpus.h"
#include "disturbance.h"
#include "folder.h"
#include "host.h"
#include "ladder.h"
#include "limit.h"
#include "memory.h"
#include "process.h"
#include "scale.h"
#include "scale_options.h"
#include "schema.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OK = 0, FAILED = 1, USAGE = 2, CANNOT_RUN = 77 };

enum {
    EPOLL_ITEM_BYTES = 250, /* about what the kernel keeps of one */
    FIRST_OWN_FD = 3,       /* in the measuring process: samples, memory */
};

static int complain(int status, const char *what)
{
    fprintf(stderr, "pollscale: %s\n", what);
    return status;
}

static void note_warning(struct pb_csv *host, const char *text)
{
    pb_host_text(host, "warning", text);
}

static void warn(struct pb_csv *host, const char *text)
{
    note_warning(host, text);
    fprintf(stderr, "pollscale: warning: %s\n", text);
}

/* --- what to measure ------------------------------------------------------ */

/* Watched fds for which there is memory, with a tenth of it left. */
static int room_in_memory(const struct pb_scale_options *options)
{
    int64_t available = pb_memory_available();
    int bytes = options->fd_kind->bytes * 4 / 3 + EPOLL_ITEM_BYTES;
    if (available < 0 || available / 10 * 9 / bytes > PB_SCALE_FDS_MOST)
        return PB_SCALE_FDS_MOST;
    return (int)(available / 10 * 9 / bytes);
}

/* The values of N, or the exit status to end with. */
static int choose_ladder(const struct pb_scale_options *options, int table_fds,
                         struct pb_ladder *ladder)
{
    char problem[PB_LADDER_PROBLEM], text[400];
    int most = room_in_memory(options);

    if (!options->beyond_limit && most > pb_scale_room(table_fds))
        most = pb_scale_room(table_fds);
    if (options->fds) {
        int error = pb_ladder_parse(ladder, options->fds, 1, most, problem);
        if (!error)
            return OK;
        snprintf(text, sizeof text,
                 "--fds: %s (by the descriptor limit and free memory)",
                 error == -ENOMEM ? strerror(ENOMEM) : problem);
        return complain(USAGE, text);
    }
    if (options->beyond_limit)
        for (int n = 1000; n <= 1000000; n *= 10)
            pb_ladder_add(ladder, n, 1, most);
    else
        pb_ladder_add_octaves(ladder, most < 1000 ? most : 1000, most, 1);
    pb_ladder_sort(ladder);
    return ladder->n ? OK : complain(CANNOT_RUN, "no memory for any fds");
}

/* --- the run -------------------------------------------------------------- */

struct run {
    const struct pb_scale_options *options;
    struct pb_ladder ladder; /* in the order of the current invocation */
    int table_fds;
    int cpus[2], n_cpus;
    int64_t clock_cost_ns;
    unsigned seed;
    int samples_fd, memory_fd;
    int first_invocation, first_round; /* where an interrupted run goes on */
    int interrupted_by;                /* a signal, or 0 */
    struct pb_disturbance disturbance;
    char trouble[200]; /* what ended the run early */
};

/* Every invocation has an order of its own (Fisher and Yates), the same when
 * the run is taken up again. */
static void shuffle(struct run *run, int invocation)
{
    unsigned short random[3] = {(unsigned short)run->seed,
                                (unsigned short)(run->seed >> 16),
                                (unsigned short)(invocation + 1)};
    int *values = run->ladder.values;

    pb_ladder_sort(&run->ladder);
    nrand48(random);
    for (int i = run->ladder.n - 1; i > 0; i--) {
        int k = (int)(nrand48(random) % (i + 1));
        int other = values[k];
        values[k] = values[i];
        values[i] = other;
    }
}

static void pin(int cpu)
{
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    if (cpu >= 0)
        CPU_SET(cpu, &cpus);
    if (cpu >= 0)
        sched_setaffinity(0, sizeof cpus, &cpus); /* a wish, not a need */
}

static int store(struct pb_csv *csv)
{
    int error = pb_csv_flush(csv);
    return error ? error : pb_csv_sync(csv);
}

/* The measuring process: nothing open but what it needs. */
static int measure_point(const struct run *run, int invocation, int round)
{
    const struct pb_scale_options *options = run->options;
    struct pb_csv samples, memory;
    int cpu = run->n_cpus ? run->cpus[invocation % run->n_cpus] : -1;

    /* Copied out of the way first: one may have the other's number. */
    int from = fcntl(run->memory_fd, F_DUPFD, FIRST_OWN_FD + 2);
    if (from < 0 || dup2(run->samples_fd, FIRST_OWN_FD) < 0 ||
        dup2(from, FIRST_OWN_FD + 1) < 0)
        return -errno;
    closefrom(FIRST_OWN_FD + 2);
    pin(cpu);
    pb_csv_init(&samples, FIRST_OWN_FD);
    pb_csv_init(&memory, FIRST_OWN_FD + 1);
    struct pb_scale scale = {
        .beyond_limit = options->beyond_limit,
        .backends = options->backends,
        .fd_kind = options->fd_kind,
        .fd_count = run->ladder.values[round],
        .table_fds = run->table_fds,
        .invocation = invocation,
        .seed = run->seed,
        .round = round,
        .cpu = cpu,
        .clock_cost_ns = run->clock_cost_ns,
        .samples = &samples,
        .memory = &memory,
    };
    int error = pb_scale_measure(&scale);
    /* The samples last: where they are, the memory is. */
    if (!error)
        error = store(&memory);
    return error ? error : store(&samples);
}

/* Returns 0, or -1 with what is wrong in run->trouble. */
static int explain(struct run *run, int fd_count, int status)
{
    if (WIFSIGNALED(status))
        snprintf(run->trouble, sizeof run->trouble,
                 "%d fds: the measuring process was killed by signal %d (%s)",
                 fd_count, WTERMSIG(status), strsignal(WTERMSIG(status)));
    else if (WEXITSTATUS(status))
        snprintf(run->trouble, sizeof run->trouble, "%d fds: %s", fd_count,
                 strerror(WEXITSTATUS(status)));
    else
        return 0;
    return -1;
}

static int fork_point(struct run *run, int invocation, int round)
{
    int status = 0;
    fflush(NULL);
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
        pb_process_enter_child(parent);
        _exit(-measure_point(run, invocation, round));
    }
    if (child < 0) {
        snprintf(run->trouble, sizeof run->trouble, "fork: %s",
                 strerror(errno));
        return -1;
    }
    while (!pb_process_wait_child(child, &status, &run->interrupted_by,
                                  &run->disturbance.n_stops))
        ;
    return run->interrupted_by
               ? -1
               : explain(run, run->ladder.values[round], status);
}

static int measure_invocation(struct run *run, int invocation, int round)
{
    const struct pb_scale_options *options = run->options;
    int error = 0;
    shuffle(run, invocation);
    for (; round < run->ladder.n && !error; round++) {
        if (!options->quiet)
            fprintf(stderr, "measuring: invocation %d of %d, %d %ss\n",
                    invocation + 1, options->invocations,
                    run->ladder.values[round], options->fd_kind->name);
        error = fork_point(run, invocation, round);
    }
    return error;
}

/* Returns 0 when all was measured. */
static int measure_all(struct run *run)
{
    sigset_t before;
    int error = 0, round = run->first_round;
    pb_process_begin_run(&before);
    for (int k = run->first_invocation; k < run->options->invocations && !error;
         k++) {
        error = measure_invocation(run, k, round);
        round = 0;
    }
    pb_process_end_run(&before);
    return error;
}

/* --- its folder ----------------------------------------------------------- */

/* The command line, with the values of N that it came to: how many there is
 * room for may be another number when the run is taken up again. */
static void add_arguments(struct pb_csv *host, const struct run *run,
                          char **argv)
{
    char *text = NULL;
    size_t n_bytes;
    FILE *list = open_memstream(&text, &n_bytes);

    for (int i = 1; argv[i]; i++)
        pb_host_text(host, "argument", argv[i]);
    if (!list)
        return;
    fputs("--fds=", list);
    for (int i = 0; i < run->ladder.n; i++)
        fprintf(list, "%s%d", i ? "," : "", run->ladder.values[i]);
    if (fclose(list) == 0)
        pb_host_text(host, "argument", text);
    free(text);
}

static void describe(struct pb_csv *host, const struct run *run,
                     const struct pb_limit *limit, char **argv)
{
    const struct pb_scale_options *options = run->options;
    const struct pb_scale scale = {.beyond_limit = options->beyond_limit,
                                   .backends = options->backends};
    char now[32];

    pb_utc_text(now);
    pb_csv_init(host, -1);
    pb_host_integer(host, "schema", PB_SCHEMA_VERSION, "");
    pb_host_text(host, "started", now);
    pb_host_text(host, "complete", "no"); /* until a later row says otherwise */
    pb_host_machine(host);
    add_arguments(host, run, argv);
    pb_host_integer(host, "seed", run->seed, "");
    pb_host_integer(host, "invocations", options->invocations, "");
    pb_host_integer(host, "rounds", 1, "");
    pb_host_limit(host, limit);
    pb_host_integer(host, "series",
                    (int64_t)run->ladder.n * pb_scale_series(&scale), "");
    pb_host_integer(host, "clock_cost", run->clock_cost_ns, "ns");
    pb_host_load(host, "start");
}

/* Whether the samples of a row of memory.csv are there. */
static int has_samples(struct run *run, long invocation, long fd_count)
{
    if (invocation != run->first_invocation)
        return invocation < run->first_invocation;
    shuffle(run, run->first_invocation);
    for (int i = 0; i < run->first_round; i++)
        if (run->ladder.values[i] == fd_count)
            return 1;
    return 0;
}

#define MEMORY_INDEX(name, type, unit, fallback, meaning) MEMORY_##name,
enum memory_column { PB_MEMORY(MEMORY_INDEX) MEMORY_COLUMNS };

/* A whole number in a row of memory.csv, in which nothing is quoted. */
static long field(const char *row, enum memory_column index)
{
    for (int i = 0; row && i < (int)index; i++) {
        row = strchr(row, ',');
        row = row ? row + 1 : NULL;
    }
    return row ? strtol(row, NULL, 10) : -1;
}

/* Bytes of memory.csv up to the first row that is not whole or of a point that
 * has no samples: such rows are the last. Or -errno. */
static off_t whole_memory(struct run *run, FILE *file)
{
    char *line = NULL;
    size_t room = 0;
    off_t whole = 0;
    ssize_t n;
    while ((n = getline(&line, &room, file)) > 0 && line[n - 1] == '\n' &&
           (whole == 0 || has_samples(run, field(line, MEMORY_invocation),
                                      field(line, MEMORY_fd_count))))
        whole += n;
    if (n < 0 && !feof(file))
        whole = -errno;
    free(line);
    return whole;
}

/* Open memory.csv, empty or as far as it belongs to the samples. */
static int open_memory(struct run *run, const char *folder,
                       struct pb_trouble *trouble)
{
    char path[4096];
    struct pb_csv csv;
    snprintf(path, sizeof path, "%s/memory.csv", folder);
    run->memory_fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    FILE *file = run->memory_fd < 0 ? NULL : fopen(path, "re");
    int error = file ? 0 : -errno;
    off_t whole = file ? whole_memory(run, file) : 0;

    if (whole < 0)
        error = (int)whole;
    if (file)
        fclose(file);
    if (!error && ftruncate(run->memory_fd, whole) < 0)
        error = -errno;
    pb_csv_init(&csv, run->memory_fd);
    PB_CSV_HEADER(&csv, PB_MEMORY);
    if (!error && whole == 0)
        error = store(&csv);
    pb_csv_free(&csv);
    if (error)
        snprintf(trouble->text, sizeof trouble->text, "%.600s: %s", path,
                 strerror(-error));
    return error;
}

/* Go on behind the last point that is whole; the seam is a row. */
static int find_seam(struct run *run, struct pb_folder *folder,
                     struct pb_csv *host, struct pb_trouble *trouble)
{
    char seam[96], now[32];
    struct pb_csv facts;

    if (pb_folder_check_host(folder, host, trouble) < 0 ||
        pb_folder_count_rounds(folder, run->ladder.n, trouble) < 0)
        return -1;
    run->first_round = folder->next_round;
    run->first_invocation = folder->next_invocation - (folder->next_round > 0);
    if (folder->is_complete)
        return 0;
    pb_utc_text(now);
    snprintf(seam, sizeof seam, "invocation %d, round %d on, %s",
             run->first_invocation, run->first_round, now);
    pb_csv_init(&facts, -1);
    pb_host_text(&facts, "seam", seam);
    int error = pb_folder_add_facts(folder, &facts, trouble);
    pb_csv_free(&facts);
    return error;
}

/* How the run ended, in host.csv and in one line. Returns an exit status. */
static int finish(struct run *run, struct pb_folder *folder, int error)
{
    struct pb_trouble trouble = {""};
    struct pb_csv facts;
    char now[32], tracer[96];

    if (run->interrupted_by)
        snprintf(run->trouble, sizeof run->trouble, "%s",
                 strsignal(run->interrupted_by));
    pb_utc_text(now);
    pb_csv_init(&facts, -1);
    pb_host_text(&facts, "ended", now);
    pb_host_load(&facts, "end");
    run->disturbance.n_looked = 1;
    run->disturbance.n_traced = pb_conditions_tracer(tracer, sizeof tracer);
    run->disturbance.tracer = tracer;
    pb_disturbance_report(&run->disturbance, folder, &facts,
                          error ? note_warning : warn);
    pb_host_text(&facts, error ? "partial" : "complete",
                 error ? run->trouble : "yes");
    if (error)
        fprintf(stderr,
                "pollscale: %s: what was measured is kept in %s; finish with "
                "--resume\n",
                run->trouble, folder->path);
    if (pb_folder_add_facts(folder, &facts, &trouble) < 0)
        error = complain(-1, trouble.text);
    pb_csv_free(&facts);
    return error ? FAILED : OK;
}

/* What may be another each time that a run is taken up. */
static int begin(struct run *run, struct pb_folder *folder,
                 struct pb_trouble *trouble)
{
    struct pb_csv facts;

    pb_csv_init(&facts, -1);
    pb_conditions_describe(&facts, warn);
    int error = pb_folder_add_facts(folder, &facts, trouble);
    pb_csv_free(&facts);
    if (!error)
        error = pb_folder_warn(folder, "pollscale", trouble);
    pb_disturbance_start(&run->disturbance);
    return error;
}

static int run_into_folder(struct run *run, struct pb_folder *folder,
                           struct pb_csv *host)
{
    const struct pb_scale_options *options = run->options;
    struct pb_trouble trouble = {""};
    int error = options->resume ? find_seam(run, folder, host, &trouble)
                                : pb_folder_create(folder, options->output,
                                                   NULL, host, &trouble);
    if (!error && folder->is_complete)
        return complain(OK, "the run is complete already");
    if (!error)
        error = open_memory(run, folder->path, &trouble);
    if (!error)
        error = begin(run, folder, &trouble);
    if (error)
        return complain(FAILED, trouble.text);
    run->samples_fd = folder->samples_fd;
    int status = finish(run, folder, measure_all(run));
    if (close(run->memory_fd) < 0)
        status = complain(FAILED, strerror(errno));
    if (pb_folder_close(folder, &trouble) < 0)
        status = complain(FAILED, trouble.text);
    return status;
}

/* Take the options of the run that is to be finished, but its folder from
 * here. */
static int take_up(struct pb_scale_options *options, struct pb_folder *folder,
                   char *name)
{
    struct pb_trouble trouble = {""};
    const char *path = options->resume;
    int quiet = options->quiet;

    if (pb_folder_reopen(folder, path, &trouble) < 0)
        return complain(FAILED, trouble.text);
    char **arguments =
        calloc((size_t)folder->n_arguments + 2, sizeof *arguments);
    if (!arguments)
        return complain(FAILED, strerror(ENOMEM));
    arguments[0] = name;
    memcpy(arguments + 1, folder->arguments,
           (size_t)folder->n_arguments * sizeof *arguments);
    pb_scale_options_parse(options, folder->n_arguments + 1, arguments);
    free(arguments);
    options->resume = path;
    options->quiet = quiet;
    return OK;
}

static int plan_and_run(struct run *run, struct pb_folder *folder, char **argv)
{
    struct pb_limit limit;
    struct pb_csv host;
    int error = pb_limit_raise(run->options->table_fds, &limit);
    if (error)
        return complain(FAILED, strerror(-error));
    if (limit.usable < PB_SCALE_TABLE_FDS_LEAST)
        return complain(CANNOT_RUN, "too few descriptors: raise ulimit -Hn");
    run->table_fds = limit.usable;
    int status = choose_ladder(run->options, run->table_fds, &run->ladder);
    if (status)
        return status;
    run->n_cpus = pb_cpus_choose(run->cpus, 2);
    run->clock_cost_ns = pb_clock_cost_ns();
    describe(&host, run, &limit, argv);
    status = run_into_folder(run, folder, &host);
    pb_csv_free(&host);
    pb_ladder_free(&run->ladder);
    return status;
}

int main(int argc, char **argv)
{
    struct pb_scale_options options;
    struct pb_folder folder = {.samples_fd = -1, .host_fd = -1};
    struct run run = {.options = &options, .memory_fd = -1};

    if (pb_process_prepare() < 0)
        return complain(CANNOT_RUN, "the standard streams cannot be opened");
    pb_scale_options_parse(&options, argc, argv);
    if (!options.output == !options.resume)
        return complain(USAGE, "say where with either --output DIR or "
                               "--resume DIR; see --help");
    int status = options.resume ? take_up(&options, &folder, argv[0]) : OK;
    if (status)
        return status;
    run.seed = options.resume ? folder.seed : (unsigned)pb_now_ns();
    status = plan_and_run(&run, &folder, argv);
    struct pb_trouble ignored = {""};
    pb_folder_close(&folder, &ignored); /* again, or after a refused resume */
    return status;
}
