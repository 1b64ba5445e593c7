-- Starts the language server for a plan in Neovim, once for each repository.
local M = {}
local clients = {}

local function root_of(path)
  local here = vim.fn.fnamemodify(path, ':p:h')
  local git = vim.fn.finddir('.git', here .. ';')
  if git == '' then
    git = vim.fn.findfile('.git', here .. ';')
  end
  if git == '' then
    return here
  end
  local full = vim.fn.fnamemodify(git, ':p'):gsub('/$', '')
  return vim.fn.fnamemodify(full, ':h')
end

-- options: cmd, and what else vim.lsp.start takes
function M.start(options)
  local buffer = vim.api.nvim_get_current_buf()
  local config = vim.tbl_extend('force', {
    name = 'orchc',
    cmd = vim.g.orch_lsp_command or { 'orchc', 'lsp' },
    root_dir = root_of(vim.api.nvim_buf_get_name(buffer)),
  }, options or {})
  if vim.fn.executable(config.cmd[1]) ~= 1 then
    return nil
  end
  if vim.lsp.start then
    return vim.lsp.start(config)
  end
  -- Neovim 0.7, which Debian 12 has, keeps no list by root.
  local known = clients[config.root_dir]
  if not known or not vim.lsp.get_client_by_id(known) then
    known = vim.lsp.start_client(config)
    clients[config.root_dir] = known
  end
  if known then
    vim.lsp.buf_attach_client(buffer, known)
  end
  return known
end

return M
