/* SPDX-License-Identifier: MIT */
#include "case.h"

static int add_points(const struct pb_case *this, struct pb_plan *plan,
                      const struct pb_request *request)
{
    (void)request;
    return pb_plan_add_reference(plan, this->name, "none", &pb_operation_null);
}

const struct pb_case pb_case_null = {
    .name = "null",
    .question = "What does the harness cost with nothing to time?",
    .held_fixed = "everything: a batch of calls to an empty function",
    .not_for = "subtracting from other points: it shows that there is nothing "
               "worth subtracting",
    .figure = "",
    .add_points = add_points,
};
