#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pages.py TOP CHANGES VERSION ARCH: writes the manual into TOP, the folder of an archive, as HTML that is read without a
network: MANUAL.html from manual.md, CHANGES.html from the file CHANGES, and docs/ from the documents of that name.

A link of a document leads to where its target is in the archive. What is not in there keeps its text alone."""
import html
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# For those who change the code, who have the repository.
LEFT_OUT = {"docs/internals.md", "docs/releasing.md"}
MANUAL, CHANGES = "MANUAL.html", "CHANGES.html"
# Where files of the repository are in an archive, by how their paths begin.
PLACES = [
    ("README.md", MANUAL),
    ("CHANGELOG.md", CHANGES),
    ("LICENSE", "licences/cgi-login-LICENSE.txt"),
    ("dist/INSTALL.html", "INSTALL.html"),
    ("html/templates", "cgi-login/templates"),
    ("html/languages", "cgi-login/languages"),
    ("html/public", "public_html"),
    ("htaccess.example", "htaccess.example"),
    ("docs/", "docs/"),
    ("", "cgi-login/"),
]
NAVIGATION = [
    (MANUAL, "Manual"),
    ("INSTALL.html", "Install"),
    ("docs/settings.html", "Settings"),
    ("docs/troubleshooting.html", "Troubleshooting"),
    (CHANGES, "What is new"),
]


def sources():
    """The documents that become pages, by their paths in the repository."""
    found = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))
    return [path for path in found if path not in LEFT_OUT]


def page_of(source):
    return re.sub(r"\.md$", ".html", source)


def slug(heading, seen):
    """The name of a heading as GitHub makes it, by which the documents link to it."""
    text = html.unescape(re.sub(r"<[^>]*>", "", heading)).lower()
    name = re.sub(r"[^\w -]", "", text).replace(" ", "-")
    count = seen.get(name, 0)
    seen[name] = count + 1
    return f"{name}-{count}" if count else name


def with_names(body):
    seen = {}
    return re.sub(
        r"<h([1-6])>(.*?)</h\1>",
        lambda match: f'<h{match[1]} id="{slug(match[2], seen)}">{match[2]}</h{match[1]}>',
        body,
        flags=re.DOTALL,
    )


def place_of(path, top, pages):
    """The path in the archive of what has this one in the repository, or None."""
    if path in pages:
        return page_of(path)
    for begin, place in PLACES:
        if path.startswith(begin):
            target = place + path.removeprefix(begin)
            return target if (top / target).exists() or target in (MANUAL, CHANGES) else None
    return None


def with_links(body, source, page, top, pages):
    """The links of `source`, a path in the repository, as they are from `page`, a path in the archive."""

    def link(match):
        address, text = html.unescape(match[1]), match[2]
        file, _, part = address.partition("#")
        if re.match(r"[a-z]+:", address) or not file:
            return match[0]
        place = place_of(os.path.normpath(os.path.join(os.path.dirname(source), file)), top, pages)
        if place is None:
            return text
        target = os.path.relpath(place, os.path.dirname(page) or ".")
        # Of the changelog only the newest section is there.
        part = "" if place == CHANGES else part
        return f'<a href="{html.escape(target + ("#" + part if part else ""))}">{text}</a>'

    return re.sub(r'<a href="([^"]*)">(.*?)</a>', link, body, flags=re.DOTALL)


def navigation(page):
    folder = os.path.dirname(page) or "."
    links = [f'<a href="{os.path.relpath(target, folder)}">{text}</a>' for target, text in NAVIGATION]
    return " ·\n".join(links)


def make_page(text, source, page, top, pages, version):
    made = subprocess.run(
        ["cmark-gfm", "--unsafe", "-e", "table", "-e", "autolink"],
        input=text, stdout=subprocess.PIPE, check=True, encoding="utf-8",
    ).stdout
    body = with_links(with_names(re.sub(r"<!--.*?-->\n?", "", made, flags=re.DOTALL)), source, page, top, pages)
    heading = re.search(r"<h[12][^>]*>(.*?)</h[12]>", body, re.DOTALL)[1]
    values = {
        "TITLE": "Manual" if page == MANUAL else re.sub(r"<[^>]*>", "", heading),
        "VERSION": version,
        "NAVIGATION": navigation(page),
        "BODY": body,
    }
    frame = (ROOT / "dist/page.html").read_text(encoding="utf-8")
    path = top / page
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(re.sub("@([A-Z]+)@", lambda match: values[match[1]], frame), encoding="utf-8")


def main(top, changes, version, arch):
    pages = sources()
    (top / "docs").mkdir()
    for picture in sorted([*(ROOT / "docs").glob("*.svg"), *(ROOT / "docs").glob("*.png")]):
        shutil.copyfile(picture, top / "docs" / picture.name)
    manual = (ROOT / "dist/manual.md").read_text(encoding="utf-8").replace("@VERSION@", version).replace("@ARCH@", arch)
    make_page(manual, "dist/manual.md", MANUAL, top, pages, version)
    make_page(changes.read_text(encoding="utf-8"), "CHANGELOG.md", CHANGES, top, pages, version)
    for source in pages:
        make_page((ROOT / source).read_text(encoding="utf-8"), source, page_of(source), top, pages, version)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit("usage: pages.py TOP CHANGES VERSION ARCH")
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
