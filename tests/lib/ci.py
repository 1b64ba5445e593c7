#!/usr/bin/env python3
"""ci.py — what CI is told to do, done here: the scripts that its files say, as each system would run them, in the current
folder.

    ci.py workflow FILE ACTION [NAME=VALUE…]    a workflow of GitHub; `uses: OWNER/orch@…` is the action in the folder ACTION
    ci.py gitlab FILE [NAME=VALUE…]             .gitlab-ci.yml
    ci.py circleci FILE [NAME=VALUE…]           .circleci/config.yml
    ci.py jenkins FILE [NAME=VALUE…]            a Jenkinsfile

NAME=VALUE are what the system sets: for GitHub members of its contexts (github.event.pull_request.base.sha, and RUNNER_TEMP),
else variables of the environment. Actions of others are not run, but said, with what they are given. The exit status is 1
when a script failed."""
import os
import re
import subprocess
import sys

import yaml

TOKEN = re.compile(r"\s*(?:('(?:[^']|'')*')|(&&|\|\||==|!=|!|\(|\))|([A-Za-z_][\w.-]*))")


class Expression:
    """What stands in ${{ }}: texts, names, and && || == != ! and the functions that ask how the job is."""

    def __init__(self, text, contexts, failed):
        self.tokens, self.contexts, self.failed = [], contexts, failed
        while text.strip():
            match = TOKEN.match(text)
            if not match:
                sys.exit("ci.py: cannot read the expression at: " + text)
            self.tokens.append(match.group().strip())
            text = text[match.end():]

    def next(self):
        return self.tokens.pop(0) if self.tokens else ""

    def take(self, *tokens):
        return self.next() if self.tokens and self.tokens[0] in tokens else None

    def one(self):
        token = self.next()
        if token == "!":
            return not self.one()
        if token == "(":
            value = self.either()
            self.next()
            return value
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if self.take("("):
            self.next()
            return {"cancelled": False, "always": True, "failure": self.failed, "success": not self.failed}[token]
        return self.contexts.get(token, "")

    def equal(self):
        value = self.one()
        operator = self.take("==", "!=")
        return value if not operator else (value == self.one()) == (operator == "==")

    def both(self):
        value = self.equal()
        while self.take("&&"):
            other = self.equal()
            value = value and other
        return value

    def either(self):
        value = self.both()
        while self.take("||"):
            other = self.both()
            value = value or other
        return value


def bare(text):
    match = re.fullmatch(r"\s*\$\{\{(.*)\}\}\s*", str(text), re.S)
    return match.group(1) if match else str(text)


def filled(text, contexts, failed=False):
    """The text with its expressions worked out."""
    if isinstance(text, bool):
        return str(text).lower()
    return re.sub(r"\$\{\{(.*?)\}\}", lambda match: str(Expression(match.group(1), contexts, failed).either()), str(text),
                  flags=re.S)


class Job:
    """Steps one after the other: what they leave behind in files, the next ones find."""

    def __init__(self, contexts, action):
        self.contexts, self.action, self.failed = contexts, action, False
        self.temp = contexts["runner.temp"]
        self.path = []

    def wanted(self, step, contexts):
        condition = bare(step.get("if", "success()"))
        value = Expression(condition, contexts, self.failed).either()
        states = re.search(r"\b(always|cancelled|failure|success)\(", condition)
        return bool(value) and (bool(states) or not self.failed)

    def run(self, step, contexts, action_path):
        command_files = {name: os.path.join(self.temp, name) for name in ("GITHUB_OUTPUT", "GITHUB_PATH")}
        script = os.path.join(self.temp, "script.sh")
        for file in command_files.values():
            open(file, "w").close()
        with open(script, "w") as file:
            file.write(filled(step["run"], contexts))
        environment = dict(os.environ, RUNNER_TEMP=self.temp, GITHUB_WORKSPACE=os.getcwd(), CI="true", **command_files)
        environment["PATH"] = ":".join(self.path[::-1] + [environment["PATH"]])
        if action_path:
            environment["GITHUB_ACTION_PATH"] = action_path
        environment.update({key: filled(value, contexts) for key, value in step.get("env", {}).items()})
        shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail"] if step.get("shell") else ["bash", "-e"]
        sys.stdout.flush()
        self.failed |= subprocess.run(shell + [script], env=environment, stdin=subprocess.DEVNULL).returncode != 0
        with open(command_files["GITHUB_PATH"]) as file:
            self.path += file.read().split()
        with open(command_files["GITHUB_OUTPUT"]) as file:
            for line in file:
                name, value = line.rstrip("\n").split("=", 1)
                contexts["steps.%s.outputs.%s" % (step.get("id"), name)] = value

    def use(self, step, contexts):
        given = {key: filled(value, contexts) for key, value in step.get("with", {}).items()}
        if step["uses"].split("@")[0] != "OWNER/orch":
            print("uses %s" % step["uses"], *("%s=%s" % pair for pair in given.items()))
            return
        with open(os.path.join(self.action, "action.yml")) as file:
            action = yaml.safe_load(file)
        unknown = set(given) - set(action["inputs"])
        if unknown:
            sys.exit("ci.py: action.yml has no input %s" % ", ".join(sorted(unknown)))
        within = dict(contexts)
        for name, about in action["inputs"].items():
            within["inputs." + name] = given.get(name, filled(about["default"], contexts))
        self.steps(action["runs"]["steps"], within, self.action)
        for name, about in action["outputs"].items():
            contexts["steps.%s.outputs.%s" % (step.get("id"), name)] = filled(about["value"], within)

    def steps(self, steps, contexts, action_path=None):
        for step in steps:
            if not self.wanted(step, contexts):
                continue
            if "uses" in step:
                self.use(step, contexts)
            else:
                self.run(step, contexts, action_path)


def workflow(text, values):
    action = values.pop(0)
    contexts = dict(value.split("=", 1) for value in values)
    failed = False
    for job in yaml.safe_load(text)["jobs"].values():
        one = Job(contexts, action)
        one.steps(job["steps"], contexts)
        failed |= one.failed
    return failed


def shell(script, values):
    environment = dict(os.environ, **dict(value.split("=", 1) for value in values))
    sys.stdout.flush()
    return subprocess.run(["sh", "-ec", script], env=environment, stdin=subprocess.DEVNULL).returncode != 0


def gitlab(text, values):
    jobs = [job for job in yaml.safe_load(text).values() if isinstance(job, dict) and "script" in job]
    return any([shell("\n".join(job["script"]), values) for job in jobs])


def circleci(text, values):
    steps = [step["run"] for job in yaml.safe_load(text)["jobs"].values() for step in job["steps"] if "run" in step]
    return any([shell(step if isinstance(step, str) else step["command"], values) for step in steps])


def jenkins(text, values):
    return any([shell(script, values) for script in re.findall(r"\bsh '([^']*)'", text)])


with open(sys.argv[2]) as opened:
    sys.exit({"workflow": workflow, "gitlab": gitlab, "circleci": circleci, "jenkins": jenkins}[sys.argv[1]](
        opened.read(), sys.argv[3:]))
