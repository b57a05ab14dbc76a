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

const char pb_cold[] = "cold";
const char pb_first[] = "first", pb_middle[] = "middle", pb_last[] = "last";
const char pb_anywhere[] = "random";
const char pb_modify[] = "modify";
const char pb_modify_random[] = "modify-random";
const char pb_add_again[] = "re-add";
const char pb_add_again_random[] = "re-add-random";
const char pb_rebuild[] = "rebuild";
const char pb_same_cpu[] = "same", pb_other_cpu[] = "other";

struct pb_factors pb_point_complete(struct pb_factors factors)
{
#define COMPLETE_PB_INTEGER(name)
#define COMPLETE_PB_TEXT(name)                                                 \
    if (!factors.name)                                                         \
        factors.name = pb_factor_infos[PB_FACTOR_##name].older;
#define COMPLETE(name, type, unit, fallback, meaning) COMPLETE_##type(name)
    PB_FACTORS(COMPLETE)
    return factors;
}

enum pb_layout pb_layout_of(const char *name)
{
    enum pb_layout layout = 0;
    while (name && layout < PB_LAYOUTS &&
           strcmp(layout_names[layout], name) != 0)
        layout++;
    return layout;
}
