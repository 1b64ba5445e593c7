;;; eglot.el --- what Emacs's eglot does with `orchc lsp' -*- lexical-binding: t -*-

;;; Commentary:

;; ORCHC is the program, FOLDER the plans'.  Writes each file as it ends, and what it saw to seen.txt.

;;; Code:

(require 'eglot)
(define-derived-mode orch-test-mode prog-mode "orch")
(add-to-list 'auto-mode-alist '("\\.orch\\'" . orch-test-mode))
(add-to-list 'eglot-server-programs (list 'orch-test-mode (getenv "ORCHC") "lsp"))
(defvar seen nil)
(defun note (what value)
  "Remember WHAT with its VALUE."
  (push (format "%s: %s" what value) seen))
(defun wait (what condition)
  "Until CONDITION holds, which is called WHAT."
  (let ((n 0))
    (while (and (not (funcall condition)) (< n 400))
      (accept-process-output nil 0.05)
      (setq n (1+ n)))
    (when (= n 400) (note "NOT" what))))
(defun find-words (words inside)
  "Go to WORDS, INSIDE characters into them."
  (goto-char (point-min))
  (search-forward words)
  (goto-char (+ (match-beginning 0) inside)))
(defun rename (name)
  "Give what is here the NAME, after the server knows the text."
  (eglot--signal-textDocument/didChange)
  (with-current-buffer "parts.orch" (eglot--signal-textDocument/didChange))
  (eglot-rename name))
(defun codes ()
  "What was found in this buffer."
  (mapconcat #'flymake-diagnostic-text (flymake-diagnostics) "|"))

(let* ((folder (getenv "FOLDER"))
       (make-backup-files nil)
       (create-lockfiles nil)
       (eglot-sync-connect 20)
       (eglot-confirm-server-initiated-edits nil)
       (plan (find-file-noselect (expand-file-name "plan.orch" folder)))
       (parts (find-file-noselect (expand-file-name "parts.orch" folder))))
  (with-current-buffer plan
    (call-interactively #'eglot)
    (let ((server (eglot-current-server)))
      (wait "findings" (lambda () (flymake-start) (flymake-diagnostics)))
      (note "findings" (codes))
      (find-words "\"src/view.c\"" 3)
      (let* ((actions (append (jsonrpc-request
                               server :textDocument/codeAction
                               (list :textDocument (eglot--TextDocumentIdentifier)
                                     :range (list :start (eglot--pos-to-lsp-position) :end (eglot--pos-to-lsp-position))
                                     :context (list :diagnostics [])))
                              nil))
             (fix (seq-find (lambda (action) (equal (plist-get action :kind) "quickfix")) actions)))
        (note "fix" (plist-get fix :title))
        (eglot--apply-workspace-edit (plist-get fix :edit)))
      (wait "no findings" (lambda () (eglot--signal-textDocument/didChange) (flymake-start) (null (flymake-diagnostics))))
      (find-words "agent model" 8)
      (rename "core")
      (find-words "parts.extra" 8)
      (rename "rest")
      (find-words "parts.rest" 7)
      (eglot--signal-textDocument/didChange)
      (with-current-buffer parts (eglot--signal-textDocument/didChange))
      (let ((found (car (xref-backend-definitions 'eglot (xref-backend-identifier-at-point 'eglot)))))
        (note "definition" (file-name-nondirectory (xref-location-group (xref-item-location found)))))
      (eglot-format-buffer)
      (eglot--signal-textDocument/didChange)
      (note "imenu" (mapconcat #'car (funcall imenu-create-index-function) " "))
      (find-words "after    core" 9)
      (let* ((offer (funcall #'eglot-completion-at-point))
             (all (all-completions "" (nth 2 offer))))
        (note "offered" (mapconcat #'substring-no-properties (sort all #'string<) " ")))
      (find-words "agent core" 8)
      (note "hover" (mapconcat (lambda (line) line)
                               (split-string (plist-get (plist-get (jsonrpc-request server :textDocument/hover (eglot--TextDocumentPositionParams))
                                                                   :contents) :value) "\n") " "))
      (save-buffer)
      (with-current-buffer parts (save-buffer))
      (eglot-shutdown server)))
  (with-temp-file (expand-file-name "seen.txt" folder)
    (insert (mapconcat #'identity (reverse seen) "\n") "\n")))
;;; eglot.el ends here
