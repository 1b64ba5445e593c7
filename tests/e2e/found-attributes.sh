#!/usr/bin/env bash
# found-attributes — what .gitattributes and the settings of line ends do to agents' trees and results, as
# docs/git.md lists it. Nothing that a repository names is run.
. "$(dirname "$0")/lib.sh"

runner='runner script { command ["sh", "'"$work"'/script"] }'
one() { printf 'plan %s { runner script }\n%s\nagent a { owns %s  prompt "x" }' "$1" "$runner" "$2" | plan; }
bytes() { od -An -c | tr -s ' \n' ' ' | sed 's/ $//'; }
stored() { git cat-file blob "$1:$2" | bytes; }

row '`text`, `eol`, `core.autocrlf`, `core.eol`'
repository eol
printf '* text=auto\n*.bat text eol=crlf\n*.sh eol=lf\n*.raw -text\n' >.gitattributes
printf 'a\r\nb\r\n' >run.bat && printf 'a\r\n' >raw.raw && git add -A && git commit -q -m eol
cat >"$work/script" <<'S'
[ "$(od -An -c run.bat | tr -d ' \n')" = 'a\r\nb\r\n' ] || exit 1
[ -z "$(git status --porcelain)" ] || exit 2
printf 'a\r\nb\r\nc\n' >run.bat
printf '#!/bin/sh\r\n' >new.sh
printf 'x\r\n' >new.txt
printf 'x\r\n' >new.raw
printf 'x\r\n\0' >new.bin
touch README.md
[ -z "$(git diff README.md)" ] && [ "$(git diff --numstat run.bat 2>/dev/null | cut -f1,2)" = "1	0" ]
S
one p '"run.bat", "new.*"'
run 0 exec plan.orch
check 'agents see, and git in their trees knows, the line ends' is a merged
check 'a text is stored with LF' same "$(stored refs/orch/1/integration run.bat)" ' a \n b \n c \n'
check 'so is a script' same "$(stored refs/orch/1/integration new.sh)" ' # ! / b i n / s h \n'
check 'and what looks like a text' same "$(stored refs/orch/1/integration new.txt)" ' x \n'
check 'what is said to be none stays' same "$(stored refs/orch/1/integration new.raw)" ' x \r \n'
check 'and what looks like none' same "$(stored refs/orch/1/integration new.bin)" ' x \r \n \0'
run 0 land
check 'landed as git would' same "$(bytes <run.bat)$(bytes <new.txt)" ' a \r \n b \r \n c \r \n x \n'
check 'and clean' same "$(git status --porcelain)" '?? plan.orch'
repository autocrlf
git config core.autocrlf true
one q '"src/one.txt", "new.txt"'
cat >"$work/script" <<'S'
[ "$(od -An -c src/one.txt | tr -d ' ')" = 'one\r\n' ] && [ -z "$(git status --porcelain)" ] || exit 1
printf 'one\r\ntwo\r\n' >src/one.txt; printf 'new\r\n' >new.txt
S
run 0 exec plan.orch
check 'core.autocrlf counts' same "$(stored refs/orch/1/integration src/one.txt)$(stored refs/orch/1/integration new.txt)" ' o n e \n t w o \n n e w \n'
printf '*.txt eol=lf\n' >.git/info/attributes
one r '"src/one.txt"'
echo '[ "$(od -An -c src/one.txt | tr -d " ")" = "one\n" ] && printf "1\r\n" >src/one.txt' >"$work/script"
run 0 exec plan.orch
check 'so do the rules of info/attributes' same "$(stored refs/orch/2/integration src/one.txt)" ' 1 \n'
repository changed
printf '*.txt eol=lf\n' >.gitattributes && git add -A && git commit -q -m rules
one p '".gitattributes", "new.bat"'
echo 'echo "*.bat eol=crlf" >>.gitattributes; printf "x\n" >new.bat' >"$work/script"
run 0 exec plan.orch
run 3 land
check 'rules that land with files they rule are git'"'"'s to check out' said 'git merge refs/orch/1/integration'
check 'which works' git merge -q refs/orch/1/integration
check 'and is clean' same "$(git status --porcelain)$(bytes <new.bat)" '?? plan.orch x \r \n'

row '`ident`'
repository ident
printf '*.c ident\n' >.gitattributes && printf '/* $Id$ */\n' >a.c && git add -A && git commit -q -m ident
one p '"a.c"'
echo 'grep -q "Id: $(git rev-parse HEAD:a.c) " a.c && [ -z "$(git status --porcelain)" ] && echo more >>a.c' >"$work/script"
run 0 exec plan.orch
check 'expanded in the tree, and not in the result' holds refs/orch/1/integration a.c $'/* $Id$ */\nmore'

row '`working-tree-encoding`'
repository encoding
printf '*.rc working-tree-encoding=UTF-16LE text\n' >.gitattributes
printf 'a\nb\n' | iconv -t UTF-16LE >a.rc && git add -A && git commit -q -m encoding
one p '"a.rc", "b.txt"'
echo 'grep -q a a.rc && [ $(wc -c <a.rc) = 4 ] && echo 1 >b.txt' >"$work/script"
run 0 exec plan.orch
check 'agents see what is stored' is a merged
check 'that it cannot be changed is told before' said 'cannot change it (a.rc of a)'
run 0 land
check 'the checkout keeps its own' same "$(wc -c <a.rc)$(git status --porcelain)" '8?? plan.orch'
echo 'echo changed >a.rc' >"$work/script"
run 1 exec plan.orch
check 'a change is not taken' said 'working-tree-encoding'
check 'nor lost' holds refs/orch/2/strays/a/1 a.rc changed

row '`filter`, with a program configured'
repository filter
printf '*.nb filter=strip\n' >.gitattributes && echo 1 >a.nb && git add -A && git commit -q -m filter
git config filter.strip.clean "touch $work/fired; cat" && git config filter.strip.smudge "touch $work/fired; cat"
one p '"a.nb", "b.txt"'
echo 'echo 2 >a.nb; echo 1 >b.txt' >"$work/script"
run 1 exec plan.orch
check 'told before' said 'cannot change it (a.nb of a)'
check 'a change is not taken' said 'a program of the repository'
check 'nor lost' holds refs/orch/1/strays/a/1 a.nb 2
check 'nothing was run' not test -e "$work/fired"
git config --unset filter.strip.clean && git config --unset filter.strip.smudge
run 0 exec plan.orch
check 'without a program it is a file like any other, to git and to orch' holds refs/orch/2/integration a.nb 2
git config filter.strip.smudge "touch $work/fired; cat"
run 3 land
check 'but not for a checkout that has the program' said 'git merge refs/orch/2/integration'
check 'nothing was run' not test -e "$work/fired"
git config --unset filter.strip.smudge
run 0 land

row 'git-lfs'
repository lfs
pointer=$(printf 'version https://git-lfs.github.com/spec/v1\noid sha256:%064d\nsize 4\n' 1)
printf '*.bin filter=lfs diff=lfs merge=lfs -text\n' >.gitattributes && printf '%s\n' "$pointer" >a.bin && printf '%s\n' "$pointer" >b.bin
git add -A && git commit -q -m lfs
for kind in clean smudge process; do git config filter.lfs.$kind "touch $work/fired; cat"; done
git config filter.lfs.required true
one p '"*.bin", "code.c"'
echo '[ "$(head -n 1 a.bin)" = "version https://git-lfs.github.com/spec/v1" ] && echo 1 >code.c && mv b.bin c.bin' >"$work/script"
run 0 exec plan.orch
check 'agents see pointers, and may move and delete them' same "$(git cat-file blob refs/orch/1/integration:c.bin)" "$pointer"
check 'told before' said 'of a'
run 3 land
check 'git brings them into a checkout that has git-lfs' said 'git merge refs/orch/1/integration'
echo 'echo 1 >code.c; printf real >a.bin' >"$work/script"
run 1 exec --fresh plan.orch
check 'contents are not taken' said 'git-lfs keeps it'
check 'nor lost' holds refs/orch/2/strays/a/1 a.bin real
check 'nothing was run' not test -e "$work/fired"

row '`merge`, `diff`, `export-ignore`, `export-subst`, `whitespace`'
repository others
printf '* merge=ours diff=own export-ignore export-subst whitespace=error\n' >.gitattributes
git config merge.ours.driver "touch $work/fired" && git config diff.own.textconv "touch $work/fired" && git config diff.own.command "touch $work/fired"
git add -A && git commit -q -m others && rm -f "$work/fired"
one p '"src/one.txt"'
echo "echo 'trailing \$Format:%H\$ ' >src/one.txt" >"$work/script"
run 0 exec plan.orch
echo more >more && git add more && git commit -q -m meanwhile && rm -f "$work/fired"
run 0 land
check 'make no difference' holds HEAD src/one.txt 'trailing $Format:%H$ '
check 'nothing was run' not test -e "$work/fired"
end
