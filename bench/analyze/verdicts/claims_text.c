/* SPDX-License-Identifier: MIT */
#include "claims_parts.h"

#include "metrics.h"
#include "need.h"
#include "phrase.h"
#include "show.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is too long is cut. */
static FILE *open_text(struct pa_finding *finding, const struct pa_claim *claim)
{
    FILE *out = pa_need(fmemopen(finding->text, sizeof finding->text - 1, "w"));

    fputs("Tested: ", out);
    pa_phrase_subject(out, claim->backend, claim->stage);
    if (*claim->held)
        fprintf(out, " (%s)", claim->held);
    return out;
}

/* What else would have led where, to be freed: sides of what was looked at. */
struct sides {
    const char *what;
    char *support, *refute;
};

static void close_text(FILE *out, enum pa_verdict verdict, struct sides sides)
{
    fprintf(out, "; %s ", sides.what);
    if (verdict == PA_SUPPORTED)
        fprintf(out, "%s would have refuted it", sides.refute);
    else if (verdict == PA_REFUTED)
        fprintf(out, "%s would have supported it", sides.support);
    else
        fprintf(out, "%s would support it, %s refute it", sides.support,
                sides.refute);
    fclose(out);
    free(sides.support);
    free(sides.refute);
}

static void say_growth(FILE *out, const struct pa_growth *growth)
{
    struct pa_growth_texts texts;
    struct pb_growth_row row = pa_growth_row(growth, &texts);

    fputs(". Found: ", out);
    pa_phrase_class(out, &row);
    fputs("; ", out);
    pa_phrase_change(out, "with", &row);
    pa_phrase_exponent(out, "; ", &row);
}

void pa_claim_say_growth(struct pa_finding *finding,
                         const struct pa_claim *claim,
                         const struct pa_growth *growth, size_t n_each)
{
    FILE *out = open_text(finding, claim);
    int is_class = pa_claim_class(claim) != PA_CLASSES;
    int is_change = strcmp(claim->expectation, "depends") == 0;
    int is_line = pa_claim_class(claim) == PA_CLASS_LINE;
    struct pa_shown margin = pa_show_cost(finding->row.margin_ns,
                                          pb_metric_unit(growth->base.metric));
    struct sides sides = {.what = is_class ? "a class"
                                           : "a change whose interval is"};

    if (is_class)
        fprintf(out, " is %s in", claim->expectation);
    else
        fputs(is_change ? " costs more with" : " costs the same whatever", out);
    fprintf(out, " %s", pa_phrase_variable(claim->variable));
    say_growth(out, growth);
    if (n_each > 1)
        fprintf(out, "; alike at each of %zu base points", n_each);
    sides.support = pa_format(is_class ? "of %.20s alone" : "wholly %s %.20s",
                              is_class    ? claim->expectation
                              : is_change ? "above"
                                          : "within",
                              margin.text);
    sides.refute = pa_format(is_line    ? "other than %.20s, bent or not,"
                             : is_class ? "other than %.20s"
                                        : "wholly %s %.20s",
                             is_class    ? claim->expectation
                             : is_change ? "below"
                                         : "beyond",
                             margin.text);
    close_text(out, finding->verdict, sides);
}

static void say_held(FILE *out, const struct pb_claims_row *row)
{
    fputs(". Found: with ", out);
    pa_phrase_held(out, row->highest_fd, row->fd_count, row->ready_count,
                   row->layout);
}

void pa_claim_say_value(struct pa_finding *finding,
                        const struct pa_claim *claim)
{
    const struct pb_claims_row *row = &finding->row;
    FILE *out = open_text(finding, claim);
    double times = 1 + pa_claim_tolerance(claim);
    struct sides sides = {.what = "an interval"};

    fprintf(out, " has %.4g %s, to within %.3g %%", claim->expected, row->unit,
            claim->tolerance_percent);
    say_held(out, row);
    fprintf(out, ", it is %s",
            pa_show_interval(row->effect, row->low, row->high, row->unit).text);
    sides.support = pa_format("wholly within %.4g and %.4g",
                              claim->expected / times, claim->expected * times);
    sides.refute =
        finding->verdict == PA_SUPPORTED
            ? pa_format("wholly outside %.4g and %.4g", claim->expected / times,
                        claim->expected * times)
            : pa_format("wholly outside that");
    close_text(out, finding->verdict, sides);
}

/* What is compared with, in words: "the same with timeout=0". */
static struct pa_shown other_words(const struct pa_claim *claim)
{
    struct pa_shown words;

    snprintf(words.text, sizeof words.text, "%s%s",
             strchr(claim->other, '=') ? "the same with " : "", claim->other);
    return words;
}

void pa_claim_say_ratio(struct pa_finding *finding,
                        const struct pa_claim *claim, double tolerance)
{
    const struct pb_claims_row *row = &finding->row;
    FILE *out = open_text(finding, claim);
    int is_same = strcmp(claim->expectation, "same") == 0;
    int is_less = strcmp(claim->expectation, "cheaper") == 0;
    struct pa_shown other = other_words(claim);
    double below = 1 / (1 + tolerance);
    struct sides sides = {.what = "a ratio whose interval is"};

    if (is_same)
        fprintf(out, " costs what %s does, to within %.3g %%", other.text,
                100 * tolerance);
    else
        fprintf(out, " is %scheaper than %s", is_less ? "" : "not ",
                other.text);
    say_held(out, &finding->row);
    fprintf(out, ", %s costs %s times what %s does", claim->backend,
            pa_show_interval(row->effect, row->low, row->high, "").text,
            other.text);
    if (is_same) {
        sides.support =
            pa_format("wholly within %.3g and %.3g", below, 1 + tolerance);
        sides.refute =
            pa_format("wholly under %.3g or over %.3g", below, 1 + tolerance);
    } else {
        sides.support =
            pa_format("wholly %s %.3g", is_less ? "under" : "over", below);
        sides.refute =
            pa_format("wholly %s %.3g", is_less ? "over" : "under", below);
    }
    close_text(out, finding->verdict, sides);
}

/* What becomes of the two along the variable. */
static void say_outcome(FILE *out, const struct pa_crossover *crossover,
                        const char *variable)
{
    const char *first = crossover->row.first, *second = crossover->row.second;
    struct pa_interval place = crossover->place;
    struct pa_shown range =
        pa_show_range(variable, crossover->row.from, crossover->row.to);

    if (crossover->status == PA_CROSSOVER_FOUND)
        fprintf(
            out, "%s is cheaper than %s up to %s, and %s beyond", first, second,
            pa_show_place(variable, place.value, place.low, place.high).text,
            second);
    else if (crossover->status == PA_CROSSOVER_ALWAYS)
        fprintf(out, "%s is cheaper than %s everywhere from %s", first, second,
                range.text);
    else if (crossover->status == PA_CROSSOVER_CANNOT_TELL)
        fprintf(out, "no place that can be told from %s, %s", range.text,
                crossover->row.reason);
    else
        fprintf(out, "no difference between %s and %s anywhere from %s", first,
                second, range.text);
}

void pa_claim_say_crossover(struct pa_finding *finding,
                            const struct pa_claim *claim,
                            const struct pa_crossover *crossover,
                            double expected)
{
    FILE *out = open_text(finding, claim);
    double tolerance = pa_claim_tolerance(claim);
    struct sides sides = {.what = "a crossing whose interval is"};

    fprintf(out, " is cheaper than %s up to ", claim->other);
    if (isnan(expected)) {
        fputs("some place, and dearer beyond", out);
        sides.support = pa_format("at any place");
        sides.refute = pa_format("the other way round");
    } else {
        fprintf(out, "%s, to within %.3g %%, and dearer beyond",
                pa_show_place(claim->variable, expected, NAN, NAN).text,
                100 * tolerance);
        sides.support =
            pa_format("wholly within %.4g and %.4g", expected / (1 + tolerance),
                      expected * (1 + tolerance));
        sides.refute = pa_format("wholly outside");
    }
    say_held(out, &finding->row);
    fputs(", ", out);
    say_outcome(out, crossover, claim->variable);
    close_text(out, finding->verdict, sides);
}
