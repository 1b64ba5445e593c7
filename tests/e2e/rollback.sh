#!/usr/bin/env bash
# rollback — agents and what comes after them are taken out: of the integration, and of the branch when they have
# landed; what comes out is what a run without them makes.
. "$(dirname "$0")/lib.sh"

cat >"$work/statements" <<'P'
plan p { runner tidy }
agent a { owns "a/**"  prompt "write a/a.txt 1" }
agent b { owns "b/**"  prompt "write b/b.txt 1" }
agent c { owns "c/**"  after b  prompt "write c/c.txt 1" }
agent d { owns "d/**", "src/two.txt"  prompt """
    write d/d.txt 1
    write src/two.txt changed
  """
}
P
tree() { git rev-parse "$1^{tree}"; }
# without NAME AGENTS — a repository in which only these ran; leaves its integration's tree in $want.
without() {
	repository "$1"
	plan <"$work/statements"
	run 0 exec plan.orch --only "$2"
	want=$(tree refs/orch/1/integration)
}

without reference a,d
repository before
plan <"$work/statements"
run 0 exec plan.orch
before=$(everything)
result=$(git rev-parse refs/orch/1/agents/b)
old=$(git rev-parse refs/orch/1/integration)
run 3 rollback --alone b
check 'what comes after it is named' said '`c` comes after'
run 0 rollback --dry-run b
check 'what would be done' said 'would roll back b, c'
check 'and is not' is b merged
run 2 rollback missing
run 0 rollback b
check 'it is undone' is b undone
check 'and what comes after it' is c undone
check 'the others stay' is d merged
check 'the tree is that of a run without them' same "$(tree refs/orch/1/integration)" "$want"
check 'its result is kept' same "$(git rev-parse refs/orch/1/agents/b)" "$result"
check 'and so is the old integration' git show-ref -q "refs/orch/1/earlier/integration/${old:0:12}"
check 'nothing of the user is touched' same "$(everything)" "$before"
run 0 rollback b
check 'twice is once' is b undone
run 0 status
check 'status says so' said 'it was rolled back'
check 'and what can be done' said 'orch retry b'
check 'nothing runs again' same "$(orch status --json | grep -c '"attempt":1')" 4
run 0 retry b
check 'it runs again' is b merged
check 'and what was undone because of it' is c merged
check 'its attempts go on' same "$(orch status --json | grep -c '"attempt":2')" 2
check 'the tree is that of all' same "$(tree refs/orch/1/integration)" "$(tree "$old")"
check 'the earlier result is kept' git show-ref -q "refs/orch/1/earlier/b/${result:0:12}"
run 3 retry b
check 'what is merged is not run again' said 'orch rollback b'
run 0 rollback a b d
check 'everything can be taken out' same "$(tree refs/orch/1/integration)" "$(tree main)"
run 3 land
check 'then nothing lands' said 'nothing to land'
check 'the repository is sound' fsck

# From here on the branch is moved.
meanwhile=yes
repository landed
plan <"$work/statements"
run 0 exec plan.orch
run 0 land
git branch -q -D $(git branch --format='%(refname:short)' | grep -v '^main$')
echo mine >mine.txt && git add mine.txt && git commit -q -m mine
echo dirty >>README.md
run 3 rollback b
check 'changes in the checkout are in the way' said README.md
check 'what is to be said then' said 'then `orch rollback b`'
check 'and then nothing is done' is b merged
git checkout -q README.md
run 0 rollback b
check 'it is taken back' lacks main b/b.txt
check 'with what comes after it' lacks main c/c.txt
check 'by a commit each' same "$(git log --format=%s -3 main)" "$(printf 'Revert b\nRevert c\nmine')"
check 'the checkout follows' same "$(git status --porcelain)" '?? plan.orch'
check 'what came since stays' holds main mine.txt mine
check 'the integration is made again too' same "$(tree refs/orch/1/integration)" "$want"
check 'no branch of an agent is made again' same "$(git branch --format='%(refname:short)')" main
run 0 rollback b
check 'twice is once' same "$(git log --format=%s -1 main)" 'Revert b'
run 0 land
check 'what is left has landed' said already
run 0 retry b
run 0 land
check 'tried again, it lands again' holds main c/c.txt 1
check 'and nothing else changes' holds main mine.txt mine
echo later >src/two.txt && git commit -q -am later
tip=$(git rev-parse main)
run 3 rollback d
check 'a path that was changed since' said src/two.txt
check 'the remedy' said 'git revert -m 1'
check 'nothing moved' same "$(git rev-parse main)" "$tip"
check 'nothing is undone' is d merged
git revert --no-edit HEAD >/dev/null
run 0 rollback d
check 'once it is not, it is taken back' holds main src/two.txt two
check 'the repository is sound' fsck

# What a refusal says to do by hand counts, whatever was made of the conflict; and no more once that is reverted.
repository byhand
plan <"$work/statements"
run 0 exec plan.orch
run 0 land
echo later >src/two.txt && git commit -q -am later
run 3 rollback d
remedy=$(sed -n 's/.*By hand: \(git revert -m 1 [0-9a-f]*\), then `orch rollback d`.*/\1/p' "$work/err")
check 'the remedy, and what comes after it' test -n "$remedy"
check 'it conflicts' not $remedy
echo both >src/two.txt && git add src/two.txt && GIT_EDITOR=true git revert --continue >/dev/null
git revert --no-edit HEAD >/dev/null
run 3 rollback d
check 'not when that was reverted too' said 'By hand: git revert'
git revert --no-edit HEAD >/dev/null
tip=$(git rev-parse main)
run 0 rollback d
check 'then it is out of the run' not is d merged
check 'and the branch is as it was made' same "$(git rev-parse main)" "$tip"
run 0 rollback d
run 0 retry d
check 'and it can be tried again' is d merged
check 'the repository is sound' fsck

# A later landing after one that was rolled back: what was merged after it has landed under other merges.
repository later
plan <"$work/statements"
run 0 exec plan.orch
run 0 land
run 0 rollback b
echo mine >a/a.txt && echo mine >d/d.txt && git commit -q -am 'after the rollback'
run 0 retry b
run 0 land
check 'what runs again lands' holds main c/c.txt 1
check 'what was changed since stays' holds main a/a.txt mine
check 'also what was merged after it' holds main d/d.txt mine
check 'the repository is sound' fsck

# What would keep the run from going on is known before the branch is moved.
repository refused
plan <"$work/statements"
run 0 exec plan.orch
run 0 land
tip=$(git rev-parse main)
run 2 rollback a --floor junk
check 'a wrong --floor' same "$(git rev-parse main)" "$tip"
run 2 retry a --floor junk
cp .orch/runs/1/sandbox "$work/sandbox" && echo junk >.orch/runs/1/sandbox
run 3 rollback a
check 'agents cannot be held' same "$(git rev-parse main)" "$tip"
cp "$work/sandbox" .orch/runs/1/sandbox
(ulimit -n 40 && orch rollback a >"$work/out" 2>"$work/err")
check 'too few open files' same "$? $(git rev-parse main)" "3 $tip"
check 'nothing is undone' is a merged

# Cut off between the branch and the run, and then something else is rolled back: it is not forgotten.
base=$(git rev-parse refs/orch/1/base)
git update-ref refs/orch/1/base main
run 3 rollback a
check 'the branch has been moved' lacks main a/a.txt
check 'the run has not' is a merged
git update-ref refs/orch/1/base "$base"
run 3 retry b
check 'only once it is finished something runs again' said 'orch resume 1'
run 0 rollback b
check 'what was cut off is finished' is a undone
check 'with what is asked for' is b undone
check 'it is not in the integration' lacks refs/orch/1/integration a/a.txt
run 0 land
check 'and does not land again' lacks main a/a.txt
check 'the repository is sound' fsck

meanwhile=
# A test of the plan runs on each new combination: what needs what was rolled back, and does not say so, fails.
repository needs
plan <<'P'
plan p { runner tidy  test sh "! test -e b.txt || test -e a.txt" }
agent a { owns "a.txt"  prompt "write a.txt 1" }
agent b { owns "b.txt"  prompt "write b.txt 1" }
agent c { owns "c.txt"  prompt "write c.txt 1" }
P
run 0 exec plan.orch
run 1 rollback a
check 'it fails' because b combination
check 'the rest is merged' is c merged
check 'without it' lacks refs/orch/1/integration b.txt
run 1 retry b
check 'again it fails' because b combination
run 1 retry a
check 'what it needs is there' is a merged
run 0 retry b
check 'it is merged' is b merged
end
