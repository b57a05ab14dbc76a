/* SPDX-License-Identifier: MIT */
/* The files of a whole run, separated by form feeds, made into a report: the
 * page has no element that runs code but its own. */
#include "report.h"
#include "run_tables.h"
#include "scratch_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

/* The page as one text, to be freed. */
static char *read_page(void)
{
    char *path = pa_path(scratch_folder(), "report.html");
    FILE *file = fopen(path, "r");
    char *page = NULL;
    size_t room = 0;
    if (!file || getdelim(&page, &room, '\0', file) < 0)
        abort();
    fclose(file);
    free(path);
    return page;
}

static int count(const char *text, const char *word)
{
    int n = 0;
    while ((text = strcasestr(text, word))) {
        n++;
        text++;
    }
    return n;
}

static void check_page(void)
{
    static int n_own = -1;
    char *page = read_page();
    int n = count(page, "<script") + count(page, "<iframe") +
            count(page, "<object") + count(page, "<base");
    if (n_own < 0)
        n_own = n;
    if (n > n_own)
        abort();
    free(page);
}

static void report_on(const uint8_t *bytes, size_t n_bytes)
{
    const char *names[PA_N_RUN_FILES];
    struct pa_problem problem = {0};

    for (size_t i = 0; i < PA_N_RUN_FILES; i++)
        names[i] = pa_run_file_name((enum pa_run_file)i);
    scratch_split(names, PA_N_RUN_FILES, bytes, n_bytes);
    scratch_write("samples.csv", (const uint8_t *)"", 0);
    if (pa_report_write(scratch_folder(), &problem) == 0)
        check_page();
    else if (!*problem.text)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    report_on(bytes, n_bytes);
    return 0;
}
