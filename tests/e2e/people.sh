#!/usr/bin/env bash
# people — what the user does to the repository while agents run: commits, switches, cleans up, deletes. The run goes
# on or stops with a sentence, and nothing is lost. Agents and tests wait for files, so that what happens when is fixed.
. "$(dirname "$0")/lib.sh"
meanwhile=1
export GO=$work/go

simple='plan p { runner tidy  base "main" }
agent a { owns "a.txt"  runner waits  prompt "write a.txt 1" }
agent b { owns "b.txt"  after a  prompt "write b.txt 1" }'
# start — the plan runs in the background, and agent a is at work.
start() {
	rm -f "$GO" "$GO".*
	orch exec plan.orch >"$work/out" 2>"$work/err" &
	pid=$!
	until_ grep -qs ready .orch/runs/"${1-1}"/agents/a/1.log
}
# finish STATUS — it goes on, and ends.
finish() {
	touch "$GO"
	wait $pid
	check "$what: it ends with $1" same $? "$1"
	[ "$1" = 3 ] || check "$what: no error" not grep -q '^error' "$work/err"
}
# kept — all that git has is whole, and both results are there.
kept() {
	check "$what: git is content" fsck
	check "$what: the result" same "$(git show refs/orch/1/integration:a.txt refs/orch/1/integration:b.txt)" $'1\n1'
}

what='commits, another branch, a stash'
repository commits
plan <<<"$simple"
start
echo mine >>README.md && git commit -q -am mine
git checkout -q -b other
echo more >>src/one.txt && git stash -q
finish 0
kept
check 'the stash is there' same "$(git stash list | wc -l)" 1
run 0 land
check 'main has the work of both' same "$(git show main:a.txt; git show main:README.md)" $'1\nA readme.\nmine'
check 'the checkout is where it was' same "$(git symbolic-ref --short HEAD) $(git status --porcelain)" 'other ?? plan.orch'

what='the base is rewritten'
repository amended
plan <<<"$simple"
start
echo more >more && git add more && git commit -q --amend -m amended
git reflog expire --expire=now --all && git gc -q --prune=now
finish 0
kept
run 0 land
check 'lands as a merge' same "$(git show main:a.txt; git show main:more)" $'1\nmore'

what='the base is deleted'
repository gone
plan <<<"$simple"
start
git checkout -q -b other && git branch -q -D main
finish 0
kept
run 3 land
check 'landing says how to make it again' said 'git branch main'
remedy=$(sed -n 's/.*(\(git branch main [0-9a-f]*\)).*/\1/p' "$work/err")
check 'which works' sh -c "$remedy"
run 0 land

what='git gc, repack, prune, pack-refs'
repository cleaning
plan <<'P'
plan p { runner tidy
  test sh "touch x.log; while ! [ -e $GO.combined ]; do sleep 0.05; done"
}
agent a { owns "a.txt", "deep/"  runner waits  prompt """
    write a.txt 1
    write deep/er/file 1
  """
  test sh "echo here; while ! [ -e $GO.tested ]; do sleep 0.05; done"
}
agent b { owns "b.txt"  prompt "write b.txt 1" }
agent c { owns "c.txt"  after a, b  prompt "write c.txt 1" }
P
clean_up() {
	git reflog expire --expire=now --all
	git prune --expire=now
	git repack -a -d -q
	git gc -q --prune=now
	git pack-refs --all
	git prune
}
start
clean_up
check 'the agent still has git' git -C .orch/runs/1/trees/a log --oneline
touch "$GO"
until_ grep -qs here .orch/runs/1/agents/a/1.test-1.log
clean_up	# harvested, and no ref leads to it
touch "$GO.tested"
until_ test -e .orch/runs/1/combination/a/x.log
until_ test -e .orch/runs/1/agents/a/1.json
clean_up	# combined, and no ref leads to that
touch "$GO.combined"
finish 0
kept
check 'all of it' same "$(git show refs/orch/1/integration:deep/er/file refs/orch/1/integration:c.txt)" $'1\n1'
check 'nothing is held any longer' same "$(find .git/objects -name '*.keep' -o -name 'orch-*')" ''
clean_up
kept
run 0 land

what='unfinished work and git gc'
repository unfinished
plan <<'P'
plan p { runner crash }
agent a { owns "a.txt"  prompt "write a.txt precious" }
P
run 1 exec plan.orch
clean_up
check 'is kept' holds refs/orch/1/strays/a/1 a.txt precious

what='a work tree is deleted'
repository tree
plan <<'P'
plan p { runner tidy }
agent a { owns "a.txt"  runner waits  prompt "write a.txt 1" }
agent b { owns "b.txt"  prompt "write b.txt 1" }
P
start
rm -rf .orch/runs/1/trees/a
finish 3
check 'it is said which folder' said '.orch/runs/1/trees/a'
check 'the other is recorded' holds refs/orch/1/agents/b b.txt 1
run 0 resume
kept

what='the folder of the runs is deleted'
repository folder
plan <<'P'
plan p { runner tidy }
agent a { owns "a.txt"  runner waits  after b  prompt "write a.txt 1" }
agent b { owns "b.txt"  prompt "write b.txt 1" }
agent c { owns "c.txt"  after a  prompt "write c.txt 1" }
P
start
rm -rf .orch/runs
touch "$GO"
wait $pid
check 'it ends, and not as if all were well' not same $? 0
check 'with a sentence' grep -q '.orch/runs' "$work/out" "$work/err"
check 'that does not name a file which is gone' not said 'node.log may say why'
check 'where the results are' said 'git for-each-ref refs/orch/1'
for command in resume land status 'logs b' 'exec plan.orch'; do
	run 3 $command
	check "$command: the folder is gone" said 'the folder of run 1 is gone'
	check "$command: what to do" said 'orch exec --new'
done
run 0 gc
git branch -D -q orch/p/b
run 0 exec --new plan.orch
check 'and that is true' is b merged

what='the folder of a finished run is deleted'
repository finished
plan <<<"$simple"
touch "$GO"
run 0 exec plan.orch
rm -rf .orch/runs
run 0 gc
check 'gc says so' said 'its folder is gone'
run 3 land
check 'what to do instead' said 'git merge refs/orch/1/integration'
run 3 exec plan.orch
check 'whose branch that is' said 'its journal or folder in .orch is gone'
eval "$(grep -o 'git branch -D.*' "$work/err")" >/dev/null
run 0 exec plan.orch
check 'one command is enough for all of them' is b merged

what='the journal is emptied'
repository emptied
plan <<<"$simple"
touch "$GO"
run 0 exec plan.orch
rm .orch/journal.db-*
: >.orch/journal.db
run 3 status
run 3 exec plan.orch
check 'it is not begun anew in silence' said 'journal.db is damaged: it is empty'
check 'what to do' said 'move it away'
rm .orch/journal.db
run 0 gc
check 'what was recorded is there' holds refs/orch/1/agents/b b.txt 1

what='the journal is deleted'
repository journal
plan <<<"$simple"
start
rm -f .orch/journal.db*
touch "$GO"
wait $pid
code=$?
check "it says so, or goes on ($code)" test $code = 0 -o $code = 3
[ $code = 0 ] || check 'the sentence' said journal.db
rm -rf .orch/journal.db*
run 3 status
plan <<<"$(sed 's/plan p/plan again/' <<<"$simple")"
touch "$GO"
run 0 exec plan.orch
check 'another run has a number of its own' git rev-parse -q --verify refs/orch/2/integration
check 'and nothing of the first is gone' git rev-parse -q --verify refs/orch/1/base

what='git clean -fdx'
repository clean
plan <<<"$simple"
start
git clean -qfdx
touch "$GO"
wait $pid
check 'it ends' test $? -le 3
check 'git is content' fsck

what='a second run'
repository second
plan <<<"$simple"
start
check 'is refused' not orch exec plan.orch
orch exec plan.orch >"$work/other" 2>&1
check 'it is said who runs' grep -q "pid $pid," "$work/other"
check 'so is landing' not orch land
finish 0
kept

what='branches of agents'
repository branches
plan <<<"$simple"
start
touch "$GO"
until_ git rev-parse -q --verify orch/p/a
git checkout -q orch/p/a
wait $pid
check 'one that is checked out' same "$(git status --porcelain; cat a.txt)" $'?? plan.orch\n1'
kept
run 3 exec plan.orch --new
check 'is not moved by another run' said 'is checked out'
check 'nothing of it is touched' same "$(git status --porcelain; cat a.txt)" $'?? plan.orch\n1'
git checkout -q main
git branch -q -D orch/p/a
run 0 land
check 'one that is deleted is not missed' same "$(cat a.txt)" 1
repository made
plan <<<"$simple"
start
git branch orch/p/a && git checkout -q orch/p/a
finish 3
check 'one that is made meanwhile is not moved' said 'the branch orch/p/a was made by somebody else'
check 'the work is safe' holds refs/orch/1/agents/a a.txt 1
git checkout -q main && git branch -q -D orch/p/a
run 0 resume
kept

what='the plan is edited'
repository edited
plan <<<"$simple"
start
echo 'plan p { }' >plan.orch
finish 0
kept

what='a rebase is going on'
repository rebase
git checkout -q -b topic && echo topic >README.md && git commit -q -am topic
git checkout -q main && echo main >README.md && git commit -q -am main
plan <<<"$simple"
start
git checkout -q topic && git rebase main >/dev/null 2>&1
finish 0
kept
run 3 land
check 'landing waits for it' said 'rebase'
git rebase --abort
run 0 land

what='a supervisor is killed'
repository killed
plan <<'P'
plan p { runner tidy }
agent a { owns "a.txt"  runner waits  prompt "write a.txt 1" }
agent b { owns "b.txt"  runner waits  prompt "write b.txt 1" }
P
start
until_ grep -qs ready .orch/runs/1/agents/b/1.log
kill -9 "$(pgrep -P $pid -f 'orch-node attempt .* 0 1 ')"
finish 0
check 'its agent begins anew' same "$(ls .orch/runs/1/agents/a/[0-9].log | wc -l)" 2
check 'what it had written is kept' holds refs/orch/1/lost/a/1 a.txt 1
kept
end
