/* SPDX-License-Identifier: MIT */
#include "claims_parts.h"
#include "need.h"
#include "phrase.h"
#include "show.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* How each expectation is said, and of what is looked at which would support
 * it, and which refute it; put() knows what '$' and a letter stand for. */
static const struct words {
    const char *expectation;
    const char *tested, *what, *support, *refute;
} words[] = {
    {"depends", "costs more with $v", "a change$i", "$wabove $m", "$wbelow $m"},
    {"independent", "costs the same whatever $v", "a change$i", "$wwithin $m",
     "$wbeyond $m"},
    {"cheaper", "is cheaper than $o", "a ratio$i", "$wunder $l", "$wover $l"},
    {"not-cheaper", "is not cheaper than $o", "a ratio$i", "$wover $l",
     "$wunder $l"},
    {"same", "costs what $o does, to within $t %", "a ratio$i",
     "$wwithin $l and $h", "$wunder $l or over $h"},
    {"value", "has $e $u, to within $t %", "$n", "$wwithin $l and $h",
     "$woutside $r"},
    {"crossover",
     "is cheaper than $o up to $p, to within $t %, and dearer beyond",
     "a crossing$i", "$wwithin $l and $h", "$woutside"}};

static const struct words of_any_place = {
    "", "is cheaper than $o up to some place, and dearer beyond",
    "a crossing$i", "at any place", "the other way round"};

static const struct words of_class = {"", "is $c in $v", "a class",
                                      "of $c alone", "other than $c$b"};

static const struct words *words_of(const struct pa_finding *finding)
{
    if (pa_claim_expects(finding->claim, "crossover") &&
        isnan(finding->expected))
        return &of_any_place;
    for (size_t i = 0; i < PA_ARRAY_SIZE(words); i++)
        if (pa_claim_expects(finding->claim, words[i].expectation))
            return &words[i];
    return &of_class;
}

static void put_text(FILE *out, const struct pa_finding *finding, char letter)
{
    const struct pa_claim *claim = finding->claim;
    int is_ratio = pa_claim_expects(claim, "cheaper not-cheaper same");
    int n_digits = is_ratio ? 3 : 4;
    double expected = finding->expected, times = 1 + finding->tolerance;

    if (letter == 'b' && pa_claim_class(claim) == PA_CLASS_LINE)
        fputs(", bent or not,", out);
    else if (letter == 'c')
        fputs(claim->expectation, out);
    else if (letter == 'e')
        fprintf(out, "%.4g", expected);
    else if (letter == 'h')
        fprintf(out, "%.*g", n_digits, expected * times);
    else if (letter == 'i' && !finding->is_exact)
        fputs(" whose interval is", out);
    else if (letter == 'l')
        fprintf(out, "%.*g", n_digits, expected / times);
    else if (letter == 'm')
        fputs(pa_show_cost(finding->row.margin_ns, finding->row.unit).text,
              out);
    else if (letter == 'n')
        fputs(finding->is_exact ? "a value" : "an interval", out);
    else if (letter == 'o')
        fprintf(out, "%s%s", strchr(claim->other, '=') ? "the same with " : "",
                claim->other);
    else if (letter == 'p')
        fputs(pa_show_place(claim->variable, expected, NAN, NAN).text, out);
    else if (letter == 'r' && finding->verdict != PA_SUPPORTED)
        fputs("that", out);
    else if (letter == 'r')
        fprintf(out, "%.4g and %.4g", expected / times, expected * times);
    else if (letter == 't')
        fprintf(out, "%.3g", 100 * finding->tolerance);
    else if (letter == 'u')
        fputs(finding->row.unit, out);
    else if (letter == 'v')
        fputs(pa_phrase_variable(claim->variable), out);
    else if (letter == 'w' && !finding->is_exact)
        fputs("wholly ", out);
}

static void put(FILE *out, const struct pa_finding *finding, const char *text)
{
    for (; *text; text++)
        if (*text == '$')
            put_text(out, finding, *++text);
        else
            fputc(*text, out);
}

static void say_growth(FILE *out, const struct pa_finding *finding,
                       const struct pa_growth *growth)
{
    struct pa_growth_texts texts;
    struct pb_growth_row row = pa_growth_row(growth, &texts);

    pa_phrase_class(out, &row);
    fputs("; ", out);
    pa_phrase_change(out, "with", &row);
    pa_phrase_exponent(out, "; ", &row);
    if (finding->n_each > 1 && finding->verdict == PA_SUPPORTED)
        fprintf(out, "; alike at each of %zu base points", finding->n_each);
}

/* What becomes of the two along the variable. */
static void say_crossover(FILE *out, const struct pb_crossovers_row *row,
                          const char *variable)
{
    struct pa_shown range = pa_show_range(variable, row->from, row->to);

    if (pa_is(row->status, "found"))
        fprintf(out, "%s is cheaper than %s up to %s, and %s beyond",
                row->first, row->second,
                pa_show_place(variable, row->place, row->low, row->high).text,
                row->second);
    else if (pa_is(row->status, "always"))
        fprintf(out, "%s is cheaper than %s everywhere from %s", row->first,
                row->second, range.text);
    else if (pa_is(row->status, "cannot-tell"))
        fprintf(out, "no place that can be told from %s, %s", range.text,
                row->reason);
    else
        fprintf(out, "no difference between %s and %s anywhere from %s",
                row->first, row->second, range.text);
}

/* What was found at one base point. */
static void say_point(FILE *out, const struct pa_finding *finding,
                      const struct pb_crossovers_row *crossover)
{
    const struct pb_claims_row *row = &finding->row;

    fputs("with ", out);
    pa_phrase_held(out, row->highest_fd, row->fd_count, row->ready_count,
                   row->layout);
    fputs(", ", out);
    if (crossover) {
        say_crossover(out, crossover, row->variable);
    } else if (pa_claim_expects(finding->claim, "value")) {
        fprintf(
            out, "it is %s",
            pa_show_interval(row->effect, row->low, row->high, row->unit).text);
    } else {
        fprintf(out, "%s costs %s times what ", row->backend,
                pa_show_interval(row->effect, row->low, row->high, "").text);
        put(out, finding, "$o does");
    }
}

void pa_claim_say(struct pa_finding *finding, const struct pa_growth *growth,
                  const struct pb_crossovers_row *crossover)
{
    const struct pa_claim *claim = finding->claim;
    const struct words *of = words_of(finding);
    FILE *out = pa_need(fmemopen(finding->text, sizeof finding->text - 1, "w"));

    fputs("Tested: ", out);
    pa_phrase_subject(out, claim->backend, claim->stage);
    if (*claim->held)
        fprintf(out, " (%s)", claim->held);
    fputc(' ', out);
    put(out, finding, of->tested);
    fputs(". Found: ", out);
    if (growth)
        say_growth(out, finding, growth);
    else
        say_point(out, finding, crossover);
    fputs("; ", out);
    put(out, finding, of->what);
    fputc(' ', out);
    put(out, finding,
        finding->verdict == PA_SUPPORTED ? of->refute : of->support);
    if (finding->verdict == PA_SUPPORTED) {
        fputs(" would have refuted it", out);
    } else if (finding->verdict == PA_REFUTED) {
        fputs(" would have supported it", out);
    } else {
        fputs(" would support it, ", out);
        put(out, finding, of->refute);
        fputs(" refute it", out);
    }
    fclose(out);
}
