#!/usr/bin/env bash
# depend — dependents start from what they come after; a retry is told what went wrong; the merge order holds.
. "$(dirname "$0")/lib.sh"

repository depend
export LAUNCHES=$work/launches
plan <<'P'
plan depend {
  runner tidy
  merge third, second
}
agent first { owns "first.txt"  prompt "write first.txt 1" }
agent other { owns "other.txt"  runner slow  prompt "write other.txt 1" }
agent second { owns "first.txt", "second.txt"  after first  prompt """
    need first.txt
    append first.txt 2
    write second.txt 2
  """
}
agent third { owns "third.txt"  after first  prompt """
    need first.txt
    write third.txt 3
  """
}
agent learns { owns "answer.txt"  runner improves  retry 2
  test sh "echo the answer is $((6 * 7)); grep -q 42 answer.txt"
  prompt "write answer.txt 0"
}
agent returns { owns "repent.txt"  runner repents  retry 1  prompt "write repent.txt 1" }
P
run 0 exec plan.orch
integration=refs/orch/1/integration
check 'a dependent changes what it depends on' holds $integration first.txt "$(printf '1\n2')"
check 'everything is merged' same "$(orch status --json | grep -c '"state":"merged"')" 6
check 'what did not wait starts without the other' lacks refs/orch/1/agents/second other.txt
order=$(git log --first-parent --reverse --format=%s $integration -- third.txt second.txt)
check 'third is merged before second' same "$(orch status --json | sed -n 's/.*"agent":"\([a-z]*\)".*/\1/p' | grep -n -e '^third$' -e '^second$' | cut -d: -f2 | paste -sd' ')" 'third second'
check 'the retry was told what its test printed' holds $integration answer.txt 42
check 'it took two attempts' same "$(grep -c '^learns$' "$LAUNCHES")" 2
check 'one that strayed may take it back' is returns merged
check 'the stray of its first attempt is kept all the same' holds refs/orch/1/strays/returns/1 README.md "$(printf 'A readme.\nimproved')"
check 'git is content' fsck

repository skipped
plan <<'P'
plan skipped { runner tidy }
agent bad { owns "bad.txt"  runner crash  prompt "write bad.txt 1" }
agent after-bad { owns "b.txt"  after bad  prompt "write b.txt 1" }
agent after-that { owns "c.txt"  after after-bad  prompt "write c.txt 1" }
agent alone { owns "d.txt"  prompt "write d.txt 1" }
P
run 1 exec plan.orch
check 'what comes after a failure is skipped' is after-bad skipped
check 'however far' is after-that skipped
check 'what does not is merged' is alone merged
check 'only that is in the integration' same "$(git diff --name-only main refs/orch/1/integration)" d.txt
end
