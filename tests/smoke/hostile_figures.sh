#!/bin/sh
# SPDX-License-Identifier: MIT
# hostile_figures.sh PROGRAMS SOURCES: text from a run folder, and the folder's
# own name, never act as commands of gnuplot or of a shell.
# shellcheck source=tests/smoke/expect.sh
. "$(dirname "$0")/expect.sh"
need gnuplot

trap_file=$SCRATCH/acted
run="$SCRATCH/< \`touch acted\` | \$(touch acted) 'x"
"$PROGRAMS/pollbench" run --quiet --preset quick --invocations 2 --rounds 2 \
    --batch 1000 --patience 0 --most-fds 600 --output "$run" 2>/dev/null
"$PROGRAMS/pollbench" fit "$run" 2>/dev/null

# In every text of every file a figure reads, in turn.
evil="\`touch $trap_file\` \$(touch $trap_file) @x {/:Bold b} %s %n \\\\n <b>"
evil="$evil'; system('touch $trap_file'); print '"
cd "$SCRATCH" || exit
# file, and a figure that shows most of its texts
while read -r file figure; do
    cp "$run/$file" "$SCRATCH/was.csv"
    # At the end of each quoted text, so that what stands before still matches.
    awk -v evil="$evil" 'NR > 1 { gsub(/",|"$/, evil "&") } { print }' \
        "$SCRATCH/was.csv" >"$run/$file"
    "$PROGRAMS/pollbench" draw "$run" "$figure" >"$SCRATCH/said" 2>&1 ||
        fail "$file: $(cat "$SCRATCH/said")"
    cp "$SCRATCH/was.csv" "$run/$file"
    [ ! -e "$trap_file" ] || fail "$file: text was run as a command"
done <<LIST
host.csv growth
findings.csv growth
points.csv fd_count
backends.csv growth
backends.csv grid
crossovers.csv grid
ratios.csv grid
steps.csv steps
history.csv history
LIST
# An axis is named by the run, too.
awk -v evil="$evil" '{ sub(/fds ready \(R\)/, evil) } 1' "$run/cases.csv" \
    >"$SCRATCH/cases.csv"
grep -qF 'print' "$SCRATCH/cases.csv" || fail "cases.csv names no such axis"
mv "$SCRATCH/cases.csv" "$run/cases.csv"
"$PROGRAMS/pollbench" draw "$run" ready_count >"$SCRATCH/said" 2>&1 ||
    fail "cases.csv: $(cat "$SCRATCH/said")"
[ ! -e "$trap_file" ] || fail "cases.csv: text was run as a command"
grep -q 'print' "$run/figures/ready_count-slide.svg" || fail "no such axis"
[ -s "$run/figures/growth-slide.svg" ] || fail "no figure was drawn"
# What is in the caption is text there: no markup.
sed -i "s|^cpu_model,.*|cpu_model,<b>\&amp;<script>,|" "$run/host.csv"
"$PROGRAMS/pollbench" fit "$run"
"$PROGRAMS/pollbench" draw "$run" growth >/dev/null
! grep -q '<script>' "$run/figures/growth-slide.svg" || fail "markup from host.csv"
grep -q '&lt;script>' "$run/figures/growth-slide.svg" || fail "no caption"

# In the page, too, where gnuplot would put it into a handler.
evil="b'); alert(2); (' onload=x <script>]]>\\&amp; dirty"
sed -i "s|,[a-z ]*,[^,]*,ns,\$|,$evil,,ns,|" "$run/points.csv"
"$PROGRAMS/pollbench" draw --form page "$run" fd_count >/dev/null
page=$run/figures/page/fd_count-1.svg
grep -q "b'); alert(2); (' onload=x &lt;script&gt;]]&gt;&amp;amp; dirty" \
    "$page" || fail "the text is not there as it was: $(grep -m 2 alert "$page")"
grep -q 'class="mark doubtful"' "$page" || fail "what is dirty is not hollow"
! grep -Eiq '<[^>]* on[a-z]+ *=|<script' "$page" || fail "$page can act"
! command -v xmllint >/dev/null || xmllint --noout "$page"
"$PROGRAMS/pollbench" report "$run" 2>"$SCRATCH/said"
[ ! -s "$SCRATCH/said" ] || fail "$(cat "$SCRATCH/said")"
grep -q 'alert(2)' "$run/report.html" || fail "the panel is not in the page"
