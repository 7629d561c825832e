# SPDX-License-Identifier: MIT
"""What a site's server asks Instagram for: tokens for codes, longer tokens, profiles."""

import base64
import binascii
import hmac
import json
import time
from urllib.parse import unquote

import assertion
import faults
import people
from answer import Answer, graph_error, json_answer, oauth_error
from ledger import LONG_TOKEN_SECONDS
from refresh_tokens import refusal


def same(one, other):
    return hmac.compare_digest(one.encode(), other.encode())


def repeated(fields):
    """The name of a field that was given more than once, or None."""
    return next((name for name, value in fields.items() if isinstance(value, list)), None)


def merged(record, changes):
    """Lays changes over a record; null takes a field away."""
    record.update(changes)
    return {field: value for field, value in record.items() if changes.get(field, value) is not None}


def legacy_record(person):
    """The profile as Instagram's API of before 2020 wrote it: ids are texts, missing texts are empty."""
    return {"id": str(person["id"]), "username": person["username"], "full_name": person["name"],
            "profile_picture": person.get("profile_picture_url", ""), "bio": person.get("biography", ""),
            "website": person.get("website", ""),
            "counts": {"media": person["media_count"], "follows": person["follows_count"],
                       "followed_by": person["followers_count"]}}


def raw_answer(raw):
    raw = {"body": raw} if isinstance(raw, str) else raw
    try:
        body = base64.b64decode(raw["base64"]) if "base64" in raw else raw["body"].encode("utf-8", "surrogatepass")
    except binascii.Error:
        body = b""
    return Answer(body, raw.get("status", 200), raw.get("content_type", "application/json; charset=utf-8"))


class Api:
    """Mixed into the request handler. Each make-function gives (record, None) or (None, error answer)."""

    def send_record(self, prefix, key, make):
        """Answers with what make() gives, or as the settings want it spoiled."""
        settings = self.server.settings
        fault = settings.take_fault(prefix + "_fault")
        answer = faults.reply(fault, self.server.base_url)
        if answer is None and settings["raw_" + prefix] is not None:
            answer = raw_answer(settings["raw_" + prefix])
        if answer is None:
            record, answer = make()
            if answer is None:
                record = faults.edit_record(fault, record, key)
                answer = json_answer(self.shaped(prefix, record), escape=settings["escape"])
                answer.body = faults.edit_body(fault, answer.body)
        faults.send(fault, self, answer)

    def shaped(self, prefix, record):
        settings = self.server.settings
        if prefix not in ("token", "profile"):
            return record
        shape, ids = settings[prefix + "_shape"], settings[prefix + "_ids"]
        if ids == "string" or (ids == "shape" and shape != "flat"):
            for field in ("id", "user_id"):
                if isinstance(record.get(field), int):
                    record[field] = str(record[field])
        if shape == "legacy":
            return {"data": record, "meta": {"code": 200}}
        return {"data": [record]} if shape == "data" else record

    def client_credentials(self):
        """The client's id and secret, from the form or, when allowed, from HTTP Basic (RFC 6749, section 2.3.1)."""
        client_id, secret = self.form.get(self.client_id_param(), ""), self.form.get("client_secret", "")
        scheme, _, value = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "basic" and self.server.settings["accept_basic"]:
            try:
                name, _, word = base64.b64decode(value, validate=True).decode().partition(":")
                return unquote(name.replace("+", " ")), unquote(word.replace("+", " "))
            except (binascii.Error, UnicodeDecodeError):
                return "", ""
        return client_id, secret

    def client_id_param(self):
        return self.server.settings["token_request"].get("id_param", "client_id")

    def request_fault(self):
        """What is not as `token_request` wants it; "" if all is. A JSON body becomes the form."""
        rules = self.server.settings["token_request"]
        kind = "application/json" if rules.get("json") else "application/x-www-form-urlencoded"
        if self.headers.get_content_type() != kind:
            return "Unsupported content type"
        if rules.get("json"):
            try:
                self.form = json.loads(self.body)
            except ValueError:
                return "Invalid JSON"
        if self.client_id_param() != "client_id" and "client_id" in self.form:
            return "Unknown parameter: client_id"
        state = self.server.ledger.state_of(self.form.get("code"))
        for name, value in rules.get("wants", {}).items():
            if self.form.get(name) != (state if value == "$state" else value):
                return "Invalid " + name
        if rules.get("public") and ("client_secret" in self.form or "Authorization" in self.headers):
            return "A public client has no secret"
        return ""

    def client_fault(self, client_id, secret):
        """Why the client is not who it says; "" if it is."""
        key = self.server.settings["client_key"]
        if key:
            now = int(time.time()) + self.server.settings["clock_offset_seconds"]
            fault = assertion.fault(self.form, client_id, secret, key, now)
            return fault and "Error validating client assertion: " + fault
        if self.server.settings["token_request"].get("public"):
            return "" if "code_verifier" in self.form else "A public client needs PKCE"
        return "" if same(secret, self.server.options.client_secret) else "Error validating client secret"

    def exchange_code(self):
        """POST /oauth/access_token, after the faults."""
        fault, options = self.request_fault(), self.server.options
        form = self.form
        if fault:
            return None, oauth_error(fault)
        if repeated(form):
            return None, oauth_error("Invalid parameter: %s" % repeated(form))
        client_id, secret = self.client_credentials()
        if not same(client_id, options.client_id):
            return None, oauth_error("Invalid platform app")
        fault = self.client_fault(client_id, secret)
        if fault:
            return None, oauth_error(fault)
        if form.get("grant_type") != "authorization_code":
            return None, oauth_error("Invalid grant_type")
        if form.get("redirect_uri") not in self.server.settings["redirect_uris"]:
            return None, oauth_error("Invalid redirect_uri")
        entry, problem = self.server.ledger.redeem_code(form.get("code", ""), form["redirect_uri"],
                                                        form.get("code_verifier", ""))
        if problem:
            return None, problem
        return self.token_record(entry), None

    def token_record(self, entry):
        settings = self.server.settings
        data, seconds = settings["token_shape"] == "data", settings["token_seconds"]
        token = self.server.ledger.issue_token(entry["person"], entry["scopes"], seconds)
        record = {"access_token": token, "user_id": people.PEOPLE[entry["person"]]["id"],
                  "permissions": ",".join(entry["scopes"]) if data else entry["scopes"]}
        if settings["refresh_tokens"] != "off":
            record.update(token_type="Bearer", expires_in=seconds,
                          refresh_token=self.server.refresh_tokens.issue(entry["person"], entry["scopes"]))
        return merged(record, settings["token"])

    def token(self):
        if self.server.settings["refresh_tokens"] != "off" and self.form.get("grant_type") == "refresh_token":
            self.send_record("refresh", "access_token", self.exchange_refresh_token)
        else:
            self.send_record("token", "access_token", self.exchange_code)

    def exchange_refresh_token(self):
        """RFC 6749, section 6."""
        client_id, secret = self.client_credentials()
        if not same(client_id, self.server.options.client_id) or self.client_fault(client_id, secret):
            return None, refusal("invalid_client", "The client is not known", 401)
        rotate = self.server.settings["refresh_tokens"] == "rotate"
        entry, problem = self.server.refresh_tokens.redeem(str(self.form.get("refresh_token", "")), rotate)
        if problem:
            return None, problem
        seconds = self.server.settings["token_seconds"]
        record = {"access_token": self.server.ledger.issue_token(entry["person"], entry["scopes"], seconds),
                  "token_type": "Bearer", "expires_in": seconds}
        if rotate:
            record["refresh_token"] = self.server.refresh_tokens.issue(entry["person"], entry["scopes"])
        return record, None

    def long_lived(self):
        self.send_record("long_lived", "access_token", self.exchange_short_token)

    def refresh(self):
        self.send_record("refresh", "access_token", self.refresh_long_token)

    def exchange_short_token(self):
        if self.query.get("grant_type") != "ig_exchange_token":
            return None, graph_error("Unsupported request - grant_type must be ig_exchange_token", 100)
        if not same(str(self.query.get("client_secret", "")), self.server.options.client_secret):
            return None, graph_error("Error validating client secret", 101)
        entry, problem = self.server.ledger.find_token(str(self.query.get("access_token", "")))
        if problem is None and entry["long"]:
            problem = graph_error("The access token is already a long-lived token", 452)
        return (None, problem) if problem else (self.long_token_record(entry), None)

    def refresh_long_token(self):
        if self.query.get("grant_type") != "ig_refresh_token":
            return None, graph_error("Unsupported request - grant_type must be ig_refresh_token", 100)
        entry, problem = self.server.ledger.find_token(str(self.query.get("access_token", "")))
        if problem is None and not self.server.ledger.old_enough_to_refresh(entry):
            problem = graph_error("The access token must be long-lived and at least 24 hours old", 10)
        return (None, problem) if problem else (self.long_token_record(entry), None)

    def long_token_record(self, entry):
        token = self.server.ledger.issue_token(entry["person"], entry["scopes"], LONG_TOKEN_SECONDS)
        return {"access_token": token, "token_type": "bearer", "expires_in": LONG_TOKEN_SECONDS}

    def me(self):
        self.send_record("profile", "id", self.profile_record)

    def profile_record(self):
        scheme, _, value = self.headers.get("Authorization", "").partition(" ")
        token = value if scheme.lower() == "bearer" else str(self.query.get("access_token", ""))
        entry, problem = self.server.ledger.find_token(token)
        if problem:
            return None, problem
        wanted = str(self.query.get("fields", "id")).split(",")
        for field in wanted:
            if field in self.server.settings["refused_fields"]:
                return None, graph_error(self.server.settings["refused_words"].replace("%s", field), 100)
        unknown = [field for field in wanted if field not in people.FIELDS]
        if unknown:
            return None, graph_error("Tried accessing nonexisting field (%s)" % unknown[0], 100, kind="IGApiException")
        person = people.profile(entry["person"], self.server.base_url)
        if self.server.settings["profile_shape"] == "legacy":
            record = legacy_record(person)
        else:
            record = {field: person[field] for field in wanted if field in person}
        return merged(record, self.server.settings["person"]), None
