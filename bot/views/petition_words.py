"""Which sentences a petition of each kind says (pure).

A membership meter is a petition in all but its words: people say that they are members.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.core.petitions import Collects, PetitionTerms
from bot.views import member_text, petition_text


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionWords:
    """The sentences in which kinds differ; see `petition_text` for each of them.

    `consent` and `withdraw` are the names of the labels of two check marks.
    """

    sign: str
    take_off: str
    post: str
    seen: Mapping[str, str]
    floor: str
    goal_alt: str
    reached: str
    audience: str
    audience_told: str
    legal_reached: str
    list_open: str
    list_closing: str
    list_done: str
    post_closed: str
    sign_title: str
    sign_send: str
    sign_later: str
    consent: str
    withdraw: str
    off_title: str
    off_form: str
    off_send: str
    received: str
    code_for: str
    facts: str
    ends_early: str
    result_open: str
    result_counting: str
    reached_at_end: str
    failed: str
    failed_count: str
    failed_few: str
    again: str
    certificate: str


def words_of(terms: PetitionTerms) -> PetitionWords:
    """Return the sentences of a petition of this kind."""
    return _WORDS[terms.collects]


_NAMES = PetitionWords(
    sign=petition_text.SIGN,
    take_off=petition_text.TAKE_OFF,
    post=petition_text.POST_NAMES,
    seen=petition_text.SEEN,
    floor=petition_text.FLOOR,
    goal_alt=petition_text.GOAL_ALT,
    reached=petition_text.REACHED,
    audience=petition_text.AUDIENCE,
    audience_told=petition_text.AUDIENCE_TOLD,
    legal_reached=petition_text.LEGAL_REACHED,
    list_open=petition_text.LIST_OPEN,
    list_closing=petition_text.LIST_CLOSING,
    list_done=petition_text.LIST_DONE,
    post_closed=petition_text.POST_CLOSED,
    sign_title=petition_text.SIGN_TITLE,
    sign_send=petition_text.SIGN_SEND,
    sign_later=petition_text.SIGN_LATER,
    consent="sign_consent",
    withdraw="withdraw",
    off_title=petition_text.OFF_TITLE,
    off_form=petition_text.OFF_FORM,
    off_send=petition_text.OFF_SEND,
    received=petition_text.RECEIVED,
    code_for=petition_text.CODE_FOR,
    facts=petition_text.FACTS,
    ends_early=petition_text.ENDS_EARLY,
    result_open=petition_text.RESULT_OPEN,
    result_counting=petition_text.RESULT_COUNTING,
    reached_at_end=petition_text.REACHED_NAMES,
    failed=petition_text.FAILED,
    failed_count=petition_text.FAILED_COUNT,
    failed_few=petition_text.FAILED_FEW,
    again=petition_text.AGAIN,
    certificate=petition_text.CERTIFICATE,
)
_WORDS = {
    Collects.NAMES: _NAMES,
    Collects.INTEREST: replace(_NAMES, post=petition_text.POST_INTEREST),
    Collects.COUNT: replace(
        _NAMES,
        post=petition_text.POST_COUNT,
        seen=petition_text.SEEN_COUNT,
        consent="count_consent",
        reached_at_end=petition_text.REACHED_COUNT,
    ),
    Collects.MEMBERSHIP: PetitionWords(
        sign=member_text.SIGN,
        take_off=member_text.TAKE_OFF,
        post=member_text.POST,
        seen=member_text.SEEN,
        floor=member_text.FLOOR,
        goal_alt=member_text.GOAL_ALT,
        reached=member_text.REACHED,
        audience=member_text.AUDIENCE,
        audience_told=member_text.AUDIENCE_TOLD,
        legal_reached=member_text.LEGAL_REACHED,
        list_open=member_text.LIST_OPEN,
        list_closing=member_text.LIST_CLOSING,
        list_done=member_text.LIST_DONE,
        post_closed=member_text.POST_CLOSED,
        sign_title=member_text.SIGN_TITLE,
        sign_send=member_text.SIGN_SEND,
        sign_later=member_text.SIGN_LATER,
        consent="member_consent",
        withdraw="member_withdraw",
        off_title=member_text.OFF_TITLE,
        off_form=member_text.OFF_FORM,
        off_send=member_text.OFF_SEND,
        received=member_text.RECEIVED,
        code_for=member_text.CODE_FOR,
        facts=member_text.FACTS,
        ends_early=member_text.ENDS_EARLY,
        result_open=member_text.RESULT_OPEN,
        result_counting=member_text.RESULT_COUNTING,
        reached_at_end=member_text.REACHED_COUNT,
        failed=member_text.FAILED,
        failed_count=member_text.FAILED_COUNT,
        failed_few=member_text.FAILED_FEW,
        again=member_text.AGAIN,
        certificate=member_text.CERTIFICATE,
    ),
}
