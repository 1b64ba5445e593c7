/* highlight_vim.c — the language as a syntax file for Vim and Neovim.
 *
 * A statement is a region that begins with whatever is met outside of one and ends with its line, so
 * that its word is a keyword where it begins and nowhere else. What may cross a line end (a comma, a
 * list, a text) is contained in it and holds it open. Items that are defined later win. */
#include "grammar/highlight.h"

#define NAME "\\h\\w*\\%(-\\w\\+\\)*"

static const char head[] =
	"\" Vim syntax file of plans for orch. Made by `orchc grammar vim` of the list of keywords.\n"
	"if exists('b:current_syntax')\n  finish\nendif\n"
	"let s:cpo = &cpo\nset cpo&vim\n\n"
	"syn include @orchMarkdown syntax/markdown.vim\n"
	"unlet! b:current_syntax\n"
	"\" What is indented is no code.\n"
	"syn cluster orchMarkdown remove=markdownCodeBlock\n"
	"syn case match\n"
	"syn iskeyword @,48-57,_,-\n"
	"syn sync clear\nsyn sync fromstart\n\n"
	"syn match orchBrace \"[{}]\"\n"
	"\" Begins no statement that is known.\n"
	"syn region orchOther start=\"[^ \\t#{}]\" end=\"$\" end=\"[{}]\"me=s-1 end=\"/-\"me=s-1 end=+\\$\\{,2}\"\"\"\\s*$+me=s-1 contains=@orchArguments\n";

static const char arguments[] =
	"\nsyn match orchReference \"" NAME "\\%(\\." NAME "\\)\\=\" contained\n"
	"syn match orchComma \",\" contained\n"
	"syn match orchContinuation \",\\s*\\%(#.*\\)\\=\\n\\%(\\s*\\%(#.*\\)\\=\\n\\)*\\s*\" contained contains=orchComma,orchComment\n"
	"syn match orchComparison \"[<>]=\\=\" contained\n"
	"syn match orchNumber \"\\<\\d\\+\\%(\\.\\d\\+\\)\\=\\>\" contained\n"
	"syn match orchDuration \"\\<\\%(\\d\\+[smhd]\\)\\+\\>\" contained\n"
	"syn match orchSize \"\\<\\d\\+[KMGT]\\>\" contained\n"
	"syn match orchMoney \"\\<\\d\\+\\%(\\.\\d\\+\\)\\=\\s\\+\\u\\{3}\\>\" contained\n"
	"syn match orchEscapeError \"\\\\.\" contained\n"
	"syn match orchEscape \"\\\\\\%([\\\"\\\\nt]\\|u{\\x\\+}\\)\" contained\n"
	"syn match orchInterpolation \"\\${[^}\\\"]*}\" contained\n"
	"syn match orchInterpolation2 \"\\$\\${[^}\\\"]*}\" contained\n"
	"syn region orchString start=+\"+ skip=+\\\\\\\\\\|\\\\\"+ end=+\"+ end=+$+ contained contains=orchEscapeError,orchEscape,orchInterpolation\n"
	"syn region orchPath start=+\"+ skip=+\\\\\\\\\\|\\\\\"+ end=+\"+ end=+$+ contained contains=orchEscapeError,orchEscape,orchInterpolation\n"
	"syn region orchHeading start=+\"+ skip=+\\\\\\\\\\|\\\\\"+ end=+\"+ end=+$+ contained contains=orchEscapeError,orchEscape,orchInterpolation\n"
	"syn region orchList start=\"\\[\" end=\"]\" contained contains=orchComma,orchComment,orchString\n"
	"syn match orchParameter \"" NAME "\" contained\n"
	"syn region orchParens start=\"(\" end=\")\" contained contains=orchComma,orchComment,orchString,orchParameter,@orchTexts\n"
	"syn cluster orchArguments contains=orchReference,orchComma,orchContinuation,orchComparison,orchNumber,orchDuration,orchSize,orchMoney,orchString,orchList,orchParens,orchComment\n";

/* The end of a text is how the line that opens it is indented, and quotes. */
static const char texts[] =
	"\nsyn match orchIndent \"^\\s\\+\" contained nextgroup=@markdownBlock\n"
	"\" Where something is put in, it is in headings, too.\n"
	"syn match orchIndent1 \"^\\s\\+\" contained nextgroup=@markdownBlock,orchHead1\n"
	"syn match orchIndent2 \"^\\s\\+\" contained nextgroup=@markdownBlock,orchHead2\n"
	"syn match orchHead1 \"#\\{1,6}\\s.*\" contained contains=orchInterpolation\n"
	"syn match orchHead2 \"#\\{1,6}\\s.*\" contained contains=orchInterpolation2\n"
	"syn cluster orchTexts contains=orchText,orchText1,orchText2,orchPrompt,orchPrompt1,orchPrompt2\n";

static const char comments[] =
	"\nsyn match orchComment \"#.*\" contains=orchAllow,@Spell\n"
	"syn match orchAllow \"#\\s*orch:\\s*allow\\s*([^)]*)\"hs=s+1 contained contains=orchAllowName\n"
	"syn match orchAllowName \"(\\@1<=[^)]*\\ze)\" contained\n"
	"syn cluster orchOff contains=orchOffBlock,orchOffList,orchOffString,orchOffText,orchOffComment,orchOffComma\n"
	"syn region orchDisabled start=\"/-\" end=\"$\" end=\"}\"me=s-1 end=+\\$\\{,2}\"\"\"\\s*$+me=s-1 contains=@orchOff\n"
	"syn region orchOffText start=+\\%(^\\z(\\s*\\).*/-.*\\)\\@<=\\$\\{,2}\"\"\"\\s*$+ end=+^\\z1\"\"\"\\ze\\s*$+\n"
	"syn region orchOffBlock start=\"{\" end=\"}\" contained contains=@orchOff\n"
	"syn region orchOffList start=\"\\[\" end=\"]\" contained contains=@orchOff\n"
	"syn region orchOffList start=\"(\" end=\")\" contained contains=@orchOff\n"
	"syn region orchOffString start=+\"+ skip=+\\\\\\\\\\|\\\\\"+ end=+\"+ end=+$+ contained\n"
	"syn region orchOffText start=+\\%(^\\z(\\s*\\).*\\)\\@<=\\$\\{,2}\"\"\"\\s*$+ end=+^\\z1\"\"\"\\ze\\s*$+ contained\n"
	"syn match orchOffComment \"#.*\" contained\n"
	"syn match orchOffComma \",\\s*\\%(#.*\\)\\=\\n\\%(\\s*\\%(#.*\\)\\=\\n\\)*\" contained\n";

static const char *const links[][2] = {
	{ "Statement", "Statement" },	{ "Declaration", "Structure" }, { "Word", "Keyword" },
	{ "Name", "Function" },		{ "Reference", "Identifier" },	{ "Parameter", "Identifier" },
	{ "Comparison", "Operator" },	{ "Number", "Number" },		{ "Duration", "Number" },
	{ "Size", "Number" },		{ "Money", "Number" },		{ "String", "String" },
	{ "Path", "Underlined" },	{ "Heading", "Title" },		{ "Escape", "SpecialChar" },
	{ "EscapeError", "Error" },	{ "Interpolation", "PreProc" }, { "Interpolation2", "PreProc" },
	{ "Head1", "Title" },		{ "Head2", "Title" },
	{ "Quotes", "Delimiter" },	{ "Text", "String" },		{ "Text1", "String" },
	{ "Text2", "String" },		{ "Comment", "Comment" },	{ "Allow", "PreProc" },
	{ "AllowName", "Identifier" },	{ "Disabled", "Comment" },	{ "OffBlock", "Comment" },
	{ "OffList", "Comment" },	{ "OffString", "Comment" },	{ "OffText", "Comment" },
	{ "OffComment", "Comment" },	{ "OffComma", "Comment" },
};

static void write_text(const char *group, const char *before, const char *dollars,
		       const char *contains, struct text *out)
{
	text_addf(out,
		  "syn region %s matchgroup=orchQuotes start=+\\%%(^\\z(\\s*\\).*%s\\)\\@<=%s\"\"\"\\s*$+"
		  " end=+^\\z1\"\"\"\\ze\\s*$+ keepend%s%s\n",
		  group, before, dollars, *contains ? " contains=" : "", contains);
}

static void write_texts(struct text *out)
{
	static const char prompt[] = "\\<prompt\\s\\+";
	text_add(out, str_from(texts));
	write_text("orchText", "", "", "", out);
	write_text("orchText1", "", "\\$", "orchInterpolation", out);
	write_text("orchText2", "", "\\$\\$", "orchInterpolation2", out);
	write_text("orchPrompt", prompt, "", "@orchMarkdown,orchIndent", out);
	write_text("orchPrompt1", prompt, "\\$", "@orchMarkdown,orchIndent1,orchInterpolation", out);
	write_text("orchPrompt2", prompt, "\\$\\$", "@orchMarkdown,orchIndent2,orchInterpolation2", out);
}

/* The argument words of a form, as groups that end in the number of it. */
static void write_words(const struct highlight_form *form, size_t number, struct text *out)
{
	static const char *const behind[] = {
		[HIGHLIGHT_ANYTHING] = "",
		[HIGHLIGHT_NAME] = " nextgroup=orchReference skipwhite",
		[HIGHLIGHT_PATH] = " nextgroup=orchPath skipwhite",
		[HIGHLIGHT_HEADING] = " nextgroup=orchHeading skipwhite",
	};
	for (size_t i = 0; i < form->word_n; i++)
		text_addf(out, "syn match orchWord%zu \"\\.\\@1<!\\<%.*s\\>[.:]\\@!\" contained%s\n",
			  number, STR_ARG(form->words[i].keyword->word), behind[form->words[i].behind]);
	if (form->word_n)
		text_addf(out, "hi def link orchWord%zu orchWord\n", number);
}

static void write_region(const char *words, const struct highlight_form *form, size_t number,
			 bool declares, struct text *out)
{
	bool structure = declares || (form->block && !form->declares);
	text_addf(out, "syn region orchForm%zu matchgroup=orch%s start=\"\\<\\%%(%s\\)\\>", number,
		  structure ? "Declaration" : "Statement", words);
	if (declares && form->declares == HIGHLIGHT_BEFORE_BRACE)
		text_add(out, STR("\\ze\\s\\+" NAME "\\s*{"));
	text_add(out, STR("\" matchgroup=NONE end=\"$\" end=\"[{}]\"me=s-1 end=\"/-\"me=s-1"
			  " end=+\\$\\{,2}\"\"\"\\s*$+me=s-1 contains=@orchArguments"));
	if (form->word_n)
		text_addf(out, ",orchWord%zu", number);
	if (declares)
		text_addf(out, ",orchName%zu", number);
	if (form->behind == HIGHLIGHT_PATH)
		text_addf(out, ",orchPath%zu", number);
	text_add_byte(out, '\n');
	if (declares)
		text_addf(out,
			  "syn match orchName%zu \"\\%%(\\<\\%%(%s\\)\\s\\+\\)\\@<=%s\""
			  " contained\nhi def link orchName%zu orchName\n",
			  number, words, NAME, number);
	if (form->behind == HIGHLIGHT_PATH)
		text_addf(out,
			  "syn match orchPath%zu +\\%%(\\<\\%%(%s\\)\\s\\+\\)\\@<=\"[^\"]*\"+ contained\n"
			  "hi def link orchPath%zu orchPath\n",
			  number, words, number);
}

static void write_statements(struct text *out)
{
	for (size_t i = 0; i < keyword_list_n; i++) {
		struct text words = { 0 };
		struct highlight_form form;
		if (highlight_statements(&keyword_list[i], "\\|", &words)) {
			highlight_form_of(&keyword_list[i], &form);
			text_add_byte(out, '\n');
			write_words(&form, i, out);
			if (form.declares != HIGHLIGHT_ALWAYS)
				write_region(words.at, &form, i, false, out);
			if (form.declares)
				write_region(words.at, &form, i, true, out);
		}
		text_release(&words);
	}
}

void highlight_vim_write(struct text *out)
{
	text_add(out, str_from(head));
	text_add(out, str_from(arguments));
	write_statements(out);
	write_texts(out);
	text_add(out, str_from(comments));
	text_add_byte(out, '\n');
	for (size_t i = 0; i < sizeof links / sizeof *links; i++)
		text_addf(out, "hi def link orch%s %s\n", links[i][0], links[i][1]);
	text_add(out, STR("\nlet b:current_syntax = 'orch'\nlet &cpo = s:cpo\nunlet s:cpo\n"));
}
