#!/usr/bin/env python3
"""browser.py FILE [FOLDER] — opens a page in a headless Chromium and says, a line each, what is there: what it asked
the network for, whether it is wider than a phone, how well its texts can be told from what is behind them, and
what a screen reader is told. With a folder, pictures of it are put there."""
import base64
import json
import os
import subprocess
import sys
import tempfile

page = os.path.abspath(sys.argv[1])
pictures = sys.argv[2] if len(sys.argv) > 2 else None

to_browser, send = os.pipe()
receive, from_browser = os.pipe()


def descriptors():
    os.dup2(to_browser, 13)
    os.dup2(from_browser, 14)
    os.dup2(13, 3)
    os.dup2(14, 4)


home = tempfile.mkdtemp(prefix="orch-browser-")
browser = subprocess.Popen(
    ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
     "--remote-debugging-pipe", "--user-data-dir=" + home],
    preexec_fn=descriptors, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    env=dict(os.environ, HOME=home))
os.close(to_browser)
os.close(from_browser)
waiting, events, number = b"", [], 0


def next_message():
    global waiting
    while b"\0" not in waiting:
        piece = os.read(receive, 1 << 16)
        if not piece:
            sys.exit("the browser ended")
        waiting += piece
    message, waiting = waiting.split(b"\0", 1)
    return json.loads(message)


def ask(method, session=None, **parameters):
    global number
    number += 1
    message = {"id": number, "method": method, "params": parameters}
    if session:
        message["sessionId"] = session
    os.write(send, json.dumps(message).encode() + b"\0")
    while True:
        answer = next_message()
        if answer.get("id") == number:
            if "error" in answer:
                sys.exit("%s: %s" % (method, answer["error"]))
            return answer["result"]
        events.append(answer)


target = ask("Target.createTarget", url="about:blank")["targetId"]
session = ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]


def tell(method, **parameters):
    return ask(method, session, **parameters)


def value(expression):
    return tell("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")


def size(width, height):
    tell("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)


def look(name):
    if pictures:
        height = value("document.documentElement.scrollHeight")
        shot = tell("Page.captureScreenshot", captureBeyondViewport=True,
                    clip={"x": 0, "y": 0, "width": value("innerWidth"), "height": height, "scale": 1})
        with open(os.path.join(pictures, name + ".png"), "wb") as file:
            file.write(base64.b64decode(shot["data"]))


# The least contrast (WCAG 2, 1.4.3) of a text against the colour behind it, and which text that is.
CONTRAST = """(() => {
  const part = c => c.match(/[\\d.]+/g).map(Number);
  const light = c => { const [r, g, b] = part(c).map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b };
  const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
    if (part(c)[3] !== 0) return c } return 'rgb(255, 255, 255)' };
  let least = [99, ''];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) { const t = walk.currentNode; if (!t.data.trim()) continue;
    const a = light(getComputedStyle(t.parentElement).color), b = light(behind(t.parentElement));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < least[0]) least = [ratio, t.data.trim().slice(0, 40)] }
  return least })()"""

try:
    tell("Network.enable")
    tell("Page.enable")
    tell("Log.enable")
    tell("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"}])
    size(1100, 900)
    tell("Page.navigate", url="file://" + page)
    while not any(e.get("method") == "Page.loadEventFired" for e in events):
        events.append(next_message())
    asked = [e["params"]["request"]["url"] for e in events if e.get("method") == "Network.requestWillBeSent"]
    print("asked for:", sum(not url.startswith("data:") for url in asked), "file")
    print("complaints:", sum(e.get("method") == "Log.entryAdded" for e in events))
    print("title:", value("document.title"))
    print("scripts:", value("document.scripts.length"))
    print("images that could not be drawn:", value("[...document.images].filter(i => !i.naturalWidth).length"))
    print("folded:", value("document.querySelectorAll('details:not([open])').length"),
          "unfolded:", value("document.querySelectorAll('details[open]').length"))
    for name, width, scheme in (("wide", 1100, "light"), ("dark", 1100, "dark"), ("phone", 360, "light")):
        tell("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        size(width, 800)
        look(name)
        value("document.querySelectorAll('details').forEach(d => d.open = true)")
        ratio, text = value(CONTRAST)
        print("%s: too wide by %d, contrast %s" % (name, value("document.documentElement.scrollWidth") - width,
                                                   "good" if ratio >= 4.5 else "%.2f at %r" % (ratio, text)))
    tree = tell("Accessibility.getFullAXTree")["nodes"]
    for node in tree:
        role = node.get("role", {}).get("value")
        name = node.get("name", {}).get("value", "")
        if role in ("heading", "image", "img", "DisclosureTriangle") and not node.get("ignored"):
            print("%s: %s" % ("image" if role == "img" else role, name))
finally:
    browser.terminate()
    browser.wait()
    subprocess.run(["rm", "-rf", home], check=False)
