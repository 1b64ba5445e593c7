#!/usr/bin/env bash
# gc — trees go when refs have all of what is in them, and what no ref can hold stays, with the reason.
. "$(dirname "$0")/lib.sh"
export HOARD=$work/hoard MERCY=$work/mercy
mkdir -p "$HOARD" && touch "$MERCY"

# lists the words of $HOARD/$1 that no ref leads to
lost() {
	git rev-list --objects --all | cut -d' ' -f1 | git cat-file --batch >"$work/reachable"
	grep -ohE 'word-[a-z0-9-]+' -a "$work/reachable" | sort -u >"$work/found"
	sort -u "$HOARD/$1" | comm -23 - "$work/found"
}

repository trees
plan <<'P'
plan p { runner tidy }
agent a { owns "a/**"  prompt "write a/a.txt 1" }
agent b { owns "b/**"  after a  runner hoards  prompt "write b/b.txt 1" }
agent c { owns "c/**"  after a  runner stray  prompt "write c/c.txt 1" }
agent d { owns "d/**"  after a  runner crash  prompt "write d/d.txt half" }
agent e { owns "e/**"  after d  prompt "write e/e.txt 1" }
P
run 0 gc
check 'nothing was run' said 'nothing was run here yet'
check 'and nothing is made' not test -e .orch
run 1 exec plan.orch
before=$(everything)
trees=$(find .orch -type f | sort | sha256sum)
refs=$(git for-each-ref | sha256sum)
run 0 gc --dry-run
check 'what would go' said 'would remove'
check 'and why' said 'all of it is in refs of the run'
check 'what would not' said 'git ignores 1 file in it'
check 'sizes' said 'KiB'
check 'the sum' grep -qE '^would remove [0-9.]+ [KM]iB, kept [0-9.]+ [KM]iB$' "$work/out"
check 'nothing has changed' same "$(find .orch -type f | sort | sha256sum)" "$trees"
check 'nor any ref' same "$(git for-each-ref | sha256sum)" "$refs"
mkdir -p .orch/runs/1/agents/a/tmp/left
run 0 gc 1
check 'temporary files of one that was killed with orch go' not test -e .orch/runs/1/agents/a/tmp
check 'a tree that is all in refs goes' not test -e .orch/runs/1/trees/a
check 'and its git folder' not test -e .orch/runs/1/git/a
check 'that of one that failed too' not test -e .orch/runs/1/trees/d
check 'one with an ignored file stays' test -e .orch/runs/1/trees/b
check 'the remedy' said 'orch gc --ignored'
run 0 gc --ignored
check 'it goes when that is said' not test -e .orch/runs/1/trees/b
check 'the ref that was made for it' git show-ref -q refs/orch/1/lost/b/1
check 'no pack is kept any longer' not compgen -G '.git/objects/pack/*.keep'
check 'nothing is lost that a commit can hold' same "$(lost kept)" ''
check 'what strayed is kept' git show-ref -q refs/orch/1/strays/c/1
check 'nothing of the user is touched' same "$(everything)" "$before"
# A kill between the run's last row and this leaves such a file.
printf 'orch run 1\n' >.git/objects/pack/pack-left.keep
run 0 gc --dry-run
check 'a look leaves it' test -e .git/objects/pack/pack-left.keep
run 0 gc
check 'else it goes' not test -e .git/objects/pack/pack-left.keep
run 0 gc
check 'twice is once' same "$(cat "$work/out")" "$(printf 'run 1 of the plan p (not landed)\nremoved 0 B, kept 0 B')"
run 0 logs d
check 'what was printed stays' said 'cannot go on'
run 1 retry d
check 'one whose tree is gone runs again' same "$(orch status --json | grep -c '"agent":"d".*"attempt":2')" 1
run 3 gc 7
check 'a run that is not there' said 'there is no run 7'

# An agent that puts a repository into its tree: no ref can hold that.
repository nested
mkdir "$work/bin"
cat >"$work/bin/nests" <<'P'
#!/bin/sh
cat >/dev/null
git init -q a/inner && echo precious >a/inner/file.txt && mkfifo a/pipe
exit 7
P
chmod +x "$work/bin/nests"
PATH=$work/bin:$PATH
plan <<'P'
plan p { runner nests }
runner nests { command ["nests"] }
agent a { owns "a/**"  prompt "write a/a.txt 1" }
P
run 1 exec plan.orch
run 0 gc --ignored
check 'it stays' test -e .orch/runs/1/trees/a/a/inner/file.txt
check 'and is named' said 'a/inner'
run 1 retry a
check 'a retry moves it' test -e .orch/runs/1/old/a.1/a/inner/file.txt
run 0 gc --ignored
check 'and it stays there' test -e .orch/runs/1/old/a.1/a/inner/file.txt
# What cannot be judged is left alone.
echo broken >.orch/runs/1/agents/a/manifest
run 0 gc --ignored
check 'a damaged manifest' said 'is damaged'
check 'keeps the tree' test -e .orch/runs/1/trees/a

# Linked work trees leave nothing behind in the repository, and what only the log of HEAD has is kept.
repository linked
cat >"$work/bin/detaches" <<'P'
#!/bin/sh
cat >/dev/null
mkdir -p a && echo result >a/a.txt
git checkout -q --detach
echo detached >a/b.txt && git add a && git -c user.name=a -c user.email=a@b commit -qm detached
git checkout -q - && mkdir -p a && echo result >a/a.txt
P
chmod +x "$work/bin/detaches"
plan <<'P'
plan p { runner detaches  isolation worktree }
runner detaches { command ["detaches"] }
agent a { owns "a/**"  prompt "x" }
P
run 0 exec plan.orch
check 'there is a linked tree' same "$(git worktree list | wc -l)" 2
run 0 gc
check 'then none' same "$(git worktree list | wc -l)" 1
check 'nothing is to be pruned' same "$(git worktree prune -nv)" ''
check 'the commit that nothing led to' same "$(git show refs/orch/1/lost/a/1:a/b.txt)" detached
check 'the branch stays' same "$(git rev-parse orch/p/a)" "$(git rev-parse refs/orch/1/agents/a)"

# Refs go when the branch has their commits, and then only.
repository refs
plan <<'P'
plan p { runner tidy }
agent a { owns "a.txt"  prompt "write a.txt 1" }
agent b { owns "b.txt"  runner crash  prompt "write b.txt half" }
P
run 1 exec plan.orch
run 0 gc --refs
check 'what has not landed stays' git show-ref -q refs/orch/1/agents/a
run 0 land
run 0 gc --refs
check 'what has landed goes' not git show-ref -q refs/orch/1/agents/a
check 'and so does the branch' not git show-ref -q refs/heads/orch/p/a
check 'what only a ref has stays' git show-ref -q refs/orch/1/strays/b/1
check 'that is said' said 'only they lead to their commits'
run 0 land
check 'it has landed all the same' said already
meanwhile=yes run 1 rollback a
check 'and can be rolled back' lacks main a.txt

# An unfinished run is left alone, and so is what another process works on.
repository busy
export GO=$work/go2
plan <<'P'
plan p { runner waits }
agent a { owns "a.txt"  prompt "write a.txt 1" }
P
orch exec plan.orch >"$work/behind" 2>&1 &
pid=$!
for _ in $(seq 300); do
	grep -qs ready .orch/runs/1/agents/a/*.log && break
	sleep 0.1
done
run 3 gc
check 'a run that goes on holds the lock' said 'is locked by another process'
kill -TERM "$pid"
wait "$pid"
run 0 gc
check 'one that can go on is left' said 'orch resume 1'
check 'with its tree' test -e .orch/runs/1/trees/a
touch "$GO"
run 0 resume
run 0 gc
check 'until it is over' not test -e .orch/runs/1/trees/a
check 'the repository is sound' fsck
end
