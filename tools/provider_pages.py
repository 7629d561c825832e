#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""provider_pages.py [--check]: makes docs/providers/NAME.md from providers/NAME.json, and the table of docs/providers.md
between "begin" and "end". With --check it writes nothing, and fails where a page says something else."""
import json
import pathlib
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
SITE = "https://www.example.com"
BEGIN, END = "<!-- begin providers -->\n", "<!-- end -->\n"
FIELDS = {
    "id": "id", "user_id": "another id", "username": "username", "full_name": "name", "profile_picture": "picture",
    "bio": "biography", "website": "website", "email": "e-mail address", "email_verified": "whether that is verified",
    "groups": "groups", "account_type": "kind of account", "counts": "counts", "tenant": "directory", "team": "workspace",
}


def wrap(text, first="", rest=""):
    return textwrap.fill(text, 120, initial_indent=first, subsequent_indent=rest, break_long_words=False,
                         break_on_hyphens=False)


def fill_in(text, name):
    for key, value in (("{callback_url}", f"`{SITE}/auth/{name}/callback`"), ("{base_url}/", f"{SITE}/"),
                       ("{base_url}", f"`{SITE}`"), ("{name}", name)):
        text = text.replace(key, value)
    return text


def address_key(provider):
    if "address" not in provider["register"]:
        return None
    return "instance" if "$instance" in json.dumps(provider) else "issuer"


def entry(name, provider):
    register, own = provider["register"], {}
    key = address_key(provider)
    if key:
        own[key] = register["address"]
    own["client_id"] = f"the {register.get('id_name', 'Client ID')}"
    if "client_secret_jwt" in provider:
        own["client_key"] = {"file": "/home/you/cgi-login/AuthKey_ABC123DEFG.p8", "id": "ABC123DEFG", "issuer": "DEF123GHIJ"}
    else:
        own["client_secret"] = f"the {register.get('secret_name', 'Client secret')}"
    return f'"{name}": {json.dumps(own, indent=2, ensure_ascii=False)}'


def fields(provider):
    """What is mapped, and what a request of its own brings."""
    request = provider.get("email_request")
    brought = [] if request is None else ["email"] + (["email_verified"] if "verified" in request else [])
    return list(provider["profile"]) + brought


def verified(provider):
    mapped = fields(provider)
    if "email" not in mapped:
        return "none"
    return "verified where the provider says so" if "email_verified" in mapped else "never counts as verified"


def page(name, provider):
    register = provider["register"]
    title = provider["title"]
    lines = ["<!-- SPDX-License-Identifier: MIT -->",
             f"<!-- Made by tools/provider_pages.py from providers/{name}.json. -->", f"# {title}", "",
             wrap(f"Last compared on {provider['checked']} with [what {title} documents]({provider['documentation']})."), ""]
    if "hurdles" in provider:
        lines += ["## What stands in the way", ""]
        lines += [wrap(text, "- ", "  ") for text in provider["hurdles"]] + [""]
    place = f"At <{register['url']}>" if "url" in register else "At your server"
    lines += ["## Register an app", "", wrap(f"{place}, with your own host in place of `www.example.com`:"), ""]
    lines += [wrap(fill_in(text, name), f"{i}. ", "   ") for i, text in enumerate(register["steps"], 1)] + [""]
    lines += ["## Write it into the config", "",
              wrap(f"`cgi-login providers add {name}` asks for what it needs, and writes it. By hand it is, in `providers` "
                   "of `config.json`:"), "", "```json", *entry(name, provider).split("\n"), "```", "",
              f"The button is on `/login`; a link of your own leads to `/auth/{name}`.", ""]
    lines += ["## What you get", ""]
    lines.append(wrap(", ".join(FIELDS.get(field, field) for field in fields(provider)).capitalize() + "."))
    lines += ["", wrap(f"E-mail address: {verified(provider)}."), ""]
    if "notes" in provider:
        lines += ["## Why the file is as it is", ""]
        lines += [wrap(text, "- ", "  ") for text in provider["notes"]] + [""]
    return "\n".join(lines)


def table(providers):
    rows = ["| provider | name | e-mail address | what stands in the way |", "|---|---|---|---|"]
    for name, provider in providers.items():
        hurdles = " ".join(provider.get("hurdles", []))
        rows.append(f"| [{provider['title']}](providers/{name}.md) | `{name}` | {verified(provider)} | {hurdles} |")
    return "\n".join(rows) + "\n"


def make():
    """Returns each file's content."""
    files = {path.stem: json.loads(path.read_text()) for path in sorted((ROOT / "providers").glob("*.json"))}
    files.pop("schema")
    pages = {ROOT / f"docs/providers/{name}.md": page(name, provider) for name, provider in files.items()}
    index = ROOT / "docs/providers.md"
    before, rest = index.read_text().split(BEGIN)
    pages[index] = before + BEGIN + table(files) + END + rest.split(END, 1)[1]
    return pages


def main(arguments):
    pages, wrong = make(), 0
    for path in (ROOT / "docs/providers").glob("*.md"):
        if path not in pages:
            print(f"{path}: there is no file in providers/ for it")
            wrong = 1
    for path, text in pages.items():
        if arguments == ["--check"]:
            if not path.exists() or path.read_text() != text:
                print(f"{path} is not what tools/provider_pages.py makes of providers/; run it")
                wrong = 1
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
