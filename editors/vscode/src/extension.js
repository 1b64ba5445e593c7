// extension.js — starts the language server, `orchc lsp`, and has the commands and tasks that package.json names.
const { execFile } = require('child_process');
const path = require('path');
const vscode = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

let client;

function orchc() {
	return vscode.workspace.getConfiguration('orch').get('orchc.path') || 'orchc';
}

async function startServer() {
	const run = { command: orchc(), args: ['lsp'] };
	client = new LanguageClient('orch', 'orch', run, {
		documentSelector: [{ scheme: 'file', language: 'orch' }, { scheme: 'untitled', language: 'orch' }],
		middleware: {
			// The lens above a plan: the server answers with the picture.
			executeCommand: async (command, args, next) => {
				const answer = await next(command, args);
				if (command === 'orch.graph' && answer) {
					showPicture(path.basename(vscode.Uri.parse(args[0]).fsPath), answer);
				}
				return answer;
			},
		},
	});
	try {
		await client.start();
	} catch (error) {
		const settings = 'Open settings';
		const answer = await vscode.window.showErrorMessage(
			`${run.command} lsp does not start: ${error.message}. Is orch installed, and orchc in PATH or in the setting orch.orchc.path?`,
			settings);
		if (answer === settings) {
			vscode.commands.executeCommand('workbench.action.openSettings', 'orch.orchc.path');
		}
	}
}

async function stopServer() {
	const old = client;
	client = undefined;
	try {
		await old?.stop();
	} catch {
		// It never ran, or has ended by itself.
	}
}

async function restartServer() {
	await stopServer();
	await startServer();
}

function folderOf(uri) {
	return vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? path.dirname(uri.fsPath);
}

function showPicture(name, svg) {
	const panel = vscode.window.createWebviewPanel('orch.graph', `${name}: who comes after whom`,
		vscode.ViewColumn.Beside, { enableScripts: false });
	panel.webview.html = '<!DOCTYPE html><html><head><meta charset="utf-8">' +
		'<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">' +
		`</head><body>${svg.replace(/^<\?xml[^>]*\?>/, '')}</body></html>`;
}

// The picture comes from the file, so what was not saved is saved first.
async function showGraph(uri) {
	const document = uri instanceof vscode.Uri ? await vscode.workspace.openTextDocument(uri) :
		vscode.window.activeTextEditor?.document;
	if (document?.languageId !== 'orch') {
		vscode.window.showInformationMessage('Open a plan first.');
		return;
	}
	await document.save();
	const plan = document.uri.fsPath;
	const options = { cwd: folderOf(document.uri), maxBuffer: 64 << 20 };
	execFile(orchc(), ['graph', '--format', 'svg', '--color', 'never', plan], options, (error, svg, said) => {
		if (error) {
			vscode.window.showErrorMessage(said.trim() || error.message);
			return;
		}
		showPicture(path.basename(plan), svg);
	});
}

function taskOf(definition, scope, plan) {
	const args = definition.command === 'check' ? ['check', '--format', 'short', plan] : [definition.command, plan];
	return new vscode.Task(definition, scope, definition.plan ? `${definition.command} ${definition.plan}` : definition.command,
		'orch', new vscode.ProcessExecution(orchc(), args), '$orchc');
}

const tasks = {
	provideTasks() {
		return ['check', 'build', 'plan'].map((command) =>
			taskOf({ type: 'orch', command }, vscode.TaskScope.Workspace, '${file}'));
	},
	resolveTask(task) {
		const { definition } = task;
		return taskOf(definition, task.scope ?? vscode.TaskScope.Workspace, definition.plan ?? '${file}');
	},
};

async function activate(context) {
	context.subscriptions.push(
		vscode.commands.registerCommand('orch.restartServer', restartServer),
		vscode.commands.registerCommand('orch.showGraph', showGraph),
		vscode.tasks.registerTaskProvider('orch', tasks),
		vscode.workspace.onDidChangeConfiguration((event) => {
			if (event.affectsConfiguration('orch.orchc.path')) {
				restartServer();
			}
		}));
	await startServer();
}

module.exports = { activate, deactivate: stopServer };
