# SPDX-License-Identifier: MIT
"""The figures as a picture, for the README: an SVG of bars, with its own background for light and dark screens.

    picture.py FIGURES.json PICTURE.svg

draws it anew from the figures of an earlier run."""

import json
import sys
from typing import NamedTuple
from xml.sax.saxutils import escape

# Units of the drawing; the picture as a whole is shown a little larger, and smaller on a phone.
WIDTH, SHOWN_WIDTH, MARGIN = 480, 640, 24
LABELS, VALUES = 138, 56
BAR, GAP, ROW_GAP = 13, 3, 9
# The static programs would only repeat it: there is no start to save.
UNDER_APACHE = ("mod_fcgid, dynamic", "mod_fcgid", "behind mod_proxy_http")
STYLE = """
    text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; font-size: 14px;
           fill: var(--ink) }
    .title { font-size: 20px; font-weight: 700 }
    .heading { font-size: 15px; font-weight: 600 }
    .note { font-size: 13px; fill: var(--quiet) }
    .value { font-size: 13px; font-variant-numeric: tabular-nums; paint-order: stroke; stroke: var(--paper);
             stroke-width: 4px; stroke-linejoin: round }
    .card { fill: var(--paper); stroke: var(--line) }
    .static { fill: var(--static) }
    .dynamic { fill: var(--dynamic) }
    .other { fill: var(--other) }
    .guide { stroke: var(--quiet); stroke-dasharray: 2 3 }
    svg { --paper: #ffffff; --line: #d5dae0; --ink: #1c2128; --quiet: #57606a;
          --static: #0b5f58; --dynamic: #3a9c91; --other: #87909a }
    @media (prefers-color-scheme: dark) {
      svg { --paper: #0f141a; --line: #333b45; --ink: #e8edf2; --quiet: #9aa5b1;
            --static: #6fe0d0; --dynamic: #2c8b80; --other: #717b86 }
    }
"""


class Bar(NamedTuple):
    kind: str  # a class of STYLE
    value: float
    text: str


class Row(NamedTuple):
    label: str
    bars: list


class Panel(NamedTuple):
    """Bars on one scale. `legend` names kinds of bars; `guide`: a line from the first bar's end through all rows."""
    heading: str
    notes: tuple
    rows: list
    legend: tuple = ()
    guide: bool = False


# --- what is shown ---

def milliseconds(kind, value):
    return Bar(kind, value, "%.2f" % value if value < 10 else "%.0f" % value)


def microseconds(kind, value):
    return Bar(kind, value, "%.0f µs" % value)


def short(name):
    """"Node.js 20.20.2" as "Node.js 20", "PHP 8.2.36" as "PHP 8.2"."""
    title, version = name.split()
    numbers = version.split(".")
    return "%s %s" % (title, ".".join(numbers[:2]) if title == "PHP" else numbers[0])


def processes(figures):
    """Our programs beside an empty one."""
    known = {(row["program"], row["linked"]): row["ms"] for row in figures["process"]}
    linked = [kind for kind in ("static", "dynamic") if ("start", kind) in known]
    rows = [Row("empty C program", [milliseconds("other", known["empty", "dynamic"])])]
    for label, program in (("start", "start"), ("login", "login"), ("profile", "profile"),
                           ("logout", "logout, the button")):
        rows.append(Row(label, [milliseconds(kind, known[program, kind]) for kind in linked]))
    return Panel("A process for each request", ("Milliseconds from start to end; less is better",), rows, tuple(linked),
                 guide=True)


def process_peers(figures):
    """`start` beside what else could do its work."""
    rows = [Row("start, " + row["linked"], [milliseconds(row["linked"], row["ms"])])
            for row in figures["process"] if row["program"] == "start"]
    rows.sort(key=lambda row: row.label, reverse=True)
    others = [row for row in figures["process"] if row["linked"] in ("php-cgi", "node")]
    rows += [Row(short(row["program"]), [milliseconds("other", row["ms"])]) for row in others]
    return Panel("The same work in other languages", ("What start does, in milliseconds; less is better",),
                 rows if others else [])


def stays(figures):
    """The same for processes that stay. By their own processor time: what serves a second is more the web server's."""
    shown = [row for row in figures["fastcgi"] or []
             if row["program"] not in ("login", "profile") and row["runs"] in UNDER_APACHE]
    rows = [Row("start", [microseconds("dynamic", row["processor_us"])]) if row["program"] == "start" else
            Row(short(row["program"]), [microseconds("other", row["processor_us"])]) for row in shown]
    return Panel("The same work by processes that stay",
                 ("Microseconds of a processor for each request, without",
                  "the web server's own share; less is better"), rows)


def panels(figures):
    return [panel for panel in (processes(figures), process_peers(figures), stays(figures)) if panel.rows]


# --- how it is drawn ---

class Sheet:
    """Elements from top to bottom; `y` is how far down it is."""

    def __init__(self):
        self.elements, self.y = [], MARGIN

    def add(self, form, *values):
        self.elements.append("  " + form % values)

    def text(self, x, kind, words, anchor="start"):
        self.add('<text x="%g" y="%g" class="%s" text-anchor="%s">%s</text>', x, self.y, kind, anchor, escape(words))

    def bar(self, bar, scale):
        width = max(round(bar.value * scale, 1), 1)
        self.add('<rect x="%g" y="%g" width="%g" height="%g" rx="2" class="%s"/>', LABELS + MARGIN, self.y, width, BAR,
                 bar.kind)
        self.add('<text x="%g" y="%g" class="value">%s</text>', LABELS + MARGIN + width + 6, self.y + BAR - 2,
                 escape(bar.text))
        return LABELS + MARGIN + width

    def legend(self, kinds):
        """At the right end of the heading's line."""
        x = WIDTH - MARGIN - 78 * len(kinds) + 8
        for kind in kinds:
            self.add('<rect x="%g" y="%g" width="%g" height="%g" rx="2" class="%s"/>', x, self.y - 10, 11, 11, kind)
            self.text(x + 16, "note", kind)
            x += 78

    def row(self, row, scale):
        """Returns where its first bar ends."""
        height = len(row.bars) * BAR + (len(row.bars) - 1) * GAP
        self.add('<text x="%g" y="%g">%s</text>', MARGIN, self.y + height / 2 + 5, escape(row.label))
        ends = []
        for bar in row.bars:
            ends.append(self.bar(bar, scale))
            self.y += BAR + GAP
        self.y += ROW_GAP - GAP
        return ends[0]

    def panel(self, panel):
        scale = (WIDTH - 2 * MARGIN - LABELS - VALUES) / max(bar.value for row in panel.rows for bar in row.bars)
        self.y += 36
        self.text(MARGIN, "heading", panel.heading)
        self.legend(panel.legend)
        self.y += 3
        for note in panel.notes:
            self.y += 17
            self.text(MARGIN, "note", note)
        self.y += 14
        top = self.y
        ends = [self.row(row, scale) for row in panel.rows]
        if panel.guide:
            # Behind the bars of the other rows, it would cross their values.
            self.elements.insert(0, '  <line x1="%g" y1="%g" x2="%g" y2="%g" class="guide"/>'
                                 % (ends[0], top + BAR, ends[0], self.y - ROW_GAP))
        self.y -= ROW_GAP


def in_words(made):
    """For those who do not see it."""
    parts = []
    for panel in made:
        rows = ("%s %s" % (row.label, ", ".join("%s %s" % (bar.text, bar.kind) if len(row.bars) > 1 else bar.text
                                                for bar in row.bars)) for row in panel.rows)
        parts.append("%s. %s: %s." % (panel.heading, " ".join(panel.notes), "; ".join(rows)))
    return " ".join(parts)


def draw(figures):
    made, sheet = panels(figures), Sheet()
    sheet.y += 18
    sheet.text(MARGIN, "title", "What one request costs")
    for panel in made:
        sheet.panel(panel)
    height = sheet.y + MARGIN
    return "\n".join([
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" width="%g" height="%g" role="img" '
        'aria-labelledby="title what">' % (WIDTH, height, SHOWN_WIDTH, round(height * SHOWN_WIDTH / WIDTH)),
        "  <!-- SPDX-License-Identifier: MIT. Made by tests/bench/picture.py. -->",
        '  <title id="title">What one request costs</title>',
        '  <desc id="what">%s</desc>' % escape(in_words(made)),
        "  <style>%s  </style>" % STYLE,
        '  <rect x="0.5" y="0.5" width="%g" height="%g" rx="10" class="card"/>' % (WIDTH - 1, height - 1),
        *sheet.elements, "</svg>", ""])


def write(path, figures):
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(draw(figures))


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: picture.py FIGURES.json PICTURE.svg")
    with open(sys.argv[1], encoding="utf-8") as stream:
        write(sys.argv[2], json.load(stream))


if __name__ == "__main__":
    main()
