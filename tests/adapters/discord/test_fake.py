"""The fake Discord refuses what Discord refuses: else it would prove nothing."""

from typing import Any

import pytest

from tests.fakes.discord_format import Format, over_the_caps

TEXT = {"type": 10, "content": "x"}
BUTTON = {"type": 2, "style": 2, "label": "x", "custom_id": "a"}
MESSAGES = "/channels/1/messages"


def message(*parts: Any, flags: int = 32768, **more: Any) -> dict[str, Any]:
    """Return a message of components."""
    return {"flags": flags, "components": list(parts), **more}


def row(*buttons: Any) -> dict[str, Any]:
    """Return a row."""
    return {"type": 1, "components": list(buttons)}


def select(count: int = 3, **more: Any) -> dict[str, Any]:
    """Return a list to choose from."""
    options = [{"label": "x", "value": str(each)} for each in range(count)]
    return {"type": 3, "custom_id": "s", "options": options, **more}


def modal(*parts: Any) -> dict[str, Any]:
    """Return a modal."""
    return {"custom_id": "m", "title": "T", "components": list(parts)}


CHOSEN = [{"label": "x", "value": v, "default": True} for v in "ab"]
LABELLED: dict[str, Any] = {
    "type": 18,
    "label": "L",
    "component": {"type": 4, "custom_id": "n", "style": 1, "max_length": 1},
}
WRONG = [
    message(*[TEXT] * 41),
    message({"type": 10, "content": "x" * 4001}),
    message(TEXT, flags=0),
    message(TEXT, content="beside it"),
    message(),
    {"content": "x" * 2001},
    message(row({**BUTTON, "custom_id": "a" * 101})),
    message(row({**BUTTON, "custom_id": None})),
    message(row({**BUTTON, "label": ""})),
    message(row(BUTTON), row(BUTTON)),
    message(row(*({**BUTTON, "custom_id": str(each)} for each in range(6)))),
    message(row(select(), BUTTON)),
    message(row(select(max_values=4))),
    message(row(select(options=[{"label": "x", "value": "1"}] * 2))),
    message(row(select(options=CHOSEN))),
    modal(*[TEXT] * 6),
    modal(row(BUTTON)),
    modal({**LABELLED, "component": {**LABELLED["component"], "value": "xx"}}),
]
RIGHT = [
    message(*[TEXT] * 40),
    message(row(BUTTON, {**BUTTON, "custom_id": "b"})),
    message(row(select(max_values=3))),
    modal(TEXT, LABELLED),
    {"content": "x" * 2000},
    [],
]


@pytest.mark.parametrize("body", WRONG)
def test_caps_are_found(body: dict[str, Any]) -> None:
    """Each bound that the description does not know is found."""
    assert over_the_caps(body)


@pytest.mark.parametrize("body", RIGHT)
def test_what_fits_is_taken(body: Any) -> None:
    """What is just within the bounds passes."""
    assert over_the_caps(body) == []


@pytest.mark.parametrize(
    "body",
    [
        {"content": 7},
        {"components": [{"type": 10}]},
        {"components": [{"type": 99, "content": "x"}]},
        {"nonce": "x" * 26},
        {"allowed_mentions": {"parse": ["all"]}},
    ],
)
def test_description_is_held_against_requests(body: dict[str, Any]) -> None:
    """A wrong type, a missing field and a long text are found by the description."""
    assert Format.load().wrong_request("POST", MESSAGES, body)


def test_description_is_held_against_answers() -> None:
    """An answer of the fake that lacks a field is found too."""
    published = Format.load()

    assert published.wrong_answer("GET", "/users/@me", 200, {"id": "1"})
    assert published.wrong_answer("GET", "/users/@me", 429, {"code": 0})
    assert published.wrong_answer("GET", "/users/@me", 302, None)
    assert published.wrong_request("GET", "/no/such/path", None)
    assert published.wrong_request("GET", "/users/@me", {})
    assert published.wrong_answer("GET", "/no/such/path", 200, None)
    assert published.wrong_answer("GET", "/users/@me", 503, {}) == []
