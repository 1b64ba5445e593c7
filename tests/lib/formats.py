#!/usr/bin/env python3
"""formats.py ORCHC FOLDER — the forms of findings that programs read, held against one another and against the plans.

Every plan of FOLDER, a repository's root, is checked in each form. JSON is taken at its word only where the
place that it gives is the same in bytes, in characters and in UTF-16; the others must say what JSON says.
SARIF is held against a table of the members that SARIF 2.1.0 has for the objects that are used."""
import json
import os
import re
import subprocess
import sys
import urllib.parse

passed = failed = 0


def holds(good, what):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print("formats:", what)


def run(*arguments):
    done = subprocess.run([ORCHC, "check", "--max-errors", "0", *arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, cwd=FOLDER)
    return done.stdout


def utf16(text):
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Files:
    """What is in the files, as bytes."""

    def __init__(self):
        self.bytes = {}

    def get(self, path):
        if path not in self.bytes:
            with open(os.path.join(FOLDER, path), "rb") as file:
                self.bytes[path] = file.read()
        return self.bytes[path]

    def place(self, path, offset):
        """Line, column in characters and in UTF-16 units, all from 1."""
        before = self.get(path)[:offset]
        line = before.count(b"\n") + 1
        text = before[before.rfind(b"\n") + 1:].decode("utf-8", "surrogateescape")
        return line, len(text) + 1, utf16(text) + 1


FILES = Files()


def check_place(place):
    start = FILES.place(place["file"], place["start"])
    end = FILES.place(place["file"], place["end"])
    return (place["start"] <= place["end"] <= len(FILES.get(place["file"])) and
            (place["line"], place["column"], place["utf16_column"]) == start and
            (place["end_line"], place["end_column"], place["end_utf16_column"]) == end)


def check_json(found):
    places = [found["place"], *found["labels"]]
    for fix in found["fixes"]:
        holds(fix["applicability"] in ("safe", "unsafe", "display") and fix["title"], "a fix says what it is")
        places += [edit["place"] for edit in fix["edits"]]
    return all(check_place(place) for place in places if not place["file"].startswith("std/"))


def decode_github(text, value):
    for code, plain in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ",")):
        if value or code in ("%0D", "%0A"):
            text = text.replace(code, plain)
    return text.replace("%25", "%")


def visible(text):
    return not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", text)


def check_github(line, found):
    match = re.fullmatch(r"::(error|warning) ([^:]*)::(.*)", line)
    if not match:
        return False
    level, values, message = match.groups()
    values = {key: decode_github(value, True) for key, value in (pair.split("=", 1) for pair in values.split(","))}
    place = found["place"]
    one_line = place["line"] == place["end_line"]
    return (level == found["severity"] and values["line"] == str(place["line"]) and
            values["endLine"] == str(place["end_line"]) and ("col" in values) == one_line and
            (not one_line or values["col"] == str(place["column"])) and
            values["title"] == found["code"] + " " + found["name"] and
            (values["file"] == place["file"] or not visible(place["file"])) and
            (decode_github(message, False).split("\n")[0] == found["message"] or not visible(found["message"])))


def check_short(line, found):
    match = re.fullmatch(r"(.+?):(\d+):(\d+): (error|warning)\[([EW]\d{4})\] ([a-z-]+): (.+)", line)
    place = found["place"]
    return bool(match) and match.groups()[1:6] == (str(place["line"]), str(place["column"]), found["severity"],
                                                   found["code"], found["name"])


# The members of the objects of SARIF 2.1.0 that orchc writes: name → (type, required). A list's type is [of what].
TEXT, NUMBER, FLAG = str, int, bool
SARIF = {
    "log": {"$schema": (TEXT, 0), "version": (TEXT, 1), "runs": (["run"], 1)},
    "run": {"tool": ("tool", 1), "originalUriBaseIds": ("bases", 0), "columnKind": (TEXT, 0),
            "invocations": (["invocation"], 0), "results": (["result"], 1)},
    "tool": {"driver": ("driver", 1)},
    "driver": {"name": (TEXT, 1), "version": (TEXT, 0), "rules": (["rule"], 0)},
    "rule": {"id": (TEXT, 1), "name": (TEXT, 1), "shortDescription": ("message", 1), "fullDescription": ("message", 1),
             "help": ("help", 1), "defaultConfiguration": ("configuration", 1)},
    "help": {"text": (TEXT, 1), "markdown": (TEXT, 1)},
    "configuration": {"level": (TEXT, 1)},
    "bases": {"%SRCROOT%": ("base", 1)},
    "base": {"description": ("message", 1)},
    "invocation": {"executionSuccessful": (FLAG, 1), "toolExecutionNotifications": (["notification"], 0)},
    "notification": {"level": (TEXT, 1), "message": ("message", 1)},
    "result": {"ruleId": (TEXT, 1), "ruleIndex": (NUMBER, 1), "level": (TEXT, 1), "message": ("message", 1),
               "locations": (["location"], 1), "relatedLocations": (["location"], 0), "fixes": (["fix"], 0),
               "partialFingerprints": ("fingerprints", 1)},
    "message": {"text": (TEXT, 1)},
    "location": {"id": (NUMBER, 0), "physicalLocation": ("physical", 1), "message": ("message", 0)},
    "physical": {"artifactLocation": ("artifact", 1), "region": ("region", 1)},
    "artifact": {"uri": (TEXT, 1), "uriBaseId": (TEXT, 0)},
    "region": {"startLine": (NUMBER, 1), "startColumn": (NUMBER, 1), "endLine": (NUMBER, 1), "endColumn": (NUMBER, 1),
               "byteOffset": (NUMBER, 1), "byteLength": (NUMBER, 1)},
    "fix": {"description": ("message", 1), "artifactChanges": (["change"], 1), "properties": ("properties", 1)},
    "change": {"artifactLocation": ("artifact", 1), "replacements": (["replacement"], 1)},
    "replacement": {"deletedRegion": ("region", 1), "insertedContent": ("message", 1)},
    "properties": {"applicability": (TEXT, 1)},
    "fingerprints": {"primaryLocationLineHash": (TEXT, 1)},
}


def check_type(value, kind, where):
    if isinstance(kind, list):
        holds(isinstance(value, list), "%s is a list" % where)
        for element in value:
            check_type(element, kind[0], where)
    elif isinstance(kind, str):
        check_object(value, kind, where)
    else:
        holds(type(value) is kind, "%s is %s" % (where, kind.__name__))


def check_object(value, kind, where):
    members = SARIF[kind]
    holds(isinstance(value, dict) and set(value) <= set(members), "%s has no other members: %s" % (where, value))
    for name, (of, required) in members.items():
        if name in value:
            check_type(value[name], of, where + "." + name)
        else:
            holds(not required, "%s has %s" % (where, name))


def check_region(artifact, region):
    if "uriBaseId" not in artifact:
        return artifact["uri"].startswith("orchc:std/")
    path = urllib.parse.unquote(artifact["uri"])
    start = FILES.place(path, region["byteOffset"])[:2]
    end = FILES.place(path, region["byteOffset"] + region["byteLength"])[:2]
    return (re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+", artifact["uri"]) and
            artifact["uriBaseId"] == "%SRCROOT%" and start == (region["startLine"], region["startColumn"]) and
            end == (region["endLine"], region["endColumn"]))


def check_result(result, found, rules):
    holds(result["ruleId"] == found["code"] and rules[result["ruleIndex"]]["id"] == found["code"],
          "a result is of its rule")
    holds(result["level"] == found["severity"] and result["message"]["text"].startswith(found["message"]),
          "a result says what JSON says")
    locations = result["locations"] + result.get("relatedLocations", [])
    holds(len(locations) == 1 + len(found["labels"]), "a result has all places")
    places = [(at["physicalLocation"]["artifactLocation"], at["physicalLocation"]["region"]) for at in locations]
    fixes = [fix for fix in found["fixes"] if fix["applicability"] != "display"]
    holds([fix["properties"]["applicability"] for fix in result.get("fixes", [])] ==
          [fix["applicability"] for fix in fixes], "a result has the fixes")
    for fix in result.get("fixes", []):
        for change in fix["artifactChanges"]:
            places += [(change["artifactLocation"], edit["deletedRegion"]) for edit in change["replacements"]]
    for artifact, region in places:
        holds(check_region(artifact, region), "a region is where it says: %s %s" % (artifact, region))


def check_sarif(document, all_found):
    check_object(document, "log", "log")
    run_of = document["runs"][0]
    rules = run_of["tool"]["driver"]["rules"]
    holds(document["version"] == "2.1.0" and run_of["columnKind"] == "unicodeCodePoints", "the version and the columns")
    holds(len(rules) == len({rule["id"] for rule in rules}), "each rule once")
    holds(len(run_of["results"]) == len(all_found), "as many results as findings")
    for rule in rules:
        holds(rule["help"]["markdown"].startswith("# " + rule["id"]) and rule["fullDescription"]["text"],
              "a rule is explained")
    prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run_of["results"]]
    holds(len(set(prints)) == len(prints), "no fingerprint twice")
    for result, found in zip(run_of["results"], all_found):
        check_result(result, found, rules)


def check_gitlab(document, all_found):
    holds(len(document) == len(all_found), "gitlab: as many as findings")
    prints = [entry["fingerprint"] for entry in document]
    holds(len(set(prints)) == len(prints), "gitlab: no fingerprint twice")
    for entry, found in zip(document, all_found):
        lines = entry["location"]["lines"]
        holds(set(entry) == {"description", "check_name", "fingerprint", "severity", "location"} and
              entry["check_name"] == "%s %s" % (found["code"], found["name"]) and
              entry["severity"] == {"error": "major", "warning": "minor"}[found["severity"]] and
              entry["location"]["path"] == ("orchc:" if found["place"]["file"].startswith("std/") else "") + found["place"]["file"] and
              (lines["begin"], lines["end"]) == (found["place"]["line"], found["place"]["end_line"]),
              "gitlab says what JSON says: %s" % entry)


def main():
    plans = sorted(name for name in os.listdir(FOLDER) if name.endswith(".orch"))
    output = run("--format", "json", *plans).decode()
    all_found = [json.loads(line) for line in output.splitlines()]
    holds(visible(output), "nothing in JSON moves a cursor")
    holds(len(all_found) > 100, "there is much to look at")
    for found in all_found:
        holds(check_json(found), "places are the same in all units: %s" % found)
    for form, check in (("short", check_short), ("github", check_github)):
        output = run("--format", form, *plans).decode()
        holds(visible(output), "nothing in %s moves a cursor" % form)
        lines = output.split("\n")[:-1]
        holds(len(lines) == len(all_found), "%s: a line for each finding" % form)
        for line, found in zip(lines, all_found):
            holds(check(line, found), "%s says what JSON says: %s" % (form, line))
    output = run("--format", "gitlab", *plans).decode()
    holds(visible(output), "nothing in gitlab moves a cursor")
    check_gitlab(json.loads(output), all_found)
    # Lines above a plan's mistakes change nothing of what they are known by.
    if "E0301-overlap-glob-vs-literal.orch" in plans:
        name = "E0301-overlap-glob-vs-literal.orch"
        before = json.loads(run("--format", "gitlab", name))
        with open(os.path.join(FOLDER, name), "rb") as file:
            text = file.read()
        with open(os.path.join(FOLDER, name), "wb") as file:
            file.write(b"# One.\n\n" + text)
        after = json.loads(run("--format", "gitlab", name))
        with open(os.path.join(FOLDER, name), "wb") as file:
            file.write(text)
        holds([entry["fingerprint"] for entry in before] == [entry["fingerprint"] for entry in after] and before != after,
              "gitlab: lines move, fingerprints stay")
    output = run("--format", "sarif", *plans, "there-is-none.orch").decode()
    document = json.loads(output)
    check_sarif(document, all_found)
    invocation = document["runs"][0]["invocations"][0]
    holds(not invocation["executionSuccessful"] and len(invocation["toolExecutionNotifications"]) == 1,
          "what could not be read is said in SARIF")
    with open(os.path.join(FOLDER, "all.sarif"), "w") as file:
        file.write(output)
    print("%d passed, %d failed" % (passed, failed))
    return failed != 0


ORCHC, FOLDER = sys.argv[1:]
sys.exit(main())
