"""A client of `orchc lsp` for tests and benchmarks: messages as the protocol frames them, and nothing else."""
import json
import os
import subprocess
import threading


class Client:
    def __init__(self, program, folder=None, encodings=None, resolves=True):
        self.process = subprocess.Popen([program, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.last = 0
        self.notes = []  # notifications, in the order in which they came
        self.answers = {}
        self.arrived = threading.Condition()
        self.ended = False
        threading.Thread(target=self._read, daemon=True).start()
        if folder is not None:
            can = {
                "textDocument": {
                    "codeAction": {"resolveSupport": {"properties": ["edit"]}} if resolves else {},
                    "completion": {"completionItem": {"snippetSupport": True}},
                    "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
                },
                "workspace": {"workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]}},
            }
            if encodings:
                can = dict(can, general={"positionEncodings": encodings})
            self.server = self.ask("initialize", {
                "processId": os.getpid(), "capabilities": can, "rootUri": uri(folder),
                "workspaceFolders": [{"uri": uri(folder), "name": "work"}]})
            self.tell("initialized", {})

    def _read(self):
        stream = self.process.stdout
        while True:
            length = None
            while True:
                line = stream.readline()
                if not line:
                    with self.arrived:
                        self.ended = True
                        self.arrived.notify_all()
                    return
                if line in (b"\r\n", b"\n"):
                    break
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            message = json.loads(stream.read(length))
            with self.arrived:
                if "method" in message:
                    self.notes.append(message)
                else:
                    self.answers[message["id"]] = message
                self.arrived.notify_all()

    def raw(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message):
        body = json.dumps(dict(message, jsonrpc="2.0")).encode()
        self.raw(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def tell(self, method, params):
        self.send({"method": method, "params": params})

    def begin(self, method, params):
        self.last += 1
        self.send({"id": self.last, "method": method, "params": params})
        return self.last

    def wait(self, number, seconds=60):
        with self.arrived:
            if not self.arrived.wait_for(lambda: number in self.answers or self.ended, seconds):
                raise TimeoutError(f"no answer to request {number}")
            if number not in self.answers:
                raise EOFError("the server has ended")
            return self.answers.pop(number)

    def ask(self, method, params):
        """The result; an error is raised."""
        answer = self.wait(self.begin(method, params))
        if "error" in answer:
            raise Refused(answer["error"])
        return answer["result"]

    def open(self, path, text, version=1):
        self.tell("textDocument/didOpen", {"textDocument": {
            "uri": uri(path), "languageId": "orch", "version": version, "text": text}})

    def change(self, path, changes, version):
        self.tell("textDocument/didChange", {"textDocument": {"uri": uri(path), "version": version},
                                             "contentChanges": changes})

    def findings(self, path, version=None, seconds=60):
        """The last diagnostics published of that file, and of that version when one is given."""
        def found():
            return [n["params"] for n in self.notes if n["method"] == "textDocument/publishDiagnostics"
                    and n["params"]["uri"] == uri(path)
                    and (version is None or n["params"].get("version") == version)]
        with self.arrived:
            if not self.arrived.wait_for(found, seconds):
                raise TimeoutError(f"nothing was published of {path}")
            return found()[-1]

    def at(self, path, line, character):
        return {"textDocument": {"uri": uri(path)}, "position": {"line": line, "character": character}}

    def close(self):
        self.ask("shutdown", None)
        self.send({"method": "exit"})
        self.process.stdin.close()
        return self.process.wait(60)


class Refused(Exception):
    pass


def uri(path):
    from urllib.parse import quote
    return "file://" + quote(os.path.realpath(path))


def offset(text, position, encoding="utf-16"):
    """The offset in a Python text of a place that counts units of UTF-16, or bytes of UTF-8."""
    lines = text.split("\n")
    if position["line"] >= len(lines):
        return len(text)
    before = sum(len(line) + 1 for line in lines[:position["line"]])
    line, units = lines[position["line"]], 0
    for index, character in enumerate(line):
        if units >= position["character"]:
            return before + index
        units += len(character.encode("utf-16-le")) // 2 if encoding == "utf-16" else len(character.encode())
    return before + len(line)


def apply(text, edits, encoding="utf-16"):
    """The text after edits of the protocol, which are about the text before all of them."""
    spans = sorted(((offset(text, e["range"]["start"], encoding), offset(text, e["range"]["end"], encoding),
                     e["newText"]) for e in edits), key=lambda s: (s[0], s[1]), reverse=True)
    for start, end, new in spans:
        text = text[:start] + new + text[end:]
    return text
