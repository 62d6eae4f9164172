"""The artifact proxy, artifacts/list, get-artifact and upload-artifact."""

from .runs import ODD_RUN_IDS, with_run
from .session import Table

table = Table("artifacts")

PROXY = "/api/2.0/mlflow-artifacts/artifacts"
UPLOAD = "/ajax-api/2.0/mlflow/upload-artifact"


def plant(s, *names):
    """Uploads files into a folder of the proxy that only this case uses; returns its path."""
    s.names += 1
    folder = f"tables/{abs(hash_of(s.case.name))}-{s.names}"
    for name in names:
        answer = s.ask("PUT", f"{PROXY}/{folder}/{name}", raw=f"content of {name}".encode())
        assert answer.status == 200, answer.body
    return folder


def hash_of(text):
    value = 7
    for letter in text:
        value = (value * 31 + ord(letter)) % 1_000_000_007
    return value


def run_with_artifacts(s, *names):
    experiment = s.make_experiment()
    run = s.make_run(experiment)
    for name in names:
        path = f"{PROXY}/{experiment}/{run}/artifacts/{name}"
        assert s.ask("PUT", path, raw=f"content of {name}".encode()).status == 200
    return run


def listing(answer):
    return [answer.status, answer.kind, answer.body]


@table.case
def upload_download_delete(s):
    folder = plant(s)
    s.put(f"{PROXY}/{folder}/a.txt", raw=b"hello")
    s.get(f"{PROXY}/{folder}/a.txt")
    s.put(f"{PROXY}/{folder}/a.txt", raw=b"hello again")
    s.get(f"{PROXY}/{folder}/a.txt")
    s.delete(f"{PROXY}/{folder}/a.txt")
    s.get(f"{PROXY}/{folder}/a.txt")
    s.delete(f"{PROXY}/{folder}/a.txt")


@table.case
def an_empty_file(s):
    folder = plant(s)
    s.put(f"{PROXY}/{folder}/empty", raw=b"")
    s.get(f"{PROXY}/{folder}/empty")
    s.get(PROXY, {"path": folder})


@table.each(
    {
        "text": "a.txt",
        "python": "a.py",
        "yaml": "a.yaml",
        "MLmodel": "MLmodel",
        "json": "a.json",
        "html": "a.html",
        "png": "a.png",
        "svg": "a.svg",
        "csv": "a.csv",
        "parquet": "a.parquet",
        "pickle": "a.pkl",
        "markdown": "a.md",
        "no ending": "a",
        "two endings": "a.tar.gz",
        "capitals": "A.TXT",
        "pdf": "a.pdf",
        "javascript": "a.js",
        "css": "a.css",
        "log": "a.log",
        "conf": "a.conf",
        "toml": "a.toml",
        "xml": "a.xml",
        "zip": "a.zip",
        "ipynb": "a.ipynb",
        "a space": "a%20b.txt",
        "other letters": "%E9%B3%B6.txt",
        "a quote": "a%22b.txt",
        "a comma": "a,b.txt",
        "a plus": "a+b.txt",
        "a percent": "a%25b.txt",
        "a hash": "a%23b.txt",
        "a question mark": "a%3Fb.txt",
        "a semicolon": "a;b.txt",
        "an at sign": "a@b.txt",
        "dots": "a..b.txt",
        "a dot before": ".hidden",
        "a backslash": "a%5Cb.txt",
        "a colon": "a:b.txt",
        "a newline": "a%0Ab.txt",
        "a trailing dot": "a.",
        "a long name": "n" * 240,
    }
)
def kinds_of_files(s, name):
    folder = plant(s)
    s.put(f"{PROXY}/{folder}/{name}", raw=b"hello")

    def headers(answer):
        shown = {
            name: answer.headers.get(name)
            for name in ("Content-Disposition", "X-Content-Type-Options", "Content-Length")
        }
        if answer.status != 200:
            return [answer.status, answer.kind, answer.body]
        return [answer.status, answer.kind, answer.payload.decode(), shown]

    s.get(f"{PROXY}/{folder}/{name}", show=headers)
    s.get(PROXY, {"path": folder}, show=listing)


@table.case
def download_headers(s):
    folder = plant(s, "a.txt")

    def headers(answer):
        return {
            name: answer.headers.get(name) for name in ("Content-Type", "Accept-Ranges", "Content-Length")
        }

    s.get(f"{PROXY}/{folder}/a.txt", show=headers)


@table.case
def head(s):
    folder = plant(s, "a.txt")
    s.send("HEAD", f"{PROXY}/{folder}/a.txt", show=lambda answer: [answer.status])


@table.each(
    {
        "the first bytes": "bytes=0-3",
        "from a place": "bytes=8-",
        "the last bytes": "bytes=-4",
        "beyond the end": "bytes=100-200",
        "to beyond the end": "bytes=8-200",
        "backwards": "bytes=5-2",
        "another unit": "lines=0-3",
        "garbage": "bytes=a-b",
        "one byte": "bytes=0-0",
    }
)
def range_of(s, value):
    folder = plant(s, "a.txt")

    def shown(answer):
        return [
            answer.status,
            answer.payload.decode() if answer.status in (200, 206) else None,
            answer.headers.get("Content-Range"),
        ]

    s.get(f"{PROXY}/{folder}/a.txt", headers={"Range": value}, show=shown)


@table.case
def conditional_requests(s):
    folder = plant(s, "a.txt")
    first = s.ask("GET", f"{PROXY}/{folder}/a.txt")
    tag = first.headers.get("ETag")
    s.note("has an entity tag", tag is not None)
    s.get(
        f"{PROXY}/{folder}/a.txt",
        headers={"If-Range": tag, "Range": "bytes=0-1"},
        show=lambda answer: [answer.status],
    )
    s.get(
        f"{PROXY}/{folder}/a.txt",
        headers={"If-Range": '"other"', "Range": "bytes=0-1"},
        show=lambda answer: [answer.status],
    )


@table.case
def list_folders(s):
    folder = plant(s, "b.txt", "a.txt", "sub/c.txt", "sub/deep/d.txt", "z/e.txt")
    s.get(PROXY, {"path": folder})
    s.get(PROXY, {"path": folder + "/"})
    s.get(PROXY, {"path": folder + "/sub"})
    s.get(PROXY, {"path": folder + "/sub/deep"})
    s.get(PROXY, {"path": folder + "/a.txt"})
    s.get(PROXY, {"path": folder + "/none"})
    s.get(PROXY, {"path": "no/such/folder"})
    s.get(f"{PROXY}/{folder}/sub")
    s.get(f"{PROXY}/{folder}/none")
    s.get(f"{PROXY}/{folder}/a.txt/b")


@table.case
def delete_a_tree(s):
    folder = plant(s, "a.txt", "sub/c.txt", "sub/deep/d.txt")
    s.delete(f"{PROXY}/{folder}/sub")
    s.get(PROXY, {"path": folder})
    s.delete(f"{PROXY}/{folder}/none")
    s.delete(f"{PROXY}/{folder}")
    s.get(PROXY, {"path": folder})


@table.case
def a_file_where_a_folder_is(s):
    folder = plant(s, "a.txt", "sub/c.txt")
    s.put(f"{PROXY}/{folder}/sub", raw=b"x", show=lambda answer: answer.status >= 400)
    s.put(f"{PROXY}/{folder}/a.txt/b", raw=b"x", show=lambda answer: answer.status >= 400)
    s.get(PROXY, {"path": folder})


TRICKS = {
    "dots": "../x",
    "dots inside": "a/../x",
    "dots behind": "a/..",
    "encoded dots": "%2e%2e/x",
    "twice encoded dots": "%252e%252e/x",
    "thrice encoded dots": "%25252e%25252e/x",
    "encoded slash": "..%2fx",
    "backslashes": "..\\x",
    "encoded backslashes": "..%5cx",
    "twice encoded backslashes": "..%255cx",
    "absolute": "/etc/passwd",
    "encoded absolute": "%2fetc/passwd",
    "a drive": "C:/x",
    "a drive with backslash": "C:%5cx",
    "a share": "%5c%5chost%5cx",
    "a NUL": "a%00b",
    "a file scheme": "file:///etc/passwd",
    "a fragment of dots": "a%23/../../x",
    "a query of dots": "a%3f/../../x",
    "a parameter of dots": "a;/../../x",
    "one dot": "./x",
    "a dot inside": "a/./x",
    "a doubled slash": "a//x",
    "dots with spaces": "..%20/x",
    "only dots": "..",
    "only a dot": ".",
    "wide dots": "%EF%BC%8E%EF%BC%8E/x",
    "a tilde": "~/x",
    "an environment variable": "$HOME/x",
    "a wrong encoding": "%zz/x",
    "a lone byte": "%ff/x",
}


@table.each(TRICKS)
def path_trick(s, path):
    s.put(f"{PROXY}/{path}", raw=b"x")
    s.get(f"{PROXY}/{path}")
    s.get(f"{PROXY}?path={path}", show=lambda answer: [answer.status, answer.kind])
    s.delete(f"{PROXY}/{path}")


@table.each(TRICKS)
def path_trick_in_a_run(s, path):
    run = run_with_artifacts(s, "a.txt")
    s.get(f"artifacts/list?run_id={run}&path={path}")
    s.get(f"/get-artifact?run_id={run}&path={path}")
    s.post(f"{UPLOAD}?run_uuid={run}&path={path}", raw=b"x")


@table.case
def list_of_a_run(s):
    run = run_with_artifacts(s, "b.txt", "a.txt", "model/MLmodel", "model/data/x.bin", "plots/p.png")
    for path in (None, "", "model", "model/", "model/data", "a.txt", "none", ".", "model/.", "./model"):
        s.get("artifacts/list", {"run_id": run} if path is None else {"run_id": run, "path": path})
    s.get("artifacts/list", {"run_uuid": run})
    s.get("artifacts/list", {"run_id": run, "page_token": "x"})


@table.case
def list_of_a_run_without(s):
    s.get("artifacts/list", {"run_id": s.make_run()})


@table.each(ODD_RUN_IDS)
def list_of(s, value):
    s.get("artifacts/list", with_run(value))


@table.case
def list_elsewhere(s):
    experiment = s.make_experiment(artifact_location="mlflow-artifacts:/somewhere/else")
    run = s.make_run(experiment)
    s.ask("PUT", f"{PROXY}/somewhere/else/{run}/artifacts/a.txt", raw=b"x")
    s.get("artifacts/list", {"run_id": run})


@table.case
def get_artifact(s):
    run = run_with_artifacts(s, "a.txt", "sub/page.html", "sub/x.json")

    def shown(answer):
        if answer.status != 200:
            return [answer.status, answer.kind, answer.body]
        names = ("Content-Disposition", "X-Content-Type-Options")
        return [
            answer.status,
            answer.kind,
            answer.payload.decode(),
            {name: answer.headers.get(name) for name in names},
        ]

    for path in ("a.txt", "sub/page.html", "sub/x.json", "sub", "none", "", "/a.txt"):
        s.get("/get-artifact", {"run_id": run, "path": path}, show=shown)
        s.get("/get-artifact", {"run_uuid": run, "path": path}, show=shown)
    s.get("/get-artifact", {"run_id": run})
    s.get("/get-artifact", {"path": "a.txt"})
    s.get("/get-artifact")
    s.get("/get-artifact", {"run_id": "0123456789abcdef0123456789abcdef", "path": "a.txt"})


@table.case
def upload_artifact(s):
    run = run_with_artifacts(s)
    s.post(f"{UPLOAD}?run_uuid={run}&path=notes/a.txt", raw=b"hello")
    s.get("/get-artifact", {"run_id": run, "path": "notes/a.txt"})
    s.get("artifacts/list", {"run_id": run})
    s.post(f"{UPLOAD}?run_uuid={run}&path=notes/a.txt", raw=b"again")
    s.get("/get-artifact", {"run_id": run, "path": "notes/a.txt"})
    s.post(f"{UPLOAD}?run_uuid={run}&path=empty.txt", raw=b"")
    s.post(f"{UPLOAD}?run_uuid={run}", raw=b"x")
    s.post(f"{UPLOAD}?path=a.txt", raw=b"x")
    s.post(UPLOAD, raw=b"x")
    s.post(f"{UPLOAD}?run_uuid={run}&path=", raw=b"x")
    s.post(f"{UPLOAD}?run_id={run}&path=a.txt", raw=b"x")
    s.post(f"{UPLOAD}?run_uuid=0123456789abcdef0123456789abcdef&path=a.txt", raw=b"x")
    s.post(f"{UPLOAD}?run_uuid={run}&path=folder/", raw=b"x")


@table.case
def upload_artifact_too_large(s):
    run = run_with_artifacts(s)
    s.post(f"{UPLOAD}?run_uuid={run}&path=a.bin", raw=b"x" * (10 * 1024 * 1024))
    s.post(f"{UPLOAD}?run_uuid={run}&path=b.bin", raw=b"x" * (10 * 1024 * 1024 + 1))


@table.case
def multipart_on_local_files(s):
    s.post("/api/2.0/mlflow-artifacts/mpu/create/a/b.bin", {"path": "a/b.bin", "num_parts": 2})
    s.post("/api/2.0/mlflow-artifacts/mpu/create/a/b.bin", {})
    s.post("/api/2.0/mlflow-artifacts/mpu/create/a/b.bin", {"path": "a/b.bin", "num_parts": 0})
    s.post(
        "/api/2.0/mlflow-artifacts/mpu/complete/a/b.bin", {"path": "a/b.bin", "upload_id": "x", "parts": []}
    )
    s.post("/api/2.0/mlflow-artifacts/mpu/abort/a/b.bin", {"path": "a/b.bin", "upload_id": "x"})
    s.get("/api/2.0/mlflow-artifacts/presigned/a/b.bin")


@table.case
def the_other_prefix(s):
    folder = plant(s)
    other = "/ajax-api/2.0/mlflow-artifacts/artifacts"
    s.put(f"{other}/{folder}/a.txt", raw=b"hello")
    s.get(f"{other}/{folder}/a.txt")
    s.get(other, {"path": folder})
    s.delete(f"{other}/{folder}/a.txt")
    s.get(other, {"path": folder})


@table.case
def upload_with_any_content_type(s):
    folder = plant(s)
    for number, kind in enumerate(
        (
            "application/json",
            "text/html",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
        )
    ):
        s.put(f"{PROXY}/{folder}/{number}", raw=b"hello", headers={"Content-Type": kind})
        s.get(f"{PROXY}/{folder}/{number}")
