# SPDX-License-Identifier: MIT
# Prints, from memory.csv, the memory of each fd at the lowest and the highest
# N. Fails when the kernel's memory per fd grows to the double, where there are
# enough fds to tell it from what else the kernel allocates.
BEGIN { FS = ","; ENOUGH_FDS = 5000 }

NR == 1 {
    for (i = 1; i <= NF; i++)
        column[$i] = i
    next
}

{
    n = $(column["fds"])
    series = $(column["backend"]) " " $(column["stage"])
    if (n < ENOUGH_FDS || $(column["kernel_bytes"]) == "")
        next
    sum[series, n] += $(column["kernel_bytes"]) / n
    of_process[series, n] += $(column["process_bytes"]) / n
    rows[series, n]++
    if (!(series in least) || n < least[series])
        least[series] = n
    if (n > most[series])
        most[series] = n
}

END {
    for (series in least) {
        from = least[series]
        to = most[series]
        low = sum[series, from] / rows[series, from]
        high = sum[series, to] / rows[series, to]
        too_steep = high > 2 * low + 64
        printf "%-28s %7d fds: kernel %6.0f, process %4.0f" \
            "  %7d fds: kernel %6.0f, process %4.0f%s\n", series, from, low, \
            of_process[series, from] / rows[series, from], to, high, \
            of_process[series, to] / rows[series, to], \
            too_steep ? "  TOO STEEP" : ""
        n_wrong += too_steep
        n_series++
    }
    exit (n_wrong > 0 || !n_series)
}
