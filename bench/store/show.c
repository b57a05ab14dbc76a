/* SPDX-License-Identifier: MIT */
#include "show.h"

#include "rules.h"
#include "table.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char dash[] = "\xE2\x80\x93";

/* Digits after the point that leave three significant ones. */
static int decimals(double number)
{
    double size = fabs(number);

    if (size >= 99.95 || number == floor(number))
        return 0;
    /* 0.9996 is 1.00, not 1.000. */
    int digits = 2 - (int)floor(log10(size * 1.0005));
    return digits > 8 ? 8 : digits;
}

struct pa_shown pa_show_number(double number)
{
    struct pa_shown shown;
    double size = fabs(number);

    if (isnan(number))
        snprintf(shown.text, sizeof shown.text, "%s", dash);
    else if (size != 0 && (size < 1e-4 || size >= 1e9))
        snprintf(shown.text, sizeof shown.text, "%.2e", number);
    else
        snprintf(shown.text, sizeof shown.text, "%.*f", decimals(number),
                 number);
    return shown;
}

const char *pa_show_time_unit(double ns, double *size_ns)
{
    static const struct {
        double size_ns;
        const char *name;
    } units[] = {{1e9, "s"}, {1e6, "ms"}, {1e3, "\xC2\xB5s"}};

    for (size_t i = 0; i < PA_ARRAY_SIZE(units); i++) {
        if (fabs(ns) >= 0.9995 * units[i].size_ns) {
            *size_ns = units[i].size_ns;
            return units[i].name;
        }
    }
    *size_ns = 1;
    return "ns";
}

struct pa_shown pa_show_interval(double value, double low, double high,
                                 const char *unit)
{
    struct pa_shown shown = pa_show_number(value);
    struct pa_shown from = pa_show_number(low), to = pa_show_number(high);
    struct pa_shown all;
    const char *gap = *unit ? " " : "";

    if (isnan(value))
        return shown;
    if (!(high - low > PB_SUM_SHARE * fabs(value)))
        snprintf(all.text, sizeof all.text, "%.20s%s%.40s", shown.text, gap,
                 unit);
    else
        snprintf(all.text, sizeof all.text, "%.20s [%.16s, %.16s]%s%.36s",
                 shown.text, from.text, to.text, gap, unit);
    return all;
}

struct pa_shown pa_show_cost_interval(double cost, double low, double high,
                                      const char *unit)
{
    double size = 1;

    if (strcmp(unit, "ns") == 0)
        unit = pa_show_time_unit(cost, &size);
    return pa_show_interval(cost / size, low / size, high / size, unit);
}

struct pa_shown pa_show_cost(double cost, const char *unit)
{
    return pa_show_cost_interval(cost, NAN, NAN, unit);
}

struct pa_shown pa_show_factor(const struct pb_factors *factors,
                               enum pb_factor factor)
{
    struct pa_shown shown;

    if (pb_factor_infos[factor].type == PB_TEXT)
        snprintf(shown.text, sizeof shown.text, "%s",
                 pb_factor_text(factors, factor));
    else
        snprintf(shown.text, sizeof shown.text, "%" PRId64,
                 pb_factor_number(factors, factor));
    return shown;
}

/* The words around a factor's values. */
struct factor {
    const char *words;
    const char *before, *after;
    double size; /* of the unit in which values are shown */
};

/* One that is not known here has its values shown bare. */
static struct factor factor_of(const char *name)
{
    enum pb_factor factor = pb_factor_of(name);

    if (strcmp(name, "ready_share") == 0)
        return (struct factor){"share of the fds that is ready", "",
                               "% of the fds ready", 0.01};
    if (factor == PB_N_FACTORS)
        return (struct factor){name, "", "", 1};
    const char *words = pb_factor_infos[factor].words;
    if (factor == PB_FACTOR_highest_fd) /* a number, and no count */
        return (struct factor){words, "highest fd ", "", 1};
    return (struct factor){words, "", words, 1};
}

const char *pa_factor_words(const char *factor)
{
    return factor_of(factor).words;
}

const char *pa_class_words(const char *class)
{
    if (strcmp(class, "O(n) bent") == 0)
        return "O(n) with a bend";
    if (strcmp(class, "O(n)..O(n log n)") == 0)
        return "between O(n) and O(n log n)";
    return class;
}

struct pa_shown pa_show_place(const char *factor, double value, double low,
                              double high)
{
    struct factor known = factor_of(factor);
    struct pa_shown shown = pa_show_interval(
        value / known.size, low / known.size, high / known.size, known.after);
    struct pa_shown place;

    snprintf(place.text, sizeof place.text, "%s%.80s", known.before,
             shown.text);
    return place;
}

struct pa_shown pa_show_range(const char *factor, double from, double to)
{
    struct factor known = factor_of(factor);
    struct pa_shown range;

    snprintf(range.text, sizeof range.text, "%s%.20s to %.20s%s%s",
             known.before, pa_show_number(from / known.size).text,
             pa_show_number(to / known.size).text, *known.after ? " " : "",
             known.after);
    return range;
}

void pa_append(char *text, size_t size, const char *format, ...)
{
    size_t n = strlen(text);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text + n, size - n, format, arguments);
    va_end(arguments);
}
