# SPDX-License-Identifier: MIT
"""What the test server and the clients of the tests agree on: the vendor's host, and who has which secret.

Secrets are derived from what they belong to, so nobody hands a table around, and each is a string that can be searched
for wherever nothing of it may stand.
"""

import hashlib

HOST = "data-api.twitter.com"
APPS = ("lab-app-one", "lab-app-two")


def _derived(kind, name, length):
    return hashlib.sha256(f"{kind} {name}".encode()).hexdigest()[:length]


def app_secret(key):
    return "Cs" + _derived("app", key, 48)


def token_of(user):
    """The access token of a user id; of a word it is a token that names nobody."""
    return f"{user}-Tk{_derived('token', user, 38)}" if str(user).isdigit() else f"{user}Tk{_derived('token', user, 38)}"


def token_secret(token):
    return "Ts" + _derived("token secret", token, 43)


def bearer_of(app):
    return f"AAAAAAAAAAAAAAAAAAAAA{_derived('bearer', app, 60)}%3D"
