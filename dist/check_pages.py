#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_pages.py TOP: says of each link and picture in the HTML pages of an unpacked archive that leads nowhere, and fails
then, or where there are no pages. An address with a scheme is not asked for."""
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.links, self.names = [], set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.names.add(attributes.get("id"))
        if tag in ("a", "img", "link", "script"):
            self.links += [attributes[name] for name in ("href", "src") if attributes.get(name)]


def faults(top):
    pages = {path.resolve(): Page(path) for path in top.rglob("*.html") if "templates" not in path.parts}
    own = [path for path in pages if "public_html" not in path.parts]
    if len(own) < 20:
        yield f"there are only {len(own)} pages"
    for path in own:
        for link in pages[path].links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or link == "#":
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.exists() or not target.is_relative_to(top.resolve()):
                yield f"{path.relative_to(top.resolve())}: {link} is not there"
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].names:
                yield f"{path.relative_to(top.resolve())}: {link}: there is no such heading"


if __name__ == "__main__":
    found = list(faults(Path(sys.argv[1])))
    print("\n".join(found))
    sys.exit(bool(found))
