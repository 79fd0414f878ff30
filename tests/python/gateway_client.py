"""A client of the gateway that shares no code with it: pyzmq, from PyPI.

    python3 gateway_client.py tcp://127.0.0.1:5555
    python3 gateway_client.py tcp://127.0.0.1:5555 outage
    python3 gateway_client.py tcp://127.0.0.1:5555 reconnect 60
    python3 gateway_client.py tcp://127.0.0.1:5555 crowd

Sends valid, invalid, empty, multi-part, oversized and forged requests, and reconnects 1,000 times. Every
request must get an answer or a clean close. With `outage` it sends orders to a gateway whose terminal fails,
and comes again only after the time that it is told. With `reconnect` four clients make a new connection for each
request, for so many seconds: every request must get its reply, every order must be filled once. With `crowd` eight
clients send at the same time, half of them without waiting for their replies: each gets its own. Prints what it
counted as one line of JSON; exits with 1 and a message as soon as something is not as it should be. With
`CURVE_SECRET_FILE` in the environment it connects with the keys in that file, which `gateway keygen` made.
"""

import json
import os
import random
import socket
import sys
import threading
import time
from urllib.parse import urlsplit

import zmq
from zmq.utils.monitor import recv_monitor_message

# Milliseconds; a safety net that nothing comes near.
PATIENCE = 20_000
MAX_MESSAGE = 64 * 1024
RECONNECTS = 1_000
# Enough to come through the schedule's outage, which begins with the terminal's call 60.
ORDERS = 120

# Clients that make a new connection for each request.
CLIENTS = 4

# Clients that send at the same time, the requests of each, and how many of those it does not wait for.
CROWD = 8
REQUESTS = 250
UNANSWERED = 10

ORDER = {
    "action": "ORDER_SEND",
    "type": "OP_BUY",
    "symbol": "EURUSD",
    "volume": "0.10",
    "price": "1.09000",
    "magic": 202401,
}

INVALID = [
    b"{",
    b"nonsense",
    b"\xff\xfe\x00",
    b"[" * 60_000,
    b"null",
    b"[]",
    b"{}",
    b'{"id":7,"action":"PING"}',
    b'{"id":"1"}',
    b'{"id":"1","action":"DANCE"}',
    b'{"id":"1","action":"PING","more":1}',
    b'{"id":"1","action":"ORDER_SEND"}',
    b'{"id":"1","action":"ORDER_STATUS","client_order_id":""}',
    json.dumps({**ORDER, "id": "1", "client_order_id": "x", "volume": "NaN"}).encode(),
    json.dumps({**ORDER, "id": "1", "client_order_id": "x", "volume": 0.1}).encode(),
]


def check(holds, message):
    if not holds:
        sys.exit(f"gateway_client: {message}")


def keys(path):
    """The client's public and secret key, and the gateway's public one."""
    with open(path, encoding="ascii") as file:
        lines = [line.split(" = ", 1) for line in file if " = " in line and not line.startswith("#")]
    named = {name: text.strip().strip('"').encode() for name, text in lines}
    return named["public-key"], named["secret-key"], named["server-key"]


def arm(socket):
    if path := os.environ.get("CURVE_SECRET_FILE"):
        socket.curve_publickey, socket.curve_secretkey, socket.curve_serverkey = keys(path)


class Client:
    """One REQ socket; closes it on leaving."""

    def __init__(self, context, endpoint):
        self.socket = context.socket(zmq.REQ)
        self.socket.linger = 0
        self.socket.rcvtimeo = PATIENCE
        self.socket.sndtimeo = PATIENCE
        self.endpoint = endpoint
        arm(self.socket)

    def __enter__(self):
        self.socket.connect(self.endpoint)
        return self

    def __exit__(self, *_):
        self.socket.close()

    def ask(self, *frames):
        self.socket.send_multipart(frames)
        parts = self.socket.recv_multipart()
        check(len(parts) == 1, f"a reply of {len(parts)} frames to {frames[0][:60]!r}")
        return json.loads(parts[0])

    def ask_json(self, request):
        reply = self.ask(json.dumps(request).encode())
        check(reply["id"] == request["id"], f"{reply} is not the reply to {request}")
        return reply


def valid(context, endpoint):
    """Orders are filled once, and can be asked about."""
    answered = 0
    tickets = {}
    with Client(context, endpoint) as client:
        for number in range(20):
            order = {**ORDER, "id": f"v-{number}", "client_order_id": f"py-{number % 10}"}
            reply = client.ask_json(order)
            check(reply["status"] == "FILLED", f"{reply} to a valid order")
            first = tickets.setdefault(order["client_order_id"], reply["ticket"])
            check(first == reply["ticket"], f"{reply}: the order was executed twice")
            answered += 1
        known = {"id": "s-1", "action": "ORDER_STATUS", "client_order_id": "py-3"}
        check(client.ask_json(known)["ticket"] == tickets["py-3"], "another ticket")
        unknown = {"id": "s-2", "action": "ORDER_STATUS", "client_order_id": "nobody"}
        check(client.ask_json(unknown)["status"] == "NOT_FOUND", "an order out of nowhere")
        check(client.ask_json({"id": "p", "action": "PING"})["status"] == "OK", "no pong")
        other = {**ORDER, "id": "v-20", "client_order_id": "py-3", "volume": "0.20"}
        check(client.ask_json(other)["status"] == "ERROR", "another order under the same id")
        magic = ORDER["magic"]
        held = client.ask_json({"id": "h", "action": "POSITIONS", "magic": magic})
        check(len(held["positions"]) == 10, f"{held}: not one position for each order")
        account = client.ask_json({"id": "a", "action": "ACCOUNT"})["account"]
        check(account["balance"] == "1000000.00", f"{account}")
        sync = {"action": "SYNC_ALL", "magic_number": magic, "timestamp": "2026-01-05T09:30:00Z"}
        whole = client.ask_json({**sync, "id": "w"})
        check(whole["status"] == "OK" and len(whole["positions"]) == 10, f"{whole}")
        part = client.ask_json({**sync, "id": "t", "symbols": ["GBPUSD"]})
        check(part["positions"] == [] and part["checksum"] != whole["checksum"], f"{part}")
    check(len(set(tickets.values())) == 10, "two orders share a ticket")
    return answered + 8


def errors(context, endpoint, requests):
    """Each of the requests is answered with an error that says something."""
    with Client(context, endpoint) as client:
        for frames in requests:
            reply = client.ask(*frames)
            check(reply["status"] == "ERROR" and reply["message"], f"{reply} to {frames[0][:60]!r}")
    return len(requests)


def oversized(context, endpoint, size):
    """The connection is closed, and the next request on a new one is answered."""
    with Client(context, endpoint) as client:
        events = client.socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        events.rcvtimeo = PATIENCE
        client.socket.send(b"x" * size)
        event = recv_monitor_message(events)["event"]
        check(event == zmq.EVENT_DISCONNECTED, f"event {event} instead of a close")
        client.socket.disable_monitor()
        events.close()
    ping(context, endpoint, "after")
    return 1


def ping(context, endpoint, name):
    with Client(context, endpoint) as client:
        check(client.ask_json({"id": name, "action": "PING"})["status"] == "OK", "no pong")


def forged(context, endpoint, frame):
    """A handshake by hand, then a frame header that lies: the connection is closed."""
    greeting = b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
    ready = b"\x05READY\x0bSocket-Type\x00\x00\x00\x03REQ"
    address = urlsplit(endpoint)
    with socket.create_connection((address.hostname, address.port), PATIENCE / 1000) as peer:
        peer.sendall(greeting + b"\x04" + bytes([len(ready)]) + ready + frame)
        try:
            while peer.recv(4096):
                pass
        except ConnectionResetError:
            pass
    ping(context, endpoint, "after")
    return 1


def walks_away(context, endpoint):
    """A client that leaves without its reply holds nobody up."""
    with Client(context, endpoint) as client:
        # Long enough for the request to leave after the close.
        client.socket.linger = PATIENCE
        client.socket.send(json.dumps({"id": "gone", "action": "PING"}).encode())
    ping(context, endpoint, "next")
    return 1


def wait_as_told(reply, longest):
    wait = reply["retry_after_ms"]
    check(isinstance(wait, int) and 0 < wait <= longest, f"{reply} gives no time to wait")
    time.sleep(wait / 1000)


def outage(context, endpoint):
    """Sees every order through; an order is sent again only if it certainly was not executed."""
    counted = dict.fromkeys(
        ["filled", "reconciled", "rejected", "turned_away", "unknown", "not_known"], 0
    )
    with Client(context, endpoint) as client:
        for number in range(ORDERS):
            name = f"py-{number}"
            send = {**ORDER, "id": f"o-{number}", "client_order_id": name}
            ask = {"id": f"s-{number}", "action": "ORDER_STATUS", "client_order_id": name}
            request = send
            while True:
                reply = client.ask_json(request)
                status = reply["status"]
                if status == "FILLED":
                    counted["reconciled" if reply["reconciled"] else "filled"] += 1
                    break
                if status == "REJECTED":
                    counted["rejected"] += 1
                    break
                if status == "UNKNOWN":
                    counted["unknown"] += 1
                    request = ask
                    wait_as_told(reply, 4_000)
                    continue
                check(status == "NOT_EXECUTED", f"{reply} to an order")
                request = send
                if "retry_after_ms" in reply:
                    counted["turned_away"] += 1
                    wait_as_told(reply, 4_000)
                else:
                    counted["not_known"] += 1
    return counted


class Reconnecting(threading.Thread):
    """Sends requests of all kinds until its time is up, each on a connection of its own."""

    def __init__(self, context, endpoint, number, until):
        super().__init__(name=f"client {number}")
        self.context, self.endpoint, self.number, self.until = context, endpoint, number, until
        self.random = random.Random(number)
        self.requests = 0
        self.tickets = {}
        self.failure = None

    def run(self):
        kinds = [self.order, self.again, self.status, self.account, self.ping, self.positions, self.sync]
        weights = [30, 15, 20, 12, 17, 3, 3]
        try:
            while time.monotonic() < self.until:
                # Whoever asks about an order needs one.
                kind = self.random.choices(kinds, weights)[0] if self.tickets else self.order
                kind()
        except BaseException as failure:
            self.failure = failure

    def ask(self, **request):
        self.requests += 1
        request["id"] = f"n-{self.number}-{self.requests}"
        with Client(self.context, self.endpoint) as client:
            return client.ask_json(request)

    def send(self, name):
        return self.ask(**{**ORDER, "volume": "0.01", "client_order_id": name})

    def order(self):
        name = f"n-{self.number}-order-{len(self.tickets)}"
        reply = self.send(name)
        check(reply["status"] == "FILLED", f"{reply} to an order")
        self.tickets[name] = reply["ticket"]

    def known(self, reply, name):
        told = (reply["status"], reply["ticket"])
        check(told == ("FILLED", self.tickets[name]), f"{reply}: ticket {self.tickets[name]} before")

    def again(self):
        name = self.random.choice(list(self.tickets))
        self.known(self.send(name), name)

    def status(self):
        name = self.random.choice(list(self.tickets))
        self.known(self.ask(action="ORDER_STATUS", client_order_id=name), name)

    def account(self):
        check("account" in self.ask(action="ACCOUNT"), "no account")

    def ping(self):
        check(self.ask(action="PING")["status"] == "OK", "no pong")

    def held(self, reply):
        """What this client was told to be filled is among the positions."""
        held = {position["client_order_id"]: position["ticket"] for position in reply["positions"]}
        check(self.tickets.items() <= held.items(), f"client {self.number} lost an order")

    def positions(self):
        self.held(self.ask(action="POSITIONS", magic=ORDER["magic"]))

    def sync(self):
        sync = {"magic_number": ORDER["magic"], "timestamp": "2026-01-05T09:30:00Z"}
        self.held(self.ask(action="SYNC_ALL", **sync))


def reconnect(context, endpoint, seconds):
    """Nobody's request is lost, however many connections come and go; every order is one position."""
    until = time.monotonic() + seconds
    clients = [Reconnecting(context, endpoint, number, until) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    failed = [f"{client.name}: {client.failure!r}" for client in clients if client.failure]
    check(not failed, "; ".join(failed))
    tickets = {name: ticket for client in clients for name, ticket in client.tickets.items()}
    with Client(context, endpoint) as client:
        held = client.ask_json({"id": "h", "action": "POSITIONS", "magic": ORDER["magic"]})
    held = [(position["client_order_id"], position["ticket"]) for position in held["positions"]]
    check(sorted(held) == sorted(tickets.items()), "the positions are not the orders, each once")
    requests = [client.requests for client in clients]
    return {"requests": requests, "orders": len(tickets)}


def crowded(number, count):
    """A request of each kind in turn, whose id nobody else has."""
    request = {"id": f"c-{number}-{count}"}
    match count % 4:
        case 0:
            return {**ORDER, **request, "volume": "0.01", "client_order_id": f"crowd-{number}-{count}"}
        case 1:
            return {**request, "action": "ORDER_STATUS", "client_order_id": f"nobody-{number}-{count}"}
        case 2:
            return {**request, "action": "ACCOUNT"}
        case _:
            return {**request, "action": "PING"}


EXPECTED = {"ORDER_SEND": "FILLED", "ORDER_STATUS": "NOT_FOUND", "ACCOUNT": "OK", "PING": "OK"}


class Crowd(threading.Thread):
    """Sends so many requests before it reads a reply; each reply must be to one of its own."""

    def __init__(self, context, endpoint, number):
        super().__init__(name=f"client {number}")
        self.context, self.endpoint, self.number = context, endpoint, number
        self.waiting = {}
        self.replies = 0
        self.tickets = set()
        self.failure = None

    def run(self):
        try:
            if self.number % 2:
                self.without_waiting()
            else:
                self.one_by_one()
        except BaseException as failure:
            self.failure = failure

    def one_by_one(self):
        with Client(self.context, self.endpoint) as client:
            for count in range(REQUESTS):
                request = crowded(self.number, count)
                self.waiting[request["id"]] = request["action"]
                self.take(client.ask_json(request))

    def without_waiting(self):
        with self.context.socket(zmq.DEALER) as dealer:
            dealer.linger, dealer.rcvtimeo, dealer.sndtimeo = 0, PATIENCE, PATIENCE
            arm(dealer)
            dealer.connect(self.endpoint)
            for count in range(REQUESTS):
                request = crowded(self.number, count)
                self.waiting[request["id"]] = request["action"]
                dealer.send_multipart([b"", json.dumps(request).encode()])
                if len(self.waiting) == UNANSWERED:
                    self.read(dealer)
            while self.waiting:
                self.read(dealer)

    def read(self, dealer):
        delimiter, body = dealer.recv_multipart()
        check(delimiter == b"", f"{delimiter!r} before a reply")
        self.take(json.loads(body))

    def take(self, reply):
        action = self.waiting.pop(reply["id"], None)
        check(action, f"{reply}: nobody here waits for it")
        check(reply["status"] == EXPECTED[action], f"{reply} to {action}")
        self.replies += 1
        if "ticket" in reply:
            self.tickets.add(reply["ticket"])


def crowd(context, endpoint):
    """Each of the clients gets its own replies, and each of them once."""
    clients = [Crowd(context, endpoint, number) for number in range(CROWD)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    failed = [f"{client.name}: {client.failure!r}" for client in clients if client.failure]
    check(not failed, "; ".join(failed))
    tickets = set().union(*(client.tickets for client in clients))
    return {"replies": [client.replies for client in clients], "tickets": len(tickets)}


def everything(context, endpoint):
    """Sends whatever one can send to a gateway whose terminal is well."""
    largest = json.dumps({"id": "1", "action": "PING", "x": ""}).encode()
    largest = largest.replace(b'""', b'"' + b"y" * (MAX_MESSAGE - len(largest)) + b'"')
    check(len(largest) == MAX_MESSAGE, f"{len(largest)} bytes are not the largest message")
    counted = {
        "valid": valid(context, endpoint),
        "invalid": errors(context, endpoint, [[text] for text in INVALID]),
        "empty": errors(context, endpoint, [[b""]] * 3),
        "multipart": errors(context, endpoint, [[b"{}", b"{}"], [b"", b"x"], [b"x"] * 100]),
        "largest": errors(context, endpoint, [[largest]]),
        "closed": sum(
            oversized(context, endpoint, size) for size in (MAX_MESSAGE + 1, 10 * MAX_MESSAGE)
        ),
        "forged": sum(
            forged(context, endpoint, frame)
            for frame in (
                # A body of 2^63 - 1 bytes, then of 1 GiB, then a frame with reserved flags.
                b"\x02\x7f" + b"\xff" * 7,
                b"\x02" + (1 << 30).to_bytes(8, "big"),
                b"\xf8\x01x",
            )
        ),
        "walked_away": walks_away(context, endpoint),
        "reconnected": 0,
    }
    for number in range(RECONNECTS):
        ping(context, endpoint, f"c-{number}")
        counted["reconnected"] += 1
    return counted


def main(endpoint, run):
    context = zmq.Context()
    counted = run(context, endpoint)
    context.destroy(linger=0)
    print(json.dumps(counted))


def run_of(arguments):
    match arguments:
        case []:
            return everything
        case ["outage"]:
            return outage
        case ["crowd"]:
            return crowd
        case ["reconnect", seconds] if seconds.isdecimal():
            return lambda context, endpoint: reconnect(context, endpoint, int(seconds))
        case _:
            sys.exit("write `outage`, `crowd` or `reconnect SECONDS` after the endpoint, or nothing")


if __name__ == "__main__":
    check(len(sys.argv) > 1, "write the endpoint, such as tcp://127.0.0.1:5555")
    main(sys.argv[1], run_of(sys.argv[2:]))
