"""Artifacts that take a browser to try: real video, pictures of every kind, folders without end, notebooks with many outputs."""

import base64
import csv
import io
import json
import re

import pytest
import requests
from PIL import Image, features
from playwright.sync_api import expect

from looks import assert_accessible, assert_fits

# A second and a half of a canvas that changes its colour.
RECORD = """async () => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [160, 120];
  const paint = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm;codecs=vp8" });
  const pieces = [];
  recorder.ondataavailable = (event) => pieces.push(event.data);
  const stopped = new Promise((done) => { recorder.onstop = done; });
  recorder.start();
  for (let frame = 0; frame < 40; frame++) {
    paint.fillStyle = `hsl(${frame * 9} 80% 50%)`;
    paint.fillRect(0, 0, canvas.width, canvas.height);
    await new Promise((done) => { setTimeout(done, 40); });
  }
  recorder.stop();
  await stopped;
  return new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(new Blob(pieces));
  });
}"""

SOON_MS = 5_000
MORE_NAMES = "… and more, listed in the folder"


class Shelf:
    """A run whose artifacts are sent by hand."""

    def __init__(self, web):
        self.web = web
        self.experiment = self.post("experiments/create", {"name": "shelf"})["experiment_id"]
        self.run = self.post("runs/create", {"experiment_id": self.experiment, "run_name": "shelf"})["run"]["info"]["run_id"]
        self.session = requests.Session()

    def post(self, path, fields):
        answer = requests.post(f"{self.web.url}/api/2.0/mlflow/{path}", json=fields, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def put(self, name, content):
        address = f"{self.web.url}/api/2.0/mlflow-artifacts/artifacts/{self.experiment}/{self.run}/artifacts/{name}"
        self.session.put(address, data=content, timeout=10).raise_for_status()

    def page(self, path=""):
        return f"/runs/{self.run}/artifacts" + (f"/{path}" if path else "")

    def raw(self, path):
        return f"{self.web.url}/runs/{self.run}/raw/{path}"


@pytest.fixture(scope="module")
def shelf(web):
    return Shelf(web)


@pytest.fixture(scope="module")
def recording(browser):
    context = browser.new_context()
    page = context.new_page()
    data = page.evaluate(RECORD)
    context.close()
    return base64.b64decode(data.partition(",")[2])


def test_a_video_plays_and_is_sought_by_parts(open_page, shelf, recording):
    shelf.put("clip.webm", recording)
    page = open_page(shelf.page())
    parts = []
    page.on("response", lambda answer: parts.append((answer.status, answer.request.headers.get("range"))) if answer.url == shelf.raw("clip.webm") else None)
    page.locator(".tree").get_by_role("link", name="clip.webm").click()
    video = page.locator("#preview video")

    state = video.evaluate("""async (video) => {
      video.muted = true;
      await video.play();
      while (video.currentTime < 0.3) await new Promise((done) => { video.ontimeupdate = done; });
      video.pause();
      const sought = new Promise((done) => { video.onseeked = done; });
      video.currentTime = 1;
      await sought;
      return { ready: video.readyState, size: [video.videoWidth, video.videoHeight], at: video.currentTime, error: video.error?.message ?? null };
    }""")
    assert state["ready"] >= 2 and state["error"] is None
    assert state["size"] == [160, 120]
    assert state["at"] == pytest.approx(1)
    assert parts and all(status == 206 and asked.startswith("bytes=") for status, asked in parts)
    part = requests.get(shelf.raw("clip.webm"), headers={"Range": "bytes=100-199"}, timeout=10)
    assert (part.status_code, part.content) == (206, recording[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(recording)}"
    assert part.headers["Content-Type"] == "video/webm"
    assert "sandbox" in part.headers["Content-Security-Policy"]
    assert_accessible(page)
    assert_fits(page)


def test_pictures_of_every_kind_are_drawn(open_page, shelf):
    kinds = ["webp", "gif", "bmp", "ico", "jpeg"] + (["avif"] if features.check("avif") else [])
    for kind in kinds:
        picture = io.BytesIO()
        Image.new("RGB", (16, 16), "teal").save(picture, kind.upper())
        shelf.put(f"pictures/dot.{kind}", picture.getvalue())
    shelf.put("pictures/script.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"><script>parent.document.title = "owned"</script><rect width="16" height="16"/></svg>')
    page = open_page(shelf.page("pictures"))

    for name in [f"dot.{kind}" for kind in kinds] + ["script.svg"]:
        page.locator(".tree").get_by_role("link", name=name).click()
        expect(page.locator("#preview h2")).to_contain_text(name)
        assert page.locator("#preview img").first.evaluate("image => image.decode().then(() => image.naturalWidth)") == 16, name
        answer = requests.get(shelf.raw(f"pictures/{name}"), timeout=10)
        assert answer.headers["Content-Type"].startswith("image/"), name
        assert answer.headers["Content-Security-Policy"].startswith("sandbox"), name
    assert "owned" not in page.title()


def test_a_folder_of_many_names_is_shown_page_by_page(open_page, shelf):
    for number in range(1_010):
        shelf.put(f"many/f{number:04}.txt", b"x")
    page = open_page(shelf.page("many"))
    rows = page.locator("#preview tbody tr")

    expect(rows).to_have_count(1_000)
    expect(page.locator(".tree li[data-folder] > ul > li").last).to_have_text(MORE_NAMES)
    # The stream begins by telling how things are, and the page asks for them once.
    with page.expect_response(lambda answer: "/preview/many?" in answer.url):
        page.get_by_role("link", name="The next names").click()
    expect(rows).to_have_count(10)
    expect(rows.first).to_contain_text("f1000.txt")
    rows.last.get_by_role("link").click()
    expect(page.locator("#preview h2")).to_contain_text("f1009.txt")
    page.go_back()
    expect(rows).to_have_count(10)
    expect(rows.first).to_contain_text("f1000.txt")
    page.get_by_role("link", name="The first names").click()
    expect(rows.first).to_contain_text("f0000.txt")
    assert requests.get(f"{shelf.web.url}{shelf.page('many')}", params={"after": "../x"}, timeout=10).status_code == 400


def test_a_file_behind_many_names_stays_shown_while_others_come(open_page, shelf):
    for number in range(1_010):
        shelf.put(f"crowd/f{number:04}.txt", b"x")
    heading = "#preview h2"

    def add_two(page, names):
        # The second is looked for once all is done that the first brought.
        for name in names:
            shelf.put(f"crowd/{name}", b"x")
            expect(page.locator(f".tree a[data-path='crowd/{name}']")).to_be_visible(timeout=SOON_MS)

    page = open_page(shelf.page("crowd/f1009.txt"))
    # It is in the tree, though the names before it are cut.
    names = page.locator(".tree li[data-folder$='/crowd'] > ul > li")
    current = page.locator(".tree [aria-current]")
    expect(current).to_have_text("f1009.txt")
    add_two(page, ["a.txt", "b.txt"])
    expect(page.locator(heading)).to_contain_text("f1009.txt")
    expect(current).to_have_text("f1009.txt")
    expect(page.get_by_text(MORE_NAMES)).to_have_count(1)
    assert [name.strip() for name in names.all_inner_texts()[-2:]] == ["f1009.txt", MORE_NAMES]

    # Chosen in the list of the folder, it is not in the tree.
    page.goto(shelf.page("crowd") + "?after=f0999.txt")
    page.locator("#preview tbody").get_by_role("link", name="f1008.txt").click()
    expect(page.locator(heading)).to_contain_text("f1008.txt")
    expect(current).to_have_count(0)
    add_two(page, ["c.txt", "d.txt"])
    expect(page.locator(heading)).to_contain_text("f1008.txt")
    expect(page.get_by_text(MORE_NAMES)).to_have_count(1)


def test_every_output_of_a_notebook_comes(open_page, shelf):
    outputs = [{"output_type": "display_data", "data": {"text/html": f"<p id='told'>number {number}</p>"}} for number in range(30)]
    outputs += [{"output_type": "stream", "name": "stdout", "text": "x"}] * 80
    cells = [{"cell_type": "code", "source": "f()", "execution_count": 1, "outputs": outputs}]
    shelf.put("many.ipynb", json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    page = open_page(shelf.page("many.ipynb"))

    frames = page.locator("iframe.cell-frame")
    expect(frames).to_have_count(30)
    frames.nth(29).scroll_into_view_if_needed()
    expect(frames.nth(29).content_frame.locator("#told")).to_have_text("number 29")
    expect(page.locator(".cell")).to_contain_text("… and 10 more")


def test_long_params_of_many_runs_make_a_small_page(open_page, shelf):
    def run(number):
        answer = shelf.post("runs/create", {"experiment_id": shelf.experiment, "run_name": f"long-{number}"})
        params = [{"key": f"p{place:03}", "value": f"{'x' * 5_000}{number}"} for place in range(100)]
        shelf.post("runs/log-batch", {"run_id": answer["run"]["info"]["run_id"], "params": params})
        return answer["run"]["info"]["run_id"]

    runs = [run(number) for number in range(30)]
    shelf.post("runs/set-tag", {"run_id": runs[1], "key": "mlflow.source.name", "value": "s" * 60})
    address = "/runs/compare?" + "&".join(f"run={id}" for id in runs)
    answer = requests.get(shelf.web.url + address, timeout=30)
    assert len(answer.content) < 600_000
    assert "the first 40 letters of a value" in answer.text
    whole = requests.get(shelf.web.url + address.replace("/compare?", "/compare.json?"), timeout=30)
    assert len(whole.content) < 1_000_000

    def copied(page, form):
        page.get_by_role("button", name=form).click()
        expect(page.locator(".toast").last).to_have_text(re.compile(f"Copied as {form}"))
        return page.evaluate("navigator.clipboard.readText()")

    page = open_page(address)
    lines = copied(page, "Markdown").splitlines()
    assert "| p007 | " + " | ".join(f"{'x' * 5_000}{number}" for number in range(30)) + " |" in lines
    assert f"| Source |  | {'s' * 60} |" + "  |" * 28 in lines

    page = open_page("/runs/compare?" + "&".join(f"run={id}" for id in runs[:2]))
    rows = list(csv.reader(copied(page, "CSV").splitlines()))
    assert rows[0] == ["Name", "long-0", "long-1"]
    assert ["p007", "x" * 5_000 + "0", "x" * 5_000 + "1"] in rows
    row = page.locator(".compare-table tr", has_text="p007")
    # They differ at their ends, which are not shown.
    expect(row.locator("td").first).to_contain_text("x…")
    row.get_by_role("link", name=re.compile("all of 5.0 kB")).first.click()
    expect(page.locator("#params tbody tr:visible")).to_have_count(1)
    assert page.locator("#params [data-param]").inner_text() == "x" * 5_000 + "0"


def test_no_table_is_copied_whose_values_are_gone(open_page, shelf):
    runs = [shelf.post("runs/create", {"experiment_id": shelf.experiment})["run"]["info"]["run_id"] for _ in range(2)]
    shelf.post("runs/set-tag", {"run_id": runs[1], "key": "remark", "value": "x" * 1_000})
    page = open_page(f"/runs/compare?run={runs[0]}&run={runs[1]}")
    page.get_by_role("button", name="LaTeX").click()
    expect(page.locator(".toast").last).to_contain_text("Copied as LaTeX")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"  remark &  & {'x' * 1_000} \\\\" in copied.splitlines()

    shelf.post("runs/delete-tag", {"run_id": runs[1], "key": "remark"})
    page.get_by_role("button", name="CSV").click()
    expect(page.locator(".toast").last).to_contain_text("Some of this is not on the server any more")
    assert page.evaluate("navigator.clipboard.readText()") == copied


def test_rows_of_a_comparison_are_turned_over(open_page, shelf):
    def run(number):
        id = shelf.post("runs/create", {"experiment_id": shelf.experiment, "run_name": f"wide-{number}"})["run"]["info"]["run_id"]
        shelf.post("runs/log-batch", {"run_id": id, "params": [{"key": f"p{place:03}", "value": str(number)} for place in range(80)]})
        return id

    runs = [run(number) for number in range(300)]
    page = open_page("/runs/compare?" + "&".join(f"run={id}" for id in runs))

    expect(page.locator(".compare-table th[scope=row]", has_text="p0")).to_have_count(66)
    expect(page.get_by_role("navigation", name="Rows")).to_contain_text("… and 14 params more")
    page.get_by_role("link", name="More rows").click()
    expect(page.locator(".compare-table th[scope=row]", has_text="p0")).to_have_count(14)
    page.get_by_role("link", name="Rows before").click()
    expect(page.locator(".compare-table th[scope=row]", has_text="p000")).to_have_count(1)
