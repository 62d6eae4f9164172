"""What tests of pages ask of every page."""

from axe_playwright_python.sync_playwright import Axe

WIDTHS = [1440, 900, 375]


def assert_accessible(page, leave_out=()):
    """Fails where axe finds something against WCAG 2.2 AA; `leave_out` are selectors of what is not ours."""
    context = {"exclude": [[selector] for selector in leave_out]} if leave_out else None
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(page, context=context, options={"runOnly": {"type": "tag", "values": tags}})
    violations = [
        f"{violation['id']}: {violation['help']}: " + "; ".join(str(node["target"]) for node in violation["nodes"][:4])
        for violation in found.response["violations"]
    ]
    assert not violations, "\n".join(violations)


def assert_fits(page):
    """Fails where a page is wider than its window."""
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, f"the page is {width} pixels wider than its window"
