/* SPDX-License-Identifier: MIT */
/* Scenes, as cases put them into a plan and as one invocation plays them. */
#include "unit.h"

#include "case.h"
#include "csv_write.h"
#include "invocation.h"
#include "limit.h"
#include "memory.h"
#include "partner.h"
#include "proc_file.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

extern const struct pb_case pb_case_scale, pb_case_beyond_limit, pb_case_memory;
static const char *const two[] = {"poll", "epoll", NULL};
static const char *kinds[] = {"socketpair", NULL, NULL};
static const struct pb_case plain = {.name = "plain"};
static const struct pb_case with_own = {.name = "own", .staging = &pb_own_farm};
static struct pb_plan plan;
static const struct pb_request request = {.backends = two,
                                          .fd_kinds = kinds,
                                          .farm = {8, 1023, pb_fd_kinds},
                                          .seed = 1};

static int setup(void **state)
{
    (void)state;
    closefrom(3);
    pb_plan_init(&plan, pb_scene_free);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pb_plan_free(&plan);
    return 0;
}

static struct pb_factors factors(int m, int n, int r)
{
    return (struct pb_factors){
        .highest_fd = m, .fd_count = n, .ready_count = r};
}

static void add(const struct pb_case *this, struct pb_factors wanted)
{
    assert_int_equal(
        pb_case_add(this, &plan, &request, &wanted, &pb_operation_all), 0);
}

static int count_open(int from)
{
    int n = 0;
    for (int fd = from; fd < 1100; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

/* --- into the plan -------------------------------------------------------- */

/* M is lowered to the next idle fd, from at least one of these. */
static void points_that_come_out_alike_are_there_once(void **state)
{
    (void)state;
    for (int m = 1015; m <= 1017; m++)
        add(&plain, factors(m, 16, 1));
    assert_int_equal(plan.n_series, 2);
    assert_int_equal(plan.points[plan.series[1].point].got->highest_fd, 1015);
}

static void a_point_without_room_is_counted_and_left_out(void **state)
{
    (void)state;
    static const struct {
        int m, n, r;
    } impossible[] = {{1024, 1, 0},  {7, 1, 0},         {1023, 0, 0},
                      {1023, 4, 5},  {1023, 763, 0},    {1023, 300, 255},
                      {1023, -1, 0}, {1023, 1 << 30, 0}};
    for (int i = 0; i < 8; i++) {
        add(&plain, factors(impossible[i].m, impossible[i].n, impossible[i].r));
        assert_int_equal(plan.n_left_out, i + 1);
    }
    assert_int_equal(plan.n_series, 0);
    assert_int_equal(plan.n_points, 0);
}

static void a_point_may_choose_its_kind(void **state)
{
    (void)state;
    struct pb_factors wanted = factors(1023, 16, 1);
    add(&plain, wanted);
    wanted.fd_kind = "eventfd"; /* any such text does */
    add(&plain, wanted);
    wanted.fd_kind = "socketpair";
    add(&plain, wanted);
    assert_int_equal(plan.n_points, 2);
    assert_ptr_equal(plan.points[0].got->fd_kind, pb_fd_kinds->name);
    assert_ptr_equal(plan.points[1].got->fd_kind,
                     pb_fd_kind_of("eventfd")->name);
    wanted.fd_kind = "none such";
    assert_int_equal(
        pb_case_add(&plain, &plan, &request, &wanted, &pb_operation_all),
        -EINVAL);
}

static void
a_point_that_does_not_is_there_as_each_that_is_asked_for(void **state)
{
    (void)state;
    kinds[1] = "pipe";
    add(&plain, factors(1023, 16, 1));
    kinds[1] = NULL;
    assert_int_equal(plan.n_points, 2);
    assert_int_equal(plan.n_series, 2 * 2);
    assert_string_equal(plan.points[0].got->fd_kind, "socketpair");
    assert_string_equal(plan.points[1].got->fd_kind, "pipe");
    assert_memory_equal(plan.points[0].scene->fds, plan.points[1].scene->fds,
                        16 * sizeof(int));
}

static void a_farm_of_ones_own_is_no_larger_than_needed(void **state)
{
    (void)state;
    struct pb_scene *scene;
    for (int m = 16; m < 100; m++) {
        struct pb_factors wanted = factors(m, 4, 1);
        assert_int_equal(
            pb_scene_choose(&pb_own_farm, &request.farm, &wanted, 1, &scene),
            0);
        int surplus = scene->farm.highest_fd - (int)scene->got.highest_fd;
        assert_in_range(surplus, 0, 7);
        assert_int_equal(count_open(8), 0);
        assert_int_equal(scene->staging->open(scene), 0);
        assert_int_equal(count_open(8), scene->farm.highest_fd - 7);
        assert_int_equal(pb_farm_check(&scene->farm, true), 0);
        scene->staging->close(scene);
        assert_int_equal(count_open(8), 0);
        pb_scene_free(scene);
    }
}

/* --- played --------------------------------------------------------------- */

static long count_planned(int rounds)
{
    long n = 0;
    for (int i = 0; i < plan.n_series; i++)
        n += plan.series[i].operation->is_once ? 1 : rounds;
    return n;
}

/* The rows of an invocation with so many rounds, as text to be freed. */
static char *play(int rounds, int keep_sets)
{
    char path[] = "/tmp/pollbench-scene-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(dup2(file, 3), 3);
    closefrom(4);
    size_t n_series = (size_t)plan.n_series;
    struct pb_shared *shared =
        calloc(1, sizeof *shared + n_series * sizeof shared->series[0]);
    assert_non_null(shared);
    const struct pb_invocation invocation = {.plan = &plan,
                                             .other_cpu = -1,
                                             .cpu = -1,
                                             .rounds = rounds,
                                             .batch_ns = 1000,
                                             .keep_sets = keep_sets,
                                             .samples_fd = 3,
                                             .shared = shared};
    assert_int_equal(pb_invocation_run(&invocation), 0);
    assert_true(shared->rows >= count_planned(rounds));
    free(shared);
    off_t n_bytes = lseek(3, 0, SEEK_END);
    char *text = calloc(1, (size_t)n_bytes + 1);
    assert_non_null(text);
    assert_int_equal(pread(3, text, (size_t)n_bytes, 0), n_bytes);
    assert_int_equal(count_open(8), 0); /* nothing is left of any scene */
    return text;
}

/* Rows that end as those with this status, and have the other text in them. */
static int count_rows(const char *rows, const char *other, const char *status)
{
    int n = 0;
    for (const char *end; (end = strchr(rows, '\n')); rows = end + 1) {
        size_t n_bytes = (size_t)(end - rows), tail = strlen(status);
        n += n_bytes >= tail && memcmp(end - tail, status, tail) == 0 &&
             memmem(rows, n_bytes, other, strlen(other));
    }
    return n;
}

static int count_lines(const char *text)
{
    return count_rows(text, "", "");
}

/* Whether the system has as many of a kind as a farm here takes. */
static bool has_many(int kind)
{
    return pb_fd_kind_most(&pb_fd_kinds[kind]) > 2 * request.farm.highest_fd;
}

/* All have the same numbers, so that they differ in nothing else: one kind is
 * closed before the next is opened. */
static void kinds_stand_side_by_side_in_one_run(void **state)
{
    (void)state;
    for (int i = 0; pb_fd_kind_name(i); i++)
        for (int n = 1; n <= 64 && has_many(i); n *= 4) {
            struct pb_factors wanted = factors(1023, n, 1);
            wanted.fd_kind = pb_fd_kind_name(i);
            add(&plain, wanted);
        }
    for (int keep_sets = 0; keep_sets < 2; keep_sets++) {
        char *rows = play(2, keep_sets);
        assert_int_equal(count_rows(rows, "", ",ok"), count_lines(rows));
        for (int i = 0; pb_fd_kind_name(i); i++)
            if (has_many(i))
                assert_true(count_rows(rows, pb_fd_kind_name(i), ",ok") >=
                            4 * 2 * 2);
        free(rows);
    }
}

static int n_opened;

static int open_and_count(struct pb_scene *scene)
{
    n_opened++;
    return pb_shared_farm.open(scene);
}

/* Of one kind, they are open from the first batch to the last; of several, no
 * kind is opened twice in a round. */
static void what_is_shared_is_opened_once(void **state)
{
    (void)state;
    static struct pb_staging counted; /* the plan has it until it is freed */
    counted = pb_shared_farm;
    counted.open = open_and_count;
    const struct pb_case counting = {.name = "plain", .staging = &counted};
    for (int n_kinds = 1; n_kinds <= 2; n_kinds++) {
        enum { ROUNDS = 4 };
        for (int n = 1; n <= 256; n *= 2) {
            struct pb_factors wanted = factors(1023, n, 1);
            wanted.fd_kind = pb_fd_kind_name(n_kinds - 1);
            add(&counting, wanted);
        }
        n_opened = 0;
        free(play(ROUNDS, 1));
        if (n_kinds == 1)
            assert_int_equal(n_opened, 1);
        else
            assert_in_range(n_opened, ROUNDS + 1, 2 * ROUNDS);
    }
}

static void own_farms_and_shared_ones_take_turns(void **state)
{
    (void)state;
    for (int n = 1; n <= 64; n *= 4) {
        add(&plain, factors(1023, n, 1));
        add(&with_own, factors(511, n, n));
    }
    for (int keep_sets = 0; keep_sets < 2; keep_sets++) {
        char *rows = play(3, keep_sets);
        assert_int_equal(count_rows(rows, "", ",ok"), count_lines(rows));
        assert_true(count_rows(rows, "own,", ",ok") >= 4 * 2 * 3);
        free(rows);
    }
}

/* A partner that keeps one eventfd ready that the farm left idle, as long as
 * batches are timed: without it each answer would be wrong. */
static struct stage_life {
    int n_started, n_stopped;
    int n_sets; /* of epoll that were there when it started, over all starts */
    int start_error, stop_error;
    bool is_idle; /* does not do its part */
} * life;         /* shared with the processes that scenes are played in */

static int expected_place(const struct pb_scene *scene)
{
    int place = 0;
    while (!pb_farm_is_ready(scene->fds[place]))
        place++;
    return place ? 0 : (int)scene->got.fd_count - 1;
}

static bool expects(const struct pb_scene *scene, int place)
{
    return place == expected_place(scene);
}

static int open_alone(struct pb_scene *scene)
{
    uint64_t value;
    int error = pb_own_farm.open(scene);
    for (int i = 0; i < scene->got.fd_count && !error; i++)
        if (pb_farm_is_ready(scene->fds[i]) &&
            read(scene->fds[i], &value, sizeof value) != sizeof value)
            error = -errno;
    return error;
}

static void close_alone(struct pb_scene *scene)
{
    pb_own_farm.close(scene);
}

static int start_partner(struct pb_scene *scene)
{
    uint64_t value = 1;
    int fd = scene->fds[expected_place(scene)];
    if (life->start_error)
        return life->start_error;
    life->n_started++;
    life->n_sets += count_open(scene->farm.highest_fd + 1);
    return life->is_idle || write(fd, &value, sizeof value) == sizeof value
               ? 0
               : -errno;
}

static int stop_partner(struct pb_scene *scene)
{
    uint64_t value;
    int fd = scene->fds[expected_place(scene)];
    life->n_stopped++;
    if (!life->is_idle && read(fd, &value, sizeof value) != sizeof value)
        return -errno;
    return life->stop_error;
}

static const struct pb_staging with_partner = {.open = open_alone,
                                               .close = close_alone,
                                               .expects = expects,
                                               .start = start_partner,
                                               .stop = stop_partner};
static const struct pb_case partnered = {.name = "partnered",
                                         .staging = &with_partner};

static char *play_partnered(struct stage_life wanted)
{
    struct pb_factors one_ready = factors(255, 16, 1);
    one_ready.fd_kind = "eventfd";
    *life = wanted;
    if (plan.n_points == 0) {
        add(&partnered, one_ready);
        add(&plain, factors(255, 16, 1));
    }
    return play(2, 1);
}

static void a_partner_takes_part_in_each_batch_and_in_no_other(void **state)
{
    (void)state;
    char *rows = play_partnered((struct stage_life){0});
    assert_int_equal(count_rows(rows, "", ",ok"), count_lines(rows));
    assert_int_equal(life->n_started, count_rows(rows, "partnered,", ""));
    assert_int_equal(life->n_stopped, life->n_started);
    /* Nor does it find another's set on its fds. */
    assert_int_equal(life->n_sets, count_rows(rows, "partnered,epoll,", ""));
    free(rows);
}

static void a_partner_that_fails_is_a_row_with_its_reason(void **state)
{
    (void)state;
    static const struct {
        struct stage_life life;
        const char *status;
        int is_stopped;
    } failures[] = {
        {{.start_error = -EAGAIN}, "temporarily unavailable\"", 0},
        {{.stop_error = -EPIPE}, "\"Broken pipe\"", 1},
        {{.is_idle = true}, "\"wrong answer\"", 1},
    };
    for (int i = 0; i < 3; i++) {
        char *rows = play_partnered(failures[i].life);
        int n = count_rows(rows, "partnered,", "");
        assert_int_equal(count_rows(rows, "partnered,", failures[i].status), n);
        assert_int_equal(life->n_stopped, failures[i].is_stopped ? n : 0);
        assert_int_equal(count_rows(rows, "plain,", ",ok"),
                         count_rows(rows, "plain,", ""));
        free(rows);
    }
}

/* One that fails n_failures times, and then does not. */
static int n_failures;

static int run_once(struct pb_task *task, uint32_t calls)
{
    task->counted = calls;
    return n_failures-- > 0 ? -EBUSY : 0;
}

static const struct pb_operation once = {
    .stage = "once",
    .metric = PB_METRIC_count,
    .is_once = true,
    .timed = {.calls = 7, .run = run_once, .total = pb_task_counted}};

/* What takes long is measured once in an invocation; if that fails, in the next
 * of the rounds that are planned, three at most, and in no other. */
static void what_is_measured_once_is_tried_until_it_succeeds(void **state)
{
    (void)state;
    static const struct {
        int n_failures, n_rows, n_ok;
    } cases[] = {{0, 1, 1}, {2, 3, 1}, {1000, 3, 0}};
    const char *const one[] = {"poll", NULL};
    struct pb_request of_one = request;
    struct pb_factors wanted = factors(255, 16, 1);

    of_one.backends = one;
    add(&plain, factors(255, 16, 1));
    assert_int_equal(pb_case_add(&plain, &plan, &of_one, &wanted, &once), 0);
    for (int i = 0; i < 3; i++) {
        n_failures = cases[i].n_failures;
        char *rows = play(4, 1);
        assert_int_equal(count_rows(rows, ",once,", ""), cases[i].n_rows);
        assert_int_equal(count_rows(rows, ",once,", ",ok"), cases[i].n_ok);
        free(rows);
    }
}

/* How many of the watched fds come before the ready one. */
static int place_of_ready(const char *place, int n)
{
    struct pb_factors wanted = factors(1023, n, 1);
    struct pb_scene *scene;
    int at = 0;
    wanted.ready_place = place;
    assert_int_equal(
        pb_scene_choose(&pb_shared_farm, &request.farm, &wanted, 1, &scene), 0);
    assert_int_equal(scene->got.fd_count, n);
    assert_ptr_equal(scene->got.ready_place, place);
    /* M is the same to within a block wherever it stands. */
    assert_int_equal(scene->got.highest_fd / 8, 1023 / 8);
    while (!scene->staging->expects(scene, at))
        at++;
    for (int i = at + 1; i < n; i++)
        assert_false(scene->staging->expects(scene, i));
    pb_scene_free(scene);
    return at;
}

static void the_ready_fd_stands_where_it_is_wanted(void **state)
{
    (void)state;
    for (int n = 2; n <= 700; n = n * 3 / 2) {
        assert_int_equal(place_of_ready(pb_first, n), 0);
        assert_int_equal(place_of_ready(pb_last, n), n - 1);
        assert_in_range(place_of_ready(pb_middle, n) + 6, (n - 1) / 2,
                        n / 2 + 6);
        assert_in_range(place_of_ready(pb_anywhere, n), 0, n - 1);
    }
    struct pb_factors wanted = factors(1023, 763, 1);
    struct pb_scene *scene;
    wanted.ready_place = pb_last;
    assert_int_equal(
        pb_scene_choose(&pb_shared_farm, &request.farm, &wanted, 1, &scene),
        -ERANGE);
}

static void add_sleep(const struct pb_staging *staging, const char *writer,
                      int timeout_ms)
{
    const struct pb_case asleep = {.name = writer, .staging = staging};
    struct pb_factors wanted = factors(255, 16, 1);
    wanted.writer = writer;
    wanted.timeout = timeout_ms;
    assert_int_equal(
        pb_case_add(&asleep, &plan, &request, &wanted, &pb_operation_sleep), 0);
}

/* By a partner on the same CPU; there is none here that is another. */
static void a_wait_that_sleeps_is_woken(void **state)
{
    (void)state;
    add_sleep(&pb_sleeping, pb_same_cpu, 5000);
    add_sleep(&pb_sleeping, pb_other_cpu, 5000);
    add(&plain, factors(255, 16, 1));
    char *rows = play(3, 1);
    assert_int_equal(count_rows(rows, "same,", ",ok"), 2 * 3);
    assert_int_equal(count_rows(rows, "other,", "\"there is no second CPU\""),
                     2 * 3);
    assert_int_equal(count_rows(rows, "plain,", ",ok"), 2 * 3);
    free(rows);
}

static int start_what_is_killed(struct pb_scene *scene)
{
    int error = pb_sleeping.start(scene);
    if (!error)
        kill(scene->partner->pid, SIGKILL);
    return error;
}

static void a_wake_up_that_is_lost_is_a_wrong_answer(void **state)
{
    (void)state;
    static struct pb_staging deserted; /* the plan has it until it is freed */
    deserted = pb_sleeping;
    deserted.start = start_what_is_killed;
    add_sleep(&deserted, pb_same_cpu, 20);
    char *rows = play(1, 1);
    assert_int_equal(count_rows(rows, "same,", "\"wrong answer\""), 2);
    free(rows);
}

/* Not even room for the fds: every row of the scene says so, others do not. */
static void fds_that_cannot_be_opened_are_rows(void **state)
{
    (void)state;
    struct pb_request beyond = request;
    struct pb_factors wanted = factors(1 << 30, 4, 1);
    beyond.farm.highest_fd = (1 << 30) + 7;
    assert_int_equal(
        pb_case_add(&plain, &plan, &beyond, &wanted, &pb_operation_all), 0);
    add(&with_own, factors(255, 16, 1));
    char *rows = play(2, 1);
    assert_int_equal(count_rows(rows, "plain,", "\"Too many open files\""),
                     2 * 2);
    assert_int_equal(count_rows(rows, "own,", ",ok"),
                     count_rows(rows, "own,", ""));
    free(rows);
}

static int raise_limit(void **state)
{
    struct pb_limit limit;
    (void)state;
    unit_outlive_signalfds();
    return pb_limit_raise(20000, &limit) < 0 || limit.usable < 1100;
}

#define SCENE_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

/* --- growth --------------------------------------------------------------- */

/* A case of growth with so many fds, of each kind there is. */
static void add_growth(const struct pb_case *growing, int fd_count,
                       const struct pb_farm *farm)
{
    const char *all[16] = {NULL};
    struct pb_request of_growth = {
        .backends = two, .fd_kinds = all, .farm = *farm, .seed = 1};
    struct pb_ladder *ns = &of_growth.ladders[PB_FACTOR_fd_count];
    for (int i = 0, n = 0; n < 15 && pb_fd_kind_name(i); i++)
        if (has_many(i))
            all[n++] = pb_fd_kind_name(i);
    pb_ladder_add(ns, fd_count, 1, fd_count);
    assert_int_equal(pb_case_add_points(growing, &plan, &of_growth), 0);
    pb_ladder_free(ns);
}

static int count_kinds(void)
{
    int n = 0;
    for (int i = 0; pb_fd_kind_name(i); i++)
        n += has_many(i);
    return n;
}

static void every_kind_grows_in_one_table(void **state)
{
    (void)state;
    enum { ROUNDS = 2 };
    int n = ROUNDS * count_kinds();
    add_growth(&pb_case_scale, 600, &request.farm);
    char *rows = play(ROUNDS, 1);
    assert_int_equal(count_rows(rows, "", ",ok"), count_lines(rows));
    /* Opened and closed; each backend entered, asked and left; and the memory
     * of it all, once. */
    assert_int_equal(count_lines(rows), n * (2 + 2 * 3) + n / ROUNDS * 4);
    assert_int_equal(count_rows(rows, ",600,1,", ",ok"), count_lines(rows));
    assert_int_equal(count_rows(rows, "none,build", ",ok"), n + n / ROUNDS);
    assert_int_equal(count_rows(rows, "epoll,register", ",ok"),
                     n + 2 * n / ROUNDS);
    assert_int_equal(count_rows(rows, ",kernel_bytes,", ",ok"), 2 * n / ROUNDS);
    assert_int_equal(count_rows(rows, ",process_bytes,", ",ok"),
                     2 * n / ROUNDS);
    free(rows);
}

/* Of objects of these caches, which may be under other names in /proc/slabinfo;
 * 0: not known. */
static double bytes_of_a_watch(void)
{
    static const char *const paths[] = {
        "/sys/kernel/slab/eventpoll_epi/slab_size",
        "/sys/kernel/slab/eventpoll_pwq/slab_size",
        "/sys/kernel/slab/ep_head/slab_size"};
    double sum = 0;
    for (int i = 0; i < 3; i++) {
        char text[32];
        double bytes = strtod(pb_proc_line(paths[i], text, sizeof text), NULL);
        if (bytes == 0)
            return 0;
        sum += bytes;
    }
    return access("/proc/slabinfo", R_OK) == 0 ? sum : 0;
}

/* Of the first such row; NAN: it is none that is right. */
static double bytes_of_row(const char *rows, const char *of)
{
    const char *row = strstr(rows, of);
    const char *unit = row ? strstr(row, ",bytes,") : NULL;
    return unit ? strtod(unit + strlen(",bytes,"), NULL) : (double)NAN;
}

/* Whether others take or free objects now, of which 1 in 100 would tell. */
static bool is_busy(uint32_t n)
{
    const struct timespec pause = {.tv_nsec = 200000000};
    struct pb_kernel_memory before, after;
    if (pb_kernel_memory_read(&before) < 0)
        return true;
    nanosleep(&pause, NULL);
    return pb_kernel_memory_read(&after) < 0 ||
           pb_kernel_memory_growth(&before, &after, n / 100) != 0 ||
           pb_kernel_memory_growth(&after, &before, n / 100) != 0;
}

/* To 2 %, however many the CPU had at hand before; unless others of this
 * machine take or free some meanwhile, each time. */
static void a_watched_fd_takes_what_its_objects_do(void **state)
{
    (void)state;
    enum { N = 8192 };
    const char *const epoll[] = {"epoll", NULL};
    const char *const eventfd[] = {"eventfd", NULL};
    struct pb_request many = {.backends = epoll,
                              .backends_chosen = 1,
                              .fd_kinds = eventfd,
                              .farm = pb_farm_below(pb_fd_kinds, 11000),
                              .seed = 1};
    struct pb_limit limit;
    double wanted = bytes_of_a_watch(), off = 1;

    if (wanted == 0 || pb_limit_raise(20000, &limit) < 0 ||
        limit.usable < 11100)
        skip();
    pb_ladder_add(&many.ladders[PB_FACTOR_fd_count], N, N, N);
    assert_int_equal(pb_case_add_points(&pb_case_memory, &plan, &many), 0);
    pb_ladder_free(&many.ladders[PB_FACTOR_fd_count]);
    for (int i = 0; i < 3 && !(off < 0.02); i++) {
        char *rows = play(1, 1);
        off = fabs(bytes_of_row(rows, "epoll,register") / N / wanted - 1);
        free(rows);
    }
    if (!(off < 0.02) && is_busy(N))
        skip();
    assert_true(off < 0.02);
}

static void many_tables_hold_more_than_one_may(void **state)
{
    (void)state;
    enum { ROUNDS = 2 };
    struct rlimit before, few;
    int n = ROUNDS * count_kinds();
    const struct pb_farm farm = pb_farm_below(pb_fd_kinds, 60);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = (struct rlimit){64, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    add_growth(&pb_case_beyond_limit, 600, &farm);
    char *rows = play(ROUNDS, 1);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(count_rows(rows, "", ",ok"), count_lines(rows));
    assert_int_equal(count_lines(rows), n * (2 + 4) + n / ROUNDS * 2);
    assert_int_equal(count_rows(rows, ",600,1,", ",ok"), count_lines(rows));
    assert_int_equal(count_rows(rows, ",eventfd,17,", ",ok"), ROUNDS * 6 + 2);
    assert_int_equal(count_rows(rows, ",epoll,raw,", ",ok"), n);
    assert_int_equal(count_rows(rows, ",poll,raw,", ",ok"), n);
    free(rows);
}

static void too_low_a_limit_is_told_by_every_row(void **state)
{
    (void)state;
    struct rlimit before, few;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = (struct rlimit){100, before.rlim_max};
    add_growth(&pb_case_scale, 600, &request.farm);
    add_growth(&pb_case_beyond_limit, 600, &request.farm);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    char *rows = play(1, 1);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(count_rows(rows, "", ",\"Too many open files\""),
                     count_lines(rows));
    free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(points_that_come_out_alike_are_there_once),
        SCENE_TEST(a_point_without_room_is_counted_and_left_out),
        SCENE_TEST(a_point_may_choose_its_kind),
        SCENE_TEST(a_point_that_does_not_is_there_as_each_that_is_asked_for),
        SCENE_TEST(a_farm_of_ones_own_is_no_larger_than_needed),
        SCENE_TEST(kinds_stand_side_by_side_in_one_run),
        SCENE_TEST(what_is_shared_is_opened_once),
        SCENE_TEST(own_farms_and_shared_ones_take_turns),
        SCENE_TEST(a_partner_takes_part_in_each_batch_and_in_no_other),
        SCENE_TEST(a_partner_that_fails_is_a_row_with_its_reason),
        SCENE_TEST(what_is_measured_once_is_tried_until_it_succeeds),
        SCENE_TEST(fds_that_cannot_be_opened_are_rows),
        SCENE_TEST(the_ready_fd_stands_where_it_is_wanted),
        SCENE_TEST(a_wait_that_sleeps_is_woken),
        SCENE_TEST(a_wake_up_that_is_lost_is_a_wrong_answer),
        SCENE_TEST(every_kind_grows_in_one_table),
        SCENE_TEST(a_watched_fd_takes_what_its_objects_do),
        SCENE_TEST(many_tables_hold_more_than_one_may),
        SCENE_TEST(too_low_a_limit_is_told_by_every_row),
    };
    life = mmap(NULL, sizeof *life, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return life == MAP_FAILED
               ? 1
               : cmocka_run_group_tests(tests, raise_limit, NULL);
}
