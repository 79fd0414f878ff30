"""Clients that a gateway with CURVE keys must not let in, and one after each that it must.

    CURVE_SECRET_FILE=client.key python3 gateway_strangers.py tcp://127.0.0.1:5555

Prints, as one line of JSON, which strangers were turned away and how often the listed client was served; exits with 1
and a message as soon as something is not as it should be.
"""

import json
import os
import sys

import zmq
from gateway_client import PATIENCE, check, keys, ping
from zmq.utils.monitor import recv_monitor_message

TURNED_AWAY = (
    zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL,
    zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL,
    zmq.EVENT_HANDSHAKE_FAILED_AUTH,
    zmq.EVENT_DISCONNECTED,
)


def turned_away(context, endpoint, arm):
    """Sends a request, waits until the connection is refused, and looks whether there is an answer nevertheless."""
    socket = context.socket(zmq.REQ)
    socket.linger = 0
    arm(socket)
    events = socket.get_monitor_socket()
    events.rcvtimeo = PATIENCE
    socket.connect(endpoint)
    socket.send(b'{"id":"stranger","action":"PING"}')
    while (event := recv_monitor_message(events)["event"]) not in TURNED_AWAY:
        check(event != zmq.EVENT_HANDSHAKE_SUCCEEDED, "a stranger was let in")
    check(socket.poll(0) == 0, "a stranger got an answer")
    socket.disable_monitor()
    events.close()
    socket.close()


def main(endpoint):
    public, secret, server = keys(os.environ["CURVE_SECRET_FILE"])
    other_public, other_secret = zmq.curve_keypair()

    def no_keys(socket):
        pass

    def unlisted(socket):
        socket.curve_publickey, socket.curve_secretkey = other_public, other_secret
        socket.curve_serverkey = server

    def wrong_gateway(socket):
        socket.curve_publickey, socket.curve_secretkey = public, secret
        socket.curve_serverkey = other_public

    def not_its_own(socket):
        # Whoever knows a listed public key, which is no secret, without the secret key to it.
        socket.curve_publickey, socket.curve_secretkey = public, other_secret
        socket.curve_serverkey = server

    context = zmq.Context()
    counted = {"turned_away": [], "served": 0}
    for stranger in (no_keys, unlisted, wrong_gateway, not_its_own):
        turned_away(context, endpoint, stranger)
        counted["turned_away"].append(stranger.__name__)
        ping(context, endpoint, f"after-{stranger.__name__}")
        counted["served"] += 1
    context.destroy(linger=0)
    print(json.dumps(counted))


if __name__ == "__main__":
    check(len(sys.argv) == 2, "write the endpoint, such as tcp://127.0.0.1:5555")
    main(sys.argv[1])
