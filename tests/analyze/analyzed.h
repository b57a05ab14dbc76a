/* SPDX-License-Identifier: MIT */
/* A synthetic run, taken through the analysis. */
#ifndef ANALYZED_H
#define ANALYZED_H

#include "unit.h"

#include "growths.h"
#include "model.h"
#include "points.h"
#include "synthetic.h"

#include <math.h>
#include <string.h>

struct analyzed {
    struct pa_run run;
    struct pa_steps steps;
    struct pa_growths growths;
    struct pa_models models;
};

/* Write the run, read it, estimate its points. */
static inline void estimate(struct analyzed *analyzed,
                            const struct synthetic *synthetic)
{
    struct pa_problem problem = {0};
    char *folder = synthetic_folder();
    *analyzed = (struct analyzed){0};
    assert_int_equal(synthetic_write(folder, synthetic), 0);
    int error = pa_run_read(&analyzed->run, folder, &problem);
    synthetic_remove(folder);
    if (error < 0)
        fail_msg("%s", problem.text);
    pa_points_estimate(&analyzed->run);
}

/* What is told of the run as it is now; anew, if it was told before. */
static inline void grow(struct analyzed *analyzed)
{
    pa_growths_free(&analyzed->growths);
    pa_steps_free(&analyzed->steps);
    pa_steps_find(&analyzed->steps, &analyzed->run);
    pa_growths_make(&analyzed->growths, &analyzed->run, &analyzed->steps);
}

static inline void analyze(struct analyzed *analyzed,
                           const struct synthetic *synthetic)
{
    estimate(analyzed, synthetic);
    grow(analyzed);
    pa_models_make(&analyzed->models, &analyzed->run, &analyzed->steps);
}

static inline void release(struct analyzed *analyzed)
{
    pa_models_free(&analyzed->models);
    pa_growths_free(&analyzed->growths);
    pa_steps_free(&analyzed->steps);
    pa_run_free(&analyzed->run);
}

static inline const struct pa_subject *
subject_of(const struct pa_models *models, const char *backend,
           const char *stage)
{
    for (size_t i = 0; i < models->n_subjects; i++)
        if (strcmp(models->subjects[i].held->backend, backend) == 0 &&
            strcmp(models->subjects[i].held->stage, stage) == 0)
            return &models->subjects[i];
    return NULL;
}

static inline const struct pa_candidate *
selected_of(const struct analyzed *analyzed, const char *backend)
{
    const struct pa_subject *subject =
        subject_of(&analyzed->models, backend, "all");
    assert_non_null(subject);
    return &subject->chosen;
}

/* Coefficient of a term of the selected model; 0 if it has none. */
static inline double coefficient(const struct analyzed *analyzed,
                                 const char *backend, const char *name,
                                 int64_t at)
{
    const struct pa_candidate *candidate = selected_of(analyzed, backend);
    for (size_t i = 0; i < candidate->model.n_terms; i++) {
        char text[PA_TERM_NAME_BYTES];
        pa_term_name(&candidate->model.terms[i], text);
        if (strcmp(text, name) == 0 &&
            (at == PA_NONE || candidate->model.terms[i].at == (double)at))
            return candidate->fit.coefficients[i];
    }
    return 0;
}

#define is_within(value, expected, share)                                      \
    assert_true(fabs((value) - (expected)) <= (share)*fabs(expected))

#endif
