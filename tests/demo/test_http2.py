"""The lab's front speaks HTTP/2 as browsers do."""

from __future__ import annotations

import socket

import h2.config
import h2.connection
import h2.events
import h2.settings
import pytest

from demo.raw import SECONDS, chosen_protocol, place, trusting
from launchready_tui.demo import Lab

APP = "app.harbour-ops.test"


class Talk:
    """One HTTP/2 connection to a host of the lab."""

    def __init__(self, lab: Lab, host: str, window: int = 65_535) -> None:
        context = trusting(lab)
        context.set_alpn_protocols(["h2"])
        plain = socket.create_connection(place(lab, host, 443), SECONDS)
        self.tls = context.wrap_socket(plain, server_hostname=host)
        self.host = host
        self.link = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        self.link.initiate_connection()
        self.link.update_settings({h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: window})
        self.bodies: dict[int, bytes] = {}
        self.heads: dict[int, dict[str, str]] = {}
        self.ended: set[int] = set()

    def ask(self, method: str, path: str, body: bytes = b"") -> int:
        number = self.link.get_next_available_stream_id()
        pseudo = [(":method", method), (":path", path), (":scheme", "https")]
        headers = [*pseudo, (":authority", self.host), ("accept", "*/*")]
        self.link.send_headers(number, headers, end_stream=not body)
        if body:
            self.link.send_data(number, body, end_stream=True)
        self.tls.sendall(self.link.data_to_send())
        return number

    def until(self, *numbers: int) -> None:
        while not self.ended.issuperset(numbers):
            data = self.tls.recv(65_536)
            assert data, "the server hung up"
            for event in self.link.receive_data(data):
                if isinstance(event, h2.events.ResponseReceived):
                    self.heads[event.stream_id] = dict(event.headers)
                elif isinstance(event, h2.events.DataReceived):
                    had = self.bodies.get(event.stream_id, b"")
                    self.bodies[event.stream_id] = had + event.data
                    self.link.acknowledge_received_data(
                        event.flow_controlled_length, event.stream_id
                    )
                elif isinstance(event, h2.events.StreamEnded | h2.events.StreamReset):
                    self.ended.add(event.stream_id)
            self.tls.sendall(self.link.data_to_send())


def test_many_requests_share_one_connection(lab: Lab) -> None:
    talk = Talk(lab, APP)
    numbers = [talk.ask("GET", path) for path in ("/healthz", "/login", "/orders", "/nothing")]
    talk.until(*numbers)
    statuses = [talk.heads[number][":status"] for number in numbers]
    assert statuses == ["200", "200", "302", "404"]
    assert b"password" in talk.bodies[numbers[1]]
    assert talk.heads[numbers[0]]["date"]


def test_a_form_is_read_and_a_narrow_window_is_respected(lab: Lab) -> None:
    talk = Talk(lab, APP, window=50)
    login = talk.ask("POST", "/login", b"name=x&password=y")
    talk.until(login)
    assert talk.heads[login][":status"] == "401"
    assert talk.bodies[login].endswith(b"</html>")


def test_a_body_without_end_is_broken_off(lab: Lab) -> None:
    talk = Talk(lab, APP)
    number = talk.ask("GET", "/healthz")
    talk.until(number)
    long = talk.link.get_next_available_stream_id()
    talk.link.send_headers(
        long,
        [(":method", "POST"), (":path", "/login"), (":scheme", "https"), (":authority", APP)],
    )
    for _ in range(5):
        room = min(16_384, talk.link.local_flow_control_window(long))
        talk.link.send_data(long, b"x" * room)
        talk.tls.sendall(talk.link.data_to_send())
        if long in talk.ended:
            break
        after = talk.ask("GET", "/healthz")
        talk.until(after)
    assert long in talk.ended


def test_what_is_not_http2_is_hung_up_on(lab: Lab) -> None:
    talk = Talk(lab, APP)
    talk.tls.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 3)
    with pytest.raises(AssertionError, match="hung up"):
        talk.until(1)


@pytest.mark.parametrize("host", [APP, "harbour-ops.test", "api.harbour-ops.test"])
def test_hosts_of_today_offer_it(lab: Lab, host: str) -> None:
    assert chosen_protocol(lab, host) == "h2"
