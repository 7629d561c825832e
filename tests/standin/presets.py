#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""presets.py SITE_URL CONFIG PROVIDERS CASES: a whole login with every preset, on one stand-in for all providers.

CASES/NAME.json says what the provider NAME documents: what it wants to be asked, and what it answers, with its
deviations. The hosts of PROVIDERS/NAME.json are rewritten to the stand-in in the site's copy of the file, and nothing
else of it: https://host/path becomes http://localhost:PORT/NAME/host/path.

A case holds
  config     what the owner writes besides client_id and client_secret (issuer, instance, client_key)
  authorize  parameters that the URL must have; null: it must not
  callback   parameters that the provider adds to code and state; {"post": true} sends them as a form by POST
  auth       how the app must prove itself at the token endpoint: form, basic, json, jwt
  pkce       true or false
  id_token   claims, besides iss, aud, exp, iat and nonce; "alg" is RS256, ES256, or HS256
  calls      "METHOD host/path" to {"query": …, "headers": …, "form": …, "status": …, "respond": …}; a response that is a
             text is sent as it stands; $JWKS is the stand-in's keys, $STANDIN its address. The token goes in a header,
             unless "auth" is "query" or "none"
  token      which of them is the token endpoint; its response gets the ID token
  user       the account as /profile must show it, field for field
  failures   a list of {"call": …, "status": …, "respond": …, "code": word}: a login with that response ends so
Prints a line for each fault; exit status 1 if there is one."""
import base64
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STATED = ("id", "user_id", "username", "full_name", "email", "email_verified", "profile_picture", "groups", "bio", "website")


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Keys:
    """The keys that the stand-in signs ID tokens with, made by openssl."""

    def __init__(self, folder):
        self.paths = {"RS256": f"{folder}/rsa.pem", "ES256": f"{folder}/ec.pem"}
        self._run("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", self.paths["RS256"])
        self._run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", self.paths["ES256"])
        modulus = self._run("rsa", "-in", self.paths["RS256"], "-modulus", "-noout").decode().split("=")[1]
        point = self._run("ec", "-in", self.paths["ES256"], "-pubout", "-outform", "DER")[-64:]
        self.set = {"keys": [
            {"kty": "RSA", "kid": "RS256", "use": "sig", "alg": "RS256", "e": "AQAB",
             "n": base64url(bytes.fromhex(modulus.strip()))},
            {"kty": "EC", "kid": "ES256", "use": "sig", "alg": "ES256", "crv": "P-256", "x": base64url(point[:32]),
             "y": base64url(point[32:])}]}

    @staticmethod
    def _run(*arguments, data=None):
        return subprocess.run(["openssl", *arguments], input=data, capture_output=True, check=True).stdout

    def sign(self, algorithm, claims, secret):
        head = {"alg": algorithm, "typ": "JWT", "kid": algorithm}
        text = ".".join(base64url(json.dumps(part).encode()) for part in (head, claims))
        if algorithm == "HS256":
            return f"{text}.{base64url(hmac.digest(secret.encode(), text.encode(), 'sha256'))}"
        signature = self._run("dgst", "-sha256", "-sign", self.paths[algorithm], data=text.encode())
        if algorithm == "ES256":
            signature = self._raw(signature)
        return f"{text}.{base64url(signature)}"

    @staticmethod
    def _raw(der):
        """The two numbers of an ECDSA signature, 32 bytes each, out of their DER."""
        numbers, at = [], 2
        for _ in range(2):
            length = der[at + 1]
            numbers.append(int.from_bytes(der[at + 2:at + 2 + length], "big").to_bytes(32, "big"))
            at += 2 + length
        return b"".join(numbers)


class Case:
    """A provider: what it documents, and what has been asked of it in the login that is under way."""

    def __init__(self, name, path):
        data = json.loads(path.read_text())
        self.name, self.data = name, data
        self.client_id, self.client_secret = f"id-of-{name}", f"secret-of-{name}-0123456789abcdef0123456789abcdef"
        self.faults, self.asked, self.failure, self.authorized = [], set(), None, {}

    def expect(self, what, found, wanted):
        if found != wanted:
            self.faults.append(f"{what}: expected {wanted!r}, not {found!r}")

    def expect_all(self, what, found, wanted):
        for key, value in (wanted or {}).items():
            self.expect(f"{what} {key}", found.get(key), value)


class Standin(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.answer(b"")

    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def answer(self, body):
        url = urllib.parse.urlsplit(self.path)
        _, name, host, *rest = url.path.split("/", 3)
        case = self.server.cases[name]
        place = f"{self.command} {host}/{rest[0] if rest else ''}"
        call = case.data["calls"].get(place)
        if call is None:
            case.faults.append(f"{place} is no call that the provider documents")
            return self.send(404, {"error": "not_found"})
        case.asked.add(place)
        query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        case.expect_all(f"{place} query", query, call.get("query"))
        case.expect_all(f"{place} header", self.headers, call.get("headers"))
        response = call["respond"]
        if place == case.data["token"]:
            self.check_token_request(case, body)
            if "id_token" in case.data:
                response = response | {"id_token": self.make_id_token(case)}
        else:
            self.check_call(case, place, call, body)
        failure = case.failure if case.failure and case.failure["call"] == place else None
        call = failure or call
        return self.send(call.get("status", 200), failure["respond"] if failure else response)

    def check_call(self, case, place, call, body):
        form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
        case.expect(f"{place} form", form, call.get("form", {}))
        if call.get("no_body"):
            case.expect(f"{place} body", (body, self.headers.get("Content-Type")), (b"", None))
        if call.get("auth", "bearer") == "bearer":
            case.expect(f"{place} token", self.headers.get("Authorization"), f"Bearer {case.token()}")

    def check_token_request(self, case, body):
        auth = case.data["auth"]
        kind = "application/json" if auth == "json" else "application/x-www-form-urlencoded"
        case.expect("token request's type", self.headers.get("Content-Type"), kind)
        sent = json.loads(body) if auth == "json" else dict(urllib.parse.parse_qsl(body.decode()))
        basic = base64.b64encode(f"{case.client_id}:{case.client_secret}".encode()).decode()
        wants_basic = auth in ("basic", "json")
        case.expect("token request's Authorization", self.headers.get("Authorization"),
                    f"Basic {basic}" if wants_basic else None)
        if auth == "form":
            case.expect("client_secret", sent.get("client_secret"), case.client_secret)
        if auth == "jwt":
            head, claims, _ = sent["client_secret"].split(".")
            head, claims = (json.loads(base64.urlsafe_b64decode(part + "===")) for part in (head, claims))
            case.expect("client_secret's alg, kid, iss, sub, aud",
                        [head["alg"], head["kid"], claims["iss"], claims["sub"], claims["aud"]],
                        ["ES256", "KEYID12345", "TEAMID1234", case.client_id,
                         self.server.rewrite(case.name, case.data["audience"])])
        case.expect("code", sent.get("code"), f"code-of-{case.name}")
        case.expect("grant_type", sent.get("grant_type"), "authorization_code")
        case.expect("redirect_uri", sent.get("redirect_uri"), case.authorized["redirect_uri"])
        case.expect_all("token request's", sent, case.data.get("token_request"))
        if case.data["pkce"]:
            challenge = base64url(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
            case.expect("code_challenge", case.authorized.get("code_challenge"), challenge)
        else:
            case.expect("code_verifier", sent.get("code_verifier"), None)

    def make_id_token(self, case):
        stated = dict(case.data["id_token"])
        algorithm = stated.pop("alg", "RS256")
        claims = {"aud": case.client_id, "iat": int(time.time()), "exp": int(time.time()) + 600}
        if stated.pop("nonce", True):
            claims["nonce"] = case.authorized.get("nonce")
        claims |= stated
        claims["iss"] = self.server.rewrite(case.name, claims["iss"])
        return self.server.keys.sign(algorithm, claims, case.client_secret)

    def send(self, status, value):
        value = self.server.keys.set if value == "$JWKS" else value
        text = (value if isinstance(value, str) else json.dumps(value)).replace("$STANDIN", self.server.url)
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


Case.token = lambda case: case.data["calls"][case.data["token"]].get("access_token") or f"token-of-{case.name}"


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, cases, keys):
        super().__init__(("127.0.0.1", 0), Standin)
        self.cases, self.keys, self.url = cases, keys, f"http://localhost:{self.server_port}"

    def rewrite(self, name, url):
        return re.sub(r"^https://", f"{self.url}/{name}/", url)


class Browser:
    """One browser: it keeps cookies, and follows nothing."""

    def __init__(self, site):
        self.site, self.cookies = urllib.parse.urlsplit(site), {}

    def ask(self, method, url, form=None, headers=None):
        parts = urllib.parse.urlsplit(url)
        connection = http.client.HTTPConnection(self.site.hostname, self.site.port, timeout=30)
        headers = dict(headers or {})
        if form is None:
            headers["Cookie"] = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
        else:
            # A POST from the provider's site brings no cookie that is SameSite=Lax.
            form = urllib.parse.urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, urllib.parse.urlunsplit(("", "", parts.path, parts.query, "")), form, headers)
        response = connection.getresponse()
        body = response.read()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            key, _, value = cookie.split(";")[0].partition("=")
            self.cookies[key] = value
        connection.close()
        return response, body


def log_in(case, site, server):
    """Goes through a login; returns the last Location and the browser."""
    browser = Browser(site)
    where = f"{site}/auth/{case.name}"
    for _ in range(4):
        response, body = browser.ask("GET", where)
        where = response.headers.get("Location")
        if where is None:
            case.faults.append(f"the login begins with {response.status}: {body[:200]!r}")
            return None, browser
        if not where.startswith(site):
            break
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(where).query))
    case.authorized = query
    case.expect("authorize URL", where.split("?")[0], server.rewrite(case.name, case.data["authorize_url"]))
    case.expect_all("authorize", query, case.data.get("authorize"))
    case.expect("response_type", query.get("response_type"), "code")
    case.expect("code_challenge_method", query.get("code_challenge_method"), "S256" if case.data["pkce"] else None)
    extra = dict(case.data.get("callback", {}))
    post = extra.pop("post", False)
    if "iss" in extra:
        extra["iss"] = server.rewrite(case.name, extra["iss"])
    back = {"code": f"code-of-{case.name}", "state": query.get("state", "")} | extra
    if post:
        response, body = browser.ask("POST", query["redirect_uri"], back)
        case.expect("status of the POST", response.status, 303)
        where = response.headers.get("Location") or ""
    else:
        where = f"{query['redirect_uri']}?{urllib.parse.urlencode(back)}"
    response, body = browser.ask("GET", where)
    return response.headers.get("Location"), browser


def run(case, site, server):
    where, browser = log_in(case, site, server)
    # A browser would keep the provider's fragment over a redirect that has none.
    landing = f"{site}/profile" + ("#" if case.data.get("fragment") else "")
    case.expect("a login leads to", where, landing)
    if where != landing:
        return
    response, body = browser.ask("GET", f"{site}/profile", headers={"Accept": "application/json"})
    answer = json.loads(body)
    text = json.dumps(case.data["user"]).replace("$STANDIN", server.url)
    wanted = json.loads(text)
    for key in STATED:
        case.expect(f"user.{key}", answer.get("user", {}).get(key), wanted.get(key))
    case.expect_all("user", answer.get("user", {}), wanted)
    for place in case.data["calls"]:
        if place not in case.asked and not case.data["calls"][place].get("optional"):
            case.faults.append(f"{place} was not called")
    for failure in case.data.get("failures", []):
        case.failure = failure
        where, _ = log_in(case, site, server)
        case.expect(f"with {failure['respond']} a login leads to", where,
                    f"{site}/login?error={failure.get('code', 'provider_error')}")


def place_key(config_path, keys):
    """Puts a private key beside the config, as private as that is."""
    path = config_path.parent / "key.p8"
    path.write_bytes(pathlib.Path(keys.paths["ES256"]).read_bytes())
    path.chmod(0o600)
    status = config_path.stat()
    os.chown(path, status.st_uid, status.st_gid)
    return path


def lay_out(cases, config_path, providers, server):
    """Writes the site's copies of the presets, and its config."""
    config = json.loads(config_path.read_text())
    config["providers"] = {}
    for case in cases.values():
        text = (providers / f"{case.name}.json").read_text()
        text = text.replace('"https://', f'"{server.url}/{case.name}/')
        copy = config_path.parent / "providers" / f"{case.name}.json"
        copy.write_text(text)
        copy.chmod(0o644)
        entry = {"client_id": case.client_id} | ({} if case.data["auth"] == "jwt" else
                                                 {"client_secret": case.client_secret})
        for key, value in case.data.get("config", {}).items():
            entry[key] = server.rewrite(case.name, value) if isinstance(value, str) else value
        if "client_key" in entry:
            entry["client_key"] = entry["client_key"] | {"file": str(place_key(config_path, server.keys))}
        config["providers"][case.name] = entry
    config.pop("default_provider", None)
    config_path.write_text(json.dumps(config))


def main(site, config, providers, folder):
    paths = sorted(pathlib.Path(folder).glob("*.json"))
    cases = {path.stem: Case(path.stem, path) for path in paths}
    presets = {path.stem for path in pathlib.Path(providers).glob("*.json")} - {"schema"}
    for name in presets ^ set(cases):
        print(f"{name}: there is a preset without a case, or a case without a preset")
    with tempfile.TemporaryDirectory() as scratch:
        server = Server(cases, Keys(scratch))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        lay_out(cases, pathlib.Path(config), pathlib.Path(providers), server)
        for case in cases.values():
            run(case, site, server)
    for case in cases.values():
        for fault in case.faults:
            print(f"{case.name}: {fault}")
    return 1 if presets ^ set(cases) or any(case.faults for case in cases.values()) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
