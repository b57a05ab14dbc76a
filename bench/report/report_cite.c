/* SPDX-License-Identifier: MIT */
#include "report.h"

#include "digest.h"
#include "findings.h"
#include "report_doc.h"

#include <string.h>

char *pa_cite_machine(const struct pa_run_tables *run)
{
    struct pa_string text;
    FILE *out = pa_string_open(&text);

    pa_machine_print(out, run);
    pa_string_close(out);
    return text.text;
}

char *pa_cite_sentence(const struct pa_run_tables *run, const char *id)
{
    PA_FREED char *machine = pa_cite_machine(run);
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

char *pa_cite_text(const struct pa_run_tables *run, const char *id)
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
