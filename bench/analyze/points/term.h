/* SPDX-License-Identifier: MIT */
/* What a cost model is made of: terms in the factors of a point. */
#ifndef PA_TERM_H
#define PA_TERM_H

#include "samples.h"

#define PA_TERMS_MAX 32

enum pa_term_kind {
    PA_INTERCEPT, /* 1 */
    PA_LINEAR,    /* x */
    PA_STEP,      /* 1 where x >= at, else 0 */
    PA_BEND,      /* max(0, x - at) */
    PA_LOG,       /* log2(x), 0 below 1 */
    PA_N_LOG_N,   /* x log2(x) */
    PA_SQUARE,    /* x * x */
    PA_WORDS,     /* words of the bitmap up to M */
    PA_BITS,      /* bits looked at in those that hold a watched fd: all, and in
                     the last one those up to M */
    PA_WORDS_IF_READY, /* words where any fd is ready, else 0 */
    /* Of growth alone, in no model of models.csv: */
    PA_SQRT,
    PA_POWER, /* (x^at - 1) / at, ln x at 0 */
    PA_TILT   /* how PA_POWER changes with at */
};

/* Of select's bitmap: a word without a watched fd is passed over at once, in
 * others every bit up to the highest fd is looked at. */
enum { PA_WORD_BITS = 64 };

struct pa_term {
    enum pa_term_kind kind;
    enum pb_factor variable; /* of those with an x */
    double at;               /* of a step or bend; exponent of a power */
    int is_rising; /* along a curve it is dropped where it would fall */
};

struct pa_model {
    size_t n_terms;
    struct pa_term terms[PA_TERMS_MAX];
};

double pa_term_value(const struct pa_term *term,
                     const struct pb_factors *factors);

/* The same of a term in one variable, where that is x. */
double pa_term_at(const struct pa_term *term, double x);

/* As the column "term" of models.csv has it: "step_highest_fd". text must have
 * room for PA_TERM_NAME_BYTES. */
#define PA_TERM_NAME_BYTES 64
void pa_term_name(const struct pa_term *term, char *text);

/* Whether its name needs `at` beside it. */
int pa_term_has_place(const struct pa_term *term);

/* The unit of its coefficient in a model of what is in this unit: "ns", "ns per
 * fd", ... text must have room for PA_TERM_UNIT_BYTES; returns it. */
#define PA_TERM_UNIT_BYTES 64
const char *pa_term_unit(const struct pa_term *term, const char *unit,
                         char *text);

/* The term that has this name and place. Returns 0, or -1. */
int pa_term_parse(struct pa_term *term, const char *name, int64_t at);

/* Append a term of a variable, if it is of one, and a place. Returns 0, or -1
 * when the model is full. */
int pa_model_add(struct pa_model *model, enum pa_term_kind kind,
                 enum pb_factor variable, double at);

/* The model without its term i. */
struct pa_model pa_model_without(const struct pa_model *model, size_t i);

/* Sum of coefficients times terms. */
double pa_model_cost(const struct pa_model *model, const double *coefficients,
                     const struct pb_factors *factors);

#endif
