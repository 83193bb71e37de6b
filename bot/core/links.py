"""Links that a person wrote and everybody may press (pure).

Screens show them as they are, so that nothing in one may be a mark, or hide where it
leads. A host in another script stands in its ASCII form (`xn--`), which looks like none
of letters.
"""

import re

LINK_CHARS_MAX = 200
# A host of ASCII letters, so that no letter looks like another's; nobody before it, who
# could look like the host; and behind it no sign that ends a link or means a mark.
_LINK = re.compile(
    r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]{1,5})?"
    r"([/?#][A-Za-z0-9._~:/?#@!$&'+,;=%-]*)?"
)


def is_link(text: str) -> bool:
    """Tell whether `text` is an address that may stand as a link."""
    return len(text) <= LINK_CHARS_MAX and _LINK.fullmatch(text) is not None
