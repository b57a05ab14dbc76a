/* SPDX-License-Identifier: MIT */
/* Where the columns are that pollcompare reads. */
#ifndef PA_COMPARE_COLUMNS_H
#define PA_COMPARE_COLUMNS_H

#include "schema.h"

#define PA_POINT_COLUMN(name, type, unit, fallback, meaning) POINT_##name,
#define PA_MODEL_COLUMN(name, type, unit, fallback, meaning) MODEL_##name,

enum point_column { PB_POINTS(PA_POINT_COLUMN) POINT_COLUMNS };
enum model_column { PB_MODELS(PA_MODEL_COLUMN) MODEL_COLUMNS };

#endif
