# SPDX-License-Identifier: MIT
"""Who is signed in, for a program of the site's own: opens the session's cookie with the file that
`cgi-login export-key` writes. Needs Python 3.7 and PyNaCl (Debian: python3-nacl; else: pip install --user pynacl).

    sys.path.insert(0, "/home/you/cgi-login/identity/python")
    import cgi_login
    visitor = cgi_login.visitor("/home/you/cgi-login/session-keys.json", os.environ.get("HTTP_COOKIE", ""))
    if not visitor["signed_in"]: ...

docs/identity.md says what is in it. What it cannot know, since it asks no store: a session that was ended after its last
check still opens, until the limit: the file's limit_seconds, or `limit`, have passed since that check.
"""
import base64
import binascii
import json
import os
import re
import time

from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt
from nacl.exceptions import CryptoError


# Control characters, and what breaks or reorders a line.
UNSHOWN = r"\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"


def visitor(file, cookies, limit=None, now=None):
    """Gives the visitor whose Cookie header this is. Raises OSError or ValueError if the file cannot be used."""
    settings = read_settings(file)
    now = int(time.time()) if now is None else now
    session = open_session(settings, cookies, now)
    nobody = {"signed_in": False, "due": False, "login_url": settings["base_url"] + "/login"}
    if session is None:
        return nobody
    age = now - session["checked"]
    if age < 0 or age >= (settings["limit_seconds"] if limit is None else limit):
        return {**nobody, "due": True}
    user = session["profile"]
    return {
        "signed_in": True,
        "id": session["provider"] + ":" + user["id"],
        "provider": session["provider"],
        # One that was cut to fit into the cookie is somebody else's, or nobody's.
        "username": "" if user.get("username", "").endswith("…") else told(user.get("username", "")),
        "name": re.sub(f"[ {UNSHOWN}]+", " ", user.get("full_name", "")).strip(" "),
        "email": told(user.get("email", "")) if user.get("email_verified") is True else "",
        "groups": user.get("groups", []),
        "user": user,
        "since": session["signed_in"],
        "checked": session["checked"],
        "expires": session["expires"],
        "due": age >= settings["recheck_seconds"],
    }


def told(text):
    """The text; "" for one that would begin another line, or name somebody else, where it is written."""
    return "" if re.search(f"^ | \\Z|[{UNSHOWN}]", text) else text


def read_settings(file):
    with open(file, encoding="utf-8") as opened:
        if os.fstat(opened.fileno()).st_mode & 0o026:
            raise ValueError(f"{file} can be read or written by other users; run: chmod 600 {file}")
        settings = json.load(opened)
    if not isinstance(settings, dict) or settings.get("version") != 1:
        raise ValueError(f"{file} is none of this version; run: cgi-login export-key")
    return settings


def open_session(settings, cookies, now):
    """The session of the Cookie header; None if there is none that is whole, ours and not over."""
    found = re.search(r"(?:^|;)[ \t]*" + re.escape(settings["cookie"]) + "=([^;]*)", cookies)
    if found is None or len(found[1]) > 4096 or not re.fullmatch("[A-Za-z0-9_-]+", found[1]):
        return None
    try:
        sealed = base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4))
    except binascii.Error:
        return None
    # version 1 | key id 4 | nonce 24 | ciphertext of (expiry 8 | JSON) | tag 16; the first five bytes are authenticated
    if len(sealed) < 53 or base64.urlsafe_b64encode(sealed).decode().rstrip("=") != found[1] or sealed[0] != 1:
        return None
    key = next((key for key in settings["keys"] if sealed[1:5].hex() in key["ids"]), None)
    if key is None:
        return None
    try:
        plain = crypto_aead_xchacha20poly1305_ietf_decrypt(
            sealed[29:], sealed[:5], sealed[5:29], bytes.fromhex(key["key"]))
    except CryptoError:
        return None
    if int.from_bytes(plain[:8], "big", signed=True) <= now:
        return None
    session = give_names(json.loads(plain[8:].decode()), settings["names"])
    return session if session["provider"] in settings["providers"] else None


def give_names(value, names):
    """An object with the names that its short keys stand for."""
    if not isinstance(value, dict):
        return value
    return {names.get(key, key): give_names(member, names) for key, member in value.items()}
