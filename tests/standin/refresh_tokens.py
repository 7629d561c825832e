# SPDX-License-Identifier: MIT
"""Refresh tokens as the standard has them (RFC 6749, section 6), for providers that renew so; Instagram does not."""

import secrets
import threading

from answer import json_answer

TOKEN_BYTES = 48


def refusal(error, description, status=400):
    """RFC 6749, section 5.2."""
    return json_answer({"error": error, "error_description": description}, status)


class RefreshTokens:
    """Those given out. With rotation each works once; one that comes again counts as reused."""

    def __init__(self):
        self._lock = threading.Lock()
        self.reset()

    def reset(self):
        with self._lock:
            self._tokens, self._reused = {}, 0

    def issue(self, person, scopes):
        token = "RT" + secrets.token_urlsafe(TOKEN_BYTES)
        with self._lock:
            self._tokens[token] = {"person": person, "scopes": scopes, "used": False}
        return token

    def redeem(self, token, rotate):
        """Returns (what it stands for, None), spent if it rotates, or (None, the error answer)."""
        with self._lock:
            entry = self._tokens.get(token)
            if entry is None:
                return None, refusal("invalid_grant", "The refresh token is not known")
            if entry["used"]:
                self._reused += 1
                return None, refusal("invalid_grant", "The refresh token was already used")
            entry["used"] = rotate
            return entry, None

    def issued(self):
        with self._lock:
            return list(self._tokens)

    def state(self):
        with self._lock:
            return {"unused": [token for token, entry in self._tokens.items() if not entry["used"]],
                    "reused": self._reused}
