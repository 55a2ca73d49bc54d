# SPDX-License-Identifier: MIT
"""Asks the stand-in for the vendor's API by the vendor's name, recorded as an application would record it: PORT of the
stand-in, then the access token and the Tweets of a request each."""

import os
import socket
import sys

import requests
from requests_oauthlib import OAuth1Session

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../scripts/snippets"))
import headroom_requests  # noqa: E402
import vendor  # noqa: E402

port = int(sys.argv[1])
resolve = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **options: resolve(
    "127.0.0.1", port, 0, socket.SOCK_STREAM) if host == vendor.HOST else resolve(host, *rest, **options)
for user, tweets in zip(sys.argv[2::2], sys.argv[3::2]):
    token = vendor.token_of(user)
    session = OAuth1Session(vendor.APPS[0], vendor.app_secret(vendor.APPS[0]), token, vendor.token_secret(token))
    session.mount("https://" + vendor.HOST + "/", headroom_requests.Recording(label="python"))
    try:
        answer = session.post("https://" + vendor.HOST + "/insights/engagement/totals", timeout=10, json={
            "tweet_ids": tweets.split(","), "engagement_types": ["favorites"],
            "groupings": {"g": {"group_by": ["tweet.id", "engagement.type"]}}})
        print(answer.status_code)
    except requests.RequestException as why:
        print(type(why).__name__)
