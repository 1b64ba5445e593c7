"""screen.py — what a terminal shows, with its colours, as SVG: `tmux capture-pane -p -e | screen.py`."""
import html
import re
import sys

BASE = ['#000000', '#cc4444', '#4e9a06', '#c4a000', '#5a8fd8', '#b07cc6', '#2aa1b3', '#d0d0d0',
        '#767676', '#ef5f5f', '#8ae234', '#fce94f', '#8fb8f0', '#d3a2e0', '#57d5e8', '#ffffff']
GROUND, INK, WIDE, HIGH = '#16181d', '#d8dbe0', 8.43, 17


def colour(n):
    if n < 16:
        return BASE[n]
    if n < 232:
        n -= 16
        return '#%02x%02x%02x' % tuple((0, 95, 135, 175, 215, 255)[v] for v in (n // 36, n // 6 % 6, n % 6))
    return '#%02x%02x%02x' % ((8 + (n - 232) * 10,) * 3)


def change(style, codes):
    codes = [int(c or 0) for c in re.split('[;:]', codes)]
    while codes:
        c = codes.pop(0)
        if c == 0:
            style.clear()
        elif c in (1, 3, 4, 7):
            style[c] = True
        elif c in (22, 23, 24, 27):
            style.pop({22: 1, 23: 3, 24: 4, 27: 7}[c], None)
        elif c in (38, 48):
            kind = codes.pop(0)
            if kind == 5:
                style[c] = colour(codes.pop(0))
            else:
                style[c] = '#%02x%02x%02x' % (codes.pop(0), codes.pop(0), codes.pop(0))
        elif c in (39, 49):
            style.pop(c - 1, None)
        elif 30 <= c <= 37 or 40 <= c <= 47:
            style[38 if c < 40 else 48] = colour(c % 10)
        elif 90 <= c <= 97 or 100 <= c <= 107:
            style[38 if c < 100 else 48] = colour(c % 10 + 8)


lines = sys.stdin.read().rstrip('\n').split('\n')
width = 88 * WIDE + 16
print('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %d" width="%.0f" font-family="ui-monospace,DejaVu Sans Mono,'
      'Menlo,Consolas,monospace" font-size="14">' % (width, len(lines) * HIGH + 16, width))
print('<rect width="100%%" height="100%%" rx="6" fill="%s"/>' % GROUND)
style = {}
for row, line in enumerate(lines):
    column, top = 0, 8 + row * HIGH
    for escape, text in re.findall(r'\x1b\[([0-9;:]*)m|([^\x1b]+)', line):
        if not text:
            change(style, escape)
            continue
        ink, ground = style.get(38, INK), style.get(48)
        if style.get(7):
            ink, ground = ground or GROUND, ink
        if ground:
            print('<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/>' %
                  (8 + column * WIDE, top, len(text) * WIDE, HIGH, ground))
        if text.strip():
            lead = len(text) - len(text.lstrip())
            more = ' font-weight="bold"' if style.get(1) else ''
            more += ' font-style="italic"' if style.get(3) else ''
            more += ' text-decoration="underline"' if style.get(4) else ''
            print('<text x="%.1f" y="%d" fill="%s" textLength="%.1f" xml:space="preserve"%s>%s</text>' %
                  (8 + (column + lead) * WIDE, top + 13, ink, len(text.strip()) * WIDE, more, html.escape(text.strip(), False)))
        column += len(text)
print('</svg>')
