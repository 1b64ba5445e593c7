#!/usr/bin/env bash
# once — one run at a time; ^C; kill -9 of the one that runs.
. "$(dirname "$0")/lib.sh"

repository once
export GO=$work/go LAUNCHES=$work/launches PIDS=$work/pids
plan <<'P'
plan p { runner tidy  jobs 2 }
agent a { owns "a.txt"  runner waits  prompt "write a.txt 1" }
agent b { owns "b.txt"  after a  prompt "write b.txt 1" }
P
for i in $(seq 100); do
	(orch exec plan.orch >"$work/start-$i" 2>&1; echo $? >"$work/status-$i") &
done
while [ "$(ls "$work" | grep -c '^status-')" -lt 99 ]; do sleep 0.05; done
touch "$GO"
wait
check 'one of 100 wins' same "$(cat "$work"/status-* | sort | uniq -c | sed 's/^ *//' | paste -sd,)" '1 0,99 3'
check 'the others are told who it is' same "$(grep -l 'pid [0-9]*, orch exec' "$work"/start-* | wc -l)" 99
check 'it ran once' same "$(sort "$LAUNCHES" | paste -sd' ')" 'a b'

# ready AGENT — waits until the agent has printed that it is ready.
ready() { while ! grep -q ready .orch/runs/*/agents/"$1"/*.log 2>/dev/null; do sleep 0.02; done; }
repository interrupted
rm -f "$GO" "$LAUNCHES"
plan <"$here/once.plan"
orch exec plan.orch >"$work/out" 2>"$work/err" &
orch=$!
ready a
kill -INT $orch
while ! grep -q interrupted "$work/err"; do sleep 0.02; done
touch "$GO"
wait $orch
check '^C: ends with 130' same $? 130
check 'what ran was let finish' is a recorded
check 'nothing more was started' same "$(paste -sd' ' "$LAUNCHES")" a
check 'status tells how to go on' sh -c 'orch status | grep -q "orch resume 1"'
run 3 land
check 'no landing before the end' said 'orch resume'
cp plan.orch other.orch && sed -i 's/write b.txt 1/write b.txt 2/' other.orch
run 3 exec other.orch
check 'another plan is refused' said '--new'
run 0 resume
check 'resume does the rest, and only that' same "$(paste -sd' ' "$LAUNCHES")" 'a b'
run 0 resume
check 'resuming what is finished does nothing' same "$(paste -sd' ' "$LAUNCHES")" 'a b'

repository twice
rm -f "$GO" "$LAUNCHES"
plan <"$here/once.plan"
orch exec plan.orch >"$work/out" 2>"$work/err" &
orch=$!
ready a
kill -INT $orch
while ! grep -q interrupted "$work/err"; do sleep 0.02; done
kill -INT $orch
wait $orch
check '^C twice: stops at once' same $? 130
check 'what was stopped can run again' is a stopped
touch "$GO"
run 0 exec plan.orch
check 'exec of the same plan goes on' same "$(paste -sd' ' "$LAUNCHES")" 'a a b'
check 'as the same run' not test -e .orch/runs/2

repository killed
rm -f "$GO" "$LAUNCHES"
plan <"$here/once.plan"
orch exec plan.orch >"$work/out" 2>"$work/err" &
orch=$!
ready a
cp .orch/runs/1/trees/a/a.txt "$work/seen"
kill -9 $orch
wait $orch 2>/dev/null
run 0 status
check 'status knows that it was cut off' said interrupted
tries=0
while pgrep -f "$work/killed" >/dev/null && [ $tries -lt 200 ]; do sleep 0.02; tries=$((tries + 1)); done
check 'no process is left after kill -9' not pgrep -f "$work/killed"
check 'and none of the agent' not pgrep -x waits
touch "$GO"
run 0 resume
check 'the agent runs again' same "$(paste -sd' ' "$LAUNCHES")" 'a a b'
check 'what it had done before is kept' holds refs/orch/1/lost/a/1 a.txt 1
check 'git is content' fsck
end
