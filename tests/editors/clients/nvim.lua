-- nvim.lua — what Neovim's own client does with `orchc lsp`: ORCHC is the program, arg FOLDER the plans'. Writes
-- each file as it ends, and what it saw to seen.txt.
local folder = vim.env.FOLDER
local seen = {}
local function note(what, value)
	table.insert(seen, what .. ": " .. tostring(value))
end
local function wait(what, condition)
	if not vim.wait(20000, condition, 20) then
		note("NOT", what)
	end
end
local function find(words, inside)
	for row, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
		local at = line:find(words, 1, true)
		if at then
			vim.api.nvim_win_set_cursor(0, { row, at - 1 + (inside or 0) })
			return
		end
	end
	note("NOT there", words)
end
local function codes()
	local list = {}
	for _, found in ipairs(vim.diagnostic.get(0)) do
		table.insert(list, found.code)
	end
	table.sort(list)
	return table.concat(list, " ")
end

vim.o.hidden = true
vim.o.swapfile = false
local id = vim.lsp.start_client({ cmd = { vim.env.ORCHC, "lsp" }, root_dir = folder, name = "orchc" })
vim.api.nvim_create_autocmd({ "BufRead", "BufEnter" }, { pattern = "*.orch", callback = function(event)
	vim.lsp.buf_attach_client(event.buf, id)
end })
vim.cmd("edit " .. folder .. "/plan.orch")
local client = vim.lsp.get_client_by_id(id)
local function ask(method, params)
	local answer = vim.lsp.buf_request_sync(0, method, params, 20000)
	return answer and answer[id] and answer[id].result
end
local function here()
	return vim.lsp.util.make_position_params(0, client.offset_encoding)
end

wait("findings", function()
	return #vim.diagnostic.get(0) > 0
end)
note("findings", codes())
for _, found in ipairs(vim.diagnostic.get(0)) do
	note("at", found.lnum + 1 .. ":" .. found.col + 1)
end

-- The fix of the overlap.
find('"src/view.c"', 3)
local range = vim.lsp.util.make_range_params(0, client.offset_encoding)
range.context = { diagnostics = vim.lsp.diagnostic.get_line_diagnostics() }
for _, action in ipairs(ask("textDocument/codeAction", range)) do
	if action.kind == "quickfix" then
		note("fix", action.title)
		vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
		break
	end
end
wait("no findings", function()
	return #vim.diagnostic.get(0) == 0
end)

-- Names.
find("agent model", 8)
note("hover", table.concat(vim.lsp.util.convert_input_to_markdown_lines(ask("textDocument/hover", here()).contents), " "))
local rename = here()
rename.newName = "core"
vim.lsp.util.apply_workspace_edit(ask("textDocument/rename", rename), client.offset_encoding)
find("parts.extra", 8)
local renamed = here()
renamed.newName = "rest"
vim.lsp.util.apply_workspace_edit(ask("textDocument/rename", renamed), client.offset_encoding)
-- The client tells changes of other buffers after a while.
wait("the new name in both files", function()
	return ask("textDocument/definition", here()) ~= nil
end)
vim.lsp.buf.definition()
wait("the other file", function()
	return vim.api.nvim_buf_get_name(0):match("parts.orch$")
end)
note("definition", vim.api.nvim_buf_get_name(0):match("[^/]*$") .. " " .. vim.api.nvim_get_current_line())
vim.cmd("write")
vim.cmd("buffer plan.orch")

-- Layout, and what is offered.
vim.lsp.buf.formatting_sync({}, 20000)
find('"home/**"', 1)
note("symbols", #vim.lsp.util.symbols_to_items(ask("textDocument/documentSymbol", { textDocument = { uri = vim.uri_from_bufnr(0) } }), 0))
find("after    core", 9)
local offered = {}
for _, item in ipairs(ask("textDocument/completion", here()).items) do
	table.insert(offered, item.label)
end
note("offered", table.concat(offered, " "))
wait("no findings of the new names", function()
	return codes() == ""
end)
local lenses = ask("textDocument/codeLens", { textDocument = { uri = vim.uri_from_bufnr(0) } })
note("lenses", #lenses)
wait("no findings at the end", function()
	return codes() == ""
end)
vim.cmd("write")
client.stop()
wait("the end", function()
	return client.is_stopped()
end)
vim.fn.writefile(seen, folder .. "/seen.txt")
vim.cmd("quitall!")
