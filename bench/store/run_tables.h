/* SPDX-License-Identifier: MIT */
/* The CSV files of a run, each row a structure with a member for each column.
 */
#ifndef PA_RUN_TABLES_H
#define PA_RUN_TABLES_H

#include "backends.h"
#include "cases.h"
#include "problem.h"
#include "row.h"
#include "table.h"

/* X(NAME, rows, file, columns, what it holds). samples.csv is not here: the
 * report only names it. */
#define PA_RUN_FILES(X)                                                        \
    X(HOST, host, "host.csv", PB_HOST,                                         \
      "machine, kernel, limits, build, options")                               \
    X(CASES, case_file, "cases.csv", PB_CASES, "what each sweep asks")         \
    X(BACKENDS, backend_file, "backends.csv", PB_BACKENDS,                     \
      "what each backend is")                                                  \
    X(POINTS, points, "points.csv", PB_POINTS,                                 \
      "the estimate of every point with its interval")                         \
    X(PER_INSTRUCTION, per_instruction, "per_instruction.csv",                 \
      PB_PER_INSTRUCTION, "what an instruction took at every point")           \
    X(LEVELS, levels, "levels.csv", PB_LEVELS, "how dear each invocation was") \
    X(STEPS, steps, "steps.csv", PB_STEPS, "places where a cost jumps")        \
    X(GROWTH, growth, "growth.csv", PB_GROWTH,                                 \
      "how the cost grows: classes, changes")                                  \
    X(SLOPES, slopes, "slopes.csv", PB_SLOPES,                                 \
      "what one more costs, in fixed windows")                                 \
    X(MODELS, models, "models.csv", PB_MODELS,                                 \
      "the models that predictions are made of")                               \
    X(FINDINGS, findings, "findings.csv", PB_FINDINGS,                         \
      "what the cost does from one end of a sweep to the other")               \
    X(RATIOS, ratios, "ratios.csv", PB_RATIOS,                                 \
      "cost of one backend over another's")                                    \
    X(HOLDOUT, holdout, "holdout.csv", PB_HOLDOUT,                             \
      "error of predictions outside the range that was fitted")                \
    X(DIFFERENCES, differences, "differences.csv", PB_DIFFERENCES,             \
      "what another value of a factor costs")                                  \
    X(PREDICTIONS, predictions, "predictions.csv", PB_PREDICTIONS,             \
      "servers as predicted, beside what was measured")                        \
    X(CROSSOVERS, crossovers, "crossovers.csv", PB_CROSSOVERS,                 \
      "where one backend becomes cheaper than another")                        \
    X(LAYER, layer, "layer.csv", PB_LAYER,                                     \
      "what the library adds to a bare call")                                  \
    X(CLAIMS, claims, "claims.csv", PB_VERDICTS,                               \
      "the verdict on each public claim")                                      \
    X(HISTORY, history, "history.csv", PB_HISTORY,                             \
      "this run beside published figures")

#define PA_RUN_FILE_NUMBER(NAME, rows, file, columns, holds) PA_##NAME,
enum pa_run_file { PA_RUN_FILES(PA_RUN_FILE_NUMBER) PA_N_RUN_FILES };

/* struct pb_points_row, struct pb_host_row, ... */
#define PA_RUN_FILE_ROW(NAME, rows, file, columns, holds) PB_ROW(rows, columns)
PA_RUN_FILES(PA_RUN_FILE_ROW)
PB_ROW(comparison, PB_COMPARISON) /* of pollbench compare */

/* Names that are declared cannot be in parentheses.
 * NOLINTBEGIN(bugprone-macro-parentheses) */
#define PA_RUN_FILE_ROWS(NAME, rows, file, columns, holds)                     \
    struct {                                                                   \
        const struct pb_##rows##_row *first, *end;                             \
    } rows;

/* PA_EACH (row, run, points) is a loop over the rows of that file. */
#define PA_EACH(row, run, rows)                                                \
    for (const struct pb_##rows##_row *row = (run)->rows.first;                \
         row < (run)->rows.end; row++)
/* NOLINTEND(bugprone-macro-parentheses) */

#define PA_N_ROWS(rows) ((size_t)((rows).end - (rows).first))

struct pa_run_tables {
    const char *folder;
    struct pa_backend_list backends;
    struct pa_case_list cases;
    struct pa_table tables[PA_N_RUN_FILES]; /* no rows: file not there */
    PA_RUN_FILES(PA_RUN_FILE_ROWS)          /* the same */
};

const char *pa_run_file_name(enum pa_run_file file);
const char *pa_run_file_holds(enum pa_run_file file);

/* Read one of them. Returns 0, or -1 with *problem set and nothing to free. */
int pa_run_file_read(struct pa_table *table, const char *folder,
                     enum pa_run_file file, struct pa_problem *problem);

/* Read what is there. host.csv and points.csv must be, or those files for which
 * needed has a bit (that of PA_HOST is 1 << PA_HOST). Each returns 0, or -1
 * with *problem set and nothing to free. */
int pa_run_tables_read(struct pa_run_tables *run, const char *folder,
                       struct pa_problem *problem);
int pa_run_tables_read_some(struct pa_run_tables *run, const char *folder,
                            unsigned needed, struct pa_problem *problem);
void pa_run_tables_free(struct pa_run_tables *run);

/* The last value of a key of host.csv, or fallback where it is missing or
 * empty. */
const char *pa_host_fact(const struct pa_table *host, const char *key,
                         const char *fallback);
const char *pa_run_fact(const struct pa_run_tables *run, const char *key,
                        const char *fallback);

/* The unit of what its calls cost; and whether that is counted, without noise.
 */
const char *pa_run_unit(const struct pa_run_tables *run);
int pa_run_is_counted(const struct pa_run_tables *run);

/* Whether a row is of whole calls, on packed fds, of the held factors that most
 * points have: what is said without naming them. */
#define PA_IS_PLAIN(row)                                                       \
    ((row)->typical == 1 && pa_is((row)->stage, "all") &&                      \
     pa_is((row)->layout, "packed"))

/* What models predict: a wait of most points; or a pass over the fds that only
 * looks or that queues on each, the last of which is ready, warm or cold. */
enum pa_model_of {
    PA_USUAL_WAIT,
    PA_WARM_LOOK,
    PA_WARM_QUEUE,
    PA_COLD_LOOK,
    PA_COLD_QUEUE,
    PA_N_MODELS_OF
};
int pa_is_model_of(const struct pb_models_row *row, enum pa_model_of what);

/* Whether word is one of the words of text, which spaces separate. */
int pa_has_word(const char *text, const char *word);

/* Whether folder/name exists. */
int pa_file_is_there(const char *folder, const char *name);

#endif
