/* SPDX-License-Identifier: MIT */
/* A run as the analysis sees it: host.csv and samples.csv read, every batch
 * sorted to its point and invocation. */
#ifndef PA_SAMPLES_H
#define PA_SAMPLES_H

#include "backends.h"
#include "cases.h"
#include "intern.h"
#include "row.h"

#define PA_INVOCATIONS_MAX 1000
#define PA_POINTS_MAX      50000    /* ten times the richest preset */
#define PA_CELLS_MAX       20000000 /* points times invocations */

enum pa_flag {
    PA_FAILED = 1,    /* no valid batch */
    PA_DIRTY = 2,     /* too few batches without a context switch */
    PA_CONTENDED = 4, /* the cache was taken by others and matters here */
    PA_FEW = 8        /* under PB_INVOCATIONS_FEW invocations */
};

struct pa_point {
    struct pb_factors factors; /* texts are interned in the run's pool */
    uint32_t number;           /* in the order in which they were met */
    enum pb_metric metric;     /* among them by name; columns _ns are in its
                                  unit */
    size_t first_batch;        /* of the run's; then its others */
    size_t n_batches;          /* valid ones */
    size_t n_clean;            /* of these, without involuntary switch */
    size_t n_invocations;      /* that the estimate rests on */
    double *cost_ns;           /* per invocation: its estimator, or NAN */
    double estimate_ns, low_ns, high_ns;
    double minimum_ns, median_ns;
    double estimate_ref, low_ref, high_ref;
    size_t n_least;              /* of a count: batches that have its least */
    const struct pa_case *asked; /* NULL: no case, or one not known here */
    int is_unusual;     /* its held factors are not those of most points */
    unsigned flags;     /* enum pa_flag */
    const char *reason; /* first status that was not ok; "" if none */
};

/* One batch, 24 bytes: there may be millions. */
struct pa_batch {
    double cost_ns; /* per call; NAN if it failed */
    uint32_t point;
    uint32_t round;
    uint32_t sequence;
    uint16_t invocation; /* index, not number */
    uint16_t is_clean;
};

/* By point, invocation, round and sequence; for qsort(). */
int pa_batch_order(const void *left, const void *right);

#define PA_SEQUENCES_MAX (1 << 28) /* in a round; far more than points */

PB_ROW(samples, PB_SAMPLES)

/* What host.csv says of the rows: whether one of them is of this run, and there
 * for the first time. Small in memory and fast: there may be millions. */
struct pa_origin {
    int64_t seed; /* PA_NONE: not known yet */
    /* Each is below; NAN if host.csv does not say. */
    double invocations, rounds, sequences, fds, rows;
    size_t n_rows;        /* so far */
    void *seen;           /* which they were, as a tree */
    struct pa_seen *last; /* the part of it where the last one is */
};

struct pa_run {
    struct pa_intern pool;
    struct pa_table host; /* host.csv; without a file it has no columns */
    struct pa_case_list cases;
    struct pa_backend_list backends;
    struct pa_origin origin;        /* while it is read */
    const struct pb_factors *usual; /* held factors of most points, or NULL */
    size_t n_points;
    struct pa_point *points;
    size_t n_slots;
    uint32_t *slots;          /* hash table: point index + 1, 0 is free */
    size_t n_batches;         /* percentiles among them, which have no row */
    struct pa_batch *batches; /* in pa_batch_order() after loading */
    size_t n_invocations;
    /* Per invocation. */
    int64_t invocation_ids[PA_INVOCATIONS_MAX];
    int64_t cpus[PA_INVOCATIONS_MAX];    /* its CPU; negative: not known */
    double ref1_ns[PA_INVOCATIONS_MAX];  /* NAN if not measured */
    double ref0_ns[PA_INVOCATIONS_MAX];  /* likewise: an empty system call */
    double probe_ns[PA_INVOCATIONS_MAX]; /* likewise: memory probe */
    double switched[PA_INVOCATIONS_MAX]; /* share of its batches that were
                                            interrupted */
    double *costs;                       /* all points' cost_ns in one array */
    struct pa_problem warning; /* something to tell; empty if nothing */
};

/* Read host.csv, which may be missing. Returns 0, or -1 with *problem set, also
 * when its schema is not ours. */
int pa_host_read(struct pa_table *host, const char *folder,
                 struct pa_problem *problem);

/* The last row of a key as a number; NAN if there is none. */
double pa_host_number(const struct pa_table *host, const char *key);

/* How often the run was taken up again. */
size_t pa_host_seams(const struct pa_table *host);

/* Read host.csv, cases.csv, backends.csv and samples.csv of the folder. Points
 * are sorted by their factors; estimates are not yet made. Returns 0, or -1
 * with *problem set and nothing to free, also when a row is there twice or not
 * of this run. */
int pa_run_read(struct pa_run *run, const char *folder,
                struct pa_problem *problem);
void pa_run_free(struct pa_run *run);

/* The batches of one point: first one and number. */
const struct pa_batch *pa_run_batches(const struct pa_run *run,
                                      const struct pa_point *point,
                                      size_t *n_batches);

/* Fds beyond which their kernel objects no longer fit the second-level cache:
 * PB_FD_OBJECT_BYTES each; PB_KNEE_FDS if its size is unknown. */
double pa_cache_knee_fds(const struct pa_table *host);

/* latencies.c: a percentile from the histograms of a row. */
struct pa_percentile {
    enum pb_metric metric;
    double ns;
};

#define PA_PERCENTILES_MOST 12

/* Read the column latencies of a row.
 *
 * calls        events that each histogram has to hold.
 * percentiles  receives those that have PB_BEYOND events beyond them: the
 *              middle of the bucket that holds the event of that rank.
 * Returns      how many, 0 for an empty text; or -1 with *problem set.
 */
int pa_latencies_read(struct pa_percentile percentiles[PA_PERCENTILES_MOST],
                      const char *text, int64_t calls,
                      struct pa_problem *problem);

/* --- origin.c: whether all rows make one run ------------------------------ */

void pa_origin_begin(struct pa_origin *origin, const struct pa_table *host);
void pa_origin_end(struct pa_origin *origin);

/* Check the next row, whose sequence is below PA_SEQUENCES_MAX, of the
 * invocation of that index. Returns 0, or -1 with *problem set: the row was
 * there before, or is not of this run. */
int pa_origin_check(struct pa_origin *origin, const struct pb_samples_row *row,
                    uint64_t invocation, struct pa_problem *problem);

/* Check that there were not fewer rows than there should be. */
int pa_origin_check_end(const struct pa_origin *origin,
                        struct pa_problem *problem);

/* Of a run that was read: check that each round visits a point once, what
 * batches it has of it following one another in sequence. path is that of
 * samples.csv. Returns 0, or -1 with *problem set, which names the row. */
int pa_visits_check(const struct pa_run *run, const char *path,
                    struct pa_problem *problem);

/* Whether the points of each case differ only in factors that the case says it
 * varies (occupied words apart, which follow from the others); what else
 * differs Golang's perf tools call the residue. Returns 0, or -1 with *problem
 * naming the factor, the case and two values. */
int pa_residue_check(const struct pa_run *run, struct pa_problem *problem);

#endif
