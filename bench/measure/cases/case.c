/* SPDX-License-Identifier: MIT */
#include "case.h"

#include "case_list.h"
#include "row.h"

#include <errno.h>
#include <stdio.h>
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
    char varies[512] = "";
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
    pb_case_put(csv, &(struct pb_case_row){.sweep = declared->name,
                                           .question = declared->question,
                                           .held_fixed = declared->held_fixed,
                                           .not_for = declared->not_for,
                                           .varies = varies,
                                           .figure = declared->figure});
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

/* Both sides of where a kernel with 4 KiB pages is known to change its way:
 * nfds at which select's bitmaps leave the stack, reach 128 bytes, and leave
 * the slab. Where they really are, the steps sweep finds out. */
static const int known_nfds[] = {256, 320, 384, 960, 1024, 10880, 10944};

void pb_case_m_ladder(struct pb_ladder *ladder,
                      const struct pb_request *request, int lowest_m)
{
    static const int per_octave[PB_PRESETS] = {1, 2, 4};
    static const int linear_parts[PB_PRESETS] = {6, 8, 20};
    int top = request->farm.highest_fd;
    struct pb_ladder rough = {0};

    if (pb_case_chooses(request, PB_FACTOR_highest_fd)) {
        copy(ladder, &request->ladders[PB_FACTOR_highest_fd]);
        return;
    }
    int parts = linear_parts[request->preset];
    pb_ladder_add_octaves(&rough, lowest_m, top, per_octave[request->preset]);
    /* Evenly too: a slope needs points where the cost is. */
    for (int i = 1; i < parts; i++)
        pb_ladder_add(&rough, (int)((int64_t)top * i / parts), lowest_m, top);
    for (int i = 0; i < rough.n; i++)
        pb_ladder_add(ladder, rough.values[i] | 63, lowest_m, top);
    for (size_t i = 0; request->preset != PB_QUICK && i < N_OF(known_nfds); i++)
        pb_ladder_add(ladder, known_nfds[i] - 1, lowest_m, top);
    pb_ladder_add(ladder, lowest_m, lowest_m, top);
    pb_ladder_add(ladder, top, lowest_m, top);
    ladder->error = ladder->error ? ladder->error : rough.error;
    pb_ladder_free(&rough);
    pb_ladder_sort(ladder);
}

/* Both sides of where poll's table leaves the stack, and then one page. */
static const int known_n[] = {30, 31, 540, 541};

void pb_case_n_ladder(struct pb_ladder *ladder,
                      const struct pb_request *request)
{
    static const int per_octave[PB_PRESETS] = {1, 2, 4};
    int most = pb_farm_count(&request->farm, false); /* one is ready besides */

    if (pb_case_chooses(request, PB_FACTOR_fd_count)) {
        copy(ladder, &request->ladders[PB_FACTOR_fd_count]);
        return;
    }
    pb_ladder_add_octaves(ladder, 1, most, per_octave[request->preset]);
    for (size_t i = 0; request->preset != PB_QUICK && i < N_OF(known_n); i++)
        pb_ladder_add(ladder, known_n[i], 1, most);
    for (int i = 1; request->preset != PB_QUICK && i < 6; i++)
        pb_ladder_add(ladder, most / 6 * i, 1, most);
    pb_ladder_sort(ladder);
}

const char *pb_case_layout(const struct pb_request *request,
                           enum pb_layout layout)
{
    return request->layout ? request->layout : pb_layout_name(layout);
}

static int add_point(const struct pb_case *this, struct pb_plan *plan,
                     const struct pb_request *request,
                     const struct pb_factors *wanted,
                     const struct pb_operation *operation)
{
    struct pb_scene *scene;
    int error = pb_scene_choose(this->staging ? this->staging : &pb_shared_farm,
                                &request->farm, wanted, request->seed, &scene);
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
