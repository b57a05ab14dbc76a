/* SPDX-License-Identifier: MIT */
/* How a run is cited. */
#ifndef PA_REPORT_CITE_H
#define PA_REPORT_CITE_H

#include "run_tables.h"

/* What the run was made on; to be freed. */
char *pa_cite_machine(const struct pa_run_tables *run);

/* One sentence with program, version, run id, machine, kernel and date,
 * without a stop at its end; to be freed. */
char *pa_cite_sentence(const struct pa_run_tables *run, const char *id);

/* The same as Markdown; to be freed. */
char *pa_cite_markdown(const struct pa_run_tables *run, const char *id);

/* The content of cite.txt: the sentence, a BibTeX entry, and how to check the
 * files; to be freed. */
char *pa_cite_text(const struct pa_run_tables *run, const char *id);

#endif
