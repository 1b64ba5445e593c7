#!/usr/bin/env bash
# found-repositories — kinds of repositories and of checkouts, as docs/git.md lists them: each works, or is refused
# in one sentence that names what to do.
. "$(dirname "$0")/lib.sh"

ok='plan p { runner tidy }
agent a { owns "a.txt", "src/one.txt"  prompt """
    write a.txt 1
    write src/one.txt changed
  """
}'
# works — it runs, the result is right, and it lands.
works() {
	plan <<<"$ok"
	run 0 exec plan.orch
	check "$row: a is merged" is a merged
	check "$row: the result" holds refs/orch/1/integration a.txt 1
	run 0 land
	check "$row: it has landed" same "$(git rev-parse HEAD)" "$(git rev-parse refs/orch/1/integration)"
	check "$row: in the checkout too" same "$(git status --porcelain)" '?? plan.orch'
	check "$row: git is content" fsck
}
# refused SENTENCE… — nothing begins, and each part of the sentence is there.
refused() {
	plan <<<"$ok"
	run 3 exec plan.orch
	while [ $# -gt 0 ]; do
		check "$row: $1" said "$1"
		shift
	done
	check "$row: one sentence" same "$(grep -c '^error: ' "$work/err")" 1
	check "$row: nothing was begun" not test -e .orch/runs/1/trees
}

row 'bare repository'
git init -q --bare "$work/bare" && cd "$work/bare" || exit 1
refused 'bare' 'run this in a clone of it'

row 'no commit yet'
git init -q "$work/unborn" && cd "$work/unborn" || exit 1
refused 'commit something first'

row 'detached HEAD'
repository detached
git checkout -q --detach
refused 'check one out' 'base "…"'
plan <<<"$(sed 's/runner tidy/runner tidy  base "main"/' <<<"$ok")"
run 0 exec plan.orch
run 0 land
check 'main has the result, HEAD stays' same "$(git show main:a.txt; git log -1 --format=%s)" $'1\nthe beginning'

row 'SHA-256 repository'
git init -q --object-format=sha256 "$work/sha256" && cd "$work/sha256" || exit 1
git -c user.name=t -c user.email=t@x commit -q --allow-empty -m x
refused SHA-256 'use a full clone in the usual format'

row 'reftable repository'
repository reftable
git config core.repositoryFormatVersion 1
git config extensions.refStorage reftable
refused reftable 'use a full clone in the usual format'

row 'shallow clone'
repository long
for i in 1 2 3; do echo $i >count && git add count && git commit -q -m $i; done
git clone -q --depth 2 "file://$work/long" "$work/shallow" && cd "$work/shallow" || exit 1
git config user.name t && git config user.email t@x
works
echo more >>count && git commit -q -am meanwhile && git reset -q --hard HEAD^
plan <<<"$(sed 's/write a.txt 1/write a.txt 2/' <<<"$ok")"
run 0 exec plan.orch
echo more >>count && git commit -q -am meanwhile
run 0 land
check 'and a merge' same "$(git show HEAD:a.txt; git show HEAD:count)" $'2\n3\nmore'
check "agents' git knows where history ends" git -C .orch/runs/1/trees/a log --oneline

row 'partial clone'
git -C "$work/long" config uploadpack.allowFilter true
git clone -q --filter=blob:none "file://$work/long" "$work/partial" && cd "$work/partial" || exit 1
refused 'partial clone' 'use a full clone'

row '`extensions.worktreeConfig`'
repository worktreeconfig
git config extensions.worktreeConfig true
git config --worktree core.sparseCheckout false
works

row 'linked work tree as the main checkout'
repository main-one
git worktree add -q "$work/linked"
cd "$work/linked" || exit 1
refused 'is a linked work tree of' "$work/main-one; run orch there"

row 'submodule as the main checkout'
repository super
git -c protocol.file.allow=always submodule --quiet add "file://$work/long" sub && git commit -q -m sub
cd sub && git checkout -q main && git config user.name t && git config user.email t@x || exit 1
mkdir -p src && echo one >src/one.txt && git add -A && git commit -q -m one
works

row '`.git` is a file or a link'
repository file
mv .git ../file.git && echo "gitdir: ../file.git" >.git
works
repository link
mv .git ../link.git && ln -s ../link.git .git
works

row '`core.worktree`'
repository away
mkdir "$work/checkout" && git config core.worktree "$work/checkout" && git checkout -q -f
refused 'does not lead back' "gitdir: $work/away/.git" 'take core.worktree away'
echo "gitdir: $work/away/.git" >"$work/checkout/.git" && cd "$work/checkout" || exit 1
works

row 'objects borrowed through alternates'
git clone -q --shared "$work/long" "$work/shared" && cd "$work/shared" || exit 1
git config user.name t && git config user.email t@x
works

row 'thousands of refs, packed'
repository many
for i in $(seq 20000); do echo "create refs/heads/b/$i HEAD"; done | git update-ref --stdin
git pack-refs --all
works

row '`git replace`'
repository replaced
git replace "HEAD^{tree}" "$(git mktree </dev/null)"
refused 'git replace -d' 'is replaced by another'
git replace -d "$(git rev-parse 'HEAD^{tree}')" >/dev/null 2>&1 || git update-ref -d "$(git for-each-ref --format='%(refname)' refs/replace)"
works

row '`info/grafts`'
repository grafts
git commit -q --allow-empty -m second
git rev-parse HEAD >.git/info/grafts
works
check 'the history is what is stored' same "$(git -c core.graftsFile=/dev/null cat-file -p main^{/second} | grep -c ^parent)" 1

row "another user's repository"
if [ "$(id -u)" = 0 ]; then
	repository theirs
	plan <<<"$ok"
	chown -R 12345 "$work/theirs"
	run 3 exec plan.orch
	check 'whose it is' said 'belongs to another user'
	check 'what to do' said 'safe.directory /'
else
	echo "skipped: another user's repository, for want of root"
fi

row 'sparse checkout'
repository sparse
mkdir -p in out && echo 1 >in/1 && echo 1 >out/1 && git add -A && git commit -q -m more
git sparse-checkout set --cone in
plan <<'P'
plan p { runner tidy }
agent a { owns "in/1", "in/2", "top"  prompt """
    need out/1
    write in/1 new
    write in/2 new
    write top new
  """
}
P
run 0 exec plan.orch
check 'agents have all files' is a merged
check 'nobody takes what is left out for a change' not said 'not committed'
run 0 land
check 'what is left out stays out' same "$(ls -d out src; cat in/1 in/2 top)" $'new\nnew\nnew'
check 'and is skipped still' same "$(git ls-files -t | grep -c '^S')" 3
check 'git sees no change' same "$(git status --porcelain)" '?? plan.orch'
plan <<'P'
plan q { runner tidy }
agent a { owns "out/1"  prompt "write out/1 new" }
P
run 0 exec plan.orch
run 3 land
check 'a change of what is left out is git'"'"'s to bring in' said 'out/1 is changed, and this sparse checkout leaves it out'
remedy=$(sed -n 's/.*: \(git merge .*\)/\1/p' "$work/err")
check 'the remedy' same "$remedy" 'git merge refs/orch/2/integration'
check 'nothing has moved' not git merge-base --is-ancestor refs/orch/2/integration main
check 'it works' sh -c "$remedy"
check 'and leaves it out' not test -e out/1
run 0 land
check 'then it has landed' said already

row 'sparse index'
repository sparse-index
mkdir -p in out && echo 1 >in/1 && echo 1 >out/1 && git add -A && git commit -q -m more
git sparse-checkout set --cone --sparse-index in
plan <<<"$(sed 's|src/one.txt|in/1|g' <<<"$ok")"
run 0 exec plan.orch
run 3 land
remedy=$(sed -n 's/.*`\(git .*\)` makes it a whole one/\1/p' "$work/err")
check 'the remedy' same "${remedy%% *}" git
check 'works' sh -c "$remedy"
run 0 land
check 'and it lands' same "$(cat in/1; ls -d out src)" changed

row 'split index'
repository split
git config core.splitIndex true && git update-index --split-index
plan <<<"$ok"
run 0 exec plan.orch
run 3 land
remedy=$(sed -n 's/.*`\(git .*\)` makes it a whole one/\1/p' "$work/err")
check 'the remedy works' sh -c "$remedy"
run 0 land
check 'and it lands' same "$(cat src/one.txt)" changed

row 'index version 4, untracked cache'
repository index4
git config core.untrackedCache true && git update-index --index-version 4 && git status >/dev/null
works

# What the table says is what is tested, and the other way round.
listed=$(sed -n '/^| row |/,$p' "$here/../../docs/git.md" | grep '^|' | grep -v -e '^| row |' -e '^|[-| ]*$' | sed 's/^| \(.*\) | .* |$/\1/; s/ | .*//' | sort -u)
tested=$(sed -n "s/^row [\"']\(.*\)[\"']\$/\1/p" "$here"/found-*.sh | sort -u)
check 'each row of docs/git.md has a case, and each case a row' same "$listed" "$tested"
end
