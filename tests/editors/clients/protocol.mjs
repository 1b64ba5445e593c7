// protocol.mjs ORCHC FOLDER — what a client made of vscode-languageserver-protocol does with `orchc lsp`: all that editors
// ask for, each answer held against that library's own idea of its form, edits applied by its own hand. Prints a line for
// each thing that is not as it should be, and how many were.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import path from "node:path";

const require = createRequire(path.join(process.cwd(), "package.json"));
const lsp = require("vscode-languageserver-protocol/node");
const { TextDocument } = require("vscode-languageserver-textdocument");
const types = require("vscode-languageserver-types");

const [orchc, folder] = process.argv.slice(2);
let passed = 0, failed = 0;
function check(what, good, shown) {
	good ? passed++ : failed++;
	if (!good)
		console.log(`protocol: ${what}${shown === undefined ? "" : ": " + JSON.stringify(shown).slice(0, 600)}`);
}
function same(what, got, want) {
	check(what, JSON.stringify(got) === JSON.stringify(want), { got, want });
}
function every(what, list, is, least = 1) {
	check(what, Array.isArray(list) && list.length >= least && list.every((item) => is(item)), list);
}

const child = spawn(orchc, ["lsp"], { stdio: ["pipe", "pipe", "inherit"] });
const connection = lsp.createProtocolConnection(new lsp.StreamMessageReader(child.stdout), new lsp.StreamMessageWriter(child.stdin));
const findings = new Map();
const waiting = [];
const messages = [];
connection.onNotification(lsp.PublishDiagnosticsNotification.type, (params) => {
	findings.set(params.uri, params);
	waiting.splice(0).forEach((wake) => wake());
});
connection.onNotification(lsp.ShowMessageNotification.type, (params) => messages.push(params));
const registered = [];
connection.onRequest(lsp.RegistrationRequest.type, (params) => void registered.push(...params.registrations));
connection.listen();

async function until(what, condition) {
	const end = Date.now() + 20000;
	while (!condition() && Date.now() < end)
		await new Promise((wake) => { waiting.push(wake); setTimeout(wake, 50); });
	check(what, condition(), [...findings.values()]);
}

const capabilities = {
	general: { positionEncodings: ["utf-16"] },
	workspace: {
		workspaceEdit: { documentChanges: true, resourceOperations: ["create", "rename", "delete"] },
		workspaceFolders: true,
		didChangeWatchedFiles: { dynamicRegistration: true },
	},
	textDocument: {
		completion: { completionItem: { snippetSupport: true } },
		documentSymbol: { hierarchicalDocumentSymbolSupport: true },
		codeAction: { resolveSupport: { properties: ["edit"] }, codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } },
	},
};
const root = pathToFileURL(folder).href;
const { capabilities: server } = await connection.sendRequest(lsp.InitializeRequest.type, {
	processId: process.pid, rootUri: root, capabilities, workspaceFolders: [{ uri: root, name: "plans" }],
});
await connection.sendNotification(lsp.InitializedNotification.type, {});
same("its legend has no type that the protocol does not know",
	server.semanticTokensProvider.legend.tokenTypes.filter((type) => !Object.values(lsp.SemanticTokenTypes).includes(type)), []);

const texts = new Map();
function open(name) {
	const uri = pathToFileURL(path.join(folder, name)).href;
	const document = TextDocument.create(uri, "orch", 1, readFileSync(path.join(folder, name), "utf8"));
	texts.set(uri, document);
	connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, {
		textDocument: { uri, languageId: "orch", version: 1, text: document.getText() },
	});
	return uri;
}
function change(uri, edits) {
	const document = texts.get(uri);
	const text = TextDocument.applyEdits(document, edits);
	// From the end, so that each is about the text that it finds.
	const changes = [...edits].sort((a, b) => document.offsetAt(b.range.start) - document.offsetAt(a.range.start))
		.map((edit) => ({ range: edit.range, text: edit.newText }));
	texts.set(uri, TextDocument.update(document, [{ text }], document.version + 1));
	connection.sendNotification(lsp.DidChangeTextDocumentNotification.type, {
		textDocument: { uri, version: texts.get(uri).version }, contentChanges: changes,
	});
}
function applied(edit) {
	for (const part of edit.documentChanges) {
		if (lsp.CreateFile.is(part)) {
			texts.set(part.uri, TextDocument.create(part.uri, "markdown", 0, ""));
			continue;
		}
		check("an edit of the protocol's form", lsp.TextDocumentEdit.is(part), part);
		check("an edit of the version that there is", part.textDocument.version === null ||
			part.textDocument.version === texts.get(part.textDocument.uri).version, part.textDocument);
		if (part.textDocument.uri.endsWith(".orch"))
			change(part.textDocument.uri, part.edits);
		else
			writeFileSync(path.join(folder, "made.md"), TextDocument.applyEdits(texts.get(part.textDocument.uri), part.edits));
	}
}
const plan = open("plan.orch"), parts = open("parts.orch");
function place(words, inside = 0) {
	const document = texts.get(plan);
	return document.positionAt(document.getText().indexOf(words) + inside);
}
const at = (words, inside) => ({ textDocument: { uri: plan }, position: place(words, inside) });
const whole = () => ({ start: { line: 0, character: 0 }, end: texts.get(plan).positionAt(1e9) });
const ask = (kind, params) => connection.sendRequest(kind.type, params);

await until("an overlap is found", () => findings.get(plan)?.diagnostics.some((found) => found.code === "E0301"));
every("findings", findings.get(plan).diagnostics, lsp.Diagnostic.is);
const overlap = findings.get(plan).diagnostics.find((found) => found.code === "E0301");
every("its other places", overlap.relatedInformation, lsp.DiagnosticRelatedInformation.is);
let actions = await ask(lsp.CodeActionRequest, { textDocument: { uri: plan }, range: overlap.range, context: { diagnostics: [overlap] } });
// Of those whose edit is asked for later, the library's own idea of the form is too narrow.
const isAction = (action) => lsp.CodeAction.is(action.data ? { ...action, edit: { changes: {} } } : action);
every("actions", actions, isAction);
const fix = actions.find((action) => action.kind === "quickfix");
same("a fix is about its finding", fix.diagnostics[0].code, "E0301");
applied(fix.edit);
await until("the fix settles it", () => findings.get(plan)?.version === texts.get(plan).version && !findings.get(plan).diagnostics.length);

applied(await ask(lsp.RenameRequest, { ...at("agent model", 8), newName: "core" }));
applied(await ask(lsp.RenameRequest, { ...at("parts.extra", 8), newName: "rest" }));
check("the other file has the new name", texts.get(parts).getText().startsWith("group rest {"));
same("what is renamed", await ask(lsp.PrepareRenameRequest, at("agent core", 8)).then((found) => found.placeholder), "core");
await ask(lsp.RenameRequest, { ...at("agent core", 8), newName: "no name" }).then(
	() => check("a name that is none is refused", false), (error) => check("a name that is none is refused", /is no name/.test(error.message), error.message));

every("layout", await ask(lsp.DocumentFormattingRequest, { textDocument: { uri: plan }, options: { tabSize: 2, insertSpaces: true } }), lsp.TextEdit.is);
every("layout of a range", await ask(lsp.DocumentRangeFormattingRequest, { textDocument: { uri: plan }, range: whole(), options: {} }), lsp.TextEdit.is);
change(plan, await ask(lsp.DocumentFormattingRequest, { textDocument: { uri: plan }, options: {} }));
same("laid out, there is nothing to do", await ask(lsp.DocumentFormattingRequest, { textDocument: { uri: plan }, options: {} }), []);

const isSymbol = (one) => types.Range.is(one.range) && types.Range.is(one.selectionRange) && one.children.every(isSymbol);
check("hover", types.Hover.is(await ask(lsp.HoverRequest, at("agent core", 8))));
const completion = await ask(lsp.CompletionRequest, at("after    core", 9));
check("completion", completion.isIncomplete === false, completion);
every("what is offered", completion.items, (item) => typeof item.label === "string" && types.TextEdit.is(item.textEdit) &&
	Object.values(types.CompletionItemKind).includes(item.kind));
check("a snippet", (await ask(lsp.CompletionRequest, { textDocument: { uri: plan }, position: whole().end })).items
	.some((item) => item.label === "agent" && item.insertTextFormat === types.InsertTextFormat.Snippet));
check("definition", types.Location.is(await ask(lsp.DefinitionRequest, at("after    core", 10))));
every("references", await ask(lsp.ReferencesRequest, { ...at("agent core", 8), context: { includeDeclaration: true } }), types.Location.is, 3);
every("highlights", await ask(lsp.DocumentHighlightRequest, at("agent core", 8)), (one) => types.Range.is(one.range) && [2, 3].includes(one.kind), 3);
every("symbols", await ask(lsp.DocumentSymbolRequest, { textDocument: { uri: plan } }), isSymbol, 6);
every("symbols of the workspace", await ask(lsp.WorkspaceSymbolRequest, { query: "" }), (one) => one.name && types.Location.is(one.location), 5);
every("folds", await ask(lsp.FoldingRangeRequest, { textDocument: { uri: plan } }), types.FoldingRange.is, 4);
every("selections", await ask(lsp.SelectionRangeRequest, { textDocument: { uri: plan }, positions: [place("\"src/**", 3), place("jobs")] }), types.SelectionRange.is, 2);
every("links", await ask(lsp.DocumentLinkRequest, { textDocument: { uri: plan } }), types.DocumentLink.is);
const lenses = await ask(lsp.CodeLensRequest, { textDocument: { uri: plan } });
every("lenses", lenses, types.CodeLens.is, 4);
const lens = await ask(lsp.CodeLensResolveRequest, lenses[1]);
check("a lens says when its agent runs", types.Command.is(lens.command) && /^1 of 4: starts at once/.test(lens.command.title), lens);
await ask(lsp.ExecuteCommandRequest, lens.command);
await until("and who beside it", () => messages.some((message) => /^core runs beside parts.more/.test(message.message)));
check("the graph", /^<svg/.test(await ask(lsp.ExecuteCommandRequest, { command: "orch.graph", arguments: [plan] })));
every("hints", await ask(lsp.InlayHintRequest, { textDocument: { uri: plan }, range: whole() }), types.InlayHint.is, 3);
const tokens = await ask(lsp.SemanticTokensRequest, { textDocument: { uri: plan } });
check("tokens", types.SemanticTokens.is(tokens) && tokens.data.length % 5 === 0);
let line = 0, column = 0;
const seen = [];
for (let i = 0; i < tokens.data.length; i += 5) {
	[line, column] = tokens.data[i] ? [line + tokens.data[i], tokens.data[i + 1]] : [line, column + tokens.data[i + 1]];
	seen.push(server.semanticTokensProvider.legend.tokenTypes[tokens.data[i + 3]] + " " +
		texts.get(plan).getText({ start: { line, character: column }, end: { line, character: column + tokens.data[i + 2] } }));
}
for (const token of ["keyword plan", "namespace site", "type claude", "function core", "string \"src/**\"", "number 1h", "comment # 🙂", "namespace parts"])
	check(`a token: ${token}`, seen.includes(token), seen);

actions = await ask(lsp.CodeActionRequest, { textDocument: { uri: plan }, range: { start: place("agent core"), end: place("agent core") }, context: { diagnostics: [], only: ["refactor"] } });
every("refactorings", actions, isAction, 2);
applied((await ask(lsp.CodeActionResolveRequest, actions.find((action) => /^Move the prompt/.test(action.title)))).edit);
same("the prompt is in a file", readFileSync(path.join(folder, "made.md"), "utf8"), "Make the model.");

const source = new lsp.CancellationTokenSource();
const slow = connection.sendRequest(lsp.HoverRequest.type, at("agent core", 8), source.token);
source.cancel();
await slow.then(() => check("an answer, or that it was cancelled", true),
	(error) => check("an answer, or that it was cancelled", error.code === lsp.LSPErrorCodes.RequestCancelled, error.code));
check("files are watched", registered.some((one) => one.method === "workspace/didChangeWatchedFiles"));
await connection.sendNotification(lsp.DidChangeWorkspaceFoldersNotification.type, { event: { added: [], removed: [{ uri: root, name: "plans" }] } });
for (const uri of [plan, parts])
	connection.sendNotification(lsp.DidCloseTextDocumentNotification.type, { textDocument: { uri } });
await until("what is closed has no findings", () => [...findings.values()].every((one) => !one.diagnostics.length));
await connection.sendRequest(lsp.ShutdownRequest.type);
const ended = new Promise((end) => child.on("exit", end));
await connection.sendNotification(lsp.ExitNotification.type);
same("it ends", await ended, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
