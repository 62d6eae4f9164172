"""How a server stops: in order at the first signal, at once at the second, however quiet its clients are."""

import contextlib
import signal
import socket
import time

import pytest

from servers import Roost


@pytest.fixture
def stopping(tmp_path):
    server = Roost(tmp_path / "roost").start()
    yield server
    if server.is_running():
        server.kill()


@contextlib.contextmanager
def quiet_client(server):
    """Holds a connection on which half a request was sent."""
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(
            b"POST /api/2.0/mlflow/experiments/create HTTP/1.1\r\n"
            b"Host: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
        )
        time.sleep(0.5)
        yield line


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_without_requests_ends_in_order(stopping, number):
    stopping.process.send_signal(number)
    assert stopping.process.wait(10) == 0, stopping.tail()


@pytest.mark.slow
def test_a_quiet_client_does_not_hold_up_the_stop(stopping):
    with quiet_client(stopping):
        start = time.monotonic()
        stopping.process.send_signal(signal.SIGTERM)
        assert stopping.process.wait(26) == 0, stopping.tail()
        assert time.monotonic() - start > 10, "the request had no time to end"
    assert " error " not in stopping.tail()


def test_a_second_signal_ends_it_at_once(stopping):
    with quiet_client(stopping):
        stopping.process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        assert stopping.is_running()
        stopping.process.send_signal(signal.SIGINT)
        assert stopping.process.wait(5) == 128 + signal.SIGINT
