"""Requests over HTTP: a bad one does nothing, says nothing, and nobody logs it."""

import io
import json
import logging
import time
from typing import Any

import pytest

from adapters.slack import connection
from bot.views import form_text
from tests.fakes.services import nothing_more
from tests.fakes.slack import (
    Shown,
    http_body,
    signed,
)
from tests.fakes.slack_house import MEI, SAM, House


def vote(house: House, post: Shown, **more: Any) -> str:
    """Return the body of a tap on Yes, as it comes over HTTP."""
    payload = house.person(SAM).pressed(post, post.buttons()["Yes"])
    return http_body("interactive", payload | more)[0]


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    "headers",
    [
        lambda _: {},
        lambda body: signed(body, secret="another"),
        lambda body: signed(body, at=int(time.time()) - 301),
        lambda body: signed(body, at=int(time.time()) + 301),
        lambda body: signed(body + "x"),
        lambda body: signed(body) | {"X-Slack-Signature": "v0="},
        lambda body: signed(body) | {"X-Slack-Signature": "v1=" + "0" * 64},
        lambda body: signed(body) | {"X-Slack-Request-Timestamp": "soon"},
        lambda body: signed(body) | {"X-Slack-Request-Timestamp": ""},
    ],
    ids=["none", "bad", "old", "early", "tampered", "empty", "v1", "word", "no time"],
)
async def test_bad_signature_does_nothing_and_says_nothing(
    http_house: House, lines: io.StringIO, headers: Any
) -> None:
    """A request that Slack did not sign is refused, and no log holds any of it."""
    post = await http_house.poll()
    body = vote(http_house, post, canary="canary-of-the-body")
    before = len(http_house.slack.calls)

    status, answer = await http_house.slack.send_http(body, FORM | headers(body))

    assert status in {401, 500}
    assert len(http_house.slack.calls) == before
    assert await nothing_more(http_house, SAM)
    assert "canary" not in lines.getvalue() + answer
    assert SAM not in lines.getvalue()


async def test_log_would_hold_the_body_without_the_door(
    http_house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """The control: the library writes the whole body where it may."""
    logging.getLogger("slack_bolt.AsyncRequestVerification").setLevel(logging.INFO)
    logging.getLogger("slack_bolt.RequestVerification").setLevel(logging.INFO)
    body = http_body("interactive", {"type": "canary-of-the-body"})[0]

    with caplog.at_level(logging.INFO):
        await http_house.slack.send_http(body, FORM | signed(body, secret="another"))

    assert "canary-of-the-body" in caplog.text


async def test_replayed_request_is_done_once(http_house: House) -> None:
    """The same signed bytes once more are taken, and nothing follows from them."""
    await http_house.welcome(SAM)
    mei = http_house.person(MEI)
    form = await mei.command("poll")
    values = {"question": "Twice?", "options": "Yes\nNo"}
    body, form_headers = http_body("interactive", mei.filled(form, **values))
    headers = signed(body) | form_headers

    answers = [await http_house.slack.send_http(body, headers) for _ in range(3)]

    assert [status for status, _ in answers] == [200] * 3
    assert "Check before it starts" in answers[0][1]
    assert form_text.SENT_ALREADY in answers[1][1]
    assert len(http_house.place.gate.drives()) == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("{", "application/json"),
        ("[]", "application/json"),
        ("[" * 5000, "application/json"),
        ("payload=%7B", "application/x-www-form-urlencoded"),
        ("payload=", "application/x-www-form-urlencoded"),
        ("", "application/x-www-form-urlencoded"),
        ("\x00", "text/plain"),
    ],
)
async def test_broken_bodies(
    http_house: House, lines: io.StringIO, body: str, kind: str
) -> None:
    """What cannot be read is refused without a word in the log; the bot lives on."""
    headers = signed(body) | {"Content-Type": kind}

    status, _ = await http_house.slack.send_http(body, headers)

    assert status in {200, 400}
    assert "Error" not in lines.getvalue()
    assert "menu" in str((await http_house.person(SAM).command()).content).lower()


async def test_body_without_end(http_house: House) -> None:
    """A body that is larger than any form is not read to its end."""
    body = "x" * (connection.HTTP_BYTES_MAX + 1)

    status, _ = await http_house.slack.send_http(body, FORM | signed(body))

    assert status == 413


async def test_address_is_verified(http_house: House) -> None:
    """Slack reads back its challenge when an address is entered, if it is signed."""
    body = json.dumps({"type": "url_verification", "challenge": "abc123"})
    headers = {"Content-Type": "application/json"}

    good = await http_house.slack.send_http(body, headers | signed(body))
    bad = await http_house.slack.send_http(body, headers)

    assert good[0] == 200
    assert json.loads(good[1]) == {"challenge": "abc123"}
    assert bad[0] == 401


async def test_other_paths_are_not_there(http_house: House) -> None:
    """There is one address."""
    http_house.slack.app_url = http_house.slack.app_url.replace("events", "install")

    status, _ = await http_house.slack.send_http("", signed(""))

    assert status == 404
