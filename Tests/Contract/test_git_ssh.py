"""Git over SSH: a real `sshd` asks `roost ssh-keys` about keys, and starts `roost ssh-serve` for those it knows."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

import pytest

from servers import Roost, free_port, wait_until
from test_git import Hub, Person
from test_lfs import ask, start


class Sshd:
    """An sshd on loopback, as this user; its files lie where nobody else may write, as it demands."""

    def __init__(self, folder, hub):
        self.folder = folder
        self.port = free_port()
        self.log = folder / "sshd.log"
        server = hub.server
        where = f"--data {server.data} --database {server.database} --public-address {server.url}"
        # sshd gives its commands no environment, and takes one only that root owns.
        self.command = folder / "roost"
        shutil.copy(Roost.binary(), self.command)
        self.command.chmod(0o755)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "host"], check=True)
        (folder / "sshd_config").write_text(
            f"""
            Port {self.port}
            ListenAddress 127.0.0.1
            HostKey {folder}/host
            PidFile {folder}/sshd.pid
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            AuthorizedKeysFile none
            AuthorizedKeysCommand {self.command} ssh-keys {where} %t %k
            AuthorizedKeysCommandUser root
            AcceptEnv GIT_PROTOCOL
            PermitRootLogin forced-commands-only
            """
        )

    def __enter__(self):
        pathlib.Path("/run/sshd").mkdir(exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                ["/usr/sbin/sshd", "-D", "-e", "-f", self.folder / "sshd_config"], stderr=log, start_new_session=True
            )
        wait_until(lambda: b"Server listening" in self.log.read_bytes(), "sshd listens")
        return self

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(10)


class SshPerson(Person):
    """Somebody with a key."""

    def __init__(self, home, sshd):
        super().__init__(home)
        self.key = self.home / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.key], check=True)
        self.ssh = (
            f"ssh -p {sshd.port} -i {self.key} -o IdentitiesOnly=yes -o BatchMode=yes -F none "
            f"-o StrictHostKeyChecking=no -o UserKnownHostsFile={self.home}/known -o LogLevel=ERROR"
        )

    @property
    def public_key(self):
        return " ".join((self.home / "key.pub").read_text().split()[:2])

    @property
    def fingerprint(self):
        said = subprocess.run(["ssh-keygen", "-lf", self.home / "key.pub"], capture_output=True, text=True, check=True)
        return said.stdout.split()[1]

    def attempt(self, *arguments, **options):
        return super().attempt("-c", f"core.sshCommand={self.ssh}", *arguments, **options)

    def run(self, command):
        return subprocess.run([*self.ssh.split(), "root@127.0.0.1", command], capture_output=True, text=True)


@pytest.fixture(scope="module")
def hub(new_roost):
    with new_roost() as server:
        yield Hub(server)


@contextlib.contextmanager
def serving(hub):
    """An sshd for a server."""
    if os.geteuid() != 0 or not pathlib.Path("/usr/sbin/sshd").exists():
        pytest.skip("sshd has to be installed, and takes commands that root owns only")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="roost-sshd-", dir=pathlib.Path.home()))
    with Sshd(folder, hub) as sshd:
        yield sshd
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def sshd(hub):
    with serving(hub) as sshd:
        yield sshd


@pytest.fixture(scope="module")
def closed_hub(new_roost):
    """A server that lets in only who shows something; `ann` looks after it."""
    with new_roost(options=("--auth",)) as server:
        command = [Roost.binary(), "admin", "users", "create", "ann", "--server-admin", "--json"]
        where = ["--database", server.database, "--data", server.data]
        subprocess.run([*command, *where], check=True, capture_output=True, timeout=60)
        yield Hub(server)


@pytest.fixture(scope="module")
def closed_sshd(closed_hub):
    with serving(closed_hub) as sshd:
        yield sshd


def add_key(hub, person, read_only="FALSE", deploys=None):
    owner = "NULL" if deploys else "(SELECT account_id FROM accounts WHERE is_server_admin)"
    hub.rows(
        f"""
        INSERT INTO ssh_keys (account_id, workspace_id, title, public_key, fingerprint, is_read_only, created_ms)
        VALUES ({owner}, {deploys.key if deploys else "NULL"}, 'laptop', '{person.public_key}', '{person.fingerprint}',
            {read_only}, 0)
        """
    )


def test_a_person_pushes_and_clones(hub, sshd, tmp_path):
    repository = hub.make_repository("by-ssh")
    ann = SshPerson(tmp_path / "ann", sshd)
    url = f"ssh://root@127.0.0.1/{repository.name}.git"
    unknown = ann.attempt("clone", url, "iris")
    assert unknown.returncode != 0 and "Permission denied" in unknown.stderr

    add_key(hub, ann)
    ann.git("clone", "-q", url, "iris")
    (ann.home / "iris/noise").write_bytes(os.urandom(3 << 20))
    ann.git("add", ".", at="iris")
    ann.git("commit", "-qm", "one", at="iris")
    ann.git("push", "-q", "origin", "main", at="iris")
    for version in (0, 2):
        ann.git("-c", f"protocol.version={version}", "clone", "-q", url, f"copy{version}")
        assert ann.git("log", "--format=%s", at=f"copy{version}") == "one"
    repository.assert_sound()
    assert len(repository.histories()["refs/heads/main"]) == 2

    ann.git("commit", "-q", "--amend", "-m", "other", at="iris")
    hub.rows(
        f"""
        INSERT INTO ref_rules (workspace_id, kind, pattern, push, merge, force, removal)
        VALUES ({repository.key}, 'branch', 'main', 'writers', 'writers', 'nobody', 'nobody')
        """
    )
    refused = ann.attempt("push", "--force", "origin", "main", at="iris")
    assert refused.returncode != 0
    assert "protected by the branch rule 'main': you may not force-push it" in refused.stderr


def test_a_deploy_key_reaches_its_repository_only(hub, sshd, tmp_path):
    mine, other = hub.make_repository("mine"), hub.make_repository("other")
    machine = SshPerson(tmp_path / "machine", sshd)
    add_key(hub, machine, read_only="TRUE", deploys=mine)
    machine.git("clone", "-q", f"ssh://root@127.0.0.1/{mine.name}", "mine")
    elsewhere = machine.attempt("clone", f"ssh://root@127.0.0.1/{other.name}", "other")
    assert elsewhere.returncode != 0 and "No repository" in elsewhere.stderr
    machine.git("commit", "-q", "--allow-empty", "-m", "one", at="mine")
    pushed = machine.attempt("push", "origin", "main", at="mine")
    assert pushed.returncode != 0 and "You may read" in pushed.stderr


def test_large_files_go_by_a_pass_that_the_key_gets(closed_hub, closed_sshd, tmp_path):
    repository = closed_hub.make_repository("large")
    ann = SshPerson(tmp_path / "ann", closed_sshd)
    add_key(closed_hub, ann)
    url = f"ssh://root@127.0.0.1/{repository.name}.git"
    ann.git("lfs", "install", "--skip-repo")
    work = start(ann, url)
    contents = {"small.bin": b"small", "large.bin": os.urandom(3 << 20)}
    for name, content in contents.items():
        (ann.home / work / name).write_bytes(content)
    ann.git("add", ".", at=work)
    ann.git("commit", "-qm", "files", at=work)
    ann.git("push", "-q", "origin", "main", at=work)
    ann.git("clone", "-q", url, "copy")
    for name, content in contents.items():
        assert (ann.home / "copy" / name).read_bytes() == content
    ann.git("lfs", "lock", "small.bin", at=work)
    assert "small.bin" in ann.git("lfs", "locks", at=work)

    machine = SshPerson(tmp_path / "machine", closed_sshd)
    add_key(closed_hub, machine, read_only="TRUE", deploys=repository)
    machine.git("lfs", "install", "--skip-repo")
    machine.git("clone", "-q", url, "copy")
    assert (machine.home / "copy/large.bin").read_bytes() == contents["large.bin"]
    refused = machine.run(f"git-lfs-authenticate {repository.name}.git upload")
    assert refused.returncode == 1 and "You may read" in refused.stderr


def test_a_pass_opens_the_large_files_of_one_repository_and_nothing_else(closed_hub, closed_sshd, tmp_path):
    mine, other = closed_hub.make_repository("passed"), closed_hub.make_repository("not-passed")
    ann = SshPerson(tmp_path / "ann", closed_sshd)
    add_key(closed_hub, ann)
    oid, server = "a" * 64, closed_hub.server.url
    passes = {}
    for operation in ("download", "upload"):
        done = ann.run(f"git-lfs-authenticate '/{mine.name}.git' {operation}")
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        assert answer["href"] == f"{server}/{mine.name}.git/info/lfs"
        assert answer["expires_in"] == 1800
        passes[operation] = answer["header"]

    def batch(repository, operation, header):
        fields = {"operation": operation, "objects": [{"oid": oid, "size": 1}]}
        address = f"{server}/{repository.name}.git/info/lfs/objects/batch"
        body = json.dumps(fields).encode()
        return ask("POST", address, body=body, headers={"Content-Type": "application/vnd.git-lfs+json"} | header)

    assert batch(mine, "download", {})[0] == 401
    assert batch(mine, "download", passes["download"])[0] == 200
    assert batch(mine, "upload", passes["download"])[0] == 403
    status, _, answer = batch(mine, "upload", passes["upload"])
    assert status == 200
    assert json.loads(answer)["objects"][0]["actions"]["upload"]["header"] == passes["upload"]
    assert batch(other, "download", passes["upload"])[0] in (401, 404)
    secret = passes["upload"]["Authorization"].split()[1]
    for header in (passes["upload"], {"Authorization": f"Bearer {secret}"}):
        for path in (
            f"/{mine.name}.git/info/refs?service=git-upload-pack",
            f"/api/v1/repos/{mine.name}",
            f"/{mine.name}.mlflow/api/2.0/mlflow/experiments/get?experiment_id=0",
            "/api/v1/user",
        ):
            assert ask("GET", server + path, headers=header)[0] in (401, 404), (header, path)

    closed_hub.rows(f"DELETE FROM ssh_keys WHERE fingerprint = '{ann.fingerprint}'")
    assert batch(mine, "download", passes["download"])[0] == 401


@pytest.mark.parametrize(
    "command",
    ["id", "git-upload-pack '../x'", "git-upload-pack 'a/b'; id", "git-upload-pack --help", "sh -c id", "$(id)"],
)
def test_nothing_but_git_is_run(hub, sshd, tmp_path, command):
    eve = SshPerson(tmp_path / "eve", sshd)
    add_key(hub, eve)
    done = eve.run(command)
    assert done.returncode == 1
    assert "uid=" not in done.stdout + done.stderr
    assert done.stderr.startswith("roost: Only git-upload-pack")
    assert "no shell" in eve.run("").stderr
