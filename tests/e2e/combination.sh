#!/usr/bin/env bash
# combination — a test on the combination that fails takes out its agent and what comes after it.
. "$(dirname "$0")/lib.sh"
export SANDBOX=best

repository combination
plan <<'P'
plan combination {
  runner tidy
  pool build 1
  merge a, b, c, d
  test sh "test ! -e b.txt || test ! -e a.txt" in build
}
agent a { owns "a.txt"  prompt "write a.txt 1" }
agent b { owns "b.txt"  prompt "write b.txt 1"  test ["test", "-e", "b.txt"] in build }
agent c { owns "c.txt"  after b  prompt "write c.txt 1" }
agent d { owns "d.txt"  prompt "write d.txt 1" }
P
run 1 exec plan.orch
check 'the one before it is merged' is a merged
check 'the one that broke the test is not' because b combination
check 'nor what comes after it' is c skipped
check 'the others go on' is d merged
check 'the integration has the rest' same "$(git diff --name-only main refs/orch/1/integration | paste -sd' ')" 'a.txt d.txt'
check 'the tree that failed is left to be looked at' test -e .orch/runs/1/combination/b/b.txt
check 'those that passed are gone' not test -e .orch/runs/1/combination/d
check 'the work of b is on its branch' holds orch/combination/b b.txt 1
check 'git is content' fsck

repository hangs
plan <<'P'
plan hangs { runner tidy  timeout 3s  test sh "sleep 300" }
agent a { owns "a.txt"  prompt "write a.txt 1" }
P
run 1 exec plan.orch
check 'a test that hangs is ended by the timeout' because a combination
check 'and named so' said 'was ended by the timeout'
end
