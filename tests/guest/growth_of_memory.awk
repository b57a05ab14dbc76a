# SPDX-License-Identifier: MIT
# Prints, from samples.csv, the memory of each fd at the lowest and the highest
# N. Fails when the kernel's memory per fd grows to the double, where there are
# enough fds to tell it from what else the kernel allocates.
BEGIN { FS = ","; ENOUGH_FDS = 5000 }

NR == 1 {
    for (i = 1; i <= NF; i++)
        column[$i] = i
    next
}

$(column["metric"]) !~ /_bytes$/ || $(column["status"]) != "ok" { next }

{
    n = $(column["calls"])
    whose = $(column["metric"]) == "kernel_bytes" ? "kernel" : "process"
    series = $(column["backend"]) " " $(column["stage"]) ", " whose
    if (n < ENOUGH_FDS)
        next
    sum[series, n] += $(column["batch_ns"]) / n
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
        too_steep = series ~ /kernel$/ && high > 2 * low + 64
        printf "%-36s %7d fds: %6.0f bytes each  %7d fds: %6.0f%s\n", \
            series, from, low, to, high, too_steep ? "  TOO STEEP" : ""
        n_wrong += too_steep
        n_series++
    }
    exit (n_wrong > 0 || !n_series)
}
