"""What Discord sends, read without trust."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.parse import Ask, Fetch, read_interaction, read_message
from adapters.discord.reading import Malformed, number_in
from bot.requests import Command, Press, Submit

MEMBER = {"user": {"id": "42"}, "roles": []}
SERVER: dict[str, Any] = {
    "id": "1",
    "token": "t",
    "application_id": "2",
    "guild_id": "3",
    "channel_id": "4",
    "member": MEMBER,
}


def asked(kind: int, data: dict[str, Any], **more: Any) -> Any:
    """Return the request that an interaction in a server asks for."""
    heard = read_interaction({**SERVER, "type": kind, "data": data, **more})
    assert heard is not None
    assert isinstance(heard.act, Ask)
    return heard.act.request


def test_account_is_the_same_everywhere() -> None:
    """A person is one account in a server and in direct messages: it counts once."""
    sub = {"options": [{"type": 1, "name": "menu"}]}
    direct = {"user": {"id": "42"}, "guild_id": None, "member": None}
    here, there = asked(2, sub), asked(2, sub, **direct)

    assert here.actor == there.actor
    assert here == Command(actor=here.actor, words="menu", place="discord/4")
    assert there.place == ""


def test_thread_answers_for_its_channel() -> None:
    """In a thread, the place is the channel that it hangs on."""
    channel: Any = {"id": "4", "type": 11, "parent_id": "9"}
    request = asked(3, {"custom_id": "menu"}, channel=channel)
    heard = read_interaction(
        {**SERVER, "type": 3, "data": {"custom_id": "menu"}, "channel": channel}
    )

    assert request.place == "discord/9"
    assert heard is not None
    assert heard.channels == {"4", "9"}


def test_named_drive_is_a_word() -> None:
    """An option's value stands behind its subcommand."""
    options = [{"type": 1, "name": "vote", "options": [{"name": "poll", "value": "x"}]}]

    assert asked(2, {"options": options}).words == "vote x"


def test_form_s_values() -> None:
    """Each kind of input has its value: a text, several, a mark, a place, nothing."""
    sent = [
        {"type": 4, "custom_id": "text", "value": "words"},
        {"type": 21, "custom_id": "one", "value": "Yes"},
        {"type": 21, "custom_id": "none", "value": None},
        {"type": 22, "custom_id": "many", "values": ["a", "b"]},
        {"type": 3, "custom_id": "list", "values": ["c"]},
        {"type": 23, "custom_id": "mark", "value": True},
        {"type": 8, "custom_id": "place", "values": ["17"]},
        {"type": 8, "custom_id": "nowhere", "values": []},
    ]
    components = [{"type": 18, "component": each} for each in sent]
    request = asked(5, {"custom_id": "f:x", "components": [{"type": 10}, *components]})

    assert request == Submit(
        actor=request.actor,
        form="f:x",
        place="discord/4",
        fields={
            "text": "words",
            "one": "Yes",
            "none": "",
            "many": ("a", "b"),
            "list": ("c",),
            "mark": True,
            "place": "discord/17",
            "nowhere": "",
        },
    )


def test_names_come_with_a_form_alone() -> None:
    """What Discord calls somebody by itself; what is no name is left out."""
    user = {"id": "7", "username": "sam.field", "global_name": "x" * 99}
    member = {"nick": ["no"], "user": user}
    form = {"custom_id": "report:box", "components": []}
    sent = asked(5, form, member=member)
    direct = asked(5, form, user=user, guild_id=None, member=None)

    assert sent.names == direct.names == ("x" * 32, "sam.field")
    assert "sam.field" not in repr(sent)


def test_button_about_a_message_is_fetched() -> None:
    """A button that names a message has its text fetched, where it was pressed."""
    heard = read_interaction({**SERVER, "type": 3, "data": {"custom_id": "dmsend:77"}})
    assert heard is not None
    act = heard.act

    assert isinstance(act, Fetch)
    assert (act.channel, act.message) == ("4", "77")
    assert act.press.action == "dmsend:77"


def test_chosen_message_comes_with_its_text() -> None:
    """The menu of a message brings its text, which is kept nowhere."""
    data = {
        "type": 3,
        "name": "Send to report box",
        "target_id": "5",
        "resolved": {"messages": {"5": {"content": "He shouted."}}},
    }
    request = asked(2, data)

    assert request == Press(
        actor=request.actor, action="quote", place="discord/4", text="He shouted."
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"id": None},
        {"token": ""},
        {"member": {"user": {}}},
        {"member": {"user": {"id": "1", "bot": True}}},
        {"data": {}},
        {"data": {"options": [{"type": 3}]}},
        {"type": 4, "data": {"options": [{"type": 1, "options": [{"name": "x"}]}]}},
        {"type": 3, "data": {"custom_id": 7}},
        {"type": 5, "data": {"components": []}},
    ],
)
def test_what_lacks_a_field(changed: dict[str, Any]) -> None:
    """An interaction without what it needs is malformed."""
    with pytest.raises(Malformed):
        read_interaction({**SERVER, "type": 2, "data": {}, **changed})


@pytest.mark.parametrize("kind", [1, 9, "2", None])
def test_what_is_none_of_a_person_s(kind: object) -> None:
    """A ping, and what is not known yet, is passed over."""
    assert read_interaction({**SERVER, "type": kind}) is None  # type: ignore[dict-item]


NAMES = [
    *("id", "type", "data", "options", "name", "components", "component"),
    *("custom_id", "value", "values", "message", "flags", "user"),
    *("member", "channel", "parent_id", "resolved", "messages"),
    *("target_id", "author"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


KEYS = [*SERVER, "type", "data", "message", "user"]


@given(st.dictionaries(st.sampled_from(KEYS), JSON))
def test_nothing_breaks_the_reader(payload: dict[str, Any]) -> None:
    """Whatever arrives is understood, passed over, or malformed."""
    for read in (read_interaction, read_message):
        for given_payload in (payload, {**SERVER, "type": 3, **payload}):
            try:
                read(given_payload)
            except Malformed:
                continue


def test_numbers_come_as_texts_too() -> None:
    """Permissions are numbers written as texts; anything else is none."""
    assert number_in({"a": "1024"}, "a") == 1024
    assert number_in({"a": 7}, "a") == 7
    assert number_in({"a": "x"}, "a") == 0
    assert number_in({}, "a") == 0
