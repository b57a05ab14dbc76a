/* SPDX-License-Identifier: MIT */
/* pollscale: how time and memory grow with the number of fds, up to the limit
 * of a process and, with many descriptor tables, beyond it. Leaves a folder
 * like pollbench, with memory.csv besides. */
#include "build_info.h"
#include "clock.h"
#include "cpus.h"
#include "folder.h"
#include "host.h"
#include "ladder.h"
#include "limit.h"
#include "memory.h"
#include "operation.h"
#include "record.h"
#include "scale.h"
#include "schema.h"

#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OK = 0, FAILED = 1, USAGE = 2, CANNOT_RUN = 77 };

enum {
    BACKENDS_MOST = 16,
    MOST_FDS = 1 << 28,     /* that a range may name */
    EPOLL_ITEM_BYTES = 250, /* about what the kernel keeps of one */
    TABLE_FDS_LEAST = 64,
    FIRST_OWN_FD = 3, /* in the measuring process: samples, memory */
};

const char *argp_program_version =
    "pollscale " PB_PROJECT_VERSION " (" PB_COMMIT ")";

struct options {
    int beyond_limit;
    enum pb_fd_kind fd_kind; /* PB_FD_KINDS: not chosen */
    const char *fds;         /* a range, or NULL */
    const char *backends[BACKENDS_MOST + 1];
    int invocations, table_fds;
    const char *output;
    int quiet;
};

enum { KEY_TABLE_FDS = 256 };

static const struct argp_option table[] = {
    {"sweep", 's', "NAME", 0,
     "scale: one descriptor table, all backends, up to the limit; "
     "beyond_limit: as many tables as it takes, one epoll set (default: scale)",
     0},
    {"fds", 'N', "RANGE", 0,
     "values of N, watched fds (default: 1000:max for scale, "
     "1000:1000000:*10 for beyond_limit, as far as there is memory)",
     0},
    {"fd-kind", 'f', "NAME", 0,
     "what the fds are: socketpair, eventfd or pipe (default: socketpair for "
     "scale, eventfd for beyond_limit)",
     0},
    {"backend", 'b', "NAME", 0,
     "only this backend; repeat for more (default: all; not for beyond_limit)",
     0},
    {"table-fds", KEY_TABLE_FDS, "COUNT", 0,
     "descriptors that one table may have, 64 to 268435456 (default: the hard "
     "limit)",
     0},
    {"invocations", 'k', "K", 0,
     "how often to measure each N, each time in a fresh process, 1 to 1000 "
     "(default: 6)",
     0},
    {"output", 'o', "DIR", 0,
     "put the run into this folder, which must not exist (required)", 0},
    {"quiet", 'q', 0, 0, "tell no progress", 0},
    {0},
};

static const char doc[] =
    "Measure how the time and memory of opening, registering, waiting for, "
    "unregistering and closing fds grow with their number.\v"
    "A RANGE is a list of N, LOW:HIGH (doubling), LOW:HIGH:STEP or "
    "LOW:HIGH:*FACTOR, with commas between; max stands for the most there is "
    "room for. A million socketpair ends take 3.8 GB, eventfds 0.9 GB.\n"
    "Exit status: 0 done, 1 failed, 2 wrong usage, 77 cannot run here.";

static int complain(int status, const char *what)
{
    fprintf(stderr, "pollscale: %s\n", what);
    return status;
}

/* --- options -------------------------------------------------------------- */

static int number(const char *option, const char *text, int low, int high,
                  struct argp_state *state)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || end == text || *end || value < low || value > high)
        argp_failure(state, USAGE, 0,
                     "--%s: '%s' is not a whole number from %d to %d", option,
                     text, low, high);
    return (int)value;
}

static void add_backend(struct options *options, const char *name,
                        struct argp_state *state)
{
    struct pollset_backend_info info;
    int n = 0;
    if (pollset_backend_find(name, &info) < 0)
        argp_failure(state, USAGE, 0, "--backend: '%s': %s", name, info.reason);
    while (options->backends[n] && strcmp(options->backends[n], name) != 0)
        n++;
    if (n < BACKENDS_MOST)
        options->backends[n] = info.name;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case 's':
        options->beyond_limit = strcmp(text, "beyond_limit") == 0;
        if (!options->beyond_limit && strcmp(text, "scale") != 0)
            argp_failure(state, USAGE, 0,
                         "--sweep: no sweep '%s': use scale or beyond_limit",
                         text);
        return 0;
    case 'N':
        options->fds = text;
        return 0;
    case 'f':
        options->fd_kind = pb_fd_kind_of(text);
        if (options->fd_kind == PB_FD_KINDS)
            argp_failure(state, USAGE, 0,
                         "--fd-kind: no kind '%s': use socketpair, eventfd or "
                         "pipe",
                         text);
        return 0;
    case 'b':
        add_backend(options, text, state);
        return 0;
    case KEY_TABLE_FDS:
        options->table_fds =
            number("table-fds", text, TABLE_FDS_LEAST, MOST_FDS, state);
        return 0;
    case 'k':
        options->invocations = number("invocations", text, 1, 1000, state);
        return 0;
    case 'o':
        options->output = text;
        return 0;
    case 'q':
        options->quiet = 1;
        return 0;
    case ARGP_KEY_ARG:
        argp_failure(state, USAGE, 0,
                     "'%s' is no option: pollscale --help shows them", text);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void parse_options(struct options *options, int argc, char **argv)
{
    static const struct argp argp = {table, parse, NULL, doc, NULL, NULL, NULL};
    struct pollset_backend_info info;

    *options = (struct options){
        .fd_kind = PB_FD_KINDS, .invocations = 6, .table_fds = MOST_FDS};
    argp_err_exit_status = USAGE;
    argp_parse(&argp, argc, argv, 0, NULL, options);
    if (options->fd_kind == PB_FD_KINDS)
        options->fd_kind = options->beyond_limit ? PB_EVENTFD : PB_SOCKETPAIR;
    if (options->backends[0])
        return;
    for (unsigned i = 0, n = 0;
         n < BACKENDS_MOST && pollset_backend_at(i, &info) == 0; i++)
        if (!info.error)
            options->backends[n++] = info.name;
}

/* --- what to measure ------------------------------------------------------ */

/* Watched fds for which there is memory, with a tenth of it left. */
static int room_in_memory(const struct options *options)
{
    int64_t available = pb_memory_available();
    int bytes = pb_fd_kind_bytes(options->fd_kind) * 4 / 3 + EPOLL_ITEM_BYTES;
    if (available < 0 || available / 10 * 9 / bytes > MOST_FDS)
        return MOST_FDS;
    return (int)(available / 10 * 9 / bytes);
}

/* The values of N, or the exit status to end with. */
static int choose_ladder(const struct options *options, int table_fds,
                         struct pb_ladder *ladder)
{
    char problem[256], text[400];
    int most = room_in_memory(options);

    if (!options->beyond_limit && most > pb_scale_room(table_fds))
        most = pb_scale_room(table_fds);
    if (options->fds) {
        int error = pb_ladder_parse(ladder, options->fds, 1, most, problem,
                                    sizeof problem);
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

/* --- the run ---------------------------------------------------------------
 */

struct run {
    const struct options *options;
    struct pb_ladder ladder;
    int table_fds;
    int cpus[2], n_cpus;
    int64_t clock_cost_ns;
    int samples_fd, memory_fd;
    unsigned short random[3];
};

static void pin(int cpu)
{
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    if (cpu >= 0)
        CPU_SET(cpu, &cpus);
    if (cpu >= 0)
        sched_setaffinity(0, sizeof cpus, &cpus); /* a wish, not a need */
}

/* The rows of both files go out when a point is done. */
static int flush(struct pb_csv *samples, struct pb_csv *memory)
{
    int error = pb_csv_flush(samples);
    return error ? error : pb_csv_flush(memory);
}

/* The measuring process: nothing open but what it needs. */
static int measure_point(const struct run *run, int invocation, int fd_count)
{
    const struct options *options = run->options;
    struct pb_csv samples, memory;
    int cpu = run->n_cpus ? run->cpus[invocation % run->n_cpus] : -1;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
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
        .fd_count = fd_count,
        .table_fds = run->table_fds,
        .invocation = invocation,
        .cpu = cpu,
        .clock_cost_ns = run->clock_cost_ns,
        .samples = &samples,
        .memory = &memory,
    };
    int error = pb_scale_measure(&scale);
    return error ? error : flush(&samples, &memory);
}

/* Returns 0, or -1 after telling what is wrong. */
static int fork_point(const struct run *run, int invocation, int fd_count)
{
    char text[200];
    int status = 0;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        _exit(-measure_point(run, invocation, fd_count));
    while (child > 0 && waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            child = -1;
    if (child < 0) {
        snprintf(text, sizeof text, "fork: %s", strerror(errno));
    } else if (WIFSIGNALED(status)) {
        snprintf(text, sizeof text,
                 "%d fds: the measuring process was killed by signal %d (%s)",
                 fd_count, WTERMSIG(status), strsignal(WTERMSIG(status)));
    } else if (WEXITSTATUS(status)) {
        snprintf(text, sizeof text, "%d fds: %s", fd_count,
                 strerror(WEXITSTATUS(status)));
    } else {
        return 0;
    }
    complain(FAILED, text);
    return -1;
}

/* The core's clock during the invocation, as pollbench records it. */
static int record_reference(const struct run *run, int invocation)
{
    static const struct pb_series series = {.sweep = "reference",
                                            .backend = "ref1",
                                            .operation = &pb_operation_ref1,
                                            .watch = -1,
                                            .set = -1};
    struct pb_answers answers = {0};
    struct pb_task task = {.series = &series, .answers = &answers};
    struct pb_occasion occasion = {.invocation = invocation, .cpu = -1};
    struct pb_sample sample = {0};
    struct pb_csv csv;
    uint32_t calls = 1;

    sample.error = pb_calibrate(&task, 50000, &calls);
    if (!sample.error)
        sample = pb_sample_batch(&task, calls, run->clock_cost_ns);
    pb_csv_init(&csv, run->samples_fd);
    pb_record_sample(&csv, NULL, &series, &occasion, &sample);
    int error = pb_csv_flush(&csv);
    pb_csv_free(&csv);
    pb_answers_free(&answers);
    return error ? complain(-1, strerror(-error)) : 0;
}

/* Fisher and Yates: every invocation in an order of its own. */
static void shuffle(struct run *run)
{
    int *values = run->ladder.values;
    for (int i = run->ladder.n - 1; i > 0; i--) {
        int k = (int)(nrand48(run->random) % (i + 1));
        int other = values[k];
        values[k] = values[i];
        values[i] = other;
    }
}

static int measure_all(struct run *run)
{
    const struct options *options = run->options;
    int error = 0;
    for (int k = 0; k < options->invocations && !error; k++) {
        shuffle(run);
        for (int i = 0; i < run->ladder.n && !error; i++) {
            if (!options->quiet)
                fprintf(stderr, "measuring: invocation %d of %d, %d %ss\n",
                        k + 1, options->invocations, run->ladder.values[i],
                        pb_fd_kind_name(options->fd_kind));
            error = fork_point(run, k, run->ladder.values[i]);
        }
        if (!error)
            error = record_reference(run, k);
    }
    return error;
}

static void describe(struct pb_csv *host, const struct run *run,
                     const struct pb_limit *limit, char **argv)
{
    char now[32], line[1000] = "pollscale";
    for (int i = 1; argv[i]; i++) {
        size_t n = strlen(line);
        snprintf(line + n, sizeof line - n, " %s", argv[i]);
    }
    pb_utc_text(now);
    pb_csv_init(host, -1);
    pb_host_integer(host, "schema", PB_SCHEMA_VERSION, "");
    pb_host_text(host, "started", now);
    pb_host_text(host, "complete", "no"); /* until a later row says otherwise */
    pb_host_machine(host);
    pb_host_text(host, "options", line);
    pb_host_integer(host, "invocations", run->options->invocations, "");
    pb_host_integer(host, "rounds", 1, "");
    pb_host_limit(host, limit);
    pb_host_integer(host, "clock_cost", run->clock_cost_ns, "ns");
    pb_host_load(host, "start");
}

static int open_memory(struct run *run, struct pb_trouble *trouble)
{
    char path[4096];
    struct pb_csv csv;
    int n = snprintf(path, sizeof path, "%s/memory.csv", run->options->output);
    int fd =
        n < (int)sizeof path
            ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC,
                   0666)
            : -1;
    int error = fd < 0 ? -errno : 0;
    pb_csv_init(&csv, fd);
    PB_CSV_HEADER(&csv, PB_MEMORY);
    if (!error)
        error = pb_csv_flush(&csv);
    pb_csv_free(&csv);
    run->memory_fd = fd;
    if (error)
        snprintf(trouble->text, sizeof trouble->text, "%.600s: %s", path,
                 strerror(-error));
    return error;
}

static int run_into_folder(struct run *run, struct pb_csv *host)
{
    struct pb_folder folder;
    struct pb_trouble trouble = {""};
    struct pb_csv facts;
    char now[32];

    if (pb_folder_create(&folder, run->options->output, host, &trouble) < 0 ||
        open_memory(run, &trouble) < 0)
        return complain(FAILED, trouble.text);
    run->samples_fd = folder.samples_fd;
    int status = measure_all(run) ? FAILED : OK;
    pb_utc_text(now);
    pb_csv_init(&facts, -1);
    pb_host_text(&facts, "ended", now);
    pb_host_load(&facts, "end");
    if (status == OK)
        pb_host_text(&facts, "complete", "yes");
    if (pb_folder_add_facts(&folder, &facts, &trouble) < 0)
        status = complain(FAILED, trouble.text);
    pb_csv_free(&facts);
    if (close(run->memory_fd) < 0)
        status = complain(FAILED, strerror(errno));
    if (pb_folder_close(&folder, &trouble) < 0)
        status = complain(FAILED, trouble.text);
    return status;
}

int main(int argc, char **argv)
{
    struct options options;
    struct run run = {.options = &options, .random = {1, 2, 3}};
    struct pb_limit limit;
    struct pb_csv host;

    parse_options(&options, argc, argv);
    if (!options.output)
        return complain(USAGE, "say where with --output DIR; see --help");
    int error = pb_limit_raise(options.table_fds, &limit);
    if (error)
        return complain(FAILED, strerror(-error));
    if (limit.usable < TABLE_FDS_LEAST)
        return complain(CANNOT_RUN, "too few descriptors: raise ulimit -Hn");
    run.table_fds = limit.usable;
    int status = choose_ladder(&options, run.table_fds, &run.ladder);
    if (status)
        return status;
    run.n_cpus = pb_cpus_choose(run.cpus, 2);
    run.clock_cost_ns = pb_clock_cost_ns();
    describe(&host, &run, &limit, argv);
    status = run_into_folder(&run, &host);
    pb_csv_free(&host);
    pb_ladder_free(&run.ladder);
    return status;
}
