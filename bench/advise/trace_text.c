/* SPDX-License-Identifier: MIT */
#include "trace_text.h"

#include "need.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { ARGUMENTS = 4, NAME_BYTES = 32 };

void pa_trace_text_free(struct pa_trace_text *text)
{
    free(text->begun);
    *text = (struct pa_trace_text){0};
}

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t");
}

/* *at is then behind what it begins with. */
static int takes(const char **at, const char *what)
{
    size_t n = strlen(what);

    if (strncmp(*at, what, n) != 0)
        return 0;
    *at += n;
    return 1;
}

/* A number that is no longer than any that is meant. */
static int take_number(const char **at, int64_t *number)
{
    char *end;

    errno = 0;
    long long value = strtoll(*at, &end, 0);
    if (end == *at || errno)
        return 0;
    *at = end;
    *number = value;
    return 1;
}

/* 0 of what is no time, as of a thread's number: one has a point in it, and is
 * no longer than seconds since 1970 and ms of a day are. */
static int take_time(const char **at, double *time)
{
    enum { DIGITS_MOST = 12 };
    size_t n = strspn(*at, "0123456789");

    if (n == 0 || n > DIGITS_MOST || (*at)[n] != '.')
        return 0;
    *time = strtod(*at, NULL);
    *at += n + 1;
    *at += strspn(*at, "0123456789");
    return 1;
}

static int take_thread(const char **at, int *tid)
{
    const char *from = *at;
    int64_t number;
    int is_bracketed = takes(&from, "[pid");

    from = skip_blanks(from);
    if (!isdigit((unsigned char)*from) || !take_number(&from, &number) ||
        number < 1 || number > INT_MAX || (is_bracketed && !takes(&from, "]")))
        return 0;
    *tid = (int)number;
    *at = skip_blanks(from);
    return 1;
}

/* "0.123 ( 0.045 ms): name/1234 ": the time is in ms, and a name may have
 * blanks in it. */
static const char *read_perf(struct pa_traced *traced, const char *at)
{
    const char *end = strstr(at, "): ");
    const char *slash;
    int64_t number;

    if (!end)
        return NULL;
    traced->at_s *= 1e-3;
    at = end + strlen("): ");
    slash = strchr(at, '/');
    if (slash && slash < at + NAME_BYTES &&
        (size_t)(slash - at) < strcspn(at, "(")) {
        const char *from = slash + 1;
        if (take_number(&from, &number) && number > 0 && number <= INT_MAX) {
            traced->tid = (int)number;
            at = from;
        }
    }
    return skip_blanks(at);
}

/* What stands before the call: a thread and a time. NULL: no such line. */
static const char *read_head(struct pa_traced *traced, const char *line)
{
    const char *at = skip_blanks(line);

    /* "?": perf does not know when what now goes on began. */
    if (!takes(&at, "? ") && !take_time(&at, &traced->at_s)) {
        if (!take_thread(&at, &traced->tid) || !take_time(&at, &traced->at_s))
            return NULL;
    }
    at = skip_blanks(at);
    return *at == '(' ? read_perf(traced, at) : at;
}

static int take_call(const char **at, struct pa_traced *traced)
{
    char name[NAME_BYTES];
    size_t n = strspn(*at, "abcdefghijklmnopqrstuvwxyz0123456789_");

    if (n == 0 || n >= sizeof name)
        return 0;
    memcpy(name, *at, n);
    name[n] = '\0';
    traced->way = pa_way_of_call_name(name, &traced->call);
    *at += n;
    return traced->way != PA_NO_WAY;
}

/* Behind a text in quotes, or what a descriptor is, in angle brackets, which
 * may have an arrow in it: "<TCP:[1->2]>". */
static const char *behind(const char *at, char close)
{
    for (at++; *at && (*at != close || (close == '>' && at[-1] == '-')); at++)
        if (*at == '\\' && at[1])
            at++;
    return *at ? at + 1 : at;
}

/* From behind the "(" to behind the ")" that belongs to it, or the end of the
 * line; where the arguments begin. */
static const char *read_arguments(const char *arguments[ARGUMENTS],
                                  const char *at)
{
    int depth = 0, n = 1;

    for (int i = 0; i < ARGUMENTS; i++)
        arguments[i] = i == 0 ? at : NULL;
    while (*at && !(depth == 0 && *at == ')')) {
        if (*at == '"' || (*at == '<' && isdigit((unsigned char)at[-1]))) {
            at = behind(at, *at == '"' ? '"' : '>');
            continue;
        }
        depth += (*at == '(' || *at == '[' || *at == '{');
        depth -= (*at == ')' || *at == ']' || *at == '}');
        if (*at == ',' && depth == 0 && n < ARGUMENTS)
            arguments[n++] = at + 1;
        at++;
    }
    return *at ? at + 1 : at;
}

/* perf names them: "nfds: 1018". */
static int64_t number_of(const char *argument)
{
    int64_t number = -1;

    if (!argument)
        return -1;
    argument = skip_blanks(argument);
    size_t n = strspn(argument, "abcdefghijklmnopqrstuvwxyz_");
    if (n > 0 && argument[n] == ':')
        argument = skip_blanks(argument + n + 1);
    return take_number(&argument, &number) && number <= INT_MAX ? number : -1;
}

/* "[3 5<socket:[12]>]": how many; 0 of an address. */
static int64_t length_of(const char *argument)
{
    int64_t n = 0;

    argument = argument ? skip_blanks(argument) : "";
    if (*argument != '[')
        return 0;
    for (const char *at = argument + 1; *at && *at != ']';) {
        int is_number = isdigit((unsigned char)*at) != 0;
        n += is_number;
        at += is_number ? strspn(at, "0123456789") : 1;
        if (is_number && *at == '<')
            at = behind(at, '>');
    }
    return n;
}

static void read_set(struct pa_traced *traced,
                     const char *const arguments[ARGUMENTS])
{
    traced->set = traced->way == PA_EPOLL ? number_of(arguments[0]) : -1;
    traced->highest =
        traced->way == PA_SELECT ? number_of(arguments[0]) - 1 : -1;
    traced->n_fds = traced->way == PA_POLL ? number_of(arguments[1]) : 0;
    for (int i = 1; traced->way == PA_SELECT && i < ARGUMENTS; i++) {
        int64_t n = length_of(arguments[i]);
        traced->n_fds = n > traced->n_fds ? n : traced->n_fds;
    }
}

/* What it says behind the arguments, if it has ended. */
static int take_result(const char *at, struct pa_traced *traced)
{
    at = skip_blanks(at);
    if (!takes(&at, "="))
        return 0;
    at = skip_blanks(at);
    return take_number(&at, &traced->returned) && traced->returned >= 0 &&
           traced->returned <= INT_MAX;
}

static struct pa_traced *begun_by(const struct pa_trace_text *text, int tid)
{
    for (size_t i = text->n; i > 0; i--)
        if (text->begun[i - 1].tid == tid)
            return &text->begun[i - 1];
    return NULL;
}

static void put_begun(struct pa_trace_text *text,
                      const struct pa_traced *traced)
{
    struct pa_traced *begun = begun_by(text, traced->tid);

    if (!begun) {
        if (text->n == PA_TRACE_THREADS)
            return;
        text->begun = pa_grown(text->begun, text->n, sizeof *text->begun);
        begun = &text->begun[text->n++];
    }
    *begun = *traced;
}

/* The "=" behind the first bracket that has one behind it; or NULL. */
static const char *find_result(const char *at)
{
    while ((at = strchr(at, ')')) != NULL) {
        at = skip_blanks(at + 1);
        if (*at == '=')
            return at;
    }
    return NULL;
}

/* The rest of a call that another line began: "<... poll resumed>) = 1" or, of
 * perf, "... [continued]: poll()) = 1". */
static int resume(struct pa_trace_text *text, struct pa_traced *traced,
                  const char *at)
{
    struct pa_traced *begun = begun_by(text, traced->tid);
    const char *result = find_result(at);

    if (!begun || begun->way == PA_NO_WAY || !takes(&at, begun->call) ||
        !strchr(" (", *at) || !result)
        return 0;
    *traced = *begun;
    begun->way = PA_NO_WAY;
    return take_result(result, traced);
}

int pa_trace_line(struct pa_trace_text *text, struct pa_traced *traced,
                  const char *line)
{
    const char *arguments[ARGUMENTS];

    *traced = (struct pa_traced){.way = PA_NO_WAY, .set = -1};
    const char *at = read_head(traced, line);
    if (!at)
        return 0;
    if (takes(&at, "<... ") || takes(&at, "... [continued]: "))
        return resume(text, traced, at);
    if (!take_call(&at, traced) || !takes(&at, "("))
        return 0;
    at = read_arguments(arguments, at);
    read_set(traced, arguments);
    if (traced->n_fds < 0)
        return 0;
    if (*skip_blanks(at) == '=')
        return take_result(at, traced);
    put_begun(text, traced);
    return 0;
}
