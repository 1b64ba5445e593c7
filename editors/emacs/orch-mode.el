;;; orch-mode.el --- Major mode for plans of many coding agents  -*- lexical-binding: t; -*-

;; Keywords: languages, tools
;; Package-Requires: ((emacs "27.1"))
;; Version: 1.0
;; SPDX-License-Identifier: MIT

;;; Commentary:

;; A mode for .orch files, which `orchc' compiles and `orch' runs.  It has
;; highlighting, indentation, an index of agents and groups, `compile' with the
;; places of mistakes, `orch-format-buffer', and knows how Eglot starts the
;; language server.
;;
;; The words of the language are in `orch-words', which orchc itself makes of
;; the compiler's own list.

;;; Code:

(require 'orch-words)
(require 'compile)

(defvar eglot-server-programs)

(defgroup orch nil
  "Plans of many coding agents."
  :group 'languages)

(defcustom orch-program "orchc"
  "The compiler of plans."
  :type 'string)

(defcustom orch-indent-offset 2
  "How much deeper a block is than its statement; `orchc fmt' has 2."
  :type 'integer
  :safe #'integerp)

(defface orch-prompt '((t :inherit default))
  "Face of what an agent is told.")
(defface orch-prompt-heading '((t :inherit font-lock-function-name-face :weight bold))
  "Face of headings in what an agent is told.")
(defface orch-prompt-code '((t :inherit font-lock-constant-face))
  "Face of code in what an agent is told.")
(defface orch-path '((t :inherit (font-lock-string-face link)))
  "Face of the path of another file.")
(defface orch-heading '((t :inherit font-lock-string-face :weight bold))
  "Face of the heading whose section is meant.")

(defconst orch--name "[[:alpha:]_][[:alnum:]_]*\\(?:-[[:alnum:]_]+\\)*")
(defconst orch--string "\"\\(?:\\\\.\\|[^\"\\\\\n]\\)*\"")
(defconst orch--statement
  (concat "\\_<" (regexp-opt (mapcar #'car orch-words-statements) t) "\\_>"))

(defvar orch-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?# "<" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?\\ "\\" table)
    (modify-syntax-entry ?_ "_" table)
    (modify-syntax-entry ?- "_" table)
    (dolist (c '(?/ ?$ ?. ?: ?, ?= ?< ?> ?* ?' ?`))
      (modify-syntax-entry c "." table))
    table)
  "Syntax table of `orch-mode'.")

;;;; Text blocks and what is switched off

(defun orch--text-p ()
  "Non-nil if three quotes at point open a text block."
  (looking-at "\"\"\"[ \t]*$"))

(defun orch--text-end (opening)
  "Return the position behind the text block that begins at OPENING.
It ends at the first line that has the indentation of the line of its
opening quotes, and three quotes; without one, at the end of the buffer."
  (save-excursion
    (goto-char opening)
    (let ((indent (buffer-substring-no-properties
                   (line-beginning-position)
                   (progn (back-to-indentation) (point)))))
      (forward-line 1)
      (if (re-search-forward (concat "^" (regexp-quote indent) "\"\"\"[ \t]*$") nil t)
          (progn (skip-chars-backward " \t") (point))
        (point-max)))))

(defun orch--skip-token ()
  "Move over what begins at point: a string, a text, a comment, or a character."
  (cond ((orch--text-p) (goto-char (orch--text-end (point))))
        ((looking-at orch--string) (goto-char (match-end 0)))
        ((eq (char-after) ?#) (end-of-line))
        (t (forward-char 1))))

(defun orch--disabled-end (start)
  "Return the position behind the statement that `/-' at START is about."
  (save-excursion
    (goto-char (+ start 2))
    (let ((depth 0) (end nil))
      (while (not (or end (eobp)))
        (pcase (char-after)
          ((or ?\{ ?\[ ?\() (setq depth (1+ depth)) (forward-char 1))
          ((or ?\} ?\] ?\))
           (let ((brace (eq (char-after) ?\})))
             (setq depth (1- depth))
             (cond ((< depth 0) (setq end (point)))
                   ((and brace (= depth 0)) (setq end (1+ (point)))))
             (forward-char 1)))
          (?, (forward-char 1)
              (while (looking-at "[ \t]*\\(?:#.*\\)?\n") (goto-char (match-end 0))))
          (?\n (if (= depth 0) (setq end (1+ (point))))
               (forward-char 1))
          (_ (orch--skip-token))))
      (or end (point-max)))))

(defun orch--fence (position class)
  "Give the character at POSITION the syntax CLASS."
  (put-text-property position (1+ position) 'syntax-table (string-to-syntax class)))

(defun orch--fence-end (end class)
  "Go to END, and give the character before it the syntax CLASS.
What has no end goes on with whatever is added at the end of the buffer."
  (goto-char end)
  (unless (eobp)
    (orch--fence (1- end) class)))

(defun orch--propertize (start end)
  "Mark text blocks and disabled statements from START to END."
  (let ((state (syntax-ppss start)))
    (goto-char start)
    ;; In the middle of one: its beginning is marked.
    (cond ((eq (nth 3 state) t)
           (orch--fence-end (orch--text-end (nth 8 state)) "|"))
          ((and (nth 4 state) (eq (nth 7 state) 'syntax-table))
           (orch--fence-end (orch--disabled-end (nth 8 state)) "!"))
          ((nth 8 state)
           (goto-char (nth 8 state))
           (orch--skip-token))))
  (while (and (< (point) end) (re-search-forward "[\"#]\\|/-" end t))
    (goto-char (match-beginning 0))
    (cond ((orch--text-p)
           (orch--fence (point) "|")
           (orch--fence-end (orch--text-end (point)) "|"))
          ((eq (char-after) ?/)
           (orch--fence (point) "!")
           (orch--fence-end (orch--disabled-end (point)) "!"))
          (t (orch--skip-token)))))

;;;; Where statements begin and end

(defun orch--code-before-p (position char)
  "Non-nil if CHAR is the last before POSITION that is no blank or comment."
  (save-excursion
    (goto-char position)
    (forward-comment (- (buffer-size)))
    (eq (char-before) char)))

(defun orch--state (position)
  "Return the state of `syntax-ppss' at POSITION, and leave point alone."
  (save-excursion (syntax-ppss position)))

(defun orch--outside-p (position)
  "Non-nil if POSITION is in no string, text, comment, list or parentheses."
  (let ((state (orch--state position)))
    (not (or (nth 8 state)
             (and (nth 1 state) (not (eq (char-after (nth 1 state)) ?\{)))))))

(defun orch--begins-p (position)
  "Non-nil if a statement may begin at POSITION."
  (save-excursion
    (and (orch--outside-p position)
         (goto-char position)
         (progn (skip-chars-backward " \t") t)
         (if (bolp)
             (not (orch--code-before-p (point) ?,))
           (memq (char-before) '(?\{ ?\}))))))

(defun orch--statement-line (position)
  "The beginning of the line where the statement around POSITION begins."
  (save-excursion
    (goto-char position)
    (beginning-of-line)
    (let (open)
      (while (cond ((and (setq open (nth 1 (orch--state (point))))
                         (not (eq (char-after open) ?\{)))
                    (goto-char open))
                   ((and (not (bobp)) (orch--code-before-p (point) ?,))
                    (forward-comment (- (buffer-size)))
                    t))
        (beginning-of-line)))
    (point)))

(defun orch--statement-end (position)
  "The end of the statement around POSITION, before its block if it has one."
  (save-excursion
    (goto-char position)
    (let (end)
      (while (not (or end (eobp)))
        (pcase (char-after)
          ((or ?\{ ?\}) (setq end (point)))
          ((or ?\[ ?\() (condition-case nil (forward-sexp 1) (error (setq end (point-max)))))
          (?, (forward-char 1)
              (while (looking-at "[ \t]*\\(?:#.*\\)?\n") (goto-char (match-end 0))))
          (?\n (setq end (point)))
          (_ (orch--skip-token))))
      (or end (point-max)))))

;;;; Highlighting

(defun orch--text-of-prompt-p (opening)
  "Non-nil if the text block whose quotes are at OPENING is a prompt."
  (save-excursion
    (goto-char opening)
    (looking-back "\\_<prompt[ \t]+\\$*" (line-beginning-position))))

(defun orch--syntactic-face (state)
  "The face of the string or comment that STATE is in."
  (cond ((not (nth 3 state)) 'font-lock-comment-face)
        ((and (eq (nth 3 state) t) (orch--text-of-prompt-p (nth 8 state))) 'orch-prompt)
        (t 'font-lock-string-face)))

(defvar orch--words nil
  "The words that may stand among the arguments of the present statement.")

(defun orch--match-statement (limit)
  "Find the word of a statement before LIMIT.
Its first group is the word, the second a name that it declares, the third a
path."
  (let (found)
    (while (and (not found) (re-search-forward orch--statement limit t))
      (let* ((start (match-beginning 1)) (end (match-end 1))
             (row (assoc (match-string-no-properties 1) orch-words-statements)))
        (when (orch--begins-p start)
          (setq found t
                orch--words (nth 4 row))
          (cond ((and (nth 1 row)
                      (looking-at (concat "[ \t]+\\(" orch--name "\\)"
                                          (if (eq (nth 1 row) 'before-brace) "[ \t]*{" ""))))
                 (set-match-data (list start (match-end 1) start end
                                       (match-beginning 1) (match-end 1)))
                 (goto-char (match-end 1)))
                ((and (eq (nth 3 row) 'path) (looking-at (concat "[ \t]+\\(" orch--string "\\)")))
                 (set-match-data (list start (match-end 1) start end nil nil
                                       (match-beginning 1) (match-end 1)))
                 (goto-char (match-end 1)))
                (t (set-match-data (list start end start end))
                   (goto-char end))))))
    found))

(defun orch--match-word (limit)
  "Find an argument word of the present statement before LIMIT.
Its first group is the word, the second a name behind it, the third a path,
the fourth a heading."
  (let (found)
    (while (and orch--words (not found)
                (re-search-forward "\\_<[[:alpha:]_][[:alnum:]_-]*\\_>" limit t))
      (let* ((start (match-beginning 0)) (end (match-end 0))
             (word (assoc (match-string-no-properties 0) orch--words)))
        (when (and word (orch--outside-p start)
                   (not (eq (char-before start) ?.))
                   (or (eq (cdr word) 'name) (not (memq (char-after end) '(?. ?:)))))
          (setq found t)
          (if (and (cdr word)
                   (looking-at (concat "[ \t]+\\("
                                       (if (eq (cdr word) 'name)
                                           (concat orch--name "\\(?:\\." orch--name "\\)?")
                                         orch--string)
                                       "\\)")))
              (let ((behind (list (match-beginning 1) (match-end 1))))
                (set-match-data
                 (append (list start (cadr behind) start end)
                         (pcase (cdr word)
                           ('name behind)
                           ('path (append '(nil nil) behind))
                           (_ (append '(nil nil nil nil) behind)))))
                (goto-char (cadr behind)))
            (set-match-data (list start end start end))))))
    found))

(defun orch--match-in (regexp where limit)
  "Find REGEXP before LIMIT in what WHERE, called with the state there, takes."
  (let (found)
    (while (and (not found) (re-search-forward regexp limit t))
      (setq found (save-match-data (save-excursion
                                     (funcall where (syntax-ppss (match-beginning 0)))))))
    found))

(defun orch--in-string-p (state)
  "Non-nil if STATE is in a string of one line."
  (eq (nth 3 state) ?\"))

(defun orch--in-prompt-p (state)
  "Non-nil if STATE is in the text of a prompt."
  (and (eq (nth 3 state) t) (orch--text-of-prompt-p (nth 8 state))))

(defun orch--dollars (state)
  "How many `$' stand before what is put in, in the string or text of STATE."
  (cond ((orch--in-string-p state) 1)
        ((eq (nth 3 state) t)
         (save-excursion (goto-char (nth 8 state)) (- (skip-chars-backward "$"))))
        (t 0)))

(defun orch--matcher (regexp where)
  "Return a matcher of REGEXP in what the function WHERE takes."
  (lambda (limit) (orch--match-in regexp where limit)))

(defconst orch-font-lock-keywords
  `((orch--match-statement
     (1 'font-lock-keyword-face)
     (2 'font-lock-function-name-face nil t)
     (3 'orch-path t t)
     (orch--match-word (orch--statement-end (point)) nil
                       (1 'font-lock-builtin-face)
                       (2 'font-lock-variable-name-face nil t)
                       (3 'orch-path t t)
                       (4 'orch-heading t t)))
    ("\\_<[0-9]+\\(?:\\.[0-9]+\\)?[ \t]+[A-Z]\\{3\\}\\_>" 0 'font-lock-constant-face)
    ("\\_<\\(?:\\(?:[0-9]+[smhd]\\)+\\|[0-9]+[KMGT]\\|[0-9]+\\(?:\\.[0-9]+\\)?\\)\\_>"
     0 'font-lock-constant-face)
    (,(orch--matcher "\\\\\\(?:[\"\\\\nt]\\|u{[[:xdigit:]]+}\\)" #'orch--in-string-p)
     0 'font-lock-constant-face prepend)
    (,(orch--matcher "^[ \t]*\\(#\\{1,6\\}[ \t].*\\)$" #'orch--in-prompt-p)
     1 'orch-prompt-heading prepend)
    (,(orch--matcher "\\(\\*\\*\\|__\\)[^ \t\n*_].*?\\1" #'orch--in-prompt-p)
     0 'bold prepend)
    (,(orch--matcher "`[^`\n]+`\\|^[ \t]*\\(?:```\\|~~~\\).*$" #'orch--in-prompt-p)
     0 'orch-prompt-code prepend)
    (,(orch--matcher "^[ \t]*\\(\\(?:[-*+]\\|[0-9]+[.)]\\)\\)[ \t]" #'orch--in-prompt-p)
     1 'font-lock-builtin-face prepend)
    (,(orch--matcher "\\${[^}\"\n]*}" (lambda (state) (= (orch--dollars state) 1)))
     0 'font-lock-variable-name-face prepend)
    (,(orch--matcher "\\$\\${[^}\"\n]*}" (lambda (state) (= (orch--dollars state) 2)))
     0 'font-lock-variable-name-face prepend)
    (,(orch--matcher "#[ \t]*\\(orch:[ \t]*allow\\)[ \t]*([ \t]*\\([^)\n]*?\\)[ \t]*)"
                     (lambda (state) (not (nth 8 state))))
     (1 'font-lock-keyword-face t) (2 'font-lock-constant-face t)))
  "What is highlighted in `orch-mode'.")

(defvar font-lock-beg)
(defun orch--extend-region ()
  "Let fontification begin where the statement begins."
  (let ((begin (orch--statement-line font-lock-beg)))
    (when (< begin font-lock-beg)
      (setq font-lock-beg begin))))

;;;; Indentation

(defun orch--indentation ()
  "The indentation of this line; nil if it is to be left as it is.
What is in a text block is never moved, nor are the lines that open and close
one: where a text ends depends on them."
  (save-excursion
    (beginning-of-line)
    (let* ((state (orch--state (point))) (open (nth 1 state)) (blank (looking-at "[ \t]*$")))
      (cond
       ((nth 8 state)
        (when blank
          (forward-line 0)
          (skip-chars-backward " \t\n")
          (back-to-indentation)
          (+ (current-column)
             (if (< (point) (nth 8 state)) orch-indent-offset 0))))
       ((and (not blank) (save-excursion (end-of-line) (looking-back "\"\"\"[ \t]*" (line-beginning-position))))
        nil)
       ((and open (not (eq (char-after open) ?\{)))
        (let ((closes (looking-at "[ \t]*[])]")))
          (goto-char (1+ open))
          (cond (closes (goto-char (orch--statement-line open)) (current-indentation))
                ((looking-at "[ \t]*\\(?:#.*\\)?$") (+ (current-indentation) orch-indent-offset))
                (t (current-column)))))
       ((orch--code-before-p (point) ?,)
        (goto-char (orch--statement-line (point)))
        (back-to-indentation)
        (skip-chars-forward "^ \t\n")
        (skip-chars-forward " \t")
        (current-column))
       (open
        (let ((closes (looking-at "[ \t]*}")))
          (goto-char (orch--statement-line open))
          (+ (current-indentation) (if closes 0 orch-indent-offset))))
       (t 0)))))

(defun orch-indent-line ()
  "Indent this line of a plan."
  (interactive)
  (let ((indentation (orch--indentation)))
    (if (not indentation)
        'noindent
      (if (<= (current-column) (current-indentation))
          (indent-line-to indentation)
        (save-excursion (indent-line-to indentation))))))

;;;; Finding and being told

(defun orch--index ()
  "What is declared, by kind, for Imenu."
  (let (index)
    (save-excursion
      (goto-char (point-min))
      (while (orch--match-statement nil)
        (when (match-beginning 2)
          (let* ((kind (capitalize (match-string-no-properties 1)))
                 (row (or (assoc kind index) (car (push (list kind) index)))))
            (setcdr row (cons (cons (match-string-no-properties 2)
                                    (copy-marker (match-beginning 2)))
                              (cdr row)))))))
    (mapcar (lambda (row) (cons (car row) (nreverse (cdr row)))) (nreverse index))))

(defun orch--beginning-of-declaration (&optional count)
  "Move to the last declaration before point, COUNT times."
  (let ((found nil))
    (dotimes (_ (abs (or count 1)))
      (let ((backward (> (or count 1) 0)) (again t))
        (unless backward (end-of-line))
        (while (and again
                    (setq found (if backward (re-search-backward orch--statement nil 'move)
                                  (re-search-forward orch--statement nil 'move))))
          (let ((row (assoc (match-string-no-properties 1) orch-words-statements)))
            (goto-char (match-beginning 1))
            (if (and (nth 1 row) (orch--begins-p (point)))
                (setq again nil)
              (unless backward (goto-char (match-end 1))))))))
    (beginning-of-line)
    (and found t)))

(defun orch--tell (callback &rest _)
  "Tell CALLBACK how the statement on this line is written, for ElDoc."
  (save-excursion
    (goto-char (orch--statement-line (point)))
    (back-to-indentation)
    (when (and (looking-at orch--statement) (orch--begins-p (point)))
      (let ((row (assoc (match-string-no-properties 1) orch-words-statements)))
        (funcall callback (format "%s %s: %s" (car row) (nth 5 row) (nth 6 row))
                 :thing (car row) :face 'font-lock-keyword-face)))))

;;;; The compiler

;; `orchc' names files from the root of the repository.
(defun orch--root ()
  "The folder that the compiler names files from."
  (expand-file-name (or (locate-dominating-file default-directory ".git") default-directory)))

(add-to-list 'compilation-error-regexp-alist-alist
             '(orchc "^\\([^:\n]+\\):\\([0-9]+\\):\\([0-9]+\\): \\(?:error\\|\\(warning\\)\\)\\["
                     1 2 3 (4)))
(add-to-list 'compilation-error-regexp-alist 'orchc)

(defun orch-format-buffer ()
  "Lay out the plan in the one form, by `orchc fmt'."
  (interactive)
  (let ((out (generate-new-buffer " *orchc fmt*")) (plan (current-buffer))
        (said (make-temp-file "orchc")))
    (unwind-protect
        (if (eq 0 (call-process-region nil nil orch-program nil (list out said) nil "fmt" "-"))
            (with-current-buffer plan (replace-buffer-contents out))
          (message "%s" (with-temp-buffer (insert-file-contents said) (buffer-string))))
      (kill-buffer out)
      (delete-file said))))

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '(orch-mode . ("orchc" "lsp"))))

(defvar orch-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "C-c C-c") #'compile)
    (define-key map (kbd "C-c C-f") #'orch-format-buffer)
    map)
  "Keys of `orch-mode'.")

;;;###autoload
(define-derived-mode orch-mode prog-mode "Orch"
  "Major mode for plans of many coding agents.

\\{orch-mode-map}"
  (setq-local comment-start "# ")
  (setq-local comment-end "")
  (setq-local comment-start-skip "#+[ \t]*")
  (setq-local comment-use-syntax t)
  (setq-local indent-tabs-mode nil)
  (setq-local tab-width orch-indent-offset)
  (setq-local electric-indent-chars (append '(?\}) electric-indent-chars))
  (setq-local indent-line-function #'orch-indent-line)
  (setq-local syntax-propertize-function #'orch--propertize)
  (setq-local parse-sexp-lookup-properties t)
  (setq-local font-lock-defaults
              '(orch-font-lock-keywords
                nil nil nil
                (font-lock-syntactic-face-function . orch--syntactic-face)))
  (add-hook 'font-lock-extend-region-functions #'orch--extend-region nil t)
  (setq-local imenu-create-index-function #'orch--index)
  (setq-local beginning-of-defun-function #'orch--beginning-of-declaration)
  (add-hook 'eldoc-documentation-functions #'orch--tell nil t)
  (when buffer-file-name
    (setq-local compile-command
                (format "cd %s && %s check --format short %s"
                        (shell-quote-argument (directory-file-name (orch--root)))
                        orch-program
                        (shell-quote-argument buffer-file-name)))))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.orch\\'" . orch-mode))

(provide 'orch-mode)
;;; orch-mode.el ends here
