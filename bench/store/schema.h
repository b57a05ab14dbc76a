/* SPDX-License-Identifier: MIT */
/* The CSV files of a run: every column's name, type, unit and meaning, from
 * which results/README.md is generated (pollbench schema). What tells points
 * apart is in factors.h.
 *
 * A list is X(name, type, unit, fallback, meaning). fallback is what a reader
 * puts where an older file lacks the column ("" = the column is required).
 * Changing or removing a column means a new PB_SCHEMA_VERSION and a line in
 * CHANGELOG.md; appending one with a fallback does not.
 */
#ifndef PB_SCHEMA_H
#define PB_SCHEMA_H

#include "factors.h"
#include "metrics.h"

#define PB_SCHEMA_VERSION 2 /* 1: without cases.csv, metric and unit */

/* samples.csv: one row a batch, as measured. */
#define PB_SAMPLES(X)                                                          \
    PB_FACTORS(X)                                                              \
    X(invocation, PB_INTEGER, "", "",                                          \
      "which process, each with a fresh farm, counted from 0")                 \
    X(round, PB_INTEGER, "", "",                                               \
      "which pass over all points within the invocation, from 0")              \
    X(sequence, PB_INTEGER, "", "",                                            \
      "place of the batch in its round's random order, from 0")                \
    X(cpu, PB_INTEGER, "", "",                                                 \
      "the CPU it was on at the end of the batch; -1: not known")              \
    X(calls, PB_INTEGER, "calls", "", "timed calls in the batch")              \
    X(unit, PB_TEXT, "", "ns", "unit of the metric")                           \
    X(batch_ns, PB_INTEGER, "see unit", "",                                    \
      "total of the batch: of cost its wall time, as the clock gave it; "      \
      "empty if it failed")                                                    \
    X(overhead_ns, PB_INTEGER, "see unit", "",                                 \
      "part of batch_ns that is not the operation: reading the clock, and "    \
      "preparing again before each wait where the backend needs it; cost of "  \
      "one call = (batch_ns - overhead_ns) / calls")                           \
    X(involuntary_switches, PB_INTEGER, "switches", "",                        \
      "times the kernel took the CPU away during the batch, also to stop the " \
      "process for a signal or a tracer; such batches are kept here and left " \
      "out of estimates")                                                      \
    X(latencies, PB_TEXT, "ns", "none",                                        \
      "of a wakeup, or of requests at a rate: for response and service each "  \
      "a histogram, as "                                                       \
      "kind value:count value:count ..., with ; between them; value is the "   \
      "lower end of a bucket in ns, of which each octave has 128 (from 128 "   \
      "on); else empty, or none in an older file")                             \
    X(seed, PB_INTEGER, "", "-1",                                              \
      "the run's, as in host.csv, so that a row of another run can be told; "  \
      "-1: an older file, which does not say")                                 \
    X(status, PB_TEXT, "", "",                                                 \
      "ok, or why there is no valid measurement (wrong answer, ENOMEM, ...)")

/* host.csv: what was measured on, with and under, one fact a row. Keys may
 * repeat (a seam after a resume, one row each). */
#define PB_HOST(X)                                                             \
    X(key, PB_TEXT, "", "", "name of the fact, as documented below")           \
    X(value, PB_TEXT, "", "", "the fact; empty when it cannot be known here")  \
    X(unit, PB_TEXT, "", "", "unit of value, empty for text")

/* cases.csv: what each case of the run asks, in the order of the page.
 * Analysis, figures and page know of a case what stands here. */
#define PB_CASES(X)                                                            \
    X(sweep, PB_TEXT, "", "", "name of the case, as in the column sweep")      \
    X(question, PB_TEXT, "", "", "what it asks")                               \
    X(held_fixed, PB_TEXT, "", "", "what is the same at all of its points")    \
    X(not_for, PB_TEXT, "", "", "what it is not to be used for")               \
    X(varies, PB_TEXT, "", "",                                                 \
      "the factors in which its points differ, with spaces between, the x "    \
      "axis first; it holds all others, W apart, which follows")               \
    X(axis, PB_TEXT, "", "", "the first of them, as an axis is named")         \
    X(figure, PB_TEXT, "", "",                                                 \
      "what shows it: plots/<figure>.gp, named after the sweep, or layer.csv " \
      "(layer); empty: a table of its costs")                                  \
    X(compares, PB_TEXT, "", "none",                                           \
      "what differences.csv sets side by side, with spaces between: "          \
      "factor=a/b, "                                                           \
      "values of a factor, or a factor alone, each value and the next; none")

/* backends.csv: what each backend of the library is, one row each; no other
 * file or program goes by their names. */
#define PB_BACKENDS(X)                                                         \
    X(order, PB_INTEGER, "", "", "place in lists, colours and marks, from 0")  \
    X(name, PB_TEXT, "", "", "name in the column backend")                     \
    X(family, PB_TEXT, "", "",                                                 \
      "the backend that it is a variant of; its own name if of none")          \
    X(scans, PB_TEXT, "", "",                                                  \
      "the factor that counts what one call looks through: highest_fd, "       \
      "fd_count or ready_count")                                               \
    X(own_fds, PB_INTEGER, "descriptors", "", "what a set takes for itself")   \
    X(summary, PB_TEXT, "", "unknown", "what it does; unknown: an older file")

/* points.csv: one row per point, backend and stage. */
#define PB_POINTS(X)                                                           \
    PB_FACTORS(X)                                                              \
    X(invocations, PB_INTEGER, "", "",                                         \
      "invocations with enough clean batches, on which the estimate rests")    \
    X(batches, PB_INTEGER, "batches", "", "valid batches, clean or not")       \
    X(clean_batches, PB_INTEGER, "batches", "",                                \
      "those without an involuntary context switch")                           \
    X(estimate_ns, PB_REAL, "unit per call", "",                               \
      "exp(mean over invocations of the log of the metric's estimator), or "   \
      "the plain mean where one is not above 0")                               \
    X(low_ns, PB_REAL, "unit per call", "",                                    \
      "lower end of the 95 % t-interval over invocations; empty with one")     \
    X(high_ns, PB_REAL, "unit per call", "", "upper end of that interval")     \
    X(minimum_ns, PB_REAL, "unit per call", "",                                \
      "smallest batch; a cross-check, not an estimate")                        \
    X(median_ns, PB_REAL, "unit per call", "", "median of all valid batches")  \
    X(estimate_ref, PB_REAL, "reference loops per call", "",                   \
      "the estimate with each invocation divided by its own ref1 loop "        \
      "(100 dependent multiply-adds): clock drift cancels; of times only")     \
    X(low_ref, PB_REAL, "reference loops per call", "", "its interval")        \
    X(high_ref, PB_REAL, "reference loops per call", "", "its interval")       \
    X(flags, PB_TEXT, "", "",                                                  \
      "words separated by spaces: failed, dirty (too few clean batches), "     \
      "contended (the fds outgrow the core's own cache, and invocations "      \
      "disagree or others used the next one in all of them: low and high are " \
      "then the lowest and highest invocation), few (under "                   \
      "PB_INVOCATIONS_FEW invocations); "                                      \
      "empty when "                                                            \
      "there is nothing to warn of")                                           \
    X(reason, PB_TEXT, "", "", "for failed points, what went wrong")           \
    X(unit, PB_TEXT, "", "ns", "unit of the metric")                           \
    X(agreement, PB_TEXT, "", "none",                                          \
      "of a count, which has no interval: exact (all batches agree to within " \
      "PB_COUNT_SHARE), minimum (some hold an interrupt; two or more have "    \
      "the "                                                                   \
      "least, which stands) or once (one has it, which may hold one, too); "   \
      "of "                                                                    \
      "what is no count empty")

/* per_instruction.csv: times beside the counts of another run. */
#define PB_PER_INSTRUCTION(X)                                                  \
    PB_FACTORS(X)                                                              \
    X(instructions, PB_REAL, "instructions per call", "",                      \
      "what the counted run has of the point, the highest fd being the same "  \
      "to within a block of PB_FD_BLOCK, or nothing to the backend")           \
    X(counted_on, PB_TEXT, "", "", "the kernel on which they were counted")    \
    X(ns, PB_REAL, "ns per instruction", "", "the time over the count")        \
    X(low, PB_REAL, "ns per instruction", "", "its 95 % t-interval")           \
    X(high, PB_REAL, "ns per instruction", "", "its 95 % t-interval")          \
    X(flags, PB_TEXT, "", "", "flags of the time, as in points.csv")

/* levels.csv: one row an invocation. */
#define PB_LEVELS(X)                                                           \
    X(invocation, PB_INTEGER, "", "", "which invocation, as in samples.csv")   \
    X(level, PB_REAL, "", "",                                                  \
      "how many times as much its points cost as in the run as a whole: "      \
      "geometric mean over all points of cost that are not failed, dirty or "  \
      "contended, in reference loops if each invocation has its own")          \
    X(ref1_ns, PB_REAL, "ns", "", "its ref1 loop; empty if it has none")

/* steps.csv: one row per place where cost jumps, found in the steps sweep. */
#define PB_STEPS(X)                                                            \
    X(backend, PB_TEXT, "", "", "backend")                                     \
    X(stage, PB_TEXT, "", "", "what was timed")                                \
    X(layout, PB_TEXT, "", "", "layout of the scan")                           \
    X(variable, PB_TEXT, "", "",                                               \
      "the factor that was scanned: highest_fd or fd_count")                   \
    X(place, PB_INTEGER, "as the variable", "",                                \
      "first scanned value with the higher cost (nfds is highest_fd + 1, so "  \
      "nfds > 320 shows as place 320)")                                        \
    X(before, PB_INTEGER, "as the variable", "",                               \
      "last scanned value below the step; the jump is in (before, place]")     \
    X(highest_fd, PB_INTEGER, "fd number", "",                                 \
      "M held fixed; empty where it was scanned or follows the variable")      \
    X(fd_count, PB_INTEGER, "fds", "", "N held fixed; empty if scanned")       \
    X(ready_count, PB_INTEGER, "fds", "", "R of the scan")                     \
    X(size_ns, PB_REAL, "ns per call", "", "height of the step")               \
    X(low_ns, PB_REAL, "ns per call", "",                                      \
      "lower end of its 95 % t-interval over invocations")                     \
    X(high_ns, PB_REAL, "ns per call", "", "upper end of that interval")       \
    X(share_percent, PB_REAL, "%", "", "height over the cost just below")      \
    X(p_value, PB_REAL, "", "",                                                \
      "chance of so high a step without one, from the scatter of the points "  \
      "about the fitted line, times the places looked at (Bonferroni), at "    \
      "most 1")                                                                \
    X(flags, PB_TEXT, "", "",                                                  \
      "few (under PB_INVOCATIONS_FEW invocations), minor (under "              \
      "PB_STEP_TINY_SHARE, or under PB_STEP_MINOR_NS and "                     \
      "PB_STEP_MINOR_SHARE), edge (fewer than PB_STEP_EDGE_POINTS on one "     \
      "side); else empty")                                                     \
    X(invocations, PB_INTEGER, "", "", "invocations it rests on")              \
    PB_HELD_COLUMNS(X)

/* models.csv: one row per term of the model of each backend and stage. */
#define PB_MODELS(X)                                                           \
    X(backend, PB_TEXT, "", "", "backend")                                     \
    X(stage, PB_TEXT, "", "", "what was timed")                                \
    X(term, PB_TEXT, "", "",                                                   \
      "intercept; words: 64-bit words of the bitmap up to M; bits: of those "  \
      "that hold a watched fd, in the last one up to M; highest_fd, "          \
      "fd_count, occupied_words, ready_count: slope; step_X: added where X "   \
      ">= at; bend_X: slope added per X beyond at; any_ready: added where R "  \
      "> 0; words_if_ready: words where R > 0")                                \
    X(at, PB_INTEGER, "as X", "", "place of a step or bend; else empty")       \
    X(unit, PB_TEXT, "", "", "unit of value")                                  \
    X(value, PB_REAL, "see unit", "",                                          \
      "mean over invocations of the coefficient, fitted per invocation. It "   \
      "serves to predict: what one more costs is in slopes.csv")               \
    X(invocations, PB_INTEGER, "", "", "invocations fitted")                   \
    X(points, PB_INTEGER, "", "", "points fitted")                             \
    X(rms_percent, PB_REAL, "%", "",                                           \
      "root mean square of (fitted - estimate) / estimate")                    \
    X(from_highest_fd, PB_INTEGER, "fd number", "", "range fitted")            \
    X(to_highest_fd, PB_INTEGER, "fd number", "", "range fitted")              \
    X(from_fd_count, PB_INTEGER, "fds", "", "range fitted")                    \
    X(to_fd_count, PB_INTEGER, "fds", "", "range fitted")                      \
    X(from_ready_count, PB_INTEGER, "fds", "", "range fitted")                 \
    X(to_ready_count, PB_INTEGER, "fds", "", "range fitted")                   \
    X(flags, PB_TEXT, "", "",                                                  \
      "few (under PB_INVOCATIONS_FEW invocations), contended (contended "      \
      "points were left "                                                      \
      "out); else empty")                                                      \
    X(spread, PB_TEXT, "value of one row times that of another", "not known",  \
      "a number for each row of the model, separated by "                      \
      "spaces. With them as H and the terms' values at a point as x, half "    \
      "the 95 % interval of the cost there is the root of x' H x: the "        \
      "scatter over the invocations and the model's own rms, times Student's " \
      "t. Empty with one invocation")                                          \
    PB_HELD_COLUMNS(X)

/* growth.csv: how the cost grows along one factor, the others held; one row a
 * series. */
#define PB_GROWTH(X)                                                           \
    X(backend, PB_TEXT, "", "", "backend")                                     \
    X(stage, PB_TEXT, "", "", "what was timed")                                \
    X(layout, PB_TEXT, "", "", "layout of the points")                         \
    X(variable, PB_TEXT, "", "", "the factor that varies: x")                  \
    X(highest_fd, PB_INTEGER, "fd number", "",                                 \
      "M held fixed, to within a block of PB_FD_BLOCK; empty where it varies") \
    X(fd_count, PB_INTEGER, "fds", "", "N held fixed; empty where it varies")  \
    X(ready_count, PB_INTEGER, "fds", "",                                      \
      "R held fixed; empty where it varies")                                   \
    X(occupied_words, PB_INTEGER, "64-bit words", "",                          \
      "W held fixed; empty where it follows fd_count")                         \
    X(class, PB_TEXT, "", "",                                                  \
      "O(1), O(log n), O(sqrt n), O(n), O(n) bent (a line that bends once), "  \
      "O(n)..O(n log n) (between the two), O(n log n), O(n^2) or "             \
      "cannot-tell, n being x")                                                \
    X(left, PB_TEXT, "", "",                                                   \
      "the classes that are not excluded, separated by semicolons; what no "   \
      "longer fits is none")                                                   \
    X(exponent, PB_REAL, "", "",                                               \
      "p of the power a + b x^p that fits best: it describes the range, not "  \
      "the algorithm; empty for O(1) and where the points are too few")        \
    X(exponent_low, PB_REAL, "", "",                                           \
      "its 95 % interval: over invocations, and of leaving out any one point") \
    X(exponent_high, PB_REAL, "", "", "its 95 % interval")                     \
    X(counts, PB_TEXT, "", "",                                                 \
      "what x counts: the variable, or words (64-bit words of the bitmap up "  \
      "to it, M / 64 + 1)")                                                    \
    X(from, PB_INTEGER, "as the variable", "", "smallest value")               \
    X(to, PB_INTEGER, "as the variable", "",                                   \
      "largest value; of fd_count at most PB_CLASS_KNEE_SHARE of what the "    \
      "core's own cache holds")                                                \
    X(from_ns, PB_REAL, "ns per call", "", "the cost at from")                 \
    X(to_ns, PB_REAL, "ns per call", "", "the cost at to")                     \
    X(change_ns, PB_REAL, "ns per call", "",                                   \
      "how much more it costs at to, as mean over invocations of the "         \
      "difference")                                                            \
    X(change_low_ns, PB_REAL, "ns per call", "", "its 95 % t-interval")        \
    X(change_high_ns, PB_REAL, "ns per call", "", "its 95 % t-interval")       \
    X(factor, PB_REAL, "", "",                                                 \
      "how many times as much, likewise, on logarithms")                       \
    X(factor_low, PB_REAL, "", "", "its 95 % t-interval")                      \
    X(factor_high, PB_REAL, "", "", "its 95 % t-interval")                     \
    X(bend, PB_REAL, "x", "", "where the line bends, of O(n) bent alone")      \
    X(bend_low, PB_REAL, "x", "",                                              \
      "smallest place that a likelihood ratio (PB_CHI_SQUARE) does not "       \
      "reject")                                                                \
    X(bend_high, PB_REAL, "x", "", "largest such place")                       \
    X(bend_factor, PB_REAL, "", "", "slope beyond the bend over that before")  \
    X(slope_rise, PB_REAL, "", "",                                             \
      "last slope over first by the best bent or mixed form; empty if none "   \
      "is better than a line")                                                 \
    X(evidence, PB_TEXT, "", "",                                               \
      "for each form that is no O(1): its name, the rms of its relative "      \
      "residuals in %, and by how much its Bayesian criterion is above the "   \
      "best one's, separated by semicolons; excluded where that holds in the " \
      "invocations, too")                                                      \
    X(allowed_for, PB_TEXT, "", "",                                            \
      "columns beside x: places of the steps of steps.csv, and bit (the "      \
      "place of the bit in its word)")                                         \
    X(points, PB_INTEGER, "points", "", "values of x")                         \
    X(left_out, PB_INTEGER, "points", "",                                      \
      "failed, dirty or contended points of the series, which are not used")   \
    X(invocations, PB_INTEGER, "", "", "invocations that have both ends")      \
    X(flags, PB_TEXT, "", "",                                                  \
      "flags of its points, as in points.csv, of those left out, too")         \
    PB_HELD_COLUMNS(X)

/* slopes.csv: what one more costs, in windows that are the same in every run.
 */
#define PB_SLOPES(X)                                                           \
    X(backend, PB_TEXT, "", "", "backend")                                     \
    X(stage, PB_TEXT, "", "", "what was timed")                                \
    X(layout, PB_TEXT, "", "", "layout of the points")                         \
    X(variable, PB_TEXT, "", "", "the factor that varies")                     \
    X(highest_fd, PB_INTEGER, "fd number", "", "as in growth.csv")             \
    X(fd_count, PB_INTEGER, "fds", "", "as in growth.csv")                     \
    X(ready_count, PB_INTEGER, "fds", "", "as in growth.csv")                  \
    X(occupied_words, PB_INTEGER, "64-bit words", "", "as in growth.csv")      \
    X(window_from, PB_INTEGER, "as the variable", "",                          \
      "the window's smallest value")                                           \
    X(window_to, PB_INTEGER, "as the variable", "",                            \
      "its largest value; of a bitmap all numbers of a word are in it or not") \
    X(slope, PB_REAL, "see unit", "",                                          \
      "mean over invocations of the slope of a line through the window's "     \
      "points, with the steps and the bit's place as columns of their own")    \
    X(slope_low, PB_REAL, "see unit", "",                                      \
      "its 95 % interval, which holds lack of fit, too")                       \
    X(slope_high, PB_REAL, "see unit", "", "its 95 % interval")                \
    X(unit, PB_TEXT, "", "", "unit of slope, slope_low and slope_high")        \
    X(rms_percent, PB_REAL, "%", "", "relative residuals about the line")      \
    X(points, PB_INTEGER, "points", "", "points in the window")                \
    PB_HELD_COLUMNS(X)

/* holdout.csv: fitted on a quarter of the range, tested on the rest. */
#define PB_HOLDOUT(X)                                                          \
    X(backend, PB_TEXT, "", "", "backend")                                     \
    X(stage, PB_TEXT, "", "", "what was timed")                                \
    X(model, PB_TEXT, "", "",                                                  \
      "selected (as in models.csv, refitted), linear (1 + M + N + R), or "     \
      "one-term (Big-O without intercept)")                                    \
    X(form, PB_TEXT, "", "", "the terms that were fitted")                     \
    X(test, PB_TEXT, "", "",                                                   \
      "points predicted: small (N up to PB_SMALL_FDS) or large")               \
    X(train_highest_fd, PB_INTEGER, "fd number", "",                           \
      "largest M trained on; beyond it only the points within each step of "   \
      "steps.csv, and the ready_count sweep up to train_fd_count, without "    \
      "which nothing is known of a step's height or of R")                     \
    X(train_fd_count, PB_INTEGER, "fds", "", "largest N trained on")           \
    X(train_points, PB_INTEGER, "points", "", "points fitted")                 \
    X(test_points, PB_INTEGER, "points", "", "points predicted")               \
    X(median_percent, PB_REAL, "%", "",                                        \
      "median of |predicted / measured - 1|")                                  \
    X(p90_percent, PB_REAL, "%", "", "its 90th percentile")                    \
    X(max_percent, PB_REAL, "%", "", "the worst")                              \
    X(bias_percent, PB_REAL, "%", "", "mean of predicted / measured - 1")      \
    X(worst_layout, PB_TEXT, "", "", "where the worst one is")                 \
    X(worst_highest_fd, PB_INTEGER, "fd number", "", "where the worst one is") \
    X(worst_fd_count, PB_INTEGER, "fds", "", "where the worst one is")         \
    X(worst_ready_count, PB_INTEGER, "fds", "", "where the worst one is")      \
    X(flags, PB_TEXT, "", "", "few, contended; else empty")

/* crossovers.csv: where one backend becomes cheaper than another. */
#define PB_CROSSOVERS(X)                                                       \
    X(first, PB_TEXT, "", "", "the backend that is cheaper below the place")   \
    X(second, PB_TEXT, "", "", "the one that is cheaper above it")             \
    X(stage, PB_TEXT, "", "", "what was timed")                                \
    X(layout, PB_TEXT, "", "", "layout of the points compared")                \
    X(variable, PB_TEXT, "", "",                                               \
      "what varies: fd_count, highest_fd, or ready_share (R / N)")             \
    X(highest_fd, PB_INTEGER, "fd number", "",                                 \
      "M held fixed; empty where it varies")                                   \
    X(fd_count, PB_INTEGER, "fds", "", "N held fixed; empty where it varies")  \
    X(ready_count, PB_INTEGER, "fds", "", "R held fixed; empty if it varies")  \
    X(status, PB_TEXT, "", "",                                                 \
      "found; always (first is cheaper in the whole range); level (neither "   \
      "is cheaper by more than the margin anywhere; or, of one family, they "  \
      "cross and are level at most points); cannot-tell")                      \
    X(place, PB_REAL, "as the variable", "",                                   \
      "where the costs are equal: geometric mean over invocations")            \
    X(low, PB_REAL, "as the variable", "", "its 95 % t-interval")              \
    X(high, PB_REAL, "as the variable", "", "its 95 % t-interval")             \
    X(from, PB_REAL, "as the variable", "", "smallest value compared")         \
    X(to, PB_REAL, "as the variable", "", "largest value compared")            \
    X(ratio_from, PB_REAL, "", "", "cost of first over second at from")        \
    X(ratio_to, PB_REAL, "", "", "cost of first over second at to")            \
    X(points, PB_INTEGER, "", "", "points compared")                           \
    X(invocations, PB_INTEGER, "", "", "invocations with a crossing")          \
    X(reason, PB_TEXT, "", "", "why it cannot be told; else empty")            \
    PB_HELD_COLUMNS(X)

/* ratios.csv: every pair of backends at the points of the grid sweep. */
#define PB_RATIOS(X)                                                           \
    X(first, PB_TEXT, "", "", "a backend")                                     \
    X(second, PB_TEXT, "", "", "another")                                      \
    X(stage, PB_TEXT, "", "", "what was timed")                                \
    X(layout, PB_TEXT, "", "", "layout")                                       \
    X(highest_fd, PB_INTEGER, "fd number", "", "M")                            \
    X(fd_count, PB_INTEGER, "fds", "", "N")                                    \
    X(ready_count, PB_INTEGER, "fds", "", "R")                                 \
    X(occupied_words, PB_INTEGER, "64-bit words", "", "W")                     \
    X(ratio, PB_REAL, "", "",                                                  \
      "cost of first over second, as geometric mean over invocations")         \
    X(low, PB_REAL, "", "", "its 95 % t-interval, on logarithms")              \
    X(high, PB_REAL, "", "", "its 95 % t-interval")                            \
    X(invocations, PB_INTEGER, "", "", "invocations that have both")           \
    X(flags, PB_TEXT, "", "", "flags of either point, as in points.csv")

/* findings.csv: what each figure shows. */
#define PB_FINDINGS(X)                                                         \
    X(sweep, PB_TEXT, "", "",                                                  \
      "a sweep with a figure; sawtooth: between the steps; history: beside "   \
      "the published figures; metric and its name: its words; machine: what "  \
      "it was measured on; or levels: of a run that is unsettled")             \
    X(fd_count, PB_INTEGER, "fds", "", "N; empty where it varies")             \
    X(title, PB_TEXT, "", "", "title of a figure or of one of its panels")     \
    X(sentence, PB_TEXT, "", "",                                               \
      "the same with 95 % t-intervals; of growth.csv, crossovers.csv, "        \
      "steps.csv and history.csv; no change means that the whole interval is " \
      "within the larger of PB_NOTHING_NS and PB_NOTHING_SHARE of the cost, "  \
      "or the class O(1)")

/* layer.csv: what the library adds to the bare call, from pairs in the same
 * round of the raw sweep. */
#define PB_LAYER(X)                                                            \
    X(backend, PB_TEXT, "", "", "backend")                                     \
    X(layout, PB_TEXT, "", "", "layout")                                       \
    X(highest_fd, PB_INTEGER, "fd number", "", "M")                            \
    X(fd_count, PB_INTEGER, "fds", "", "N")                                    \
    X(ready_count, PB_INTEGER, "fds", "", "R")                                 \
    X(raw_ns, PB_REAL, "ns per call", "",                                      \
      "the bare glibc call; of select-textbook a textbook's loop around it")   \
    X(layer_ns, PB_REAL, "ns per call", "",                                    \
      "mean over invocations of the median over rounds of (all - raw)")        \
    X(low_ns, PB_REAL, "ns per call", "", "its 95 % t-interval")               \
    X(high_ns, PB_REAL, "ns per call", "", "its 95 % t-interval")              \
    X(layer_percent, PB_REAL, "%", "", "layer_ns over raw_ns")                 \
    X(pairs, PB_INTEGER, "pairs", "", "clean pairs")                           \
    X(invocations, PB_INTEGER, "", "", "invocations it rests on")              \
    X(flags, PB_TEXT, "", "",                                                  \
      "few (under PB_INVOCATIONS_FEW invocations); else empty")

/* differences.csv: what another value of a factor costs, along the x axis of
 * the sweeps whose cases compare it. */
#define PB_DIFFERENCES(X)                                                      \
    PB_FACTORS(X)                                                              \
    X(differs, PB_TEXT, "", "", "the factor that differs")                     \
    X(other, PB_TEXT, "", "", "its value at the other point")                  \
    X(variable, PB_TEXT, "", "", "the x axis")                                 \
    X(difference_ns, PB_REAL, "unit per call", "",                             \
      "how much more that one costs: mean over invocations")                   \
    X(low_ns, PB_REAL, "unit per call", "", "its 95 % t-interval")             \
    X(high_ns, PB_REAL, "unit per call", "", "its 95 % t-interval")            \
    X(since, PB_INTEGER, "as the variable", "", "the smallest x with both")    \
    X(per_ns, PB_REAL, "unit per call and x", "",                              \
      "how much of that each x more costs, since that one")                    \
    X(per_low_ns, PB_REAL, "unit per call and x", "", "its 95 % t-interval")   \
    X(per_high_ns, PB_REAL, "unit per call and x", "", "its 95 % t-interval")  \
    X(invocations, PB_INTEGER, "", "", "invocations that have both")           \
    X(flags, PB_TEXT, "", "", "flags of either point, as in points.csv")

/* predictions.csv: what the law of a server says of the servers of the run. */
#define PB_PREDICTIONS(X)                                                      \
    PB_FACTORS(X)                                                              \
    X(regime, PB_TEXT, "", "",                                                 \
      "sleeping, awake or overload: docs/method.md, \"Predicting\"")           \
    X(service_ns, PB_REAL, "ns", "",                                           \
      "CPU time of a request but for the wait, from the calls that look "      \
      "through ready fds alone")                                               \
    X(predicted, PB_REAL, "unit of the metric", "",                            \
      "by the models of passes over the fds")                                  \
    X(low, PB_REAL, "unit of the metric", "", "from all warm to all cold")     \
    X(high, PB_REAL, "unit of the metric", "", "from all warm to all cold")    \
    X(measured, PB_REAL, "unit of the metric", "", "as in points.csv")         \
    X(error_percent, PB_REAL, "%", "",                                         \
      "by how much more was predicted than measured")                          \
    X(beyond, PB_TEXT, "", "", "where it lies outside what was fitted")

/* results/claims.csv: statements made in public, as data to be tested. Adding
 * one is adding a row. */
#define PB_CLAIMS(X)                                                           \
    X(claim, PB_TEXT, "", "", "short name, unique")                            \
    X(statement, PB_TEXT, "", "", "what was said, in its own words or ours")   \
    X(source, PB_TEXT, "", "", "where, so that it can be looked up")           \
    X(year, PB_INTEGER, "", "", "when it was said")                            \
    X(expectation, PB_TEXT, "", "",                                            \
      "a class of growth.csv, such as O(n), n being the variable: that class " \
      "alone supports it (or a line that bends), another refutes it; "         \
      "depends, independent (of the variable); cheaper, not-cheaper, same "    \
      "(the cost as other's at the base point); crossover (backend cheaper "   \
      "below the expected place, other above it); value (expected, in the "    \
      "unit of the metric)")                                                   \
    X(backend, PB_TEXT, "", "", "backend it is about")                         \
    X(other, PB_TEXT, "", "",                                                  \
      "backend compared with, or name=value ...: the same but for these "      \
      "factors; empty: none")                                                  \
    X(stage, PB_TEXT, "", "", "stage it is about")                             \
    X(variable, PB_TEXT, "", "",                                               \
      "a factor, such as fd_count, or ready_share; empty: none")               \
    X(layout, PB_TEXT, "", "packed", "layout of the points to use")            \
    X(highest_fd, PB_TEXT, "fd number", "",                                    \
      "base point: a number; max or lowest (of what was measured with enough " \
      "points); any (the value with the most points); each (of depends and "   \
      "independent: at every value with two points, up to PB_SMALL_FDS fds); " \
      "empty for the variable itself")                                         \
    X(fd_count, PB_TEXT, "fds", "", "base point, likewise")                    \
    X(ready_count, PB_TEXT, "fds", "",                                         \
      "base point, likewise; all = as many as are watched")                    \
    X(expected, PB_REAL, "as the variable", "",                                \
      "expected place of a crossover, below 1 a share of highest_fd; empty: "  \
      "anywhere; or expected value")                                           \
    X(tolerance_percent, PB_REAL, "%", "3",                                    \
      "difference that counts as none: of the base cost, or of expected")      \
    X(held, PB_TEXT, "", "usual",                                              \
      "other factors at the base point, as name=value with spaces between; "   \
      "those not named are as most points have them, and the metric is cost; " \
      "usual or empty: none is named")

/* claims.csv of a run: the verdict on each claim. */
#define PB_VERDICTS(X)                                                         \
    X(claim, PB_TEXT, "", "", "name in results/claims.csv")                    \
    X(statement, PB_TEXT, "", "", "copied from there")                         \
    X(source, PB_TEXT, "", "", "copied from there")                            \
    X(year, PB_INTEGER, "", "", "copied from there")                           \
    X(expectation, PB_TEXT, "", "", "copied from there")                       \
    X(verdict, PB_TEXT, "", "", "supported, refuted or cannot-tell")           \
    X(finding, PB_TEXT, "", "", "one sentence: what was found, with numbers")  \
    X(backend, PB_TEXT, "", "", "copied")                                      \
    X(other, PB_TEXT, "", "", "copied")                                        \
    X(stage, PB_TEXT, "", "", "copied")                                        \
    X(variable, PB_TEXT, "", "", "copied")                                     \
    X(layout, PB_TEXT, "", "", "layout of the points used")                    \
    X(highest_fd, PB_INTEGER, "fd number", "", "base point; empty if varied")  \
    X(fd_count, PB_INTEGER, "fds", "", "base point; empty if varied")          \
    X(ready_count, PB_INTEGER, "fds", "", "base point; empty if varied")       \
    X(from, PB_REAL, "as the variable", "", "smallest value tested")           \
    X(to, PB_REAL, "as the variable", "", "largest value tested")              \
    X(effect, PB_REAL, "see unit", "",                                         \
      "exponent, change, ratio (backend / other), or place of the crossover")  \
    X(low, PB_REAL, "see unit", "", "its 95 % t-interval")                     \
    X(high, PB_REAL, "see unit", "", "its 95 % t-interval")                    \
    X(unit, PB_TEXT, "", "", "unit of effect, low and high")                   \
    X(change_ns, PB_REAL, "ns per call", "",                                   \
      "measured change, as in growth.csv, or difference of the two costs")     \
    X(margin_ns, PB_REAL, "ns per call", "",                                   \
      "what counts as no effect: the larger of PB_NOTHING_NS and the "         \
      "claim's tolerance of base_ns")                                          \
    X(base_ns, PB_REAL, "ns per call", "",                                     \
      "cost at the base point (lowest value of the variable)")                 \
    X(share_percent, PB_REAL, "%", "",                                         \
      "share of the cost at the end of the range that the variable explains")  \
    X(points, PB_INTEGER, "", "", "points used")                               \
    X(invocations, PB_INTEGER, "", "", "invocations used")                     \
    X(flags, PB_TEXT, "", "", "few, contended, dirty; else empty")

/* results/published.csv: figures others have published, as they gave them. */
#define PB_PUBLISHED(X)                                                        \
    X(source, PB_TEXT, "", "", "who published it, and where")                  \
    X(year, PB_INTEGER, "", "", "when")                                        \
    X(kernel, PB_TEXT, "", "", "kernel, as stated")                            \
    X(hardware, PB_TEXT, "", "", "machine, as stated")                         \
    X(metric, PB_TEXT, "", "", "what was measured, in their terms")            \
    X(backend, PB_TEXT, "", "", "system call")                                 \
    X(fds, PB_INTEGER, "fds", "", "fds watched")                               \
    X(active, PB_INTEGER, "fds", "", "fds ready; empty: not stated")           \
    X(value, PB_REAL, "see unit", "", "the figure")                            \
    X(unit, PB_TEXT, "", "", "its unit; a time is in ns, us, ms or s")         \
    X(series, PB_TEXT, "", "none",                                             \
      "short name for a legend, one line in a plot")                           \
    X(calls, PB_INTEGER, "calls", "0",                                         \
      "calls that the figure covers: a chain of w writes among a active fds "  \
      "takes (a + w) / a waits; empty: it is no cost of a call")               \
    X(includes, PB_TEXT, "", "none", "what else the figure holds; else empty")

/* history.csv: those that are a cost of a call, in one unit, and this run's
 * own line (year empty) beside them. */
#define PB_HISTORY(X)                                                          \
    X(source, PB_TEXT, "", "", "as in published.csv; this run: its run id")    \
    X(series, PB_TEXT, "", "", "short name for a legend, one line in a plot")  \
    X(year, PB_INTEGER, "", "", "year; empty for this run")                    \
    X(kernel, PB_TEXT, "", "", "kernel")                                       \
    X(backend, PB_TEXT, "", "", "system call or backend")                      \
    X(fds, PB_INTEGER, "fds", "", "fds watched")                               \
    X(active, PB_INTEGER, "fds", "", "fds ready")                              \
    X(call_ns, PB_REAL, "ns per call", "", "cost of one call")                 \
    X(fd_ns, PB_REAL, "ns per watched fd per call", "", "call_ns / fds")       \
    X(growth, PB_TEXT, "", "",                                                 \
      "how the series grows with fds: flat, linear, bent (linear, steeper "    \
      "beyond some count), n-log-n, quadratic, or cannot-tell; of this run "   \
      "the class of growth.csv, which may be log or sqrt, too")                \
    X(includes, PB_TEXT, "", "",                                               \
      "what the figure holds beside the call (write, dispatch, ...); empty: "  \
      "nothing")

/* comparison.csv of pollbench compare: every quantity in every two columns,
 * and, where they are many, in every run against its column. */
#define PB_COMPARISON(X)                                                       \
    X(label_a, PB_TEXT, "", "",                                                \
      "label, value of a label's key, or all labels")                          \
    X(label_b, PB_TEXT, "", "", "another, or the folder of a run")             \
    X(of, PB_TEXT, "", "", "what label_b names: label or run")                 \
    X(kind, PB_TEXT, "", "",                                                   \
      "class (of growth; number: exponent), mean (geometric, over the points " \
      "of up to PB_SMALL_FDS fds that all runs have), change (from one end "   \
      "of a series to the other), slope, crossover (number: place), cost (of " \
      "a point)")                                                              \
    X(backend, PB_TEXT, "", "", "backend; of a crossover both")                \
    X(stage, PB_TEXT, "", "", "what was timed")                                \
    X(metric, PB_TEXT, "", "", "what was measured")                            \
    X(quantity, PB_TEXT, "", "", "what varies, and what is held")              \
    X(unit, PB_TEXT, "", "", "unit of a and b")                                \
    X(a, PB_REAL, "see unit", "",                                              \
      "mean over the runs of label_a, of logarithms if they are compared by "  \
      "ratios; the median where runs are compared with their column")          \
    X(b, PB_REAL, "see unit", "", "the same of label_b")                       \
    X(text_a, PB_TEXT, "", "", "class, or which backend is cheaper")           \
    X(text_b, PB_TEXT, "", "", "the same of label_b")                          \
    X(scale, PB_TEXT, "", "",                                                  \
      "effect is the ratio b / a or the difference b - a")                     \
    X(effect, PB_REAL, "see scale", "", "of these a and b")                    \
    X(low, PB_REAL, "see scale", "",                                           \
      "its 95 % interval over runs; over invocations if no label has two; "    \
      "of a run against its column what is not odd")                           \
    X(high, PB_REAL, "see scale", "", "likewise")                              \
    X(p_adjusted, PB_REAL, "", "",                                             \
      "chance of so large a difference without one, after Benjamini and "      \
      "Hochberg over all rows of points, or all others")                       \
    X(verdict, PB_TEXT, "", "",                                                \
      "slower, faster (of times), larger, smaller (label_b, beyond the "       \
      "threshold, p_adjusted < PB_FALSE_SHARE), differs (texts that exclude "  \
      "each other), same (interval within the threshold, or less apart than "  \
      "makes PB_NOTHING_NS of a cost), odd (a run among many) or cannot-tell") \
    X(headline, PB_INTEGER, "", "",                                            \
      "1: one of those that stand for a backend: the whole call on the "       \
      "lowest "                                                                \
      "fd alone; what one more costs, from 64 fds watched or ready on, and "   \
      "from the thousandth fd number on; else 0")                              \
    X(letters_a, PB_TEXT, "", "",                                              \
      "labels that share one cannot be told apart; empty without repeats")     \
    X(letters_b, PB_TEXT, "", "", "likewise")

/* Keys of host.csv: X(key, unit, meaning). Each may be missing, and missing
 * or empty means "not known here". */
#define PB_HOST_KEYS(X)                                                        \
    X(schema, "", "version of these files' columns")                           \
    X(project_version, "", "version of pollbench")                             \
    X(commit, "", "commit it was built from")                                  \
    X(run_id, "", "name of the run")                                           \
    X(started, "", "ISO 8601, UTC")                                            \
    X(ended, "", "ISO 8601, UTC")                                              \
    X(complete, "",                                                            \
      "no when the run starts, yes when all invocations are done; the last "   \
      "row counts")                                                            \
    X(partial, "", "why the run ended early; one row each time")               \
    X(seam, "", "first invocation after a resume, and when; one row each")     \
    X(kernel, "", "release and version of the running kernel")                 \
    X(kernel_build, "", "build of the kernel, as uname -v prints it")          \
    X(machine, "", "hardware name, as uname -m prints it")                     \
    X(cpu_model, "", "CPU model name")                                         \
    X(cpu_id, "",                                                              \
      "family, model and stepping: what CPUs of one name differ in")           \
    X(cpu_clock, "MHz", "its clock when the run started")                      \
    X(cpus_online, "", "CPUs the kernel runs on")                              \
    X(cpus_used, "", "CPUs the invocations were pinned to")                    \
    X(cache_l1d, "bytes", "first-level data cache of one core")                \
    X(cache_l2, "bytes", "second-level cache")                                 \
    X(cache_l3, "bytes", "third-level cache")                                  \
    X(page_size, "bytes", "page size")                                         \
    X(governor, "", "frequency governor")                                      \
    X(mitigations, "", "CPU vulnerabilities and what the kernel does")         \
    X(hypervisor, "", "hypervisor, or none")                                   \
    X(container, "", "container, or none")                                     \
    X(limit_soft, "fds", "soft descriptor limit at the start")                 \
    X(limit_hard, "fds", "hard descriptor limit")                              \
    X(highest_fd_possible, "fd number", "highest fd the run could use")        \
    X(clock_source, "", "kernel clock source")                                 \
    X(clock_cost, "ns", "cost of one reading of the clock")                    \
    X(compiler, "", "compiler and version")                                    \
    X(compiler_flags, "", "flags it was built with")                           \
    X(libc, "", "C library and version")                                       \
    X(argument, "", "one word of the command line; repeats")                   \
    X(label, "", "KEY=VALUE: what its user calls the run; repeats")            \
    X(seed, "", "seed of the random orders")                                   \
    X(preset, "", "quick, default, full or count")                             \
    X(counter, "",                                                             \
      "instructions: the clock counts those of an emulator, and all that is "  \
      "in ns is in instructions; or time")                                     \
    X(emulator, "", "version of the emulator of a counted run")                \
    X(emulator_command, "", "its command line, files by name only")            \
    X(kernel_image, "", "name and version of the kernel of a counted run")     \
    X(kernel_config, "", "SHA-256 of its configuration, if known")             \
    X(invocations, "", "invocations planned")                                  \
    X(invocations_most, "",                                                    \
      "invocations at most: more than planned are measured while they are "    \
      "far apart as a whole")                                                  \
    X(rounds, "", "rounds planned per invocation")                             \
    X(batch_target, "ns", "length of a batch that was aimed at")               \
    X(load_1min_start, "", "load average before")                              \
    X(load_1min_end, "", "load average after")                                 \
    X(steal_start, "clock ticks",                                              \
      "CPU time taken by the hypervisor since boot, before the run")           \
    X(steal_end, "clock ticks", "and after it")                                \
    X(pressure_cpu_some_start, "us",                                           \
      "time in which some task waited for a CPU (PSI) since boot, before the " \
      "run")                                                                   \
    X(pressure_cpu_some_end, "us", "and after it")                             \
    X(pressure_memory_some_start, "us", "the same for memory")                 \
    X(pressure_memory_some_end, "us", "and after it")                          \
    X(farm_pairs, "pairs", "socket pairs of the farm")                         \
    X(farm_build, "ns", "time to make the farm")                               \
    X(farm_tear_down, "ns", "time to close it")                                \
    X(series, "", "points times backends times stages that were planned")      \
    X(sets_kept_open, "",                                                      \
      "yes if every set had its epoll fd for the whole run")                   \
    X(rows, "rows", "rows of samples.csv")                                     \
    X(failed_batches, "batches", "batches without a valid measurement")        \
    X(interrupted_batches, "batches", "batches with an involuntary switch")    \
    X(extra_rounds, "rounds", "rounds added for want of clean batches")        \
    X(scheduling, "",                                                          \
      "policy, and nice or priority, of the measuring processes; a row more "  \
      "when it was changed")                                                   \
    X(cpu_quota, "", "CPU time that control groups allow it, or none")         \
    X(throttled_periods, "periods",                                            \
      "in which that quota ran out during the run")                            \
    X(throttled, "ns", "time that processes were held for it, of all CPUs")    \
    X(seccomp_filters, "", "filters that look at each system call")            \
    X(speculation_store_bypass, "",                                            \
      "what the kernel or a parent chose for this process")                    \
    X(speculation_indirect_branch, "", "likewise")                             \
    X(aslr, "", "whether addresses are random: on, or off and by what")        \
    X(preloaded, "", "library loaded before the C library; repeats")           \
    X(tracer, "", "program that traced the measuring processes")               \
    X(traced_rounds, "rounds", "rounds at whose end it was there")             \
    X(stops, "", "times that a measuring process was stopped and continued")   \
    X(moved_batches, "batches",                                                \
      "batches on another CPU than their process was pinned to")               \
    X(accompanied_batches, "batches",                                          \
      "batches in which threads or processes of the case's own took part: "    \
      "they wait for CPUs, too, so that pressure_cpu says nothing of others")  \
    X(waited_for_quiet, "ns",                                                  \
      "time waited for neighbours to leave the cache alone")                   \
    X(note, "", "something to know; may repeat")                               \
    X(warning, "", "something to know before believing; may repeat")

#endif
