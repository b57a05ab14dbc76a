/* SPDX-License-Identifier: MIT */
/* Every margin and threshold that measuring, analysis and report go by, each
 * once: the table of docs/method.md, "Rules", is generated from this list
 * (pollbench schema --rules), and what is written elsewhere names them.
 *
 * X(type, name, value, unit, meaning): COUNT is a constant integer expression,
 * REAL a double.
 */
#ifndef PB_RULES_H
#define PB_RULES_H

/* What is measured, and when once more. */
#define PB_RULES_OF_MEASURING(X)                                               \
    X(COUNT, PB_BATCH_NS, 50000, "ns",                                         \
      "length of a batch, if not told otherwise: shorter ones are quantised "  \
      "by the clock, longer ones are preempted")                               \
    X(COUNT, PB_WARM_IDLE, 2, "calls",                                         \
      "a set is warm after so many untimed calls in a row without a gain")     \
    X(COUNT, PB_WARM_GAIN_PARTS, 32, "parts of a call",                        \
      "a gain is a call cheaper than the cheapest before it by one of these")  \
    X(COUNT, PB_WARM_MOST_NS, 50000000, "ns",                                  \
      "untimed calls end after so long: what takes longer fits no cache")      \
    X(COUNT, PB_CLOCK_COST_MOST_NS, 100000, "ns",                              \
      "a clock that costs more to read is refused: it is some 20, and "        \
      "without "                                                               \
      "the vDSO a few hundred")                                                \
    X(COUNT, PB_CLOCK_ASTRAY_NS, 1000000, "ns",                                \
      "a batch is void if two clocks differ by more than this and a tenth")    \
    X(COUNT, PB_CLEAN_WANTED, 5, "batches",                                    \
      "clean ones wanted of a point in each invocation, or as many as there "  \
      "are rounds: to measure no more rounds, and to be estimated from them")  \
    X(COUNT, PB_COUNTS_WANTED, 2, "batches",                                   \
      "of the least count of a point wanted in each invocation, to measure "   \
      "no more rounds")                                                        \
    X(COUNT, PB_ROUNDS_MOST, 3, "times the rounds planned",                    \
      "rounds are added up to this for want of clean batches")                 \
    X(REAL, PB_INVOCATIONS_MOST, 1.5, "times the invocations of the preset",   \
      "invocations are added up to this while a run is unsettled")             \
    X(COUNT, PB_REPEATS_MOST, 4, "times",                                      \
      "a batch is run whose CPU time others may have disturbed")               \
    X(COUNT, PB_PARTNER_PATIENCE_NS, 1000000000, "ns",                         \
      "a partner of which nothing is asked for so long gives up")              \
    X(COUNT, PB_SERVER_PATIENCE_S, 10, "s",                                    \
      "a server that does not answer for so long after its start is not up")   \
    X(COUNT, PB_TRIES, 3, "rounds",                                            \
      "what is measured once in an invocation is tried in so many of them "    \
      "until it is clean")                                                     \
    X(COUNT, PB_WINDOW_NS, 80000000, "ns",                                     \
      "in which a server's requests are counted, at least")                    \
    X(REAL, PB_PARTNER_SHARE, 0.97, "of its CPU",                              \
      "a partner that spins has at least so much, or others were there, and "  \
      "what was measured is disturbed")                                        \
    X(REAL, PB_RATE_SHARE, 0.995, "of the rate",                               \
      "with less reached, it is an overrun, and has no percentiles")           \
    X(COUNT, PB_BEYOND, 10, "events",                                          \
      "with fewer beyond a percentile in an invocation there is none")         \
    X(COUNT, PB_PROBE_SLOW_NS, 50, "ns per load",                              \
      "a memory probe that takes longer says that others use the cache")       \
    X(REAL, PB_SWITCHED_SHARE, 0.01, "of the batches",                         \
      "more of them interrupted are worth a warning")                          \
    X(REAL, PB_SPEED_RATIO, 1.2, "slowest over fastest",                       \
      "a slower reference loop is a slow one")                                 \
    X(REAL, PB_SPEED_SHARE, 0.1, "of the reference loops on a CPU",            \
      "with more slow ones, its clock changed")                                \
    X(REAL, PB_STEAL_SHARE, 0.01, "of the time of all CPUs",                   \
      "that the hypervisor took: more is worth a warning")                     \
    X(REAL, PB_PRESSURE_SHARE, 0.05, "of the time",                            \
      "in which something waited for a CPU or for memory: more is worth a "    \
      "warning")                                                               \
    X(COUNT, PB_FD_BLOCK, 8, "fd numbers",                                     \
      "in each block of so many one pair is ready at both ends; M is the "     \
      "same "                                                                  \
      "to within a block")

/* From batches to an estimate. */
#define PB_RULES_OF_POINTS(X)                                                  \
    X(REAL, PB_ESTIMATE_SHARE, 0.25, "of the clean batches",                   \
      "the quantile of them that is the cost in an invocation")                \
    X(REAL, PB_DIRTY_SHARE, 0.5, "of the invocations",                         \
      "with fewer that have clean batches enough, a point is dirty")           \
    X(REAL, PB_CONFIDENCE, 0.95, "",                                           \
      "of every interval; Student's t over the invocations")                   \
    X(COUNT, PB_INVOCATIONS_FEW, 6, "invocations",                             \
      "with fewer, an estimate is flagged few")                                \
    X(REAL, PB_COUNT_SHARE, 1e-6, "of the count",                              \
      "batches of a count that differ by no more are alike, and it is exact")  \
    X(REAL, PB_SUM_SHARE, 1e-9, "of a sum",                                    \
      "sums of counts that differ by no more are alike: that is rounding")     \
    X(REAL, PB_LEVEL_SPREAD, 0.03, "standard deviation of logarithms",         \
      "a run whose invocations' levels (levels.csv) spread more is unsettled") \
    X(REAL, PB_CAUSE_SHARE, 0.75, "of the variance of levels",                 \
      "evidence that explains more of it is named as what went with it")       \
    X(COUNT, PB_FD_OBJECT_BYTES, 1024, "bytes",                                \
      "of kernel objects an fd has: sets beyond (second-level cache) / this "  \
      "outgrow the core's own cache")                                          \
    X(COUNT, PB_KNEE_FDS, 1024, "fds",                                         \
      "taken for that where the size of the cache is not known")               \
    X(REAL, PB_SPREAD_MOST, 1.25, "dearest but one over cheapest invocation",  \
      "further apart, such a set is contended")                                \
    X(REAL, PB_SPREAD_SHARED, 1.1, "dearest but one over cheapest invocation", \
      "the same where the memory probes of most invocations were slow")        \
    X(COUNT, PB_SMALL_FDS, 1024, "fds",                                        \
      "sets of more are large: their cost is as much the cache's as the "      \
      "kernel's, so that hold-out tests and sentences keep them apart")

/* What counts as a difference. */
#define PB_RULES_OF_DIFFERENCES(X)                                             \
    X(COUNT, PB_NOTHING_NS, 5, "ns",                                           \
      "less is no difference between two costs, and no step")                  \
    X(REAL, PB_NOTHING_SHARE, 0.03, "of the cost",                             \
      "nor is less than this; a claim may have a tolerance of its own")        \
    X(COUNT, PB_DIFFERENCE_FDS, 256, "fds",                                    \
      "up to so many, which most caches hold, it is said what another way "    \
      "costs more with each")                                                  \
    X(COUNT, PB_LINE_POINTS, 3, "points", "fewer are no line and no crossing") \
    X(COUNT, PB_BASE_POINTS, 4, "points",                                      \
      "a base point with as many on its line is taken before one with fewer")  \
    X(REAL, PB_FALSE_SHARE, 0.05, "of what is called changed",                 \
      "false discoveries that compare allows")                                 \
    X(COUNT, PB_CHANGE_PERCENT, 5, "%",                                        \
      "changes up to this are none to compare, if not told otherwise")         \
    X(COUNT, PB_REPEATS_FEW, 3, "runs of a label",                             \
      "repeats to measure at least where compare cannot tell")                 \
    X(REAL, PB_QUARTILE_RANGES, 1.5, "quartile ranges",                        \
      "a run further from the quartiles of many, and beyond the threshold, "   \
      "is odd")                                                                \
    X(REAL, PB_OPEN_SHARE, 0.5, "of what is known of a backend and stage",     \
      "where more cannot be told, compare does not say that nothing "          \
      "changed")                                                               \
    X(REAL, PB_GROWTH_RMS, 0.1, "of the cost",                                 \
      "a form of growth that is further off on average (rms) does not fit")    \
    X(REAL, PB_FLAT_EXPONENT, 0.1, "power of N", "what grows less is flat")    \
    X(COUNT, PB_GROWTH_RANGE, 8, "largest over smallest N",                    \
      "over less, growth cannot be told")                                      \
    X(COUNT, PB_GROWTH_POINTS, 5, "figures",                                   \
      "with fewer, only flat and linear can be told")

/* Where cost jumps. */
#define PB_RULES_OF_STEPS(X)                                                   \
    X(COUNT, PB_SCAN_POINTS, 12, "points", "a shorter scan shows no step")     \
    X(COUNT, PB_SCAN_PIECES, 40, "pieces",                                     \
      "a scan is taken apart into no more, nor into more than a third of its " \
      "points")                                                                \
    X(COUNT, PB_SCAN_POLISHES, 3, "times",                                     \
      "each piece is then taken out and chosen again")                         \
    X(COUNT, PB_STEP_SIDE_POINTS, 2, "points",                                 \
      "with fewer on either side there is no step")                            \
    X(COUNT, PB_STEP_EDGE_POINTS, 3, "points",                                 \
      "with fewer on either side a step is flagged edge")                      \
    X(REAL, PB_STEP_CHANCE, 0.001, "", "the p-value of a step is below this")  \
    X(COUNT, PB_AGREED_INVOCATIONS, 3, "invocations",                          \
      "from so many on, the interval of a step or bend must exclude 0")        \
    X(REAL, PB_STEP_TINY_SHARE, 0.01, "of the cost",                           \
      "a smaller step is minor: where an fd lies makes such a difference")     \
    X(REAL, PB_STEP_COUNT_SHARE, 0.001, "of the count",                        \
      "a smaller step of a count is none: a batch's own part, which is "       \
      "shared "                                                                \
      "by its calls, makes such a difference")                                 \
    X(COUNT, PB_STEP_MINOR_NS, 25, "ns", "so is one under this")               \
    X(REAL, PB_STEP_MINOR_SHARE, 0.05, "of the cost", "and under this")

/* What a cost is made of. */
#define PB_RULES_OF_MODELS(X)                                                  \
    X(COUNT, PB_MODEL_POINTS, 8, "points", "fewer are not fitted")             \
    X(COUNT, PB_SCATTERED_FDS, 256, "fds",                                     \
      "of layouts that are not packed, larger sets are not fitted")            \
    X(REAL, PB_DISTINCT_SHARE, 0.01, "of a term",                              \
      "what those before it leave of a term that can be told from them")       \
    X(REAL, PB_WORTH_SHARE, 0.01, "of the cost",                               \
      "a term that explains less everywhere is dropped")                       \
    X(COUNT, PB_TRAIN_PARTS, 4, "parts of the range",                          \
      "one of them is trained on, the others are predicted")                   \
    X(COUNT, PB_VARIED_VALUES, 5, "values",                                    \
      "of a factor among the training points, if the others have as many")

/* How a cost grows. Chosen on the truths of tests/analyze/growth_truths.c and
 * on real runs: who changes one repeats the tables of docs/method.md, "Growth
 * classes". */
#define PB_RULES_OF_GROWTH(X)                                                  \
    X(COUNT, PB_CLASS_POINTS, 8, "points", "fewer have no class")              \
    X(COUNT, PB_CLASS_RANGE, 32, "largest over smallest x",                    \
      "over less, there is no class")                                          \
    X(REAL, PB_CLASS_KNEE_SHARE, 0.5,                                          \
      "of the fds that the core's own cache holds",                            \
      "a class in the number of fds is told from no more")                     \
    X(COUNT, PB_BIC_CLEAR, 6, "",                                              \
      "a form is better if its Bayesian criterion is lower by more")           \
    X(REAL, PB_CLASS_RMS, 0.05, "of the cost",                                 \
      "no class is named that is further off on average (rms)")                \
    X(REAL, PB_BETWEEN_RMS, 0.10, "of the cost",                               \
      "the same of a line whose slope rises, between O(n) and O(n log n)")     \
    X(REAL, PB_EXPONENT_OFF, 0.15, "",                                         \
      "how far the exponent may be from its class's")                          \
    X(REAL, PB_EXPONENT_HALF_WIDTH, 0.2, "", "half its interval at most")      \
    X(REAL, PB_BENT_EXPONENT_OFF, 0.25, "",                                    \
      "how far it may be from 1 where a line bends")                           \
    X(REAL, PB_BETWEEN_EXPONENT_LOW, 0.85, "",                                 \
      "the exponent between O(n) and O(n log n) is above this")                \
    X(REAL, PB_BETWEEN_EXPONENT_HIGH, 1.35, "", "and below this")              \
    X(REAL, PB_SLOPE_FACTOR, 1.25, "times",                                    \
      "a slope that changes by less is one slope")                             \
    X(REAL, PB_BEND_FACTOR_LOW, 0.5, "times",                                  \
      "a line may bend by this at least")                                      \
    X(REAL, PB_BEND_FACTOR_HIGH, 2.2, "times", "and by this at most")          \
    X(REAL, PB_START_SHARE, 0.25, "of the range",                              \
      "there, too, n log n and n^2 must exclude the line")                     \
    X(COUNT, PB_START_POINTS, 4, "points and the columns",                     \
      "fewer there exclude nothing")                                           \
    X(REAL, PB_FLOOR_RMS, 0.002, "of the cost",                                \
      "smaller errors are nobody's evidence, unless costs repeat better")      \
    X(REAL, PB_TIME_ROUNDING, 1e-6, "of the cost",                             \
      "nor are ever those of rounding in the files")                           \
    X(REAL, PB_COUNT_ROUNDING, 0.2887, "",                                     \
      "standard deviation of a count that was rounded")                        \
    X(REAL, PB_ROUNDING_SHARE, 1e-6, "of a column",                            \
      "less beside the columns before it is rounding")                         \
    X(REAL, PB_CHI_SQUARE, 3.84, "",                                           \
      "95 % quantile, one degree of freedom: for the interval of a bend")      \
    X(REAL, PB_EXPONENT_LEAST, -0.5, "", "exponents are searched from here")   \
    X(REAL, PB_EXPONENT_MOST, 3.0, "", "to here")                              \
    X(REAL, PB_EXPONENT_STEP, 0.05, "", "in such steps")                       \
    X(COUNT, PB_EXPONENT_STEPS_MOST, 30, "steps",                              \
      "of Gauss and Newton then; exact data need four or five")                \
    X(COUNT, PB_JACKKNIFE_GROUPS, 64, "groups of points",                      \
      "at most, each left out once for the error of the exponent")             \
    X(COUNT, PB_BEND_PLACES, 4, "places",                                      \
      "looked at between two points for the interval of a bend ...")           \
    X(REAL, PB_BEND_APART, 1.2, "times",                                       \
      "... that are further apart than this")                                  \
    X(REAL, PB_LACK_LEAST, 0.003, "of the cost",                               \
      "lack of fit of a local slope at least: no line is known to describe a " \
      "cost better")                                                           \
    X(REAL, PB_QUANTILE_MOST, 4.303, "",                                       \
      "of Student's t for that, of two degrees of freedom: with one it is "    \
      "12.7 and says nothing")

/* Looking at a running program, and what is said of it. */
#define PB_RULES_OF_ADVICE(X)                                                  \
    X(COUNT, PB_LOOK_RATE, 100, "samples a second", "of where each thread is") \
    X(COUNT, PB_LOOK_READS, 2000, "samples a second",                          \
      "of all threads together: with more than 20, each is seen less often")   \
    X(COUNT, PB_LOOK_SLICES, 10, "parts of the look",                          \
      "in none of which a thread may be saturated")                            \
    X(COUNT, PB_LOOK_FEW, 20, "samples", "fewer tell nothing of a thread")     \
    X(REAL, PB_BUSY_SHARE, 0.9, "of a core, or waiting for one",               \
      "over it a thread is saturated: it need not sleep to wait, so that "     \
      "sleeps do not count its waits")                                         \
    X(REAL, PB_STARVED_SHARE, 0.1, "of the time",                              \
      "waiting longer for a CPU it is starved: saturated, and not to be "      \
      "seen; a server's window is then disturbed")                             \
    X(REAL, PB_ASLEEP_SHARE, 0.1, "of the samples",                            \
      "seen asleep in its wait less often it is saturated, too")               \
    X(REAL, PB_ELSEWHERE_SHARE, 0.05, "of the samples",                        \
      "asleep in other calls more often, its sleeps do not count its waits")   \
    X(COUNT, PB_SET_CHANGE, 2, "times",                                        \
      "a set that became larger by more while looked at is not one set")       \
    X(REAL, PB_ADVICE_SHARE, 0.01, "of a core",                                \
      "less is no reason to change a program")                                 \
    X(REAL, PB_SLEEP_COLD, 0.5, "of the way from warm to cold",                \
      "is a wait that sleeps taken to be: echo servers with 300 and 1,000 "    \
      "idle connections, asked 200 to 10,000 times a second, were from 0 to "  \
      "1 of it")                                                               \
    X(REAL, PB_ADVICE_OFF, 0.1, "of what is predicted",                        \
      "how far the saving may be from it, beyond what the cache may do: the "  \
      "dearest of these servers was 7 % beyond cold")                          \
    X(REAL, PB_P50_WAITS, 1.3, "waits",                                        \
      "is the median latency where each wait finds what came since the last: " \
      "from 1.05 to 1.5 of them in servers")                                   \
    X(COUNT, PB_PROVED_IDLE, 3000, "idle connections",                         \
      "with more the law of a server was not held against one")                \
    X(REAL, PB_COUNTED_OFF, 0.15, "of what is predicted",                      \
      "the same of epoll for a program that counts its waits: in nine of "     \
      "nine saturated states of three servers, PB_ARRAY_NS taken from them")   \
    X(COUNT, PB_ARRAY_NS, 10, "ns an fd of poll",                              \
      "what a program does with its array for each wait: 3 to 16 in three "    \
      "servers")                                                               \
    X(COUNT, PB_TRACE_FDS_MOST, 1048576, "fds",                                \
      "of a wait in a trace; more are none that a program may have")           \
    X(COUNT, PB_READY_NS, 72, "ns an fd ready",                                \
      "what one more costs epoll, as in the reference run")                    \
    X(REAL, PB_OVERLOAD_SHARE, 0.95, "of a core",                              \
      "a program that would take more is overloaded")

#define PB_RULE_COUNT(name, value)                enum { name = (value) };
#define PB_RULE_REAL(name, value)                 static const double name = value;
#define PB_RULE(type, name, value, unit, meaning) PB_RULE_##type(name, value)

PB_RULES_OF_MEASURING(PB_RULE)
PB_RULES_OF_POINTS(PB_RULE)
PB_RULES_OF_DIFFERENCES(PB_RULE)
PB_RULES_OF_STEPS(PB_RULE)
PB_RULES_OF_MODELS(PB_RULE)
PB_RULES_OF_GROWTH(PB_RULE)
PB_RULES_OF_ADVICE(PB_RULE)

#endif
