// model.mjs — a model service for tests, on loopback, without a model: what it answers stands in the prompt. It speaks as
// much of four services as Claude Code, Codex, opencode and Gemini CLI need to do their work.
//
//   node model.mjs PORT-FILE         writes the number of its port to the file once it listens
//
// A prompt is a script. Each line that begins with `%` is a step; steps are done one after the other, one for each request:
//   %write PATH TEXT        calls the client's tool for writing files (in TEXT, \n is a line end)
//   %read PATH              calls its tool for reading files, as some want before one is changed
//   %run COMMAND            calls its shell
//   %refuse CODE TIMES [S]  so many requests are answered with this HTTP error, and `retry-after: S`
//   %hang                   no answer
//   %endless COMMAND        calls its shell again and again, without an end
// After the last step it says "all done". What was done before is counted in the conversation, so that the only thing that it
// remembers is how often it has refused.
import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const refusals = new Map();
let serial = 0;
const fresh = kind => `${kind}_${(serial += 1).toString().padStart(6, '0')}`;
const plain = content => (typeof content === 'string' ? content : (content ?? []).map(part => part.text ?? '').join('\n'));

// A conversation, in all four services: what the user has said, and in it the results of tools, in order.
const said = text => ({ kind: 'said', text });
const result = { kind: 'result' };

function stream(response, events, named) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for (const event of events) {
    if (named) response.write(`event: ${event.type}\n`);
    response.write(`data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`);
  }
  response.end();
}
function whole(response, code, body, headers = {}) {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

const messages = {
  path: '/messages',
  conversation: body => body.messages.filter(turn => turn.role === 'user').flatMap(turn =>
    typeof turn.content === 'string' ? [said(turn.content)]
      : turn.content.map(part => (part.type === 'tool_result' ? result : said(part.text ?? '')))),
  tools: body => (body.tools ?? []).map(tool => tool.name),
  answer(response, body, step) {
    const usage = { input_tokens: 900, output_tokens: 30 };
    const block = step.tool ? { type: 'tool_use', id: fresh('tool'), name: step.tool, input: step.input } : { type: 'text', text: step.text };
    const reason = step.tool ? 'tool_use' : 'end_turn';
    const message = { id: fresh('msg'), type: 'message', role: 'assistant', model: body.model, content: [], stop_reason: null, stop_sequence: null, usage };
    if (!body.stream) return whole(response, 200, { ...message, content: [block], stop_reason: reason });
    const delta = step.tool ? { type: 'input_json_delta', partial_json: JSON.stringify(step.input) } : { type: 'text_delta', text: step.text };
    return stream(response, [
      { type: 'message_start', message },
      { type: 'content_block_start', index: 0, content_block: step.tool ? { ...block, input: {} } : { ...block, text: '' } },
      { type: 'content_block_delta', index: 0, delta },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage },
      { type: 'message_stop' },
    ], true);
  },
  failure(code) {
    const kinds = { 400: 'invalid_request_error', 401: 'authentication_error', 429: 'rate_limit_error', 500: 'api_error', 529: 'overloaded_error' };
    return { type: 'error', error: { type: kinds[code] ?? 'api_error', message: `refused with ${code}` } };
  },
};

const responses = {
  path: '/responses',
  conversation: body => body.input.flatMap(item => {
    if (item.type?.endsWith('_output')) return [result];
    return item.role === 'user' ? [said(plain(item.content))] : [];
  }),
  tools: body => (body.tools ?? []).map(tool => tool.name ?? tool.type),
  answer(response, body, step) {
    const item = step.tool
      ? { type: 'function_call', id: fresh('call'), call_id: fresh('call'), name: step.tool, arguments: JSON.stringify(step.input) }
      : { type: 'message', id: fresh('msg'), role: 'assistant', status: 'completed', content: [{ type: 'output_text', text: step.text, annotations: [] }] };
    const usage = { input_tokens: 900, input_tokens_details: { cached_tokens: 0 }, output_tokens: 30, output_tokens_details: { reasoning_tokens: 0 }, total_tokens: 930 };
    const done = { id: fresh('resp'), object: 'response', model: body.model, status: 'completed', output: [item], usage };
    if (!body.stream) return whole(response, 200, done);
    return stream(response, [
      { type: 'response.created', response: { ...done, status: 'in_progress', output: [] } },
      { type: 'response.output_item.added', output_index: 0, item },
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response: done },
    ], true);
  },
  failure: code => ({ error: { type: code === 429 ? 'rate_limit_exceeded' : 'server_error', code: code === 401 ? 'invalid_api_key' : null, message: `refused with ${code}` } }),
};

const chat = {
  path: '/chat/completions',
  conversation: body => body.messages.flatMap(turn =>
    turn.role === 'tool' ? [result] : turn.role === 'user' ? [said(plain(turn.content))] : []),
  tools: body => (body.tools ?? []).map(tool => tool.function?.name),
  answer(response, body, step) {
    const calls = step.tool ? [{ index: 0, id: fresh('call'), type: 'function', function: { name: step.tool, arguments: JSON.stringify(step.input) } }] : undefined;
    const message = { role: 'assistant', content: step.text ?? null, tool_calls: calls };
    const reason = step.tool ? 'tool_calls' : 'stop';
    const usage = { prompt_tokens: 900, completion_tokens: 30, total_tokens: 930 };
    const head = { id: fresh('chat'), created: 0, model: body.model };
    if (!body.stream) return whole(response, 200, { ...head, object: 'chat.completion', choices: [{ index: 0, message, finish_reason: reason }], usage });
    const chunk = { ...head, object: 'chat.completion.chunk' };
    return stream(response, [
      { ...chunk, choices: [{ index: 0, delta: message, finish_reason: null }] },
      { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: reason }], usage },
      '[DONE]',
    ], false);
  },
  failure: responses.failure,
};

const generate = {
  path: 'GenerateContent',
  conversation: body => body.contents.flatMap(turn => turn.parts.map(part =>
    (part.functionResponse ? result : said(turn.role === 'user' ? part.text ?? '' : '')))),
  tools: body => (body.tools ?? []).flatMap(tool => (tool.functionDeclarations ?? []).map(f => f.name)),
  answer(response, body, step, url) {
    const part = step.tool ? { functionCall: { name: step.tool, args: step.input } } : { text: step.text };
    const answer = {
      candidates: [{ index: 0, content: { role: 'model', parts: [part] }, finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 900, candidatesTokenCount: 30, totalTokenCount: 930 },
      modelVersion: 'none',
    };
    return url.includes('stream') ? stream(response, [answer], false) : whole(response, 200, answer);
  },
  failure: code => ({ error: { code, status: code === 429 ? 'RESOURCE_EXHAUSTED' : code === 401 ? 'UNAUTHENTICATED' : 'INTERNAL', message: `refused with ${code}` } }),
};

// How each client's tools want to be called.
const writers = {
  Write: (file, text) => ({ file_path: file, content: text }),
  write: (file, text) => ({ filePath: file, content: text }),
  write_file: (file, text) => ({ file_path: file, content: text }),
};
const readers = {
  Read: file => ({ file_path: file }),
  read: file => ({ filePath: file }),
  read_file: file => ({ file_path: file }),
};
const shells = {
  Bash: command => ({ command, description: 'a step' }),
  bash: command => ({ command, description: 'a step' }),
  run_shell_command: command => ({ command, description: 'a step' }),
  exec_command: command => ({ cmd: command }),
  shell_command: command => ({ command }),
  shell: command => ({ command: ['bash', '-c', command] }),
};
// Some want whole paths: clients tell the model where they work.
const places = /(?:working directory|workspace director(?:y|ies)|cwd)[^/\n]{0,30}(\/[^\s"\\<]+)/i;

function call(table, tools, ...what) {
  const tool = tools.find(name => name in table);
  return tool ? { tool, input: table[tool](...what) } : null;
}

function perform(line, tools, request) {
  const [, verb, first, rest] = /^%(\w+) ?(\S*) ?(.*)$/.exec(line);
  if (verb === 'run') return call(shells, tools, `${first} ${rest}`.trim()) ?? { text: 'there is no shell' };
  const folder = places.exec(request)?.[1];
  const file = folder ? join(folder, first) : first;
  if (verb === 'read') return call(readers, tools, file) ?? call(shells, tools, `cat '${first}'`) ?? { text: 'there is no tool for files' };
  const text = `${rest.replaceAll('\\n', '\n')}\n`;
  return call(writers, tools, file, text)
    ?? call(shells, tools, `mkdir -p '${dirname(first)}' && printf '%s' '${text}' >'${first}'`)
    ?? { text: 'there is no tool for files' };
}

function serve(request, response, raw) {
  const service = [messages, responses, chat, generate].find(one => request.url.toLowerCase().includes(one.path.toLowerCase()));
  let body;
  try {
    body = JSON.parse(raw);
  } catch {
    body = null;
  }
  if (!service || !body) return whole(response, 404, { error: { message: 'nothing is here' } });
  const turns = service.conversation(body);
  const at = turns.findLastIndex(turn => turn.kind === 'said' && /^%/m.test(turn.text));
  const lines = at < 0 ? [] : turns[at].text.split('\n').filter(line => line.startsWith('%'));
  const refuse = /^%refuse (\d+) (\d+) ?(\d*)/.exec(lines.find(line => line.startsWith('%refuse')) ?? '');
  if (refuse) {
    const script = lines.join('\n'), given = refusals.get(script) ?? 0;
    if (given < Number(refuse[2])) {
      refusals.set(script, given + 1);
      return whole(response, Number(refuse[1]), service.failure(Number(refuse[1])), refuse[3] ? { 'retry-after': refuse[3] } : {});
    }
  }
  if (lines.includes('%hang')) return undefined;
  const steps = lines.filter(line => /^%(write|read|run) /.test(line));
  const endless = lines.find(line => line.startsWith('%endless '))?.replace('%endless', '%run');
  const step = endless ?? steps[turns.slice(at + 1).filter(turn => turn === result).length];
  const tools = service.tools(body);
  return service.answer(response, body, step && tools.length ? perform(step, tools, raw) : { text: 'all done' }, request.url);
}

const server = createServer((request, response) => {
  const pieces = [];
  request.on('data', piece => pieces.push(piece));
  request.on('end', () => serve(request, response, Buffer.concat(pieces).toString()));
});
server.listen(0, '127.0.0.1', () => writeFileSync(process.argv[2], String(server.address().port)));
