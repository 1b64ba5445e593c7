#!/usr/bin/env bash
# landing — the result goes to the branch, and only when nothing of the user is in the way.
. "$(dirname "$0")/lib.sh"
export SANDBOX=best

simple='plan p { runner tidy }
agent a { owns "src/one.txt", "new.txt"  prompt """
    write src/one.txt changed
    write new.txt new
  """
}'
repository forward
plan <<<"$simple"
run 0 exec plan.orch
echo mine >>README.md
run 3 land
check 'changes in the checkout are named' said README.md
check 'the branch did not move' same "$(git rev-list --count main)" 1
git checkout -q README.md
echo mine >new.txt
run 3 land
check 'a file that is not tracked and in the way' said new.txt
check 'is not touched' same "$(cat new.txt)" mine
check 'and nothing moved' same "$(git rev-list --count main)" 1
rm new.txt
made=$(git rev-parse refs/orch/1/integration)
git update-ref refs/orch/1/integration "$(git commit-tree -p "$made" -m other "$made^{tree}")"
run 3 land
check 'only what the run made is landed' said 'somebody moved it'
check 'the remedy' said "git update-ref refs/orch/1/integration $made"
git update-ref -d refs/orch/1/integration
run 3 land
check 'nor when it is gone' said 'is gone'
git update-ref refs/orch/1/integration "$made"
touch .git/index.lock
run 3 land
check 'the lock of the index is named' said .git/index.lock
rm .git/index.lock
git update-ref CHERRY_PICK_HEAD HEAD
run 3 land
check 'what is in progress is named' said 'git cherry-pick --abort'
git update-ref -d CHERRY_PICK_HEAD
check 'and nothing moved' same "$(git rev-list --count main)" 1
run 0 land
check 'main is at the integration' same "$(git rev-parse main)" "$(git rev-parse refs/orch/1/integration)"
check 'the checkout follows' same "$(cat src/one.txt new.txt)" "$(printf 'changed\nnew')"
check 'and is clean' same "$(git status --porcelain)" '?? plan.orch'
run 0 land
check 'twice is once' said already
git branch -m main trunk
run 3 land
check 'a branch that is gone since' said 'has landed already'
check 'is not to be made again' not said 'git branch main'
git branch -m trunk main
run 0 status
check 'status says so' said landed

repository moved
plan <<<"$simple"
run 0 exec plan.orch
echo more >more.txt && git add more.txt && git commit -q -m 'meanwhile'
run 0 land
check 'a merge' same "$(git rev-list --count --merges main)" "$(($(git rev-list --count --merges refs/orch/1/integration) + 1))"
check 'has both' same "$(cat more.txt new.txt)" "$(printf 'more\nnew')"
check 'and is clean' same "$(git status --porcelain)" '?? plan.orch'

repository conflict
plan <<<"$simple"
run 0 exec plan.orch
echo mine >src/one.txt && git commit -q -am 'meanwhile'
run 3 land
check 'both changed it' said src/one.txt
check 'the remedy' said 'git merge refs/orch/1/integration'
check 'nothing moved' same "$(git log -1 --format=%s main)" meanwhile

repository elsewhere
plan <<<"$simple"
run 0 exec plan.orch
git checkout -q -b other
run 0 land
check 'a branch that is not checked out moves alone' same "$(git rev-parse main)" "$(git rev-parse refs/orch/1/integration)"
check 'the checkout stays' same "$(git status --porcelain)" '?? plan.orch'

repository linked
plan <<P
$(echo "$simple" | sed "s/runner tidy/runner tidy\n base \"main\"/")
P
git checkout -q -b other
run 0 exec plan.orch
git worktree add -q "$work/linked-tree" main
run 3 land
check 'a branch in a linked work tree' said "$work/linked-tree"
git -C "$work/linked-tree" checkout -q --detach
mkdir "$(git -C "$work/linked-tree" rev-parse --git-dir)/rebase-merge"
echo refs/heads/main >"$(git -C "$work/linked-tree" rev-parse --git-dir)/rebase-merge/head-name"
run 3 land
check 'or in the middle of a rebase there' said "$work/linked-tree"
check 'nothing moved' same "$(git rev-list --count main)" 1
cd "$work/linked-tree" || exit 1
for command in "exec $work/plan.orch" resume land status; do
	run 3 $command
	check "$command in a linked work tree" said "a linked work tree of $work/linked;"
done
check 'nothing was made there' not test -e .orch

repository many
plan <<<"$simple"
for i in 1 2 3 4 5 6 7; do echo "$i" >"$i.txt"; done
git add [1-7].txt && git commit -q -m many
run 0 exec plan.orch
for i in 1 2 3 4 5 6 7; do echo more >>"$i.txt"; done
run 3 land
check 'the first few changes, and how many more' said '1.txt, 2.txt, 3.txt, 4.txt, 5.txt and 2 more'

repository commit
plan <<P
$(echo "$simple" | sed "s/runner tidy/runner tidy\n base \"$(git rev-parse HEAD)\"/")
P
run 0 exec plan.orch
run 3 land
check 'no branch to land on' said 'git merge refs/orch/1/integration'

repository automatic
plan <<P
$(echo "$simple" | sed "s/runner tidy/runner tidy\n land auto/")
P
git add plan.orch && git commit -q -m plan
meanwhile=1 run 0 exec plan.orch
check 'land auto lands' same "$(cat new.txt)" new

# A second landing: what the branch has of the run since the first is the base then, and not what the run began from.
repository again
mkdir -p "$work/bin"
cat >"$work/bin/later" <<'P'
#!/bin/sh
cat >/dev/null
[ -e "$LATER" ] && mkdir -p b && echo 1 >b/b.txt
P
chmod +x "$work/bin/later"
export LATER=$work/later PATH=$work/bin:$PATH
SANDBOX=off plan <<'P'
plan p { runner tidy }
runner later { command ["later"] }
agent a { owns "a/**"  prompt """
    write a/a.txt 1
    write a/gone.txt 1
  """
}
agent b { owns "b/**"  runner later  prompt "x" }
agent c { owns "c/**"  after a  prompt "write c/c.txt 1" }
P
run 1 exec plan.orch
run 0 land
check 'what succeeded is there' holds main a/a.txt 1
echo mine >a/a.txt && git rm -q a/gone.txt && git commit -q -am 'after landing'
touch "$LATER"
meanwhile=1 run 0 retry b
run 0 land
check 'a second landing brings the rest' holds main b/b.txt 1
check 'what was changed since the first stays' holds main a/a.txt mine
check 'and what was removed stays away' lacks main a/gone.txt
check 'by a merge' same "$(git log -1 --format=%p main | wc -w)" 2
check 'and is clean' same "$(git status --porcelain)" '?? plan.orch'

# A lock that another program holds is never taken, however old: git lets an empty one be while a deletion is prepared.
repository held
plan <<<"$simple"
run 0 exec plan.orch
git checkout -q -b side
mkfifo "$work/go"
{
	printf 'start\ndelete refs/heads/main %s\nprepare\n' "$(git rev-parse main)"
	cat "$work/go"
} | git update-ref --stdin >"$work/answers" &
exec 9>"$work/go"
for i in {1..100}; do grep -q 'prepare: ok' "$work/answers" && break; sleep 0.1; done
touch -d '1 minute ago' .git/refs/heads/main.lock
run 3 land
check 'a lock that git holds, empty and old' said 'is locked by another git program'
check 'is let be' test -e .git/refs/heads/main.lock
echo abort >&9
exec 9>&-
wait
run 0 land
check 'and afterwards it lands' same "$(git rev-parse main)" "$(git rev-parse refs/orch/1/integration)"
check 'with a mode as any' same "$(stat -c %a .git/refs/heads/main)" "$(stat -c %a .git/refs/heads/side)"

# One that orch itself left behind when it was killed.
repository left
plan <<<"$simple"
run 0 exec plan.orch
: >.git/refs/heads/main.lock
chmod 400 .git/refs/heads/main.lock
touch -d '1 minute ago' .git/refs/heads/main.lock
run 0 land
check 'a lock that orch left' same "$(git rev-parse main)" "$(git rev-parse refs/orch/1/integration)"

# A folder becomes a file, and the user has something in it: refused before anything moves, as git does.
mkdir -p "$work/bin"
cat >"$work/bin/flatten" <<'P'
#!/bin/sh
cat >/dev/null
rm -r src && echo file >src
rm README.md && mkdir README.md && echo x >README.md/x
P
chmod +x "$work/bin/flatten"
export PATH=$work/bin:$PATH
flatten='plan p { runner flatten }
runner flatten { command ["flatten"] }
agent a { owns "**"  prompt "x" }'
repository folder
SANDBOX=off plan <<<"$flatten"
run 0 exec plan.orch
for name in src/mine src/deep/ignored.txt src/empty/; do
	if [ "${name%/}" = "$name" ]; then
		mkdir -p "${name%/*}" && echo mine >"$name"
	else
		mkdir "$name"
	fi
	run 3 land
	check "$name in a folder that becomes a file" said "${name%/} is in the checkout, is not tracked"
	check 'nothing moved' same "$(git rev-list --count main)" 1
	check 'and nothing is half done' same "$(git status --porcelain --untracked-files=no)" ''
	rm -r "$name"
	rmdir src/deep 2>/dev/null
done
run 0 land
check 'without it, it lands' same "$(cat src README.md/x)" "$(printf 'file\nx')"
check 'and is clean' same "$(git status --porcelain)" '?? plan.orch'
echo mine >README.md/mine
run 3 rollback a
check 'back again' said 'README.md/mine is in the checkout, is not tracked'
check 'nothing moved' same "$(git rev-parse main)" "$(git rev-parse refs/orch/1/integration)"
rm README.md/mine
meanwhile=1 run 0 rollback a
check 'without it, it is taken back' same "$(cat src/one.txt README.md)" "$(printf 'one\nA readme.')"

repository unseen
plan <<<"$simple"
run 0 exec plan.orch
git update-index --assume-unchanged src/one.txt
echo mine >>src/one.txt
run 3 land
check 'a change that git was told not to look for' said 'src/one.txt is changed in the checkout'
check 'the remedy' said 'git update-index --no-assume-unchanged src/one.txt'
check 'nothing moved' same "$(git rev-list --count main)" 1
git update-index --no-assume-unchanged src/one.txt
git checkout -q src/one.txt
run 0 land
check 'without it, it lands' same "$(cat src/one.txt)" changed

repository failing
plan <<'P'
plan p { runner crash }
agent a { owns "a.txt"  prompt "x" }
P
run 1 exec plan.orch
run 3 land
check 'nothing to land' said nothing
end
