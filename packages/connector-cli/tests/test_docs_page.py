"""The page at /docs, in a real browser; and the document that it is drawn from, in a fuzzer."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

Start = Callable[..., AbstractContextManager[Any]]
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
PATIENCE = 60

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
]
"""What is expected of every answer: no 5xx, and what the document says."""

pytestmark = pytest.mark.slow


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Any]:
    """A headless Chromium that reaches this machine and nothing else."""
    if CHROMIUM is None or DRIVER is None:
        pytest.skip("there is no Chromium; on Debian: apt-get install chromium chromium-driver")

    webdriver = import_module("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for word in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--window-size=1000,1200",
        f"--user-data-dir={tmp_path / 'profile'}",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ):
        options.add_argument(word)

    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    driver.set_page_load_timeout(PATIENCE)
    yield driver
    driver.quit()


def wait_for(browser: Any, selector: str, text: str) -> Any:
    """Wait until an element of the page shows a text, and return it."""

    def shown(_: Any) -> Any:
        return next(
            (each for each in browser.find_elements("css selector", selector) if text in each.text),
            None,
        )

    waiting = import_module("selenium.webdriver.support.ui")
    return waiting.WebDriverWait(browser, PATIENCE).until(shown)


def find(browser: Any, selector: str) -> Any:
    """An element of the page."""
    return browser.find_element("css selector", selector)


def test_a_capability_can_be_called_from_the_page(start: Start, browser: Any) -> None:
    """It shows the capabilities, sends what is typed, and loads nothing from elsewhere."""
    with start() as server:
        base = str(server.client.base_url)
        browser.get(f"{base}/docs")
        wait_for(browser, "h1", "Odd 0.1.0")
        wait_for(browser, "h2", "Capabilities of this connector")
        wait_for(browser, "summary", "behave_plainly").click()
        typed = find(browser, "#behave_plainly textarea")
        assert {"request": {}} == json.loads(typed.get_property("value"))
        typed.clear()
        typed.send_keys(json.dumps({"request": {"text": "<b>from the page</b>"}}))
        find(browser, "#behave_plainly button").click()
        reply = wait_for(browser, "#behave_plainly .reply", "from the page")
        assert "<b>from the page</b>" == json.loads(reply.text)["response"]["text"]
        wait_for(browser, "#behave_plainly .outcome", "answered, ")
        find(browser, "#behave_plainly .fields summary").click()
        wait_for(browser, "#behave_plainly .fields li", "how string")
        entries = "performance.getEntriesByType('resource').map(each => each.name)"
        loaded = browser.execute_script(f"return {entries}")
        assert [] == [each for each in loaded if not each.startswith(base)]
        assert [] == browser.get_log("browser")


def test_an_error_reply_is_shown_as_one(start: Start, browser: Any) -> None:
    """Its code stands beside the button, and the reply is marked."""
    with start() as server:
        browser.get(f"{server.client.base_url}/docs")
        wait_for(browser, "summary", "behave_stubbornly").click()
        typed = find(browser, "#behave_stubbornly textarea")
        typed.clear()
        typed.send_keys("no JSON")
        find(browser, "#behave_stubbornly button").click()
        wait_for(browser, "#behave_stubbornly .outcome.error", "bad_request")
        wait_for(browser, "#behave_stubbornly .reply.error", "the request is not JSON")


def test_the_page_asks_for_the_servers_token(start: Start, browser: Any) -> None:
    """It shows nothing but the question until the token is right."""
    with start(environment={"CONNECTOR_HTTP_TOKEN": "a-long-token"}) as server:
        browser.get(f"{server.client.base_url}/docs")
        wait_for(browser, "#sign-in", "token")
        find(browser, "#token").send_keys("wrong")
        find(browser, "#sign-in button").click()
        wait_for(browser, "#trouble", "must bring the server's token")
        find(browser, "#token").clear()
        find(browser, "#token").send_keys("a-long-token")
        find(browser, "#sign-in button").click()
        wait_for(browser, "summary", "list_accounts").click()
        find(browser, "#list_accounts button").click()
        wait_for(browser, "#list_accounts .reply", "user0@example.com")


def test_no_request_makes_a_server_error(start: Start, tmp_path: Path) -> None:
    """What schemathesis makes of the server's own document is answered as the document says."""
    with start("--log-level", "CRITICAL") as server:
        ended = subprocess.run(
            [
                str(Path(sys.executable).with_name("schemathesis")),
                "run",
                f"{server.client.base_url}/openapi.json",
                f"--checks={','.join(CHECKS)}",
                "--max-examples=50",
                "--seed=1",
                "--workers=2",
                "--phases=examples,fuzzing",
                "--no-color",
            ],
            check=False,
            capture_output=True,
            encoding="utf-8",
            cwd=tmp_path,
            timeout=10 * PATIENCE,
        )
    assert 0 == ended.returncode, ended.stdout
    assert "No issues found" in ended.stdout, ended.stdout
