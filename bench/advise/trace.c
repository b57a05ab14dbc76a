/* SPDX-License-Identifier: MIT */
#include "trace.h"

#include "need.h"
#include "trace_text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct waits {
    struct pa_traced *all;
    size_t n;
    double first_s, last_s;
};

static void add_wait(struct waits *waits, const struct pa_traced *traced)
{
    waits->all = pa_grown(waits->all, waits->n, sizeof *waits->all);
    waits->all[waits->n++] = *traced;
    if (waits->n == 1 || traced->at_s < waits->first_s)
        waits->first_s = traced->at_s;
    if (waits->n == 1 || traced->at_s > waits->last_s)
        waits->last_s = traced->at_s;
}

static int read_waits(struct waits *waits, const char *path,
                      struct pa_problem *problem)
{
    struct pa_trace_text text = {0};
    struct pa_traced traced;
    size_t room = 0;
    char *line = NULL;
    FILE *file = fopen(path, "re");

    if (!file)
        return pa_problem_set(problem, "%s: %s", path, strerror(errno));
    while (getline(&line, &room, file) >= 0)
        if (pa_trace_line(&text, &traced, line))
            add_wait(waits, &traced);
    int error =
        feof(file) ? 0 : pa_problem_set(problem, "%s: it cannot be read", path);
    fclose(file);
    free(line);
    pa_trace_text_free(&text);
    if (error == 0 && !(waits->last_s > waits->first_s))
        error = pa_problem_set(problem,
                               "%s: no two waits at different times are in it; "
                               "it has to be a text of strace -ttt or of perf "
                               "trace",
                               path);
    return error;
}

static int is_same(const struct pa_traced *a, const struct pa_traced *b)
{
    return a->tid == b->tid && a->call == b->call && a->set == b->set;
}

static int by_kind(const void *a, const void *b)
{
    const struct pa_traced *x = a, *y = b;

    if (x->tid != y->tid)
        return x->tid < y->tid ? -1 : 1;
    if (x->set != y->set)
        return x->set < y->set ? -1 : 1;
    return strcmp(x->call, y->call);
}

/* How many of a thread's waits are like the first of them that is given. */
static size_t run_length(const struct waits *waits, size_t from)
{
    size_t to = from;

    while (to < waits->n && is_same(&waits->all[from], &waits->all[to]))
        to++;
    return to - from;
}

/* Of those that it watches no numbers are known, but of select the highest:
 * they are taken to be next to each other, below that. */
static void put_set(struct pa_thread *thread, const struct pa_traced *waits,
                    size_t n)
{
    int64_t most = 0, least = INT64_MAX, highest = -1;

    for (size_t i = 0; i < n; i++) {
        most = waits[i].n_fds > most ? waits[i].n_fds : most;
        least = waits[i].n_fds < least ? waits[i].n_fds : least;
        highest = waits[i].highest > highest ? waits[i].highest : highest;
    }
    if (most == 0 || most > PB_TRACE_FDS_MOST)
        return;
    if (highest < most - 1)
        highest = most - 1;
    for (int64_t fd = highest - most + 1; fd <= highest; fd++)
        pa_watched_add(&thread->watched, (int)fd, POLLIN);
    thread->n_least = (size_t)least;
    thread->set_slice = 0;
}

static void put_thread(struct pa_look *look, const struct waits *waits,
                       size_t from, size_t n, size_t n_all)
{
    const struct pa_traced *first = &waits->all[from];
    double part_s = look->seconds / PB_LOOK_SLICES;

    look->threads =
        pa_grown(look->threads, look->n_threads, sizeof *look->threads);
    struct pa_thread *thread = &look->threads[look->n_threads++];
    *thread = (struct pa_thread){.tid = first->tid,
                                 .way = first->way,
                                 .call = first->call,
                                 .set = (int)first->set,
                                 .set_slice = -1,
                                 .n_slices = PB_LOOK_SLICES,
                                 .is_counted = 1,
                                 .is_traced = 1};
    thread->elsewhere_share = 1 - (double)n / (double)n_all;
    for (int i = 0; i < PB_LOOK_SLICES; i++)
        thread->slices[i].seconds = part_s;
    for (size_t i = 0; i < n; i++) {
        int at = (int)((first[i].at_s - waits->first_s) / part_s);
        struct pa_slice *slice =
            &thread->slices[at < PB_LOOK_SLICES ? at : PB_LOOK_SLICES - 1];
        slice->waits++;
        slice->returned += first[i].returned;
    }
    put_set(thread, first, n);
}

/* Of each thread what it does most often. */
static void put_threads(struct pa_look *look, const struct waits *waits)
{
    size_t next;

    for (size_t from = 0; from < waits->n; from = next) {
        size_t most = from, n_most = 0;
        for (next = from;
             next < waits->n && waits->all[next].tid == waits->all[from].tid;) {
            size_t n = run_length(waits, next);
            if (n > n_most) {
                most = next;
                n_most = n;
            }
            next += n;
        }
        put_thread(look, waits, most, n_most, next - from);
    }
}

int pa_look_trace(struct pa_look *look, const char *path,
                  struct pa_problem *problem)
{
    struct waits waits = {0};
    int error = read_waits(&waits, path, problem);

    *look = (struct pa_look){.trace = path};
    if (error == 0 && waits.n > 0) {
        look->seconds = waits.last_s - waits.first_s;
        qsort(waits.all, waits.n, sizeof *waits.all, by_kind);
        put_threads(look, &waits);
    }
    free(waits.all);
    return error;
}
