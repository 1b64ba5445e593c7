" words.vim — with $WORDS: is every word of words.tsv shown as what it is? For Vim and Neovim, with the plugin in the runtimepath.
let s:kinds = {
	\ 'statement': '^orchStatement$', 'declaration': '^orchDeclaration$', 'argument': '^orchWord\d*$',
	\ 'name': '^orchName\d*$', 'reference': '^orch\(Reference\|Parameter\)$',
	\ 'text': '^orch\(String\|Path\d*\|Heading\|Text\d\?\|Prompt\d\?\)$',
	\ 'comment': '^orch\(Comment\|Disabled\|Off\w*\)$', 'number': '^orch\(Number\|Duration\|Size\|Money\)$' }
execute 'edit' $WORDS . '/words.orch'
let s:said = []
let s:passed = 0
let s:failed = 0
for s:row in readfile($WORDS . '/words.tsv')
	let [s:line, s:column, s:text, s:kind] = split(s:row, "\t")
	let s:groups = map(synstack(s:line, s:column), {_, id -> synIDattr(id, 'name')})
	" In texts, Markdown has groups of its own.
	let s:name = s:kind ==# 'text' ? get(filter(copy(s:groups), {_, g -> g =~# s:kinds.text}), -1, '') :
		\ synIDattr(synID(s:line, s:column, 1), 'name')
	if s:name =~# s:kinds[s:kind]
		let s:passed += 1
	else
		let s:failed += 1
		if s:failed <= 20
			call add(s:said, 'FAILED: ' . s:line . ':' . s:column . ': `' . s:text . '` in `' . trim(getline(s:line)) .
				\ '` is no ' . s:kind . ' but ' . join(s:groups))
		endif
	endif
endfor
" All are one test: which fails is said above.
call writefile(s:said + [s:passed . ' places are right, ' . s:failed . ' are not',
	\ (s:passed && !s:failed) . ' passed, ' . s:failed . ' failed'], $SAID)
qall!
