"""A repository as a team has one: 300 commits, branches, tags, a notebook, tables, pictures, LFS, and names that are tricks."""

import base64
import io
import json
import os
import pathlib
import struct
import subprocess
import urllib.request
import zlib

import pandas

PEOPLE = [("Ann Lee", "ann@example.org"), ("Bob Ødegård", "bob@example.org"), ('Eve "&quot;" onclick=x', "eve@example.org")]
TRICK = "<script>document.title='owned'</script>"
START = 1_790_000_000

README = """# Iris

Classifies irises, with $E = mc^2$ and the loss

$$L = -\\sum_i y_i \\log p_i$$

See [training](src/train.py), [the data](data/iris.csv#L2) and [usage](#usage).

![A plot](plots/loss.png) ![elsewhere](https://elsewhere.example/badge.svg)

## Usage

```python
from train import fit
fit(lr=0.1)  # a comment
```

| model | accuracy |
|---|---:|
| forest | 0.95 |

- [x] clean the data
- [ ] tune

<script>document.title='owned'</script>
<img src=x onerror="document.title='owned'">
[a trick](javascript:document.title='owned')
"""

TRAIN = '''"""Trains a model of irises."""
import argparse

import numpy as np


def fit(lr: float = 0.1, epochs: int = %d) -> float:
    """Fits the weights by gradient descent."""
    weights = np.zeros(4)
    for epoch in range(epochs):
        gradient = 2 * weights - lr
        weights -= lr * gradient
    return float(weights.sum())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=%s)
    print(fit(parser.parse_args().lr))
'''


def png(width, height, colour):
    """A picture in which `colour(x, y)` is red, green and blue."""
    rows = b"".join(
        b"\0" + bytes(channel for x in range(width) for channel in colour(x, y)) for y in range(height)
    )

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def plot(shift):
    return png(240, 140, lambda x, y: (30, 90, 200) if abs(y - (20 + shift + 2400 // (x + 24))) < 3 else (250, 250, 250))


def notebook(rate, accuracy):
    frame = "<table><tr><th>sepal</th></tr><tr><td>5.1</td></tr></table><script>try { parent.document.title = 'owned' } catch { }</script>"
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Exploration\n", "What the *data* says."]},
        {
            "cell_type": "code", "execution_count": 1, "metadata": {}, "source": ["import pandas as pd\n", "frame = pd.read_csv('iris.csv')\n", "frame.head()"],
            "outputs": [{"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/html": [frame], "text/plain": ["sepal"]}}],
        },
        {
            "cell_type": "code", "execution_count": 2, "metadata": {}, "source": [f"fit(lr={rate})"],
            "outputs": [
                {"output_type": "stream", "name": "stdout", "text": [f"accuracy {accuracy}\n"]},
                {"output_type": "display_data", "metadata": {}, "data": {"image/png": base64.b64encode(plot(10)).decode(), "text/plain": ["<Figure>"]}},
            ],
        },
    ]
    return json.dumps({"cells": cells, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}, indent=1).encode()


def table(changed):
    rows = ["sepal_length,sepal_width,species"]
    for number in range(150):
        width = 3.5 if changed and number == 40 else 3.0 + number % 10 / 10
        if changed and number == 90:
            continue
        rows.append(f"{5.0 + number % 7 / 10:.1f},{width:.1f},{['setosa', 'versicolor', 'virginica'][number % 3]}")
    return ("\n".join(rows) + "\n").encode()


class Contents:
    """Commits for `git fast-import`."""

    def __init__(self):
        self.parts = []
        self.mark = 0
        self.marks = {}

    def commit(self, branch, message, files, person=0, merge=None, source=None):
        self.mark += 1
        name, email = PEOPLE[person]
        when = START + self.mark * 5_400
        head = f"commit refs/heads/{branch}\nmark :{self.mark}\nauthor {name} <{email}> {when} +0100\ncommitter {name} <{email}> {when} +0100\n"
        text = message.encode()
        self.parts.append(head.encode() + f"data {len(text)}\n".encode() + text + b"\n")
        if source is not None:
            self.parts.append(f"from :{source}\n".encode())
        if merge is not None:
            self.parts.append(f"merge :{merge}\n".encode())
        for path, content in files.items():
            quoted = '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'
            if content is None:
                self.parts.append(f"D {quoted}\n".encode())
            elif isinstance(content, tuple):
                mode, value = content
                if mode == "160000":
                    self.parts.append(f"M {mode} {value} {quoted}\n".encode())
                else:
                    self.parts.append(f"M {mode} inline {quoted}\ndata {len(value)}\n".encode() + value + b"\n")
            else:
                self.parts.append(f"M 100644 inline {quoted}\ndata {len(content)}\n".encode() + content + b"\n")
        self.parts.append(b"\n")
        self.marks[branch] = self.mark
        return self.mark

    def tag(self, name, mark, message):
        text = message.encode()
        self.parts.append(
            f"tag {name}\nfrom :{mark}\ntagger Ann Lee <ann@example.org> {START + mark * 5400} +0100\ndata {len(text)}\n".encode() + text + b"\n"
        )

    def make(self, folder):
        subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
        subprocess.run(["git", "fast-import", "--quiet"], input=b"".join(self.parts), cwd=folder, check=True)


def parquet():
    """Two rows as pandas writes them."""
    file = io.BytesIO()
    pandas.DataFrame({"species": ["setosa", "<b>virginica</b>"], "width": [3.5, 2.25]}).to_parquet(file)
    return file.getvalue()


def first_files():
    return {
        "README.md": README.encode(), "src/train.py": (TRAIN % (10, "0.1")).encode(), "data/iris.csv": table(False),
        "notebooks/explore.ipynb": notebook(0.1, 0.91), "plots/loss.png": plot(0), "data/iris.parquet": parquet(),
        "requirements.txt": b"numpy==1.26\nmlflow==3.17.2\n", "docs/deep/er/notes.md": b"# Notes\n\nBack to [the code](../../../src/train.py).\n",
        "config.yaml": b"lr: 0.1\nepochs: 10\n", "model.json": b'{"kind": "forest", "trees": 100}\n',
        "data/iris.csv.dvc": b"outs:\n- md5: 3863d0e317dee0a55c4e59d2ec0eef33\n  size: 14445097\n  hash: md5\n  path: iris.csv\n",
        "plots/drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><script>document.title="owned"</script><rect width="80" height="40" fill="teal"/></svg>\n',
    }


def tricks():
    return {
        f"tricks/{TRICK.replace('/', chr(0x2215))}.txt": b"a name\n", "tricks/page.html": b"<script>document.title = 'owned'; try { parent.document.title = 'owned' } catch { }</script><p>a page</p>\n",
        "tricks/quo\"te's & more.py": b"x = 1\n", "tricks/-rf": b"a dash\n", "tricks/binary.txt": bytes(range(256)) * 40,
        "tricks/latin.txt": "Größe\n".encode("latin-1"), "tricks/one-line.txt": b"x" * 1_000_000 + b"\n",
        "tricks/many-lines.txt": b"".join(b"line %d\n" % number for number in range(100_000)),
        "tricks/link": ("120000", b"../src/train.py"), "tricks/away": ("120000", b"/etc/passwd"), "tricks/module": ("160000", "1" * 40),
        ".gitmodules": b'[submodule "m"]\n\tpath = tricks/module\n\turl = javascript:alert(1)\n',
        "tricks/README.md": b"# Tricks\n\n[out](../../../../../../etc/passwd) ![p](javascript:alert(1)) [d](data:text/html,x) <iframe src=//elsewhere.example>\n",
        "tricks/turned.py": "a = '\u202ecba'\n".encode(), "tricks/crlf.txt": b"one\r\ntwo\r\n",
    }


def make(folder):
    """Makes the repository; returns the marks of commits that tests look at, by name."""
    contents = Contents()
    contents.commit("main", "Begin", first_files())
    for number in range(1, 281):
        files = {f"src/module_{number % 40}.py": f"VALUE = {number}\nNAME = 'module {number % 40}'\n".encode()}
        if number % 10 == 0:
            files["src/train.py"] = (TRAIN % (10 + number, "0.1")).encode()
        contents.commit("main", f"Improve module {number % 40}" + ("\n\nMore words on\nseveral lines." if number % 7 == 0 else ""), files, number % 2)
    base = contents.marks["main"]
    contents.commit("feature/tables", "Read tables", {"src/tables.py": b"import csv\n\nROWS = 3\n"}, 1, source=base)
    topic = contents.commit("feature/tables", "Read them faster", {"src/tables.py": b"import csv\nimport io\n\nROWS = 4\n"}, 1)
    contents.commit("main", "Merge the tables", {"src/tables.py": b"import csv\nimport io\n\nROWS = 4\n"}, merge=topic)
    contents.tag("v1.0", contents.marks["main"], "First release\n\n- reads *tables*\n- is fast\n")
    contents.commit(
        "main", "Change data, notebook and plot",
        {
            "data/iris.csv": table(True), "notebooks/explore.ipynb": notebook(0.2, 0.95), "plots/loss.png": plot(14),
            "src/train.py": (TRAIN % (500, "0.2")).encode(), "config.yaml": None, "settings.yaml": b"lr: 0.1\nepochs: 10\n",
            "run.sh": ("100755", b"#!/bin/sh\npython src/train.py\n"),
        },
    )
    contents.commit("main", f"{TRICK} in a subject", tricks(), 2)
    contents.commit("experiment/wide", "Try a wide net", {"src/net.py": b"WIDTH = 512\n"}, 1, source=contents.marks["main"])
    contents.commit("main", "Describe the data", {"data/README.txt": b"Measured in 1936.\n"})
    contents.tag("v1.1", contents.marks["main"], f"Second release {TRICK}\n")
    contents.make(folder)
    return folder


def git(folder, *words, **options):
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    identity = ["-c", "user.name=Ann Lee", "-c", "user.email=ann@example.org"]
    done = subprocess.run(["git", *identity, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, f"git {' '.join(words)}: {done.stderr}"
    return done.stdout.strip()


def ask(server, method, path, body=None, headers=None):
    """A call of the interface, as JSON."""
    request = urllib.request.Request(
        server.url + path, method=method, data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "X-Roost-Request": "test", **(headers or {})},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        text = answer.read().decode()
        return json.loads(text) if text else None


def push_everything(server, folder: pathlib.Path, name, with_lfs=True):
    """Makes a repository of the server and pushes the contents to it; returns its address on the server."""
    owner = ask(server, "POST", "/api/v1/user/repos", {"name": name, "description": "Irises & <b>more</b>"})["owner"]["login"]
    make(folder)
    address = f"{server.url}/{owner}/{name}.git"
    git(folder, "remote", "add", "origin", address)
    if with_lfs:
        git(folder, "checkout", "-q", "main")
        git(folder, "lfs", "install", "--local", "--skip-smudge")
        git(folder, "lfs", "track", "*.bin", "big/*.png")
        (folder / "big").mkdir()
        (folder / "big/weights.bin").write_bytes(os.urandom(200_000))
        (folder / "big/plot.png").write_bytes(plot(5))
        git(folder, "add", ".gitattributes", "big")
        git(folder, "commit", "-q", "-m", "Keep weights by LFS")
    git(folder, "push", "-q", "origin", "--all")
    git(folder, "push", "-q", "origin", "--tags")
    return f"/{owner}/{name}"
