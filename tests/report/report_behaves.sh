#!/bin/sh
# SPDX-License-Identifier: MIT
# What pollbench report does with good, changed, damaged and hostile runs.
# shellcheck source=tests/report/report_common.sh
. "$(dirname "$0")/report_common.sh"

report_on() {
    "$PROGRAMS/pollbench" report "$@"
}

# expect STATUS WORDS COMMAND...: that exit status, and words in what it says
expect() {
    expected=$1 words=$2
    shift 2
    status=0
    "$@" >"$SCRATCH/said" 2>&1 || status=$?
    [ "$status" -eq "$expected" ] ||
        fail "$*: status $status, not $expected: $(cat "$SCRATCH/said")"
    grep -qF -- "$words" "$SCRATCH/said" ||
        fail "$*: says nothing of \"$words\": $(cat "$SCRATCH/said")"
}

report run
run=$SCRATCH/run

# What it wrote can be checked with it and with sha256sum, and says one id.
expect 0 "all files as they were" "$PROGRAMS/pollbench" verify "$run"
(cd "$run" && sha256sum --quiet -c SHA256SUMS)
id=$(cd "$run" && sha256sum host.csv samples.csv | sha256sum | cut -c 1-12)
for file in report.html report.md cite.txt; do
    grep -q "$id" "$run/$file" || fail "$file does not have the id $id"
done

# A second time it writes the same.
(cd "$run" && sha256sum report.html report.md cite.txt >"$SCRATCH/before")
report_on "$run"
(cd "$run" && sha256sum --quiet -c "$SCRATCH/before")

# A change is seen, wherever it is.
for file in samples.csv points.csv figures/grid-slide.svg \
    figures/page/grid-1.svg report.html; do
    cp "$run/$file" "$SCRATCH/kept"
    echo >>"$run/$file"
    expect 1 "$file: changed" "$PROGRAMS/pollbench" verify "$run"
    cp "$SCRATCH/kept" "$run/$file"
done

# Packed away or unpacked, it is still the same run.
if command -v xz >/dev/null; then
    xz "$run/samples.csv"
    report_on "$run"
    expect 0 "$id" "$PROGRAMS/pollbench" verify "$run"
    xz -dk "$run/samples.csv.xz"
    expect 0 "$id" "$PROGRAMS/pollbench" verify "$run"
fi

# A run with little in it gets a report that says so.
mkdir "$SCRATCH/bare"
cp "$run/host.csv" "$run/samples.csv" "$SCRATCH/bare"
head -n 1 "$run/points.csv" >"$SCRATCH/bare/points.csv"
report_on "$SCRATCH/bare"
grep -q "did not measure" "$SCRATCH/bare/report.md"
grep -q "has no verdicts" "$SCRATCH/bare/report.md"

# What cannot be read is named, and what was there stays.
expect 1 "host.csv is not there" report_on "$SCRATCH/none"
sed 's/highest_fd/lowest_fd/' "$run/points.csv" >"$SCRATCH/bare/points.csv"
cp "$SCRATCH/bare/report.md" "$SCRATCH/kept"
expect 1 "no column named highest_fd" report_on "$SCRATCH/bare"
cmp "$SCRATCH/kept" "$SCRATCH/bare/report.md"
cp "$run/claims.csv" "$SCRATCH/kept"
printf 'a,"b\n' >"$run/claims.csv"
expect 1 "claims.csv" report_on "$run"
cp "$SCRATCH/kept" "$run/claims.csv"
expect 2 "RUN" report_on
expect 2 "one RUN" report_on a b
expect 2 "unrecognized" report_on --nonsense "$run"

# Sections are those of cases.csv, also of a sweep that no program knows.
cp -R "$run" "$SCRATCH/odd"
for file in points.csv findings.csv; do
    sed 's/^ready_count,/odd,/' "$run/$file" >"$SCRATCH/odd/$file"
done
{
    head -n 1 "$HERE/../../results/cases.csv"
    echo 'odd,"Is it odd, or even?",held,"much","ready_count fd_count",R,series,none'
    grep '^loops,' "$HERE/../../results/cases.csv"
} >"$SCRATCH/odd/cases.csv"
report_on "$SCRATCH/odd"
[ "$(grep -c '^## .*?$' "$SCRATCH/odd/report.md")" -eq 2 ] ||
    fail "not a section for each case"
grep -q '^## Is it odd, or even?$' "$SCRATCH/odd/report.md"
grep -q 'held. Not to be used for much' "$SCRATCH/odd/report.md"

# A page without figures has tables, and one line says how to have figures.
rm -r "$SCRATCH/odd/figures"
expect 0 "no figures in the page" report_on "$SCRATCH/odd"
[ "$(sed -n '/id="case-odd"/,/Not to be used/p' "$SCRATCH/odd/report.html" |
    grep -c '<table>')" -gt 0 ] || fail "no table where there is no figure"

# Of a panel nothing gets into the page but what draws.
grep -q '<svg [^>]*class="chart"' "$run/report.html" || fail "no panel in the page"
panel=$run/figures/page/grid-1.svg
cp "$panel" "$SCRATCH/kept"
while read -r evil; do
    printf '%s\n' "$evil" >"$panel"
    expect 0 "grid-1.svg: left out" report_on "$run"
    ! grep -q '<svg [^>]*class="chart"' "$run/report.html" ||
        fail "in the page: $evil"
done <<'LIST'
<svg class="chart" onload="x()"></svg>
<svg class="chart"><script>x()</script></svg>
<svg class="chart"><a href="#x">x</a></svg>
<svg class="chart"><use href="http://192.0.2.1/x.svg#m"/></svg>
<svg class="chart"><style>*{}</style></svg>
<svg class="chart"><title><img src="x"/></title></svg>
<svg class="chart"><g></svg>
<svg class="chart"><g></text></svg>
<svg class="chart"></svg><p>
<svg class="chart"></svg> text
<svg class="chart" style="x"></svg>
<svg class='chart'></svg>
<svg class="chart"><g
<svg class="chart
LIST
cp "$SCRATCH/kept" "$panel"
report_on "$run"

# Runs beside each other; the same one twice is no comparison.
cp -R "$run" "$SCRATCH/again"
echo 'label,what=again,' >>"$SCRATCH/again/host.csv"
"$PROGRAMS/pollbench" compare --report "$SCRATCH/compared" "$run" "$SCRATCH/again"
grep -q '^| quantity | .* | what=again |$' "$SCRATCH/compared/report.md" ||
    fail "no column of a label"
expect 2 "are one run" "$PROGRAMS/pollbench" compare "$run" "$run/"
expect 0 "all files as they were" "$PROGRAMS/pollbench" verify "$SCRATCH/compared"
expect 2 "name a new folder" "$PROGRAMS/pollbench" compare \
    --report "$SCRATCH/compared" "$run" "$SCRATCH/again"

# Nothing of a hostile run is markup, a link or a command, in any file.
rm -f /tmp/hacked
report hostile
hostile=$SCRATCH/hostile
for bad in '<script>window' '<img src=x' '<iframe' '<svg onload' \
    'href="javascript' 'src="http'; do
    if grep -qF -- "$bad" "$hostile/report.html"; then
        fail "report.html has $bad"
    fi
done
for file in report.html report.md cite.txt; do
    if LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" \
        "$hostile/$file"; then
        fail "$file has control characters"
    fi
done
[ "$(grep -c '<script>' "$hostile/report.html")" -eq 1 ]
[ ! -e /tmp/hacked ]
