# SPDX-License-Identifier: MIT
"""An HTTP answer, and the two shapes of Instagram's errors."""

import json


class Answer:
    def __init__(self, body, status=200, content_type="application/json; charset=utf-8", headers=None):
        self.body, self.status, self.content_type, self.headers = body, status, content_type, headers or {}


def json_answer(value, status=200, escape="ascii"):
    """Like Instagram, writes other scripts as \\u escapes and slashes as \\/, unless told to write plain UTF-8."""
    text = json.dumps(value, ensure_ascii=escape == "ascii", separators=(",", ":"))
    if escape == "ascii":
        text = text.replace("/", "\\/")
    return Answer(text.encode("utf-8", "replace"), status)


def oauth_error(message, code=400):
    """An error of api.instagram.com (the code exchange)."""
    return json_answer({"error_type": "OAuthException", "code": code, "error_message": message}, code)


def graph_error(message, code, status=400, kind="OAuthException"):
    """An error of graph.instagram.com (all the rest)."""
    return json_answer({"error": {"message": message, "type": kind, "code": code,
                                  "fbtrace_id": "AstandinTrace0000000000"}}, status)
