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

/* The change over the range tested, "867 [861, 872] ns more". */
static void say_change(struct pa_finding *finding)
{
    double range = finding->to - finding->from;
    int is_less = finding->change_ns < 0;
    double low = range * finding->effect.low,
           high = range * finding->effect.high;

    say(finding, "%s %s",
        pa_show_ns_interval(fabs(finding->change_ns), is_less ? -high : low,
                            is_less ? -low : high)
            .text,
        is_less ? "less" : "more");
}

void pa_claim_say_slope(struct pa_finding *finding,
                        const struct pa_claim *claim, const char *verb,
                        int is_change)
{
    int is_stage = strcmp(claim->stage, "all") != 0;
    int is_count = strcmp(claim->variable, "highest_fd") != 0;

    say(finding, "%s%s%s %s the %s%s: ", claim->backend, is_stage ? "'s " : "",
        is_stage ? claim->stage : "", verb, is_count ? "number of " : "",
        pa_factor_words(claim->variable));
    say_change(finding);
    say(finding, " at %s than the %s at %s, ", pa_show_number(finding->to).text,
        pa_show_ns(finding->base_ns).text, pa_show_number(finding->from).text);
    if (is_change)
        say(finding, "%s %s", pa_show_number(finding->effect.value).text,
            finding->unit);
    else
        say(finding, "where under %s counts as nothing",
            pa_show_ns(finding->margin_ns).text);
    say_base(finding, claim);
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
