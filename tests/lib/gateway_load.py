# SPDX-License-Identifier: MIT
"""Clients of the gateway that ask as fast as they are answered, and write down what they asked and what came of it.

    /usr/bin/python3 tests/lib/gateway_load.py --to PORT --ca F --sent F --name WORD [--threads N] [--requests N]
        [--until F] [--users N] [--fault WORD[,WORD…]] [--leave WORD[,WORD…]]

Each request is for the vendor's host and signed for its URL. It has a name of its own, WORD.THREAD.NUMBER, in the header
X-Marker, which the upstream writes down, and in X-Headroom-Label, which becomes the event's label. A line of --sent is a
JSON object: {"marker","user","tweets","status","by","error"}; status null: no whole answer came; by: the gateway's own
word where it answered itself. No request is sent twice. They end after --requests of all threads together, or as soon
as the file --until is there.

--fault takes turns: the words go to the upstream as X-Fault, "none" is none. --leave takes turns too: "head", "body" and
"answer" leave within a request's head, within its body, and before the answer's end; "none" stays.
"""

import argparse
import http.client
import itertools
import json
import os
import random
import socket
import ssl
import struct
import threading
import time

from oauthlib.oauth1 import Client

import vendor

TARGET = "/insights/engagement/totals"


class Connection(http.client.HTTPConnection):
    """To the gateway, by the vendor's name."""

    default_port = 443

    def __init__(self, port, tls):
        super().__init__(vendor.HOST, timeout=30)
        self.to, self.tls = port, tls

    def connect(self):
        plain = socket.create_connection(("127.0.0.1", self.to), self.timeout)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = self.tls.wrap_socket(plain, server_hostname=vendor.HOST)

    def reset(self):
        """Leaves without a word: what a client that is killed does."""
        if self.sock is not None:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.sock.detach())
            self.sock = None
        self.close()


def request_of(marker, user, fault):
    app = vendor.APPS[user % len(vendor.APPS)]
    token = vendor.token_of(user)
    signer = Client(app, vendor.app_secret(app), token, vendor.token_secret(token))
    _, headers, _ = signer.sign(f"https://{vendor.HOST}{TARGET}", "POST")
    count = 1 + user % 3
    # Made in 2026: the id tells it.
    tweets = [str((1_780_000_000_000 - 1288834974657 << 22) + user * 1000 + i) for i in range(count)]
    body = json.dumps({"tweet_ids": tweets, "engagement_types": ["favorites"],
                       "groupings": {"g": {"group_by": ["tweet.id", "engagement.type"]}}}).encode()
    headers.update({"Content-Type": "application/json", "X-Marker": marker, "X-Headroom-Label": marker,
                    "Content-Length": str(len(body))})
    if user % 2:
        headers["Accept-Encoding"] = "gzip"
    if fault != "none":
        headers["X-Fault"] = fault
    return headers, body, count


def leave_early(connection, leave, headers, body):
    head = f"POST {TARGET} HTTP/1.1\r\nHost: {vendor.HOST}\r\n" + "".join(
        f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
    connection.connect()
    if leave == "head":
        connection.sock.sendall(head[:len(head) // 2].encode())
    else:
        connection.sock.sendall(head.encode() + (body[:len(body) // 2] if leave == "body" else body))
        time.sleep(random.random() / 50)
    if leave == "answer":
        connection.sock.settimeout(0.05)
        try:
            connection.sock.recv(20)
        except TimeoutError:
            pass


class Load:
    def __init__(self, options):
        self.options = options
        self.tls = ssl.create_default_context(cafile=options.ca)
        self.sent = open(options.sent, "a", encoding="ascii", buffering=1)
        self.lock = threading.Lock()
        self.numbers = iter(range(options.requests))
        self.faults = itertools.cycle(options.fault.split(","))
        self.leaves = itertools.cycle(options.leave.split(","))

    def next(self):
        with self.lock:
            number = next(self.numbers, None)
            return number, next(self.faults), next(self.leaves)

    def write(self, **line):
        with self.lock:
            self.sent.write(json.dumps(line) + "\n")

    def ask(self, connection, marker, user, fault, leave):
        headers, body, tweets = request_of(marker, user, fault)
        status = by = error = None
        try:
            if leave != "none":
                leave_early(connection, leave, headers, body)
                raise ConnectionError("left")
            connection.request("POST", TARGET, body, headers)
            answer = connection.getresponse()
            answer.read()
            status, by = answer.status, answer.getheader("X-Headroom-Gateway")
        except (OSError, http.client.HTTPException) as failure:
            error = f"{type(failure).__name__}: {failure}"
            connection.reset()
        self.write(marker=marker, user=str(user), tweets=tweets, status=status, by=by, error=error)
        return error is None

    def run(self, thread):
        connection = Connection(self.options.to, self.tls)
        while not (self.options.until and os.path.exists(self.options.until)):
            number, fault, leave = self.next()
            if number is None:
                break
            marker = f"{self.options.name}.{thread}.{number}"
            if not self.ask(connection, marker, 1000 + random.randrange(self.options.users), fault, leave):
                time.sleep(0.02)
        connection.reset()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--to", type=int, required=True)
    for name in ("--ca", "--sent", "--name"):
        parser.add_argument(name, required=True)
    parser.add_argument("--until")
    for name, value in (("--threads", 4), ("--requests", 1 << 30), ("--users", 200)):
        parser.add_argument(name, type=int, default=value)
    for name in ("--fault", "--leave"):
        parser.add_argument(name, default="none")
    load = Load(parser.parse_args())
    threads = [threading.Thread(target=load.run, args=(i,)) for i in range(load.options.threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


main()
