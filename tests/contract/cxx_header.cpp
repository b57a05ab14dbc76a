// SPDX-License-Identifier: MIT
// The header is usable from C++, and so is the library behind it.
#include "pollset.h"

#include "pollset.h"

static_assert(POLLSET_FOREVER < 0 && POLLSET_NO_LIMIT < 0, "macros expand");

int main()
{
    struct pollset *set = nullptr;
    struct pollset_event event = {};
    if (pollset_create(&set, "poll") != 0)
        return 1;
    int result = pollset_poll(set, &event, 1, 0);
    pollset_destroy(set);
    return result == 0 ? 0 : 1;
}
