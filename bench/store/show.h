/* SPDX-License-Identifier: MIT */
/* How numbers and names are shown to people: few digits, units, intervals. What
 * shows nothing is given as NAN or PA_NONE and shown as a dash. */
#ifndef PA_REPORT_SHOW_H
#define PA_REPORT_SHOW_H

#include "factors.h"

#include <stddef.h>
#include <stdint.h>

struct pa_shown {
    char text[96];
};

/* Three significant digits, without exponents where people use none. */
struct pa_shown pa_show_number(double number);

/* The unit in which a time reads best, and in size_ns how many ns it is. */
const char *pa_show_time_unit(double ns, double *size_ns);

/* A cost in its unit, a time in ns in the one that suits it: "288 ns", "1.08
 * us" (with the micro sign), "54.2 ms", "872 instructions". */
struct pa_shown pa_show_cost(double cost, const char *unit);

/* "1.08 [1.06, 1.09] ns per fd"; without the brackets if low is NAN, or like
 * high, as of an exact count. */
struct pa_shown pa_show_interval(double value, double low, double high,
                                 const char *unit);

/* A cost with its interval, all in the unit that suits the value. */
struct pa_shown pa_show_cost_interval(double cost, double low, double high,
                                      const char *unit);

/* The value of a factor as it stands in the CSV files: "8", "packed". */
struct pa_shown pa_show_factor(const struct pb_factors *factors,
                               enum pb_factor factor);

/* "highest fd", "fds watched", ... for a factor's name in the CSV files. */
const char *pa_factor_words(const char *factor);

/* A class of growth.csv in words: "O(n) with a bend" for "O(n) bent". */
const char *pa_class_words(const char *class);

/* A value of that factor: "highest fd 320", "3.08 [3.05, 3.11] fds watched",
 * "54.3 % of the fds ready". */
struct pa_shown pa_show_place(const char *factor, double value, double low,
                              double high);

/* A range of it: "1 to 3072 fds watched". */
struct pa_shown pa_show_range(const char *factor, double from, double to);

/* Append to a text in a room of size bytes; what is too much is left out. */
void pa_append(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
