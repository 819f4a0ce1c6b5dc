"""The ground under every stand-in: connections, bodies, TLS, stopping."""

import socket
import ssl
import threading
from collections.abc import Iterator

import httpx
import pytest
import trustme

from wizard.sandbox.http_messages import Answer, RawConnection, RawReply, Reply, Request, json_answer
from wizard.sandbox.server import LoopbackServer


class Echo(LoopbackServer):
    """Tells what it got; `/hang` never answers."""

    def respond(self, request: Request) -> Reply:
        if request.path == "/hang":
            return RawReply(lambda connection: connection.wait_for_end(600))
        if request.path == "/empty":
            return Answer(204)
        if request.path == "/reset":
            return RawReply(RawConnection.reset)
        return json_answer(
            200,
            {
                "method": request.method,
                "path": request.path,
                "query": request.query,
                "json": request.json,
                "size": request.body_size,
                "kept": len(request.body),
            },
            (("x-seen", request.header("X-Two") or ""),),
        )


@pytest.fixture
def echo() -> Iterator[Echo]:
    with Echo() as server:
        yield server


def test_a_connection_serves_many_requests(echo: Echo, http: httpx.Client) -> None:
    ports = set()
    for _ in range(3):
        with http.stream("GET", f"{echo.url}/a") as response:
            ports.add(response.extensions["network_stream"].get_extra_info("client_addr"))
            response.read()
    assert len(ports) == 1


def test_what_was_sent_is_seen(echo: Echo, http: httpx.Client) -> None:
    response = http.put(f"{echo.url}/a/b?x=1&y=&x=2", json={"k": "ü"}, headers=[("x-two", "1"), ("x-two", "2")])
    body = response.json()
    assert body["method"] == "PUT"
    assert body["path"] == "/a/b"
    assert body["query"] == {"x": "2", "y": ""}
    assert body["json"] == {"k": "ü"}
    assert response.headers["x-seen"] == "1, 2"
    (request,) = echo.requests
    assert request.target == "/a/b?x=1&y=&x=2"


def test_a_chunked_body_is_put_together(echo: Echo, http: httpx.Client) -> None:
    body = http.post(f"{echo.url}/", content=iter([b'{"a"', b":", b"1}"])).json()
    assert (body["json"], body["size"]) == ({"a": 1}, 7)
    assert http.post(f"{echo.url}/", content=b"not json").json()["json"] is None


def test_a_body_broken_off_ends_the_connection(echo: Echo) -> None:
    for head in ("content-length: 10\r\n\r\nabc", "transfer-encoding: chunked\r\n\r\nzz\r\n"):
        with socket.create_connection(("127.0.0.1", echo.port), 5) as client:
            client.sendall(f"POST / HTTP/1.1\r\nhost: x\r\n{head}".encode())
            client.shutdown(socket.SHUT_WR)
            assert client.recv(100) == b""
    assert echo.requests == ()


def test_a_body_beyond_64_mb_is_counted_and_not_kept(echo: Echo, http: httpx.Client) -> None:
    megabyte = b"a" * (1 << 20)
    body = http.post(f"{echo.url}/", content=(megabyte for _ in range(65))).json()
    assert (body["size"], body["kept"]) == (65 << 20, 0)


def test_head_and_204_have_no_body(echo: Echo, http: httpx.Client) -> None:
    head = http.head(f"{echo.url}/")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) > 0
    empty = http.get(f"{echo.url}/empty")
    assert (empty.status_code, empty.content) == (204, b"")
    assert http.get(f"{echo.url}/").status_code == 200


def test_many_connections_at_once(echo: Echo) -> None:
    def ask() -> None:
        with httpx.Client(trust_env=False, verify=False) as client:
            for _ in range(5):
                assert client.get(f"{echo.url}/").status_code == 200

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(echo.requests) == 50


def test_stopping_ends_open_and_hanging_connections(echo: Echo) -> None:
    idle = socket.create_connection(("127.0.0.1", echo.port), 5)
    hanging = socket.create_connection(("127.0.0.1", echo.port), 5)
    with idle, hanging:
        hanging.sendall(b"GET /hang HTTP/1.1\r\nhost: x\r\n\r\n")
        while not echo.requests:
            threading.Event().wait(0.005)
        echo.stop()
        assert idle.recv(10) == b""
        assert hanging.recv(10) == b""
    echo.stop()  # a second time does nothing


def test_a_restart_keeps_the_port(echo: Echo, http: httpx.Client) -> None:
    port = echo.port
    echo.stop()
    with pytest.raises(httpx.ConnectError):
        http.get(f"{echo.url}/")
    echo.start()
    assert echo.port == port
    assert http.get(f"{echo.url}/").status_code == 200


def test_a_taken_port_is_an_error(echo: Echo) -> None:
    with pytest.raises(OSError, match="in use"):
        Echo(port=echo.port).start()


def test_a_reset_is_a_reset(echo: Echo) -> None:
    with socket.create_connection(("127.0.0.1", echo.port), 5) as client:
        client.sendall(b"GET /reset HTTP/1.1\r\nhost: x\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            client.recv(10)


def test_tls_with_a_given_context(http: httpx.Client) -> None:
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with Echo(tls=context) as server:
        assert server.url.startswith("https://127.0.0.1:")
        with httpx.Client(trust_env=False, verify=trusting) as client:
            assert client.get(f"{server.url}/").json()["path"] == "/"
        with (
            httpx.Client(trust_env=False, verify=ssl.create_default_context()) as distrusting,
            pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
        ):
            distrusting.get(f"{server.url}/")
        # Plain HTTP towards TLS ends without an answer, and others are still served.
        with pytest.raises(httpx.HTTPError):
            http.get(f"http://127.0.0.1:{server.port}/")
        silent = socket.create_connection(("127.0.0.1", server.port), 5)
        with silent, httpx.Client(trust_env=False, verify=trusting) as client:
            assert client.get(f"{server.url}/").status_code == 200
        assert len(server.requests) == 2


def test_the_observer_hears_of_each_answer(echo: Echo, http: httpx.Client) -> None:
    heard: list[tuple[str, int]] = []
    echo.on_answer = lambda request, status: heard.append((request.path, status))
    http.get(f"{echo.url}/a")
    http.get(f"{echo.url}/empty")
    assert heard[0] == ("/a", 200)
