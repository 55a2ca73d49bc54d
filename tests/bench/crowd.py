#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A crowd of clients whose bodies can't get through: crowd.py UPSTREAM_PORT PORT CLIENTS BODY SECONDS

Listens on UPSTREAM_PORT as an upstream that reads nothing for SECONDS, while CLIENTS connections to PORT each send a
request with a body of BODY bytes, as far as it goes. Prints "full" when that time is over, waits for a line, then the
upstream reads and answers. Prints how many clients got which status.
"""
import collections
import selectors
import socket
import sys
import time

upstream_port, port, clients, size, seconds = (int(word) for word in sys.argv[1:])
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
body = b"x" * size
waiting = selectors.DefaultSelector()
statuses = collections.Counter()


class Client:
    def __init__(self, number):
        self.head = (
            "POST /insights/engagement/totals HTTP/1.1\r\nHost: upstream\r\nContent-Type: application/json\r\n"
            'Authorization: OAuth oauth_token="%d-abc"\r\nContent-Length: %d\r\n\r\n' % (1000 + number, size)
        ).encode()
        self.sent = 0
        self.answer = b""
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setblocking(False)
        waiting.register(self.socket, selectors.EVENT_READ | selectors.EVENT_WRITE, self)

    def move(self, events):
        if events & selectors.EVENT_WRITE:
            whole = len(self.head) + size
            if self.sent < len(self.head):
                part = self.head[self.sent :]
            else:
                part = memoryview(body)[self.sent - len(self.head) :][:65536]
            try:
                self.sent += self.socket.send(part)
            except (BrokenPipeError, ConnectionResetError):
                self.sent = whole
            if self.sent == whole:
                waiting.modify(self.socket, selectors.EVENT_READ, self)
        if events & selectors.EVENT_READ:
            try:
                got = self.socket.recv(65536)
            except ConnectionResetError:
                got = b""
            self.answer += got
            if not got or self.answer.endswith(b"}"):
                statuses[self.answer[9:12].decode() or "none"] += 1
                waiting.unregister(self.socket)
                self.socket.close()


class Upstream:
    """One connection of the gateway's: a request after the other."""

    def __init__(self, connection):
        self.socket = connection
        self.socket.setblocking(False)
        self.left = None
        self.text = b""

    def move(self, events):
        got = self.socket.recv(262144)
        if not got:
            waiting.unregister(self.socket)
            self.socket.close()
            return
        self.text += got
        if self.left is None:
            head, end, rest = self.text.partition(b"\r\n\r\n")
            if not end:
                return
            self.left, self.text = size, rest
        self.left -= len(self.text)
        self.text = b""
        if self.left == 0:
            self.left = None
            self.socket.setblocking(True)
            self.socket.sendall(ANSWER)
            self.socket.setblocking(False)


def turn(end, done):
    while time.monotonic() < end and not done():
        for key, events in waiting.select(0.1):
            if key.data == "listener":
                connection = key.fileobj.accept()[0]
                upstreams.append(Upstream(connection))
                if reading:
                    waiting.register(connection, selectors.EVENT_READ, upstreams[-1])
            else:
                key.data.move(events)


upstreams = []
reading = False
listener = socket.create_server(("127.0.0.1", upstream_port), backlog=4096)
waiting.register(listener, selectors.EVENT_READ, "listener")
for count in range(clients):
    Client(count)
turn(time.monotonic() + seconds, lambda: False)
print("full", flush=True)
sys.stdin.readline()
reading = True
for upstream in upstreams:
    waiting.register(upstream.socket, selectors.EVENT_READ, upstream)
turn(time.monotonic() + 120, lambda: sum(statuses.values()) == clients)
print(" ".join("%s:%d" % pair for pair in sorted(statuses.items())) or "none")
