/* SPDX-License-Identifier: MIT */
/* One line a case: X(name), for struct pb_case pb_case_<name>. */
#define PB_CASE_LIST(X)                                                        \
    X(highest_fd)                                                              \
    X(fd_count)                                                                \
    X(grid)                                                                    \
    X(ready_count)                                                             \
    X(stages)                                                                  \
    X(steps)                                                                   \
    X(raw)                                                                     \
    X(variants)                                                                \
    X(interest)                                                                \
    X(io_uring)                                                                \
    X(null)                                                                    \
    X(second_thread)                                                           \
    X(waiters)                                                                 \
    X(wakeup)                                                                  \
    X(idle_server)                                                             \
    X(memory)                                                                  \
    X(loops)                                                                   \
    X(cascade)                                                                 \
    X(cache)                                                                   \
    X(blocking)                                                                \
    X(sleeping)                                                                \
    X(churn)                                                                   \
    X(fd_kinds)                                                                \
    X(scale)                                                                   \
    X(beyond_limit)                                                            \
    X(servers)
