#!/usr/bin/env bash
# shared — an agent that changes what its linked work tree shares with the user is caught and named; the same
# agent with a git folder of its own changes nothing of the user's.
. "$(dirname "$0")/lib.sh"

repository linked
mkdir -p .git/hooks
plan <<'P'
plan linked { runner meddles  isolation worktree }
agent a { owns "a.txt"  prompt "write a.txt 1" }
P
meanwhile=1 run 1 exec plan.orch
check 'it fails as a stray' because a stray
record=.orch/runs/1/agents/a/1.json
check 'the tag is named, with what removes it' grep -q '`git update-ref -d refs/tags/meddled` removes it' $record
check 'the branch is named' grep -q 'refs/heads/meddled was made' $record
check 'the setting is named' grep -q 'config in the repository' $record
check 'the hook is named' grep -q 'hooks/pre-commit in the repository' $record

repository private
plan <<'P'
plan private { runner meddles }
agent a { owns "a.txt"  prompt "write a.txt 1" }
P
before=$(everything)
run 0 exec plan.orch
check 'nothing of the user is changed' same "$(everything)" "$before"
end
