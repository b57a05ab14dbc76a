/* SPDX-License-Identifier: MIT */
#include "claims_text.h"

#include "show.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void say(struct pa_finding *finding, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Add to the sentence. */
static void say(struct pa_finding *finding, const char *format, ...)
{
    size_t n_bytes = strlen(finding->text);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(finding->text + n_bytes, sizeof finding->text - n_bytes, format,
              arguments);
    va_end(arguments);
}

/* "; highest fd 19705, 1 fd watched, 1 ready, packed": what was held. */
static void say_base(struct pa_finding *finding, const struct pa_claim *claim)
{
    const char *gap = "; ";

    if (finding->highest_fd != PA_ANY) {
        say(finding, "%shighest fd %lld", gap, (long long)finding->highest_fd);
        gap = ", ";
    }
    if (finding->fd_count != PA_ANY) {
        say(finding, "%s%lld fd%s watched", gap, (long long)finding->fd_count,
            finding->fd_count == 1 ? "" : "s");
        gap = ", ";
    }
    if (finding->ready_count != PA_ANY) {
        say(finding, "%s%lld ready", gap, (long long)finding->ready_count);
        gap = ", ";
    }
    if (*claim->layout)
        say(finding, "%s%s", gap, claim->layout);
}

/* "867 [861, 872] ns more at 19705 than the 359 ns at 8". */
static void say_change(struct pa_finding *finding, struct pa_interval change)
{
    int is_less = change.value < 0;

    say(finding, "%s %s at %s than the %s at %s",
        pa_show_ns_interval(fabs(change.value),
                            is_less ? -change.high : change.low,
                            is_less ? -change.low : change.high)
            .text,
        is_less ? "less" : "more", pa_show_number(finding->to).text,
        pa_show_ns(finding->base_ns).text, pa_show_number(finding->from).text);
}

static void say_nothing(struct pa_finding *finding)
{
    say(finding, ", where under %s counts as nothing",
        pa_show_ns(finding->margin_ns).text);
}

/* "poll's wait". */
static void say_subject(struct pa_finding *finding,
                        const struct pa_claim *claim)
{
    int is_stage = strcmp(claim->stage, "all") != 0;

    say(finding, "%s%s%s", claim->backend, is_stage ? "'s " : "",
        is_stage ? claim->stage : "");
}

static const char *number_of(const struct pa_claim *claim)
{
    return strcmp(claim->variable, "highest_fd") != 0 ? "number of " : "";
}

void pa_claim_say_slope(struct pa_finding *finding,
                        const struct pa_claim *claim, const char *verb,
                        int is_change)
{
    double range = finding->to - finding->from;

    say_subject(finding, claim);
    say(finding, " %s the %s%s: ", verb, number_of(claim),
        pa_factor_words(claim->variable));
    say_change(finding, (struct pa_interval){range * finding->effect.value,
                                             range * finding->effect.low,
                                             range * finding->effect.high});
    if (is_change)
        say(finding, ", %s %s", pa_show_number(finding->effect.value).text,
            finding->unit);
    else
        say_nothing(finding);
    say_base(finding, claim);
}

static void say_exponent(struct pa_finding *finding,
                         const struct pa_growth *growth)
{
    struct pa_interval p = growth->found.exponent;

    if (!isnan(p.value))
        say(finding, ", exponent %s",
            pa_show_interval(p.value, p.low, p.high, "").text);
}

/* ": O(n) or O(n log n)": of which it may be. */
static void say_left(struct pa_finding *finding,
                     const struct pa_growth_class *found)
{
    const char *separator = ": it may be ";

    for (unsigned form = 0; form < PA_PURE_FORMS; form++)
        if (found->left & 1u << form) {
            say(finding, "%s%s", separator, pa_class_name((enum pa_class)form));
            separator = " or ";
        }
}

void pa_claim_say_class(struct pa_finding *finding,
                        const struct pa_claim *claim,
                        const struct pa_growth *growth)
{
    const struct pa_growth_class *found = &growth->found;

    say_subject(finding, claim);
    if (found->class == PA_CLASS_UNKNOWN) {
        say(finding, " grows in no way that can be told");
        say_left(finding, found);
    } else {
        say(finding, " is %s", pa_class_words(pa_class_name(found->class)));
    }
    say(finding, ", n being the %s%s", number_of(claim),
        pa_factor_words(claim->variable));
    say_exponent(finding, growth);
    say(finding, "; ");
    say_change(finding, found->change);
    if (found->class == PA_CLASS_CONSTANT)
        say_nothing(finding);
    say_base(finding, claim);
}

void pa_claim_add_class(struct pa_finding *finding,
                        const struct pa_growth *growth)
{
    say(finding, "; class of growth from %lld to %lld: %s",
        (long long)growth->from, (long long)growth->to,
        growth->found.class == PA_CLASS_UNKNOWN
            ? "cannot tell"
            : pa_class_words(pa_class_name(growth->found.class)));
    say_exponent(finding, growth);
}

void pa_claim_say_each(struct pa_finding *finding, const char *factor, size_t n)
{
    say(finding, "; so at each of %zu values of %s", n, factor);
}

void pa_claim_say_ratio(struct pa_finding *finding,
                        const struct pa_claim *claim, double tolerance)
{
    struct pa_interval ratio = finding->effect;

    say(finding,
        "%s costs %s times what %s does: %s against %s, where within %.3g %% "
        "counts as level",
        claim->backend,
        pa_show_interval(ratio.value, ratio.low, ratio.high, "").text,
        claim->other, pa_show_ns(finding->base_ns).text,
        pa_show_ns(finding->base_ns - finding->change_ns).text,
        100 * tolerance);
    say_base(finding, claim);
}

/* What becomes of the two along the variable. */
static void say_outcome(struct pa_finding *finding,
                        const struct pa_crossover *crossover,
                        const char *variable)
{
    const char *first = crossover->first, *second = crossover->second;
    struct pa_interval place = crossover->place;
    struct pa_shown range =
        pa_show_range(variable, crossover->from, crossover->to);

    if (crossover->status == PA_CROSSOVER_FOUND)
        say(finding, "%s is cheaper than %s up to %s, %s beyond", first, second,
            pa_show_place(variable, place.value, place.low, place.high).text,
            second);
    else if (crossover->status == PA_CROSSOVER_ALWAYS)
        say(finding, "%s is cheaper than %s everywhere from %s", first, second,
            range.text);
    else
        say(finding, "%s and %s cost the same everywhere from %s", first,
            second, range.text);
}

void pa_claim_say_crossover(struct pa_finding *finding,
                            const struct pa_claim *claim,
                            const struct pa_crossover *crossover,
                            double expected)
{
    if (crossover->status == PA_CROSSOVER_CANNOT_TELL) {
        say(finding, "%s", crossover->reason);
        return;
    }
    say_outcome(finding, crossover, claim->variable);
    if (!isnan(expected))
        say(finding, "; the claim has them cross at %s",
            pa_show_place(claim->variable, expected, NAN, NAN).text);
    say_base(finding, claim);
}
