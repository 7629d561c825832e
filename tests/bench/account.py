# SPDX-License-Identifier: MIT
"""The site that run.sh laid out, seen from here: its accounts, its owner, requests to it, and sign-ins."""

import http.client
import json
import os
import pwd
import re
import ssl
from urllib.parse import urlencode, urlsplit

BROWSER = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Accept-Language": "en-GB,en;q=0.7,ar;q=0.3",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
}
FORM = "application/x-www-form-urlencoded"
PEOPLE = ("layla.studio", "harbour.bakery", "sakura_zine", "bobby_tables")  # those of the stand-in
CURRENT_COOKIE = re.compile(r"([^=;]+)=([^;]+);.*Max-Age=[1-9]")
# Reads the body, then prints its own environment as Apache made it: the shell's, not that of what the shell runs.
SHOW_ENVIRONMENT = """#!/bin/sh
cat >/dev/null
printf 'Content-Type: application/octet-stream\\r\\n\\r\\n'
exec cat /proc/$$/environ
"""


def workshop(name):
    return os.path.join(os.environ["BENCH_WORKSHOP"], name)


def as_owner():
    """What subprocess needs to run a program as the account's owner, in the owner's home."""
    options = {"cwd": os.environ["SITE_HOME"]}
    if os.geteuid() == 0 and os.environ["BENCH_USER"]:
        owner = pwd.getpwnam(os.environ["BENCH_USER"])
        options.update(user=owner.pw_uid, group=owner.pw_gid, extra_groups=[])
    return options


def give_to_owner(path):
    options = as_owner()
    if "user" in options:
        os.chown(path, options["user"], options["group"])


def connect(url):
    parts = urlsplit(url)
    if parts.scheme == "http":
        return http.client.HTTPConnection("127.0.0.1", parts.port, timeout=30)
    context = ssl.create_default_context(cafile=os.path.join(os.environ["SITE_DIR"], "tls/certificate.pem"))
    return http.client.HTTPSConnection("localhost", parts.port, timeout=30, context=context)


def ask(connection, request, query=""):
    """Sends a request and returns the whole answer: status, headers and body."""
    path = request["path"] + ("?" + query if query else "")
    headers = dict(BROWSER, Host=urlsplit(os.environ["SITE_URL"]).netloc, **request.get("headers", {}))
    body = request.get("body", b"") if request.get("method") == "POST" else None
    connection.request(request.get("method", "GET"), path, body, headers)
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def cookies_of(headers):
    """The cookies an answer sets, as a browser sends them back."""
    found = (CURRENT_COOKIE.match(line) for line in headers.get_all("Set-Cookie", []))
    return "; ".join("%s=%s" % match.group(1, 2) for match in found if match)


def ask_provider(path, body, kind):
    """Posts to the stand-in for Instagram; returns its whole answer."""
    connection = connect(os.environ["STANDIN_URL"])
    connection.request("POST", path, body, {"Content-Type": kind})
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def signed_request(person, url=None):
    """One of Meta's signed requests for a person: the form's body and, where it was sent to a URL, the answer to it."""
    wish = {"person": person, **({"url": url} if url else {})}
    _, _, body = ask_provider("/_control/signed_request", json.dumps(wish), "application/json")
    made = json.loads(body)
    return urlencode({"signed_request": made["signed_request"]}).encode(), made.get("answer", {}).get("body")


class SignIn:
    """Goes through sign-ins up to the callback, which is left to be measured."""

    def __init__(self, person=PEOPLE[0]):
        self.site, self.person = connect(os.environ["SITE_URL"]), person

    def prepare(self):
        """Starts a login and approves it; returns the callback's query and the browser's cookie."""
        _, headers, _ = ask(self.site, {"path": "/auth/instagram"})
        form = urlsplit(headers["Location"]).query + "&" + urlencode({"person": self.person, "decision": "approve"})
        _, answer, _ = ask_provider("/oauth/consent", form, FORM)
        return urlsplit(answer["Location"]).query, cookies_of(headers)

    def finish(self):
        """A whole sign-in through Apache; returns the session's cookie."""
        query, cookie = self.prepare()
        _, headers, _ = ask(self.site, {"path": "/auth/instagram/callback", "headers": {"Cookie": cookie}}, query)
        session = cookies_of(headers)
        if not headers["Location"].endswith("/profile#") or not session:
            raise SystemExit("bench: the sign-in failed: %s" % headers["Location"])
        return session


class Account:
    """The product, installed once: `linked` says how its programs are. They all share key and store, so that a session
    counts in each. The first lies where site.sh puts it; each other one has a folder and URLs that begin with its
    name."""

    def __init__(self, linked, name=""):
        self.linked = linked
        self.root = "/" + name if name else ""
        self.html = os.environ["SITE_HTML"] + self.root
        self.bin_url = "/%s-bin" % name if name else "/cgi-bin"
        self.programs = os.environ["SITE_HOME"] + self.root + "/cgi-bin"
        self.config = os.environ["SITE_HOME"] + self.root + "/cgi-login/config.json"

    def program(self, name):
        return os.path.join(self.programs, name)

    def full_program(self, name):
        """What serves for a static program under FastCGI (common/program/mongodb_loader/mongodb_loader.h)."""
        return os.path.join(os.path.dirname(self.config), "lib", name)

    def request(self, path, **more):
        return dict(more, path=self.root + path)

    def environment(self, request, program):
        """The CGI variables that Apache gives this program for this request: a script stands in for it meanwhile."""
        path = self.program(program)
        os.rename(path, path + ".kept")
        try:
            with open(path, "w", encoding="ascii") as stream:
                stream.write(SHOW_ENVIRONMENT)
            os.chmod(path, 0o755)
            status, _, body = ask(connect(os.environ["SITE_URL"]), request, request.get("query", ""))
        finally:
            os.replace(path + ".kept", path)
        if status != 200:
            raise SystemExit("bench: Apache answers %d to %s" % (status, request["path"]))
        return dict(pair.decode().split("=", 1) for pair in body.split(b"\0") if pair)

    def write_config(self, name, change):
        """A second configuration beside the first; returns its path."""
        with open(self.config, encoding="utf-8") as stream:
            config = json.load(stream)
        change(config)
        path = os.path.join(os.path.dirname(self.config), name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
            json.dump(config, stream)
        give_to_owner(path)
        return path


def accounts():
    """Those whose programs run as CGI."""
    return [Account("dynamic")] + ([Account("static", "static")] if os.environ.get("BENCH_HAS_STATIC") else [])


def fastcgi_accounts():
    """Those that mod_fcgid runs."""
    if not os.environ.get("BENCH_HAS_FASTCGI"):
        return []
    return [Account(one.linked, "fcgi-" + one.linked) for one in accounts()]
