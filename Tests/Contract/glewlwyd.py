"""A real server for OpenID Connect: Glewlwyd, with one client, and people as a test needs them."""

import http.client
import json
import pathlib
import sqlite3
import subprocess
import urllib.parse
import gzip

from servers import Server

CLIENT, SECRET = "roost", "secret-of-the-client"
_CONFIGURATION = """
port={port}
external_url="http://127.0.0.1:{port}/"
login_url="login.html"
api_prefix="api"
log_mode="file"
log_level="INFO"
log_file="{folder}/glewlwyd-own.log"
cookie_secure=0
cookie_same_site="empty"
session_expiration=2419200
session_key="GLEWLWYD2_SESSION_ID"
admin_session_authentication="cookie"
profile_session_authentication="cookie"
allow_multiple_user_per_session=true
login_api_enabled=true
max_post_size=16778240
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="/usr/lib/glewlwyd/user"
client_module_path="/usr/lib/glewlwyd/client"
user_auth_scheme_module_path="/usr/lib/glewlwyd/scheme"
plugin_module_path="/usr/lib/glewlwyd/plugin"
use_secure_connection=false
secure_connection_key_file="{folder}/none.key"
secure_connection_pem_file="{folder}/none.pem"
secure_connection_ca_file="{folder}/none.ca"
hash_algorithm="SHA512"
database = {{ type = "sqlite3"; path = "{folder}/glewlwyd.db"; }}
"""


class Glewlwyd(Server):
    name = "glewlwyd"

    def command(self):
        return ["glewlwyd", f"--config-file={self.folder}/glewlwyd.conf"]

    @property
    def issuer(self):
        return f"{self.url}/api/oidc"

    def start(self):
        self.folder.joinpath("glewlwyd.conf").write_text(
            _CONFIGURATION.format(port=self.port, folder=self.folder)
        )
        schema = gzip.decompress(pathlib.Path("/usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz").read_bytes())
        database = sqlite3.connect(self.folder / "glewlwyd.db")
        database.executescript(schema.decode())
        database.close()
        return super().start()

    def is_healthy(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"it ended with status {self.process.returncode}")
        try:
            return self.ask("GET", "/config")[0] == 200
        except OSError:
            return False

    def ask(self, method, path, body=None, cookie=None):
        """Status, headers and JSON of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if cookie:
            headers["Cookie"] = cookie
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, answer.headers, json.loads(text) if text.startswith(("{", "[")) else text

    def session(self, name, password):
        status, headers, text = self.ask("POST", "/api/auth/", {"username": name, "password": password})
        assert status == 200, text
        return headers["Set-Cookie"].split(";")[0]

    def must(self, method, path, body):
        status, _, answer = self.ask(method, path, body, self.admin)
        assert status == 200, (path, answer)

    def furnish(self, redirect_uri):
        """Makes the plugin, the scope and the client."""
        self.admin = self.session("admin", "password")
        key = subprocess.run(["openssl", "genrsa", "2048"], check=True, capture_output=True, text=True).stdout
        public = subprocess.run(
            ["openssl", "rsa", "-pubout"], input=key, check=True, capture_output=True, text=True
        ).stdout
        text = {"read": True, "write": True, "profile-read": False, "profile-write": False}
        _, _, users = self.ask("GET", "/api/mod/user/database", cookie=self.admin)
        users["parameters"]["data-format"] = {"groups": {"multiple": True, **text}, "login": {"multiple": False, **text}}
        self.must("PUT", "/api/mod/user/database", users)
        self.must("PUT", "/api/mod/user/database/reset", None)
        claims = [
            {"name": "groups", "user-property": "groups", "type": "string", "mandatory": True, "scope": []},
            {"name": "preferred_username", "user-property": "login", "type": "string", "mandatory": True, "scope": []},
        ]
        self.must(
            "POST",
            "/api/mod/plugin",
            {
                "module": "oidc",
                "name": "oidc",
                "display_name": "OIDC",
                "parameters": {
                    "iss": self.issuer,
                    "jwt-type": "rsa",
                    "jwt-key-size": "256",
                    "key": key,
                    "cert": public,
                    "access-token-duration": 3600,
                    "refresh-token-duration": 1209600,
                    "code-duration": 600,
                    "allow-non-oidc": True,
                    "auth-type-code-enabled": True,
                    "pkce-allowed": True,
                    "pkce-required": True,
                    "subject-type": "public",
                    "scope": [],
                    "additional-parameters": [],
                    "claims": claims,
                    "name-claim": "mandatory",
                    "name-claim-scope": [],
                    "email-claim": "mandatory",
                    "email-claim-scope": [],
                    "jwks-show": True,
                },
            },
        )
        scope = {"name": "openid", "display_name": "openid", "password_required": True, "password_max_age": 0, "scheme": {}}
        status, _, _ = self.ask("POST", "/api/scope/", scope, self.admin)
        if status != 200:
            self.must("PUT", "/api/scope/openid", scope)
        self.must(
            "POST",
            "/api/client/",
            {
                "client_id": CLIENT,
                "name": CLIENT,
                "confidential": True,
                "password": SECRET,
                "redirect_uri": [redirect_uri],
                "token_endpoint_auth_method": ["client_secret_basic"],
                "authorization_type": ["code"],
                "scope": ["openid"],
                "enabled": True,
            },
        )

    def add(self, name, login, groups=(), email=""):
        """Makes a person, or makes them anew."""
        user = {
            "username": name,
            "name": name.title(),
            "email": email or f"{name}@example.org",
            "password": f"password of {name}",
            "scope": ["openid", "g_profile"],
            "enabled": True,
            "groups": list(groups),
            "login": login,
        }
        status, _, _ = self.ask("POST", "/api/user/", user, self.admin)
        if status != 200:
            self.must("PUT", f"/api/user/{name}", user)

    def agree(self, name, address):
        """Signs a person in, lets them agree, and says where their browser is sent."""
        cookie = self.session(name, f"password of {name}")
        status, _, answer = self.ask("PUT", f"/api/auth/grant/{CLIENT}", {"scope": "openid"}, cookie)
        assert status == 200, answer
        parts = urllib.parse.urlsplit(address)
        status, headers, answer = self.ask("GET", f"{parts.path}?{parts.query}&g_continue", cookie=cookie)
        assert status in (302, 303), answer
        return headers["Location"]
