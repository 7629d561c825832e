#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A page for members, as a CGI script. The paths are those of your account."""
import html
import os
import sys
from urllib.parse import quote

sys.path.insert(0, "/home/you/cgi-login/identity/python")
import cgi_login

visitor = cgi_login.visitor("/home/you/cgi-login/session-keys.json", os.environ.get("HTTP_COOKIE", ""))
sys.stdout.reconfigure(encoding="utf-8")
print("Cache-Control: private, no-cache\nVary: Cookie")
if not visitor["signed_in"]:
    back = quote(os.environ.get("REQUEST_URI", "/"), safe="")
    print(f"Status: 302 Found\nLocation: {visitor['login_url']}?return_to={back}\n")
    sys.exit()
print("Content-Type: text/html; charset=utf-8\n\n<!doctype html>\n<title>Members</title>")
print(f"<p>Hello, {html.escape(visitor['name'] or visitor['id'])}.</p>")
if visitor["due"]:  # the browser gets a newer cookie
    print("<script>fetch('/profile', {headers: {Accept: 'application/json'}})</script>")
