# SPDX-License-Identifier: MIT
# Prints, from samples.csv of the sweep scale, how the time of each stage grows with
# the number of fds N: the cheapest batch at the lowest and at the highest N,
# and the power of N between them. Fails when a batch failed or when the power
# tells of a quadratic path. 1 is linear and 2 quadratic; 1.7 leaves room for
# caches, and for page faults, which come with arrays too long for malloc's heap
# and which User Mode Linux makes dear. What epoll pays for a wait must not grow
# with N at all: 0.8 leaves room for a host that is busy during one batch. What
# is done once per fd is timed in one batch, without the guest's knowing when
# the host has taken the CPU away: so much of it is forgiven.
BEGIN { FS = ","; FORGIVEN_NS = 1e7 }

NR == 1 {
    for (i = 1; i <= NF; i++)
        column[$i] = i
    next
}

$(column["sweep"]) == "reference" || $(column["metric"]) != "cost" { next }

# The host took the CPU away from the guest between the readings of two clocks:
# that is no failure of what is measured.
$(column["status"]) ~ /the clock stood still/ {
    print "left out: " $0
    next
}

$(column["status"]) != "ok" {
    print "failed: " $0
    n_wrong++
    next
}

{
    stage = $(column["stage"])
    n = $(column["fd_count"])
    overhead = $(column["overhead_ns"])
    elapsed = $(column["batch_ns"]) - overhead
    if (elapsed < overhead) # too short for the clock
        elapsed = overhead
    cost = elapsed / $(column["calls"])
    is_wait = stage == "all" || stage == "raw"
    if (!is_wait) # of one fd
        cost *= n
    series = $(column["backend"]) " " stage
    if (!((series, n) in best) || cost < best[series, n])
        best[series, n] = cost
    if (!(series in least) || n < least[series])
        least[series] = n
    if (n > most[series])
        most[series] = n
    waits[series] = is_wait
    most_power[series] = is_wait && $(column["backend"]) == "epoll" ? 0.8 : 1.7
}

END {
    for (series in least) {
        from = least[series]
        to = most[series]
        n_series++
        if (to <= from)
            continue
        low = best[series, from]
        high = best[series, to]
        power = log(high / low) / log(to / from)
        if (!waits[series])
            high = high - FORGIVEN_NS > low ? high - FORGIVEN_NS : low
        too_steep = log(high / low) / log(to / from) > most_power[series]
        printf "%-28s N %7d: %12.0f ns  N %7d: %12.0f ns  N^%.2f%s\n", \
            series, from, low, to, best[series, to], power, \
            too_steep ? "  TOO STEEP" : ""
        n_wrong += too_steep
    }
    if (!n_series)
        print "no rows"
    exit (n_wrong > 0 || !n_series)
}
