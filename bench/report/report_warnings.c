/* SPDX-License-Identifier: MIT */
/* What to know before believing the numbers: what happened, which numbers it
 * touches, and which it does not. */
#include "report_sections.h"

#include <string.h>

#define LARGE    "Large sets"
#define EVERY_NS "Every cost in ns"
#define RANGE    "The range"
#define BACKEND  "Missing backends"

/* In the warning on slow memory probes, where that is their cause. */
#define USED_THE_CACHE "used the cache or the memory"

#define HARDLY                                                                 \
    ". Ratios, crossovers, verdicts and costs in reference loops compare "     \
    "within one process and are hardly touched"
#define OUTGROWN ". Where a set outgrows the core's own cache"
#define MARKED                                                                 \
    ", its cost is marked and not used; smaller sets, and epoll at any size, " \
    "are not touched"

/* What a warning of host.csv that holds this text touches, in the order of
 * the page. */
static const struct {
    const char *text;
    const char *touches;
    const char *meaning;
} known_warnings[] = {
    {"User Mode Linux", EVERY_NS, ""},
    {"a tracer, ", EVERY_NS,
     ". Most of a short call is then what the tracer does"},
    {"the CPU quota", EVERY_NS,
     ". A batch during which it ran out is not used, if that shows"},
    {"the hypervisor took", EVERY_NS,
     ". Nothing in a batch shows that the CPU was away"},
    {"was stopped and continued", EVERY_NS,
     ". A batch that was stopped is not used"},
    {"it is scheduled as", EVERY_NS,
     ". Others ran before it more often, or it before others, than is usual"},
    {"how it is scheduled was changed", EVERY_NS, ""},
    {"another CPU than the one", EVERY_NS,
     ". Column cpu of samples.csv has the one that it was"},
    {"seccomp filter", EVERY_NS,
     ". What a filter takes is part of every call; growth is not touched"},
    {"before the C library", EVERY_NS, ""},
    {"same layout in memory", "Comparisons of runs",
     ". What a layout adds or takes is in no interval"},
    {"the speed of the CPUs changed", EVERY_NS,
     ". Their intervals include it" HARDLY},
    {"CPUs differ in speed", EVERY_NS, ". They are of both" HARDLY},
    {"batches were interrupted", EVERY_NS,
     ". An interrupted batch is not used; one that ran beside others can be "
     "dearer by a few percent"},
    {"waited for a CPU", EVERY_NS, ""},
    {"waited for memory", EVERY_NS, ""},
    {"for which there is reason enough", EVERY_NS,
     ". So nothing is known of the cache, or of the speed of the CPUs"},
    {"one CPU", EVERY_NS, ". Expect wide intervals"},
    {"the ladder ends at fd", RANGE,
     ". Nothing here is known of higher fds: growth was measured up to there"},
    {"is left out", BACKEND, ""},
    {"cannot be locked", "The run", ""},
    {"does not sync", "The run", ""},
    {"memory was slow all along", LARGE, OUTGROWN MARKED},
    {USED_THE_CACHE, LARGE, OUTGROWN " and the processes disagree" MARKED},
};

/* The place of a warning in that order, from 1; 0: not known. */
static size_t place_of(const char *text)
{
    for (size_t i = 0; i < PA_ARRAY_SIZE(known_warnings); i++)
        if (strstr(text, known_warnings[i].text))
            return i + 1;
    return 0;
}

/* Above the first one goes the head of the part. */
static void add_item(struct pa_report *report, const char *touches)
{
    if (report->n_warnings++ == 0)
        pa_report_part(report, "warnings", "Before you believe it");
    pa_doc_item(&report->doc);
    pa_doc_badge(&report->doc, "touches", touches);
    pa_doc_text(&report->doc, ": ");
}

/* The rows of host.csv with a key. */
static void add_facts(struct pa_report *report, const char *key,
                      const char *before)
{
    PA_EACH (row, report->run, host)
        if (pa_is(row->key, key)) {
            add_item(report, "The run");
            pa_doc_text(&report->doc, "%s%s.", before, row->value);
        }
}

/* Those of one place in the order above; neither clocks nor neighbours touch a
 * count. */
static void add_host_warnings(struct pa_report *report, size_t place)
{
    const char *touches = place ? known_warnings[place - 1].touches : "The run";
    int is_of_time = pa_is(touches, EVERY_NS) || pa_is(touches, LARGE);

    PA_EACH (row, report->run, host) {
        if (!pa_is(row->key, "warning") || place_of(row->value) != place ||
            (is_of_time && pa_run_is_counted(report->run)))
            continue;
        add_item(report, touches);
        pa_doc_text(&report->doc, "%s%s.", row->value,
                    place ? known_warnings[place - 1].meaning : "");
    }
}

/* --- flagged points ------------------------------------------------------ */

/* How many points have a flag, and the fewest fds that one of them watches. */
static size_t flagged_points(const struct pa_report *report, const char *flag,
                             int64_t *fewest_fds)
{
    size_t n = 0;

    PA_EACH (row, report->run, points) {
        if (!pa_has_word(row->flags, flag))
            continue;
        if (n++ == 0 || row->fd_count < *fewest_fds)
            *fewest_fds = row->fd_count;
    }
    return n;
}

static const struct {
    const char *flag;
    const char *touches;
    const char *meaning;
} point_flags[] = {
    {"contended", LARGE,
     "cost what not only the kernel decides: invocations disagree, or memory "
     "was slow in all of them. They are hollow in the figures and \xE2\x80\x9C"
     "disturbed\xE2\x80\x9D in tables, what stands for their interval is the "
     "range of all invocations, and no model or verdict uses them."},
    {"failed", "Missing points",
     "have no valid measurement; the reasons are in points.csv."},
    {"dirty", "Disturbed points",
     "have too few batches without an interruption. They are hollow in the "
     "figures, and no model or verdict uses them."},
    {"few", "Every interval",
     "rest on few invocations: more would narrow the intervals."},
};

/* What disturbed points, by the evidence of host.csv. */
static const char *cause(const struct pa_report *report)
{
    static const char *const causes[][2] = {
        {"traced_rounds", "a tracer was there"},
        {"throttled_periods", "the CPU quota ran out"},
        {"stops", "the run was stopped"}};

    for (size_t i = 0; i < PA_ARRAY_SIZE(causes); i++)
        if (!pa_is(pa_run_fact(report->run, causes[i][0], "0"), "0"))
            return causes[i][1];
    PA_EACH (row, report->run, host)
        if (pa_is(row->key, "warning") && strstr(row->value, USED_THE_CACHE))
            return "others held the shared cache (slow memory probes)";
    return "not seen";
}

static void add_flagged(struct pa_report *report, size_t i)
{
    int64_t fewest_fds = 0;
    size_t n = flagged_points(report, point_flags[i].flag, &fewest_fds);
    size_t n_rows = PA_N_ROWS(report->run->points);

    if (n == 0)
        return;
    add_item(report, point_flags[i].touches);
    if (n == n_rows)
        pa_doc_text(&report->doc, "all %zu points", n_rows);
    else
        pa_doc_text(&report->doc, "%zu of %zu points", n, n_rows);
    if (n < n_rows && fewest_fds > 1)
        pa_doc_text(&report->doc, ", all of %lld or more fds watched,",
                    (long long)fewest_fds);
    pa_doc_text(&report->doc, " %s", point_flags[i].meaning);
    if (pa_is(point_flags[i].flag, "contended"))
        pa_doc_text(&report->doc, " Cause: %s.", cause(report));
}

/* Whether no failed row before it has its reason. */
static int is_first_failed(const struct pa_report *report,
                           const struct pb_points_row *row)
{
    PA_EACH (before, report->run, points)
        if (pa_has_word(before->flags, "failed") &&
            pa_is(before->reason, row->reason))
            return before == row;
    return 0;
}

static void add_failed(struct pa_report *report)
{
    int n = 0;

    PA_EACH (row, report->run, points) {
        if (!pa_has_word(row->flags, "failed") || !is_first_failed(report, row))
            continue;
        if (n++ == 0)
            PA_SAY(report, paragraph,
                   "Points without a measurement, the first for each reason:");
        int is_own = pa_report_is_own_server(row->server);
        PA_SAY(report, item,
               "%s, %s%s%s, highest fd %lld, %lld watched, %lld ready: %s",
               row->sweep, row->backend, is_own ? "" : " in ",
               is_own ? "" : row->server, (long long)row->highest_fd,
               (long long)row->fd_count, (long long)row->ready_count,
               row->reason);
    }
}

void pa_report_contended_note(struct pa_report *report)
{
    int64_t fewest_fds = 0;

    if (flagged_points(report, "contended", &fewest_fds) > 0)
        pa_doc_text(&report->doc,
                    " This run's costs from %lld fds watched on were disturbed "
                    "in part.",
                    (long long)fewest_fds);
}

/* What pollbench fit found of the invocations as a whole. */
static void add_unsettled(struct pa_report *report)
{
    PA_FREED char *found = pa_findings_text(report, "levels", "");

    if (!*found)
        return;
    add_item(report, EVERY_NS);
    pa_doc_text(&report->doc,
                "this run is unsettled: %s. Intervals include it, and another "
                "run may differ by as much.",
                found);
}

/* --- all of it ----------------------------------------------------------- */

void pa_report_warnings(struct pa_report *report)
{
    /* Older files do not say; then nothing is said. */
    if (!pa_is(pa_run_fact(report->run, "complete", "yes"), "yes")) {
        add_item(report, "The run");
        pa_doc_text(&report->doc, "it is not complete: it ended before all "
                                  "invocations were measured.");
    }
    add_facts(report, "partial", "it ended early: ");
    add_facts(report, "seam", "it was resumed; invocation and time: ");
    add_unsettled(report);
    for (size_t place = 0; place <= PA_ARRAY_SIZE(known_warnings); place++)
        add_host_warnings(report, place);
    for (size_t i = 0; i < PA_ARRAY_SIZE(point_flags); i++)
        add_flagged(report, i);
    add_failed(report);
}
