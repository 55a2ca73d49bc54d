#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A stand-in for the API that tells exactly what it got, and answers exactly what it was told to.

    echo_upstream.py FOLDER [CERTIFICATE KEY]     FOLDER/port is written once it listens on 127.0.0.1

Each connection is a thread. A request is written, byte for byte, as FOLDER/N.request (N from 1, in the order of their
heads), and its path's last part names a file FOLDER/NAME.answer whose bytes are the answer. Some names mean more:
"echo" (answers 200 with the request's own bytes), "close" (closes without an answer), "reset" (resets), "stall"
(says nothing for a minute), "half" (closes in the midst of an answer), "drip" (a large answer, slowly).
"""
import os
import socket
import ssl
import struct
import sys
import threading
import time

folder = sys.argv[1]
lock = threading.Lock()
count = 0


def read_head(stream):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline()
        if not line:
            return None
        head += line
    return head


def read_body(stream, head):
    fields = {}
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        fields[name.strip().lower()] = value.strip()
    if fields.get(b"transfer-encoding") == b"chunked":
        body = b""
        while True:
            line = stream.readline()
            size = int(line.split(b";")[0], 16)
            body += line + stream.read(size + 2)
            if size == 0:
                return body
    return stream.read(int(fields.get(b"content-length", b"0")))


def keep(request):
    global count
    with lock:
        count += 1
        number = count
    name = os.path.join(folder, "%d.request" % number)
    with open(name + ".new", "wb") as file:
        file.write(request)
    os.rename(name + ".new", name)


def answer(connection, name, request):
    if name == "echo":
        head = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n" % len(request)
        connection.sendall(head.encode() + request)
    elif name == "close":
        return False
    elif name == "reset":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False
    elif name == "stall":
        time.sleep(60)
        return False
    elif name == "half":
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b"x" * 50)
        return False
    elif name == "halfchunk":
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
        return False
    elif name == "drip":
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 400000\r\n\r\n")
        for _ in range(40):
            connection.sendall(b"d" * 10000)
            time.sleep(0.01)
    else:
        with open(os.path.join(folder, name + ".answer"), "rb") as file:
            text = file.read()
        connection.sendall(text)
        return b"\r\nContent-Length:" in text or b"chunked" in text or text.startswith((b"HTTP/1.1 204", b"HTTP/1.1 304"))
    return True


def serve(connection):
    stream = connection.makefile("rb")
    try:
        while True:
            head = read_head(stream)
            if head is None:
                break
            target = head.split(b" ")[1].decode("latin-1")
            name = target.split("?")[0].rsplit("/", 1)[-1]
            request = head
            if name == "early":  # answers before the body is there
                keep(request)
                with open(os.path.join(folder, "early.answer"), "rb") as file:
                    connection.sendall(file.read())
                break
            request += read_body(stream, head)
            keep(request)
            if not answer(connection, name, request):
                break
    except (OSError, ValueError):
        pass
    finally:
        stream.close()
        connection.close()


listener = socket.create_server(("127.0.0.1", 0), backlog=128)
context = None
if len(sys.argv) > 3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
with open(os.path.join(folder, "port.new"), "w") as out:
    out.write(str(listener.getsockname()[1]))
os.rename(os.path.join(folder, "port.new"), os.path.join(folder, "port"))


def begin(connection):
    try:
        serve(context.wrap_socket(connection, server_side=True) if context else connection)
    except OSError:
        connection.close()


while True:
    client, _ = listener.accept()
    threading.Thread(target=begin, args=(client,), daemon=True).start()
