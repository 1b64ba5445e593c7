#!/usr/bin/env bash
# surroundings — what orch is started with: closed standard input and output, folders that its caller has open; and
# agents that make a folder of orch's own name.
. "$(dirname "$0")/lib.sh"

repository closed
plan <<'P'
plan p { runner tidy }
agent a { owns "a.txt"  prompt "write a.txt 1" }
P
(exec <&- >&- 2>&-; exec orch exec plan.orch)
check 'a run without standard output ends' is a merged
run 0 status
check 'its journal is whole' said merged
(exec <&- >&- 2>&-; exec orch land)
check 'so does a landing' holds main a.txt 1

# An agent with a folder of its caller's as a descriptor would be outside of every jail.
repository inherited
mkdir "$work/outside"
cat >"$work/reaches" <<'A'
#!/bin/sh
cat >/dev/null
ls /proc/self/fd >fds.txt
(echo x >/proc/self/fd/9/planted) 2>/dev/null
echo done >a.txt
A
chmod +x "$work/reaches"
SANDBOX=best plan <<P
plan p { runner r }
runner r { command ["$work/reaches"] }
agent a { owns "a.txt", "fds.txt"  prompt "x" }
P
orch exec plan.orch 9<"$work/outside" >"$work/out" 2>&1
check 'the agent ran' is a merged
check 'and could not plant anything' not test -e "$work/outside/planted"
check 'since nothing was open that is not its own' not grep -qx 9 <(git show refs/orch/1/integration:fds.txt)

repository named
cat >"$work/names" <<'A'
#!/bin/sh
cat >/dev/null
mkdir -p .orch/runs/2
echo x >.orch/runs/2/schedule.orchb
echo done >a.txt
A
chmod +x "$work/names"
plan <<P
plan p { runner r }
runner r { command ["$work/names"] }
agent a { owns "**"  prompt "x" }
P
run 1 exec plan.orch
check 'a result has nothing in .orch' said '.orch/runs/2/schedule.orchb'
end
