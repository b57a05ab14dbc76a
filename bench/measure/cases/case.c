/* SPDX-License-Identifier: MIT */
#include "case.h"

#include "case_list.h"
#include "memory.h"
#include "row.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DECLARE(name) extern const struct pb_case pb_case_##name;
PB_CASE_LIST(DECLARE)
#define POINTER(name) &pb_case_##name,
static const struct pb_case *const cases[] = {PB_CASE_LIST(POINTER) NULL};

const struct pb_case *pb_case_at(unsigned index)
{
    return index < sizeof cases / sizeof cases[0] ? cases[index] : NULL;
}

const struct pb_case *pb_case_of(const char *name)
{
    for (unsigned i = 0; cases[i]; i++)
        if (strcmp(cases[i]->name, name) == 0)
            return cases[i];
    return NULL;
}

PB_ROW(case, PB_CASES)

static void write_case(struct pb_csv *csv, const struct pb_case *declared,
                       unsigned chosen)
{
    char varies[512] = "", axis[PB_AXIS_BYTES];
    size_t n = 0;

    for (int i = 0; i < declared->n_varies + PB_N_FACTORS; i++) {
        int is_declared = i < declared->n_varies;
        unsigned factor = is_declared ? declared->varies[i]
                                      : (unsigned)(i - declared->n_varies);
        if (!is_declared && !(chosen & 1u << factor))
            continue;
        chosen &= ~(1u << factor);
        n += (size_t)snprintf(varies + n, sizeof varies - n, "%s%s",
                              n ? " " : "", pb_factor_infos[factor].name);
    }
    pb_factor_axis(declared->n_varies ? declared->varies[0] : PB_N_FACTORS,
                   axis);
    pb_case_put(csv, &(struct pb_case_row){.sweep = declared->name,
                                           .question = declared->question,
                                           .held_fixed = declared->held_fixed,
                                           .not_for = declared->not_for,
                                           .varies = varies,
                                           .axis = axis,
                                           .figure = declared->figure,
                                           .compares = declared->compares
                                                           ? declared->compares
                                                           : "none"});
}

void pb_cases_write(struct pb_csv *csv, const struct pb_case *const *list,
                    unsigned chosen)
{
    PB_CSV_HEADER(csv, PB_CASES);
    for (; *list; list++)
        write_case(csv, *list, chosen);
}

static void copy(struct pb_ladder *ladder, const struct pb_ladder *from)
{
    for (int i = 0; i < from->n; i++)
        pb_ladder_add(ladder, from->values[i], from->values[i],
                      from->values[i]);
}

int pb_case_chooses(const struct pb_request *request, enum pb_factor factor)
{
    return request->ladders[factor].n > 0;
}

void pb_case_ladder(struct pb_ladder *ladder, const struct pb_request *request,
                    enum pb_factor factor, const int *values, int n_values)
{
    if (pb_case_chooses(request, factor))
        copy(ladder, &request->ladders[factor]);
    else
        for (int i = 0; i < n_values; i++)
            pb_ladder_add(ladder, values[i], values[i], values[i]);
}

#define N_OF(array) (sizeof(array) / sizeof(array)[0])

/* Rungs in each doubling: a preset leaves some out, and moves none. */
static const int per_octave[PB_PRESETS] = {1, 2, 4, 2};

/* Both sides of where a kernel with 4 KiB pages is known to change its way:
 * nfds at which select's bitmaps leave the stack, are copied otherwise, and
 * leave the slab. Where they really are, the steps sweep finds out. */
static const int known_nfds[] = {256,  320,  384,   448,   512,   960,  1024,
                                 8640, 8704, 10880, 10944, 16832, 16896};

/* A slope needs points where the cost is, evenly apart: up to this, by these.
 */
enum { EVEN_UP_TO = 32768 };
static const int evenly[PB_PRESETS] = {4096, 2048, 1024, 2048};

void pb_case_m_ladder(struct pb_ladder *ladder,
                      const struct pb_request *request, int lowest_m)
{
    int top = request->farm.highest_fd;
    struct pb_ladder counts = {0};

    if (pb_case_chooses(request, PB_FACTOR_highest_fd)) {
        copy(ladder, &request->ladders[PB_FACTOR_highest_fd]);
        return;
    }
    pb_ladder_add_rungs(&counts, 1, top + 1, per_octave[request->preset]);
    for (int m = evenly[request->preset]; m <= EVEN_UP_TO;
         m += evenly[request->preset])
        pb_ladder_add(&counts, m, 1, top + 1);
    for (size_t i = 0; request->preset != PB_QUICK && i < N_OF(known_nfds); i++)
        pb_ladder_add(&counts, known_nfds[i], 1, top + 1);
    for (int i = 0; i < counts.n; i++)
        pb_ladder_add(ladder, counts.values[i] - 1, lowest_m, top);
    pb_ladder_add(ladder, lowest_m, lowest_m, top);
    pb_ladder_add(ladder, top, lowest_m, top);
    ladder->error = ladder->error ? ladder->error : counts.error;
    pb_ladder_free(&counts);
    pb_ladder_sort(ladder);
}

int pb_case_held_m(const struct pb_request *request)
{
    int m = 1;
    while (2 * (int64_t)m <= request->farm.highest_fd + 1)
        m *= 2;
    return m - 1;
}

void pb_case_add_pages(struct pb_ladder *ladder, int n_pages, int most)
{
    enum { ON_STACK = 30, A_PAGE = 510 };
    for (int n = ON_STACK; n_pages-- > 0 && n < most; n += A_PAGE) {
        pb_ladder_add(ladder, n, 1, most);
        pb_ladder_add(ladder, n + 1, 1, most);
    }
}

/* Idle fds below the M that is held; one is ready besides. */
static int most_fds(const struct pb_request *request)
{
    struct pb_farm below = request->farm;
    if (!pb_case_chooses(request, PB_FACTOR_highest_fd))
        pb_farm_shorten(&below, pb_case_held_m(request));
    return pb_farm_count(&below, false);
}

void pb_case_n_ladder(struct pb_ladder *ladder,
                      const struct pb_request *request)
{
    int most = most_fds(request);

    if (pb_case_chooses(request, PB_FACTOR_fd_count)) {
        copy(ladder, &request->ladders[PB_FACTOR_fd_count]);
        return;
    }
    pb_ladder_add_rungs(ladder, 1, most, per_octave[request->preset]);
    for (int n = evenly[request->preset]; n <= EVEN_UP_TO;
         n += evenly[request->preset])
        pb_ladder_add(ladder, n, 1, most);
    pb_case_add_pages(ladder, request->preset == PB_QUICK ? 0 : 2, most);
    pb_ladder_sort(ladder);
}

void pb_case_regime_ladder(struct pb_ladder *ladder,
                           const struct pb_request *request)
{
    static const int most_by_preset[PB_PRESETS] = {1024, 2048, 8192, 2048};
    int most = most_fds(request), of_preset = most_by_preset[request->preset];

    if (pb_case_chooses(request, PB_FACTOR_fd_count))
        copy(ladder, &request->ladders[PB_FACTOR_fd_count]);
    else
        pb_ladder_add_rungs(ladder, 1, most < of_preset ? most : of_preset, 1);
}

const char *pb_case_layout(const struct pb_request *request,
                           enum pb_layout layout)
{
    return request->layout ? request->layout : pb_layout_name(layout);
}

static bool is_about(const char *backend, const char *scans, bool with_variants)
{
    struct pollset_backend_info info;

    pollset_backend_find(backend, &info);
    return (!scans || strcmp(info.scans, scans) == 0) &&
           (with_variants || strcmp(info.family, backend) == 0);
}

struct pb_request pb_case_about(const struct pb_request *request,
                                const char *scans, bool with_variants)
{
    struct pb_request narrowed = *request;
    int n = 0, n_about = 0;

    while (request->backends[n])
        n++;
    const char **backends = calloc((size_t)n + 1, sizeof *backends);
    narrowed.backends = backends;
    if (!backends)
        return narrowed;
    for (int i = 0; i < n; i++)
        if (request->backends_chosen ||
            is_about(request->backends[i], scans, with_variants))
            backends[n_about++] = request->backends[i];
    return narrowed;
}

int pb_case_add_points(const struct pb_case *this, struct pb_plan *plan,
                       const struct pb_request *request)
{
    if (!this->of_heads)
        return this->add_points(this, plan, request);
    struct pb_request heads = pb_case_about(request, NULL, false);
    int error = heads.backends ? this->add_points(this, plan, &heads) : -ENOMEM;
    free((void *)heads.backends);
    return error;
}

static bool is_among(const char *const *names, const char *name)
{
    while (*names && strcmp(*names, name) != 0)
        names++;
    return *names;
}

/* Whether a family of kernel sets is one that every sweep compares. */
static bool is_usual(const char *family)
{
    struct pollset_backend_info head;

    pollset_backend_find(family, &head);
    return !head.opt_in;
}

struct pb_request pb_case_of_sets(const struct pb_request *request, bool usual,
                                  bool with_variants)
{
    struct pb_request narrowed = *request;
    struct pollset_backend_info info;
    int n = 0, n_of = 0;

    while (pollset_backend_at((unsigned)n, &info) == 0)
        n++;
    const char **backends = calloc((size_t)n + 1, sizeof *backends);
    narrowed.backends = backends;
    for (unsigned i = 0; backends && pollset_backend_at(i, &info) == 0; i++)
        if (!info.error && is_about(info.name, "ready_count", with_variants) &&
            is_usual(info.family) == usual &&
            (!request->backends_chosen ||
             is_among(request->backends, info.name)))
            backends[n_of++] = info.name;
    return narrowed;
}

int pb_case_memory_fds(const char *fd_kind)
{
    enum {
        EPOLL_ITEM_BYTES = 250, /* about what the kernel keeps of one */
        FDS_MOST = 1 << 28
    };
    int64_t available = pb_memory_available();
    int64_t room = FDS_MOST;

    /* A third more are open than are watched. */
    if (available >= 0)
        room = available / 10 * 9 /
               (pb_fd_kind_of(fd_kind)->bytes * 4 / 3 + EPOLL_ITEM_BYTES);
    return room < FDS_MOST ? (int)room : FDS_MOST;
}

/* A farm that all share is there once, and no larger than the limit. */
static bool fits_in_memory(const struct pb_case *this,
                           const struct pb_factors *wanted)
{
    return !this->staging || this->staging->is_shared ||
           !pb_fd_kind_of(wanted->fd_kind) ||
           wanted->fd_count <= pb_case_memory_fds(wanted->fd_kind);
}

static int add_point(const struct pb_case *this, struct pb_plan *plan,
                     const struct pb_request *request,
                     const struct pb_factors *wanted,
                     const struct pb_operation *operation)
{
    const struct pb_staging *staging =
        this->staging ? this->staging : &pb_shared_farm;
    struct pb_scene *scene;
    int error = -ERANGE;

    if (fits_in_memory(this, wanted))
        error = pb_scene_choose(staging, &request->farm, wanted, request->seed,
                                &scene);
    plan->n_left_out += error == -ERANGE;
    if (error)
        return error == -ERANGE ? 0 : error;
    struct pb_series series = {.sweep = this->name, .operation = operation};
    series.point =
        pb_plan_point(plan, &(struct pb_point){.got = &scene->got,
                                               .staging = scene->staging,
                                               .scene = scene});
    if (series.point < 0)
        return series.point;
    for (int i = 0; request->backends[i] && !error; i++) {
        series.backend = request->backends[i];
        error = pb_plan_add(plan, &series, operation->needs_set);
    }
    return error;
}

int pb_case_add(const struct pb_case *this, struct pb_plan *plan,
                const struct pb_request *request,
                const struct pb_factors *wanted,
                const struct pb_operation *operation)
{
    struct pb_factors of_kind = *wanted;
    int error = 0;
    if (wanted->fd_kind)
        return add_point(this, plan, request, wanted, operation);
    for (int i = 0; request->fd_kinds[i] && !error; i++) {
        of_kind.fd_kind = request->fd_kinds[i];
        error = add_point(this, plan, request, &of_kind, operation);
    }
    return error;
}

int pb_case_add_grid(const struct pb_case *this, struct pb_plan *plan,
                     const struct pb_request *request,
                     const struct pb_ladder *ms, const struct pb_ladder *ns)
{
    static const int ready_counts[] = {1};
    static const int words[] = {0};
    struct pb_ladder rs = {0}, ws = {0};
    int error = 0;

    pb_case_ladder(&rs, request, PB_FACTOR_ready_count, ready_counts, 1);
    pb_case_ladder(&ws, request, PB_FACTOR_occupied_words, words, 1);
    size_t n_points = (size_t)ms->n * ns->n * rs.n * ws.n;
    for (size_t i = 0; i < n_points && !error; i++) {
        struct pb_factors wanted = {
            .layout = pb_case_layout(request, PB_PACKED),
            .highest_fd = ms->values[i % ms->n],
            .fd_count = ns->values[i / ms->n % ns->n],
            .ready_count = rs.values[i / ms->n / ns->n % rs.n],
            .occupied_words = ws.values[i / ms->n / ns->n / rs.n],
        };
        error = pb_case_add(this, plan, request, &wanted, &pb_operation_all);
    }
    if (!error)
        error = ms->error ? ms->error : ns->error ? ns->error : rs.error;
    pb_ladder_free(&rs);
    pb_ladder_free(&ws);
    return error;
}
