# SPDX-License-Identifier: MIT
"""Tells headroom of each request that Python's `requests` makes to the Engagement API.

    session = OAuth1Session(…)                               # or requests.Session()
    session.mount("https://data-api.twitter.com/", headroom_requests.Recording())

HEADROOM_URL       where `headroom serve` listens, as https://events.example.com:8443
HEADROOM_KEY       the API key of `headroom key add`
HEADROOM_FALLBACK  the file that takes events while the endpoint is away; default: headroom-events.jsonl
HEADROOM_CA        what the endpoint's certificate is checked by, PEM; default: as requests does

An event has its id and its time before it is first sent. So `headroom ingest headroom-events.jsonl` may be run again and
again, also on events that did arrive.
"""

import datetime
import json
import logging
import os
import re
import time
import uuid

import requests
import requests.adapters

CAUSES = {
    "unavailable_tweet_ids": "unavailable",
    "unsupported_for_impressions_engagements_tweet_ids": "too_old",
    "unsupported_for_video_views_tweet_ids": "too_old_video",
}
log = logging.getLogger("headroom")


def keep(event):
    """One write, so that lines of several processes do not mix."""
    line = json.dumps(event, ensure_ascii=False) + "\n"
    with open(os.environ.get("HEADROOM_FALLBACK", "headroom-events.jsonl"), "ab", buffering=0) as file:
        file.write(line.encode())


def send(event):
    """Sends an event, or keeps it in the file. Never raises because of the endpoint."""
    try:
        answer = requests.post(
            os.environ["HEADROOM_URL"] + "/v1/events", json=event, timeout=(1, 5), verify=os.environ.get("HEADROOM_CA", True),
            headers={"Authorization": "Bearer " + os.environ["HEADROOM_KEY"]})
        if answer.status_code == 202:
            return
        log.warning("headroom answers %d: %s", answer.status_code, answer.text[:500])
    except (requests.RequestException, KeyError) as why:
        log.warning("headroom can't be told: %s", why)
    keep(event)


def text_of(value):
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")


def json_of(text):
    try:
        value = json.loads(text or "null")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def who(authorization):
    """An access token begins with its owner's user id; the token itself is not kept."""
    app = re.search(r'oauth_consumer_key="([^"]+)"', authorization)
    user = re.search(r'oauth_token="(\d+)-', authorization)
    if authorization.startswith("Bearer "):
        return {"auth": "app"}
    return {**({"app": app[1]} if app else {}), **({"user_id": user[1]} if user else {})}


def what(answer):
    told = json_of(answer.text)
    failed = {CAUSES[name]: ids for name, ids in told.items() if name in CAUSES and ids}
    event = {"status": answer.status_code, "bytes": len(answer.content)}
    if answer.status_code == 200 and (failed or told.get("errors")):
        event["outcome"] = "partial"
    if failed:
        event["failed"] = failed
    for name, header in (("rate_limit", "x-per-minute-limit"), ("rate_remaining", "x-per-minute-remaining")):
        if answer.headers.get(header, "").isdigit():
            event[name] = int(answer.headers[header])
    return event


class Recording(requests.adapters.HTTPAdapter):
    """label: whose work it is; handle: of the user, where tokens do not name one."""

    def __init__(self, label=None, handle=None, **options):
        self.given = {name: value for name, value in (("label", label), ("handle", handle)) if value}
        super().__init__(**options)

    def send(self, request, **options):
        endpoint = re.search(r"/insights/engagement/(totals|28hr|historical)(?:$|[/?.])", request.url)
        if not endpoint:
            return super().send(request, **options)
        asked = json_of(text_of(request.body))
        event = {"id": str(uuid.uuid4()), "time": datetime.datetime.now(datetime.timezone.utc).isoformat(),
                 "endpoint": endpoint[1], **who(text_of(request.headers.get("Authorization"))), **self.given}
        if isinstance(asked.get("tweet_ids"), list):
            event["tweet_count"] = len(asked["tweet_ids"])
        if isinstance(asked.get("engagement_types"), list):
            event["metrics"] = asked["engagement_types"]
        begun = time.monotonic()
        try:
            answer = super().send(request, **options)
            event.update(what(answer))
            return answer
        except requests.RequestException:
            event["outcome"] = "no_answer"
            raise
        finally:
            event["latency_ms"] = int((time.monotonic() - begun) * 1000)
            send(event)
