"""More connections than there can be files: the server goes on, and takes those that wait when others have gone."""

import contextlib
import socket
import time

import requests

from servers import Roost, wait_until


def answers(server):
    with contextlib.suppress(requests.RequestException):
        return requests.get(f"{server.url}/health", timeout=2).status_code == 200
    return False


def test_silent_connections_end_nobody(tmp_path):
    limited = Roost(tmp_path / "roost", around=lambda words: ["prlimit", "--nofile=256:256", *words])
    with limited as server, contextlib.ExitStack() as open_lines:
        for _ in range(600):
            line = open_lines.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            line.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        time.sleep(5)
        assert server.is_running(), server.tail()
        open_lines.close()
        wait_until(lambda: answers(server), "it answers", 60)
        assert "Too many open files" not in server.tail()


def test_a_connection_without_a_request_is_closed(roost):
    with socket.create_connection(("127.0.0.1", roost.port)) as line:
        line.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        line.settimeout(60)
        start = time.monotonic()
        assert line.recv(1) == b""
        assert 20 < time.monotonic() - start < 50
