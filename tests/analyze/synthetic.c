/* SPDX-License-Identifier: MIT */
#include "synthetic.h"

#include "schema.h"

#include <dirent.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOP_FD 19899

struct writer {
    FILE *file;
    const struct synthetic *run;
    gsl_rng *random;
    int invocation, round, sequence;
    double speed; /* of this invocation's clock */
    double level; /* of all its costs besides */
};

struct place {
    const char *sweep, *layout;
    int64_t highest_fd, fd_count, ready_count;
};

static double beyond(double x, double at)
{
    return fmax(0, x - at);
}

static double select_cost(double m, double n, double w)
{
    return SYNTHETIC_SELECT_BASE + SYNTHETIC_SELECT_WORD * (floor(m / 64) + 1) +
           SYNTHETIC_SELECT_BIT * (64 * (w - 1) + fmod(m, 64) + 1) +
           SYNTHETIC_SELECT_N * n + SYNTHETIC_SELECT_W * w +
           (m >= 320 ? SYNTHETIC_SELECT_STEP_1 : 0) +
           (m >= 960 ? SYNTHETIC_SELECT_STEP_2 : 0) +
           (m >= 10880 ? SYNTHETIC_SELECT_STEP_3 : 0) + 6 * beyond(n, 32) +
           20 * beyond(n, 1024);
}

double synthetic_cost(const char *backend, int64_t highest_fd, int64_t fd_count,
                      int64_t ready_count, int64_t occupied_words)
{
    double m = (double)highest_fd, n = (double)fd_count;
    double r = (double)ready_count, w = (double)occupied_words;

    if (strcmp(backend, "select") == 0)
        return select_cost(m, n, w);
    if (strcmp(backend, "select-textbook") == 0)
        return select_cost(m, n, w) + SYNTHETIC_TEXTBOOK_M * m;
    if (strcmp(backend, "poll") == 0)
        return SYNTHETIC_POLL_BASE + SYNTHETIC_POLL_N * n +
               (n >= 31 ? SYNTHETIC_POLL_STEP : 0) + 6.25 * beyond(n, 32) +
               20 * beyond(n, 1024) + SYNTHETIC_POLL_R * r;
    if (strcmp(backend, "epoll") == 0)
        return SYNTHETIC_EPOLL_BASE +
               (r > 0 ? SYNTHETIC_EPOLL_READY + SYNTHETIC_EPOLL_R * r +
                            5 * beyond(r, 32) + 40 * beyond(r, 512)
                      : 0);
    return 300;
}

double synthetic_bent_poll(double n)
{
    return SYNTHETIC_POLL_BASE + SYNTHETIC_POLL_N * n + 6.25 * beyond(n, 40) +
           20 * beyond(n, 900);
}

/* Functions of N that are 1 at 1024. */
static double share_sqrt(double n)
{
    return sqrt(n) / 32;
}

static double share_log(double n)
{
    return log2(n) / 10;
}

static double share_n(double n)
{
    return n / 1024;
}

static double share_n_log_n(double n)
{
    return n * log2(n) / 10240;
}

static double share_n_1_5(double n)
{
    return pow(n, 1.5) / 32768;
}

static double share_n_2(double n)
{
    return n * n / 1048576;
}

static const struct {
    const char *name;
    double (*share)(double n);
} laws_of_poll[] = {
    {"poll-sqrt", share_sqrt},   {"poll-log", share_log},
    {"poll-n", share_n},         {"poll-n-log-n", share_n_log_n},
    {"poll-n-1.5", share_n_1_5}, {"poll-n-2", share_n_2}};

#define N_LAWS (sizeof laws_of_poll / sizeof *laws_of_poll)

static size_t law_of(const char *truth)
{
    size_t i = 0;
    while (i < N_LAWS && strcmp(truth, laws_of_poll[i].name) != 0)
        i++;
    return i;
}

int synthetic_truth_is_known(const char *truth)
{
    return law_of(truth) < N_LAWS || strcmp(truth, "poll-m-512") == 0 ||
           strcmp(truth, "poll-bends") == 0 ||
           strcmp(truth, "poll-steeper") == 0 ||
           strcmp(truth, "epoll-log") == 0 || strcmp(truth, "epoll-n") == 0;
}

/* The cost under another law, if that is one of this backend. */
static double cost_by(const char *truth, const char *backend,
                      const struct place *place, double cost)
{
    double n = (double)place->fd_count;
    size_t law = law_of(truth);

    if (strcmp(backend, "epoll") == 0 && strcmp(truth, "epoll-log") == 0)
        return cost + 20 * log2(n);
    if (strcmp(backend, "epoll") == 0 && strcmp(truth, "epoll-n") == 0)
        return cost + 0.5 * n;
    if (strcmp(backend, "poll") != 0)
        return cost;
    if (strcmp(truth, "poll-bends") == 0)
        return synthetic_bent_poll(n);
    if (strcmp(truth, "poll-steeper") == 0)
        return cost + 0.1 * SYNTHETIC_POLL_N * n;
    if (strcmp(truth, "poll-m-512") == 0)
        return cost + (n >= 512 ? 0.5 * (double)place->highest_fd : 0);
    return law < N_LAWS ? SYNTHETIC_POLL_BASE + 1024 * SYNTHETIC_POLL_N *
                                                    laws_of_poll[law].share(n)
                        : cost;
}

static int64_t words_of(const struct place *place)
{
    int64_t packed = (place->fd_count + 47) / 48;
    int64_t all = place->highest_fd / 64 + 1;
    int64_t w = strcmp(place->layout, "packed") == 0 ? packed : place->fd_count;
    return w < all ? w : all;
}

static void write_row(struct writer *writer, const struct place *place,
                      const char *backend, const char *stage, double cost_ns)
{
    const int64_t calls = 10000; /* exact costs stay exact as integers */
    double factor = writer->speed;
    int switches = 0, is_counted = writer->run->is_counted;
    long long more = 0;

    if (writer->run->noise > 0)
        factor *= exp(gsl_ran_gaussian(writer->random, writer->run->noise));
    if (writer->run->preempted > 0 &&
        gsl_rng_uniform(writer->random) < writer->run->preempted) {
        factor *= 3;
        switches = 1;
    }
    if (is_counted) {
        more = switches * 3000LL;
        factor = 1;
        switches = 0;
        cost_ns = round(cost_ns);
    }
    fprintf(writer->file,
            "%s,%s,%s,%s,%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64
            ",%d,%d,%d,0,%" PRId64 ",%lld,21,%d,ok%s\n",
            place->sweep, backend, stage, place->layout, place->highest_fd,
            place->fd_count, place->ready_count,
            place->fd_count ? words_of(place) : 0, writer->invocation,
            writer->round, writer->sequence++, calls,
            more + 21 + llround(cost_ns * factor * (double)calls), switches,
            is_counted ? ",instructions,instructions" : "");
}

static int is_contended(const struct writer *writer)
{
    return writer->invocation < writer->run->n_contended;
}

static void write_place(struct writer *writer, const struct place *place,
                        const char *backend)
{
    double cost = synthetic_cost(backend, place->highest_fd, place->fd_count,
                                 place->ready_count, words_of(place));

    if (writer->run->truth)
        cost = cost_by(writer->run->truth, backend, place, cost);
    if (writer->run->slowdown > 0)
        cost *= writer->run->slowdown;
    if (is_contended(writer) && !writer->run->is_harmless &&
        place->fd_count > 1024)
        cost *= 2;
    write_row(writer, place, backend, "all", cost * writer->level);
}

static void write_all(struct writer *writer, const struct place *place)
{
    static const char *const backends[] = {"select-textbook", "select", "poll",
                                           "epoll"};
    for (int i = 0; i < 4; i++)
        write_place(writer, place, backends[i]);
}

static void write_fd_count(struct writer *writer)
{
    static const int64_t counts[] = {
        1,   2,   3,   4,   8,   16,  24,   30,   31,   32,   48,   64,   96,
        128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        write_all(writer,
                  &(struct place){"fd_count", "packed", TOP_FD, counts[i], 1});
}

static void write_ready_count(struct writer *writer)
{
    static const int64_t counts[] = {64, 1024};
    static const int64_t shares[] = {0, 1, 2, 3, 4, 6, 8, 10, 12, 14, 16};

    for (int i = 0; i < 2; i++)
        for (size_t j = 0; j < sizeof shares / sizeof *shares; j++)
            write_all(writer,
                      &(struct place){"ready_count", "packed", TOP_FD,
                                      counts[i], counts[i] * shares[j] / 16});
}

static void write_highest_fd(struct writer *writer)
{
    static const int64_t fds[] = {63,    127,   255,   319,   320,   383,
                                  511,   767,   959,   960,   1023,  1535,
                                  2047,  3071,  4095,  6143,  8191,  10815,
                                  10879, 10880, 10943, 12287, 16383, TOP_FD};
    static const int64_t counts[] = {1, 64};

    for (int i = 0; i < 2; i++)
        for (size_t j = 0; j < sizeof fds / sizeof *fds; j++)
            if (fds[j] > counts[i])
                write_all(writer, &(struct place){"highest_fd", "packed",
                                                  fds[j], counts[i], 1});
}

static void write_grid(struct writer *writer)
{
    static const int64_t fds[] = {127, 511, 1023, 4095, 10000, TOP_FD};
    static const int64_t counts[] = {1, 4, 16, 64, 256, 1024, 1536, 2048};

    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
        for (size_t j = 0; j < sizeof counts / sizeof *counts; j++) {
            if (fds[i] < 5 * counts[j] / 4)
                continue;
            write_all(writer,
                      &(struct place){"grid", "packed", fds[i], counts[j], 1});
            if (counts[j] <= 256)
                write_all(writer, &(struct place){"grid", "strided", fds[i],
                                                  counts[j], 1});
        }
}

static void write_steps(struct writer *writer)
{
    for (int64_t m = 63; m < TOP_FD; m += m < 1407 ? 16 : 64)
        write_place(writer, &(struct place){"steps", "packed", m, 1, 1},
                    "select");
    for (int64_t n = 1; n < 640; n += n < 128 ? 1 : 8)
        write_place(writer, &(struct place){"steps", "packed", TOP_FD, n, 1},
                    "poll");
}

/* What the library adds: 10 ns. */
static void write_raw(struct writer *writer)
{
    static const char *const backends[] = {"select", "poll", "epoll"};
    static const struct place places[] = {{"raw", "packed", 63, 1, 1},
                                          {"raw", "packed", TOP_FD, 64, 1}};

    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 3; j++) {
            double cost = synthetic_cost(
                backends[j], places[i].highest_fd, places[i].fd_count,
                places[i].ready_count, words_of(&places[i]));
            write_place(writer, &places[i], backends[j]);
            write_row(writer, &places[i], backends[j], "raw",
                      cost - SYNTHETIC_LAYER_NS);
        }
}

static void write_round(struct writer *writer)
{
    static const struct place none = {"reference", "packed", 0, 0, 0};

    write_row(writer, &none, "ref1", "all", 100);
    write_fd_count(writer);
    write_ready_count(writer);
    if (writer->run->is_small)
        return;
    write_highest_fd(writer);
    write_grid(writer);
    write_steps(writer);
    write_raw(writer);
}

static FILE *create(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return fopen(path, "w");
}

static int write_host(const char *folder, const struct synthetic *run)
{
    FILE *file = create(folder, "host.csv");
    if (!file)
        return -1;
    fprintf(file,
            "key,value,unit\nschema,%d,\nrun_id,synthetic,\n"
            "cache_l2,1048576,bytes\nrounds,%d,\n",
            PB_SCHEMA_VERSION, run->n_rounds);
    if (run->is_counted)
        fprintf(file, "counter,instructions,\nemulator,synthetic,\n");
    return fclose(file) == 0 ? 0 : -1;
}

static int write_samples(struct writer *writer)
{
    static const struct place none = {"reference", "packed", 0, 0, 0};
    FILE *file = writer->file;

    /* Without the columns that came later: older files must stay readable. */
    fputs("sweep,backend,stage,layout,highest_fd,fd_count,ready_count,"
          "occupied_words,invocation,round,sequence,cpu,calls,batch_ns,"
          "overhead_ns,involuntary_switches,status",
          file);
    fputs(writer->run->is_counted ? ",metric,unit\n" : "\n", file);
    for (int k = 0; k < writer->run->n_invocations; k++) {
        writer->invocation = k;
        writer->round = writer->sequence = 0;
        writer->speed =
            exp(gsl_ran_gaussian(writer->random, writer->run->drift));
        writer->level = 1;
        if (writer->run->unsettled > 0) /* others' random numbers stay */
            writer->level =
                exp(gsl_ran_gaussian(writer->random, writer->run->unsettled));
        if (!writer->run->is_counted)
            write_row(writer, &none, "memory-probe", "all",
                      is_contended(writer) ? 200 : 20);
        for (int r = 0; r < writer->run->n_rounds; r++) {
            writer->round = r;
            write_round(writer);
            writer->sequence = 0;
        }
    }
    return ferror(file) ? -1 : 0;
}

int synthetic_write(const char *folder, const struct synthetic *run)
{
    struct writer writer = {.run = run, .speed = 1};
    int error = write_host(folder, run);

    writer.file = create(folder, "samples.csv");
    writer.random = gsl_rng_alloc(gsl_rng_mt19937);
    if (!writer.file || !writer.random || error < 0) {
        if (writer.file)
            fclose(writer.file);
        gsl_rng_free(writer.random);
        return -1;
    }
    gsl_rng_set(writer.random, run->seed);
    error = write_samples(&writer);
    gsl_rng_free(writer.random);
    return fclose(writer.file) == 0 ? error : -1;
}

char *synthetic_folder(void)
{
    char *name = strdup("/tmp/pollbench-test-XXXXXX");
    if (!name || !mkdtemp(name)) {
        perror("mkdtemp");
        exit(1);
    }
    return name;
}

void synthetic_remove(char *folder)
{
    char path[4096];
    DIR *entries = opendir(folder);
    struct dirent *entry;

    while (entries && (entry = readdir(entries)))
        if (entry->d_name[0] != '.') {
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
            unlink(path);
        }
    if (entries)
        closedir(entries);
    rmdir(folder);
    free(folder);
}
