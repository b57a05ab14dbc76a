/* SPDX-License-Identifier: MIT */
/* Every other file that is read: the first byte tells which. */
#include "claims.h"
#include "predict.h"
#include "samples.h"
#include "scratch_folder.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

#define LISTS(X)                                                               \
    X(HOST)                                                                    \
    X(POINTS)                                                                  \
    X(LEVELS)                                                                  \
    X(STEPS)                                                                   \
    X(MODELS)                                                                  \
    X(HOLDOUT)                                                                 \
    X(CROSSOVERS)                                                              \
    X(RATIOS)                                                                  \
    X(FINDINGS)                                                                \
    X(LAYER)                                                                   \
    X(CLAIMS)                                                                  \
    X(VERDICTS)                                                                \
    X(PUBLISHED)                                                               \
    X(HISTORY)                                                                 \
    X(COMPARISON)                                                              \
    X(BACKENDS)                                                                \
    X(CASES)

#define COLUMNS(NAME)                                                          \
    static const struct pa_column NAME[] = {PB_##NAME(PA_COLUMN)};
LISTS(COLUMNS)

#define LIST(NAME) {NAME, PA_ARRAY_SIZE(NAME)},
static const struct {
    const struct pa_column *columns;
    size_t n_columns;
} lists[] = {LISTS(LIST)};

#define INDEX(NAME) AT_##NAME,
enum { LISTS(INDEX) N_LISTS };

/* What the reader promises of each cell. */
static void check(const struct pa_table *table)
{
    for (size_t i = 0; i < table->n_rows; i++)
        for (size_t j = 0; j < table->n_columns; j++)
            if (table->columns[j].type == PB_TEXT &&
                strlen(pa_table_row(table, i)[j].text) > PA_FIELD_BYTES_MAX)
                abort();
}

static void read_further(size_t list, const char *path)
{
    struct pa_problem problem = {0};
    struct pa_run empty = {0};
    struct pa_growths none = {0};
    struct pa_claims claims;
    struct pa_predictor predictor;

    if (list == AT_CLAIMS && pa_claims_read(&claims, path, &problem) == 0) {
        for (size_t i = 0; i < claims.n_claims; i++) {
            struct pa_finding finding;
            pa_claim_test(&finding, &claims.claims[i], &empty, &none);
        }
        pa_claims_free(&claims);
    }
    if (list == AT_PUBLISHED)
        pa_history_write(&empty, &none, path, scratch_folder(), &problem);
    if (list == AT_MODELS &&
        pa_predictor_read(&predictor, scratch_folder(), &problem) == 0) {
        const struct pb_factors factors = {
            .highest_fd = 99, .fd_count = 9, .ready_count = 1};
        struct pa_prediction predictions[2];
        pa_predict(predictions, 2, &predictor, &factors, &problem);
        pa_predictor_free(&predictor);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    struct pa_problem problem = {0};
    struct pa_table table;

    if (n_bytes < 1)
        return 0;
    size_t list = bytes[0] % N_LISTS;
    const char *name = list == AT_MODELS ? "models.csv" : "table.csv";
    char *path = pa_path(scratch_folder(), name);
    scratch_write(name, bytes + 1, n_bytes - 1);
    if (pa_table_read(&table, path, lists[list].columns, lists[list].n_columns,
                      &problem) == 0) {
        check(&table);
        pa_table_free(&table);
        read_further(list, path);
    } else if (!*problem.text) {
        abort();
    }
    free(path);
    return 0;
}
