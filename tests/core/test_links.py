"""Which links may stand where everybody can press them."""

import pytest

from bot.core.links import LINK_CHARS_MAX, is_link

LONG = "https://union.example.org/" + "j" * (LINK_CHARS_MAX - 26)


@pytest.mark.parametrize(
    "text",
    [
        "https://union.example.org",
        "https://union.example.org/join",
        "https://xn--gewerkschft-v8a.example:8443/a_b~c?at=1&of=2#join",
        "https://union.example.org?join",
        "https://union.example.org/de/%C3%BCber-uns/@team",
        LONG,
    ],
)
def test_links(text: str) -> None:
    """An address by https, with a host that has a name."""
    assert is_link(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "http://union.example.org",
        "HTTPS://union.example.org",
        "javascript:alert(1)",
        "https://",
        "https://union",
        "https:///union.example.org",
        "https://union.example.org:8443000/",
        "https://union.example.org@evil.example.net/",
        "https://union.example.org\\@evil.example.net/",
        "https://un\u0456on.example.org/",
        "https://union.example.org/\u202ejoin",
        "https://union.example.org/a b",
        "https://union.example.org/\n",
        "https://union.example.org\n",
        "https://union.example.org/|join now",
        "https://union.example.org/>here",
        "https://union.example.org/<!channel>",
        "https://union.example.org/(a)",
        "https://union.example.org/[a]",
        "https://union.example.org/*a*",
        "https://union.example.org/`a`",
        " https://union.example.org",
        LONG + "j",
    ],
)
def test_no_links(text: str) -> None:
    """No other way, nobody before the host, no sign that ends a link or is a mark."""
    assert not is_link(text)
