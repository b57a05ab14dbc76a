/* SPDX-License-Identifier: MIT */
/* The CSV files of a run: every column's name, type, unit and meaning. This is
 * the only header that measuring and analysis share, and results/README.md is
 * generated from it (pollschema).
 *
 * A list is X(name, type, unit, fallback, meaning). fallback is what a reader
 * puts where an older file lacks the column ("" = the column is required), so
 * that a new factor does not break old files: give it the value that every
 * older run had. Changing or removing a column means a new PB_SCHEMA_VERSION
 * and a line in CHANGELOG.md; appending one with a fallback does not.
 */
#ifndef PB_SCHEMA_H
#define PB_SCHEMA_H

#define PB_SCHEMA_VERSION 1

enum pb_type {
    PB_TEXT,    /* any bytes; quoted by libcsv */
    PB_INTEGER, /* decimal int64; an empty field means "none" */
    PB_REAL     /* shortest decimal that reads back the same; empty: none */
};

/* What tells one point from another. All integers, so that they compare
 * exactly. Files that have factors carry all of them, first, in this order. */
#define PB_FACTORS(X)                                                          \
    X(sweep, PB_TEXT, "", "", "the case that asked for the point")             \
    X(backend, PB_TEXT, "", "", "backend, or the name of a reference loop")    \
    X(stage, PB_TEXT, "", "",                                                  \
      "what was timed: all, prepare, wait, collect, or raw (the bare call)")   \
    X(layout, PB_TEXT, "", "",                                                 \
      "where the watched fds lie: packed, strided, random or top-heavy")       \
    X(highest_fd, PB_INTEGER, "fd number", "",                                 \
      "M: the highest watched descriptor number")                              \
    X(fd_count, PB_INTEGER, "fds", "", "N: how many fds are watched")          \
    X(ready_count, PB_INTEGER, "fds", "", "R: how many of them are ready")     \
    X(occupied_words, PB_INTEGER, "64-bit words", "",                          \
      "W: bitmap words with at least one watched fd")

/* samples.csv: one row a batch, as measured. */
#define PB_SAMPLES(X)                                                          \
    PB_FACTORS(X)                                                              \
    X(invocation, PB_INTEGER, "", "",                                          \
      "which process, each with a fresh farm, counted from 0")                 \
    X(round, PB_INTEGER, "", "",                                               \
      "which pass over all points within the invocation, from 0")              \
    X(sequence, PB_INTEGER, "", "",                                            \
      "place of the batch in its round's random order, from 0")                \
    X(cpu, PB_INTEGER, "", "", "the CPU the invocation was pinned to")         \
    X(calls, PB_INTEGER, "calls", "", "timed calls in the batch")              \
    X(batch_ns, PB_INTEGER, "ns", "",                                          \
      "wall time of the batch, as the clock gave it; empty if it failed")      \
    X(overhead_ns, PB_INTEGER, "ns", "",                                       \
      "part of batch_ns that is not the operation: reading the clock, and "    \
      "preparing again before each wait where the backend needs it; cost of "  \
      "one call = (batch_ns - overhead_ns) / calls")                           \
    X(involuntary_switches, PB_INTEGER, "switches", "",                        \
      "times the kernel took the CPU away during the batch; such batches are " \
      "kept here and left out of estimates")                                   \
    X(status, PB_TEXT, "", "",                                                 \
      "ok, or why there is no valid measurement (wrong answer, ENOMEM, ...)")

/* host.csv: what was measured on, with and under, one fact a row. Keys may
 * repeat (a seam after a resume, one row each). */
#define PB_HOST(X)                                                             \
    X(key, PB_TEXT, "", "", "name of the fact, as documented below")           \
    X(value, PB_TEXT, "", "", "the fact; empty when it cannot be known here")  \
    X(unit, PB_TEXT, "", "", "unit of value, empty for text")

/* points.csv: one row per point, backend and stage. */
#define PB_POINTS(X)                                                           \
    PB_FACTORS(X)                                                              \
    X(invocations, PB_INTEGER, "", "",                                         \
      "invocations with enough clean batches, on which the estimate rests")    \
    X(batches, PB_INTEGER, "batches", "", "valid batches, clean or not")       \
    X(clean_batches, PB_INTEGER, "batches", "",                                \
      "those without an involuntary context switch")                           \
    X(estimate_ns, PB_REAL, "ns per call", "",                                 \
      "exp(mean over invocations of log(lower quartile of clean batches))")    \
    X(low_ns, PB_REAL, "ns per call", "",                                      \
      "lower end of the 95 % t-interval over invocations; empty with one")     \
    X(high_ns, PB_REAL, "ns per call", "", "upper end of that interval")       \
    X(minimum_ns, PB_REAL, "ns per call", "",                                  \
      "smallest batch; a cross-check, not an estimate")                        \
    X(median_ns, PB_REAL, "ns per call", "", "median of all valid batches")    \
    X(estimate_ref, PB_REAL, "reference loops per call", "",                   \
      "the estimate with each invocation divided by its own ref1 loop "        \
      "(100 dependent multiply-adds): clock drift cancels")                    \
    X(low_ref, PB_REAL, "reference loops per call", "", "its interval")        \
    X(high_ref, PB_REAL, "reference loops per call", "", "its interval")       \
    X(flags, PB_TEXT, "", "",                                                  \
      "words separated by spaces: failed, dirty (too few clean batches), "     \
      "contended (memory probe was slow and the fds outgrow the cache), few "  \
      "(under 6 invocations); empty when there is nothing to warn of")         \
    X(reason, PB_TEXT, "", "", "for failed points, what went wrong")

#endif
