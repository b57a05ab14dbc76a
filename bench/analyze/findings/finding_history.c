/* SPDX-License-Identifier: MIT */
/* Whether what others have published grows as this run does. */
#include "findings.h"

#include "finding_row.h"

#include <string.h>

struct tally {
    const char *ours; /* form of growth, or NULL */
    size_t n_flat, n_growing, n_unclear;
};

static void count(struct tally *tally, const struct pa_history_figure *figure)
{
    if (figure->year == PA_NONE)
        tally->ours = figure->growth;
    else if (strcmp(figure->growth, "flat") == 0)
        tally->n_flat++;
    else if (strcmp(figure->growth, "cannot-tell") == 0)
        tally->n_unclear++;
    else
        tally->n_growing++;
}

/* Each line with one fd ready once. */
static struct tally tally_of(const struct pa_history *history,
                             const char *backend)
{
    struct tally tally = {0};

    for (size_t i = 0; i < history->n_figures; i++) {
        const struct pa_history_figure *figure = &history->figures[i];
        if (strcmp(figure->backend, backend) == 0 && figure->active == 1 &&
            (i == 0 || !pa_history_is_same_line(figure - 1, figure)))
            count(&tally, figure);
    }
    return tally;
}

static const char *ours_in_words(const char *growth)
{
    if (strcmp(growth, "flat") == 0)
        return "flat here";
    return strcmp(growth, "cannot-tell") == 0 ? "cannot tell here"
                                              : "grows here";
}

static void print_part(FILE *out, size_t n, const char *what, size_t *printed,
                       size_t n_parts)
{
    if (n > 0)
        fprintf(out, "%s%zu %s", pa_before_item((*printed)++, n_parts), n,
                what);
}

static void print_published(FILE *out, const struct tally *tally)
{
    size_t n = tally->n_flat + tally->n_growing + tally->n_unclear;
    size_t n_parts = (size_t)(tally->n_flat > 0) +
                     (size_t)(tally->n_growing > 0) +
                     (size_t)(tally->n_unclear > 0);
    size_t printed = 0;

    if (n == 0)
        return;
    fprintf(out, " (of %zu published ", n);
    print_part(out, tally->n_growing, tally->n_growing == 1 ? "grows" : "grow",
               &printed, n_parts);
    print_part(out, tally->n_flat, tally->n_flat == 1 ? "is flat" : "are flat",
               &printed, n_parts);
    print_part(out, tally->n_unclear, "cannot tell", &printed, n_parts);
    fputs(")", out);
}

/* The published lines that do as ours. */
static void print_agreement(FILE *out, const struct tally *tally)
{
    size_t n = tally->n_flat + tally->n_growing + tally->n_unclear;
    int is_flat = strcmp(tally->ours, "flat") == 0;

    if (n == 0 || strcmp(tally->ours, "cannot-tell") == 0)
        return;
    fprintf(out, " and in %zu of %zu published",
            is_flat ? tally->n_flat : tally->n_growing, n);
    if (tally->n_unclear > 0)
        fprintf(out, " (%zu unclear)", tally->n_unclear);
}

int pa_findings_of_history(struct pb_csv *csv, const struct pa_run *run,
                           const struct pa_history *history)
{
    struct pa_finding_row row;
    const char *separator = "";

    if (pa_finding_row_open(&row) < 0)
        return -1;
    for (size_t i = 0; i < run->backends.n; i++) {
        const struct pa_backend *backend = &run->backends.backends[i];
        struct tally tally = tally_of(history, backend->name);
        if (!tally.ours || !pa_backend_is_head(backend))
            continue;
        fprintf(row.title, "%s%s %s", separator, backend->name,
                ours_in_words(tally.ours));
        fprintf(row.sentence, "%s%s %s",
                *separator ? separator
                           : "Cost of a call over the fds watched: ",
                backend->name, ours_in_words(tally.ours));
        print_agreement(row.title, &tally);
        print_published(row.sentence, &tally);
        separator = "; ";
    }
    fputs(".", row.sentence);
    return pa_finding_row_close(&row, csv, "history", PA_NONE);
}
