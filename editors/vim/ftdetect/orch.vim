" Plans for orch.
autocmd BufNewFile,BufRead *.orch setfiletype orch
