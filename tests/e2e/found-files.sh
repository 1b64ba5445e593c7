#!/usr/bin/env bash
# found-files — names, kinds and sizes of files, as docs/git.md lists them.
. "$(dirname "$0")/lib.sh"

# An agent whose task is a script, in a file: names of files can be anything there.
runner='runner script { command ["sh", "'"$work"'/script"] }'
# tree ENTRY… — a commit on main of these lines of `git mktree`, made without git's own checks of names.
tree() {
	git update-ref refs/heads/main "$(git commit-tree -m made -p HEAD "$(printf '%s\n' "$@" | git mktree --missing)")"
	git reset -q --hard
}

row 'names with line ends, quotes, blanks, dashes, bytes that are no UTF-8'
repository names
names=("$(printf 'new\nline')" 'quo"te' "apo'strophe" '-dash' '--help' ' blank ' 'tab	' 'back\slash' '*star[x]' '#hash' '!bang' "$(printf 'latin\351')" "$(printf '\303\251')" ':colon' '~' '$HOME' '`ls`' "$(printf 'n%.0s' $(seq 255))" "$(printf 'bell\a')")
mkdir odd
for name in "${names[@]}"; do printf '%s' "$name" >"odd/$name"; done
git add -A && git commit -q -m names
cat >"$work/script" <<'S'
for file in odd/* odd/.[!.]*; do [ ! -f "$file" ] || printf ' seen' >>"$file"; done
printf x >"$(printf 'odd/made\nhere \351')"
[ -z "$(git status --porcelain -uno | grep -v '^ M')" ]
S
plan <<P
plan p { runner script }
$runner
agent a { owns "odd/"  prompt "x" }
P
run 0 exec plan.orch
check 'it is merged' is a merged
for name in "${names[@]}"; do
	check "as it was, and one word more: $name" same "$(git show "refs/orch/1/integration:odd/$name")" "$name seen"
done
check 'a new one' same "$(git show "refs/orch/1/integration:$(printf 'odd/made\nhere \351')")" x
run 0 land
check 'the checkout has them' same "$(git status --porcelain)" '?? plan.orch'
cat >"$work/script" <<'S'
printf x >"$(printf 'stray\nhere \351\033[31m')"
S
run 1 exec plan.orch
check 'a stray of such a name fails its agent' because a stray
check 'and is named without its control bytes' not grep -q "$(printf '\033')" "$work/out" "$work/err"
check 'it is kept' same "$(git show "refs/orch/2/strays/a/1:$(printf 'stray\nhere \351\033[31m')")" x

row 'names that another system takes for `.git`'
repository gitlike
blob=$(git rev-parse HEAD:README.md)
for name in 'git~1' '.GIT' '.git ' "$(printf '.g\342\200\214it')" '..git::$INDEX_ALLOCATION'; do
	git update-ref refs/heads/main "$(git commit-tree -m made "$(printf '100644 blob %s\t%s\0' "$blob" "$name" | git mktree -z)")"
	printf 'plan p { runner script }\n%s\nagent a { owns "a.txt"  prompt "x" }' "$runner" | plan
	echo 'echo 1 >a.txt' >"$work/script"
	if [ "$name" = '..git::$INDEX_ALLOCATION' ]; then
		run 0 exec plan.orch
		check 'what only looks like it is a name like any other' is a merged
	else
		meanwhile=1 run 3 exec plan.orch
		check "refused: $name" said 'rename it before a run'
	fi
done

row 'paths of more than 4,095 bytes'
repository deep
blob=$(git rev-parse HEAD:README.md) name=$(printf 'd%.0s' $(seq 200))
tree=$(printf '100644 blob %s\tfile\n' "$blob" | git mktree)
for i in $(seq 19); do tree=$(printf '040000 tree %s\t%s\n' "$tree" "$name" | git mktree); done
git update-ref refs/heads/main "$(git commit-tree -m deep "$tree")"
deep=$(git ls-tree -r --name-only main)
printf 'plan p { runner script }\n%s\nagent a { owns "%s/"  prompt "x" }' "$runner" "${deep%/file}" | plan
echo "echo 2 >$deep; echo 3 >${deep%/file}/more" >"$work/script"
run 0 exec plan.orch
check 'as long as a path may be, it works' same "$(git show "refs/orch/1/integration:${deep%/file}/more")" 3
for i in 20 21; do tree=$(printf '040000 tree %s\t%s\n' "$tree" "$name" | git mktree); done
git update-ref refs/heads/main "$(git commit-tree -m deeper "$tree")"
echo 'echo 1 >a.txt' >"$work/script"
printf 'plan q { runner script }\n%s\nagent a { owns "a.txt"  prompt "x" }' "$runner" | plan
meanwhile=1 run 3 exec plan.orch
check 'longer ones are refused' said 'is longer than 4,095 bytes'

row 'names that differ in case only'
repository twins
tree "100644 blob $(git rev-parse HEAD:README.md)	readme" "100644 blob $(git rev-parse HEAD:src/one.txt)	README" "100644 blob $(git rev-parse HEAD:src/one.txt)	ReadMe"
printf 'plan p { runner script }\n%s\nagent a { owns "README"  prompt "x" }\nagent b { owns "readme"  prompt "x" }' "$runner" | plan
echo '[ "$ORCH_AGENT" = a ] && echo A >README || echo B >readme' >"$work/script"
run 0 exec plan.orch
check 'each is a file of its own' same "$(git show refs/orch/1/integration:README refs/orch/1/integration:readme refs/orch/1/integration:ReadMe)" $'A\nB\none'

row 'symbolic links'
repository links
mkdir folder && echo in >folder/file && ln -s nowhere dangling && ln -s /etc/passwd absolute && ln -s folder to-folder && ln -s ../.. up
git add -A && git commit -q -m links
cat >"$work/script" <<'S'
[ "$(readlink dangling)" = nowhere ] && [ "$(readlink absolute)" = /etc/passwd ] && [ "$(cat to-folder/file)" = in ] || exit 1
rm dangling && ln -s elsewhere dangling && ln -s /tmp new
S
printf 'plan p { runner script }\n%s\nagent a { owns "dangling", "new"  prompt "x" }' "$runner" | plan
run 0 exec plan.orch
check 'links are links' same "$(git show refs/orch/1/integration:dangling; git show refs/orch/1/integration:new)" elsewhere/tmp
check 'others are as they were' same "$(git show refs/orch/1/integration:absolute)" /etc/passwd
run 0 land
check 'in the checkout too' same "$(readlink dangling new)" $'elsewhere\n/tmp'
printf 'plan q { runner script }\n%s\nagent a { owns "folder/new"  prompt "x" }' "$runner" | plan
echo "mkdir $work/outside; rm -r folder; ln -s $work/outside folder; echo 1 >folder/new" >"$work/script"
run 1 exec plan.orch
check 'nothing is taken from below a link' lacks refs/orch/2/integration folder/new
check 'the link is a stray' because a stray

row 'executable bits'
repository modes
printf '#!/bin/sh\n' >tool && chmod +x tool && git add tool && git commit -q -m tool
echo '[ -x tool ] && [ ! -x README.md ] && chmod -x tool && echo >made && chmod 711 made' >"$work/script"
printf 'plan p { runner script }\n%s\nagent a { owns "tool", "made"  prompt "x" }' "$runner" | plan
run 0 exec plan.orch
check 'the mode is part of the result' same "$(git ls-tree refs/orch/1/integration tool made | cut -c1-6 | paste -sd' ')" '100755 100644'

row '`core.fileMode` is false'
repository filemode
printf '#!/bin/sh\n' >tool && chmod +x tool && git add tool && git commit -q -m tool
git config core.fileMode false
echo 'chmod -x tool && chmod +x README.md && echo 1 >made && chmod +x made && [ -z "$(git status --porcelain -uno)" ]' >"$work/script"
printf 'plan p { runner script }\n%s\nagent a { owns "made"  prompt "x" }' "$runner" | plan
run 0 exec plan.orch
check 'modes are no changes' same "$(git ls-tree refs/orch/1/integration tool README.md made | cut -c1-6 | paste -sd' ')" '100644 100644 100755'

row 'submodules'
repository module && cd "$work" && repository super
git -c protocol.file.allow=always submodule --quiet add "file://$work/module" sub && git commit -q -m sub
echo '[ -d sub ] && [ -z "$(ls sub)" ] && [ -z "$(git status --porcelain)" ] && echo 1 >a.txt' >"$work/script"
printf 'plan p { runner script }\n%s\nagent a { owns "a.txt", "sub"  prompt "x" }' "$runner" | plan
run 0 exec plan.orch
check 'an empty folder, whose commit stays' same "$(git rev-parse refs/orch/1/integration:sub)" "$(git rev-parse HEAD:sub)"
run 0 land
check 'and the checkout of it' same "$(cat sub/README.md; git status --porcelain)" $'A readme.\n?? plan.orch'
echo 'echo 1 >sub/file; echo 1 >a.txt' >"$work/script"
run 1 exec plan.orch
check 'what is written into it can be in no result' said 'it is in a submodule'
echo 'rmdir sub; echo 2 >a.txt' >"$work/script"
run 1 exec plan.orch
check 'nor can it be removed' said 'it was a submodule'

row 'repositories in the work tree'
echo 'git init -q vendor && echo 1 >vendor/file; echo 2 >a.txt' >"$work/script"
run 1 exec plan.orch
check 'what an agent clones into its tree is refused' said 'it is a git repository inside of the work tree'

row 'empty folders'
repository folders
mkdir nothing
echo '[ ! -e nothing ] && mkdir -p deep/er src && rm src/* && echo 1 >a.txt' >"$work/script"
printf 'plan p { runner script }\n%s\nagent a { owns "a.txt", "deep/", "src/"  prompt "x" }' "$runner" | plan
run 0 exec plan.orch
check 'git has none' same "$(git ls-tree --name-only refs/orch/1/integration | paste -sd' ')" '.gitignore README.md a.txt'
run 0 land
check 'those of the user stay' test -d nothing

row 'files of more than 256 MiB'
repository huge
truncate -s 600M big.bin && git add big.bin && git commit -q -m big
echo 'truncate -s 300M new.bin; echo 1 >a.txt; [ $(stat -c %s big.bin) = 629145600 ]' >"$work/script"
printf 'plan p { runner script }\n%s\nagent a { owns "a.txt", "new.bin"  prompt "x" }' "$runner" | plan
run 1 exec plan.orch
check 'one that an agent makes is refused' said 'it is larger than 256 MiB'
echo '[ $(stat -c %s big.bin) = 629145600 ] && echo 1 >a.txt && truncate -s 100M ok.bin' >"$work/script"
printf 'plan q { runner script }\n%s\nagent a { owns "a.txt", "ok.bin"  prompt "x" }' "$runner" | plan
(
	ulimit -v 1500000
	run 0 exec plan.orch
	echo "$passed $failed" >"$work/counts"
)
read -r passed failed <"$work/counts"
check 'one that is there is no matter, held once in memory' same "$(git rev-parse refs/orch/2/integration:big.bin)" "$(git rev-parse HEAD:big.bin)"
check 'smaller ones are taken' same "$(git cat-file -s refs/orch/2/integration:ok.bin)" 104857600
rm -rf .orch
end
