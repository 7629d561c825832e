# SPDX-License-Identifier: MIT
"""The pages a person sees at the stand-in: consent, and errors."""

import html

import people

SCOPES = {
    "instagram_business_basic": "See your profile and your posts",
    "instagram_business_content_publish": "Publish posts for you",
    "instagram_business_manage_messages": "Read and answer your messages",
    "instagram_business_manage_comments": "Read and answer comments",
    "instagram_business_manage_insights": "See your statistics",
}

STYLE = """
:root { color-scheme: light dark; --page: #f4f1f7; --card: #fff; --ink: #1d1626; --soft: #574c66; --line: #81768f;
  --accent: #8a1c6b; --on-accent: #fff; }
@media (prefers-color-scheme: dark) { :root { --page: #15111b; --card: #221b2b; --ink: #f3eef8; --soft: #c4b8d2;
  --line: #8d819c; --accent: #f3a3dc; --on-accent: #2a0a22; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--page);
  color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 28rem; padding: clamp(1.25rem, 5vw, 2rem); border-radius: 1rem;
  background: var(--card); box-shadow: 0 1px 3px #0003, 0 8px 32px #0002; }
.mark { margin: 0; color: var(--soft); font-size: .9rem; }
h1 { margin: .25rem 0 1rem; font-size: 1.4rem; line-height: 1.25; overflow-wrap: anywhere; }
ul { margin: 0 0 1.25rem; padding-left: 1.25rem; color: var(--soft); }
fieldset { margin: 0 0 1.25rem; padding: 0; border: 0; display: grid; gap: .5rem; }
legend { padding: 0; margin-bottom: .5rem; font-weight: 600; }
label { display: flex; align-items: center; gap: .75rem; padding: .5rem .75rem; border: 1px solid var(--line);
  border-radius: .75rem; cursor: pointer; }
label:has(:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
label img { width: 2.5rem; height: 2.5rem; border-radius: 50%; flex: none; }
label span { min-width: 0; overflow-wrap: anywhere; }
label small { display: block; color: var(--soft); font-size: .875rem; }
input[type=radio] { width: 1.15rem; height: 1.15rem; margin: 0; accent-color: var(--accent); flex: none; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; }
button { flex: 1 1 8rem; min-height: 2.75rem; padding: .5rem 1rem; border: 1px solid var(--accent);
  border-radius: .75rem; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600;
  cursor: pointer; }
button.quiet { background: transparent; color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
"""


def _page(title, body):
    return ('<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<link rel="icon" href="data:,">\n<title>%s</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n'
            '<p class="mark">Instagram stand-in, for tests and demos</p>\n%s\n</main>\n</body>\n</html>\n'
            % (html.escape(title), STYLE, body)).encode()


def error_page(message):
    return _page(message, "<h1>%s</h1>\n<p>The site that sent you here made a request that Instagram would refuse."
                 "</p>" % html.escape(message))


def _choice(username, checked):
    person = people.PEOPLE[username]
    return ('<label><input type="radio" name="person" value="%s" required%s>'
            '<img src="/picture/%s.svg" alt="" width="40" height="40">'
            '<span><bdi>%s</bdi><small>@%s</small></span></label>'
            % (html.escape(username), " checked" if checked else "", html.escape(username),
               html.escape(person["name"]), html.escape(username)))


def consent_page(parameters, scopes):
    """The form a person fills in. Every parameter of the request travels along as a hidden field."""
    hidden = "\n".join('<input type="hidden" name="%s" value="%s">' % (html.escape(name), html.escape(value))
                       for name, value in parameters.items() if name not in ("person", "decision"))
    choices = "\n".join(_choice(username, index == 0) for index, username in enumerate(people.PEOPLE))
    wishes = "\n".join("<li>%s</li>" % SCOPES[scope] for scope in scopes)
    return _page("Allow this site to sign you in?", """<h1>Allow this site to sign you in?</h1>
<p>The site asks to:</p>
<ul>
%s
</ul>
<form method="post" action="/oauth/consent">
%s
<fieldset>
<legend>Continue as</legend>
%s
</fieldset>
<div class="actions">
<button name="decision" value="approve">Approve</button>
<button class="quiet" name="decision" value="refuse">Not now</button>
</div>
</form>""" % (wishes, hidden, choices))
