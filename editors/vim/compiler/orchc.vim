" Vim compiler file: :make checks the plan, and the quickfix list has what is wrong with it.
if exists('current_compiler')
	finish
endif
let current_compiler = 'orchc'
let s:cpo = &cpo
set cpo&vim

if exists(':CompilerSet') != 2
	command -nargs=* CompilerSet setlocal <args>
endif

" orchc names files from the root of the repository, wherever one is.
function! s:Root() abort
	let l:here = expand('%:p:h')
	let l:git = finddir('.git', l:here . ';')
	if empty(l:git)
		let l:git = findfile('.git', l:here . ';')
	endif
	return empty(l:git) ? l:here : fnamemodify(substitute(fnamemodify(l:git, ':p'), '/$', '', ''), ':h')
endfunction
let s:make = '(echo "orchc: in ' . escape(s:Root(), '"$`\') . '"; orchc check --format short %:p:S)'
let &l:makeprg = s:make
CompilerSet errorformat=%Dorchc:\ in\ %f,%f:%l:%c:\ %trror[%.%#]\ %m,%f:%l:%c:\ %tarning[%.%#]\ %m,%-G%.%#

let &cpo = s:cpo
unlet s:cpo
unlet s:make
delfunction s:Root
