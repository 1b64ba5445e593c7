" Vim filetype plugin of plans for orch.
"
" g:orch_recommended_style = 0   leaves shiftwidth and expandtab as they are
" g:orch_lsp = 0                 Neovim does not start the language server
if exists('b:did_ftplugin')
	finish
endif
let b:did_ftplugin = 1
let s:cpo = &cpo
set cpo&vim

" Names may have a hyphen in them.
setlocal iskeyword=@,48-57,_,-
setlocal comments=:# commentstring=#\ %s
" Not `r` and `o`: in a prompt, `#` begins a heading, and the next line is none.
setlocal formatoptions-=t formatoptions-=r formatoptions-=o formatoptions+=cql
" The whole plan: gggqG
setlocal formatprg=orchc\ fmt\ -
" gf, [i and the like: imports, and files of prompts, are relative to the plan.
setlocal include=^\\s*import\\>
setlocal define=^\\s*\\(agent\\\|group\\\|template\\\|runner\\\|plan\\\|metric\\)\\>
setlocal suffixesadd=.orch path^=.
let b:match_words = '{:}'
let b:undo_ftplugin = 'setlocal iskeyword< comments< commentstring< formatoptions< formatprg< include< define< suffixesadd< path<'
	\ . ' | unlet! b:match_words'

" What the compiler itself writes.
if get(g:, 'orch_recommended_style', 1)
	setlocal expandtab shiftwidth=2 softtabstop=2
	let b:undo_ftplugin .= ' | setlocal expandtab< shiftwidth< softtabstop<'
endif

" :make
if !exists('b:current_compiler')
	compiler orchc
	let b:undo_ftplugin .= ' | setlocal makeprg< errorformat< | unlet! b:current_compiler'
endif

if has('nvim') && get(g:, 'orch_lsp', 1)
	lua require('orch').start()
endif

let &cpo = s:cpo
unlet s:cpo
