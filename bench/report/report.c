/* SPDX-License-Identifier: MIT */
#include "report.h"

#include "findings.h"
#include "output.h"
#include "report_sections.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* The parts of a report that are of the whole run; those of its cases follow
 * from cases.csv. */
static const struct {
    void (*add)(struct pa_report *report);
    int follows_from_calls; /* nothing of it is known of "scale" cases */
} parts[] = {
    {pa_report_head, 0},       {pa_report_answer, 1},
    {pa_report_calculator, 1}, {pa_report_warnings, 0},
    {pa_report_measured, 1},   {pa_report_claims, 1},
    {pa_report_cases, 0},      {pa_report_crossovers, 1},
    {pa_report_memory, 1},     {pa_report_history, 1},
    {pa_report_machine, 0},    {pa_report_method, 1},
    {pa_report_files, 0},
};

int pa_set_locale(struct pa_problem *problem)
{
    static const char euro[] = "\xE2\x82\xAC";
    mbstate_t state = {0};
    wchar_t character;

    /* Otherwise the text would be garbled. glibc loads the conversion at its
     * first use and, without memory for it, silently goes on with ASCII. */
    if (!setlocale(LC_CTYPE, "C.UTF-8") ||
        mbrtowc(&character, euro, sizeof euro - 1, &state) != sizeof euro - 1)
        return pa_problem_set(problem, "the locale C.UTF-8 cannot be had");
    return 0;
}

char *pa_cite_sentence(const struct pa_run_tables *run, const char *id)
{
    PA_FREED char *machine = pa_machine_text(run);
    return pa_format("pollbench %s, run %s, %s, %s, %.10s",
                     pa_run_fact(run, "project_version", "(version unknown)"),
                     id, machine, pa_run_fact(run, "kernel", "kernel unknown"),
                     pa_run_fact(run, "started", "date unknown"));
}

char *pa_cite_markdown(const struct pa_run_tables *run, const char *id)
{
    PA_FREED char *sentence = pa_cite_sentence(run, id);
    struct pa_doc doc;

    pa_doc_init(&doc, PA_MARKDOWN);
    pa_doc_text(&doc, "%s", sentence);
    char *text = pa_format("%s", doc.markdown.text);
    pa_doc_free(&doc);
    return text;
}

/* The content of cite.txt: the sentence, a BibTeX entry, and how to check the
 * files; to be freed. */
static char *cite_text(const struct pa_run_tables *run, const char *id)
{
    PA_FREED char *sentence = pa_cite_sentence(run, id);
    PA_FREED char *note = pa_latex_text(sentence + strlen("pollbench "));
    PA_FREED char *started = pa_latex_text(pa_run_fact(run, "started", ""));
    return pa_format(
        "%s.\n\n"
        "@misc{pollbench-%s,\n"
        "  title = {pollbench: how the cost of select, poll and epoll grows},\n"
        "  author = {{The pollbench contributors}},\n"
        "  year = {%.4s},\n"
        "  note = {version %s}\n"
        "}\n\n"
        "The run id is the start of what this prints, in the run's folder:\n"
        "  sha256sum host.csv samples.csv | sha256sum\n"
        "It changes when a measurement changes. All files of the run are\n"
        "checked by either of:\n"
        "  pollbench verify .\n"
        "  sha256sum -c " PA_DIGEST_FILE "\n",
        sentence, id, started, note);
}

/* page_assets.S */
extern const char pa_page_css[];
extern const char pa_page_js[];

/* The page around a body: everything it needs is in the one file. Its
 * Content-Security-Policy lets nothing load and no script run but ours, which
 * it names by SHA-256 sum. To be freed. */
static char *page_of(const char *title, const char *body)
{
    PA_FREED char *text = pa_html_text(title);
    char style_sum[PA_DIGEST_BASE64], script_sum[PA_DIGEST_BASE64];

    pa_digest_base64(pa_page_css, strlen(pa_page_css), style_sum);
    pa_digest_base64(pa_page_js, strlen(pa_page_js), script_sum);
    return pa_format(
        "<!DOCTYPE html>\n"
        "<html lang=\"en\">\n"
        "<head>\n"
        "<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
        "'none'; img-src data:; style-src 'sha256-%s'; script-src "
        "'sha256-%s'; base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, "
        "initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n"
        "<link rel=\"icon\" href=\"data:,\">\n"
        "<title>%s</title>\n"
        "<style>%s</style>\n"
        "</head>\n"
        "<body>\n"
        "<main>\n"
        "%s</main>\n"
        "<script>%s</script>\n"
        "</body>\n"
        "</html>\n",
        style_sum, script_sum, text, pa_page_css, body, pa_page_js);
}

static char *render(struct pa_report *report, enum pa_format format,
                    void (*build)(struct pa_report *report))
{
    pa_doc_init(&report->doc, format);
    report->n_warnings = 0;
    build(report);
    pa_doc_end_part(&report->doc);
    char *text = pa_doc_render(&report->doc);
    pa_doc_free(&report->doc);
    return text;
}

int pa_report_files_write(struct pa_report *report, const char *folder,
                          const char *title,
                          void (*build)(struct pa_report *report),
                          struct pa_problem *problem)
{
    PA_FREED char *markdown = render(report, PA_MARKDOWN, build);
    PA_FREED char *body = render(report, PA_HTML, build);
    PA_FREED char *page = page_of(title, body);

    if (pa_output_write(folder, "report.md", markdown, problem) < 0 ||
        pa_output_write(folder, "report.html", page, problem) < 0)
        return -1;
    return pa_digest_write(folder, problem);
}

static void build(struct pa_report *report)
{
    int has_calls = !pa_report_is_of(report, "scale");

    for (size_t i = 0; i < PA_ARRAY_SIZE(parts); i++)
        if (has_calls || !parts[i].follows_from_calls)
            parts[i].add(report);
}

static int write_all(struct pa_report *report, const char *folder,
                     struct pa_problem *problem)
{
    PA_FREED char *title = pa_format("pollbench run %s", report->id);
    PA_FREED char *citation = cite_text(report->run, report->id);

    if (pa_output_write(folder, "cite.txt", citation, problem) < 0 ||
        pa_report_files_write(report, folder, title, build, problem) < 0)
        return -1;
    if (report->n_panels == 0)
        fprintf(stderr,
                "%s: %s: no figures in the page, only tables; to have "
                "them, run pollbench draw first\n",
                program_invocation_short_name, folder);
    return 0;
}

int pa_report_write(const char *folder, struct pa_problem *problem)
{
    struct pa_run_tables tables;
    struct pa_report report = {.run = &tables};

    if (pa_set_locale(problem) < 0 ||
        pa_run_id(folder, report.id, problem) < 0 ||
        pa_run_tables_read(&tables, folder, problem) < 0)
        return -1;
    int error = write_all(&report, folder, problem);
    pa_run_tables_free(&tables);
    return error;
}
