# SPDX-License-Identifier: MIT
"""A stand-in for the vendor's Engagement API, over TLS: what it must answer is in engagement-api.md, the document of
the API. It verifies OAuth 1.0a signatures with oauthlib, for the vendor's own host, and writes down each request that
reached it: what the tests of the gateway hold the ledger against.

    /usr/bin/python3 tests/lib/upstream.py --cert F --key F --log F --port-file F [--port N] [--per-minute N]

Of a Tweet id the age counts, as the id tells it, and its end: 403 is somebody else's Tweet, 404 a deleted one, 400 a
protected one. The log has a JSON object a line, {"seq","did":"came","time_us","marker","user","app","endpoint"} as soon
as a head was read, {"seq","did":"answered","status"} when the answer is handed to the kernel; the marker is the request's
header X-Marker. The header X-Fault asks for a fault:

    reset       resets the connection instead of an answer        close      closes it instead of an answer
    stall       never answers                                     slow       answers after a second, in small pieces
    truncate    closes amid a body with a length                  bad-chunk  sends a size of a chunk that is none
    cut-chunk   closes amid a chunked body                        oversize   sends a body of 8 MiB
    chunked     sends the right answer in chunks                  long-head  sends a head of 1 MiB
    stall-body  stops amid a body, and keeps the connection open  502        answers 502 in HTML
"""

import argparse
import gzip
import http.server
import json
import os
import random
import signal
import socket
import socketserver
import ssl
import struct
import threading
import time
import urllib.parse

from oauthlib.oauth1 import RequestValidator, ResourceEndpoint, SignatureOnlyEndpoint

import vendor

PUBLIC = {"favorites", "retweets", "quote_tweets", "replies", "video_views"}
TOTALS = PUBLIC | {"impressions", "engagements"}
ALL = TOTALS | {
    "media_views", "media_engagements", "media_clicks", "url_clicks", "hashtag_clicks", "detail_expands",
    "permalink_clicks", "app_install_attempts", "app_opens", "email_tweet", "user_follows", "user_profile_clicks",
}
PLACE = ("tweet.id", "engagement.type")
WHEN = ("engagement.day", "engagement.hour")
# The path's last part: Tweet ids a request, metrics, what it may be grouped by.
ENDPOINTS = {
    "totals": (250, TOTALS, PLACE),
    "28hr": (25, ALL, PLACE + WHEN),
    "historical": (25, ALL, PLACE + WHEN),
}
WHOLE_ORDERS = (PLACE + WHEN, ("engagement.type", "tweet.id") + WHEN)
BODY_MAX = 4 << 20


class Refusal(Exception):
    def __init__(self, status, *errors, **arrays):
        super().__init__(status)
        self.status = status
        self.answer = {"errors": list(errors), **arrays}


# ---- who asks ----


class Validator(RequestValidator):
    """Knows the apps, every token by its own secret, and each nonce once."""

    enforce_ssl = True
    dummy_client = dummy_access_token = dummy_request_token = "none"

    def __init__(self):
        super().__init__()
        self.nonces = set()
        self.lock = threading.Lock()

    def check_client_key(self, client_key):
        return bool(client_key)

    def check_access_token(self, request_token):
        return bool(request_token)

    def check_nonce(self, nonce):
        return bool(nonce)

    def validate_client_key(self, client_key, request):
        return client_key in vendor.APPS

    def validate_access_token(self, client_key, token, request):
        return "Tk" in token

    def get_client_secret(self, client_key, request):
        return vendor.app_secret(client_key)

    def get_access_token_secret(self, client_key, token, request):
        return vendor.token_secret(token)

    def get_default_realms(self, client_key, request):
        return []

    def validate_realms(self, client_key, token, request, uri=None, realms=None):
        return True

    def validate_timestamp_and_nonce(self, client_key, timestamp, nonce, request, request_token=None,
                                     access_token=None):
        used = (client_key, access_token, timestamp, nonce)
        with self.lock:
            if used in self.nonces:
                return False
            self.nonces.add(used)
        return abs(time.time() - int(timestamp)) <= 300


VALIDATOR = Validator()


def unauthenticated(reason):
    return Refusal(401, f"Your account could not be authenticated. Reason: {reason}")


def token_owner(head):
    """Who the head says it is for: what the access token begins with; None where it has none."""
    authorization = head.get("Authorization", "")
    for part in authorization.partition(" ")[2].split(","):
        name, _, value = part.strip().partition("=")
        if name == "oauth_token":
            return urllib.parse.unquote(value.strip('"')).partition("-")[0]
    return None


def authenticate(head, method, target):
    """The user (None: app-only) and the app."""
    authorization = head.get("Authorization", "")
    scheme = authorization.partition(" ")[0].lower()
    if scheme == "bearer":
        token = authorization.partition(" ")[2].strip()
        for app in vendor.APPS:
            if token == vendor.bearer_of(app):
                return None, app
        raise unauthenticated("Bearer token is invalid")
    if scheme != "oauth":
        raise unauthenticated("Authorization header is missing")
    # The URL that the signature must be for is the vendor's own, however the request got here.
    asked_for = (f"https://{vendor.HOST}{target}", method, None, {"Authorization": authorization})
    if token_owner(head) is None:
        # Some clients sign as the app alone: then nobody is authenticated.
        valid, request = SignatureOnlyEndpoint(VALIDATOR).validate_request(*asked_for)
    else:
        valid, request = ResourceEndpoint(VALIDATOR).validate_protected_resource_request(*asked_for, [])
    if not valid:
        log = getattr(request, "validator_log", None) or {}
        wrong = [name for name, good in log.items() if good is False] or ["OAuth parameters"]
        raise unauthenticated("invalid " + ", ".join(wrong))
    return token_owner(head), request.client_key


class Allowance:
    """Calls of an app in the running minute."""

    def __init__(self, per_minute):
        self.per_minute = per_minute
        self.lock = threading.Lock()
        self.used = {}

    def take(self, app):
        minute = int(time.time()) // 60
        with self.lock:
            used = self.used.get((app, minute), 0) + 1
            self.used[app, minute] = used
        return self.per_minute - used


# ---- what is asked ----


def age_days(tweet):
    """Days since the Tweet was made; None where its id does not tell."""
    if tweet < 1 << 34:
        return None
    return (time.time() - ((tweet >> 22) + 1288834974657) / 1000) / 86400


def asked(endpoint, text, user):
    """Tweet ids, metrics and groupings of a body, or the refusal of it."""
    most, metrics, by = ENDPOINTS[endpoint]
    try:
        body = json.loads(text)
        tweets = [int(tweet) for tweet in body["tweet_ids"]]
        types = [str(name) for name in body["engagement_types"]]
        groupings = {name: tuple(part.lower() for part in value["group_by"])
                     for name, value in body["groupings"].items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refusal(400, "Invalid or missing JSON") from error
    if not 1 <= len(tweets) <= most:
        raise Refusal(400, f"Between 1 and {most} Tweet IDs are allowed per request")
    unknown = [name for name in types if name not in metrics]
    if not types or unknown:
        raise Refusal(400, "Unsupported engagement types: " + ", ".join(unknown))
    whole = [parts for parts in groupings.values() if len(parts) == 4]
    if not 1 <= len(groupings) <= 3 or len(whole) > 1 or any(parts not in WHOLE_ORDERS for parts in whole) or any(
            not parts or len(set(parts)) < len(parts) or not set(parts) <= set(by) for parts in groupings.values()):
        raise Refusal(400, "Invalid groupings")
    if user is None and (endpoint != "totals" or not set(types) <= PUBLIC):
        raise Refusal(403, "Forbidden: these metrics need user context")
    return tweets, types, groupings


def refused_tweets(endpoint, tweets, types):
    """The Tweets that nothing is said of, with the errors and arrays of the answer, and its status."""
    ends = {end: [tweet for tweet in tweets if tweet % 1000 == end] for end in (400, 403, 404)}
    unavailable = ends[404] + ends[400]
    errors, arrays, status = [], {}, 200
    if ends[403]:
        errors.append("Forbidden to access tweets: " + ", ".join(map(str, ends[403])))
        status = 403 if len(ends[403]) == len(tweets) else status
    if unavailable:
        errors.append(f"{len(unavailable)} Tweet ID(s) are unavailable")
        arrays["unavailable_tweet_ids"] = [str(tweet) for tweet in unavailable]
        status = 400 if ends[400] else status
    silent = set(ends[403] + unavailable)
    for kind, array, days, message in (
            ({"impressions", "engagements"}, "unsupported_for_impressions_engagements_tweet_ids", 90,
             "Impressions & engagements for tweets older than 90 days ({}) are not supported"),
            ({"video_views"}, "unsupported_for_video_views_tweet_ids", 1800,
             "Video views for tweets older than 1800 days ({}) are not supported")):
        old = [str(t) for t in tweets if t not in silent and (age_days(t) or 0) > days]
        if endpoint == "totals" and old and kind & set(types):
            errors.append(message.format(", ".join(old)))
            arrays[array] = old
            silent |= {int(t) for t in old} if kind >= set(types) else set()
    return silent, {**({"errors": errors} if errors else {}), **arrays}, status


def grouped(parts, values):
    """Nested as asked; each count is a string of digits."""
    if not parts:
        return str(random.randrange(10000))
    return {value: grouped(parts[1:], values) for value in values[parts[0]]}


def answer(endpoint, text, user):
    """Status and answer of a request that is authenticated."""
    tweets, types, groupings = asked(endpoint, text, user)
    silent, said, status = refused_tweets(endpoint, tweets, types)
    if status != 200:
        return status, said
    values = {
        "tweet.id": [str(tweet) for tweet in tweets if tweet not in silent],
        "engagement.type": types,
        "engagement.day": [time.strftime("%Y-%m-%d", time.gmtime(time.time() - 86400 * back)) for back in (1, 0)],
        "engagement.hour": [str(hour) for hour in range(24)],
    }
    result = {name: grouped(parts, values) for name, parts in groupings.items()}
    if endpoint != "totals":
        hours = 28 if endpoint == "28hr" else 24 * 28
        now = time.time()
        result["start"] = time.strftime("%Y-%m-%dT%H:00:00Z", time.gmtime(now - 3600 * hours))
        result["end"] = time.strftime("%Y-%m-%dT%H:00:00Z", time.gmtime(now))
    return 200, {**result, **said}


# ---- the connection ----


class Log:
    def __init__(self, path):
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.lock = threading.Lock()
        self.seq = time.time_ns()

    def next(self):
        with self.lock:
            self.seq += 1
            return self.seq

    def write(self, **line):
        os.write(self.file, (json.dumps(line) + "\n").encode())


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 300

    def setup(self):
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self):
        try:
            super().finish()
            self.request.close()
        except OSError:
            pass

    def log_message(self, format, *args):
        pass

    def body(self):
        """The request's body; None where it breaks off."""
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return self.chunks()
        length = int(self.headers.get("Content-Length", "0"))
        if length > BODY_MAX:
            raise Refusal(413, "Request is too large")
        text = self.rfile.read(length)
        return text if len(text) == length else None

    def chunks(self):
        text = b""
        while True:
            line = self.rfile.readline(100)
            if not line.endswith(b"\n"):
                return None
            size = int(line.split(b";")[0], 16)
            chunk = self.rfile.read(size + 2) if size else b""
            if len(chunk) != (size + 2 if size else 0) or len(text) + size > BODY_MAX:
                return None
            if not size:
                while self.rfile.readline(8192) not in (b"\r\n", b"\n", b""):
                    pass
                return text
            text += chunk[:-2]

    def reply(self, status, said, headers):
        text = json.dumps(said).encode()
        if "gzip" in self.headers.get("Accept-Encoding", "").lower():
            text = gzip.compress(text, 1)
            headers = headers + [("Content-Encoding", "gzip")]
        return status, [("Content-Type", "application/json;charset=utf-8"), *headers], text

    def answered(self):
        """(status, headers, body) of the request, or None where its body broke off."""
        path = self.path.partition("?")[0]
        endpoint = path.removeprefix("/insights/engagement/")
        limits = []
        try:
            if endpoint == path or endpoint not in ENDPOINTS or self.command != "POST":
                self.body()
                raise Refusal(404, "Not Found")
            text = self.body()
            if text is None:
                return None
            user, app = authenticate(self.headers, self.command, self.path)
            left = self.server.allowance.take(app)
            limits = [("x-per-minute-limit", str(self.server.allowance.per_minute)),
                      ("x-per-minute-remaining", str(max(left, 0)))]
            if left < 0:
                raise Refusal(429, "Too many requests")
            if self.headers.get("Content-Encoding", "").lower() == "gzip":
                text = gzip.decompress(text)
            return self.reply(*answer(endpoint, text, user), limits)
        except Refusal as refusal:
            return self.reply(refusal.status, refusal.answer, limits)

    def do_POST(self):
        log, seq = self.server.log, self.server.log.next()
        log.write(seq=seq, did="came", time_us=time.time_ns() // 1000, marker=self.headers.get("X-Marker"),
                  user=token_owner(self.headers), target=self.path)
        result = self.answered()
        if result is None:
            self.close_connection = True
            return
        fault = self.headers.get("X-Fault", "").replace("-", "_")
        sent = getattr(self, "fault_" + fault, self.send)(*result) if fault else self.send(*result)
        if sent is not False:
            log.write(seq=seq, did="answered", status=result[0])

    do_GET = do_PUT = do_DELETE = do_HEAD = do_POST

    def head(self, status, headers):
        reason = self.responses.get(status, ("",))[0]
        return (f"HTTP/1.1 {status} {reason}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers)
                + "\r\n").encode()

    def send(self, status, headers, text):
        self.wfile.write(self.head(status, [*headers, ("Content-Length", str(len(text)))])
                         + (b"" if self.command == "HEAD" else text))

    # ---- faults: False where no whole answer was sent ----

    def leave(self):
        self.close_connection = True
        return False

    def fault_reset(self, *_):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # Without the end of TLS: the kernel resets what is closed under it.
        os.close(self.connection.detach())
        self.rfile = self.wfile = open(os.devnull, "r+b")
        return self.leave()

    def fault_close(self, *_):
        return self.leave()

    def fault_stall(self, *_):
        self.server.stopping.wait(self.timeout)
        return self.leave()

    def fault_slow(self, status, headers, text):
        time.sleep(1)
        self.wfile.write(self.head(status, [*headers, ("Content-Length", str(len(text)))]))
        size = len(text) // 10 + 1
        for start in range(0, len(text), size):
            self.wfile.write(text[start:start + size])
            time.sleep(0.02)

    def fault_truncate(self, status, headers, text):
        self.wfile.write(self.head(status, [*headers, ("Content-Length", str(len(text)))]) + text[:len(text) // 2])
        return self.leave()

    def fault_stall_body(self, *result):
        self.fault_truncate(*result)
        return self.fault_stall()

    def fault_chunked(self, status, headers, text):
        half = len(text) // 2
        self.wfile.write(self.head(status, [*headers, ("Transfer-Encoding", "chunked")]))
        for part in (text[:half], text[half:]):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part) if part else b"")
        self.wfile.write(b"0\r\n\r\n")

    def fault_cut_chunk(self, status, headers, text):
        self.wfile.write(self.head(status, [*headers, ("Transfer-Encoding", "chunked")])
                         + b"%x\r\n%s" % (len(text), text[:len(text) // 2]))
        return self.leave()

    def fault_bad_chunk(self, status, headers, text):
        self.wfile.write(self.head(status, [*headers, ("Transfer-Encoding", "chunked")]) + b"not a size\r\n" + text)
        return self.leave()

    def fault_oversize(self, status, headers, _):
        headers = [(name, value) for name, value in headers if name != "Content-Encoding"]
        self.send(status, headers, b'{"pad":"' + b"x" * (8 << 20) + b'"}')

    def fault_long_head(self, status, headers, text):
        self.send(status, [*headers, *((f"X-Pad-{i}", "x" * 1000) for i in range(1000))], text)

    def fault_502(self, *_):
        self.send(502, [("Content-Type", "text/html")], b"<html><body>Bad Gateway</body></html>")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 1024

    def handle_error(self, request, client_address):
        """A connection that broke is no news here: the clients say what they met."""


def listen(port):
    """On a port below those that the kernel gives to clients, so that nobody else gets it while the server is away."""
    for _ in range(50):
        try:
            return Server(("127.0.0.1", port or random.randrange(20000, 32000)), Handler)
        except OSError:
            if port:
                raise
    raise SystemExit("upstream.py: no free port was found")


def main():
    parser = argparse.ArgumentParser()
    for name in ("--cert", "--key", "--log", "--port-file"):
        parser.add_argument(name, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--per-minute", type=int, default=1000000)
    options = parser.parse_args()
    server = listen(options.port)
    server.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.tls.load_cert_chain(options.cert, options.key)
    server.log, server.allowance, server.stopping = Log(options.log), Allowance(options.per_minute), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    with open(options.port_file + ".new", "w", encoding="ascii") as file:
        file.write(f"{server.server_address[1]}\n")
    os.rename(options.port_file + ".new", options.port_file)
    server.serve_forever(0.1)


main()
