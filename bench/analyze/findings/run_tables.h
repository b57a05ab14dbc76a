/* SPDX-License-Identifier: MIT */
/* The CSV files of a run, as sentences and page are made from them. */
#ifndef PA_RUN_TABLES_H
#define PA_RUN_TABLES_H

#include "backends.h"
#include "cases.h"
#include "problem.h"
#include "table.h"

/* X(NAME, file, columns, what it holds). samples.csv is not here: the report
 * only names it. */
#define PA_RUN_FILES(X)                                                        \
    X(HOST, "host.csv", PB_HOST, "machine, kernel, limits, build, options")    \
    X(CASES, "cases.csv", PB_CASES, "what each sweep asks")                    \
    X(BACKENDS, "backends.csv", PB_BACKENDS, "what each backend is")           \
    X(POINTS, "points.csv", PB_POINTS,                                         \
      "the estimate of every point with its interval")                         \
    X(LEVELS, "levels.csv", PB_LEVELS, "how dear each invocation was")         \
    X(STEPS, "steps.csv", PB_STEPS, "places where a cost jumps")               \
    X(GROWTH, "growth.csv", PB_GROWTH, "how the cost grows: classes, changes") \
    X(SLOPES, "slopes.csv", PB_SLOPES,                                         \
      "what one more costs, in fixed windows")                                 \
    X(MODELS, "models.csv", PB_MODELS,                                         \
      "the models that predictions are made of")                               \
    X(FINDINGS, "findings.csv", PB_FINDINGS,                                   \
      "what the cost does from one end of a sweep to the other")               \
    X(RATIOS, "ratios.csv", PB_RATIOS, "cost of one backend over another's")   \
    X(HOLDOUT, "holdout.csv", PB_HOLDOUT,                                      \
      "error of predictions outside the range that was fitted")                \
    X(CROSSOVERS, "crossovers.csv", PB_CROSSOVERS,                             \
      "where one backend becomes cheaper than another")                        \
    X(LAYER, "layer.csv", PB_LAYER, "what the library adds to a bare call")    \
    X(CLAIMS, "claims.csv", PB_VERDICTS, "the verdict on each public claim")   \
    X(HISTORY, "history.csv", PB_HISTORY, "this run beside published figures")

#define PA_RUN_FILE_NUMBER(NAME, file, columns, holds) PA_##NAME,
enum pa_run_file { PA_RUN_FILES(PA_RUN_FILE_NUMBER) PA_N_RUN_FILES };

/* Numbers of the columns: POINTS_estimate_ns, CLAIMS_verdict, ... */
#define PA_HOST_COLUMN(name, ...)       HOST_##name,
#define PA_POINTS_COLUMN(name, ...)     POINTS_##name,
#define PA_STEPS_COLUMN(name, ...)      STEPS_##name,
#define PA_MODELS_COLUMN(name, ...)     MODELS_##name,
#define PA_HOLDOUT_COLUMN(name, ...)    HOLDOUT_##name,
#define PA_CROSSOVERS_COLUMN(name, ...) CROSSOVERS_##name,
#define PA_LAYER_COLUMN(name, ...)      LAYER_##name,
#define PA_CLAIMS_COLUMN(name, ...)     CLAIMS_##name,
#define PA_FINDINGS_COLUMN(name, ...)   FINDINGS_##name,
#define PA_HISTORY_COLUMN(name, ...)    HISTORY_##name,
#define PA_GROWTH_COLUMN(name, ...)     GROWTH_##name,
#define PA_SLOPES_COLUMN(name, ...)     SLOPES_##name,
enum { PB_HOST(PA_HOST_COLUMN) };
enum { PB_POINTS(PA_POINTS_COLUMN) };
enum { PB_STEPS(PA_STEPS_COLUMN) };
enum { PB_MODELS(PA_MODELS_COLUMN) };
enum { PB_HOLDOUT(PA_HOLDOUT_COLUMN) };
enum { PB_CROSSOVERS(PA_CROSSOVERS_COLUMN) };
enum { PB_LAYER(PA_LAYER_COLUMN) };
enum { PB_VERDICTS(PA_CLAIMS_COLUMN) };
enum { PB_FINDINGS(PA_FINDINGS_COLUMN) };
enum { PB_HISTORY(PA_HISTORY_COLUMN) };
enum { PB_GROWTH(PA_GROWTH_COLUMN) };
enum { PB_SLOPES(PA_SLOPES_COLUMN) };

struct pa_run_tables {
    const char *folder;
    struct pa_backend_list backends;
    struct pa_case_list cases;
    struct pa_table tables[PA_N_RUN_FILES]; /* no rows: file not there */
};

const char *pa_run_file_name(enum pa_run_file file);
const char *pa_run_file_holds(enum pa_run_file file);

/* Read what is there. host.csv and points.csv must be, or those files for which
 * needed has a bit (that of PA_HOST is 1 << PA_HOST). Each returns 0, or -1
 * with *problem set and nothing to free. */
int pa_run_tables_read(struct pa_run_tables *run, const char *folder,
                       struct pa_problem *problem);
int pa_run_tables_read_some(struct pa_run_tables *run, const char *folder,
                            unsigned needed, struct pa_problem *problem);
void pa_run_tables_free(struct pa_run_tables *run);

size_t pa_run_rows(const struct pa_run_tables *run, enum pa_run_file file);
const union pa_cell *pa_run_row(const struct pa_run_tables *run,
                                enum pa_run_file file, size_t row);

/* The last value of a key of host.csv, or fallback where it is missing or
 * empty. */
const char *pa_run_fact(const struct pa_run_tables *run, const char *key,
                        const char *fallback);

/* Whether word is one of the words of text, which spaces separate. */
int pa_has_word(const char *text, const char *word);

/* Whether folder/name exists. */
int pa_file_is_there(const char *folder, const char *name);

#endif
