// textmate.mjs MODULES GRAMMAR words FOLDER — is every word of FOLDER/words.tsv shown as what it is?
// textmate.mjs MODULES GRAMMAR show FILE — each line of a plan, and below it the scopes of its parts.
// textmate.mjs MODULES GRAMMAR page FILE — a page that shows it with the colours of VS Code's dark theme.
// All with the engine of VS Code, vscode-textmate and vscode-oniguruma, which lie in MODULES/node_modules.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const [modules, grammarPath, what, subject] = process.argv.slice(2);
const require = createRequire(path.resolve(modules, 'package.json'));
const oniguruma = require('vscode-oniguruma');
const textmate = require('vscode-textmate');
const wasm = fs.readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.length));
const others = { 'text.html.markdown': 'markdown', 'source.shell': 'shellscript' };
const registry = new textmate.Registry({
	onigLib: Promise.resolve({
		createOnigScanner: (sources) => new oniguruma.OnigScanner(sources),
		createOnigString: (text) => new oniguruma.OnigString(text),
	}),
	getInjections: (scope) => (scope === 'text.html.markdown' ? ['markdown.orch.codeblock'] : undefined),
	loadGrammar: async (scope) => {
		const file = scope === 'source.orch' ? grammarPath :
			scope === 'markdown.orch.codeblock' ? path.join(path.dirname(grammarPath), 'markdown.tmLanguage.json') : others[scope] &&
			path.resolve(modules, 'node_modules/tm-grammars/grammars', others[scope] + '.json');
		return file ? textmate.parseRawGrammar(fs.readFileSync(file, 'utf8'), 'x.json') : null;
	},
});
const grammar = await registry.loadGrammar('source.orch');

function* lines(file, by = grammar) {
	let stack = textmate.INITIAL;
	for (const line of fs.readFileSync(file, 'utf8').replace(/\n$/, '').split('\n')) {
		const result = by.tokenizeLine(line, stack);
		stack = result.ruleStack;
		yield { line, tokens: result.tokens.filter((t) => t.startIndex < line.length) };
	}
}

if (what === 'show') {
	for (const { line, tokens } of lines(subject)) {
		console.log('>' + line);
		for (const t of tokens) {
			const scopes = t.scopes.slice(1).filter((s) => s !== 'meta.statement.orch');
			const end = Math.min(t.endIndex, line.length);
			if (scopes.length && line.slice(t.startIndex, end).trim()) {
				console.log('#' + ' '.repeat(t.startIndex) + '^'.repeat(end - t.startIndex) + ' ' + scopes.join(' '));
			}
		}
	}
	process.exit(0);
}

if (what === 'page') {
	const theme = JSON.parse(fs.readFileSync(path.resolve(modules, 'node_modules/tm-themes/themes/dark-plus.json')));
	// For each scope, from the outside in, what the most exact rule says.
	const styleOf = (scopes) => {
		let style = {};
		for (const scope of scopes) {
			const fit = theme.tokenColors.flatMap((rule) => [rule.scope ?? []].flat().map((s) => [s.trim(), rule.settings]))
				.filter(([s]) => scope === s || scope.startsWith(s + '.')).sort((a, b) => a[0].length - b[0].length).at(-1);
			style = { ...style, ...fit?.[1] };
		}
		return style;
	};
	const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
	console.log('<!DOCTYPE html><meta charset="utf-8"><style>body{margin:10px 14px;background:#1e1e1e;color:#d4d4d4;' +
		'font:14px/18px "DejaVu Sans Mono",monospace}pre{margin:0;font:inherit}</style><pre>');
	for (const { line, tokens } of lines(subject)) {
		console.log(tokens.map((t) => {
			const { foreground, fontStyle = '' } = styleOf(t.scopes.flatMap((s) => s.split(' ')));
			const style = (foreground ? `color:${foreground};` : '') + (/bold/.test(fontStyle) ? 'font-weight:bold;' : '') +
				(/italic/.test(fontStyle) ? 'font-style:italic;' : '') + (/underline/.test(fontStyle) ? 'text-decoration:underline;' : '');
			return `<span style="${style}">${escape(line.slice(t.startIndex, t.endIndex))}</span>`;
		}).join(''));
	}
	console.log('</pre>');
	process.exit(0);
}

const kinds = {
	statement: /^keyword\.control\.orch$/,
	declaration: /^storage\.type\.orch$/,
	argument: /^keyword\.other\.argument\.orch$/,
	name: /^entity\.name\.type\.orch$/,
	reference: /^(variable\.(other\.reference|parameter)|entity\.name\.namespace)\.orch$/,
	text: /^(string\.|meta\.embedded\.block\.)/,
	comment: /^comment\./,
	number: /^constant\.numeric\./,
};
const all = [...lines(subject + '/words.orch')];
let passed = 0, failed = 0;
for (const row of fs.readFileSync(subject + '/words.tsv', 'utf8').trim().split('\n')) {
	const [number, column, text, kind] = row.split('\t');
	const { line, tokens } = all[number - 1];
	const token = tokens.find((t) => t.startIndex < column && column <= t.endIndex);
	const scopes = token.scopes.slice(1);
	// The innermost says what it is; but in texts, Markdown has scopes of its own.
	const fits = kind === 'text' || kind === 'comment' ? scopes.some((s) => kinds[kind].test(s)) :
		kinds[kind].test(scopes.at(-1) ?? '');
	if (fits) {
		passed++;
	} else if (++failed <= 20) {
		console.log(`FAILED: ${number}:${column}: \`${text}\` in \`${line.trim()}\` is no ${kind} but ${scopes.join(' ') || 'nothing'}`);
	}
}
// A plan in Markdown, and what is behind it.
fs.writeFileSync(subject + '/fenced.md', '# Plan\n\n```orch\nplan x {\n  prompt """\n    ~~~\n```\n\nplan *y*\n');
const fenced = [...lines(subject + '/fenced.md', await registry.loadGrammar('text.html.markdown'))].map(({ tokens }) =>
	tokens.flatMap((t) => t.scopes));
if (!fenced[3].includes('storage.type.orch') || !fenced[4].includes('keyword.control.orch') ||
	fenced[8].some((s) => s.endsWith('.orch')) || !fenced[8].includes('markup.italic.markdown')) {
	failed++;
	console.log('FAILED: a plan in Markdown is shown as', fenced);
}
// All are one test: which fails is said above.
console.log(`${passed} places are right, ${failed} are not`);
console.log(failed ? `0 passed, ${failed} failed` : '1 passed, 0 failed');
process.exit(failed ? 1 : 0);
