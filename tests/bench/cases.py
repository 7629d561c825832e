# SPDX-License-Identifier: MIT
"""What is measured: one request to each program, as Apache hands it on."""

import os
import sqlite3

import account

DATABASE = os.path.join(os.environ["SITE_PRODUCT"], "users.db")
# Runs before each sign-out, so that there is a session to end.
RESTORE = ("import sqlite3; store = sqlite3.connect('{store}'); store.execute(\"ATTACH '{kept}' AS kept\"); "
           "store.execute('INSERT OR IGNORE INTO sessions SELECT * FROM kept.sessions'); store.commit()")


class Case:
    """A request to a program. `label` names it in the tables; `prepared` ones need a session before each run."""

    def __init__(self, label, program, path, *, goal=None, cookie=None, prepared=False, **request):
        self.label, self.program, self.goal, self.prepared = label, program, goal, prepared
        self.request = dict(request, path=path)
        if cookie:
            self.request["headers"] = dict(request.get("headers", {}), Cookie=cookie)
        self.environment = account.environment_of(self.request, program)

    @property
    def file(self):
        return account.program_path(self.program)


def keep_sessions():
    """A copy of the store, from which ended sessions come back."""
    with sqlite3.connect(DATABASE) as store, sqlite3.connect(account.workshop("kept.db")) as kept:
        store.backup(kept)
    account.give_to_owner(account.workshop("kept.db"))


def restore_script():
    return RESTORE.format(store=DATABASE, kept=account.workshop("kept.db"))


def make_recheck_folder():
    """A folder of the site where every look at the profile asks the store."""
    config = account.write_config("config-recheck.json", lambda value: value["session"].update(recheck_minutes=0))
    folder = os.path.join(os.environ["SITE_HTML"], "recheck")
    os.mkdir(folder)
    with open(os.path.join(folder, ".htaccess"), "w", encoding="utf-8") as stream:
        stream.write('SetEnv CGI_LOGIN_CONFIG "%s"\nRewriteEngine On\n' % config)
        stream.write("RewriteRule ^profile$ /cgi-bin/profile [END]\n")


def all_cases(cookie):
    """The trivial program first: it is what the others are compared with."""
    make_recheck_folder()
    click = {"method": "POST", "headers": {"Sec-Fetch-Site": "same-origin", "Origin": os.environ["SITE_URL"]}}
    return [
        Case("trivial", "trivial", "/trivial"),
        Case("start", "start", "/auth/instagram", goal=1.5),
        Case("login", "login", "/login", goal=1.5),
        Case("profile", "profile", "/profile", goal=2.2, cookie=cookie),
        Case("profile, asks the store", "profile", "/recheck/profile", goal=2.2, cookie=cookie),
        Case("logout, the button", "logout", "/logout", goal=2.2, cookie=cookie),
        Case("logout, session is over", "logout", "/logout", goal=2.2, cookie=cookie, **click),
        Case("logout, ends the session", "logout", "/logout", goal=2.2, cookie=cookie, prepared=True, **click),
    ]
