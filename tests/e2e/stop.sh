#!/usr/bin/env bash
# stop — from another terminal: gently, at once, and never a process that does not run agents of this repository.
. "$(dirname "$0")/lib.sh"
export GO=$work/go

cat >"$work/statements" <<'P'
plan p { runner waits  jobs 1 }
agent a { owns "a.txt"  prompt "write a.txt 1" }
agent b { owns "b.txt"  prompt "write b.txt 1" }
P
# begin AGENT WORDS — orch in the background, until that agent is at its work.
begin() {
	local agent=$1
	shift
	rm -f "$GO"
	orch "$@" >"$work/behind.out" 2>"$work/behind.err" &
	pid=$!
	for _ in $(seq 300); do
		grep -qs ready ".orch/runs/1/agents/$agent"/*.log && return
		sleep 0.1
	done
}
# ended STATUS — of the run in the background
ended() {
	wait "$pid"
	same $? "$1"
}

repository stop
plan <"$work/statements"
run 3 stop
check 'nothing was ever run' said 'nothing was run here yet'
begin a exec plan.orch
run 3 stop 7
check 'another run is not meant' said 'run 1 is running, not run 7'
# It is told twice, and still lets the agent finish.
orch stop >"$work/out1" 2>&1 &
first=$!
orch stop >"$work/out2" 2>&1 &
second=$!
for _ in $(seq 100); do
	grep -qs 'nothing more is started' "$work/behind.err" && break
	sleep 0.1
done
check 'it is told' grep -q 'nothing more is started' "$work/behind.err"
check 'the agent is not ended' is a running
touch "$GO"
wait "$first" && wait "$second"
check 'both see the end' same $? 0
check 'the run is interrupted' ended 130
check 'its agent has finished' is a recorded
check 'and no other has begun' same "$(state b)" waiting
check 'what happened is said' grep -q 'orch resume 1' "$work/out1"
run 0 stop
check 'twice is once' said 'nothing is running here'
begin b resume
run 0 stop --now
check 'at once' ended 130
check 'the agent was stopped' is b stopped
begin b resume
for _ in $(seq 100); do
	pkill -STOP -P "$pid" orch-node && break
	sleep 0.05
done
run 0 stop --now
check 'a supervisor that is stopped is told as well' ended 130
touch "$GO"
run 0 resume
check 'and goes on' is b merged

# Told before it listens, and when it does so no longer: here it waits, in between, for somebody to read what it says.
mkfifo "$work/full"
exec 7<>"$work/full"
fill() { dd if=/dev/zero of="$work/full" bs=4096 oflag=nonblock 2>"$work/dd" || true; }
drain() {
	cat <&7 >"$work/drained" &
	drain=$!
	wait "$pid"
	status=$?
	kill "$drain"
}
fill
orch rollback b >"$work/behind.out" 2>"$work/full" &
pid=$!
for _ in $(seq 300); do
	grep -qs 'orch rollback' .orch/lock && break
	sleep 0.02
done
orch stop >"$work/out1" 2>&1 &
first=$!
for _ in $(seq 300); do
	grep -qs 'told `orch rollback` ' "$work/out1" && break
	sleep 0.02
done
drain
wait "$first"
check 'one that does not listen yet is not killed' same "$? $status" '0 0'
check 'and does what it was to do' is b undone
fill
orch retry b >"$work/full" 2>"$work/behind.err" &
pid=$!
for _ in $(seq 300); do
	grep -qs 'everything asked for is merged' "$work/behind.err" && break
	sleep 0.1
done
for _ in $(seq 20); do
	kill -USR1 "$pid" 2>/dev/null
	sleep 0.05
done
drain
check 'nor one that listens no more' same "$status" 0
check 'which has done it' is b merged
exec 7>&-

# The lock's text is of a process that is gone, and its number another's by now: nobody is signalled.
sleep 1000 &
other=$!
printf 'pid %s, orch exec plan.orch, since 2001-01-01 00:00:00 UTC\nrun 1\n' "$other" >.orch/lock
run 0 stop --now
check 'a free lock has no holder' said 'nothing is running here'
check 'whatever its text says' kill -0 "$other"
# Somebody else's lock on that file, with a text of yet another.
(exec 9<.orch/lock && flock 9 && exec sleep 1000) &
flocked=$!
for _ in $(seq 100); do
	flock -n .orch/lock true || break
	sleep 0.02
done
run 3 stop --now
check 'a holder that does not say who it is' said 'none is stopped'
check 'is not signalled' kill -0 "$flocked"
check 'nor is the one that the text names' kill -0 "$other"
kill "$flocked" "$other"

# Locks of another file system on a file of the same number: it is told from them by what each process has open.
if unshare -m true 2>/dev/null; then
	mkdir "$work/one" "$work/two"
	cat >"$work/twins" <<'P'
mount -t tmpfs one "$work/one" && mount -t tmpfs two "$work/two" || exit
cp -a "$work/stop" "$work/one/repository" && cd "$work/one/repository" && rm -rf .orch || exit
git for-each-ref --format='delete %(refname)' refs/orch refs/heads/orch | git update-ref --stdin
rm -f "$GO"
orch exec --new plan.orch >"$work/out1" 2>&1 &
pid=$!
for _ in $(seq 300); do
	grep -qs ready .orch/runs/*/agents/a/*.log && break
	sleep 0.1
done
inode=$(stat -c %i .orch/lock)
for i in $(seq 2000); do
	: >"$work/two/$i"
	[ "$(stat -c %i "$work/two/$i")" != "$inode" ] || break
done
twins=
for _ in 1 2 3 4 5 6 7 8; do
	flock -F -s "$work/two/$i" sleep 1000 &
	twins="$twins $!"
done
for _ in $(seq 100); do
	[ "$(grep -c ":$inode " /proc/locks)" -lt 9 ] || break
	sleep 0.05
done
grep -c ":$inode " /proc/locks >"$work/locks"
orch stop --now >"$work/out" 2>"$work/err"
echo "stop $?"
wait "$pid"
echo "run $?"
kill $twins
P
	work=$work unshare -m bash "$work/twins" >"$work/said" 2>"$work/twins.err"
	check 'there are nine locks of that number' same "$(cat "$work/locks")" 9
	check 'the right one is told' same "$(cat "$work/said")" "$(printf 'stop 0\nrun 130')"
fi
end
