/* SPDX-License-Identifier: MIT */
/* The machine, the method, the files, and how to cite. */
#include "report_sections.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What decides the costs, in words; the rest of host.csv is below it. */
static const struct {
    const char *key, *words;
} main_facts[] = {
    {"label", "called"},
    {"counter", "counted"},
    {"emulator", "by"},
    {"emulator_command", "called as"},
    {"kernel_image", "kernel image"},
    {"kernel_config", "its configuration"},
    {"cpu_model", "CPU"},
    {"cpu_id", "of"},
    {"cpu_clock", "clock at the start"},
    {"cpus_online", "CPUs"},
    {"cpus_used", "measured on CPUs"},
    {"cache_l1d", "cache, first level"},
    {"cache_l2", "cache, second level"},
    {"cache_l3", "cache, third level"},
    {"hypervisor", "hypervisor"},
    {"container", "container"},
    {"kernel", "kernel"},
    {"mitigations", "mitigations"},
    {"libc", "C library"},
    {"compiler", "compiler"},
    {"compiler_flags", "compiler flags"},
    {"commit", "pollbench commit"},
    {"preset", "preset"},
    {"invocations", "invocations (processes)"},
    {"rounds", "rounds in each"},
    {"limit_soft", "descriptor limit"},
    {"started", "started"},
    {"ended", "ended"},
    {"load_1min_start", "load before"},
    {"interrupted_batches", "interrupted batches"},
    {"scheduling", "scheduled as"},
    {"cpu_quota", "CPU quota"},
    {"tracer", "traced by"},
    {"preloaded", "preloaded"},
};

/* Of these no count depends on. */
static const char facts_of_time[] =
    "cpu_id cpu_clock cpus_online cpus_used cache_l1d cache_l2 cache_l3 "
    "hypervisor container load_1min_start interrupted_batches scheduling "
    "cpu_quota";

/* In the text at hand. */
static void add_value(struct pa_report *report, const struct pb_host_row *row)
{
    pa_doc_text(&report->doc, "%s%s%s", row->value, *row->unit ? " " : "",
                row->unit);
}

/* A row of all the values of a key, if it has any. */
static void add_main_fact(struct pa_report *report, size_t fact)
{
    int n = 0;

    PA_EACH (row, report->run, host) {
        if (strcmp(row->key, main_facts[fact].key) != 0 || !*row->value)
            continue;
        if (n++ > 0) {
            pa_doc_text(&report->doc, "; ");
        } else {
            pa_doc_row(&report->doc);
            pa_report_cell(report, "%s", main_facts[fact].words);
            pa_doc_cell(&report->doc);
        }
        add_value(report, row);
    }
}

static void add_all_facts(struct pa_report *report)
{
    pa_report_open_details(report, "All that host.csv holds");
    pa_report_open_table(report, "l", "fact|value");
    PA_EACH (row, report->run, host) {
        pa_doc_row(&report->doc);
        pa_report_cell(report, "%s", row->key);
        pa_doc_cell(&report->doc);
        add_value(report, row);
    }
    pa_doc_close_table(&report->doc);
    pa_report_close_details(report);
}

void pa_report_machine(struct pa_report *report)
{
    int is_counted = pa_run_is_counted(report->run);

    pa_report_part(report, "machine", "The machine");
    pa_report_open_table(report, "l", "fact|value");
    for (size_t i = 0; i < PA_ARRAY_SIZE(main_facts); i++)
        if (!is_counted || !pa_has_word(facts_of_time, main_facts[i].key))
            add_main_fact(report, i);
    pa_doc_close_table(&report->doc);
    if (report->doc.format == PA_HTML)
        add_all_facts(report);
    pa_doc_close_section(&report->doc);
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
    "Each of several processes builds its own set of socket pairs, is "
    "pinned to one CPU, and visits every point in a fresh random order, "
    "round after round. A point is timed in batches of calls that never "
    "block; the answer of every call is checked. A batch during which the "
    "kernel took the CPU away is left out. The estimate of a point is the "
    "lower quartile of what remains, averaged over the processes "
    "(invocations) on a log scale; its interval is a 95 % t-interval over "
    "invocations, because batches of one process agree with each other far "
    "better than with the next process. ";
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
        n_exact += strcmp(row->agreement, "exact") == 0;
        n_once += strcmp(row->agreement, "once") == 0;
    }
    pa_doc_text(&report->doc,
                "Of the %zu points of this run %zu are exact, and of %zu a "
                "single batch has the least. ",
                n, n_exact, n_once);
}

void pa_report_method(struct pa_report *report)
{
    struct pa_doc *doc = &report->doc;

    pa_report_part(report, "method", "How it was measured");
    pa_doc_paragraph(doc);
    pa_doc_text(doc, "%s", pa_run_is_counted(report->run) ? counted : timed);
    if (pa_run_is_counted(report->run))
        add_agreement(report);
    add_method_link(report);
    pa_doc_paragraph(doc);
    pa_doc_text(doc,
                "What this does not tell: what a wait that blocks costs, what "
                "waking up costs, what reading the ready fds costs, or how an "
                "application behaves that does anything else between its "
                "calls.");
    pa_report_notes(report);
    pa_doc_close_section(doc);
}

static void add_file(struct pa_report *report, const char *name,
                     const char *holds)
{
    if (!pa_file_is_there(report->run->folder, name))
        return;
    pa_doc_item(&report->doc);
    pa_report_file_link(report, name);
    pa_doc_text(&report->doc, ": %s", holds);
}

static int is_picture(const struct dirent *entry)
{
    const char *end = strrchr(entry->d_name, '.');

    return entry->d_name[0] != '.' && end &&
           (strcmp(end, ".svg") == 0 || strcmp(end, ".png") == 0);
}

static void add_figures(struct pa_report *report)
{
    PA_FREED char *folder = pa_path(report->run->folder, "figures");
    struct dirent **entries = NULL;
    int n = scandir(folder, &entries, is_picture, alphasort);

    if (n < 0 && errno == ENOMEM)
        pa_need(NULL);
    if (n > 0)
        pa_doc_item(&report->doc);
    for (int i = 0; i < n; i++) {
        PA_FREED char *file = pa_format("figures/%s", entries[i]->d_name);
        pa_doc_text(&report->doc, "%s", i ? ", " : "figures, to paste: ");
        pa_doc_link(&report->doc, file, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

static void add_citation(struct pa_report *report)
{
    PA_FREED char *citation = pa_cite_sentence(report->run, report->id);

    pa_doc_open_section(&report->doc, "cite", "");
    pa_doc_heading(&report->doc, 2, "How to cite");
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc, "%s.", citation);
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc, "The id is made from the measurements: one that "
                              "is changed later has another. ");
    pa_doc_code(&report->doc, "pollbench verify");
    pa_doc_text(&report->doc, " tells whether any file of the run was "
                              "changed. BibTeX is in ");
    pa_doc_link(&report->doc, "cite.txt", "cite.txt");
    pa_doc_text(&report->doc, ". ");
    pa_report_copy_button(report, citation);
    pa_doc_close_section(&report->doc);
}

void pa_report_files(struct pa_report *report)
{
    pa_report_part(report, "files", "The files");
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc, "They lie beside this page, in the run's folder; "
                              "every number on it is in one of them.");
    pa_report_open_details(report, "What each holds");
    add_file(report, "samples.csv", "one row a batch, as measured");
    if (!pa_file_is_there(report->run->folder, "samples.csv"))
        add_file(report, "samples.csv.xz", "the same, packed");
    for (enum pa_run_file i = 0; i < PA_N_RUN_FILES; i++)
        add_file(report, pa_run_file_name(i), pa_run_file_holds(i));
    add_figures(report);
    pa_doc_item(&report->doc);
    pa_doc_link(&report->doc, PA_DIGEST_FILE, PA_DIGEST_FILE);
    pa_doc_text(&report->doc, ": what sha256sum says of each of them");
    pa_report_close_details(report);
    add_citation(report);
    pa_doc_close_section(&report->doc);
}
