"""A receiver of webhooks: it keeps what it is told and answers as it is told to."""

import base64
import hashlib
import hmac
import http.server
import json
import threading
import urllib.parse

from servers import free_port


class Receiver:
    """Listens on a port of its own while it is open; what it heard stays."""

    def __init__(self):
        self.port = free_port()
        self.heard = []
        #: Makes a status, and headers, of the number of the request from 0.
        self.answer = lambda number: (200, {})
        self.server = None
        self.is_open = False

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/hook"

    def reserve(self):
        """Takes its port, on which connections are refused until it is open."""
        heard, receiver = self.heard, self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                number = len(heard)
                heard.append(Told(dict(self.headers.items()), body, self.client_address[1]))
                status, headers = receiver.answer(number)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "6")
                self.end_headers()
                self.wfile.write(b"secret")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler, bind_and_activate=False)
        self.server.server_bind()
        return self

    def __enter__(self):
        if self.server is None:
            self.reserve()
        self.server.server_activate()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.is_open = True
        return self

    def __exit__(self, *_):
        if self.is_open:
            self.server.shutdown()
        self.server.server_close()

    def names(self):
        """The names of the things that it was told of, in order."""
        return [told.message["data"]["name"] for told in list(self.heard)]


class Told:
    """A request that came."""

    def __init__(self, headers, body, caller_port):
        self.headers = headers
        self.body = body
        self.caller_port = caller_port
        form = headers.get("Content-Type") == "application/x-www-form-urlencoded"
        self.message = json.loads(urllib.parse.parse_qs(body.decode())["payload"][0] if form else body)

    @property
    def id(self):
        return self.headers["X-MLflow-Delivery-Id"]

    def is_signed_with(self, secret):
        """As docs/webhooks.md says it."""
        signed = f"{self.id}.{self.headers['X-MLflow-Timestamp']}.".encode() + self.body
        code = base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()
        return hmac.compare_digest(f"v1,{code}", self.headers.get("X-MLflow-Signature", ""))
