#!/usr/bin/env python3
"""fixes.py ORCHC FOLDER — every fix that is offered for a plan of FOLDER, applied by itself: afterwards there are fewer
findings, and none of a kind that was not there before. And all that --fix does, done twice, is done once."""
import collections
import json
import os
import subprocess
import sys

ORCHC, FOLDER = sys.argv[1:]
passed = failed = 0


def holds(good, what):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print("fix:", what)


def check(plan, *options):
    done = subprocess.run([ORCHC, "check", "--format", "json", *options, plan], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, cwd=FOLDER)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def read(path):
    with open(os.path.join(FOLDER, path), "rb") as file:
        return file.read()


def write(path, content):
    with open(os.path.join(FOLDER, path), "wb") as file:
        file.write(content)


def apply(fix):
    """Applies the edits; the contents that the files had."""
    before = {}
    for edit in sorted(fix["edits"], key=lambda edit: edit["place"]["start"], reverse=True):
        place = edit["place"]
        content = read(place["file"])
        before.setdefault(place["file"], content)
        write(place["file"], content[:place["start"]] + edit["text"].encode() + content[place["end"]:])
    return before


def check_fix(plan, found, finding, fix):
    before = apply(fix)
    after = check(plan)
    codes = {other["code"] for other in found}
    what = "%s, %s, %s:" % (plan, finding["code"], fix["title"])
    # What is said once for several, as by a group to its members, is found for the next of them, then.
    # So is what is wrong behind it in the same statement.
    others = [other for other in after if other["message"] != finding["message"] and
              (other["code"] == finding["code"] and other["place"]["start"] == finding["place"]["start"] or
               other["code"][:3] == "E01" and other["place"]["line"] == finding["place"]["line"])]
    holds(len(after) < len(found) or (len(after) == len(found) and others),
          "%s %d findings became %d" % (what, len(found), len(after)))
    new = [other["code"] + " " + other["message"] for other in after if other["code"] not in codes]
    holds(not new, "%s makes %s" % (what, new))
    for path, content in before.items():
        write(path, content)


def check_twice(plan, options):
    """The files as they are after fixing once and twice, and the findings that are left, are the same."""
    names = [name for name in os.listdir(FOLDER) if os.path.isfile(os.path.join(FOLDER, name))]
    before = {name: read(name) for name in names}
    found = check(plan)
    left = check(plan, "--fix", *options)
    once = {name: read(name) for name in names}
    again = check(plan, "--fix", *options)
    holds(once == {name: read(name) for name in names}, "%s: %s a second time changes more" % (plan, options))
    holds(left == again == check(plan), "%s: what is left is what is found" % plan)
    errors = [sum(one["severity"] == "error" for one in those) for those in (found, left)]
    holds(errors[1] <= errors[0], "%s: %d errors became %d" % (plan, *errors))
    can = ["safe", "unsafe"] if options else ["safe"]
    if not any(fix["applicability"] in can for one in found for fix in one["fixes"]):
        holds(once == before, "%s: changed without a fix" % plan)
    for name in names:
        write(name, before[name])


def main():
    offered = collections.Counter()
    for plan in sorted(name for name in os.listdir(FOLDER) if name.endswith(".orch")):
        found = check(plan)
        for finding in found:
            for fix in finding["fixes"]:
                if fix["applicability"] != "display":
                    offered[finding["code"]] += 1
                    check_fix(plan, found, finding, fix)
        check_twice(plan, [])
        check_twice(plan, ["--unsafe"])
    holds(len(offered) > 5, "there are fixes of many kinds: %s" % dict(offered))
    print("%d passed, %d failed" % (passed, failed))
    return failed != 0


sys.exit(main())
