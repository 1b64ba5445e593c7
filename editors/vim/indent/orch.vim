" Vim indent file of plans for orch.
"
" What is in a text block, and the lines that open and close one, are never moved: where a text ends depends on how the
" line that opens it is indented. `gggqG` (orchc fmt) moves both.
if exists('b:did_indent')
	finish
endif
let b:did_indent = 1
setlocal indentexpr=OrchIndent(v:lnum) indentkeys=0},!^F,o,O autoindent
let b:undo_indent = 'setlocal indentexpr< indentkeys< autoindent<'
if exists('*OrchIndent')
	finish
endif

" Of the last character of that line; '' when nothing is known of it.
function! s:Groups(line, column) abort
	return join(map(synstack(a:line, a:column), {_, id -> synIDattr(id, 'name')}))
endfunction

function! s:InText(line) abort
	return s:Groups(a:line, max([1, col([a:line, '$']) - 1])) =~# 'orch\%(Text\|Prompt\|OffText\|Quotes\)'
endfunction

" Without strings and comments.
function! s:Code(line) abort
	let l:code = substitute(getline(a:line), '"\%(\\.\|[^"\\]\)*"', '\=repeat("x", strlen(submatch(0)))', 'g')
	return substitute(substitute(l:code, '#.*', '', ''), '\s*$', '', '')
endfunction

" The last line with something in it.
function! s:Before(line) abort
	let l:line = prevnonblank(a:line - 1)
	while l:line && s:Code(l:line) ==# ''
		let l:line = prevnonblank(l:line - 1)
	endwhile
	return l:line
endfunction

" How many of `open` are not closed at the end of that line, and the column of the last of those.
function! s:Open(line) abort
	let l:code = s:Code(a:line)
	let l:columns = []
	for l:i in range(len(l:code))
		if l:code[l:i] =~# '[[(]'
			call add(l:columns, l:i)
		elseif l:code[l:i] =~# '[])]' && !empty(l:columns)
			call remove(l:columns, -1)
		endif
	endfor
	return empty(l:columns) ? -1 : l:columns[-1]
endfunction

" The line on which the statement begins that goes on in that line.
function! s:Begin(line) abort
	let l:begin = a:line
	while 1
		let l:above = s:Before(l:begin)
		let l:closed = s:Code(l:begin) =~# '^\s*[])]'
		if !l:above || s:InText(l:above) || !(l:closed || s:Code(l:above) =~# ',$' || s:Open(l:above) >= 0)
			return l:begin
		endif
		let l:begin = l:above
	endwhile
endfunction

function! OrchIndent(line) abort
	let l:code = s:Code(a:line)
	if getline(a:line) =~# '"""\s*$'
		return -1
	endif
	let l:before = s:Before(a:line)
	let l:last = prevnonblank(a:line - 1)
	if l:last && s:InText(l:last) && getline(l:last) !~# '^\s*"""\s*$'
		" A new line in a text is like the one above it; the first is deeper than the quotes.
		return getline(a:line) =~# '\S' ? -1 : indent(l:last) + (getline(l:last) =~# '"""\s*$' ? shiftwidth() : 0)
	endif
	if getline(a:line) =~# '\S' && s:InText(a:line)
		return -1
	endif
	if !l:before
		return 0
	endif
	let l:text = s:Code(l:before)
	let l:back = l:code =~# '^\s*}' ? shiftwidth() : 0
	if l:text =~# '^\s*"""$'
		return indent(l:before) - l:back
	endif
	if l:text =~# '{$'
		return indent(s:Begin(l:before)) + shiftwidth() - l:back
	endif
	if l:code =~# '^\s*[])]'
		return indent(s:Begin(l:before))
	endif
	let l:open = s:Open(l:before)
	if l:open >= 0
		return l:open == len(l:text) - 1 ? indent(l:before) + shiftwidth() : virtcol([l:before, l:open + 1])
	endif
	if l:text =~# ',$'
		" As the one above if that goes on from another, else below the first argument.
		return s:Begin(l:before) < l:before ? indent(l:before) : matchend(l:text, '^\s*\S\+\s\+')
	endif
	return indent(s:Begin(l:before)) - l:back
endfunction
