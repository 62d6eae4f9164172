"""Fixtures of the tests that look at Roost's pages in Chromium."""

import contextlib
import pathlib

import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]


def page_options():
    """Options of a server whose pages have all that they can use."""
    parts = REPOSITORY / ".web-parts"
    assert parts.is_dir(), "the parts of the pages are missing: Scripts/web-parts.sh .web-parts"
    return ["--web-parts", parts]


@pytest.fixture(scope="module")
def web(new_roost):
    """A Roost of this module's own, where whoever asks is the local person."""
    with new_roost(options=page_options()) as server:
        yield server


class Watch:
    """What a page did that it should not: messages of its console, requests elsewhere, answers that are errors."""

    def __init__(self, page, url):
        self.wrongs = []
        self._url = url
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self.wrongs.append(f"error: {error}"))
        page.on("request", self._note_request)
        page.on("response", self._note_response)

    def _note_message(self, message):
        if message.type in ("error", "warning"):
            self.wrongs.append(f"console: {message.text} ({message.location.get('url')})")

    def _note_request(self, request):
        if not request.url.startswith((self._url, "data:", "blob:", "about:")):
            self.wrongs.append(f"elsewhere: {request.url}")

    def _note_response(self, response):
        path = response.url.removeprefix(self._url)
        if response.status >= 400:
            self.wrongs.append(f"{response.status} {response.request.method} {path}")


@pytest.fixture
def open_page(browser, web):
    """Opens pages of the server, and fails the test when one of them does what it should not.

    `open_page("/experiments", width=375, scheme="dark")`; `expects=[…]` names beginnings of wrongs that a test means to cause;
    `cookies=[…]` sets some, each a dictionary with name and value.
    """
    with contextlib.ExitStack() as stack:
        watches = []

        def open_(path, width=1440, scheme="light", server=web, expects=(), headers=None, cookies=()):
            context = browser.new_context(
                base_url=server.url,
                viewport={"width": width, "height": 900},
                color_scheme=scheme,
                extra_http_headers=headers or {},
            )
            stack.callback(context.close)
            context.grant_permissions(["clipboard-read", "clipboard-write"])
            if cookies:
                context.add_cookies([{"url": server.url, **cookie} for cookie in cookies])
            page = context.new_page()
            page.set_default_timeout(15_000)
            watches.append((Watch(page, server.url), tuple(expects)))
            page.goto(path)
            return page

        yield open_
        for watch, expected in watches:
            wrongs = [wrong for wrong in watch.wrongs if not (expected and wrong.startswith(expected))]
            assert not wrongs
