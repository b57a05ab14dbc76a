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

/* The two texts of a row while they are written, of a run and into a file. */
struct telling {
    const struct pa_run_tables *run;
    struct pb_csv *csv;
    struct pa_string title_text, sentence_text;
    FILE *title, *sentence;
};

static void begin(struct telling *to)
{
    to->title = pa_string_open(&to->title_text);
    to->sentence = pa_string_open(&to->sentence_text);
}

/* What goes between what it holds and what is added. */
static const char *gap_of(struct telling *to)
{
    return fflush(to->title) == 0 && to->title_text.n_bytes ? "; " : "";
}

/* Add it to the file, unless it has no title. In a title a blank takes the
 * place of each comma: gnuplot would end the field there. */
static void end(struct telling *to, const char *sweep, int64_t fd_count)
{
    fputs(".", to->sentence);
    pa_string_close(to->title);
    pa_string_close(to->sentence);
    for (char *at = to->title_text.text; (at = strchr(at, ','));)
        *at = ' ';
    if (to->title_text.n_bytes > 0)
        pb_findings_put(to->csv, &(struct pb_findings_row){
                                     .sweep = sweep,
                                     .fd_count = fd_count,
                                     .title = to->title_text.text,
                                     .sentence = to->sentence_text.text});
    free(to->title_text.text);
    free(to->sentence_text.text);
}

/* --- how costs grow: a panel a number of fds ------------------------------ */

#define NAMED_MOST 4 /* in a title */

/* Rows along one factor with one number of fds, the largest change first. */
struct panel {
    const struct pb_growth_row **rows;
    size_t n;
};

static int order_panels(const struct pb_growth_row *a,
                        const struct pb_growth_row *b)
{
    int order = (int)pb_factor_of(a->variable) - (int)pb_factor_of(b->variable);

    return order ? order
                 : (a->fd_count > b->fd_count) - (a->fd_count < b->fd_count);
}

static int order_rows(const void *first, const void *second)
{
    const struct pb_growth_row *a = *(const struct pb_growth_row *const *)first;
    const struct pb_growth_row *b =
        *(const struct pb_growth_row *const *)second;
    int order = order_panels(a, b);

    if (order == 0)
        order = (a->change_ns < b->change_ns) - (a->change_ns > b->change_ns);
    return order ? order : (a > b) - (a < b);
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
            pa_phrase_subject(out, panel->rows[i]->backend,
                              panel->rows[i]->stage);
            before = " and ";
        }
}

/* "select +846 ns". */
static void put_change(FILE *out, const struct pb_growth_row *row, int64_t to)
{
    pa_phrase_subject(out, row->backend, row->stage);
    fprintf(out, " %s%s", row->change_ns > 0 ? "+" : "",
            pa_show_cost(row->change_ns, pb_metric_unit(row->metric)).text);
    if (row->to != to)
        fprintf(out, " (to %lld)", (long long)row->to);
}

/* "8 to 19705: select-textbook +12.3 us; select +846 ns; the same: poll and
 * epoll", and the same with ends and intervals. */
static void put_panel(struct telling *to, const struct panel *panel)
{
    const struct pb_growth_row *first = panel->rows[0];
    const char *gap = "", *pause = "";
    double margin_ns = 0;

    fprintf(to->title, "%lld to %lld: ", (long long)first->from,
            (long long)first->to);
    for (size_t i = 0; i < panel->n; i++) {
        const struct pb_growth_row *row = panel->rows[i];
        enum pa_outcome outcome = pa_growth_outcome(row);
        if (outcome == PA_SAME) {
            margin_ns = fmax(margin_ns, pa_growth_margin_ns(row));
            continue;
        }
        fputs(pause, to->sentence);
        pa_phrase_change(to->sentence, *pause ? "with" : "With", row);
        pause = "; ";
        if (outcome == PA_UNSEEN)
            continue;
        fputs(gap, to->title);
        put_change(to->title, row, first->to);
        gap = "; ";
    }
    put_group(to->title, panel, PA_SAME, *gap ? "; the same: " : "the same: ");
    put_group(to->title, panel, PA_UNSEEN, "; not precise enough: ");
    if (margin_ns == 0)
        return;
    fprintf(to->sentence, "%s change of more than %s in %s from %lld to %lld",
            *pause ? "; no" : "No",
            pa_show_cost(margin_ns, pb_metric_unit(first->metric)).text,
            pa_phrase_variable(first->variable), (long long)first->from,
            (long long)first->to);
    put_group(to->sentence, panel, PA_SAME, ": ");
}

static void put_growths(struct telling *to, const struct pa_case *asked)
{
    PA_FREED const struct pb_growth_row **rows =
        pa_room(PA_N_ROWS(to->run->growth), sizeof *rows);
    size_t n = 0;

    PA_EACH (row, to->run, growth)
        if (pa_growth_is_of(to->run, row, asked))
            rows[n++] = row;
    qsort(rows, n, sizeof *rows, order_rows);
    for (size_t i = 0; i < n;) {
        struct panel panel = {.rows = rows + i};
        while (i < n && order_panels(panel.rows[0], rows[i]) == 0)
            i++;
        panel.n = (size_t)(rows + i - panel.rows);
        begin(to);
        put_panel(to, &panel);
        end(to, asked->sweep, panel.rows[0]->fd_count);
    }
}

/* --- values side by side -------------------------------------------------- */

static void put_differences(struct telling *to, const struct pa_case *asked)
{
    PA_EACH (row, to->run, differences) {
        const struct pb_differences_row *best =
            pa_is(row->sweep, asked->sweep) ? pa_difference_of(to->run, row)
                                            : NULL;
        if (!best)
            continue;
        begin(to);
        pa_difference_say(to->title, to->sentence, to->run, best);
        end(to, asked->sweep, PA_NONE);
    }
}

/* Whether what looks through the ready fds overtakes what looks through all,
 * along the variable. */
static int is_overtaking(const struct pa_run_tables *run,
                         const struct pb_crossovers_row *row,
                         const char *variable)
{
    const struct pa_backend *first = pa_backend_of(&run->backends, row->first);
    const struct pa_backend *second =
        pa_backend_of(&run->backends, row->second);

    return pa_is(row->variable, variable) && pa_is(row->status, "found") &&
           first && pa_is(first->scans, "ready_count") && second &&
           pa_is(second->scans, "fd_count");
}

/* Up to which value of the variable the one is cheaper, with so many fds. */
static void put_overtaking(struct telling *to, const char *variable,
                           int64_t fd_count)
{
    const char *gap = "";

    PA_EACH (row, to->run, crossovers) {
        if (row->fd_count != fd_count || !is_overtaking(to->run, row, variable))
            continue;
        if (!*gap) {
            fprintf(to->title, "%s below %s up to: ", row->first, row->second);
            fprintf(to->sentence, "With %lld fds watched, ",
                    (long long)fd_count);
        }
        fprintf(to->title, "%s%s %s", gap, row->change,
                pa_show_number(row->place).text);
        fprintf(to->sentence, "%s%s: %s is cheaper than %s up to %s", gap,
                row->change, row->first, row->second,
                pa_show_place(variable, row->place, row->low, row->high).text);
        gap = "; ";
    }
}

/* Of a case whose x axis no other has, by ascending numbers of fds. */
static void put_overtakings(struct telling *to, const struct pa_case *asked)
{
    if (asked->axis == PB_N_FACTORS ||
        pb_factor_infos[asked->axis].role != PB_HELD)
        return;
    const char *variable = pb_factor_infos[asked->axis].name;
    for (int64_t fd_count = 0, next; fd_count != INT64_MAX; fd_count = next) {
        next = INT64_MAX;
        PA_EACH (row, to->run, crossovers)
            if (row->fd_count > fd_count && row->fd_count < next &&
                is_overtaking(to->run, row, variable))
                next = row->fd_count;
        begin(to);
        put_overtaking(to, variable, next);
        end(to, asked->sweep, next);
    }
}

/* --- the plane of highest fd and fds watched ------------------------------ */

/* What becomes of two backends over the fds watched, at each highest fd: up to
 * somewhere the first is cheaper, one is throughout, or something else. */
enum { FOUND, FIRST, SECOND, OTHER, N_OUTCOMES };
struct meeting {
    size_t n[N_OUTCOMES];
    double from, to, low, high; /* of the places found */
};

static struct meeting meet(const struct pa_run_tables *run, const char *first,
                           const char *second)
{
    struct meeting meeting = {.from = INFINITY, .low = INFINITY};

    PA_EACH (row, run, crossovers) {
        int is_first = pa_is(row->first, first) && pa_is(row->second, second);
        int is_second = pa_is(row->first, second) && pa_is(row->second, first);
        if ((!is_first && !is_second) || !PA_IS_PLAIN(row) ||
            !pa_is(row->variable, "fd_count"))
            continue;
        if (pa_is(row->status, "always")) {
            meeting.n[is_first ? FIRST : SECOND]++;
        } else if (is_second || !pa_is(row->status, "found")) {
            meeting.n[OTHER]++;
        } else {
            meeting.n[FOUND]++;
            meeting.from = fmin(meeting.from, row->place);
            meeting.to = fmax(meeting.to, row->place);
            meeting.low = fmin(meeting.low, row->low);
            meeting.high = fmax(meeting.high, row->high);
        }
    }
    return meeting;
}

static void put_meeting(struct telling *to, const struct meeting *meeting,
                        const char *first, const char *second)
{
    const char *const who[N_OUTCOMES] = {first, first, second, "neither"};
    const size_t *at = meeting->n;
    size_t n = at[FOUND] + at[FIRST] + at[SECOND] + at[OTHER];
    int dearer = at[FIRST] > at[SECOND] ? SECOND : FIRST;
    int cheaper = FIRST + SECOND - dearer;
    const char *gap = gap_of(to), *pause = "";

    if (n == 0)
        return;
    fprintf(to->sentence, "%s%s and %s, of %zu highest fds: ", gap, first,
            second, n);
    if (at[FOUND] > 0) {
        struct pa_shown places = pa_show_number(meeting->from);
        if (meeting->to > 1.05 * meeting->from)
            pa_append(places.text, sizeof places.text, " to %s",
                      pa_show_number(meeting->to).text);
        fprintf(to->title, "%s%s cheaper than %s up to N = %s", gap, first,
                second, places.text);
        fprintf(to->sentence,
                "at %zu %s is cheaper up to %s fds watched (all intervals "
                "within %s to %s)",
                at[FOUND], first, places.text,
                pa_show_number(meeting->low).text,
                pa_show_number(meeting->high).text);
        pause = ", ";
    } else {
        fprintf(to->title, "%s%s cheaper than %s at %zu of %zu M", gap,
                who[cheaper], who[dearer], at[cheaper], n);
    }
    for (int i = FIRST; i < N_OUTCOMES; i++)
        if (at[i] > 0) {
            fprintf(to->sentence, "%sat %zu %s is%s", pause, at[i], who[i],
                    i == OTHER ? ", or it is not told" : " cheaper throughout");
            pause = ", ";
        }
}

static void put_meetings(struct telling *to, const struct pa_case *asked)
{
    const struct pa_backend *before = NULL, *head = NULL;

    begin(to);
    while ((head = pa_backend_head_after(&to->run->backends, head))) {
        if (before) {
            struct meeting meeting = meet(to->run, before->name, head->name);
            put_meeting(to, &meeting, before->name, head->name);
        }
        before = head;
    }
    end(to, asked->sweep, PA_NONE);
}

/* --- where cost jumps ----------------------------------------------------- */

static void put_step(struct telling *to, const struct pb_steps_row *row,
                     const char *backend)
{
    int is_other = !pa_is(backend, row->backend);
    const char *unit = pb_metric_unit(row->metric);
    double size_ns = row->size_ns;

    fprintf(to->title, "%s%s%s%s%s between %lld and %lld", *backend ? "; " : "",
            is_other ? row->backend : "", is_other ? " " : "",
            size_ns > 0 ? "+" : "", pa_show_cost(size_ns, unit).text,
            (long long)row->before, (long long)row->place);
    fprintf(
        to->sentence, "%s%s%sbetween %lld and %lld by %s", *backend ? ", " : "",
        is_other ? row->backend : "", is_other ? " jumps " : "",
        (long long)row->before, (long long)row->place,
        pa_show_cost_interval(size_ns, row->low_ns, row->high_ns, unit).text);
}

/* The steps over a factor that are no minor ones. */
static void put_steps(struct telling *to, const struct pa_case *asked,
                      enum pb_factor factor)
{
    const char *variable = pb_factor_infos[factor].name, *backend = "";
    int64_t fd_count = PA_NONE;

    begin(to);
    fprintf(to->sentence, "Over %s: ", pa_phrase_variable(variable));
    PA_EACH (row, to->run, steps) {
        if (!pa_is(row->variable, variable) || pa_has_word(row->flags, "minor"))
            continue;
        put_step(to, row, backend);
        backend = row->backend;
        fd_count = row->fd_count;
    }
    PA_EACH (row, to->run, points) {
        if (*backend || !pa_is(row->sweep, asked->sweep))
            continue;
        fputs("no step was found", to->sentence);
        fputs("no step found", to->title);
        fd_count = factor == PB_FACTOR_fd_count ? PA_NONE : row->fd_count;
        break;
    }
    end(to, asked->sweep, fd_count);
}

/* --- small steps that return, which only counts show ---------------------- */

/* What the next fd costs beyond those of the row; NAN: it was not measured. */
static double rise_after(const struct pa_run_tables *run,
                         const struct pb_points_row *row)
{
    PA_EACH (next, run, points)
        if (next->fd_count == row->fd_count + 1 &&
            pa_is(next->sweep, row->sweep) &&
            pa_is(next->backend, row->backend))
            return next->estimate_ns - row->estimate_ns;
    return (double)NAN;
}

/* Fds that cost over twice what one more does by the slope: the first, and
 * others at one distance from each other. */
static void put_rises(struct telling *to, const char *sweep,
                      const struct pb_slopes_row *slope)
{
    long long at[] = {0, 0, 0}, apart = 0; /* first, second and last */
    double least = INFINITY, most = 0;
    int n = 0;

    PA_EACH (row, to->run, points) {
        if (!pa_is(row->sweep, sweep) || !pa_is(row->backend, slope->backend))
            continue;
        double rise = rise_after(to->run, row);
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
    begin(to);
    fprintf(to->title, "%s at %lld and %lld and every %lld up to %lld",
            slope->backend, at[0], at[1], apart, at[2]);
    fprintf(to->sentence,
            "One more fd costs %s %s %s as a rule, and %s to %s at %lld, at "
            "%lld and at every %lld fds more, up to %lld",
            slope->backend, pa_show_number(slope->slope).text,
            pb_metric_unit(slope->metric), pa_show_number(least).text,
            pa_show_number(most).text, at[0], at[1], apart, at[2]);
    end(to, sweep, PA_NONE);
}

/* Beside the slopes of the window that begins with 64. */
static void put_all_rises(struct telling *to, const char *sweep)
{
    PA_EACH (row, to->run, slopes)
        if (pa_run_is_counted(to->run) && row->typical == 1 &&
            pa_is(row->variable, "fd_count") && pa_is(row->stage, "all") &&
            row->window_from == 64)
            put_rises(to, sweep, row);
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
        if (!pa_is(row->sweep, sweep) || !pa_is(row->backend, backend) ||
            row->fd_count != 1 || *row->flags)
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
static void put_sawtooth(struct telling *to, const char *sweep)
{
    PA_EACH (row, to->run, slopes) {
        const char *backend = row->backend;
        const char *unit = pb_metric_unit(row->metric);
        double slope = WORD * row->slope, range[2] = {INFINITY, -INFINITY};
        if (!pa_is(row->variable, "highest_fd") || !pa_is(row->stage, "all") ||
            row->typical != 1 || row->fd_count != 1 ||
            within_words(to->run, sweep, backend, range) < 2)
            continue;
        struct pa_shown within = pa_show_number(range[0]);
        if (!pa_is(within.text, pa_show_number(range[1]).text))
            pa_append(within.text, sizeof within.text, " to %s",
                      pa_show_number(range[1]).text);
        begin(to);
        fprintf(to->title,
                "a number costs %s %s in a watched word; 64 cost %s %s across "
                "empty words",
                within.text, unit, pa_show_number(slope).text, unit);
        fprintf(to->sentence,
                "One more fd number costs %s %s %s within a watched word "
                "(first to last point of each), and 64 more cost it %s across "
                "empty words, from %lld to %lld",
                backend, within.text, unit,
                pa_show_interval(slope, WORD * row->slope_low,
                                 WORD * row->slope_high, unit)
                    .text,
                (long long)row->window_from, (long long)row->window_to);
        end(to, "sawtooth", 1);
        return;
    }
}

/* --- times beside counts -------------------------------------------------- */

/* The value of the factor that it is over: fds watched with one ready, or fds
 * ready of many; -1 of other rows. */
static int64_t value_of(const struct pb_per_instruction_row *row,
                        enum pb_factor over)
{
    if (over == PB_FACTOR_fd_count)
        return row->ready_count == 1 ? row->fd_count : -1;
    return row->fd_count == PB_SMALL_FDS ? row->ready_count : -1;
}

/* Of a backend the row over a factor whose value is the largest up to this. */
static const struct pb_per_instruction_row *
per_instruction(const struct pa_run_tables *run, const char *backend,
                enum pb_factor over, int64_t most)
{
    const struct pb_per_instruction_row *best = NULL;

    PA_EACH (row, run, per_instruction) {
        const struct pa_case *asked = pa_case_of(&run->cases, row->sweep);
        int64_t value = value_of(row, over);
        if (asked && asked->axis == over && pa_is(asked->figure, "series") &&
            pa_is(row->backend, backend) && pa_is(row->stage, "all") &&
            value >= 0 && value <= most &&
            (!best || value > value_of(best, over)))
            best = row;
    }
    return best;
}

/* "poll 0.287 at 64 and 0.302 at 512 and 0.413 at 8192": with few, in the
 * middle, and with the most; in a title "poll 0.287 to 0.413". */
static void put_times_of(struct telling *to, const char *backend,
                         enum pb_factor over)
{
    const int64_t places[] = {64, PB_SMALL_FDS / 2, INT64_MAX};
    const struct pb_per_instruction_row *before = NULL;
    int is_first = !*gap_of(to);

    if (!per_instruction(to->run, backend, over, INT64_MAX))
        return;
    fprintf(to->title, is_first ? "ns per instruction: %s" : "; %s", backend);
    fprintf(to->sentence, is_first ? "An instruction of %s takes" : "; of %s",
            backend);
    for (size_t i = 0; i < PA_ARRAY_SIZE(places); i++) {
        const struct pb_per_instruction_row *row =
            per_instruction(to->run, backend, over, places[i]);
        if (!row || row == before)
            continue;
        if (!before || places[i] == INT64_MAX)
            fprintf(to->title, "%s %s", before ? " to" : "",
                    pa_show_number(row->ns).text);
        fprintf(to->sentence, "%s %s at %lld", before ? " and" : "",
                pa_show_interval(row->ns, row->low, row->high, "ns").text,
                (long long)value_of(row, over));
        before = row;
    }
}

/* Where that is the same, the cost grows as the work does; where it rises,
 * memory is waited for. */
static void put_times_of_instructions(struct telling *to, enum pb_factor over)
{
    if (PA_N_ROWS(to->run->per_instruction) == 0)
        return;
    begin(to);
    for (size_t i = 0; i < to->run->backends.n; i++)
        put_times_of(to, to->run->backends.backends[i].name, over);
    fprintf(to->sentence,
            " %s: where that is the same, the cost grows as the instructions "
            "do; where it rises, they wait for memory (counted on %s)",
            pb_factor_infos[over].words,
            to->run->per_instruction.first->counted_on);
    end(to, "per_instruction",
        over == PB_FACTOR_fd_count ? PA_NONE : PB_SMALL_FDS);
}

/* --- beside what others have published ------------------------------------ */

static int is_same_line(const struct pb_history_row *a,
                        const struct pb_history_row *b)
{
    return a->year == b->year && pa_is(a->series, b->series) &&
           pa_is(a->kernel, b->kernel) && pa_is(a->backend, b->backend);
}

/* Of a backend, what this run's line does and how many of the others do it,
 * each line with one fd ready once. */
static void put_agreement(struct telling *to, const char *backend)
{
    const char *gap = gap_of(to), *ours = NULL;
    size_t n = 0, n_alike = 0, n_open = 0;

    PA_EACH (row, to->run, history) {
        int is_open = pa_is(row->growth, "cannot-tell");
        const char *growth = is_open                      ? "is not told"
                             : pa_is(row->growth, "flat") ? "is flat"
                                                          : "grows";
        if (!pa_is(row->backend, backend) || row->active != 1 ||
            (row > to->run->history.first && is_same_line(row - 1, row)))
            continue;
        if (row->year == PA_NONE) {
            ours = growth;
            continue;
        }
        n++;
        n_alike += ours && pa_is(ours, growth);
        n_open += (size_t)is_open;
    }
    if (!ours)
        return;
    fprintf(to->title, "%s%s %s; so in %zu of %zu published", gap, backend,
            ours, n_alike, n);
    fprintf(to->sentence,
            "%s cost of a call with %s %s over the fds watched, and so it does "
            "in %zu of %zu published series, of which %zu have too few figures "
            "to tell",
            *gap ? "; the" : "The", backend, ours, n_alike, n, n_open);
}

static void put_history(struct telling *to)
{
    const struct pa_backend *head = NULL;

    begin(to);
    while ((head = pa_backend_head_after(&to->run->backends, head)))
        put_agreement(to, head->name);
    end(to, "history", PA_NONE);
}

/* --- what was measured, and on what, for titles and captions -------------- */

static void put_texts(struct telling *to, const char *sweep, const char *title,
                      const char *sentence)
{
    begin(to);
    fputs(title, to->title);
    fputs(sentence, to->sentence);
    end(to, sweep, PA_NONE);
}

/* The words of a metric, if the run has it beside what a call costs. */
static void put_metric(struct telling *to, const struct pb_metric_info *metric)
{
    PA_FREED char *sweep = pa_format("metric %s", metric->name);
    PA_FREED char *words =
        pa_format("%.*s", pb_metric_words(metric), metric->meaning);

    PA_EACH (row, to->run, points)
        if (pa_is(row->metric, metric->name)) {
            put_texts(to, sweep, words, metric->meaning);
            return;
        }
}

static void put_machine(struct telling *to)
{
    PA_FREED char *machine = pa_machine_text(to->run);
    PA_FREED char *sentence = pa_format("Measured on %s", machine);

    if (PA_N_ROWS(to->run->host) > 0)
        put_texts(to, "machine", machine, sentence);
}

/* --- all ------------------------------------------------------------------ */

static void put_case(struct telling *to, const struct pa_case *asked)
{
    put_growths(to, asked);
    put_differences(to, asked);
    put_overtakings(to, asked);
    if (pa_is(asked->figure, "ratios"))
        put_meetings(to, asked);
    if (!pa_is(asked->figure, "steps"))
        return;
    for (enum pb_factor factor = 0; factor < PB_N_FACTORS; factor++)
        if (asked->varies & 1u << factor)
            put_steps(to, asked, factor);
    put_sawtooth(to, asked->sweep);
    put_all_rises(to, asked->sweep);
}

static int write_all(const struct pa_run_tables *run, const char *unsettled,
                     struct pa_problem *problem)
{
    struct pa_output output;

    if (pa_output_open(&output, run->folder, "findings.csv", problem) < 0)
        return -1;
    struct telling to = {.run = run, .csv = &output.csv};
    PB_CSV_HEADER(&output.csv, PB_FINDINGS);
    for (size_t i = 0; i < run->cases.n; i++)
        put_case(&to, &run->cases.cases[i]);
    put_times_of_instructions(&to, PB_FACTOR_fd_count);
    put_times_of_instructions(&to, PB_FACTOR_ready_count);
    put_history(&to);
    for (enum pb_metric metric = 0; metric < PB_N_METRICS; metric++)
        if (!pb_metric_is_cost(metric))
            put_metric(&to, &pb_metric_infos[metric]);
    put_machine(&to);
    if (*unsettled)
        put_texts(&to, "levels", "unsettled", unsettled);
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
