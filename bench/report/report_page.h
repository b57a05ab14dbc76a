/* SPDX-License-Identifier: MIT */
/* The page around a report: everything it needs is in the one file. */
#ifndef PA_REPORT_PAGE_H
#define PA_REPORT_PAGE_H

/* A whole HTML document with that title (any text) and body (HTML); to be
 * freed. Its Content-Security-Policy lets nothing load and no script run but
 * ours, which it names by SHA-256 sum. */
char *pa_page(const char *title, const char *body);

#endif
