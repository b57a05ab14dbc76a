/* SPDX-License-Identifier: MIT */
#include "point.h"

#include <stddef.h>
#include <string.h>

static const char *const layout_names[PB_LAYOUTS] = {
    [PB_PACKED] = "packed",
    [PB_STRIDED] = "strided",
    [PB_RANDOM] = "random",
    [PB_TOP_HEAVY] = "top-heavy",
};

const char *pb_layout_name(int layout)
{
    return layout >= 0 && layout < PB_LAYOUTS ? layout_names[layout] : NULL;
}

enum pb_layout pb_layout_of(const char *name)
{
    enum pb_layout layout = 0;
    while (name && layout < PB_LAYOUTS &&
           strcmp(layout_names[layout], name) != 0)
        layout++;
    return layout;
}
