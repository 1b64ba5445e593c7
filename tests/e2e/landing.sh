#!/usr/bin/env bash
# landing — the result goes to the branch, and only when nothing of the user is in the way.
. "$(dirname "$0")/lib.sh"

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
run 0 land
check 'main is at the integration' same "$(git rev-parse main)" "$(git rev-parse refs/orch/1/integration)"
check 'the checkout follows' same "$(cat src/one.txt new.txt)" "$(printf 'changed\nnew')"
check 'and is clean' same "$(git status --porcelain)" '?? plan.orch'
run 0 land
check 'twice is once' said already
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
run 0 exec plan.orch
check 'land auto lands' same "$(cat new.txt)" new

repository failing
plan <<'P'
plan p { runner crash }
agent a { owns "a.txt"  prompt "x" }
P
run 1 exec plan.orch
run 3 land
check 'nothing to land' said nothing
end
