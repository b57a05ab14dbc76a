# SPDX-License-Identifier: MIT
# Checks that samples.csv holds whole rounds and nothing else: each with every
# series once, numbered without a gap, and the same series in all of them; but
# what is no cost is in the first round of each invocation alone.
#
# invocations  how many must have all their rounds; or "any"
# rounds       rounds of an invocation (default 3)
# series_planned  rows of a round; what the first one has if that is not known
BEGIN {
    FS = ","
    if (!rounds)
        rounds = 3
}

function wrong(text)
{
    printf "%s:%d: %s\n", FILENAME, FNR, text
    n_wrong++
}

function end_round()
{
    if (!n_rows)
        return
    if (last_backend != "ref1")
        wrong("the round before ends with " last_backend)
    if (n_rows + (round > 0) * n_once != n_expected)
        wrong("round " round " of invocation " invocation " has " n_rows \
              " rows, not " n_expected " (" n_once + 0 " once)")
    if (round == rounds - 1)
        n_complete++
}

FNR == 1 {
    n_fields = NF
    for (i = 1; i <= NF; i++)
        column[$i] = i
    next
}

NF != n_fields { wrong(NF " fields, not " n_fields) }

{
    if ($column["invocation"] != invocation || $column["round"] != round ||
        FNR == 2) {
        end_round()
        if ((FNR == 2 || $column["invocation"] != invocation)) {
            if ($column["round"] != 0)
                wrong("an invocation starts with round " $column["round"])
            if (FNR > 2 && $column["invocation"] <= invocation)
                wrong("invocations are not in order")
        } else if ($column["round"] != round + 1) {
            wrong("round " $column["round"] " follows " round)
        }
        n_rounds++
        n_rows = 0
        invocation = $column["invocation"]
        round = $column["round"]
    }
    if ($column["sequence"] != n_rows)
        wrong("sequence " $column["sequence"] ", not " n_rows)
    n_rows++
    last_backend = $column["backend"]
    if ($column["status"] != "ok" && !may_fail)
        wrong("status " $column["status"])
    series = $1
    for (i = 2; i < column["invocation"]; i++)
        series = series "," $i
    if (seen[series, invocation, round]++)
        wrong("twice in one round: " series)
    if (n_rounds == 1) {
        known[series] = 1
        n_expected++
        n_once += $column["metric"] != "cost"
    } else if (!(series in known)) {
        wrong("not in the first round: " series)
    }
}

END {
    end_round()
    if (series_planned && n_rounds && n_expected != series_planned)
        wrong("a round has " n_expected " rows, not " series_planned)
    if (invocations != "any" && n_complete != invocations)
        wrong(n_complete + 0 " invocations are complete, not " invocations)
    exit n_wrong > 0
}
