# SPDX-License-Identifier: MIT
"""The codes and tokens this stand-in has handed out, and the rules for using them."""

import base64
import hashlib
import secrets
import string
import threading
import time

from answer import graph_error, oauth_error
from settings import SHORT_TOKEN_SECONDS

CODE_SECONDS = 3600
LONG_TOKEN_SECONDS = 5183944
REFRESH_MIN_AGE_SECONDS = 86400
_LETTERS = string.ascii_letters + string.digits


def _word(prefix, length):
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(length))


def challenge_of(verifier):
    """RFC 7636, section 4.2."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


class Ledger:
    def __init__(self, settings):
        self._settings = settings
        self._lock = threading.Lock()
        self.reset()

    def reset(self):
        with self._lock:
            self._codes, self._tokens = {}, {}

    def issued(self):
        with self._lock:
            return {"codes": list(self._codes), "tokens": list(self._tokens)}

    def _now(self):
        return time.time() + self._settings["clock_offset_seconds"]

    def issue_code(self, person, redirect_uri, scopes, challenge, state=None):
        code = _word("AQB", 180)
        with self._lock:
            self._codes[code] = {"person": person, "redirect_uri": redirect_uri, "scopes": scopes,
                                 "challenge": challenge, "state": state, "expires": self._now() + CODE_SECONDS, "used": False}
        return code

    def state_of(self, code):
        with self._lock:
            return self._codes.get(code, {}).get("state")

    def redeem_code(self, code, redirect_uri, verifier):
        """Returns (what the code stood for, None) and spends it, or (None, the error answer)."""
        now = self._now()
        with self._lock:
            entry = self._codes.get(code)
            if entry is None or now > entry["expires"]:
                return None, oauth_error("Matching code was not found or was already used")
            if entry["used"]:
                return None, oauth_error("This authorization code has been used")
            if redirect_uri != entry["redirect_uri"]:
                return None, oauth_error("Error validating verification code. Please make sure your redirect_uri is "
                                         "identical to the one you used in the OAuth dialog request")
            if entry["challenge"] and challenge_of(verifier) != entry["challenge"]:
                return None, oauth_error("Error validating code verifier")
            entry["used"] = True
            return entry, None

    def issue_token(self, person, scopes, seconds):
        token = _word("IGAA", 160)
        now = self._now()
        with self._lock:
            self._tokens[token] = {"person": person, "scopes": scopes, "issued": now, "expires": now + seconds,
                                   "long": seconds > SHORT_TOKEN_SECONDS}
        return token

    def find_token(self, token):
        """Returns (the token's entry, None) or (None, the error answer)."""
        now = self._now()
        with self._lock:
            entry = self._tokens.get(token)
        if entry is None:
            return None, graph_error("Invalid OAuth access token - Cannot parse access token", 190)
        if now > entry["expires"]:
            return None, graph_error("Error validating access token: Session has expired", 190)
        return entry, None

    def old_enough_to_refresh(self, entry):
        return entry["long"] and self._now() - entry["issued"] >= REFRESH_MIN_AGE_SECONDS
