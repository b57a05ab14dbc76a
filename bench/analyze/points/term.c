/* SPDX-License-Identifier: MIT */
#include "term.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* (x^p - 1) / p, which goes on smoothly as ln x through p = 0. */
static double power(double p, double log_x)
{
    return p == 0 ? log_x : expm1(p * log_x) / p;
}

static double tilt(double p, double log_x)
{
    double q = p * log_x;

    if (fabs(q) < 1e-3) /* the exact form cancels here */
        return log_x * log_x * (0.5 + q / 3 + q * q / 8);
    return (q * exp(q) - expm1(q)) / (p * p);
}

double pa_term_at(const struct pa_term *term, double x)
{
    switch (term->kind) {
    case PA_LINEAR:
        return x;
    case PA_STEP:
        return x >= term->at;
    case PA_BEND:
        return fmax(0, x - term->at);
    case PA_LOG:
        return x > 1 ? log2(x) : 0;
    case PA_N_LOG_N:
        return x > 1 ? x * log2(x) : 0;
    case PA_SQUARE:
        return x * x;
    case PA_SQRT:
        return sqrt(x);
    case PA_POWER:
        return power(term->at, log(x));
    case PA_TILT:
        return tilt(term->at, log(x));
    default:
        return 1;
    }
}

double pa_term_value(const struct pa_term *term,
                     const struct pb_factors *factors)
{
    int64_t words = factors->highest_fd / PA_WORD_BITS + 1;
    int64_t bit = factors->highest_fd % PA_WORD_BITS;

    switch (term->kind) {
    case PA_WORDS:
        return (double)words;
    case PA_BITS: /* M itself is always watched */
        return (double)(PA_WORD_BITS * (factors->occupied_words - 1) + bit + 1);
    case PA_WORDS_IF_READY:
        return factors->ready_count > 0 ? (double)words : 0;
    default:
        return pa_term_at(term,
                          (double)pb_factor_number(factors, term->variable));
    }
}

static int is_any_ready(const struct pa_term *term)
{
    return term->kind == PA_STEP && term->variable == PB_FACTOR_ready_count &&
           term->at == 1;
}

int pa_term_has_place(const struct pa_term *term)
{
    return (term->kind == PA_STEP || term->kind == PA_BEND) &&
           !is_any_ready(term);
}

/* How its name is put together, and what its coefficient is one of. */
static const struct {
    const char *before, *after; /* the variable, where it has_x */
    int has_x;
    const char *per; /* "": the variable's; NULL: of nothing, it is added */
} kinds[] = {[PA_INTERCEPT] = {"intercept", "", 0, NULL},
             [PA_LINEAR] = {"", "", 1, ""},
             [PA_STEP] = {"step_", "", 1, NULL},
             [PA_BEND] = {"bend_", "", 1, ""},
             [PA_LOG] = {"log(", ")", 1, "unit of the term"},
             [PA_N_LOG_N] = {"n_log_n(", ")", 1, "unit of the term"},
             [PA_SQUARE] = {"square(", ")", 1, "unit of the term"},
             [PA_WORDS] = {"words", "", 0, "64 fd numbers"},
             [PA_BITS] = {"bits", "", 0, "bit"},
             [PA_WORDS_IF_READY] = {"words_if_ready", "", 0, "64 fd numbers"}};

void pa_term_name(const struct pa_term *term, char *text)
{
    const char *x =
        kinds[term->kind].has_x ? pb_factor_infos[term->variable].name : "";

    if (is_any_ready(term))
        snprintf(text, PA_TERM_NAME_BYTES, "any_ready");
    else
        snprintf(text, PA_TERM_NAME_BYTES, "%s%s%s", kinds[term->kind].before,
                 x, kinds[term->kind].after);
}

const char *pa_term_unit(const struct pa_term *term, const char *unit,
                         char *text)
{
    const char *per = kinds[term->kind].per;

    if (per && !*per)
        per = pb_factor_infos[term->variable].per;
    snprintf(text, PA_TERM_UNIT_BYTES, "%s%s%s", unit, per ? " per " : "",
             per ? per : "");
    return text;
}

int pa_term_parse(struct pa_term *term, const char *name, int64_t at)
{
    char text[PA_TERM_NAME_BYTES];

    for (int kind = PA_INTERCEPT; kind <= PA_WORDS_IF_READY; kind++)
        for (int variable = 0; variable < PB_N_FACTORS; variable++) {
            *term = (struct pa_term){.kind = (enum pa_term_kind)kind,
                                     .variable = (enum pb_factor)variable,
                                     .at = at == PA_NONE ? 0 : (double)at};
            if (strcmp(name, "any_ready") == 0)
                term->at = 1;
            pa_term_name(term, text);
            if (strcmp(name, text) == 0)
                return 0;
        }
    return -1;
}

int pa_model_add(struct pa_model *model, enum pa_term_kind kind,
                 enum pb_factor variable, double at)
{
    if (model->n_terms == PA_TERMS_MAX)
        return -1;
    model->terms[model->n_terms++] =
        (struct pa_term){.kind = kind, .variable = variable, .at = at};
    return 0;
}

struct pa_model pa_model_without(const struct pa_model *model, size_t i)
{
    struct pa_model shorter = *model;

    memmove(shorter.terms + i, shorter.terms + i + 1,
            (shorter.n_terms - i - 1) * sizeof *shorter.terms);
    shorter.n_terms--;
    return shorter;
}

double pa_model_cost(const struct pa_model *model, const double *coefficients,
                     const struct pb_factors *factors)
{
    double cost = 0;

    for (size_t i = 0; i < model->n_terms; i++)
        cost += coefficients[i] * pa_term_value(&model->terms[i], factors);
    return cost;
}
