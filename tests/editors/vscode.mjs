// vscode.mjs EXTENSION — is what the unpacked extension has in it whole, and does it start the language server? The editor
// is pretended: of its interface, what is asked for is there and does nothing, but for commands, tasks and settings.
// `orchc` in PATH is the one of tests/editors/bin, which notes in $STARTS that it was started.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { execFileSync, spawnSync } from 'node:child_process';

const folder = path.resolve(process.argv[2]);
const require = createRequire(import.meta.url);
const Module = require('node:module');
let passed = 0, failed = 0;
function check(holds, what, ...values) {
	if (holds) {
		passed++;
	} else {
		failed++;
		console.log('FAILED:', what, ...values);
	}
}
const read = (file) => fs.readFileSync(path.join(folder, file), 'utf8');
const manifest = JSON.parse(read('package.json'));
const { contributes } = manifest;

// What the manifest names is there, and the other way round.
const named = [manifest.main, manifest.icon, ...contributes.grammars.map((g) => g.path), ...contributes.snippets.map((s) => s.path),
	...contributes.languages.flatMap((l) => [l.configuration, l.icon.light, l.icon.dark])];
for (const file of named) {
	check(fs.existsSync(path.join(folder, file)), `${file} is there`);
	if (file.endsWith('.json')) {
		check(JSON.parse(read(file)), `${file} is JSON`);
	}
}
check(contributes.languages[0].id === 'orch' && contributes.languages[0].extensions.includes('.orch'), 'the language');
check(!manifest.devDependencies && !manifest.dependencies && !manifest.scripts, 'nothing is to be installed or run');
for (const grammar of contributes.grammars) {
	const text = read(grammar.path);
	check(JSON.parse(text).scopeName === grammar.scopeName, `${grammar.path} has its scope`);
	for (const scope of Object.keys(grammar.embeddedLanguages)) {
		check(text.includes(scope), `${scope} is in ${grammar.path}`);
	}
}
const declared = contributes.commands.map((c) => c.command);
for (const menu of Object.values(contributes.menus).flat()) {
	check(declared.includes(menu.command), `${menu.command} is a command`);
}
const bundle = read('dist/extension.js');
for (const setting of Object.keys(contributes.configuration.properties).filter((s) => !s.includes('.trace.'))) {
	check(bundle.includes(setting.replace(/^orch\./, '')), `${setting} is used`);
}
const configuration = JSON.parse(read('language-configuration.json'));
const rules = [configuration.wordPattern, ...Object.values(configuration.indentationRules), ...configuration.onEnterRules.map((r) => r.beforeText)];
check(rules.every((r) => new RegExp(r)), 'patterns');
check('semantic-cache'.match(new RegExp(configuration.wordPattern))[0] === 'semantic-cache', 'a name is a word');
const enters = (line) => configuration.onEnterRules.find((r) => new RegExp(r.beforeText).test(line))?.action.indent;
check(enters('  prompt """') === 'indent' && enters('  """') === 'none' && enters('  # """') === undefined, 'Enter behind quotes');

// Each snippet is something that the compiler's formatter takes.
for (const [name, snippet] of Object.entries(JSON.parse(read(contributes.snippets[0].path)))) {
	const text = snippet.body.join('\n').replace(/\$\{\d+\|([^,|]*)[^}]*\|\}/g, '$1').replace(/\$\{\d+:([^}]*)\}/g, '$1')
		.replace(/\$\d+/g, '').replace(/\\\$/g, '$');
	const blank = text.replace(/\{\n *\n\}/, '{}');
	const whole = /^(prompt|test)/.test(text) ? `agent a {\n${text.replace(/^/gm, '  ')}\n}\n` :
		/^metric/.test(text) ? `plan p {\n${text.replace(/^/gm, '  ')}\n}\n` : blank + '\n';
	const fmt = spawnSync('orchc', ['fmt', '-'], { input: whole, encoding: 'utf8' });
	check(fmt.status === 0 && !/error/.test(fmt.stderr), `the snippet ${name} is a plan`, whole, fmt.stderr);
	check(fmt.stdout.replace(/ +/g, ' ') === whole.replace(/ +/g, ' '), `the snippet ${name} is laid out`, whole, fmt.stdout);
}

// The problem matcher takes what orchc prints.
const short = spawnSync('orchc', ['check', '--format', 'short', process.env.FOLDER + '/plans/broken.orch'],
	{ cwd: process.env.FOLDER, encoding: 'utf8' }).stdout.trim().split('\n');
const [{ pattern }] = contributes.problemMatchers;
const found = short.map((line) => new RegExp(pattern.regexp).exec(line));
check(found.length === 2 && found.every((m) => m), 'the problem matcher', short);
check(found.map((m) => m?.[pattern.line]).join() === '3,6' && found[0]?.[pattern.severity] === 'error', 'its lines', short);
check(found[0]?.[pattern.file] === 'plans/broken.orch' && /^E\d{4}$/.test(found[0]?.[pattern.code]), 'its file and code', short);

// The editor that is pretended.
const commands = {}, providers = {}, messages = [], panels = [];
const disposable = { dispose() {} };
function pretended(name) {
	const target = class {
		constructor(...args) {
			Object.assign(this, { args });
		}
		dispose() {}
	};
	return new Proxy(target, {
		get(of, key) {
			if (key in of || typeof key === 'symbol' || key === 'then') {
				return of[key];
			}
			return (of[key] = /^(on|create|register)[A-Z]/.test(key) ? () => ({ ...disposable, ...quiet }) : pretended(`${name}.${key}`));
		},
		apply: () => undefined,
	});
}
const quiet = { append() {}, appendLine() {}, show() {}, set() {}, clear() {}, delete() {}, get() {}, forEach() {}, has: () => false };
const vscode = pretended('vscode');
class Uri {
	constructor(file) {
		Object.assign(this, { scheme: 'file', fsPath: file, path: file });
	}
	static file(file) {
		return new Uri(file);
	}
	static parse(text) {
		return new Uri(text.replace('file://', ''));
	}
	toString() {
		return 'file://' + this.fsPath;
	}
}
vscode.Uri = Uri;
class CodeActionKind {
	constructor(value) {
		this.value = value;
	}
	append(part) {
		return new CodeActionKind(this.value ? `${this.value}.${part}` : part);
	}
}
CodeActionKind.Empty = new CodeActionKind('');
vscode.CancellationTokenSource = class {
	token = { isCancellationRequested: false, onCancellationRequested: () => disposable };
	cancel() {
		this.token.isCancellationRequested = true;
	}
	dispose() {}
};
vscode.CodeActionKind = CodeActionKind;
vscode.EventEmitter = class {
	heard = [];
	event = (listener) => (this.heard.push(listener), disposable);
	fire(event) {
		this.heard.forEach((listener) => listener(event));
	}
	dispose() {}
};
vscode.version = '1.82.0';
vscode.env = { language: 'en', appName: 'pretended', uriScheme: 'x' };
vscode.TaskScope = { Workspace: 2 };
vscode.ViewColumn = { Beside: -2 };
vscode.commands.registerCommand = (name, run) => ((commands[name] = run), disposable);
const shown = new Map();
vscode.languages.createDiagnosticCollection = () => ({
	...quiet, ...disposable, set: (uri, list) => void shown.set(path.basename(String(uri)), list ?? []),
});
vscode.tasks.registerTaskProvider = (type, provider) => ((providers[type] = provider), disposable);
vscode.window.showErrorMessage = async (text) => void messages.push(text);
vscode.window.createWebviewPanel = () => (panels.push({ webview: {} }), panels.at(-1));
vscode.workspace.textDocuments = [];
vscode.workspace.notebookDocuments = [];
vscode.window.visibleTextEditors = [];
vscode.window.tabGroups = { all: [], onDidChangeTabs: () => disposable, onDidChangeTabGroups: () => disposable };
vscode.workspace.workspaceFolders = [{ uri: Uri.file(process.env.FOLDER), name: 'x', index: 0 }];
vscode.workspace.getWorkspaceFolder = () => vscode.workspace.workspaceFolders[0];
let program = 'orchc';
vscode.workspace.getConfiguration = () => ({ get: (key, other) => (key === 'orchc.path' ? program : other), has: () => false });
const open = (file) => ({ uri: Uri.file(file), languageId: 'orch', save: async () => true });
vscode.workspace.openTextDocument = async (uri) => open(uri.fsPath);
const load = Module._load;
Module._load = (request, ...rest) => (request === 'vscode' ? vscode : load(request, ...rest));

const until = async (holds) => {
	for (let i = 0; i < 100 && !holds(); i++) {
		await new Promise((done) => setTimeout(done, 50));
	}
	return holds();
};
const starts = () => (fs.existsSync(process.env.STARTS) ? fs.readFileSync(process.env.STARTS, 'utf8').trim().split('\n') : []);
const asked = () => (fs.existsSync(process.env.ASKED) ? fs.readFileSync(process.env.ASKED, 'utf8') : '');
const extension = require(path.join(folder, manifest.main));
const context = { subscriptions: [] };
await extension.activate(context);
check(await until(() => asked().includes('initialized')), 'the language server is asked', messages);
check(starts().join() === 'orchc lsp', 'it is started by `orchc lsp`', starts());
check(await until(() => shown.get('broken.orch')?.length >= 2), 'what is wrong is shown, of files that are not open, too', [...shown.keys()]);
for (const command of declared) {
	check(commands[command], `${command} is there`);
}
await commands['orch.restartServer']();
check(await until(() => starts().length === 2), 'it is started again', starts());
const made = providers.orch.provideTasks();
check(made.length === 3 && made[0].args[4].args[1].join(' ') === 'check --format short ${file}', 'tasks', made[0]?.args);
check(made[0].args[5] === '$' + contributes.problemMatchers[0].name, 'with the problem matcher');
const one = providers.orch.resolveTask({ definition: { type: 'orch', command: 'build', plan: 'a.orch' } });
check(one.args[4].args[1].join(' ') === 'build a.orch', 'a task of tasks.json', one.args);
await commands['orch.showGraph'](Uri.file(process.env.FOLDER + '/plans/shown.orch'));
check(await until(() => panels.length > 0 && panels[0].webview.html), 'the graph is shown', messages);
check(/<svg[\s\S]*first[\s\S]*<\/svg>/.test(panels[0]?.webview.html ?? ''), 'with its agents');
panels.length = 0;
await commands['orch.graph'](String(Uri.file(process.env.FOLDER + '/plans/shown.orch')));
check(await until(() => panels.length === 1 && /<svg[\s\S]*first/.test(panels[0].webview.html)), 'the lens shows it, too', messages);
await commands['orch.showGraph'](Uri.file(process.env.FOLDER + '/plans/broken.orch'));
check(await until(() => messages.length === 1) && /E0103/.test(messages[0]), 'a plan with mistakes has none, and that is said', messages);
program = '/nowhere/orchc';
await commands['orch.restartServer']();
check(await until(() => messages.some((m) => /\/nowhere\/orchc lsp does not start/.test(m))), 'no orchc, and that is said', messages);
await extension.deactivate();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
