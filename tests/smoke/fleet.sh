#!/bin/sh
# SPDX-License-Identifier: MIT
# fleet.sh PROGRAMS SOURCES: tools/poll.sbatch puts one whole run a node into a
# shared folder, labelled by its node; by hand, and by Slurm with two nodes on
# this host where that is installed and may be started.
# shellcheck source=tests/smoke/expect.sh
. "$(dirname "$0")/expect.sh"

runs=$SCRATCH/runs
set -- "$VERBS/pollbench-run" "$runs" --sweep fd_count --invocations 2 \
    --rounds 1 --batch 1000 --patience 0 --most-fds 600

# compared NODE...: each has its run, and they can be set beside each other
compared() {
    for node; do
        run=$(echo "$runs/$node".*)
        [ -s "$run/samples.csv" ] || fail "$node: no run in $(ls -A "$runs")"
        grep -q "^label,\"*node=$node\"*," "$run/host.csv" || fail "$node: no label"
        "$PROGRAMS/pollbench" fit "$run" 2>/dev/null
    done
    status=0
    "$PROGRAMS/pollbench" compare "$runs"/* >"$SCRATCH/said" 2>&1 || status=$?
    [ "$status" -ne 2 ] || fail "cannot be compared: $(cat "$SCRATCH/said")"
    for node; do
        grep -q "node=$node" "$SCRATCH/said" || fail "compare names no $node"
    done
    for half in "$runs"/.[!.]*; do
        [ ! -e "$half" ] || fail "half a run: $half"
    done
}

for node in one two; do
    SLURMD_NODENAME=$node SLURM_JOB_ID=1 "$SOURCES/tools/poll.sbatch" "$@" \
        2>/dev/null || fail "poll.sbatch failed"
done
compared one two
rm -r "$runs"
! SLURMD_NODENAME=one "$SOURCES/tools/poll.sbatch" "$@" --sweep none \
    2>/dev/null || fail "a run that failed is one"
[ ! -e "$runs" ] || [ -z "$(ls -A "$runs")" ] || fail "it left something"

for program in slurmctld slurmd munged sbatch; do
    command -v "$program" >/dev/null || {
        echo "without Slurm: no $program"
        exit 0
    }
done
[ "$(id -u)" -eq 0 ] || {
    echo "without Slurm, whose daemons root starts"
    exit 0
}

# --- Slurm: two nodes on this host ------------------------------------------------

base=$SCRATCH/slurm
host=$(hostname)
mkdir -p "$base/state" "$base/spool" "$base/munge"
dd if=/dev/urandom of="$base/munge/key" bs=64 count=1 2>/dev/null
chmod 600 "$base/munge/key"
chmod 755 "$SCRATCH" "$base" "$base/munge"
cat >"$base/slurm.conf" <<END
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=17017
SlurmdPort=17018
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$base/munge/socket
CredType=cred/munge
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
PropagateResourceLimits=NONE
ReturnToService=2
SelectType=select/cons_tres
StateSaveLocation=$base/state
SlurmctldPidFile=$base/slurmctld.pid
SlurmdSpoolDir=$base/spool/%n
SlurmdPidFile=$base/%n.pid
SlurmctldLogFile=$base/slurmctld.log
SlurmdLogFile=$base/%n.log
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=17021
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=17022
PartitionName=bench Nodes=n1,n2 Default=YES State=UP OverSubscribe=EXCLUSIVE
END
export SLURM_CONF="$base/slurm.conf"
stop() {
    for file in "$base"/*.pid "$base/munge/pid"; do
        [ ! -s "$file" ] || kill "$(cat "$file")" 2>/dev/null || true
    done
}
clean() {
    stop
    sleep 1
    rm -rf "$SCRATCH"
}
trap clean EXIT
munged --force --key-file="$base/munge/key" --socket="$base/munge/socket" \
    --pid-file="$base/munge/pid" --log-file="$base/munge/log" \
    --seed-file="$base/munge/seed" >/dev/null 2>&1 ||
    fail "munged does not start: $(cat "$base/munge/log")"
slurmctld || fail "slurmctld does not start"
for node in n1 n2; do
    mkdir "$base/spool/$node"
    slurmd -N "$node" || fail "slurmd $node does not start"
done
mkdir -p "$runs"
jobs=
for node in n1 n2; do
    job=$(sbatch --parsable --wait -w "$node" --output "$SCRATCH/$node.out" \
        "$SOURCES/tools/poll.sbatch" "$@") ||
        fail "$node: $(cat "$SCRATCH/$node.out" "$base"/*.log)"
    jobs="$jobs $job"
done
compared n1 n2
echo "with Slurm, jobs$jobs"
