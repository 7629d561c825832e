# SPDX-License-Identifier: MIT
"""Reads a request, finds who answers it, and sends the answer. Holds the pages for people and the tests' control."""

import http.server
import json
import re
from urllib.parse import parse_qsl, urlencode, urlsplit

import consent
import faults
import people
import signed_request
from answer import Answer, json_answer
from api import Api, repeated

MAX_BODY_BYTES = 1024 * 1024
MAX_FIELDS = 200
IDLE_SECONDS = 60
ME_PATH = re.compile(r"(/v\d+\.\d+)?/me")
PICTURE_PATH = re.compile(r"/picture/([A-Za-z0-9._-]+)\.(svg|png)")
PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'"


def fields_of(text):
    """A query or form as an object; a repeated field becomes a list, for the log."""
    result = {}
    for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS):
        if name in result:
            earlier = result[name] if isinstance(result[name], list) else [result[name]]
            result[name] = earlier + [value]
        else:
            result[name] = value
    return result


class Handler(Api, http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "standin", ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    # --- sending ---

    def send_head(self, answer, length):
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Cache-Control", "no-store")
        if length is None:
            self.send_header("Connection", "close")
        else:
            self.send_header("Content-Length", str(length))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def send_answer(self, answer, claimed_length=None):
        self.send_head(answer, len(answer.body) if claimed_length is None else claimed_length)
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def send_page(self, body, status=200):
        self.send_answer(Answer(body, status, "text/html; charset=utf-8",
                                {"Content-Security-Policy": PAGE_POLICY, "Referrer-Policy": "no-referrer"}))

    def send_plain_error(self, status, message):
        self.close_connection = True
        self.send_answer(json_answer({"error": message}, status))

    # --- receiving ---

    def do_GET(self):
        self.receive()

    do_HEAD = do_GET

    def do_POST(self):
        self.receive()

    def read_body(self):
        length = self.headers.get("Content-Length", "0")
        if self.headers.get("Transfer-Encoding") or not re.fullmatch(r"[0-9]{1,18}", length):
            self.send_plain_error(411, "a body needs a Content-Length")
        elif int(length) > MAX_BODY_BYTES:
            self.send_plain_error(413, "the body is too large")
        else:
            body = self.rfile.read(int(length))
            if len(body) == int(length):
                return body
            self.close_connection = True
        return None

    def receive(self):
        self.body = self.read_body()
        if self.body is None:
            return
        try:
            parts = urlsplit(self.path)
            self.url_path, self.query, self.form = parts.path, fields_of(parts.query), {}
            if self.headers.get_content_type() == "application/x-www-form-urlencoded":
                self.form = fields_of(self.body.decode("utf-8", "replace"))
        except ValueError:
            self.send_plain_error(400, "the request cannot be read")
            return
        if not self.url_path.startswith("/_control") and self.url_path != "/health":
            self.server.record({"method": self.command, "path": self.url_path, "query": self.query, "form": self.form,
                                "headers": dict(self.headers.items()), "target": self.path,
                                "connection": self.client_address[1],
                                "body": self.body.decode("utf-8", "replace")})
        self.route()

    def canned(self, answer):
        """What a test has the stand-in answer at a path of its own."""
        fault = answer.get("fault", "none")
        made = json_answer(answer["json"], answer.get("status", 200)) if "json" in answer else \
            Answer(answer.get("body", "").encode(), answer.get("status", 200))
        faults.send({"fault": fault} if isinstance(fault, str) else fault, self, made)

    def route(self):
        method = "GET" if self.command == "HEAD" else self.command
        answer = self.server.settings["answers"].get("%s %s" % (method, self.url_path))
        if answer is not None:
            self.canned(answer)
            return
        known = self.ROUTES.get(self.url_path)
        if known is None and ME_PATH.fullmatch(self.url_path):
            known = {"GET": Handler.me}
        if known is None and PICTURE_PATH.fullmatch(self.url_path):
            known = {"GET": Handler.picture}
        if known is None:
            self.send_answer(json_answer({"error": "no such page"}, 404))
        elif method not in known:
            answer = json_answer({"error": "method not allowed"}, 405)
            answer.headers["Allow"] = ", ".join(known)
            self.send_answer(answer)
        else:
            known[method](self)

    # --- what a person sees ---

    def authorize_problem(self, request):
        if repeated(request):
            return "Invalid request: %s is given twice" % repeated(request)
        if request.get(self.client_id_param()) != self.server.options.client_id:
            return "Invalid platform app"
        if request.get("redirect_uri") not in self.server.settings["redirect_uris"]:
            return "Invalid redirect_uri"
        if request.get("response_type") != "code":
            return "Invalid response_type"
        scopes = request.get("scope", "").split(",")
        unknown = [scope for scope in scopes if scope not in consent.SCOPES]
        if unknown:
            return "Invalid scope: %s" % unknown[0]
        if ("code_challenge" in request) != (request.get("code_challenge_method") == "S256"):
            return "Invalid code_challenge_method"
        if not re.fullmatch(r"[A-Za-z0-9_-]{43}", request.get("code_challenge", "A" * 43)):
            return "Invalid code_challenge"
        return None

    def authorize(self):
        problem = self.authorize_problem(self.query)
        if problem:
            self.send_page(consent.error_page(problem), 400)
        else:
            self.send_page(consent.consent_page(self.query, self.query["scope"].split(",")))

    def decide(self):
        form = self.form
        problem = self.authorize_problem(form)
        if not problem and form.get("decision") not in ("approve", "refuse"):
            problem = "Invalid decision"
        if not problem and form["decision"] == "approve" and form.get("person") not in people.PEOPLE:
            problem = "Unknown person"
        if problem:
            self.send_page(consent.error_page(problem), 400)
            return
        if form["decision"] == "approve":
            result = {"code": self.server.ledger.issue_code(form["person"], form["redirect_uri"],
                                                            form["scope"].split(","), form.get("code_challenge"),
                                                            form.get("state"))}
        else:
            result = {"error": "access_denied", "error_reason": "user_denied",
                      "error_description": "The user denied your request."}
        if "state" in form:
            result["state"] = form["state"]
        location = form["redirect_uri"] + ("&" if "?" in form["redirect_uri"] else "?") + urlencode(result)
        # Instagram's own oddity: a fragment that the browser keeps.
        location += "#_" if "code" in result else ""
        self.send_answer(Answer(b"", 302, "text/plain", {"Location": location}))

    def picture(self):
        name, kind = PICTURE_PATH.fullmatch(self.url_path).groups()
        if kind == "svg":
            self.send_answer(Answer(people.picture_svg(name), 200, "image/svg+xml"))
        else:
            self.send_answer(Answer(people.picture_png(name), 200, "image/png"))

    # --- for tests ---

    def redirected(self):
        self.send_answer(json_answer({"access_token": "IGAAredirected", "id": 1, "username": "redirected"}))

    def health(self):
        self.send_answer(json_answer({"ok": True}))

    def control(self):
        self.send_answer(json_answer(self.server.state(), escape="utf8"))

    def change_control(self):
        try:
            problem = self.server.settings.change(json.loads(self.body))
        except (ValueError, RecursionError):
            problem = "the body is not JSON"
        if problem:
            self.send_answer(json_answer({"error": problem}, 400, escape="utf8"))
        else:
            self.control()

    def release(self):
        self.server.gate.open()
        self.control()

    def sign_request(self):
        try:
            result, status = signed_request.make(json.loads(self.body), self.server.options.client_secret)
        except (ValueError, RecursionError):
            result, status = {"error": "the body is not JSON"}, 400
        self.send_answer(json_answer(result, status, escape="utf8"))

    def reset_control(self):
        self.server.reset()
        self.control()

    ROUTES = {
        "/oauth/authorize": {"GET": authorize},
        "/oauth/consent": {"POST": decide},
        "/oauth/access_token": {"POST": Api.token},
        "/access_token": {"GET": Api.long_lived},
        "/refresh_access_token": {"GET": Api.refresh},
        "/_redirected": {"GET": redirected, "POST": redirected},
        "/_control": {"GET": control, "POST": change_control},
        "/_control/reset": {"POST": reset_control},
        "/_control/release": {"POST": release},
        "/_control/signed_request": {"POST": sign_request},
        "/health": {"GET": health},
    }
