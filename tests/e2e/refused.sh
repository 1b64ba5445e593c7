#!/usr/bin/env bash
# refused — what keeps a run from beginning: one message with the remedy, and nothing is changed.
. "$(dirname "$0")/lib.sh"

ok='plan p { runner tidy }
agent a { owns "a.txt"  prompt "write a.txt 1" }'

mkdir "$work/none" && cd "$work/none" || exit 1
plan <<<"$ok"
run 3 exec plan.orch
check 'no repository' said 'git init'

git init -q --bare "$work/bare" && cd "$work/bare" || exit 1
run 3 exec "$work/plan.orch"
check 'a bare repository' said bare

git init -q "$work/unborn" && cd "$work/unborn" || exit 1
plan <<<"$ok"
run 3 exec plan.orch
check 'no commit yet' said commit
check 'nothing was made' not test -e .orch

repository few
plan <<<"$ok"
(ulimit -n 40 && orch exec plan.orch >"$work/out" 2>"$work/err")
check 'too few open files' said 'ulimit -n'
check 'no run was begun' not test -e .orch/runs/1

repository alone
plan <<<"$ok"
mkdir "$work/alone.bin" && cp "$BUILD/orch" "$work/alone.bin"
"$work/alone.bin/orch" exec plan.orch >"$work/out" 2>"$work/err"
check 'no orch-node beside orch' said 'orch-node'
check 'and nothing was made' not test -e .orch

repository detached
plan <<<"$ok"
git checkout -q --detach
run 3 exec plan.orch
check 'a detached HEAD' said detached

repository branch
plan <<<"$ok"
git branch orch/p/a
before=$(everything)
run 3 exec plan.orch
check 'a branch in the way is named' said 'branch -m orch/p/a'
git branch -D -q orch/p/a
git branch orch/p
run 3 exec plan.orch
check 'so is one that is a folder of it' said orch/p
git branch -m orch/p orch/p/a/b
run 3 exec plan.orch
check 'and one below it' said orch/p/a/b
git branch -D -q orch/p/a/b
git update-ref refs/orch/6/base HEAD
run 0 exec plan.orch
check 'then it runs' is a merged
check 'with a number above those of a journal that is gone' git rev-parse -q --verify refs/orch/7/integration
rm -r .orch
run 3 exec plan.orch
check 'a branch of a journal that is gone' said 'git branch -D orch/p/a'
check 'whose commit is kept' said refs/orch/7/agents/a
git branch -D -q orch/p/a
run 0 exec plan.orch
check 'the next number' git rev-parse -q --verify refs/orch/8/integration
check 'and nothing is lost' git rev-parse -q --verify refs/orch/7/integration
git commit -q --allow-empty -m next
git update-ref refs/orch/9/base HEAD
run 3 exec plan.orch
check 'refs of another journal' said 'refs/orch/9'
git update-ref -d refs/orch/9/base
run 0 exec plan.orch
run 0 status 8
run 0 status 9

repository programs
plan <<'P'
plan p { runner none }
runner none { command ["no-such-agent-program", "-x"] }
agent a { owns "a.txt"  prompt "x" }
P
run 3 exec plan.orch
check 'a program that is not there, by name' said no-such-agent-program
check 'and the runner' said none

repository creates
plan <<'P'
plan p { runner tidy }
agent a { creates "src/one.txt"  prompt "x" }
P
run 1 exec plan.orch
check 'creates what is there' said src/one.txt

repository writable
plan <<<"$ok"
echo in the way >.orch
run 3 exec plan.orch
check 'a file where the folder belongs' said 'mv '
rm .orch
mkdir "$work/elsewhere" && ln -s "$work/elsewhere" .orch
run 3 exec plan.orch
check 'a link where it belongs' said 'symbolic link'
check 'nothing was made there' same "$(ls "$work/elsewhere")" ''
rm .orch

repository plans
run 3 exec nowhere.orch
check 'no plan' said nowhere.orch
printf 'orch 1\nplan p {\n' >broken.orch
run 1 exec broken.orch
check 'a plan with a mistake is shown' said broken.orch
plan <<<"$ok"
orchc build plan.orch -o plan.orchb >/dev/null 2>&1
printf 'x' | dd of=plan.orchb bs=1 seek=60 conv=notrunc status=none
run 3 exec plan.orchb
check 'a damaged schedule is refused' said damage
head -c 5000 /dev/urandom >junk.orch
run 3 exec junk.orch
check 'nor is junk a plan' said junk.orch
run 2 exec
run 2 frobnicate
run 2 exec plan.orch --jobs none
run 2 exec plan.orch --only nobody
check 'the agent that is not there is named' said nobody
run 2 exec plan.orch --only ''
check 'no names are not all names' said 'takes names of agents'
run 2 exec plan.orch --only ,
run 3 status
check 'nothing to show' said 'orch exec'
run 3 land
run 2 logs
run 0 --version
run 0 help exec
check 'nothing was begun' not test -e .orch/runs/1

echo changed >>README.md
run 0 exec plan.orch
check 'what is not committed is no part of it, and that is said' said README.md
check 'nor is it in the result' holds refs/orch/1/integration README.md 'A readme.'
end
