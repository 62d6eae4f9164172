"""Signing in at another server: a real Glewlwyd, and what must not pass."""

import base64
import hmac
import http.server
import json
import threading
import time
import urllib.parse

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from glewlwyd import CLIENT, SECRET, Glewlwyd
from servers import free_port, wait_until
from test_accounts import CURRENT, EXPERIMENT, PASSWORD, Team, set_up_link


@pytest.fixture(scope="module")
def places(workshop, new_roost):
    """A Glewlwyd, and a Roost at which its people sign in."""
    port = free_port()
    secret = workshop / "client-secret"
    secret.write_text(SECRET + "\n")
    with Glewlwyd(workshop / "glewlwyd") as there:
        there.furnish(f"http://127.0.0.1:{port}/login/openid/callback")
        options = [
            *("--auth", "--oidc-issuer", there.issuer, "--oidc-client-id", CLIENT),
            *("--oidc-client-secret-file", secret, "--oidc-scopes", "openid"),
            *("--oidc-admin-group", "keepers"),
        ]
        with new_roost(port=port, options=options) as server:
            team = Team(server)
            wait_until(lambda: "/set-up/" in server.log.read_text(), "the link is printed")
            status, _, text = team.submit(set_up_link(server), login="ann", password=PASSWORD)
            assert status == 303, text
            yield there, team


class Browser:
    """The cookies of one browser at Roost."""

    def __init__(self, team):
        self.team = team
        self.cookies = {}

    def get(self, path):
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        status, headers, text = self.team.ask("GET", path, {"Cookie": cookie} if cookie else {})
        for line in headers.get_all("Set-Cookie") or []:
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return status, headers, text

    def begin(self, return_to=""):
        status, headers, text = self.get("/login/openid?" + urllib.parse.urlencode({"return_to": return_to}))
        assert status == 303, text
        return headers["Location"]

    def finish(self, location):
        parts = urllib.parse.urlsplit(location)
        return self.get(f"{parts.path}?{parts.query}")

    def who(self):
        status, _, text = self.get(CURRENT)
        return json.loads(text)["user"] if status == 200 else status


def sign_in(there, team, name, return_to=""):
    browser = Browser(team)
    status, headers, text = browser.finish(there.agree(name, browser.begin(return_to)))
    assert status == 303, text
    return browser, headers["Location"]


def test_somebody_gets_an_account_at_the_first_sign_in_and_keeps_it(places):
    there, team = places
    there.add("bob", "bobby")
    browser, location = sign_in(there, team, "bob", EXPERIMENT)
    assert location == EXPERIMENT
    first = browser.who()
    assert (first["username"], first["is_admin"]) == ("bobby", False)
    assert browser.get(EXPERIMENT)[0] == 200
    there.add("bob", "robert")
    again, _ = sign_in(there, team, "bob")
    assert again.who() == first
    assert again.cookies["roost_session"] != browser.cookies["roost_session"]
    assert "Sign in at 127.0.0.1" in team.ask("GET", "/login")[2]


def test_a_name_or_an_address_like_that_of_an_account_gives_no_account(places):
    there, team = places
    there.add("mallory", "ann", email="ann@example.org")
    team.admin("users", "create", "anna", "--email", "anna@example.org")
    browser, _ = sign_in(there, team, "mallory")
    assert browser.who()["username"] == "ann-2" and not browser.who()["is_admin"]
    there.add("oscar", "anna", email="anna@example.org")
    browser, _ = sign_in(there, team, "oscar")
    assert browser.who()["username"] == "anna-2"
    there.add("root", "root")
    browser, _ = sign_in(there, team, "root")
    assert browser.who()["username"] == "root-2"


def test_members_of_a_group_look_after_the_server_while_they_are_in_it(places):
    there, team = places
    there.add("kim", "kim", groups=["staff", "keepers"])
    browser, _ = sign_in(there, team, "kim")
    assert browser.who()["is_admin"]
    there.add("kim", "kim", groups=["staff"])
    sign_in(there, team, "kim")
    assert not browser.who()["is_admin"]


def test_a_suspended_person_does_not_come_in_by_the_other_server(places):
    there, team = places
    there.add("lee", "lee")
    browser, _ = sign_in(there, team, "lee")
    team.admin("users", "suspend", "lee")
    assert browser.who() == 401
    browser = Browser(team)
    status, _, _ = browser.finish(there.agree("lee", browser.begin()))
    assert status == 403 and browser.who() == 401


def test_a_round_is_of_one_browser_and_ends_once(places):
    there, team = places
    there.add("bob", "bobby")
    victim, attacker = Browser(team), Browser(team)
    location = there.agree("bob", attacker.begin())
    victim.begin()
    assert victim.finish(location)[0] == 400
    assert Browser(team).finish(location)[0] == 400
    kept = dict(attacker.cookies)
    assert attacker.finish(location)[0] == 303
    attacker.cookies = kept
    assert attacker.finish(location)[0] == 400
    # A person is told in a page.
    address = urllib.parse.urlsplit(location)._replace(scheme="", netloc="").geturl()
    status, headers, text = team.ask("GET", address, {"Accept": "text/html"})
    assert status == 400 and headers["Content-Type"].startswith("text/html")
    assert "did not begin in this browser" in text
    fresh = Browser(team)
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(fresh.begin()).query)
    assert query["code_challenge_method"] == ["S256"] and query["nonce"] and query["state"]
    assert fresh.get("/login/openid/callback?error=access_denied&state=" + query["state"][0])[0] == 401
    assert fresh.get("/login/openid/callback?code=made-up&state=" + query["state"][0])[0] == 400


def test_a_code_of_one_round_does_not_end_another(places):
    there, team = places
    there.add("bob", "bobby")
    one, other = Browser(team), Browser(team)
    code = urllib.parse.parse_qs(urllib.parse.urlsplit(there.agree("bob", one.begin())).query)["code"][0]
    state = urllib.parse.parse_qs(urllib.parse.urlsplit(other.begin()).query)["state"][0]
    assert other.get("/login/openid/callback?" + urllib.parse.urlencode({"code": code, "state": state}))[0] == 400
    assert other.who() == 401


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value):
    return encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))


class Provider:
    """A server that signs what a test wants it to sign."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.claims, self.sign, self.name = {}, self.signed, None
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.answer(provider.keys() if self.path == "/keys" else provider.description())

            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.answer({"id_token": provider.sign(provider.claims), "token_type": "Bearer"})

            def answer(self, content):
                data = json.dumps(content).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def description(self):
        return {
            "issuer": self.name or self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
        }

    def keys(self):
        numbers = self.key.public_key().public_numbers()
        shared = {"kty": "oct", "kid": "shared", "alg": "HS256", "k": encoded(b"everybody knows this")}
        return {"keys": [{"kty": "RSA", "kid": "k", "n": number(numbers.n), "e": number(numbers.e)}, shared]}

    def signed(self, claims, key=None, kid="k"):
        text = self.text({"alg": "RS256", "kid": kid}, claims)
        signature = (key or self.key).sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{text}.{encoded(signature)}"

    def unsigned(self, claims):
        return self.text({"alg": "none"}, claims) + "."

    def shared(self, claims):
        """Signed by what everybody knows, as if that were a secret."""
        text = self.text({"alg": "HS256", "kid": "shared"}, claims)
        return f"{text}.{encoded(hmac.digest(b'everybody knows this', text.encode(), 'sha256'))}"

    def by_public_key(self, claims):
        text = self.text({"alg": "HS256", "kid": "k"}, claims)
        public = self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return f"{text}.{encoded(hmac.digest(public, text.encode(), 'sha256'))}"

    def foreign(self, claims):
        return self.signed(claims, rsa.generate_private_key(public_exponent=65537, key_size=2048))

    @staticmethod
    def text(header, claims):
        return ".".join(encoded(json.dumps(part).encode()) for part in (header, claims))


@pytest.fixture(scope="module")
def forger(new_roost):
    provider = Provider()
    options = ("--auth", "--oidc-issuer", provider.url, "--oidc-client-id", CLIENT)
    with new_roost(options=options) as server:
        yield provider, Team(server)
    provider.server.shutdown()


def attempt(provider, team, sign=None, **changes):
    """The status that a browser ends with, and whom it is then."""
    browser = Browser(team)
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(browser.begin()).query)
    claims = {
        **{"iss": provider.url, "aud": CLIENT, "sub": "17", "exp": int(time.time()) + 300},
        **{"nonce": query["nonce"][0], "preferred_username": "vera", **changes},
    }
    provider.claims = {name: value for name, value in claims.items() if value is not None}
    provider.sign = sign or provider.signed
    status, _, _ = browser.finish(
        "/login/openid/callback?" + urllib.parse.urlencode({"code": "c", "state": query["state"][0]})
    )
    return status, browser.who()


def test_a_token_is_believed_that_is_signed_and_for_this_round(forger):
    provider, team = forger
    status, user = attempt(provider, team)
    assert (status, user["username"]) == (303, "vera")
    status, user = attempt(provider, team, aud=[CLIENT, "another"], azp=CLIENT)
    assert (status, user["username"]) == (303, "vera")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": [CLIENT, "another"]},
        {"aud": None},
        {"exp": 1},
        {"exp": None},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": ""},
        {"sub": None},
    ],
)
def test_a_token_of_something_else_is_not(forger, changes):
    provider, team = forger
    assert attempt(provider, team, **changes) == (400, 401)


@pytest.mark.parametrize("way", ["unsigned", "shared", "by_public_key", "foreign"])
def test_a_forged_token_is_not(forger, way):
    provider, team = forger
    assert attempt(provider, team, getattr(provider, way)) == (400, 401)


@pytest.mark.parametrize("name", ["../../x", "<script>", "admin", "", "-rf", "a" * 300, "ünïcode", 7, {"a": 1}])
def test_any_name_becomes_one_that_an_account_may_have(forger, name):
    provider, team = forger
    status, user = attempt(provider, team, sub=f"named {str(name)[:20]}", preferred_username=name, name=name)
    assert status == 303
    assert user["username"].replace("-", "").replace("_", "").isalnum() and len(user["username"]) <= 40
