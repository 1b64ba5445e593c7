#!/usr/bin/env bash
# diff — what an agent has changed, as git says it; of one that failed, what it may not have changed; and where to look
# when nothing is kept yet.
. "$(dirname "$0")/lib.sh"

repository diff
plan <<'P'
plan p { runner tidy }
agent a { owns "src/**", "a.txt"  prompt "write a.txt 1" }
agent b { owns "b.txt"  runner stray  prompt "write b.txt 1" }
agent c { owns "c.txt"  after b  prompt "write c.txt 1" }
P
run 1 exec plan.orch
# patch REF — as git has it
patch() { git -c core.abbrev=7 -c diff.noprefix=false diff "$(git rev-parse "refs/orch/1/start/$1")" "$2"; }
run 0 diff a
check 'a result against its start' same "$(cat "$work/out")" "$(patch a refs/orch/1/agents/a)"
check 'which is something' said '+1'
run 0 diff a --stat
check 'how much in which files' said 'a.txt | 1 +'
run 0 diff b 1
check 'of one that failed, what it changed' same "$(cat "$work/out")" "$(patch b refs/orch/1/strays/b/1)"
run 3 diff c
check 'of one that was not started, where it would be' said '.orch/runs/1/trees/c'
run 2 diff nobody
check 'nobody' said 'no agent named nobody'
run 2 logs c --setup --test
check 'one of them' said 'ask for one of them'
repository setup
plan <<'P'
plan p { runner tidy }
agent a { owns "a.txt"  setup sh "echo first"  setup sh "echo second; false"  prompt "write a.txt 1" }
agent b { owns "b.txt"  retry 1  setup sh "echo of b"  test sh "grep 2 b.txt"  prompt "write b.txt 1" }
P
run 1 exec plan.orch
check 'who looks is told where' said 'what its setup printed: orch logs a --setup'
run 0 logs a --setup
check 'the one that failed' same "$(cat "$work/out")" second
run 0 logs a --setup=1
check 'one before' same "$(cat "$work/out")" first
run 3 logs a --setup=3
check 'there are two' said 'has 2 commands'
run 0 logs b --setup
check 'of the attempt that set the tree up' same "$(cat "$work/out")" 'of b'
cd "$work/diff"
run 0 diff a --color always
check 'with colours when they are asked for' grep -q $'\033\\[32m+1' "$work/out"
end
