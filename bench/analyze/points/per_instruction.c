/* SPDX-License-Identifier: MIT */
#include "per_instruction.h"

#include "points.h"
#include "rules.h"
#include "run_tables.h"

#include <string.h>

/* The factors that matter to its backend, alike in runs whose fds begin at
 * another number: the highest is the same to within a block, and nothing to
 * those that do not scan up to it. */
static struct pb_factors place_of(const struct pa_run *run,
                                  const struct pa_point *point)
{
    struct pb_factors place = point->factors;
    const struct pa_backend *backend =
        pa_backend_of(&run->backends, place.backend);

    place.sweep = place.metric = "";
    place.occupied_words = PA_NONE;
    place.highest_fd = backend && strcmp(backend->scans, "highest_fd") != 0
                           ? PA_NONE
                           : place.highest_fd / PB_FD_BLOCK;
    return place;
}

static const struct pa_point *find(const struct pa_run *counted,
                                   const struct pb_factors *place)
{
    for (size_t i = 0; i < counted->n_points; i++) {
        const struct pa_point *point = &counted->points[i];
        const struct pb_factors other = place_of(counted, point);
        if (pb_metric_is_exact(point->metric) && pa_point_is_usable(point) &&
            pb_factors_order(place, &other) == 0)
            return point;
    }
    return NULL;
}

void pa_per_instruction_write(struct pb_csv *csv, const struct pa_run *run,
                              const struct pa_run *counted)
{
    PB_CSV_HEADER(csv, PB_PER_INSTRUCTION);
    for (size_t i = 0; i < run->n_points; i++) {
        const struct pa_point *point = &run->points[i];
        const struct pb_factors place = place_of(run, point);
        const struct pa_point *count = find(counted, &place);
        if (!count || !pa_point_is_typical(point) ||
            !pa_point_is_measured(point))
            continue;
        struct pb_per_instruction_row row = {
            .instructions = count->estimate_ns,
            .counted_on =
                pa_host_fact(&counted->host, "kernel", "an unknown kernel"),
            .ns = point->estimate_ns / count->estimate_ns,
            .low = point->low_ns / count->estimate_ns,
            .high = point->high_ns / count->estimate_ns,
            .flags = pa_flags_text(point->flags)};
        PB_FACTORS_TO_ROW(&row, &point->factors);
        pb_per_instruction_put(csv, &row);
    }
}
