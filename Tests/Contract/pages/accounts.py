"""A server with accounts for tests of pages: who is on it, and how a browser signs in."""

import http.client
import json
import re
import subprocess
import urllib.parse

from servers import Roost, wait_until

PASSWORD = "a grey heron stands"


class Members:
    """The people of a server, by their names; `ann` looks after it."""

    def __init__(self, server):
        self.server = server
        self._known = {}
        wait_until(lambda: "/set-up/" in server.log.read_text(), "the link is printed")
        link = re.findall(r"/set-up/link_[0-9a-f]+", server.log.read_text())[-1]
        assert self.submit(link, login="ann", password=PASSWORD)[0] == 303

    def ask(self, method, path, content=None, headers=None):
        """Status, headers and text of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        connection.request(method, path, content, headers or {})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, answer.headers, text

    def submit(self, path, headers=None, **form):
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.server.url} | (
            headers or {}
        )
        return self.ask("POST", path, urllib.parse.urlencode(form), sent)

    def add(self, login):
        command = [
            *(Roost.binary(), "admin", "users", "create", login, "--json"),
            *("--database", self.server.database, "--data", self.server.data),
        ]
        made = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout)
        assert self.submit(urllib.parse.urlsplit(made["link"]).path, password=PASSWORD)[0] == 303

    def known(self, login):
        """A session of somebody that goes on through all tests: to hash a password takes its time."""
        if login not in self._known:
            self._known[login] = self.cookie(login)
        return self._known[login]

    def cookie(self, login):
        """A new session of somebody as Playwright takes it."""
        status, headers, text = self.submit("/login", login=login, password=PASSWORD)
        assert status == 303, text
        name, _, value = headers["Set-Cookie"].split(";")[0].partition("=")
        return {"name": name, "value": value}

    def api(self, login, method, path, **fields):
        """What the API answers somebody; an error fails the test."""
        cookie = self.known(login)
        headers = {
            "Cookie": f"{cookie['name']}={cookie['value']}",
            "X-Roost-Request": "test",
            "Content-Type": "application/json",
        }
        status, _, text = self.ask(method, "/api/v1/" + path, json.dumps(fields), headers)
        assert status < 300, (status, text)
        return json.loads(text) if text else None
