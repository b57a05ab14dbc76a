/* SPDX-License-Identifier: MIT */
#include "claims_parts.h"

#include "metrics.h"
#include "need.h"
#include "phrase.h"
#include "show.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What is too long is cut. */
static FILE *open_text(struct pa_finding *finding)
{
    FILE *out = pa_need(fmemopen(finding->text, sizeof finding->text - 1, "w"));
    const struct pa_claim *claim = finding->claim;

    fputs("Tested: ", out);
    pa_phrase_subject(out, claim->backend, claim->stage);
    if (*claim->held)
        fprintf(out, " (%s)", claim->held);
    return out;
}

/* What is exact has no interval that could be wholly anywhere. */
static const char *side_of(const struct pa_finding *finding, const char *words)
{
    size_t n = strlen("wholly ");
    return finding->is_exact && strncmp(words, "wholly ", n) == 0 ? words + n
                                                                  : words;
}

/* What else would have led where: of what was looked at, which would support
 * it, and which would refute it. */
static void close_text(FILE *out, const struct pa_finding *finding,
                       const char *what, const char *support,
                       const char *refute)
{
    const char *interval = strstr(what, " whose interval is");
    size_t n = interval && finding->is_exact ? (size_t)(interval - what)
                                             : strlen(what);

    support = side_of(finding, support);
    refute = side_of(finding, refute);
    fprintf(out, "; %.*s ", (int)n, what);
    if (finding->verdict == PA_SUPPORTED)
        fprintf(out, "%s would have refuted it", refute);
    else if (finding->verdict == PA_REFUTED)
        fprintf(out, "%s would have supported it", support);
    else
        fprintf(out, "%s would support it, %s refute it", support, refute);
    fclose(out);
}

static void say_found_growth(FILE *out, const struct pa_growth *growth,
                             size_t n_each)
{
    struct pa_growth_texts texts;
    struct pb_growth_row row = pa_growth_row(growth, &texts);

    fputs(". Found: ", out);
    pa_phrase_class(out, &row);
    fputs("; ", out);
    pa_phrase_change(out, "with", &row);
    pa_phrase_exponent(out, "; ", &row);
    if (n_each > 1)
        fprintf(out, "; alike at each of %zu base points", n_each);
}

/* One that names a class, which a bent line is, too, of a line. */
static void say_class(struct pa_finding *finding,
                      const struct pa_growth *growth)
{
    const char *class = finding->claim->expectation;
    int is_line = pa_claim_class(finding->claim) == PA_CLASS_LINE;
    PA_FREED char *support = pa_format("of %s alone", class);
    PA_FREED char *refute =
        pa_format("other than %s%s", class, is_line ? ", bent or not," : "");
    FILE *out = open_text(finding);

    fprintf(out, " is %s in %s", class,
            pa_phrase_variable(finding->claim->variable));
    say_found_growth(out, growth, 0);
    close_text(out, finding, "a class", support, refute);
}

void pa_claim_say_growth(struct pa_finding *finding,
                         const struct pa_growth *growth, size_t n_each)
{
    int is_change = pa_claim_expects(finding->claim, "depends");
    struct pa_shown margin = pa_show_cost(finding->row.margin_ns,
                                          pb_metric_unit(growth->base.metric));

    if (pa_claim_class(finding->claim) != PA_CLASSES) {
        say_class(finding, growth);
        return;
    }
    PA_FREED char *support = pa_format(
        "wholly %s %.20s", is_change ? "above" : "within", margin.text);
    PA_FREED char *refute = pa_format(
        "wholly %s %.20s", is_change ? "below" : "beyond", margin.text);
    FILE *out = open_text(finding);
    fprintf(out, " costs %s %s", is_change ? "more with" : "the same whatever",
            pa_phrase_variable(finding->claim->variable));
    say_found_growth(out, growth, n_each);
    close_text(out, finding, "a change whose interval is", support, refute);
}

static void say_held(FILE *out, const struct pb_claims_row *row)
{
    fputs(". Found: with ", out);
    pa_phrase_held(out, row->highest_fd, row->fd_count, row->ready_count,
                   row->layout);
    fputs(", ", out);
}

void pa_claim_say_value(struct pa_finding *finding)
{
    const struct pb_claims_row *row = &finding->row;
    double expected = finding->claim->expected;
    double times = 1 + pa_claim_tolerance(finding->claim);
    PA_FREED char *range =
        pa_format("%.4g and %.4g", expected / times, expected * times);
    PA_FREED char *support = pa_format("wholly within %s", range);
    PA_FREED char *refute = pa_format(
        "wholly outside %s", finding->verdict == PA_SUPPORTED ? range : "that");
    FILE *out = open_text(finding);

    fprintf(out, " has %.4g %s, to within %.3g %%", expected, row->unit,
            finding->claim->tolerance_percent);
    say_held(out, row);
    fprintf(out, "it is %s",
            pa_show_interval(row->effect, row->low, row->high, row->unit).text);
    close_text(out, finding, finding->is_exact ? "a value" : "an interval",
               support, refute);
}

void pa_claim_say_ratio(struct pa_finding *finding, double tolerance)
{
    const struct pb_claims_row *row = &finding->row;
    int is_same = pa_claim_expects(finding->claim, "same");
    int is_less = pa_claim_expects(finding->claim, "cheaper");
    double below = 1 / (1 + tolerance), above = 1 + tolerance;
    PA_FREED char *other = pa_format(
        "%s%s", strchr(row->other, '=') ? "the same with " : "", row->other);
    PA_FREED char *support =
        is_same
            ? pa_format("wholly within %.3g and %.3g", below, above)
            : pa_format("wholly %s %.3g", is_less ? "under" : "over", below);
    PA_FREED char *refute =
        is_same
            ? pa_format("wholly under %.3g or over %.3g", below, above)
            : pa_format("wholly %s %.3g", is_less ? "over" : "under", below);
    FILE *out = open_text(finding);

    if (is_same)
        fprintf(out, " costs what %s does, to within %.3g %%", other,
                100 * tolerance);
    else
        fprintf(out, " is %scheaper than %s", is_less ? "" : "not ", other);
    say_held(out, row);
    fprintf(out, "%s costs %s times what %s does", row->backend,
            pa_show_interval(row->effect, row->low, row->high, "").text, other);
    close_text(out, finding, "a ratio whose interval is", support, refute);
}

/* What becomes of the two along the variable. */
static void say_outcome(FILE *out, const struct pb_crossovers_row *row,
                        const char *variable)
{
    struct pa_shown range = pa_show_range(variable, row->from, row->to);

    if (strcmp(row->status, "found") == 0)
        fprintf(out, "%s is cheaper than %s up to %s, and %s beyond",
                row->first, row->second,
                pa_show_place(variable, row->place, row->low, row->high).text,
                row->second);
    else if (strcmp(row->status, "always") == 0)
        fprintf(out, "%s is cheaper than %s everywhere from %s", row->first,
                row->second, range.text);
    else if (strcmp(row->status, "cannot-tell") == 0)
        fprintf(out, "no place that can be told from %s, %s", range.text,
                row->reason);
    else
        fprintf(out, "no difference between %s and %s anywhere from %s",
                row->first, row->second, range.text);
}

void pa_claim_say_crossover(struct pa_finding *finding,
                            const struct pb_crossovers_row *crossover,
                            double expected)
{
    const struct pa_claim *claim = finding->claim;
    double tolerance = pa_claim_tolerance(claim);
    int is_anywhere = isnan(expected);
    PA_FREED char *support =
        is_anywhere
            ? pa_format("at any place")
            : pa_format("wholly within %.4g and %.4g",
                        expected / (1 + tolerance), expected * (1 + tolerance));
    FILE *out = open_text(finding);

    fprintf(out, " is cheaper than %s up to ", claim->other);
    if (is_anywhere)
        fputs("some place, and dearer beyond", out);
    else
        fprintf(out, "%s, to within %.3g %%, and dearer beyond",
                pa_show_place(claim->variable, expected, NAN, NAN).text,
                100 * tolerance);
    say_held(out, &finding->row);
    say_outcome(out, crossover, claim->variable);
    close_text(out, finding, "a crossing whose interval is", support,
               is_anywhere ? "the other way round" : "wholly outside");
}
