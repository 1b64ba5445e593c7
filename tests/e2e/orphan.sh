#!/usr/bin/env bash
# orphan — an agent without a .git does not find the user's repository, even when nothing but the gate holds it.
. "$(dirname "$0")/lib.sh"

repository here
plan <<'E'
plan p { runner orphan  sandbox off }
agent a { owns "a.txt"  prompt "write a.txt 1" }
E
echo 'not committed' >>src/one.txt
before=$(everything)
run 0 exec plan.orch
check 'it has its result' holds refs/orch/1/integration a.txt 1
check 'what is not committed is there still' grep -q 'not committed' src/one.txt
check 'nothing of the user is touched' same "$(everything)" "$before"
check 'no tag' not git rev-parse -q --verify refs/tags/astray
check 'no stash' not git rev-parse -q --verify refs/stash
end
