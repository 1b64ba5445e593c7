#!/usr/bin/env bash
# auto — `land auto` moves the base at the end; a run that is interrupted before that lands when it is resumed.
. "$(dirname "$0")/lib.sh"

repository auto
plan <<'P'
plan auto { runner tidy  land auto }
agent a { owns "a.txt"  prompt "write a.txt 1" }
P
git add plan.orch && git commit -q -m plan
meanwhile=1 run 0 exec plan.orch
check 'the branch has it' holds main a.txt 1
check 'and so has the checkout' test -e a.txt

repository dirty
plan <<'P'
plan dirty { runner tidy  land auto }
agent a { owns "a.txt"  prompt "write a.txt 1" }
agent b { owns "b.txt"  after a  prompt "write b.txt 1" }
agent c { owns "c.txt"  prompt "write c.txt 1" }
P
run 0 exec plan.orch --dry-run --only b
check 'only those that are asked for are shown' same "$(grep -cE '^ *[0-9]+ [*?! ]* *[abc] ' "$work/out")" 2
git add plan.orch && git commit -q -m plan
echo 'not committed' >>README.md
run 3 exec plan.orch
check 'what is in the way is named' said README.md
check 'the results are there' holds refs/orch/1/integration a.txt 1
git checkout -q README.md
run 0 land
check 'and land when the way is free' holds main c.txt 1

repository cut
plan <<P
plan cut { runner tidy  land auto  test sh "touch $work/testing; sleep 2" }
agent a { owns "a.txt"  prompt "write a.txt 1" }
P
git add plan.orch && git commit -q -m plan
set -m
orch exec plan.orch >"$work/out" 2>"$work/err" &
pid=$!
for _ in $(seq 100); do
	[ -e "$work/testing" ] && break
	sleep 0.1
done
kill -INT $pid
wait $pid
check 'an interrupted run says so' same $? 130
check 'nothing has landed' lacks main a.txt
meanwhile=1 run 0 resume
check 'resumed, it lands' holds main a.txt 1
end
