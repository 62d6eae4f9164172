"""HTTP without a helping hand: one keep-alive connection of a writer, and bytes as they are on a socket."""

import http.client
import json
import socket


class Line:
    """A connection of one thread to a server; a failed one is opened anew at the next request."""

    def __init__(self, server, timeout=30):
        self.server = server
        self.timeout = timeout
        self.connection = None

    def send(self, method, path, body=None, raw=None, headers=None):
        """Status and body (JSON decoded if it is JSON); raises `OSError` or `HTTPException` if there is no answer."""
        if not path.startswith("/"):
            path = f"/api/2.0/mlflow/{path}"
        payload = json.dumps(body).encode() if raw is None and body is not None else raw
        headers = {"Content-Type": "application/json", **(headers or {})} if payload is not None else headers
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(
                    "127.0.0.1", self.server.port, timeout=self.timeout
                )
            self.connection.request(method, path, payload, headers or {})
            response = self.connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        if response.headers.get_content_type() == "application/json" and content:
            return response.status, json.loads(content)
        return response.status, content

    def get(self, path):
        return self.must("GET", path)

    def post(self, path, body):
        return self.must("POST", path, body)

    def must(self, *arguments, **options):
        status, answer = self.send(*arguments, **options)
        assert status == 200, f"{arguments[0]} {arguments[1]}: {status} {answer}"
        return answer

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def exchange(server, request, timeout=10):
    """Sends bytes as they are and returns all that comes back until the server closes or says nothing more."""
    answer = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=timeout) as line:
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        try:
            while part := line.recv(65536):
                answer += part
        except (TimeoutError, ConnectionResetError):
            pass
    return answer


def status_of(answer):
    """The status of a raw answer; 0 if the server closed without one."""
    words = answer.split(b" ", 2)
    return int(words[1]) if len(words) > 1 and words[0].startswith(b"HTTP/") else 0
