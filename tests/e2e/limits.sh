#!/usr/bin/env bash
# limits — an agent takes no more of the machine than the plan gives it: processes, files, memory, processors.
. "$(dirname "$0")/lib.sh"

repository limits
export HUGE=huge.txt
plan <<'P'
plan limits { runner tidy  limit processes 100 }
agent t-bomb { owns "bomb/"  sandbox off  runner fork-bomb  prompt "write bomb/a.txt hello" }
agent t-crowd { owns "crowded/"  runner crowded  timeout 60s  prompt "say nothing" }
agent t-held { owns "held/"  runner fork-bomb  limit processes 50  timeout 2s  prompt "write held/a.txt hello" }
agent t-own { owns "own/"  test sh "sh -c 'sleep 0.1 & sleep 0.1 & wait'"  prompt "write own/a.txt hello" }
agent t-huge { owns "huge.txt"  runner huge  limit file-size 1M  prompt "write other.txt x" }
agent t-sparse { owns "sparse/"  runner sparse  limit file-size 1M  prompt "say nothing" }
agent t-setup { owns "setup/"  setup sh "exec head -c 2000000 /dev/zero >ignored.txt"  limit file-size 64K  prompt "write setup/a.txt x" }
P
run 1 exec plan.orch
check 'a fork bomb is over' because t-bomb limit
check 'which is said with the number and the word for it' said 'it had more than 100 processes (`limit processes`)'
check 'its work is kept' holds refs/orch/1/strays/t-bomb/1 bomb/a.txt hello
if [ "$(state t-crowd)" = merged ]; then
	n=$(git show refs/orch/1/agents/t-crowd:crowded/n)
	check 'in a sandbox there are no more processes than may be' test "$n" -le 100
	check 'and no fewer, but for those that look after them' test "$n" -ge 98
else
	echo 'limits: no namespaces of its own here that hold processes: they are counted'
	check 'outside of one they are counted' because t-crowd limit
fi
check 'a fork bomb that is held comes to its end all the same' is t-held failed
check 'one with few processes is merged' is t-own merged
check 'a file without end is over' because t-huge limit
check 'which is said' said 'it wrote a file of more than 1024 KiB (`limit file-size`)'
check 'the file is no larger' test "$(stat -c %s .orch/runs/1/trees/t-huge/huge.txt)" -le 1048576
check 'a sparse file is no way around' because t-sparse exit
check 'what it heard is in its log' grep -q -i 'file' .orch/runs/1/agents/t-sparse/1.log
check 'the limit is for setup as well' because t-setup limit
check 'no process is left' same "$(leftover)" ''

# Without a limit, an agent has some thousands of processes, and a file of a terabyte is refused, not read.
repository sparse
plan <<'P'
plan sparse { runner sparse }
agent hole { owns "sparse/"  prompt "say nothing" }
P
run 1 exec plan.orch
check 'a file of a terabyte is refused' said 'sparse/file'
check 'and nothing of it is kept' test "$(du -s .orch | cut -f1)" -lt 20000

# What nothing holds here is refused, with what to do.
if orch doctor --json 2>/dev/null | grep -q '"name":"cgroup","state":"ok"'; then
	echo 'limits: this machine holds memory and cpu, so nothing is refused here: not tried'
else
	repository refused
	before=$(everything)
	plan <<'P'
plan refused { runner tidy }
agent one { owns "one/"  limit memory 1G  prompt "write one/a.txt x" }
P
	rm plan.orch
	run 3 exec "$work/plan.orch"
	check 'the agent, the limit and the remedy are named' said 'the agent one has `limit memory`, which nothing holds here'
	check 'and where to look' said 'orch doctor'
	check 'nothing was begun' same "$(orch status 2>&1)" 'error: nothing was run here yet; begin with `orch exec PLAN.orch`'
	check 'and nothing was changed' same "$(everything)" "$before"
fi
end
