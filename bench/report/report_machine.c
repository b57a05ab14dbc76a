/* SPDX-License-Identifier: MIT */
/* The machine, the method, the files, and how to cite. */
#include "report_sections.h"

#include <stdlib.h>

enum { OF_TIME = 1 }; /* no count depends on it */

/* What decides the costs, in words; the rest of host.csv is below it. */
static const struct {
    const char *key, *words;
    int is_of_time;
} main_facts[] = {
    {"label", "called", 0},
    {"counter", "counted", 0},
    {"emulator", "by", 0},
    {"emulator_command", "called as", 0},
    {"kernel_image", "kernel image", 0},
    {"kernel_config", "its configuration", 0},
    {"cpu_model", "CPU", 0},
    {"cpu_id", "of", OF_TIME},
    {"cpu_clock", "clock at the start", OF_TIME},
    {"cpus_online", "CPUs", OF_TIME},
    {"cpus_used", "measured on CPUs", OF_TIME},
    {"cache_l1d", "cache, first level", OF_TIME},
    {"cache_l2", "cache, second level", OF_TIME},
    {"cache_l3", "cache, third level", OF_TIME},
    {"hypervisor", "hypervisor", OF_TIME},
    {"container", "container", OF_TIME},
    {"kernel", "kernel", 0},
    {"mitigations", "mitigations", 0},
    {"libc", "C library", 0},
    {"compiler", "compiler", 0},
    {"compiler_flags", "compiler flags", 0},
    {"commit", "pollbench commit", 0},
    {"preset", "preset", 0},
    {"invocations", "invocations (processes)", 0},
    {"rounds", "rounds in each", 0},
    {"limit_soft", "descriptor limit", 0},
    {"started", "started", 0},
    {"ended", "ended", 0},
    {"load_1min_start", "load before", OF_TIME},
    {"interrupted_batches", "interrupted batches", OF_TIME},
    {"scheduling", "scheduled as", OF_TIME},
    {"cpu_quota", "CPU quota", OF_TIME},
    {"tracer", "traced by", 0},
    {"preloaded", "preloaded", 0},
};

/* The value of a fact, in a row that begins with its name; without one it goes
 * on with the row before. */
static void add_fact(struct pa_report *report, const char *name,
                     const struct pb_host_row *row)
{
    if (name) {
        pa_doc_row(&report->doc);
        pa_report_cell(report, "%s", name);
        pa_doc_cell(&report->doc);
    }
    pa_doc_text(&report->doc, "%s%s%s%s", name ? "" : "; ", row->value,
                *row->unit ? " " : "", row->unit);
}

static void add_all_facts(struct pa_report *report)
{
    pa_report_open_details(report, "All that host.csv holds");
    pa_report_open_table(report, "l", "fact|value");
    PA_EACH (row, report->run, host)
        add_fact(report, row->key, row);
    pa_doc_close_table(&report->doc);
    pa_report_close_details(report);
}

void pa_report_machine(struct pa_report *report)
{
    int is_counted = pa_run_is_counted(report->run);

    pa_report_part(report, "machine", "The machine");
    pa_report_open_table(report, "l", "fact|value");
    for (size_t i = 0; i < PA_ARRAY_SIZE(main_facts); i++) {
        const char *words = main_facts[i].words;
        PA_EACH (row, report->run, host)
            if (pa_is(row->key, main_facts[i].key) && *row->value &&
                !(is_counted && main_facts[i].is_of_time)) {
                add_fact(report, words, row);
                words = NULL;
            }
    }
    pa_doc_close_table(&report->doc);
    if (report->doc.format == PA_HTML)
        add_all_facts(report);
}

/* A link only where it leads somewhere: a run that lies in results/ of the
 * source tree. Elsewhere the version says which tree to look in. */
static void add_method_link(struct pa_report *report)
{
    static const char path[] = "../../docs/method.md";
    struct pa_doc *doc = &report->doc;

    if (pa_file_is_there(report->run->folder, path))
        pa_doc_link(doc, path, "docs/method.md");
    else
        pa_doc_code(doc, "docs/method.md");
    pa_doc_text(doc,
                " of pollbench %s (commit %s) has the evidence for each of "
                "these choices.",
                pa_run_fact(report->run, "project_version", "unknown"),
                pa_run_fact(report->run, "commit", "unknown"));
}

static const char timed[] =
    "Each of several processes builds its own set of socket pairs, is pinned "
    "to one CPU, and visits every point in a fresh random order, round after "
    "round. A point is timed in batches of calls that never block; the answer "
    "of every call is checked. A batch during which the kernel took the CPU "
    "away is left out. The estimate of a point is the lower quartile of what "
    "remains, averaged over the processes (invocations) on a log scale; its "
    "interval is a 95 % t-interval over invocations, because batches of one "
    "process agree with each other far better than with the next process. ";
static const char counted[] =
    "In a guest whose clock advances with each executed instruction, by the "
    "same program and the same visits as where time is measured: each of "
    "several processes builds its own set of socket pairs and visits every "
    "point in a fresh random order, in batches of calls that never block; the "
    "answer of every call is checked. What the kernel and the program execute "
    "is counted, not what they wait for: no cache, no branch predictor, no "
    "neighbour has a part in it. A count that all batches agree in is exact; "
    "where some hold a timer's interrupt, the least of them is the count, and "
    "points.csv says minimum, or once, if one batch alone has it. So there is "
    "no interval. ";

/* How sure the counts are. */
static void add_agreement(struct pa_report *report)
{
    size_t n_exact = 0, n_once = 0, n = PA_N_ROWS(report->run->points);

    PA_EACH (row, report->run, points) {
        n_exact += pa_is(row->agreement, "exact");
        n_once += pa_is(row->agreement, "once");
    }
    pa_doc_text(&report->doc,
                "Of the %zu points of this run %zu are exact, and of %zu a "
                "single batch has the least. ",
                n, n_exact, n_once);
}

static void add_notes(struct pa_report *report)
{
    int n = 0;

    PA_EACH (row, report->run, host) {
        if (!pa_is(row->key, "note"))
            continue;
        if (n++ == 0)
            PA_SAY(report, paragraph,
                   "Left out by design, which no number is the worse for:");
        PA_SAY(report, item, "%s", row->value);
    }
}

void pa_report_method(struct pa_report *report)
{
    pa_report_part(report, "method", "How it was measured");
    PA_SAY(report, paragraph, "%s",
           pa_run_is_counted(report->run) ? counted : timed);
    if (pa_run_is_counted(report->run))
        add_agreement(report);
    add_method_link(report);
    PA_SAY(report, paragraph,
           "What this does not tell: what a wait that blocks costs, what "
           "waking up costs, what reading the ready fds costs, or how an "
           "application behaves that does anything else between its calls.");
    add_notes(report);
}

/* SHA256SUMS is written after the page. */
static void add_file(struct pa_report *report, const char *name,
                     const char *holds)
{
    if (!pa_file_is_there(report->run->folder, name) &&
        !pa_is(name, PA_DIGEST_FILE))
        return;
    pa_doc_item(&report->doc);
    pa_report_file_link(report, name);
    pa_doc_text(&report->doc, ": %s", holds);
}

static void add_citation(struct pa_report *report)
{
    PA_FREED char *citation = pa_cite_sentence(report->run, report->id);

    pa_report_part(report, "cite", "How to cite");
    PA_SAY(report, paragraph, "%s.", citation);
    PA_SAY(report, paragraph,
           "The id is made from the measurements: one that is changed later "
           "has another. ");
    pa_doc_code(&report->doc, "pollbench verify");
    pa_doc_text(
        &report->doc,
        " tells whether any file of the run was changed. BibTeX is in ");
    pa_doc_link(&report->doc, "cite.txt", "cite.txt");
    pa_doc_text(&report->doc, ". ");
    pa_report_copy_button(report, citation);
}

void pa_report_files(struct pa_report *report)
{
    pa_report_part(report, "files", "The files");
    PA_SAY(report, paragraph,
           "They lie beside this page, in the run's folder; every number on it "
           "is in one of them.");
    pa_report_open_details(report, "What each holds");
    add_file(report, "samples.csv", "one row a batch, as measured");
    if (!pa_file_is_there(report->run->folder, "samples.csv"))
        add_file(report, "samples.csv.xz", "the same, packed");
    for (enum pa_run_file i = 0; i < PA_N_RUN_FILES; i++)
        add_file(report, pa_run_file_name(i), pa_run_file_holds(i));
    add_file(report, "figures",
             "all of them, for a column of a paper and a slide, to paste");
    add_file(report, PA_DIGEST_FILE, "what sha256sum says of each of them");
    pa_report_close_details(report);
    add_citation(report);
}
