# SPDX-License-Identifier: MIT
"""Meta's signed requests, signed as Meta does, and sent where a test wants them."""

import base64
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.parse
import urllib.request

import people

SEND_SECONDS = 60
ALGORITHM = "HMAC-SHA256"
TEXTS = ("person", "payload", "secret", "url")
KNOWN = ("which", "as", "user_id", "issued_at", "algorithm") + TEXTS


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sign(payload, secret):
    """SIG.PAYLOAD: the signature is over the payload as it is sent, which is encoded."""
    text = encode(payload.encode("utf-8", "surrogatepass"))
    return "%s.%s" % (encode(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()), text)


def problem_of(wish):
    """What is wrong with what the test asks for, or None."""
    if not isinstance(wish, dict):
        return "expected a JSON object"
    unknown = [name for name in wish if name not in KNOWN]
    if unknown:
        return "unknown: %s; known: %s" % (unknown[0], ", ".join(KNOWN))
    wrong = [name for name in TEXTS if not isinstance(wish.get(name, ""), str)]
    if wrong:
        return "%s: expected a text" % wrong[0]
    if wish.get("which", "id") not in ("id", "user_id") or wish.get("as", "string") not in ("string", "integer"):
        return 'expected "id" or "user_id" as which, "string" or "integer" as as'
    if wish.get("person", "harbour.bakery") not in people.PEOPLE:
        return "there is no such person"
    return None


def payload_of(wish):
    """The payload as Meta writes it: no spaces, slashes and other scripts escaped; null leaves a member out."""
    if "payload" in wish:
        return wish["payload"]
    number = people.PEOPLE[wish.get("person", "harbour.bakery")][wish.get("which", "id")]
    members = {"user_id": number if wish.get("as") == "integer" else str(number), "algorithm": ALGORITHM,
               "issued_at": int(time.time())}
    members.update({name: wish[name] for name in members if name in wish})
    members = {name: value for name, value in members.items() if value is not None}
    return json.dumps(members, separators=(",", ":")).replace("/", "\\/")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def send(url, text):
    """Posts it as Meta does. Returns status, content type and body."""
    form = urllib.parse.urlencode({"signed_request": text}).encode()
    try:
        answer = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect).open(
            url, form, timeout=SEND_SECONDS)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return {"status": answer.status, "content_type": answer.headers.get("Content-Type"),
                "body": answer.read().decode("utf-8", "replace")}


def make(wish, app_secret):
    """What POST /_control/signed_request answers: (object, status)."""
    problem = problem_of(wish)
    if problem:
        return {"error": problem}, 400
    payload = payload_of(wish)
    result = {"signed_request": sign(payload, wish.get("secret", app_secret)), "payload": payload}
    if "url" in wish:
        try:
            result["answer"] = send(wish["url"], result["signed_request"])
        except (OSError, ValueError) as failure:
            return {"error": "could not send it: %s" % failure}, 502
    return result, 200
