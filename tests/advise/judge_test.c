/* SPDX-License-Identifier: MIT */
/* What is said of a thread, from counts that are known and models that are. */
#include "unit.h"

#include "host.h"
#include "judge.h"

#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* cold_models.csv: a look at N fds that queues, and one after it; midway
 * between warm and cold ones, 140.3 us and 251 of poll. */
static const double poll_ns_at_1000 =
    (200 + 100e3 + 100 + 40e3 + 600 + 170e3 + 400 + 80e3) / 2;
static const double epoll_ns = (300 + 200 + 1100 + 900) / 2.;

static char folder[] = "/tmp/judge.XXXXXX";

static void name(char path[64], const char *file)
{
    snprintf(path, 64, "%s/%s", folder, file);
}

/* host.csv of this machine, but that it has this kernel if that is not NULL. */
static void write_host(const char *kernel)
{
    char path[64];
    struct pb_csv csv;

    name(path, "host.csv");
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pb_csv_init(&csv, fd);
    PB_CSV_HEADER(&csv, PB_HOST);
    pb_host_machine(&csv);
    if (kernel)
        pb_host_text(&csv, "kernel", kernel);
    assert_int_equal(pb_csv_flush(&csv), 0);
    pb_csv_free(&csv);
    close(fd);
}

/* The rows of cold_models.csv, but without those that hold a text. */
static void write_models(const char *without)
{
    char path[64], line[4096];

    name(path, "models.csv");
    FILE *from = fopen(COLD_MODELS, "r"), *to = fopen(path, "w");
    assert_non_null(from);
    assert_non_null(to);
    while (fgets(line, sizeof line, from))
        if (!strstr(line, without))
            fputs(line, to);
    fclose(from);
    assert_int_equal(fclose(to), 0);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    char path[64];

    (void)state;
    name(path, "host.csv");
    unlink(path);
    name(path, "models.csv");
    unlink(path);
    return rmdir(folder);
}

/* A thread that sleeps 1,000 times a second in poll of 1,000 fds, and takes
 * half a core. */
static struct pa_thread usual(void)
{
    struct pa_thread thread = {.tid = 1,
                               .way = PA_POLL,
                               .call = "poll",
                               .set = -1,
                               .n_slices = PB_LOOK_SLICES,
                               .n_least = 1000,
                               .n_of = {[PA_FD_UNIX] = 1000}};

    for (int i = 0; i < 1000; i++)
        pa_watched_add(&thread.watched, 10 + i, POLLIN);
    for (int i = 0; i < PB_LOOK_SLICES; i++)
        thread.slices[i] = (struct pa_slice){.seconds = 0.2,
                                             .cpu_ns = 100000000,
                                             .delay_ns = 2000000,
                                             .sleeps = 200,
                                             .samples = 20,
                                             .asleep = 9};
    return thread;
}

static struct pa_advice judged(struct pa_thread *thread)
{
    struct pa_problem problem = {0};
    struct pa_advice advice;
    struct pa_costs costs;

    assert_int_equal(pa_costs_read(&costs, folder, &problem), 0);
    assert_int_equal(pa_judge(&advice, &costs, thread, &problem), 0);
    pa_costs_free(&costs);
    pa_watched_free(&thread->watched);
    return advice;
}

static void cannot_tell(struct pa_thread thread, const char *because)
{
    struct pa_advice advice = judged(&thread);

    assert_int_equal(advice.answer, PA_CANNOT_TELL);
    assert_non_null(strstr(advice.reason.text, because));
}

static void many_waits_of_poll_are_cheaper_with_epoll(void **state)
{
    struct pa_thread thread = usual();
    double saved = 1000 * (poll_ns_at_1000 - epoll_ns) * 1e-9;

    (void)state;
    write_host(NULL);
    write_models("(all)");
    struct pa_advice advice = judged(&thread);
    assert_int_equal(advice.answer, PA_SWITCH);
    assert_int_equal(advice.best, PA_EPOLL);
    const struct pa_option *best = &advice.options[PA_EPOLL];
    assert_true(fabs(best->saved.value - saved) < 1e-9);
    assert_true(best->saved.low < 0.7 * saved &&
                best->saved.low > 0.66 * saved);
    assert_true(fabs(best->taken.value - (0.5 - saved)) < 1e-9);
    assert_true(fabs(advice.options[PA_POLL].wait_ns.value - poll_ns_at_1000) <
                1e-6);
    assert_true(fabs(advice.sooner_ns - (250 + 60e3 - 550)) < 1e-6);
}

/* From 14 to 25 % of a core by the models, of 22 that it takes, all in all. */
static void no_more_is_saved_than_it_takes(void **state)
{
    struct pa_thread thread = usual();

    (void)state;
    for (int i = 0; i < PB_LOOK_SLICES; i++)
        thread.slices[i].cpu_ns = 44000000;
    struct pa_advice advice = judged(&thread);
    struct pa_interval saved = advice.options[PA_EPOLL].saved;
    assert_int_equal(advice.answer, PA_SWITCH);
    assert_true(fabs(saved.high - 0.22) < 1e-9);
    assert_true(saved.low < saved.value && saved.value < 0.21);
}

/* A thread that never sleeps: 2,000 waits/s of poll, each of which takes 200 us
 * and a clock's 0.5, and reports 10 fds. */
static struct pa_thread counting(enum pa_way way)
{
    struct pa_thread thread = usual();

    thread.way = way;
    thread.is_counted = 1;
    thread.clock_ns = 500;
    for (int i = 0; i < PB_LOOK_SLICES; i++) {
        thread.slices[i] = (struct pa_slice){.seconds = 0.2,
                                             .cpu_ns = 200000000,
                                             .waits = 400,
                                             .returned = 4000,
                                             .waiting_ns = 80200000};
    }
    return thread;
}

/* Whatever the models of poll: what is saved is what its waits take, and its
 * array, but for a look of epoll's. */
static void one_that_counts_may_be_saturated(void **state)
{
    struct pa_thread thread = counting(PA_POLL);

    (void)state;
    struct pa_advice advice = judged(&thread);
    const struct pa_option *best = &advice.options[PA_EPOLL];
    double epoll_awake_ns = 550 + 150.0 / 11 + PB_READY_NS * 9;
    double saved = 2000e-9 * (200e3 + PB_ARRAY_NS * 1000 - epoll_awake_ns);
    assert_int_equal(advice.answer, PA_SWITCH);
    assert_int_equal(advice.best, PA_EPOLL);
    assert_true(fabs(advice.options[PA_POLL].wait_ns.value - 200e3) < 1e-6);
    assert_true(fabs(best->wait_ns.value - epoll_awake_ns) < 1e-6);
    assert_true(fabs(best->saved.value - saved) < 1e-9);
    assert_true(best->saved.low > 0.8 * saved &&
                best->saved.low < 0.86 * saved);
    /* Awake it passes once, over most of its fds without a queue. */
    thread = counting(PA_EPOLL);
    for (int i = 0; i < PB_LOOK_SLICES; i++)
        thread.slices[i].waiting_ns = 1000000; /* 2.5 us each */
    advice = judged(&thread);
    assert_int_equal(advice.answer, PA_STAY);
    double poll_ns = 250 + 60e3 + (150 + 75e3) / 11;
    assert_true(fabs(advice.options[PA_POLL].wait_ns.value - poll_ns) < 1e-6);
    assert_true(fabs(advice.options[PA_EPOLL].wait_ns.value - 2000) < 1e-6);
}

static void counts_that_tell_nothing(void **state)
{
    struct pa_thread thread = counting(PA_POLL);

    (void)state;
    for (int i = 0; i < PB_LOOK_SLICES; i++)
        thread.slices[i].waits = 1;
    cannot_tell(thread, "only 10 waits");
    thread = counting(PA_POLL);
    thread.elsewhere_share = 0.3;
    cannot_tell(thread, "30 % of its waits are by another call");
    thread = counting(PA_POLL);
    thread.set_slice = -1;
    cannot_tell(thread, "could not be read");
    thread = counting(PA_POLL);
    for (int i = 1; i < PB_LOOK_SLICES; i++)
        thread.slices[i] = (struct pa_slice){.seconds = 0.2};
    cannot_tell(thread, "there is no interval");
}

static void select_ends_at_fd_setsize(void **state)
{
    struct pa_thread thread = usual();

    (void)state;
    thread.watched.fds[0].fd = 1024;
    struct pa_advice advice = judged(&thread);
    assert_non_null(advice.options[PA_SELECT].cannot);
    assert_true(isnan(advice.options[PA_SELECT].wait_ns.value));
    assert_int_equal(advice.answer, PA_SWITCH);
    thread = usual();
    thread.way = PA_SELECT; /* it can, since it does */
    thread.watched.fds[0].fd = 1024;
    advice = judged(&thread);
    assert_null(advice.options[PA_SELECT].cannot);
}

static void epoll_takes_no_file(void **state)
{
    struct pa_thread thread = usual();

    (void)state;
    thread.n_of[PA_FD_FILE] = 1;
    struct pa_advice advice = judged(&thread);
    assert_non_null(advice.options[PA_EPOLL].cannot);
    assert_int_not_equal(advice.best, PA_EPOLL);
}

static void epoll_stays_and_says_what_poll_would_cost(void **state)
{
    struct pa_thread thread = usual();

    (void)state;
    thread.way = PA_EPOLL;
    struct pa_advice advice = judged(&thread);
    assert_int_equal(advice.answer, PA_STAY);
    assert_true(advice.options[PA_POLL].saved.value < -0.19);
    assert_true(advice.options[PA_POLL].taken.value > 0.69);
}

static void little_is_no_reason_to_change(void **state)
{
    struct pa_thread thread = usual();

    (void)state;
    for (int i = 0; i < PB_LOOK_SLICES; i++)
        thread.slices[i].sleeps = 6; /* 30 waits/s of 0.2 ms are 0.6 % */
    struct pa_advice advice = judged(&thread);
    assert_int_equal(advice.answer, PA_STAY);
    assert_true(advice.options[PA_EPOLL].saved.value > 0.005);
}

/* Whatever the models: more than it takes it cannot save. */
static void one_that_takes_nothing_stays_without_models(void **state)
{
    struct pa_thread thread = usual();

    (void)state;
    write_models("cold");
    for (int i = 0; i < PB_LOOK_SLICES; i++) {
        thread.slices[i].cpu_ns = 1000000;
        thread.slices[i].asleep = 20;
    }
    struct pa_advice advice = judged(&thread);
    assert_int_equal(advice.answer, PA_STAY);
    assert_false(advice.has_options);
    write_models("(all)");
}

/* No advice from a saturated look: on a CPU, waiting for one, or not asleep. */
static void saturated_cannot_be_told(void **state)
{
    struct pa_thread thread = usual();

    (void)state;
    thread.slices[3].cpu_ns = 190000000; /* a part of the look is enough */
    cannot_tell(thread, "in 1 of 10 parts");
    thread = usual();
    for (int i = 0; i < PB_LOOK_SLICES; i++)
        thread.slices[i].asleep = i % 2;
    cannot_tell(thread, "saturated");
    thread = usual();
    for (int i = 0; i < PB_LOOK_SLICES; i++)
        thread.slices[i].delay_ns = 25000000;
    cannot_tell(thread, "starved");
    /* One that is starved has little of a CPU, and sleeps little. */
    thread = usual();
    for (int i = 0; i < PB_LOOK_SLICES; i++) {
        thread.slices[i].cpu_ns = 1000000;
        thread.slices[i].delay_ns = 120000000;
    }
    cannot_tell(thread, "starved");
}

static void what_was_not_seen_cannot_be_told(void **state)
{
    struct pa_thread thread = usual();

    (void)state;
    thread.n_slices = 0;
    cannot_tell(thread, "only 0 samples");
    thread = usual();
    for (int i = 0; i < PB_LOOK_SLICES; i++)
        thread.slices[i].cpu_ns = thread.slices[i].delay_ns = 0;
    cannot_tell(thread, "CONFIG_SCHED_INFO");
    thread = usual();
    thread.elsewhere = 20;
    thread.other_call = 202;
    cannot_tell(thread, "system call 202");
    thread = usual();
    thread.set_slice = -1;
    cannot_tell(thread, "could not be read");
    thread = usual();
    thread.n_least = 400;
    cannot_tell(thread, "of 400 fds and of 1000");
    thread = usual();
    thread.watched.n = thread.n_least = 0;
    cannot_tell(thread, "no fd");
    thread = usual();
    thread.way = PA_EPOLL;
    thread.watched.fds[7].events |= EPOLLET;
    cannot_tell(thread, "1 of 1000 entries");
}

/* Bursts: a rate that may be nothing is no reason either. */
static void a_rate_that_varies_makes_the_saving_uncertain(void **state)
{
    struct pa_thread thread = usual();

    (void)state;
    for (int i = 0; i < PB_LOOK_SLICES; i++)
        thread.slices[i].sleeps = i == 0 ? 300 : 0;
    cannot_tell(thread, "may be nothing");
}

static void a_run_that_does_not_fit_cannot_tell(void **state)
{
    struct pa_thread thread = usual();

    (void)state;
    write_models("cold");
    cannot_tell(thread, "RUN has no cold model of poll");
    write_models("cold,1000"); /* of no wait that queues */
    cannot_tell(usual(), "RUN has no cold model of poll");
    write_models("cold,0"); /* of no second look */
    cannot_tell(usual(), "RUN has no cold model of poll");
    write_models("epoll"); /* nor of another call: but select cannot */
    thread = usual();
    thread.watched.fds[0].fd = 1024;
    cannot_tell(thread, "no other call");
    write_models("(all)");
    thread = usual();
    while (thread.watched.n <= 4096)
        pa_watched_add(&thread.watched, 2000, POLLIN);
    thread.n_least = thread.watched.n;
    cannot_tell(thread, "4097 fds are beyond");
    thread = usual();
    for (int i = 0; i < PB_LOOK_SLICES; i++)
        thread.slices[i].cpu_ns = 20000000;
    cannot_tell(thread, "RUN's fds are not like these");
    write_host("Linux 0.1");
    cannot_tell(usual(), "its kernel is \"Linux 0.1\"");
    write_host(NULL);
}

static void kind_of_the_models_is_told(void **state)
{
    struct pa_thread thread = usual();
    struct pa_problem problem = {0};
    struct pa_advice advice;
    struct pa_costs costs;

    (void)state;
    thread.n_of[PA_FD_PIPE] = 1001;
    assert_int_equal(pa_costs_read(&costs, folder, &problem), 0);
    assert_int_equal(pa_judge(&advice, &costs, &thread, &problem), 0);
    assert_string_equal(advice.kind, "socketpair");
    assert_string_equal(pa_thread_fd_kind(&thread), "pipe");
    pa_costs_free(&costs);
    pa_watched_free(&thread.watched);
}

static void a_program_without_waits_is_told_of(void **state)
{
    struct pa_thread thread = usual();
    struct pa_look look = {.threads = &thread, .n_threads = 1};
    struct pa_problem reason;

    (void)state;
    struct pa_advice advice = {.busy = 0.2};
    pa_judge_none(&reason, &look, &advice);
    assert_string_equal(reason.text, "");
    thread.way = PA_NO_WAY;
    pa_judge_none(&reason, &look, &advice);
    assert_non_null(strstr(reason.text, "no wait on any fd"));
    advice.busy = 0.99;
    pa_judge_none(&reason, &look, &advice);
    assert_non_null(strstr(reason.text, "saturated (busy 99 %)"));
    pa_watched_free(&thread.watched);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_waits_of_poll_are_cheaper_with_epoll),
        cmocka_unit_test(no_more_is_saved_than_it_takes),
        cmocka_unit_test(one_that_counts_may_be_saturated),
        cmocka_unit_test(counts_that_tell_nothing),
        cmocka_unit_test(select_ends_at_fd_setsize),
        cmocka_unit_test(epoll_takes_no_file),
        cmocka_unit_test(epoll_stays_and_says_what_poll_would_cost),
        cmocka_unit_test(little_is_no_reason_to_change),
        cmocka_unit_test(one_that_takes_nothing_stays_without_models),
        cmocka_unit_test(saturated_cannot_be_told),
        cmocka_unit_test(what_was_not_seen_cannot_be_told),
        cmocka_unit_test(a_rate_that_varies_makes_the_saving_uncertain),
        cmocka_unit_test(a_run_that_does_not_fit_cannot_tell),
        cmocka_unit_test(kind_of_the_models_is_told),
        cmocka_unit_test(a_program_without_waits_is_told_of),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
