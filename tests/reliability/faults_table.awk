# SPDX-License-Identifier: MIT
# Markdown of what faults.sh injected and what came of it:
# awk -f faults_table.awk faults.csv
BEGIN {
    FS = ","
    verb["measure"] = "run"
    verb["resume"] = "run --resume"
    n_kinds = split("correct|rows say why|one line|resumed|" \
                    "nothing measured|nothing half-written|WRONG", kinds, "|")
}

FNR == 1 { next }

{
    if (!($1 in injected))
        order[++n_programs] = $1
    injected[$1]++
    outcome[$1, $5]++
    if (!(($1, $2) in seen)) {
        seen[$1, $2]
        calls[$1]++
    }
}

END {
    printf "| program | system calls | faults |"
    for (i = 1; i <= n_kinds; i++)
        printf " %s |", tolower(kinds[i])
    printf "\n|---|---|---|"
    for (i = 1; i <= n_kinds; i++)
        printf "---|"
    print ""
    for (i = 1; i <= n_programs; i++) {
        p = order[i]
        printf "| pollbench %s | %d | %d |", p in verb ? verb[p] : p,
            calls[p], injected[p]
        for (j = 1; j <= n_kinds; j++)
            printf " %d |", outcome[p, kinds[j]]
        print ""
    }
}
