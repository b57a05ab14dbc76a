/* SPDX-License-Identifier: MIT */
/* What /proc says of a process whose names and memory are anybody's: whatever
 * it is, what was read is within its bounds, and printable. */
#include "proc_text.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static void check_stat(const char *text)
{
    struct pa_stat stat;

    if (pa_read_stat(&stat, text) < 0)
        return;
    if (!stat.state || strlen(stat.name) >= sizeof stat.name)
        abort();
    for (const char *at = stat.name; *at; at++)
        if (!isprint((unsigned char)*at))
            abort();
}

static void check_watched(struct pa_watched *watched)
{
    int highest = pa_watched_highest(watched);
    size_t n_words = pa_watched_words(watched);

    if ((watched->n == 0) != (highest < 0) || n_words > watched->n ||
        (watched->n > 0 && n_words == 0) ||
        pa_watched_with(watched, UINT32_MAX) > watched->n)
        abort();
    for (size_t i = 0; i < watched->n; i++)
        if (watched->fds[i].fd < 0 || watched->fds[i].fd > highest)
            abort();
    pa_watched_free(watched);
}

/* What was in memory where a call said that its set was: one count first. */
static void check_memory(const uint8_t *bytes, size_t n_bytes)
{
    struct pa_watched watched = {0};
    struct pollfd fds[64] = {{0}};
    unsigned long bitmaps[3 * 64] = {0};
    size_t n_fds = n_bytes ? bytes[0] % 64 : 0;
    size_t n_words = n_bytes ? bytes[0] % 65 : 0, bits = 8 * sizeof *bitmaps;

    memcpy(fds, bytes, n_bytes < sizeof fds ? n_bytes : sizeof fds);
    memcpy(bitmaps, bytes, n_bytes < sizeof bitmaps ? n_bytes : sizeof bitmaps);
    pa_watched_add_poll(&watched, fds, n_fds);
    check_watched(&watched);
    n_fds = n_words * bits - (n_words ? bytes[n_bytes - 1] % bits : 0);
    pa_watched_add_select(&watched, bitmaps, n_words, n_fds);
    if (watched.n > n_fds)
        abort();
    check_watched(&watched);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    char *text = strndup((const char *)bytes, n_bytes);
    struct pa_watched watched = {0};
    struct pa_at at;
    struct pa_sched sched;
    int64_t number;

    check_stat(text);
    if (pa_read_at(&at, text) == 0 && at.where == PA_IN_CALL && at.number < 0)
        abort();
    if (pa_read_sched(&sched, text) == 0 &&
        (sched.cpu_ns < 0 || sched.delay_ns < 0 || sched.runs < 0))
        abort();
    (void)pa_read_status(&number, text, "Uid");
    (void)pa_read_epoll(&watched, text); /* what came before an error is kept */
    check_watched(&watched);
    check_memory(bytes, n_bytes);
    free(text);
    return 0;
}
