# SPDX-License-Identifier: MIT
"""The ways in which the stand-in can misbehave: wrong answers, broken bodies, broken connections."""

import gzip
import os
import socket
import struct
import threading
import time
import zlib

from answer import Answer, graph_error, oauth_error

BOMB_BYTES = 64 * 1024 * 1024
OVERSIZED_BYTES = 12 * 1024 * 1024
DRIP_SECONDS = 0.5
HOLD_SECONDS = 30
# Stands for bytes that JSON text cannot hold; swapped in after encoding. A private-use character.
MARK = "\ue0ff"

_REPLIES = {
    "used_code": oauth_error("This authorization code has been used"),
    "bad_secret": oauth_error("Error validating client secret"),
    "invalid_app": oauth_error("Invalid platform app"),
    "http_500_html": Answer(b"<!DOCTYPE html><title>Error</title><h1>Sorry, something went wrong.</h1>", 500,
                            "text/html; charset=utf-8"),
    "http_429": graph_error("Application request limit reached", 4, status=429),
    "code_190": graph_error("Error validating access token: Session has expired on Tuesday, 06-Jan-26 09:00:00 PST.",
                            190),
    "code_4": graph_error("Application request limit reached", 4, status=403),
    "code_17": graph_error("User request limit reached", 17),
    "not_json": Answer(b"access_token=IGAAnotjson&expires=5184000"),
    "empty": Answer(b""),
    "deep_json": Answer(b"[" * 200000),
}
_WRONG_TYPES = {"array": b"[1,2,3]", "number": b"17841405793187218123", "string": b'"access_token"',
                "null": b"null", "true": b"true"}
_RECORD = ("missing_token", "missing_id", "missing_expiry", "null_fields", "invalid_utf8", "nul_byte", "nul_escape")
_CODED = ("gzip", "deflate", "gzip_bomb", "gzip_broken", "gzip_behind", "unknown_coding")
_TRANSPORT = ("oversized", "slow", "hold", "drip", "truncated", "reset") + _CODED
NAMES = ("none", "redirect", "wrong_type") + tuple(_REPLIES) + _RECORD + _TRANSPORT


class Gate:
    """Where answers of the fault "hold" wait until a test lets them go. `held` is how many wait there now."""

    def __init__(self):
        self._changed = threading.Condition()
        self._openings = 0
        self.held = 0

    def wait(self, seconds):
        with self._changed:
            opening = self._openings
            self.held += 1
            self._changed.wait_for(lambda: self._openings != opening, seconds)
            self.held -= 1

    def open(self):
        with self._changed:
            self._openings += 1
            self._changed.notify_all()


def is_fault(value):
    if isinstance(value, str):
        return value in NAMES
    return (isinstance(value, dict) and value.get("fault") in NAMES
            and set(value) <= {"fault", "times", "seconds", "as"}
            and isinstance(value.get("times", 1), int) and value.get("times", 1) > 0
            and isinstance(value.get("seconds", 1), (int, float)) and value.get("seconds", 1) >= 0
            and value.get("as", "array") in _WRONG_TYPES)


def reply(fault, base_url):
    """The whole answer of a fault that does not depend on the request; None for the others."""
    name = fault["fault"]
    if name == "redirect":
        return Answer(b"", 302, "text/plain", {"Location": base_url + "/_redirected"})
    if name == "wrong_type":
        return Answer(_WRONG_TYPES[fault.get("as", "array")])
    return _REPLIES.get(name)


def edit_record(fault, record, key):
    """Spoils the token or profile object. key is the field without which it is worth nothing."""
    name = fault["fault"]
    if name == "missing_token":
        record.pop("access_token", None)
    elif name == "missing_expiry":
        record.pop("expires_in", None)
    elif name == "missing_id":
        for field in ("id", "user_id"):
            record.pop(field, None)
    elif name == "null_fields":
        record = {field: (value if field == key else None) for field, value in record.items()}
    elif name in ("invalid_utf8", "nul_byte"):
        field = "access_token" if key == "access_token" else "username"
        record[field] = "ab" + MARK + "cd"
    elif name == "nul_escape":
        field = "access_token" if key == "access_token" else "username"
        record[field] = "ab\0cd"
    return record


def edit_body(fault, body):
    spoiled = {"invalid_utf8": b"\xff\xfe\xc3(", "nul_byte": b"\0"}.get(fault["fault"])
    if spoiled is None:
        return body
    return body.replace(MARK.encode(), spoiled).replace(b"\\ue0ff", spoiled)


def send(fault, handler, answer):
    """Sends the answer through the broken connection the fault asks for."""
    name = fault["fault"]
    if name == "slow":
        time.sleep(fault.get("seconds", 30))
    if name == "hold":
        handler.server.gate.wait(fault.get("seconds", HOLD_SECONDS))
    if name == "reset":
        _reset(handler)
    elif name == "truncated":
        handler.send_answer(answer, claimed_length=len(answer.body) + 100)
        handler.close_connection = True
    elif name == "oversized":
        _stream_oversized(handler, answer)
    elif name in _CODED:
        handler.send_answer(_coded(name, answer))
    elif name == "drip":
        _drip(handler, answer, fault.get("seconds", DRIP_SECONDS))
    else:
        handler.send_answer(answer)


def _coded(name, answer):
    """The answer in a content coding that nobody asked for."""
    body = answer.body
    if name == "gzip_bomb":
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        body = b"".join(packer.compress(b" " * 65536) for _ in range(BOMB_BYTES // 65536)) + packer.flush()
    elif name == "deflate":
        body = zlib.compress(body)
    elif name != "unknown_coding":
        body = gzip.compress(body)
    if name == "gzip_broken":
        body = body[:20] + bytes(byte ^ 0x55 for byte in body[20:])
    if name == "gzip_behind":
        body += b"and more"
    coding = {"deflate": "deflate", "unknown_coding": "x-rot13"}.get(name, "gzip")
    return Answer(body, answer.status, answer.content_type, dict(answer.headers, **{"Content-Encoding": coding}))


def _reset(handler):
    """Closes with RST instead of FIN, which is what a crashed or overloaded server looks like."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(handler.connection.detach())
    handler.close_connection = True


def _stream_oversized(handler, answer):
    """A right answer after megabytes of white space, without a length that would give it away."""
    handler.send_head(answer, None)
    block = b" " * 65536
    for _ in range(OVERSIZED_BYTES // len(block)):
        handler.wfile.write(block)
    handler.wfile.write(answer.body)
    handler.close_connection = True


def _drip(handler, answer, seconds):
    handler.send_head(answer, len(answer.body))
    for position in range(len(answer.body)):
        handler.wfile.write(answer.body[position:position + 1])
        time.sleep(seconds)
