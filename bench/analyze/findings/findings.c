/* SPDX-License-Identifier: MIT */
#include "findings.h"

#include "metrics.h"
#include "need.h"
#include "output.h"
#include "rules.h"
#include "show.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A row while it is written: its two texts. */
struct text {
    struct pa_string title_text, sentence_text;
    FILE *title, *sentence;
};

static void open_text(struct text *text)
{
    text->title = pa_string_open(&text->title_text);
    text->sentence = pa_string_open(&text->sentence_text);
}

/* What goes between what it holds and what is added. */
static const char *gap_of(struct text *text)
{
    return fflush(text->title) == 0 && text->title_text.n_bytes ? "; " : "";
}

/* Add it to the file, unless it has no title. In a title a blank takes the
 * place of each comma: gnuplot would end the field there. */
static void close_text(struct text *text, struct pb_csv *csv, const char *sweep,
                       int64_t fd_count)
{
    fputs(".", text->sentence);
    pa_string_close(text->title);
    pa_string_close(text->sentence);
    for (char *at = text->title_text.text; (at = strchr(at, ','));)
        *at = ' ';
    if (text->title_text.n_bytes > 0)
        pb_findings_put(csv, &(struct pb_findings_row){
                                 .sweep = sweep,
                                 .fd_count = fd_count,
                                 .title = text->title_text.text,
                                 .sentence = text->sentence_text.text});
    free(text->title_text.text);
    free(text->sentence_text.text);
}

/* --- how costs grow: a panel a number of fds ------------------------------ */

#define ROWS_MOST  64
#define NAMED_MOST 4 /* in a title */

struct panel {
    enum pb_factor variable;
    int64_t fd_count; /* PA_NONE where it varies */
    int is_later;     /* than the first */
    size_t n;
    const struct pb_growth_row *rows[ROWS_MOST];
};

static int larger_first(const void *a, const void *b)
{
    double first = (*(const struct pb_growth_row *const *)a)->change_ns;
    double second = (*(const struct pb_growth_row *const *)b)->change_ns;

    return (first < second) - (first > second);
}

/* The next panel of the case: over its factors, by ascending fds. Returns
 * whether there is one. */
static int next_panel(struct panel *panel, const struct pa_run_tables *run,
                      const struct pa_case *asked)
{
    int64_t after = panel->fd_count;
    int is_later = panel->is_later;

    *panel = (struct panel){
        .variable = panel->variable, .fd_count = INT64_MAX, .is_later = 1};
    PA_EACH (row, run, growth) {
        int64_t fd_count = row->fd_count;
        if (pb_factor_of(row->variable) != panel->variable ||
            (is_later && fd_count <= after) || fd_count > panel->fd_count ||
            !pa_growth_is_of(run, row, asked))
            continue;
        if (fd_count < panel->fd_count)
            panel->n = 0;
        panel->fd_count = fd_count;
        if (panel->n < ROWS_MOST)
            panel->rows[panel->n++] = row;
    }
    qsort(panel->rows, panel->n, sizeof *panel->rows, larger_first);
    return panel->n > 0;
}

static void put_subject(FILE *out, const struct pb_growth_row *row)
{
    pa_phrase_subject(out, row->backend, row->stage);
}

/* Those of one outcome, as one part; all others, where they are many. */
static void put_group(FILE *out, const struct panel *panel,
                      enum pa_outcome outcome, const char *before)
{
    size_t n = 0;

    for (size_t i = 0; i < panel->n; i++)
        n += pa_growth_outcome(panel->rows[i]) == outcome;
    if (n > NAMED_MOST) {
        fprintf(out, "%s%zu others", before, n);
        return;
    }
    for (size_t i = 0; i < panel->n; i++)
        if (pa_growth_outcome(panel->rows[i]) == outcome) {
            fputs(before, out);
            put_subject(out, panel->rows[i]);
            before = " and ";
        }
}

/* "8 to 19705: select-textbook +12.3 us; select +846 ns; the same: poll and
 * epoll". */
static void put_title(FILE *out, const struct panel *panel)
{
    const struct pb_growth_row *first = panel->rows[0];
    const char *gap = "";

    fprintf(out, "%lld to %lld: ", (long long)first->from,
            (long long)first->to);
    for (size_t i = 0; i < panel->n; i++) {
        const struct pb_growth_row *row = panel->rows[i];
        double change_ns = row->change_ns;
        if (pa_growth_outcome(row) > PA_FALLS_BY)
            continue;
        fputs(gap, out);
        put_subject(out, row);
        fprintf(out, " %s%s", change_ns > 0 ? "+" : "",
                pa_show_cost(change_ns, pb_metric_unit(row->metric)).text);
        if (row->to != first->to)
            fprintf(out, " (to %lld)", (long long)row->to);
        gap = "; ";
    }
    put_group(out, panel, PA_SAME, *gap ? "; the same: " : "the same: ");
    put_group(out, panel, PA_UNSEEN, "; not precise enough: ");
}

/* The same with ends and intervals. */
static void put_sentence(FILE *out, const struct panel *panel)
{
    const char *gap = "";
    double margin_ns = 0;

    for (size_t i = 0; i < panel->n; i++) {
        if (pa_growth_outcome(panel->rows[i]) == PA_SAME) {
            margin_ns = fmax(margin_ns, pa_growth_margin_ns(panel->rows[i]));
            continue;
        }
        fputs(gap, out);
        pa_phrase_change(out, *gap ? "with" : "With", panel->rows[i]);
        gap = "; ";
    }
    if (margin_ns == 0)
        return;
    fprintf(
        out, "%s change of more than %s in %s from %lld to %lld",
        *gap ? "; no" : "No",
        pa_show_cost(margin_ns, pb_metric_unit(panel->rows[0]->metric)).text,
        pa_phrase_variable(pb_factor_infos[panel->variable].name),
        (long long)panel->rows[0]->from, (long long)panel->rows[0]->to);
    put_group(out, panel, PA_SAME, ": ");
}

static void put_growths(struct pb_csv *csv, const struct pa_run_tables *run,
                        const struct pa_case *asked)
{
    for (int factor = 0; factor < PB_N_FACTORS; factor++) {
        struct panel panel = {.variable = (enum pb_factor)factor};
        struct text text;
        while (next_panel(&panel, run, asked)) {
            open_text(&text);
            put_title(text.title, &panel);
            put_sentence(text.sentence, &panel);
            close_text(&text, csv, asked->sweep, panel.fd_count);
        }
    }
}

/* --- values side by side -------------------------------------------------- */

static void put_differences(struct pb_csv *csv, const struct pa_run_tables *run,
                            const struct pa_case *asked)
{
    struct text text;
    size_t i = 0;
    int is_said = 1;

    while (is_said) {
        open_text(&text);
        is_said =
            pa_difference_say(text.title, text.sentence, run, asked->sweep, &i);
        close_text(&text, csv, asked->sweep, PA_NONE);
    }
}

/* The number of fds watched after this one at which the case has points. */
static int64_t next_count(const struct pa_run_tables *run,
                          const struct pa_case *asked, int64_t after)
{
    int64_t next = INT64_MAX;

    PA_EACH (row, run, points) {
        if (strcmp(row->sweep, asked->sweep) == 0 && row->fd_count > after &&
            row->fd_count < next)
            next = row->fd_count;
    }
    return next;
}

/* Of a case whose x axis no other has. */
static void put_overtakings(struct pb_csv *csv, const struct pa_run_tables *run,
                            const struct pa_case *asked)
{
    int64_t fd_count = 0;
    struct text text;

    if (asked->axis == PB_N_FACTORS ||
        pb_factor_infos[asked->axis].role != PB_HELD)
        return;
    while ((fd_count = next_count(run, asked, fd_count)) != INT64_MAX) {
        open_text(&text);
        pa_overtaking_say(text.title, text.sentence, run,
                          pb_factor_infos[asked->axis].name, fd_count);
        close_text(&text, csv, asked->sweep, fd_count);
    }
}

/* --- the plane of highest fd and fds watched ------------------------------ */

/* What becomes of two backends over the fds watched, at each highest fd. */
struct meeting {
    size_t n_found, n_first, n_second, n_other;
    double from, to, low, high; /* of the places found */
};

static struct meeting meet(const struct pa_run_tables *run, const char *first,
                           const char *second)
{
    struct meeting meeting = {.from = INFINITY, .low = INFINITY};

    PA_EACH (row, run, crossovers) {
        int is_first =
            strcmp(row->first, first) == 0 && strcmp(row->second, second) == 0;
        int is_second =
            strcmp(row->first, second) == 0 && strcmp(row->second, first) == 0;
        if ((!is_first && !is_second) || row->typical != 1 ||
            strcmp(row->variable, "fd_count") != 0 ||
            strcmp(row->layout, "packed") != 0 ||
            strcmp(row->stage, "all") != 0)
            continue;
        int is_always = strcmp(row->status, "always") == 0;
        meeting.n_first += (size_t)(is_always && is_first);
        meeting.n_second += (size_t)(is_always && is_second);
        if (strcmp(row->status, "found") != 0 || is_second) {
            meeting.n_other += (size_t)!is_always;
            continue;
        }
        meeting.n_found++;
        meeting.from = fmin(meeting.from, row->place);
        meeting.to = fmax(meeting.to, row->place);
        meeting.low = fmin(meeting.low, row->low);
        meeting.high = fmax(meeting.high, row->high);
    }
    return meeting;
}

static void put_places(FILE *out, double from, double to)
{
    fputs(pa_show_number(from).text, out);
    if (to > 1.05 * from)
        fprintf(out, " to %s", pa_show_number(to).text);
}

static void put_meeting(struct text *text, const struct meeting *meeting,
                        const char *first, const char *second)
{
    const char *gap = gap_of(text);
    size_t n = meeting->n_found + meeting->n_first + meeting->n_second +
               meeting->n_other;

    if (n == 0)
        return;
    fprintf(text->sentence, "%s%s and %s, of %zu highest fds: ", gap, first,
            second, n);
    fputs(gap, text->title);
    if (meeting->n_found > 0) {
        fprintf(text->title, "%s cheaper than %s up to N = ", first, second);
        put_places(text->title, meeting->from, meeting->to);
        fprintf(text->sentence, "at %zu %s is cheaper up to ", meeting->n_found,
                first);
        put_places(text->sentence, meeting->from, meeting->to);
        fprintf(text->sentence,
                " fds watched (all intervals within %s to %s), ",
                pa_show_number(meeting->low).text,
                pa_show_number(meeting->high).text);
    } else {
        int is_first = meeting->n_first > meeting->n_second;
        fprintf(text->title, "%s cheaper than %s at %zu of %zu M",
                is_first ? first : second, is_first ? second : first,
                is_first ? meeting->n_first : meeting->n_second, n);
    }
    fprintf(text->sentence,
            "%s is cheaper throughout at %zu, %s at %zu, and at %zu neither or "
            "not told",
            first, meeting->n_first, second, meeting->n_second,
            meeting->n_other);
}

static void put_meetings(struct pb_csv *csv, const struct pa_run_tables *run,
                         const struct pa_case *asked)
{
    const char *before = NULL;
    struct text text;

    if (strcmp(asked->figure, "ratios") != 0)
        return;
    open_text(&text);
    for (size_t i = 0; i < run->backends.n; i++) {
        const struct pa_backend *backend = &run->backends.backends[i];
        if (!pa_backend_is_head(backend))
            continue;
        if (before) {
            struct meeting meeting = meet(run, before, backend->name);
            put_meeting(&text, &meeting, before, backend->name);
        }
        before = backend->name;
    }
    close_text(&text, csv, asked->sweep, PA_NONE);
}

/* --- where cost jumps ----------------------------------------------------- */

static void put_step(struct text *text, const struct pb_steps_row *row,
                     const char *backend)
{
    int is_other = strcmp(backend, row->backend) != 0;
    const char *unit = pb_metric_unit(row->metric);
    double size_ns = row->size_ns;

    fprintf(text->title, "%s%s%s%s%s between %lld and %lld",
            *backend ? "; " : "", is_other ? row->backend : "",
            is_other ? " " : "", size_ns > 0 ? "+" : "",
            pa_show_cost(size_ns, unit).text, (long long)row->before,
            (long long)row->place);
    fprintf(
        text->sentence, "%s%s%sbetween %lld and %lld by %s",
        *backend ? ", " : "", is_other ? row->backend : "",
        is_other ? " jumps " : "", (long long)row->before,
        (long long)row->place,
        pa_show_cost_interval(size_ns, row->low_ns, row->high_ns, unit).text);
}

/* The steps over a factor that are no minor ones. */
static void put_steps(struct pb_csv *csv, const struct pa_run_tables *run,
                      const struct pa_case *asked, enum pb_factor factor)
{
    const char *variable = pb_factor_infos[factor].name, *backend = "";
    int64_t fd_count = PA_NONE;
    struct text text;

    open_text(&text);
    fprintf(text.sentence, "Over %s: ", pa_phrase_variable(variable));
    PA_EACH (row, run, steps) {
        if (strcmp(row->variable, variable) != 0 ||
            pa_has_word(row->flags, "minor"))
            continue;
        put_step(&text, row, backend);
        backend = row->backend;
        fd_count = row->fd_count;
    }
    PA_EACH (row, run, points) {
        if (*backend || strcmp(row->sweep, asked->sweep) != 0)
            continue;
        fputs("no step was found", text.sentence);
        fputs("no step found", text.title);
        fd_count = factor == PB_FACTOR_fd_count ? PA_NONE : row->fd_count;
        break;
    }
    close_text(&text, csv, asked->sweep, fd_count);
}

/* --- small steps that return, which only counts show ---------------------- */

/* What the next fd costs beyond those of the row; NAN if it was not measured.
 */
static double rise_after(const struct pa_run_tables *run,
                         const struct pb_points_row *row)
{
    PA_EACH (next, run, points)
        if (next->fd_count == row->fd_count + 1 &&
            strcmp(next->sweep, row->sweep) == 0 &&
            strcmp(next->backend, row->backend) == 0)
            return next->estimate_ns - row->estimate_ns;
    return (double)NAN;
}

/* Fds that cost over twice what one more does by the slope: the first, and
 * others at one distance from each other. */
static void put_rises(struct pb_csv *csv, const struct pa_run_tables *run,
                      const char *sweep, const struct pb_slopes_row *slope)
{
    long long at[] = {0, 0, 0}, apart = 0; /* first, second and last */
    double least = INFINITY, most = 0;
    int n = 0;
    struct text text;

    PA_EACH (row, run, points) {
        double rise = strcmp(row->sweep, sweep) == 0 &&
                              strcmp(row->backend, slope->backend) == 0
                          ? rise_after(run, row)
                          : (double)NAN;
        if (!(rise > 2 * slope->slope))
            continue;
        if (n > 2 && row->fd_count + 1 - at[2] != apart)
            return;
        apart = row->fd_count + 1 - at[2];
        at[n < 2 ? n : 2] = at[2] = row->fd_count + 1;
        least = fmin(least, rise);
        most = fmax(most, rise);
        n++;
    }
    if (n < PB_LINE_POINTS)
        return;
    open_text(&text);
    fprintf(text.title, "%s at %lld and %lld and every %lld up to %lld",
            slope->backend, at[0], at[1], apart, at[2]);
    fprintf(text.sentence,
            "One more fd costs %s %s %s as a rule, and %s to %s at %lld, at "
            "%lld and at every %lld fds more, up to %lld",
            slope->backend, pa_show_number(slope->slope).text,
            pb_metric_unit(slope->metric), pa_show_number(least).text,
            pa_show_number(most).text, at[0], at[1], apart, at[2]);
    close_text(&text, csv, sweep, PA_NONE);
}

/* Beside the slopes of the window that begins with 64. */
static void put_all_rises(struct pb_csv *csv, const struct pa_run_tables *run,
                          const char *sweep)
{
    PA_EACH (row, run, slopes)
        if (pa_run_is_counted(run) && row->typical == 1 &&
            strcmp(row->variable, "fd_count") == 0 &&
            strcmp(row->stage, "all") == 0 && row->window_from == 64)
            put_rises(csv, run, sweep, row);
}

/* --- between the steps: within and across words of the bitmap ------------- */

enum { WORD = 64, APART = WORD - 16 }; /* in a word, its outer points */

/* What a number costs the backend in a word of which it watches one, in ns: the
 * least and the most of all such words. Returns how many they are. */
static size_t within_words(const struct pa_run_tables *run, const char *sweep,
                           const char *backend, double range[2])
{
    const struct pb_points_row *first = NULL;
    size_t n = 0;

    PA_EACH (row, run, points) {
        int64_t fd = row->highest_fd;
        if (strcmp(row->sweep, sweep) != 0 ||
            strcmp(row->backend, backend) != 0 || row->fd_count != 1 ||
            *row->flags)
            continue;
        if (!first || first->highest_fd / WORD != fd / WORD)
            first = row;
        if (fd - first->highest_fd != APART)
            continue;
        double rise_ns = row->estimate_ns - first->estimate_ns;
        range[0] = fmin(range[0], rise_ns / APART);
        range[1] = fmax(range[1], rise_ns / APART);
        n++;
    }
    return n;
}

/* Beside what 64 numbers of empty words cost: the first slope that has both. */
static void put_sawtooth(struct pb_csv *csv, const struct pa_run_tables *run,
                         const char *sweep)
{
    struct text text;

    PA_EACH (row, run, slopes) {
        const char *backend = row->backend;
        const char *unit = pb_metric_unit(row->metric);
        double range[2] = {INFINITY, -INFINITY};
        if (strcmp(row->variable, "highest_fd") != 0 ||
            strcmp(row->stage, "all") != 0 || row->typical != 1 ||
            row->fd_count != 1 || within_words(run, sweep, backend, range) < 2)
            continue;
        open_text(&text);
        struct pa_shown within = pa_show_number(range[0]);
        if (strcmp(within.text, pa_show_number(range[1]).text) != 0)
            pa_append(within.text, sizeof within.text, " to %s",
                      pa_show_number(range[1]).text);
        double slope = WORD * row->slope;
        fprintf(text.title,
                "a number costs %s %s in a watched word; 64 cost %s %s across "
                "empty words",
                within.text, unit, pa_show_number(slope).text, unit);
        fprintf(text.sentence,
                "One more fd number costs %s %s %s within a watched word "
                "(first to last point of each), and 64 more cost it %s across "
                "empty words, from %lld to %lld",
                backend, within.text, unit,
                pa_show_interval(slope, WORD * row->slope_low,
                                 WORD * row->slope_high, unit)
                    .text,
                (long long)row->window_from, (long long)row->window_to);
        close_text(&text, csv, "sawtooth", 1);
        return;
    }
}

/* --- times beside counts -------------------------------------------------- */

static int64_t value_of(const struct pb_per_instruction_row *row,
                        enum pb_factor over)
{
    return over == PB_FACTOR_fd_count ? row->fd_count : row->ready_count;
}

/* Of a backend the row over a factor, with one ready or with many watched,
 * whose value is the largest up to this. */
static const struct pb_per_instruction_row *
per_instruction(const struct pa_run_tables *run, const char *backend,
                enum pb_factor over, int64_t most)
{
    const struct pb_per_instruction_row *best = NULL;

    PA_EACH (row, run, per_instruction) {
        const struct pa_case *asked = pa_case_of(&run->cases, row->sweep);
        if (asked && asked->axis == over &&
            strcmp(asked->figure, "series") == 0 &&
            strcmp(row->backend, backend) == 0 &&
            strcmp(row->stage, "all") == 0 &&
            (over == PB_FACTOR_fd_count ? row->ready_count == 1
                                        : row->fd_count == PB_SMALL_FDS) &&
            value_of(row, over) <= most &&
            (!best || value_of(row, over) > value_of(best, over)))
            best = row;
    }
    return best;
}

/* "poll 0.287 at 64 and 0.302 at 512 and 0.413 at 8192": with few, in the
 * middle, and with the most; in a title "poll 0.287 to 0.413". */
static void put_times_of(struct text *text, const struct pa_run_tables *run,
                         const char *backend, enum pb_factor over)
{
    const int64_t places[] = {64, PB_SMALL_FDS / 2, INT64_MAX};
    const struct pb_per_instruction_row *before = NULL;
    int is_first = !*gap_of(text);

    if (!per_instruction(run, backend, over, INT64_MAX))
        return;
    fprintf(text->title, is_first ? "ns per instruction: %s" : "; %s", backend);
    fprintf(text->sentence, is_first ? "An instruction of %s takes" : "; of %s",
            backend);
    for (size_t i = 0; i < PA_ARRAY_SIZE(places); i++) {
        const struct pb_per_instruction_row *row =
            per_instruction(run, backend, over, places[i]);
        if (!row || row == before)
            continue;
        const char *gap = before ? " and" : "";
        long long at = value_of(row, over);
        if (!before || places[i] == INT64_MAX)
            fprintf(text->title, "%s %s", before ? " to" : "",
                    pa_show_number(row->ns).text);
        fprintf(text->sentence, "%s %s at %lld", gap,
                pa_show_interval(row->ns, row->low, row->high, "ns").text, at);
        before = row;
    }
}

/* Where that is the same, the cost grows as the work does; where it rises,
 * memory is waited for. */
static void put_times_of_instructions(struct pb_csv *csv,
                                      const struct pa_run_tables *run,
                                      enum pb_factor over)
{
    struct text text;

    if (PA_N_ROWS(run->per_instruction) == 0)
        return;
    open_text(&text);
    for (size_t i = 0; i < run->backends.n; i++)
        put_times_of(&text, run, run->backends.backends[i].name, over);
    fprintf(text.sentence,
            " %s: where that is the same, the cost grows as the instructions "
            "do; where it rises, they wait for memory (counted on %s)",
            over == PB_FACTOR_fd_count ? "fds watched" : "fds ready",
            run->per_instruction.first->counted_on);
    close_text(&text, csv, "per_instruction",
               over == PB_FACTOR_fd_count ? PA_NONE : PB_SMALL_FDS);
}

/* --- beside what others have published ------------------------------------ */

static int is_same_line(const struct pb_history_row *a,
                        const struct pb_history_row *b)
{
    return a->year == b->year && strcmp(a->series, b->series) == 0 &&
           strcmp(a->kernel, b->kernel) == 0 &&
           strcmp(a->backend, b->backend) == 0;
}

static const char *history_words(const char *growth)
{
    return strcmp(growth, "flat") == 0          ? "is flat"
           : strcmp(growth, "cannot-tell") == 0 ? "is not told"
                                                : "grows";
}

/* Of a backend, what this run's line does and how many of the others do it,
 * each line with one fd ready once. */
static void put_agreement(struct text *text, const struct pa_run_tables *run,
                          const char *backend)
{
    const char *gap = gap_of(text), *ours = NULL;
    size_t n = 0, n_alike = 0, n_open = 0;

    PA_EACH (row, run, history) {
        const char *growth = history_words(row->growth);
        if (strcmp(row->backend, backend) != 0 || row->active != 1 ||
            (row > run->history.first && is_same_line(row - 1, row)))
            continue;
        if (row->year == PA_NONE) {
            ours = growth;
            continue;
        }
        n++;
        n_alike += ours && strcmp(ours, growth) == 0;
        n_open += strcmp(growth, history_words("cannot-tell")) == 0;
    }
    if (!ours)
        return;
    fprintf(text->title, "%s%s %s; so in %zu of %zu published", gap, backend,
            ours, n_alike, n);
    fprintf(text->sentence,
            "%s cost of a call with %s %s over the fds watched, and so it "
            "does in %zu of %zu published series, of which %zu have too few "
            "figures to tell",
            *gap ? "; the" : "The", backend, ours, n_alike, n, n_open);
}

static void put_history(struct pb_csv *csv, const struct pa_run_tables *run)
{
    struct text text;

    open_text(&text);
    for (size_t i = 0; i < run->backends.n; i++)
        if (pa_backend_is_head(&run->backends.backends[i]))
            put_agreement(&text, run, run->backends.backends[i].name);
    close_text(&text, csv, "history", PA_NONE);
}

/* --- what was measured, and on what, for titles and captions ---------------
 */

/* The words of a metric, if the run has it beside what a call costs. */
static void put_metric(struct pb_csv *csv, const struct pa_run_tables *run,
                       const struct pb_metric_info *metric)
{
    PA_FREED char *sweep = pa_format("metric %s", metric->name);
    const char *end = strstr(metric->meaning, " (");
    size_t n = end ? (size_t)(end - metric->meaning) : strlen(metric->meaning);
    struct text text;

    PA_EACH (row, run, points) {
        if (strcmp(row->metric, metric->name) != 0)
            continue;
        open_text(&text);
        fprintf(text.title, "%.*s", (int)n, metric->meaning);
        fputs(metric->meaning, text.sentence);
        close_text(&text, csv, sweep, PA_NONE);
        return;
    }
}

static void put_machine(struct pb_csv *csv, const struct pa_run_tables *run)
{
    struct text text;

    if (PA_N_ROWS(run->host) == 0)
        return;
    open_text(&text);
    pa_machine_print(text.title, run);
    fputs("Measured on ", text.sentence);
    pa_machine_print(text.sentence, run);
    close_text(&text, csv, "machine", PA_NONE);
}

/* --- all ------------------------------------------------------------------ */

static void put_levels(struct pb_csv *csv, const char *unsettled)
{
    struct text text;

    if (!*unsettled)
        return;
    open_text(&text);
    fputs("unsettled", text.title);
    fputs(unsettled, text.sentence);
    close_text(&text, csv, "levels", PA_NONE);
}

static int write_all(const struct pa_run_tables *run, const char *unsettled,
                     struct pa_problem *problem)
{
    struct pa_output output;

    if (pa_output_open(&output, run->folder, "findings.csv", problem) < 0)
        return -1;
    PB_CSV_HEADER(&output.csv, PB_FINDINGS);
    for (size_t i = 0; i < run->cases.n; i++) {
        const struct pa_case *asked = &run->cases.cases[i];
        put_growths(&output.csv, run, asked);
        put_differences(&output.csv, run, asked);
        put_overtakings(&output.csv, run, asked);
        put_meetings(&output.csv, run, asked);
        for (int factor = 0; factor < PB_N_FACTORS; factor++)
            if (strcmp(asked->figure, "steps") == 0 &&
                asked->varies & 1u << factor)
                put_steps(&output.csv, run, asked, (enum pb_factor)factor);
        if (strcmp(asked->figure, "steps") == 0) {
            put_sawtooth(&output.csv, run, asked->sweep);
            put_all_rises(&output.csv, run, asked->sweep);
        }
    }
    put_times_of_instructions(&output.csv, run, PB_FACTOR_fd_count);
    put_times_of_instructions(&output.csv, run, PB_FACTOR_ready_count);
    put_history(&output.csv, run);
    for (enum pb_metric metric = 0; metric < PB_N_METRICS; metric++)
        if (!pb_metric_is_cost(metric))
            put_metric(&output.csv, run, &pb_metric_infos[metric]);
    put_machine(&output.csv, run);
    put_levels(&output.csv, unsettled);
    return pa_output_close(&output, problem);
}

int pa_findings_write(const char *folder, const char *unsettled,
                      struct pa_problem *problem)
{
    struct pa_run_tables run;

    if (pa_run_tables_read_some(&run, folder, 1u << PA_GROWTH, problem) < 0)
        return -1;
    int error = write_all(&run, unsettled, problem);
    pa_run_tables_free(&run);
    return error;
}
