" behaviour.vim — in $FOLDER: what the plugin does, in Vim and Neovim alike. $PLANS are laid out by orchc fmt; broken.orch
" has mistakes in lines 3 and 6, a repository around it, and Vim is started somewhere else.
let s:said = []
let s:passed = 0
let s:failed = 0
function! s:Check(what, holds, ...) abort
	if a:holds
		let s:passed += 1
	else
		let s:failed += 1
		call add(s:said, 'FAILED: ' . a:what . (a:0 ? ': ' . string(a:1) : ''))
	endif
endfunction

let g:orch_lsp = 0
for s:plan in split($PLANS)
	execute 'edit' fnameescape(s:plan)
	call s:Check(s:plan . ' has its type', &filetype ==# 'orch', &filetype)
	let s:lines = getline(1, '$')
	silent normal! gg=G
	let s:moved = filter(range(1, line('$')), {_, n -> getline(n) !=# s:lines[n - 1]})
	call s:Check('indenting leaves ' . s:plan, empty(s:moved), map(copy(s:moved), {_, n -> n . ': ' . getline(n)}))
	" Statements that stand at the margin go back to their places.
	edit!
	for s:n in range(1, line('$'))
		let s:above = s:n > 1 ? s:lines[s:n - 2] : ''
		if s:lines[s:n - 1] =~# '^\s\+\(owns\|reads\|estimate\|after\|timeout\|agent\|}\)' && join(map(synstack(s:n, 3), {_, id -> synIDattr(id, 'name')})) !~# 'Text\|Prompt'
			call setline(s:n, s:lines[s:n - 1])
			execute s:n . 'normal! 0d^'
			execute s:n . 'normal! =='
			call s:Check('indenting line ' . s:n . ' of ' . s:plan, getline(s:n) ==# s:lines[s:n - 1], getline(s:n))
		endif
	endfor
	edit!
endfor

" Typed as one would.
execute 'edit' $FOLDER . '/typed.orch'
execute "normal! iagent a {\<CR>owns \"x\",\<CR>\"y\"\<CR>test [\"a\",\<CR>\"b\"]\<CR>prompt \"\"\"\<CR># Do {\<CR>it\<CR>\<C-D>\"\"\"\<CR>after b\<CR>}\<CR>agent b"
call s:Check('typing', getline(1, '$') == ['agent a {', '  owns "x",', '       "y"', '  test ["a",', '        "b"]', '  prompt """',
	\ '    # Do {', '    it', '  """', '  after b', '}', 'agent b'], getline(1, '$'))
call s:Check('the comment string', &commentstring ==# '# %s', &commentstring)
call s:Check('a name is a word', expand('<cword>') ==# 'b' && matchstr('semantic-cache', '\<\k\+\>') ==# 'semantic-cache')
edit!

execute 'edit' $FOLDER . '/plans/broken.orch'
let s:here = expand('%:p')
silent! make
call s:Check(':make goes to the first', expand('%:p') ==# s:here && line('.') == 3 && col('.') == 8, getpos('.'))
let s:found = map(filter(getqflist(), {_, q -> q.valid}), {_, q -> fnamemodify(bufname(q.bufnr), ':p') . ':' . q.lnum . ':' . q.type})
call s:Check(':make', s:found == [s:here . ':3:e', s:here . ':6:e'], [s:found, getqflist()])
call s:Check('the message', get(filter(getqflist(), {_, q -> q.valid}), 0, {'text': ''}).text =~# '^E\d\{4}\]\|^[a-z-]\+: ', getqflist())

execute 'edit' $FOLDER . '/plans/good.orch'
silent execute "normal! gggqG"
call s:Check('gq lays out the plan', getline(1, 2) == ['plan x {', '  jobs 3'], getline(1, '$'))
edit!
call search('other.orch')
normal gf
call s:Check('gf goes to what is imported', expand('%:t') ==# 'other.orch', expand('%'))

if has('nvim')
	call s:Check('it is not started when it is not wanted', !filereadable($STARTS))
	let g:orch_lsp = 1
	%bwipeout!
	execute 'edit' $FOLDER . '/plans/good.orch'
	call s:Check('the language server answers', luaeval('vim.wait(5000, function() return #vim.lsp.get_active_clients() > 0 end)'))
	execute 'edit' $FOLDER . '/plans/other.orch'
	call s:Check('it is told of the plan', luaeval('vim.wait(5000, function()'
		\ . ' return vim.fn.filereadable(vim.env.ASKED) == 1 and #vim.fn.filter(vim.fn.readfile(vim.env.ASKED), "v:val =~ \"^textDocument/didOpen.*other.orch\"") > 0 end)'))
	call s:Check('it is started once', readfile($STARTS) == ['orchc lsp'], readfile($STARTS))
	let s:root = luaeval('vim.lsp.get_active_clients()[1].config.root_dir')
	call s:Check('for the repository', resolve(s:root) ==# resolve($FOLDER), s:root)
endif
call writefile(s:said + [s:passed . ' passed, ' . s:failed . ' failed'], $SAID)
qall!
