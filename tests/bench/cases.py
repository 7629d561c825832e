# SPDX-License-Identifier: MIT
"""What is measured: one request to each program, as Apache hands it on."""

import json
import os
import sqlite3
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import account
from command import Invocation

DATABASE = os.path.join(os.environ["SITE_PRODUCT"], "users.db")
STRANGER = "harbour.bakery"
# The ratio not to exceed, by how a program is linked; or less than an empty program costs.
BELOW_EMPTY = "empty"
QUICK_GOALS = {"dynamic": 1.5, "static": BELOW_EMPTY}
SESSION_GOALS = {"dynamic": 2.2, "static": BELOW_EMPTY}
# Runs before each sign-out, so that there is a session to end.
RESTORE = ("import sqlite3; store = sqlite3.connect('{store}'); store.execute(\"ATTACH '{kept}' AS kept\"); "
           "store.execute('INSERT OR IGNORE INTO sessions SELECT * FROM kept.sessions'); store.commit()")


# As many providers as a login page is to bear (docs/performance.md).
MANY = 40


def needs_only_an_app(folder, name):
    """True for a provider's file that an app's id and secret complete."""
    if not name.endswith(".json") or name == "schema.json":
        return False
    with open(os.path.join(folder, name), encoding="utf-8") as stream:
        provider = json.load(stream)
    return "address" not in provider.get("register", {}) and "client_secret_jwt" not in provider


@dataclass
class Case:
    """A program and a request to it. `label` and `linked` name it in the tables. `prepared` ones need a session before
    each run; `heavy` ones are measured less; without a `request` it is not run under Apache."""
    label: str
    linked: str
    invocation: Invocation
    goal: object = None
    prepared: bool = False
    heavy: bool = False
    request: dict = field(default=None)

    @property
    def key(self):
        return "%s, %s" % (self.label, self.linked)


def keep_sessions():
    """A copy of the store, from which ended sessions come back."""
    with sqlite3.connect(DATABASE) as store, sqlite3.connect(account.workshop("kept.db")) as kept:
        store.backup(kept)
    account.give_to_owner(account.workshop("kept.db"))


def restore_script():
    return RESTORE.format(store=DATABASE, kept=account.workshop("kept.db"))


def yardsticks():
    """The trivial program first: it is what all others are compared with. Then what starting a process costs."""
    dynamic = account.accounts()[0]
    request = dynamic.request("/trivial")
    environment = dynamic.environment(request, "trivial")
    result = [Case("trivial", "dynamic", Invocation([dynamic.program("trivial")], environment), request=request)]
    for linked in [one.linked for one in account.accounts()]:
        result.append(Case("empty", linked, Invocation([account.workshop("empty-" + linked)], environment)))
    return result


class Requests:
    """The cases of one account."""

    def __init__(self, home, cookie):
        self.home, self.cookie = home, cookie
        self.make_recheck_folder()

    def make_recheck_folder(self):
        """A folder of the site where every look at the profile asks the store."""
        config = self.home.write_config("config-recheck.json", lambda value: value["session"].update(recheck_minutes=0))
        folder = os.path.join(self.home.html, "recheck")
        os.mkdir(folder)
        with open(os.path.join(folder, ".htaccess"), "w", encoding="utf-8") as stream:
            stream.write('SetEnv CGI_LOGIN_CONFIG "%s"\nRewriteEngine On\n' % config)
            stream.write("RewriteRule ^profile$ %s/profile [END]\n" % self.home.bin_url)

    def many_providers(self):
        """The login page of a site with MANY providers: each file that needs nothing but an app, and some twice."""
        folder = os.path.join(os.path.dirname(self.home.config), "providers")
        names = sorted(name.removesuffix(".json") for name in os.listdir(folder) if needs_only_an_app(folder, name))
        app = {"client_id": "id", "client_secret": "secret"}
        providers = {name: app for name in names[:MANY]}
        providers |= {name + "-2": dict(app, preset=name) for name in names[:MANY - len(providers)]}
        config = self.home.write_config("config-many.json", lambda value: value.update(providers=providers))
        case = self.case("login, %d providers" % len(providers), "login", "/login", served=False)
        case.invocation.environment["CGI_LOGIN_CONFIG"] = config
        return case

    def case(self, label, program, path, *, goals=(), prepared=False, served=True, stdin=os.devnull, **request):
        request = self.home.request(path, **request)
        environment = self.home.environment(request, program)
        return Case(label, self.home.linked, Invocation([self.home.program(program)], environment, stdin),
                    dict(goals).get(self.home.linked), prepared, request=request if served else None)

    def signed_in(self, label, program, path, **more):
        headers = dict(more.pop("headers", {}), Cookie=self.cookie)
        return self.case(label, program, path, headers=headers, **more)

    def gate(self, label, cookie):
        """The gate as it is asked about the small file of gate.py, whose folder is not below the account's own."""
        headers = {"Sec-Fetch-Mode": "navigate", **({"Cookie": cookie} if cookie else {})}
        request = {"path": "/guard/cgi-%s/small.html" % self.home.linked, "headers": headers}
        environment = self.home.environment(request, "gate")
        return Case(label, self.home.linked, Invocation([self.home.program("gate")], environment),
                    SESSION_GOALS[self.home.linked] if cookie else None)

    def whoami(self):
        """As a script of the site runs it, with the variables that the script has."""
        request = self.home.request("/profile", headers={"Cookie": self.cookie})
        program = os.path.join(os.path.dirname(self.home.config), "bin/cgi-login-whoami")
        return Case("whoami", self.home.linked, Invocation([program], self.home.environment(request, "profile")))

    def deauthorize(self):
        """For somebody who never signed in: so each run does the same, and the one who is signed in stays so."""
        body, _ = account.signed_request(STRANGER)
        path = account.workshop("deauthorize.txt")
        with open(path, "wb") as stream:
            stream.write(body)
        return self.case("deauthorize, a stranger", "deauthorize", "/auth/instagram/deauthorize", method="POST",
                         headers={"Content-Type": account.FORM}, body=body, stdin=path, served=False)

    def deletion(self):
        _, answer = account.signed_request(STRANGER, os.environ["SITE_URL"] + "/auth/instagram/deletion")
        query = urlsplit(json.loads(answer)["url"]).query
        return self.case("deletion, the status page", "deletion", "/auth/instagram/deletion", query=query, served=False)

    def all(self):
        click = {"method": "POST", "headers": {"Sec-Fetch-Site": "same-origin", "Origin": os.environ["SITE_URL"]}}
        return [
            self.case("start", "start", "/auth/instagram", goals=QUICK_GOALS),
            self.case("login", "login", "/login", goals=QUICK_GOALS),
            self.many_providers(),
            self.signed_in("profile", "profile", "/profile", goals=SESSION_GOALS),
            self.signed_in("profile, asks the store", "profile", "/recheck/profile"),
            self.signed_in("logout, the button", "logout", "/logout", goals=SESSION_GOALS),
            self.signed_in("logout, session is over", "logout", "/logout", goals={"dynamic": 2.2}, **click),
            self.signed_in("logout, ends the session", "logout", "/logout", prepared=True, **click),
            self.gate("gate, lets in", self.cookie),
            self.gate("gate, leads to the login", ""),
            self.whoami(),
            self.deauthorize(),
            self.deletion(),
        ]


def all_cases(cookie):
    """The yardsticks, then each program in every way it is linked."""
    columns = [Requests(home, cookie).all() for home in account.accounts()]
    return yardsticks() + [case for row in zip(*columns) for case in row]
