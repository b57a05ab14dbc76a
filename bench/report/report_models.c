/* SPDX-License-Identifier: MIT */
/* Models, and the tables of steps and stages. */
#include "report_sections.h"
#include "show.h"

#include <math.h>
#include <string.h>

static struct pa_shown show_term(const union pa_cell *row)
{
    return pa_show_term(row[MODELS_term].text, row[MODELS_at].integer);
}

static int is_chosen(const union pa_cell *row, const char *backend,
                     const char *stage)
{
    return row[MODELS_typical].integer == 1 &&
           strcmp(row[MODELS_backend].text, backend) == 0 &&
           strcmp(row[MODELS_stage].text, stage) == 0;
}

static void add_term_row(struct pa_report *report, const union pa_cell *row)
{
    pa_doc_row(&report->doc);
    pa_report_cell(report, "%s", show_term(row).text);
    pa_report_cell(report, "%s",
                   pa_show_interval(row[MODELS_value].real, NAN, NAN,
                                    row[MODELS_unit].text)
                       .text);
}

/* The range and quality of a model, under its table. */
static void add_fit_line(struct pa_report *report, const union pa_cell *row)
{
    struct pa_doc *doc = &report->doc;

    pa_doc_paragraph(doc);
    pa_doc_text(doc,
                "Fitted on %lld points in %lld invocations: highest fd %lld to "
                "%lld, %lld to %lld watched, %lld to %lld ready. Typical "
                "(root mean square) error of the fit: %s %%.",
                (long long)row[MODELS_points].integer,
                (long long)row[MODELS_invocations].integer,
                (long long)row[MODELS_from_highest_fd].integer,
                (long long)row[MODELS_to_highest_fd].integer,
                (long long)row[MODELS_from_fd_count].integer,
                (long long)row[MODELS_to_fd_count].integer,
                (long long)row[MODELS_from_ready_count].integer,
                (long long)row[MODELS_to_ready_count].integer,
                pa_show_number(row[MODELS_rms_percent].real).text);
}

static void add_model(struct pa_report *report, const char *backend)
{
    static const char *const heads[] = {"what is paid", "cost", NULL};
    const union pa_cell *any = NULL;
    struct pa_doc *doc = &report->doc;

    pa_doc_open_section(doc, "model", backend);
    pa_doc_heading(doc, 3, backend);
    pa_doc_open_table(doc, "lr");
    pa_report_head_row(report, heads);
    for (size_t i = 0; i < pa_run_rows(report->run, PA_MODELS); i++) {
        const union pa_cell *row = pa_run_row(report->run, PA_MODELS, i);
        if (is_chosen(row, backend, "all")) {
            add_term_row(report, row);
            any = row;
        }
    }
    pa_doc_close_table(doc);
    if (any)
        add_fit_line(report, any);
    pa_doc_close_section(doc);
}

/* Call each backend that has a chosen model of that stage: the library's in
 * their order, and then what else was measured. Its rows follow each other. */
static void for_each_backend(struct pa_report *report, const char *stage,
                             void (*add)(struct pa_report *, const char *))
{
    for (size_t place = 0; place <= report->run->backends.n; place++) {
        const char *last = "";
        for (size_t i = 0; i < pa_run_rows(report->run, PA_MODELS); i++) {
            const union pa_cell *row = pa_run_row(report->run, PA_MODELS, i);
            const char *backend = row[MODELS_backend].text;
            if (pa_backend_place(&report->run->backends, backend) != place ||
                strcmp(backend, last) == 0 || !is_chosen(row, backend, stage))
                continue;
            add(report, backend);
            last = backend;
        }
    }
}

static void add_what_models_are(struct pa_report *report)
{
    pa_doc_text(&report->doc, "What predictions are made of: ");
    pa_doc_link(&report->doc, "models.csv", "models.csv");
}

void pa_report_models(struct pa_report *report)
{
    pa_report_part(report, "models", "What each part of a call costs");
    pa_doc_paragraph(&report->doc);
    if (pa_run_rows(report->run, PA_MODELS) == 0)
        pa_doc_text(&report->doc, "This run has too little data for a model: "
                                  "models.csv has no rows.");
    else
        add_what_models_are(report);
    pa_report_flag_notes(report, PA_FLAGS(MODELS), MODELS_backend);
    for_each_backend(report, "all", add_model);
    pa_doc_close_section(&report->doc);
}

/* --- steps --------------------------------------------------------------- */

static void add_step_row(struct pa_report *report, const union pa_cell *row)
{
    pa_doc_row(&report->doc);
    pa_report_cell(report, "%s", row[STEPS_backend].text);
    pa_report_cell(report, "%s between %lld and %lld",
                   pa_factor_words(row[STEPS_variable].text),
                   (long long)row[STEPS_before].integer,
                   (long long)row[STEPS_place].integer);
    pa_report_cell(report, "%s",
                   pa_show_ns_interval(row[STEPS_size_ns].real,
                                       row[STEPS_low_ns].real,
                                       row[STEPS_high_ns].real)
                       .text);
    pa_report_cell(report, "%s %%",
                   pa_show_number(row[STEPS_share_percent].real).text);
    pa_report_flags_cell(report, PA_FLAGS(STEPS), row);
}

void pa_report_steps(struct pa_report *report, const struct pa_case *asked)
{
    static const char *const heads[] = {"backend",           "where", "height",
                                        "of the cost below", "note",  NULL};
    size_t n = pa_run_rows(report->run, PA_STEPS);

    (void)asked;
    if (n == 0)
        return;
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc,
                "Found in a fine scan of this run, without being told where to "
                "look. A straight line through a step reports a slope that is "
                "not there.");
    pa_report_flag_notes(report, PA_FLAGS(STEPS), PA_NO_NAMES);
    pa_doc_open_table(&report->doc, "llrrl");
    pa_report_head_row(report, heads);
    for (size_t i = 0; i < n; i++)
        add_step_row(report, pa_run_row(report->run, PA_STEPS, i));
    pa_doc_close_table(&report->doc);
}

/* --- stages -------------------------------------------------------------- */

static void add_stage_row(struct pa_report *report, const union pa_cell *row)
{
    pa_doc_row(&report->doc);
    pa_report_cell(report, "%s", row[MODELS_backend].text);
    pa_report_cell(report, "%s", row[MODELS_stage].text);
    pa_report_cell(report, "%s", show_term(row).text);
    pa_report_cell(report, "%s",
                   pa_show_interval(row[MODELS_value].real, NAN, NAN,
                                    row[MODELS_unit].text)
                       .text);
}

/* Steps and bends have a place; they are many. */
static int is_plain_slope(const union pa_cell *row)
{
    return row[MODELS_at].integer == PA_NONE &&
           strcmp(row[MODELS_term].text, "intercept") != 0;
}

static void add_stages_of(struct pa_report *report, const char *backend)
{
    static const char *const stages[] = {"prepare", "wait", "collect"};

    for (size_t s = 0; s < PA_ARRAY_SIZE(stages); s++) {
        for (size_t i = 0; i < pa_run_rows(report->run, PA_MODELS); i++) {
            const union pa_cell *row = pa_run_row(report->run, PA_MODELS, i);
            if (is_chosen(row, backend, stages[s]) && is_plain_slope(row))
                add_stage_row(report, row);
        }
    }
}

void pa_report_stages(struct pa_report *report, const struct pa_case *asked)
{
    static const char *const heads[] = {"backend", "stage", "what grows",
                                        "cost", NULL};

    (void)asked;
    pa_doc_paragraph(&report->doc);
    pa_doc_text(&report->doc,
                "A call has three stages, timed apart: prepare (what the "
                "program builds before the call), wait (the system call) and "
                "collect (what the program scans after it). Only wait is the "
                "kernel's. Listed is what grows (a stage that is missing does "
                "not); steps and bends are in ");
    pa_doc_link(&report->doc, "models.csv", "models.csv");
    pa_doc_text(&report->doc, ".");
    pa_doc_open_table(&report->doc, "lllr");
    pa_report_head_row(report, heads);
    for_each_backend(report, "wait", add_stages_of);
    pa_doc_close_table(&report->doc);
}
