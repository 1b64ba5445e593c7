/* capabilities.c — see capabilities.h. */
#include "lsp/capabilities.h"

#include "lsp/actions.h"
#include "lsp/colours.h"
#include "lsp/lens.h"

static bool flag(const struct json *json, const char *path)
{
	const struct json *found = json_member(json, path);
	return found && found->kind == JSON_IS_FLAG && found->flag;
}

static bool lists(const struct json *json, const char *path, const char *word)
{
	const struct json *found = json_member(json, path);
	for (size_t i = 0; found && found->kind == JSON_IS_LIST && i < found->n; i++)
		if (found->at[i].kind == JSON_IS_TEXT && str_is(found->at[i].text, word))
			return true;
	return false;
}

void capabilities_read(const struct json *params, struct answer_client *client)
{
	const struct json *can = json_member(params, "capabilities");
	*client = (struct answer_client){
		.encoding = lists(can, "general.positionEncodings", "utf-8") ? POSITION_UTF8
									     : POSITION_UTF16,
		.snippets = flag(can, "textDocument.completion.completionItem.snippetSupport"),
		.versions = flag(can, "workspace.workspaceEdit.documentChanges"),
		.creates = lists(can, "workspace.workspaceEdit.resourceOperations", "create"),
		.nested_symbols =
			flag(can, "textDocument.documentSymbol.hierarchicalDocumentSymbolSupport"),
		.watches = flag(can, "workspace.didChangeWatchedFiles.dynamicRegistration"),
		.resolves = lists(can, "textDocument.codeAction.resolveSupport.properties", "edit"),
		.pages = client->pages,
	};
}

static void write_triggers(struct text *out, const char *key, const char *characters)
{
	json_open(out, key, '[');
	for (const char *at = characters; *at; at++)
		json_write_text(out, NULL, (struct str){ at, 1 });
	json_close(out, ']');
}

static void write_sync(struct text *out)
{
	enum { INCREMENTAL = 2 };
	json_open(out, "textDocumentSync", '{');
	json_write_flag(out, "openClose", true);
	json_write_number(out, "change", INCREMENTAL);
	json_write_flag(out, "save", true);
	json_close(out, '}');
}

static void write_option(struct text *out, const char *key, const char *option)
{
	json_open(out, key, '{');
	json_write_flag(out, option, true);
	json_close(out, '}');
}

void capabilities_write(const struct answer_client *client, struct text *out)
{
	static const char *const plain[] = {
		"hoverProvider",
		"definitionProvider",
		"referencesProvider",
		"documentHighlightProvider",
		"documentFormattingProvider",
		"documentRangeFormattingProvider",
		"foldingRangeProvider",
		"selectionRangeProvider",
		"documentSymbolProvider",
		"workspaceSymbolProvider",
		"inlayHintProvider",
	};
	json_open(out, "capabilities", '{');
	json_write_text(out, "positionEncoding",
			client->encoding == POSITION_UTF8 ? STR("utf-8") : STR("utf-16"));
	write_sync(out);
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		json_write_flag(out, plain[i], true);
	json_open(out, "completionProvider", '{');
	write_triggers(out, "triggerCharacters", "\"/.({ ");
	json_close(out, '}');
	write_option(out, "renameProvider", "prepareProvider");
	json_open(out, "documentOnTypeFormattingProvider", '{');
	json_write_text(out, "firstTriggerCharacter", STR("}"));
	write_triggers(out, "moreTriggerCharacter", "\n");
	json_close(out, '}');
	json_open(out, "codeActionProvider", '{');
	actions_write_kinds(out, "codeActionKinds");
	json_write_flag(out, "resolveProvider", true);
	json_close(out, '}');
	json_open(out, "documentLinkProvider", '{');
	json_close(out, '}');
	write_option(out, "codeLensProvider", "resolveProvider");
	json_open(out, "executeCommandProvider", '{');
	lens_write_commands(out, "commands");
	json_close(out, '}');
	json_open(out, "semanticTokensProvider", '{');
	colours_write_legend(out, "legend");
	json_write_flag(out, "full", true);
	json_write_flag(out, "range", true);
	json_close(out, '}');
	json_open(out, "workspace", '{');
	json_open(out, "workspaceFolders", '{');
	json_write_flag(out, "supported", true);
	json_write_flag(out, "changeNotifications", true);
	json_close(out, '}');
	json_close(out, '}');
	json_close(out, '}');
}

void capabilities_write_watchers(struct text *out, const char *key)
{
	static const char *const globs[] = { "**/*.orch", "**/*.md" };
	json_open(out, key, '{');
	json_open(out, "registrations", '[');
	json_open(out, NULL, '{');
	json_write_text(out, "id", STR("watch"));
	json_write_text(out, "method", STR("workspace/didChangeWatchedFiles"));
	json_open(out, "registerOptions", '{');
	json_open(out, "watchers", '[');
	for (size_t i = 0; i < sizeof globs / sizeof *globs; i++) {
		json_open(out, NULL, '{');
		json_write_text(out, "globPattern", str_from(globs[i]));
		json_close(out, '}');
	}
	json_close(out, ']');
	json_close(out, '}');
	json_close(out, '}');
	json_close(out, ']');
	json_close(out, '}');
}
