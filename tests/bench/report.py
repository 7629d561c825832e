# SPDX-License-Identifier: MIT
"""The figures as tables: on the terminal, and as Markdown between the marks of a document."""

import os
import re
from typing import NamedTuple

BELOW_EMPTY = "empty"  # as in cases.py


class Table(NamedTuple):
    """`name` is that of its mark: <!-- bench: NAME --> before it and <!-- bench end --> after it."""
    name: str
    title: str
    head: list
    rows: list

    def is_text(self, column):
        return any(line[column][:1].isalpha() for line in self.rows)

    def as_text(self):
        """Columns as wide as their widest cell; the first to the left, the others to the right."""
        lines = [self.head] + self.rows
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.head))]
        words = ([line[0].ljust(widths[0])] + [word.rjust(width) for word, width in zip(line[1:], widths[1:])]
                 for line in lines)
        return "\n%s\n\n%s" % (self.title, "\n".join("  " + "  ".join(line).rstrip() for line in words))

    def as_markdown(self):
        rule = ["---" if self.is_text(column) else "--:" for column in range(len(self.head))]
        lines = [self.head, rule] + self.rows
        return "\n".join("| %s |" % " | ".join(line) for line in lines)


def cell(value, form="%.2f", scale=1):
    return "" if value is None else form % (value / scale)


def mebibytes(kib):
    return cell(kib, "%.1f" if kib >= 1024 else "%.2f", 1024)


def goal_of(row, empty_ratio):
    """The ratio not to exceed. A goal that hangs on the empty program is that one's ratio in this run."""
    if row["goal"] == BELOW_EMPTY:
        return "< " + cell(empty_ratio)
    return cell(row["goal"], "%.1f")


def processes(figures):
    rows = figures["process"]
    empty = next(row["ratio"] for row in rows if (row["program"], row["linked"]) == ("empty", "dynamic"))
    head = ["program", "linked", "ms", "ratio", "fastest", "goal", "system calls", "1000 instructions", "page faults",
            "peak MiB"]
    return Table("process", "Bare processes, as Apache starts them", head, [
        [row["program"], row["linked"], cell(row["ms"]), cell(row["ratio"]), cell(row.get("fastest_ratio")),
         goal_of(row, empty), cell(row["calls"], "%d"), cell(row["instructions"], "%.0f", 1000),
         cell(row["minor_faults"] + row["major_faults"], "%d"), mebibytes(row["kib"])] for row in rows])


def callbacks(figures):
    return Table("callback", "The callback, against the stand-in with TLS", ["callback", "processor ms", "together ms"], [
        [row["linked"], cell(row["ms"]), cell(row["whole_ms"])]
        for row in figures["process"] if row["program"] == "callback"])


def waits(figures):
    head = ["store", "provider ms", "store ms", "one by one ms", "waits ms", "least ms", "ratio",
            "store round trips"]
    return Table("wait", "What a person waits at the callback", head, [
        [row["store"], cell(row["provider_ms"], "%d"), cell(row["store_ms"], "%d"), cell(row["plain_ms"], "%.0f"),
         cell(row["ms"], "%.0f"), cell(row["least_ms"], "%.0f"), cell(row["ratio"]), cell(row["store_trips"], "%.0f")]
        for row in figures["wait"]])


def timelines(figures):
    """What happens when; a column for each place."""
    places = figures["timeline"]
    last = places[-1]["events"]  # the one with the longest list
    names = sorted(last, key=last.get)
    head = ["at the callback, ms"] + [place["title"] for place in places]
    return Table("timeline", "When it does what", head, [
        [name] + [cell(place["events"].get(name), "%.0f") for place in places] for name in names])


def crowds(figures):
    head = ["store", "logins at once", "median ms", "slowest ms", "logins a second", "fsyncs of one"]
    return Table("crowd", "Logins that come at once", head, [
        [row["store"], cell(row["crowd"], "%d"), cell(row["ms"], "%.1f"), cell(row["slowest_ms"], "%.1f"),
         cell(row["per_second"], "%.0f"), cell(row["flushes"], "%d")] for row in figures["crowd"]])


def apache(figures):
    head = ["program", "linked", "one by one: ms", "ratio", "four at once: ms", "ratio"]
    return Table("apache", "CGI under Apache (event, mod_cgid)", head, [
        [row["program"], row["linked"], cell(row["ms"]), cell(row["ratio"]), cell(row["crowd_ms"]),
         cell(row["crowd_ratio"])] for row in figures["apache"]])


def fastcgi(figures):
    head = ["program", "runs as", "one: a second", "median ms", "99 % ms", "four: a second", "median ms", "99 % ms",
            "own µs", "MiB", "MiB later", "requests"]
    return Table("fastcgi", "Processes that stay", head, [
        [row["program"], row["runs"],
         *(text for load in (row["alone"], row["crowd"]) for text in (
             cell(load["per_second"], "%.0f"), cell(load["median_ms"]), cell(load["p99_ms"]))),
         cell(row["processor_us"], "%.0f"), mebibytes(row["early_kib"]), mebibytes(row["kib"]),
         cell(row["requests"], "%d")] for row in figures["fastcgi"]])


def gate(figures):
    head = ["guarded by", "2 KB: ms", "ratio", "four at once: a second", "1 MB: ms", "ratio", "four at once: a second"]
    return Table("gate", "A file, guarded and not", head, [
        [row["guard"], *(text for file in (row["small"], row["large"]) for text in (
            cell(file["ms"]), cell(file["ratio"]), cell(file["per_second"], "%.0f")))] for row in figures["gate"]])


def certificates(figures):
    """Which certificates a callback reads, in words."""
    inside, lines = figures["inside_callback"], []
    for label, title in (("with_ca_file", "With ca_file"), ("without_ca_file", "Without ca_file")):
        counts = inside["certificates"][label]
        if counts is None:
            return "  Install strace to see which certificates are read."
        lines.append("  %s: the CA bundle is opened %d times, the hashed folder and its files %d times."
                     % (title, counts["bundle"], counts["folder"]))
    if not inside["hashed_folder"]:
        lines.append("  There is no hashed folder of certificates here, so the bundle has to be read.")
    return "\n".join(lines)


# What was measured, and the tables made of it.
TABLES = {"process": (processes, callbacks), "wait": (waits,), "timeline": (timelines,),
          "crowd": (crowds,), "apache": (apache,), "fastcgi": (fastcgi,), "gate": (gate,)}


def tables(figures):
    return [make(figures) for part, makers in TABLES.items() if figures.get(part) for make in makers]


def say(*made):
    for table in made:
        print(table.as_text(), flush=True)


def fill(text, made):
    """The text with the tables between its marks. One without marks of its own gets all of them at its end."""
    for table in made:
        block = "<!-- bench: %s -->\n%s\n<!-- bench end -->" % (table.name, table.as_markdown())
        mark = re.compile("<!-- bench: %s -->.*?<!-- bench end -->" % table.name, re.DOTALL)
        if mark.search(text):
            text = mark.sub(lambda _, block=block: block, text)
        else:
            text += "\n%s:\n\n%s\n" % (table.title, block)
    return text


def write_markdown(path, figures):
    """Fills the tables of a document, such as docs/performance.md, or makes a new one."""
    text = ""
    if os.path.exists(path):
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(fill(text, tables(figures)))
