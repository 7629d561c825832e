# SPDX-License-Identifier: MIT
"""Files behind the gate, in each of its ways, and behind what else there is: mod_auth_openidc with a session of its own,
and a PHP script with readfile(). Each beside its twin, the same file that nobody guards, in the same run."""

import http.cookiejar
import json
import os
import shutil
import time
import urllib.request
from statistics import median
from typing import NamedTuple
from urllib.parse import urlsplit

import account
import fastcgi
import pace

SMALL, LARGE = "small.html", "large.bin"
SIZES = {SMALL: 2048, LARGE: 1 << 20}
PAUSE_SECONDS = 0.015  # see server.py
WARM_UP = 3
CLIENTS = 4
REFUSALS = (302, 401, 403)


class Guard(NamedTuple):
    """A way to guard a folder. `path` is the file's without its name; `twin` names the guard it is compared with."""
    name: str
    url: str
    path: str
    cookie: str = ""
    twin: str = ""

    def request(self, file):
        headers = {"Sec-Fetch-Mode": "navigate"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        return {"path": self.path + file, "headers": headers}

    def without_cookie(self):
        return self._replace(cookie="")


class Browser:
    """A browser that follows redirects and keeps cookies; what logs in elsewhere than here."""

    def __init__(self):
        self.jar = http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https")))
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def open(self, url):
        request = urllib.request.Request(url, headers=dict(account.BROWSER, **{"Sec-Fetch-Mode": "navigate"}))
        with self.opener.open(request, timeout=30) as answer:
            return answer.read()

    def cookies(self):
        return "; ".join("%s=%s" % (cookie.name, cookie.value) for cookie in self.jar)


def site_guards(cookie):
    """The ways of the gate under Apache."""
    url = os.environ["SITE_URL"]
    yield Guard("nothing", url, "/open/")
    for home in account.accounts():
        yield Guard("gate, CGI, " + home.linked, url, "/guard/cgi-%s/" % home.linked, cookie, "nothing")
    for home in account.fastcgi_accounts():
        yield Guard("gate, FastCGI responder, " + home.linked, url, "/guard/fcgi-%s/" % home.linked, cookie, "nothing")
        yield Guard("gate, FastCGI authorizer, " + home.linked, url, "/guard/authorizer-%s/" % home.linked, cookie,
                    "nothing")


def others():
    """What else guards a folder, where it is installed."""
    url = os.environ["SITE_URL"]
    if os.environ.get("BENCH_HAS_OPENIDC"):
        browser = Browser()
        browser.open(url + "/openidc/" + SMALL)
        yield Guard("mod_auth_openidc", url, "/openidc/", browser.cookies(), "nothing")
    if os.environ.get("BENCH_HAS_FASTCGI") and shutil.which("php-cgi"):
        browser = Browser()
        browser.open(url + "/php/guard.php?login")
        yield Guard("PHP, session and readfile()", url, "/php/guard.php?file=", browser.cookies(), "nothing")


def nginx_guards(cookie):
    url = os.environ.get("GATE_NGINX_URL")
    if url:
        yield Guard("nothing, nginx", url, "/open/")
        yield Guard("gate, auth_request of nginx", url, "/guard/nginx/", cookie, "nothing, nginx")


def check(guard):
    """It lets in who has the cookie, to the very file, and nobody else."""
    for file, size in SIZES.items():
        status, _, body = account.ask(account.connect(guard.url), guard.request(file))
        with open(os.path.join(os.environ["SITE_HTML"], "open", file), "rb") as stream:
            if status != 200 or body != stream.read():
                raise SystemExit("bench: %s answers %d and %d bytes to %s, which has %d" %
                                 (guard.name, status, len(body), guard.request(file)["path"], size))
    if guard.cookie:
        status, _, _ = account.ask(account.connect(guard.url), guard.without_cookie().request(SMALL))
        if status not in REFUSALS:
            raise SystemExit("bench: %s guards nothing: it answers %d to a stranger" % (guard.name, status))


def timed(connection, request):
    start = time.perf_counter()
    status, _, _ = account.ask(connection, request)
    taken = (time.perf_counter() - start) * 1000
    if status != 200:
        raise SystemExit("bench: %s answers %d" % (request["path"], status))
    return taken


def in_turns(guards, file):
    """The median time of each guard's file in milliseconds: all take turns, each on a connection of its own."""
    connections = [account.connect(guard.url) for guard in guards]
    requests = [guard.request(file) for guard in guards]
    taken = [[] for _ in guards]
    for _ in pace.rounds(pace.PLAN["requests"] + WARM_UP, pace.PLAN["request_seconds"]):
        for connection, request, own in zip(connections, requests, taken):
            time.sleep(PAUSE_SECONDS)
            own.append(timed(connection, request))
    return [median(own[WARM_UP:] or own) for own in taken]


def load(guard, file):
    """Requests a second, four connections at once; None without wrk."""
    if shutil.which("wrk") is None:
        return None
    target = fastcgi.Target(guard.name, file, guard.url, guard.request(file), lambda: [], grows=False)
    fastcgi.load(target, 2 * CLIENTS, pace.PLAN["load_seconds"])
    return fastcgi.load(target, CLIENTS, pace.PLAN["load_seconds"])["per_second"]


def measure(cookie):
    """A row for each guard."""
    guards = [*site_guards(cookie), *others(), *nginx_guards(cookie)]
    for guard in guards:
        check(guard)
    rows = {guard.name: {"guard": guard.name} for guard in guards}
    for file, key in ((SMALL, "small"), (LARGE, "large")):
        times = dict(zip(rows, in_turns(guards, file)))
        for guard in guards:
            loaded = load(guard, file)
            rows[guard.name][key] = {"ms": times[guard.name], "per_second": loaded,
                                     "ratio": times[guard.name] / times[guard.twin or guard.name]}
    return list(rows.values())
