/* SPDX-License-Identifier: MIT */
#include "case.h"

#include <string.h>

/* The backend whose steps a scan is about, unless the user named others. */
static const char *const select_only[] = {"select", NULL};
static const char *const poll_only[] = {"poll", NULL};

static struct pb_request about(const struct pb_request *request,
                               const char *const *backend)
{
    static const char *const none[] = {NULL};
    struct pb_request narrowed = *request;
    if (request->backends_chosen)
        return narrowed;
    narrowed.backends = none;
    for (int i = 0; request->backends[i]; i++)
        if (strcmp(request->backends[i], *backend) == 0)
            narrowed.backends = backend;
    return narrowed;
}

/* Quarters of a bitmap word where the steps are close together, so that also
 * a limit of 512 or 1024 leaves enough points to tell them from slope; whole
 * words beyond; from 65536 on a five-hundredth: what is scanned must not grow
 * with the square of the limit. */
static int to_next(int m, int words_apart)
{
    int growing = m / 64 / 512;
    if (m < 1408)
        return 16;
    return 64 * (growing > words_apart ? growing : words_apart);
}

static int scan_m(const struct pb_case *this, struct pb_plan *plan,
                  const struct pb_request *request)
{
    static const int words_apart[PB_PRESETS] = {2, 2, 1};
    static const int fd_count = 1;
    struct pb_request of_select = about(request, select_only);
    struct pb_ladder ms = {0}, ns = {0};
    int top = plan->farm.highest_fd;

    if (!pb_case_chooses(request, PB_FACTOR_highest_fd))
        for (int m = 63; m <= top;
             m += to_next(m, words_apart[request->preset]))
            pb_ladder_add(&ms, m, 1, top);
    else
        pb_case_ladder(&ms, request, PB_FACTOR_highest_fd, NULL, 0);
    pb_case_ladder(&ns, request, PB_FACTOR_fd_count, &fd_count, 1);
    int error =
        pb_case_add_grid(plan, this->name, &of_select, PB_PACKED, &ms, &ns);
    pb_ladder_free(&ms);
    pb_ladder_free(&ns);
    return error;
}

static int scan_n(const struct pb_case *this, struct pb_plan *plan,
                  const struct pb_request *request)
{
    static const int last[PB_PRESETS] = {96, 640, 1152};
    static const int apart[PB_PRESETS] = {8, 16, 8};
    struct pb_request of_poll = about(request, poll_only);
    struct pb_ladder ms = {0}, ns = {0};
    int top = plan->farm.highest_fd;

    pb_case_ladder(&ms, request, PB_FACTOR_highest_fd, &top, 1);
    if (!pb_case_chooses(request, PB_FACTOR_fd_count))
        for (int n = 1; n <= last[request->preset];
             n += n < 96 ? 1 : apart[request->preset])
            pb_ladder_add(&ns, n, 1, top);
    else
        pb_case_ladder(&ns, request, PB_FACTOR_fd_count, NULL, 0);
    int error =
        pb_case_add_grid(plan, this->name, &of_poll, PB_PACKED, &ms, &ns);
    pb_ladder_free(&ms);
    pb_ladder_free(&ns);
    return error;
}

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    int error = scan_m(this, plan, request);
    return error ? error : scan_n(this, plan, request);
}

const struct pb_case pb_case_steps = {
    .name = "steps",
    .question = "Where does the cost jump instead of grow?",
    .held_fixed = "of select N = 1, M by 16 or more; of poll M at the limit, "
                  "N by 1; one ready fd, packed",
    .not_for = "slopes: one fd far up is not a usual set",
    .varies = {PB_FACTOR_highest_fd, PB_FACTOR_fd_count},
    .n_varies = 2,
    .figure = "steps",
    .add_points = add_points,
};
