;;; emacs.el --- What orch-mode does  -*- lexical-binding: t; -*-

;;; Commentary:

;; With orch-mode in the load path: $WORDS has words.orch and words.tsv, which say what each word is; $PLANS are laid
;; out by orchc fmt; $FOLDER is a repository with plans/broken.orch, which has mistakes in lines 3 and 6.  What comes of
;; it goes to $SAID.

;;; Code:

(require 'orch-mode)
(require 'cl-lib)
(require 'imenu)

(defvar passed 0)
(defvar failed 0)
(defvar said nil)

(defun check (holds what &rest values)
  "Count whether HOLDS, which WHAT and VALUES say."
  (if holds
      (setq passed (1+ passed))
    (setq failed (1+ failed))
    (when (< failed 30)
      (push (apply #'format (concat "FAILED: " what) values) said))))

(defun faces-at (position)
  "All faces at POSITION."
  (let ((face (get-text-property position 'face)))
    (if (listp face) face (list face))))

(defconst kinds
  '(("statement" font-lock-keyword-face) ("declaration" font-lock-keyword-face)
    ("argument" font-lock-builtin-face) ("name" font-lock-function-name-face)
    ("reference" nil font-lock-variable-name-face)
    ("text" font-lock-string-face orch-prompt orch-path orch-heading)
    ("comment" font-lock-comment-face) ("number" font-lock-constant-face)))

(find-file (expand-file-name "words.orch" (getenv "WORDS")))
(check (eq major-mode 'orch-mode) "the mode comes by the name of the file: %s" major-mode)
(font-lock-ensure)
(dolist (row (split-string (with-temp-buffer
                             (insert-file-contents (expand-file-name "words.tsv" (getenv "WORDS")))
                             (buffer-string))
                           "\n" t))
  (cl-destructuring-bind (line column text kind) (split-string row "\t")
    (goto-char (point-min))
    (forward-line (1- (string-to-number line)))
    (forward-char (1- (string-to-number column)))
    (let ((faces (or (faces-at (point)) '(nil))))
      (check (cl-every (lambda (face) (memq face (cdr (assoc kind kinds)))) faces)
             "%s:%s: `%s' is no %s but %s" line column text kind faces))))

;; All are one test.
(setq passed (if (> passed 4000) 2 0))

;; What is shown does not depend on where one begins to look.
(let ((whole (buffer-string)))
  (with-temp-buffer
    (insert (substring-no-properties whole))
    (orch-mode)
    (font-lock-set-defaults)
    (let ((at (point-max)))
      (while (> at (point-min))
        (font-lock-fontify-region (max (point-min) (- at 1500)) at)
        (setq at (- at 1500))))
    (check (cl-loop for i from 1 below (point-max)
                    always (equal (get-text-property i 'face) (get-text-property (1- i) 'face whole))
                    do (unless (equal (get-text-property i 'face) (get-text-property (1- i) 'face whole))
                         (push (format "differs in line %s" (line-number-at-pos i)) said)))
           "from the end backwards, the same is shown")))

(dolist (plan (split-string (getenv "PLANS")))
  (find-file plan)
  (check (eq major-mode 'orch-mode) "%s has its mode" plan)
  (let ((before (buffer-string)))
    (indent-region (point-min) (point-max))
    (check (equal before (buffer-string)) "indenting leaves %s: `%s'" plan
           (progn (goto-char (1+ (or (cl-mismatch before (buffer-string)) 0)))
                  (buffer-substring (line-beginning-position) (line-end-position))))
    (erase-buffer)
    (insert (substring-no-properties before))
    (goto-char (point-min))
    (while (re-search-forward "^[ \t]+\\(?:owns\\|reads\\|estimate\\|after\\|timeout\\|agent\\|}\\)" nil t)
      (beginning-of-line)
      (unless (nth 8 (syntax-ppss))
        (let ((line (buffer-substring (point) (line-end-position))))
          (delete-horizontal-space)
          (indent-according-to-mode)
          (beginning-of-line)
          (check (equal line (buffer-substring (point) (line-end-position))) "indenting in %s: `%s'" plan line)))
      (end-of-line))
    (set-buffer-modified-p nil)))

;; Typed as one would.
(find-file (expand-file-name "typed.orch" (getenv "FOLDER")))
(electric-indent-mode 1)
(dolist (c (string-to-list "agent a {\nowns \"x\",\n\"y\"\ntest [\"a\",\n\"b\"]\nprompt \"\"\"\n# Do {\nit"))
  (let ((last-command-event c)) (call-interactively (if (eq c ?\n) #'newline #'self-insert-command))))
(check (equal (buffer-string) (concat "agent a {\n  owns \"x\",\n       \"y\"\n  test [\"a\",\n        \"b\"]\n"
                                      "  prompt \"\"\"\n    # Do {\n    it"))
       "typing: %s" (buffer-string))
(insert "\n  \"\"\"\n}")
(font-lock-ensure)
(goto-char (point-min))
(search-forward "# Do")
(check (memq 'orch-prompt-heading (faces-at (1- (point)))) "a heading in a prompt: %s" (faces-at (1- (point))))
(goto-char (point-min))
(comment-region (point-min) (line-end-position))
(check (looking-at "# agent a {") "a line is made a comment")
(uncomment-region (point-min) (line-end-position))
(check (looking-at "agent a {") "and none again")
(check (equal (mapcar #'car (cdr (assoc "Agent" (imenu--make-index-alist t)))) '("a")) "a name that was typed")
(set-buffer-modified-p nil)

(find-file (cl-find-if (lambda (plan) (string-suffix-p "/hello.orch" plan)) (split-string (getenv "PLANS"))))
(let ((index (imenu--make-index-alist t)))
  (check (equal (mapcar #'car (cdr (assoc "Agent" index))) (split-string (getenv "AGENTS")))
         "Imenu has the agents: %s" index)
  (check (assoc "Plan" index) "and the plan"))
(goto-char (point-max))
(beginning-of-defun)
(check (looking-at "agent ") "to the last declaration: %s" (buffer-substring (point) (line-end-position)))
(let (told)
  (goto-char (point-min))
  (re-search-forward "^  owns\\|^  creates")
  (orch--tell (lambda (text &rest _) (setq told text)))
  (check (and told (string-match-p "may create\\|owns, and nothing" told)) "it is told what a statement is: %s" told))

(find-file (expand-file-name "plans/broken.orch" (getenv "FOLDER")))
(let ((compilation-ask-about-save nil) (plan (current-buffer)))
  (compile compile-command)
  (while (process-live-p (get-buffer-process "*compilation*"))
    (accept-process-output nil 0.1))
  (with-current-buffer "*compilation*" (compilation--ensure-parse (point-max)))
  (setq next-error-last-buffer (get-buffer "*compilation*"))
  (let (lines)
    (dotimes (i 2)
      (next-error (if (= i 0) 1 1) (= i 0))
      (push (list (eq (current-buffer) plan) (line-number-at-pos)) lines))
    (check (equal (nreverse lines) '((t 3) (t 6))) "compiling leads to lines 3 and 6: %s" lines)))
(find-file (expand-file-name "plans/good.orch" (getenv "FOLDER")))
(orch-format-buffer)
(check (string-prefix-p "plan x {\n  jobs 3\n" (buffer-string)) "the plan is laid out: %s" (buffer-string))
(set-buffer-modified-p nil)

(if (not (require 'eglot nil t))
    (push "left out: eglot is not installed" said)
  (require 'project)
  (let ((eglot-sync-connect 10) (contact (eglot--guess-contact)))
    (check (equal (nth 3 contact) '("orchc" "lsp")) "Eglot knows what to start: %s" (nth 3 contact))
    (apply #'eglot contact)
    (check (eglot-managed-p) "Eglot has the plan")
    (check (equal (with-temp-buffer (insert-file-contents (getenv "STARTS")) (buffer-string)) "orchc lsp\n")
           "the language server is started")
    (eglot-shutdown (eglot-current-server))))

(with-temp-file (getenv "SAID")
  (insert (mapconcat #'identity (nreverse said) "\n") (if said "\n" "")
          (format "%d passed, %d failed\n" passed failed)))
(kill-emacs (if (= failed 0) 0 1))
;;; emacs.el ends here
