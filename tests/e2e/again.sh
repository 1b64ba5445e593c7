#!/usr/bin/env bash
# again — a second run of the same repository; --only, --json, --dry-run, status and a schedule as a file.
. "$(dirname "$0")/lib.sh"

repository again
export LAUNCHES=$work/launches
plan <<'P'
plan p { runner tidy }
agent a { owns "a.txt"  estimate 10m  prompt "write a.txt 1" }
agent b { owns "b.txt"  after a  estimate 20m  prompt "write b.txt 1" }
agent c { owns "c.txt"  prompt "write c.txt 1" }
P
before=$(everything)
run 0 exec plan.orch --dry-run
check 'a dry run shows the critical path' said 'critical path'
check 'and what an estimate is missing for' said 'no estimate'
check 'and does nothing' not test -e .orch
run 0 exec plan.orch --only b
check 'only what is asked for and what it needs' same "$(sort "$LAUNCHES" | paste -sd' ')" 'a b'
check 'the other is left out' is c 'left out'
run 0 exec plan.orch --json
check 'a new run replaces the branches of the last' is c merged
check 'the old commits are kept' git rev-parse -q --verify refs/orch/1/agents/a
check 'each line is JSON' python3 -c 'import json,sys
for line in open(sys.argv[1]): json.loads(line)' "$work/out"
check 'with the events' grep -q '"event":"merged","agent":"c"' "$work/out"
run 0 status 1
check 'the first run is there to be looked at' said 'run 1'
git commit -q --allow-empty -m 'the base moves on'
orchc build plan.orch -o plan.orchb >/dev/null 2>&1
run 0 exec plan.orchb
check 'a schedule runs like its plan' is b merged
git update-ref refs/heads/orch/p/a main
run 3 exec plan.orch
check 'a branch that somebody moved is not replaced' said orch/p/a
check 'nothing of the user changed' same "$(git rev-list --count main)" 2
check 'git is content' fsck
end
