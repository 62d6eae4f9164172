"""The servers that the tests talk to: Roost, the original `mlflow server`, and PostgreSQL.

Each is a process of its own on a free loopback port with all of its files in one folder, and is ended by its pid.
"""

import contextlib
import http.client
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def postgres_programs():
    """The folder of `initdb` and the like: of the newest PostgreSQL that is installed as Debian does."""
    found = sorted(
        pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: path.parts[4].zfill(4)
    )
    if not found:
        raise RuntimeError("PostgreSQL is not installed: /usr/lib/postgresql/*/bin/initdb is missing")
    return found[-1].parent


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, what, seconds=10.0, pause=0.02):
    """Waits for a condition with a limit; `what` completes the sentence "gave up waiting until ..."."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"gave up waiting until {what}")
        time.sleep(pause)


class Server:
    """A process that answers HTTP on `port` and keeps its files in `folder`."""

    name = "server"
    start_seconds = 20.0

    def __init__(self, folder, port=None):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self.log = self.folder / f"{self.name}.log"
        self.process = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self):
        return self.process.pid

    def command(self):
        raise NotImplementedError

    def environment(self):
        return dict(os.environ)

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(part) for part in self.command()],
                cwd=self.folder,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            wait_until(self.is_healthy, f"{self.name} is healthy", self.start_seconds)
        except (TimeoutError, RuntimeError) as failure:
            self.kill()
            raise RuntimeError(f"{self.name} did not start: {failure}\n{self.tail()}") from failure
        return self

    def is_healthy(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"it ended with status {self.process.returncode}")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self):
        """Asks the process to end, as a person does with ^C; a process that stays is killed and is an error."""
        self._end(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()
            raise RuntimeError(f"{self.name} did not end after SIGTERM\n{self.tail()}") from None

    def kill(self):
        self._end(signal.SIGKILL)
        self.process.wait(15)

    def _end(self, number):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def tail(self, lines=40):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def peak_memory_bytes(self):
        """The most resident memory that the process held since `forget_peak_memory`."""
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
        raise RuntimeError(f"/proc/{self.pid}/status has no VmHWM")

    def forget_peak_memory(self):
        pathlib.Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def __enter__(self):
        return self.start() if self.process is None else self

    def __exit__(self, *_):
        if self.is_running():
            self.stop()


class Roost(Server):
    name = "roost"

    def __init__(self, folder, database=None, port=None, options=(), data=None, around=list):
        super().__init__(folder, port)
        self.data = pathlib.Path(data) if data else self.folder / "data"
        self.database_file = self.folder / "roost.db"
        self.database = database or f"sqlite:///{self.database_file}"
        self.options = list(options)
        #: Makes another command of the command, to run it elsewhere.
        self.around = around

    @staticmethod
    def binary():
        binary = pathlib.Path(os.environ.get("ROOST_BINARY", REPOSITORY / ".build/debug/roost"))
        if not binary.exists():
            raise RuntimeError(f"{binary} is missing: build it first (swift build) or set ROOST_BINARY")
        return binary.resolve()

    def command(self):
        return self.around(
            [
                *(self.binary(), "serve", "--host", "127.0.0.1", "--port", self.port),
                *("--database", self.database, "--data", self.data),
                *self.options,
            ]
        )


class Original(Server):
    """`mlflow server` of the version that is installed where pytest runs, on SQLite and local files."""

    name = "mlflow"
    start_seconds = 180.0

    def command(self):
        return [
            *(
                sys.executable,
                "-m",
                "mlflow",
                "server",
                "--host",
                "127.0.0.1",
                "--port",
                self.port,
                "--workers",
                1,
            ),
            *("--backend-store-uri", f"sqlite:///{self.folder}/mlflow.db"),
            *("--artifacts-destination", self.folder / "artifacts"),
        ]

    def environment(self):
        quiet = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "DO_NOT_TRACK": "true"}
        return {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")} | quiet

    def stop(self):
        # Its supervisor waits long for keep-alive connections; nothing of it is needed any more.
        self.kill()


class BasicAuth(Original):
    """The same with accounts, as `--app-name basic-auth` has them; who has no permission may do nothing."""

    name = "mlflow-basic-auth"

    def __init__(self, folder, admin, password):
        super().__init__(folder)
        self.settings = self.folder / "basic_auth.ini"
        self.settings.write_text(
            f"""[mlflow]
default_permission = NO_PERMISSIONS
database_uri = sqlite:///{self.folder}/basic_auth.db
admin_username = {admin}
admin_password = {password}
authorization_function = mlflow.server.auth:authenticate_request_basic_auth
"""
        )

    def command(self):
        return [*super().command(), "--app-name", "basic-auth"]

    def environment(self):
        own = {"MLFLOW_AUTH_CONFIG_PATH": str(self.settings), "MLFLOW_FLASK_SERVER_SECRET_KEY": "not secret"}
        return super().environment() | own


class PostgreSQL:
    """A PostgreSQL of its own in a folder, reached by a unix socket."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.socket = self.folder / "socket"
        self.cluster = self.folder / "cluster"
        self.log = self.folder / "postgres.log"
        self.port = free_port()
        self.process = None

    def url(self, database):
        return f"postgresql://postgres@/{database}?host={self.socket}&port={self.port}"

    def create(self):
        self.socket.mkdir(parents=True)
        if os.geteuid() == 0:
            for ancestor in [self.folder, *self.folder.parents]:
                if not ancestor.stat().st_mode & 0o001:
                    ancestor.chmod(ancestor.stat().st_mode | 0o011)
            subprocess.run(["chown", "-R", "postgres", self.folder], check=True)
        arguments = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N", "-D", self.cluster]
        self._run("initdb", *arguments)
        return self

    def start(self):
        settings = {
            "port": self.port,
            "unix_socket_directories": self.socket,
            "listen_addresses": "",
            "fsync": "off",
            "max_connections": 100,
        }
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command("postgres", "-D", self.cluster, *arguments),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/",
                start_new_session=True,
            )
        wait_until(self.is_ready, "PostgreSQL accepts connections", 60)
        return self

    def is_ready(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended\n{self.log.read_text()[-4000:]}")
        answer = subprocess.run(
            [postgres_programs() / "pg_isready", "-q", "-h", self.socket, "-p", str(self.port)]
        )
        return answer.returncode == 0

    def create_database(self, name):
        arguments = ["-h", self.socket, "-p", str(self.port), "-U", "postgres", name]
        subprocess.run([postgres_programs() / "createdb", *arguments], check=True)
        return self.url(name)

    def end(self, number=signal.SIGINT):
        """Ends the postmaster: SIGINT in order, SIGQUIT at once without a checkpoint."""
        self.process.send_signal(number)
        self.process.wait(30)

    def crash(self):
        """Kills the postmaster and all of its processes, each of which has a session of its own."""
        for pid in [*children(self.process.pid), self.process.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(30)

    def _run(self, program, *arguments):
        done = subprocess.run(self._command(program, *arguments), capture_output=True, text=True, cwd="/")
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed: {done.stdout}{done.stderr}")

    def _command(self, program, *arguments):
        # PostgreSQL refuses to run as root.
        drop = (
            ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
        )
        return [str(part) for part in [*drop, postgres_programs() / program, *arguments]]


def children(parent):
    """The pids of the processes that a process started and that still run."""
    for status in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            # The name before may hold spaces and parentheses.
            if int(status.read_text().rpartition(")")[2].split()[1]) == parent:
                yield int(status.parent.name)
