/* SPDX-License-Identifier: MIT */
/* synthesise DIR INVOCATIONS ROUNDS DRIFT NOISE PREEMPTED SEED [SLOWDOWN
 * [TRUTH [UNSETTLED [COUNTED]]]]: puts a synthetic run into DIR, for the
 * scripts that test programs.
 */
#include "synthetic.h"

#include <stdlib.h>

int main(int argc, char **argv)
{
    if (argc < 8) {
        fprintf(stderr, "usage: synthesise DIR INVOCATIONS ROUNDS DRIFT NOISE "
                        "PREEMPTED SEED [SLOWDOWN [TRUTH [UNSETTLED "
                        "[COUNTED]]]]\n");
        return 2;
    }
    struct synthetic run = {.n_invocations = (int)strtol(argv[2], NULL, 10),
                            .n_rounds = (int)strtol(argv[3], NULL, 10),
                            .drift = strtod(argv[4], NULL),
                            .noise = strtod(argv[5], NULL),
                            .preempted = strtod(argv[6], NULL),
                            .seed = (unsigned)strtoul(argv[7], NULL, 10),
                            .slowdown = argc > 8 ? strtod(argv[8], NULL) : 1,
                            .truth = argc > 9 && *argv[9] ? argv[9] : NULL,
                            .unsettled = argc > 10 ? strtod(argv[10], NULL) : 0,
                            .is_counted = argc > 11};
    if (run.truth && !synthetic_truth_is_known(run.truth)) {
        fprintf(stderr, "synthesise: no truth \"%s\"\n", run.truth);
        return 2;
    }
    if (synthetic_write(argv[1], &run) < 0) {
        perror(argv[1]);
        return 1;
    }
    return 0;
}
