/* SPDX-License-Identifier: MIT */
/* What tells one point from another, declared once. From the one list below
 * come the structure, identity, hash and order of points, their columns in
 * every file, the options of pollbench, and results/README.md. A new factor is
 * one line here; docs/adding-a-case.md.
 */
#ifndef PB_FACTORS_H
#define PB_FACTORS_H

#include "column.h"

/* What the analysis may do with points that differ in a factor. */
enum pb_role {
    PB_ASKED,  /* nothing that costs: points of either are alike */
    PB_TIMED,  /* another thing was timed: nothing is shared */
    PB_FITTED, /* cost may grow with it: models have terms in it */
    PB_SPREAD, /* acts through occupied_words, so far as models know */
    PB_HELD    /* the same throughout a series, a model and a verdict */
};

/* F(X, name, type, unit, least, older, role, letter, option, words, per,
 *   meaning)
 *
 * type     of the columns that have it; integers compare exactly.
 * least    an integer's smallest value.
 * older    what a file without the column had; "": it must have it.
 * letter   of the option that sets it, or 0.
 * option   its long name; "": no option of its own.
 * words    in sentences, and on axes.
 * per      what a cost that grows with it is a cost of one of.
 * meaning  for results/README.md and --help.
 *
 * Files that have factors carry all of them, first, in this order. */
#define PB_FACTOR_LIST(F, X)                                                   \
    F(X, sweep, PB_TEXT, "", 0, "", PB_ASKED, 0, "", "sweep", "",              \
      "the case that asked for the point")                                     \
    F(X, backend, PB_TEXT, "", 0, "", PB_TIMED, 0, "", "backend", "",          \
      "backend, or a reference loop: ref1 (100 dependent multiply-adds), "     \
      "ref0 "                                                                  \
      "(poll without an fd) or memory-probe (a load from a random cycle)")     \
    F(X, stage, PB_TEXT, "", 0, "", PB_TIMED, 0, "", "stage", "",              \
      "what was timed: all, prepare, wait, collect, or raw (the bare call); "  \
      "per fd: build, register, unregister, close; call (a system call by "    \
      "its number); per event: standing-event (it stays ready), served-event " \
      "(written, reported, read), manual-event (served, edges until nothing "  \
      "is left), event-over-floor (served, over the same writes and reads "    \
      "unwatched)")                                                            \
    F(X, layout, PB_TEXT, "", 0, "", PB_SPREAD, 'l', "layout", "layout", "",   \
      "where the watched fds lie: packed, strided, random or top-heavy")       \
    F(X, highest_fd, PB_INTEGER, "fd number", -1, "", PB_FITTED, 'M',          \
      "highest-fd", "highest fd", "fd number",                                 \
      "M: the highest watched descriptor number")                              \
    F(X, fd_count, PB_INTEGER, "fds", 0, "", PB_FITTED, 'N', "fds",            \
      "fds watched", "fd", "N: how many fds are watched")                      \
    F(X, ready_count, PB_INTEGER, "fds", 0, "", PB_FITTED, 'R', "ready",       \
      "fds ready", "ready fd", "R: how many of them are ready")                \
    F(X, occupied_words, PB_INTEGER, "64-bit words", 0, "", PB_FITTED, 'W',    \
      "occupied-words", "occupied 64-fd words", "word",                        \
      "W: bitmap words with at least one watched fd")                          \
    F(X, fd_kind, PB_TEXT, "", 0, "socketpair", PB_HELD, 'f', "fd-kind",       \
      "kind of fd", "",                                                        \
      "what the fds are, of the kinds that pollbench list shows")              \
    F(X, tables, PB_INTEGER, "descriptor tables", 0, "1", PB_HELD, 0, "",      \
      "descriptor tables", "descriptor table",                                 \
      "descriptor tables the fds are spread over, each a thread's own")        \
    F(X, waiters, PB_INTEGER, "threads", 0, "0", PB_HELD, 0, "waiters",        \
      "threads that wait", "thread",                                           \
      "threads that wait for the same fds beside the one that measures")       \
    F(X, idle_threads, PB_INTEGER, "threads", 0, "0", PB_HELD, 0,              \
      "idle-threads", "idle threads", "thread",                                \
      "threads beside the one that measures that share its descriptor table "  \
      "and sleep")                                                             \
    F(X, rate, PB_INTEGER, "events per s", 0, "0", PB_HELD, 0, "rate",         \
      "events per second", "event per second",                                 \
      "events that a writer, or requests that clients make in a second, each " \
      "due at its time; 0: there is no writer, or each answer brings the "     \
      "next "                                                                  \
      "request")                                                               \
    F(X, busy_fds, PB_INTEGER, "fds", 0, "0", PB_HELD, 0, "busy-fds",          \
      "busy connections", "busy connection",                                   \
      "connections of a server that have requests, of the fds watched, the "   \
      "others being idle; 0: there is no server")                              \
    F(X, server, PB_TEXT, "", 0, "none", PB_HELD, 0, "", "server", "",         \
      "a server of others that is measured: haproxy, lighttpd or memcached; "  \
      "none: one of the project's own, or none at all")                        \
    F(X, cache, PB_TEXT, "", 0, "warm", PB_HELD, 0, "", "cache", "",           \
      "warm: the call before was the same one; cold: twice the core's own "    \
      "cache of other memory was read since")                                  \
    F(X, timeout, PB_INTEGER, "ms", 0, "0", PB_HELD, 0, "", "ms of timeout",   \
      "ms", "how long a wait may sleep if nothing is ready")                   \
    F(X, ready_place, PB_TEXT, "", 0, "spread", PB_HELD, 0, "",                \
      "place of the ready fd", "",                                             \
      "where the ready fds stand among the watched ones: spread, first, "      \
      "middle, last or random")                                                \
    F(X, writer, PB_TEXT, "", 0, "none", PB_HELD, 0, "", "writer's CPU", "",   \
      "who makes an fd ready while the wait sleeps: none, or a process on "    \
      "the same CPU or another one")                                           \
    F(X, change, PB_TEXT, "", 0, "none", PB_HELD, 0, "", "change of the set",  \
      "",                                                                      \
      "how the set is changed before each wait: none, modify or re-add "       \
      "(unregister and register), in order of the fds or random, or rebuild "  \
      "(unregister all, and register all)")                                    \
    F(X, changes, PB_INTEGER, "changes", 0, "0", PB_HELD, 0, "changes",        \
      "changes for each wait", "change",                                       \
      "fds that are changed in the set before each wait")                      \
    F(X, max_events, PB_INTEGER, "events", 0, "0", PB_HELD, 0, "max-events",   \
      "events a poll may report", "event",                                     \
      "the most that one poll is to report; 0: all that is ready")             \
    F(X, metric, PB_TEXT, "", 0, "cost", PB_HELD, 0, "", "metric", "",         \
      "what was measured, of the metrics listed under samples.csv")

/* As a list of columns: X(name, type, unit, fallback, meaning). */
#define PB_FACTOR_COLUMN(X, name, type, unit, least, older, role, letter,      \
                         option, words, per, meaning)                          \
    X(name, type, unit, older, meaning)
#define PB_FACTORS(X) PB_FACTOR_LIST(PB_FACTOR_COLUMN, X)

#define PB_FACTOR_INDEX(name, type, unit, fallback, meaning) PB_FACTOR_##name,
enum pb_factor { PB_FACTORS(PB_FACTOR_INDEX) PB_N_FACTORS };

/* Texts are canonical: within one program, the same text has one address. */
struct pb_factors {
    PB_FACTORS(PB_MEMBER)
};

/* The line of a factor in the list. */
struct pb_factor_info {
    const char *name;
    enum pb_type type;
    const char *unit;
    int64_t least;
    const char *older;
    enum pb_role role;
    int letter;
    const char *option;
    const char *words;
    const char *per;
    const char *meaning;
};

extern const struct pb_factor_info pb_factor_infos[PB_N_FACTORS];

/* "fds watched (N)": a factor as the title of an axis, in text; of
 * PB_N_FACTORS, nothing. */
#define PB_AXIS_BYTES 80
void pb_factor_axis(enum pb_factor factor, char text[PB_AXIS_BYTES]);

/* The factor called name, or PB_N_FACTORS. */
enum pb_factor pb_factor_of(const char *name);

/* The value of a factor; fd numbers are the same to within a block of
 * PB_FD_BLOCK, as growth.csv has them: of these the block's last. */
int64_t pb_factor_in_block(int64_t value, const char *factor);

/* Its value: pb_factor_number() of one that is an integer, ..._text() of one
 * that is a text; else PA_NONE and NULL. */
int64_t pb_factor_number(const struct pb_factors *factors,
                         enum pb_factor factor);
const char *pb_factor_text(const struct pb_factors *factors,
                           enum pb_factor factor);

/* What an integer was in all older runs; PA_NONE: it says so itself. */
int64_t pb_factor_older(enum pb_factor factor);

/* The same, but the number of one is PA_NONE: it means nothing. */
struct pb_factors pb_factors_without(struct pb_factors factors,
                                     enum pb_factor factor);

/* A set of factors: the sum of PB_BIT(name). */
#define PB_BIT(name) (1u << PB_FACTOR_##name)

/* All factors with this role. */
unsigned pb_factors_with(enum pb_role role);

/* The factors in which two points differ; 0: they are one point. */
unsigned pb_factors_differ(const struct pb_factors *a,
                           const struct pb_factors *b);

uint64_t pb_factors_hash(const struct pb_factors *factors);

/* Below, at or above 0 as a is before, like or after b: by the texts, then by
 * the numbers, each in the order of the list. Texts need not be canonical. */
int pb_factors_order(const struct pb_factors *a, const struct pb_factors *b);

/* The same of those that are PB_HELD alone, for files of what was found: a
 * model, a step or a crossover is of one value of each. */
#define PB_KEEP_PB_ASKED(column)
#define PB_KEEP_PB_TIMED(column)
#define PB_KEEP_PB_FITTED(column)
#define PB_KEEP_PB_SPREAD(column)
#define PB_KEEP_PB_HELD(column) column
#define PB_HELD_COLUMN(X, name, type, unit, least, older, role, letter,        \
                       option, words, per, meaning)                            \
    PB_KEEP_##role(X(name, type, unit, older, meaning))
#define PB_HELD_FACTORS(X) PB_FACTOR_LIST(PB_HELD_COLUMN, X)
#define PB_HELD_COLUMNS(X)                                                     \
    PB_HELD_FACTORS(X)                                                         \
    X(typical, PB_INTEGER, "", "1",                                            \
      "1: of these most points of the run are; what is said without naming "   \
      "them is said of those")

/* Copy them into a row that has the columns; see row.h. */
#define PB_FACTOR_TO_ROW(name, type, unit, fallback, meaning)                  \
    row_->name = factors_->name;
#define PB_FACTORS_TO_ROW(row, factors)                                        \
    do {                                                                       \
        __typeof__(row) row_ = (row);                                          \
        const struct pb_factors *factors_ = (factors);                         \
        PB_FACTORS(PB_FACTOR_TO_ROW)                                           \
    } while (0)
#define PB_HELD_TO_ROW(row, factors)                                           \
    do {                                                                       \
        __typeof__(row) row_ = (row);                                          \
        const struct pb_factors *factors_ = (factors);                         \
        PB_HELD_FACTORS(PB_FACTOR_TO_ROW)                                      \
    } while (0)

#endif
