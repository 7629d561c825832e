# SPDX-License-Identifier: MIT
"""A client that proves itself by what its private key signs: the stand-in judges that with node, not with our code."""

import json
import os
import subprocess

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_JUDGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "assertion.js")


def fault(form, client_id, secret, key, now):
    """What is wrong with the proof, or "". `key`: public_key, audience, id, and issuer where it is not the client, as
    Apple has it, who takes the text as client_secret."""
    if "issuer" in key:
        token = secret
    elif form.get("client_assertion_type") == TYPE and "client_secret" not in form:
        token = form.get("client_assertion", "")
    else:
        return "no client_assertion alone"
    expected = {"issuer": client_id, **key, "token": token, "subject": client_id, "now": now}
    judged = subprocess.run(["node", _JUDGE], input=json.dumps(expected), capture_output=True, text=True, check=False)
    return "" if judged.returncode == 0 else judged.stdout or judged.stderr
