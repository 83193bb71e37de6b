"""Random lives of a poll against a model that a child could count.

The model is a dictionary of who was counted and how, and a list of what waits. It
knows nothing of keys, files or slots' envelopes. People answer, change with right and
wrong codes, time passes, the counter is off, processes die anywhere; the tables and
the raw counts must be the model's.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.ballots import NO_SEGMENT, Answer
from bot.core.drives import State
from bot.core.publication import release_table, turnout_floor
from bot.core.receipts import Receipt
from bot.core.released import FEW, REST, TOP
from bot.core.running import chosen_options
from bot.core.slots import HOUR
from bot.core.tallies import Choice, RawTally, empty_tally, with_answer
from bot.core.terms import PollTerms
from bot.crypto.codes import make_code
from bot.gate.answers import next_count
from tests.faults.dying import Died, Fuse, put_fuses
from tests.world import CROWD, World, drafted, new_folder, poll_terms

_T = TypeVar("_T")
Step: TypeAlias = Callable[["PollLife"], Awaitable[None]]

PEOPLE = 30
STRANGE_CODE = make_code(b"nobody has this")
# A life takes a second; the profile "nightly" makes thousands of them.
EXAMPLES = max(20, settings().max_examples // 5)


@dataclass
class Model:
    """Who was counted with what, and which answers wait, in the order they came."""

    terms: PollTerms
    counted: dict[int, tuple[Answer, str]] = field(default_factory=dict)
    waiting: list[tuple[int, Answer, str]] = field(default_factory=list)
    floor: int = 0
    generation: int = 0

    def end_slot(self) -> None:
        """Count what waits, if ten people have not been seen before."""
        new = {who for who, _, _ in self.waiting} - set(self.counted)
        if len(new) >= self.terms.rules.answers_min:
            self.count()
            self.generation += 1
            self.floor = turnout_floor(len(self.counted), before=self.floor)

    def count(self) -> None:
        """Count what waits."""
        before = set(self.counted)
        for who, answer, code in self.waiting:
            if who not in before or (code and self.counted[who][1] == code):
                self.counted[who] = (answer, code)
        self.waiting.clear()

    @property
    def tally(self) -> RawTally:
        """Return the raw count."""
        tally = empty_tally(
            self.terms.choice, self.terms.options, segments=self.terms.segments
        )
        for answer, _ in self.counted.values():
            segment = None if answer.segment == NO_SEGMENT else answer.segment
            tally = with_answer(tally, chosen_options(answer), segment)
        return tally


class PollLife:
    """A poll, the people, and whatever happens to gate and counter."""

    def __init__(self, world: World, terms: PollTerms) -> None:
        self.world = world
        self.terms = terms
        self.model = Model(terms)
        self.gate_fuse, self.counter_fuse = Fuse(), Fuse()
        self.codes: dict[int, str] = {}
        self.deaths = 0
        put_fuses(world, gate=self.gate_fuse, counter=self.counter_fuse)

    async def start(self, days: float) -> None:
        """Start the poll."""
        await self.world.open()
        drive = await self.world.draft(drafted(self.terms, days=days))
        await self.world.gate.begin(drive)
        await self.settle()

    @property
    def is_over(self) -> bool:
        """Whether the poll takes no more answers for good."""
        return self.world.drive().state is not State.OPEN

    # What people do ----------------------------------------------------------

    async def many_answer(self, first: int, number: int, option: int) -> None:
        """Many people answer at once, in turns of the options."""
        crowd = {(first + step) % PEOPLE for step in range(number)}
        answers = {who: Answer(chosen=1 << (option + who) % 4) for who in crowd}

        async def submit() -> None:
            async with asyncio.TaskGroup() as tasks:
                for who, answer in answers.items():
                    tasks.create_task(self.submit(who, answer, ""))

        await self.through_deaths(submit)
        self.model.waiting += [(who, answer, "") for who, answer in answers.items()]

    async def one_answers(self, who: int, answer: Answer) -> None:
        """Somebody answers, first or again."""
        await self.with_code(who, answer, "")

    async def one_asks_for_a_code(self, who: int, answer: Answer) -> None:
        """Somebody answers and gets a code."""
        fitting = self.fit(answer)

        async def submit() -> Receipt:
            return await self.world.gate.submit(
                CROWD[who], self.world.drive(), fitting, wants_code=True
            )

        receipt = await self.through_deaths(submit)
        self.codes[who] = receipt.code
        self.model.waiting.append((who, fitting, receipt.code))

    async def one_changes(self, number: int, answer: Answer) -> None:
        """Somebody who has a code uses it."""
        if self.codes:
            who = sorted(self.codes)[number % len(self.codes)]
            await self.with_code(who, answer, self.codes[who])

    async def one_uses_anothers_code(self, who: int, answer: Answer) -> None:
        """Somebody uses a code that is not theirs, or that nobody was given."""
        others = [code for owner, code in self.codes.items() if owner != who]
        await self.with_code(who, answer, (others or [STRANGE_CODE])[0])

    async def with_code(self, who: int, answer: Answer, code: str) -> None:
        """Let somebody answer, with a code or without."""
        fitting = self.fit(answer)
        await self.through_deaths(lambda: self.submit(who, fitting, code))
        self.model.waiting.append((who, fitting, code))

    def fit(self, answer: Answer) -> Answer:
        """Return an answer that this poll offers."""
        if self.terms.choice is Choice.MULTI:
            return Answer(chosen=answer.chosen)
        lowest = answer.chosen & -answer.chosen
        return Answer(chosen=lowest, segment=answer.segment)

    async def submit(self, who: int, answer: Answer, code: str) -> None:
        """Answer, and hold the receipt against the one that everybody gets."""
        drive = self.world.drive()
        receipt = await self.world.gate.submit(CROWD[who], drive, answer, code=code)
        assert receipt == Receipt(next_count=next_count(drive, self.world.clock.now()))

    # What time and faults do -------------------------------------------------

    async def slot_ends(self, late: int) -> None:
        """Time passes to the end of the running slot."""
        drive = self.world.drive()
        assert drive.schedule is not None
        self.world.clock.time = drive.schedule.ends_at(drive.next_slot) + late
        if drive.next_slot < drive.schedule.last_slot:
            self.model.end_slot()
            await self.settle()
            return
        everybody = set(self.model.counted) | {who for who, _, _ in self.model.waiting}
        self.world.counter_is_off = False
        await self.settle()
        if len(everybody) < self.terms.rules.answers_min and self.terms.extend:
            assert self.is_over is drive.extended
        if self.is_over:
            self.model.count()

    async def closed_early(self) -> None:
        """Two organizers end the poll."""
        self.world.clock.time += 1

        async def close() -> None:
            if not self.is_over:
                await self.world.gate.close_early(self.world.drive())

        await self.through_deaths(close)
        self.world.counter_is_off = False
        await self.settle()
        self.model.count()

    async def gate_restarts(self) -> None:
        """The gate is killed, and started again."""
        await self.world.crash()
        await self.settle()

    async def gate_will_die(self, points: int) -> None:
        """The gate is killed some durable steps from now."""
        self.gate_fuse.at = self.gate_fuse.points + points

    async def counter_will_die(self, points: int) -> None:
        """The counter is killed some durable steps from now."""
        self.counter_fuse.at = self.counter_fuse.points + points

    async def counter_is_switched(self) -> None:
        """The counter's laptop is closed, or opened again."""
        self.world.counter_is_off = not self.world.counter_is_off
        await self.settle()

    async def settle(self) -> None:
        """Let gate and counter do all that is due."""

        async def settle_once() -> None:
            await self.world.gate.settle()

        # The second time for a counter that died in the first.
        for _ in range(2):
            await self.through_deaths(settle_once)

    async def through_deaths(self, act: Callable[[], Awaitable[_T]]) -> _T:
        """Do something until no process dies of it."""
        while True:
            try:
                if self.world._gate is None:
                    await self.world.open()
                return await act()
            except Died:
                self.deaths += 1
                await self.world.crash()
            except BaseExceptionGroup as group:
                # Of several people who wait at once, each learns of the death.
                if group.split(Died)[0] is None:
                    raise
                self.deaths += 1
                await self.world.crash()

    # What must hold ----------------------------------------------------------

    async def check(self) -> None:
        """Hold the sealed count, or the result, against the model."""
        if self.is_over:
            await self.check_result()
        elif not self.world.counter_is_off:
            await self.settle()
            await self.check_running()

    async def check_running(self) -> None:
        """Open the sealed count with the counter's keystore: it is the model's."""
        drive = self.world.counter_drive()
        ended = self.world.drive().next_slot
        assert drive.generation == self.model.generation
        assert self.world.drive().floor == self.model.floor
        assert drive.ended == ended
        assert not set(drive.slot_keys) & set(range(ended - len(drive.waiting)))
        if drive.generation:
            assert (await self.world.running()).tally == self.model.tally

    async def check_result(self) -> None:
        """What was published follows from the model; all keys are gone."""
        drive = self.world.drive()
        expected = release_table(self.model.tally, self.terms.rules)
        assert not self.world.gate_secrets().drives
        assert not self.world.counter_secrets().drives
        if expected is None:
            assert drive.state is State.CLOSED
            assert not drive.certificate
            return
        released = await self.world.released()
        assert released == expected
        for rows in released.all_rows():
            for row in rows:
                assert row.shown in {FEW, REST, TOP} or int(row.shown) > 4


people = st.integers(0, PEOPLE - 1)
answers = st.builds(
    Answer, chosen=st.integers(1, 15), segment=st.sampled_from([NO_SEGMENT, 0, 1])
)


def step(name: str, *parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    """Return the strategy of one kind of step."""

    def call(arguments: tuple[Any, ...]) -> Step:
        async def run(life: PollLife) -> None:
            await getattr(life, name)(*arguments)

        run.__qualname__ = f"{name}{arguments}"
        return run

    return st.tuples(*parts).map(call)


many = step("many_answer", people, st.integers(3, 16), st.integers(0, 3))
ends = step("slot_ends", st.sampled_from([0, 1, HOUR]))
steps = st.one_of(
    many,
    many,
    many,
    ends,
    ends,
    step("one_answers", people, answers),
    step("one_asks_for_a_code", people, answers),
    step("one_asks_for_a_code", people, answers),
    step("one_changes", people, answers),
    step("one_changes", people, answers),
    step("one_uses_anothers_code", people, answers),
    step("gate_restarts"),
    step("gate_will_die", st.integers(0, 25)),
    step("gate_will_die", st.integers(0, 8)),
    step("counter_will_die", st.integers(0, 8)),
    step("counter_is_switched"),
)
lives = st.lists(steps, min_size=20, max_size=45)
seen: Counter[str] = Counter()


async def live(
    folder: Path, terms: PollTerms, days: float, life_steps: list[Step], *, early: bool
) -> None:
    """Let a poll live, and check it after each step."""
    life = PollLife(World(folder=await new_folder(folder / "house")), terms)
    try:
        await life.start(days)
        for one in life_steps:
            if life.is_over:
                break
            await one(life)
            await life.check()
        while not life.is_over:
            await (life.closed_early() if early else life.slot_ends(0))
            await life.check()
        seen["deaths"] += life.deaths
        seen["rounds"] += life.model.generation
        seen[life.world.drive().state] += 1
    finally:
        await life.world.close()


@pytest.mark.timeout(60 + 10 * EXAMPLES)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    days=st.sampled_from([0.5, 3, 4.5, 7]),
    choice=st.sampled_from([Choice.SINGLE, Choice.SINGLE, Choice.MULTI]),
    extend=st.booleans(),
    early=st.booleans(),
    life_steps=lives,
)
def test_every_life_counts_as_the_model_does(
    days: float, choice: Choice, life_steps: list[Step], *, extend: bool, early: bool
) -> None:
    """Whatever people, time and deaths do, the counts are the model's."""
    segments = ("Day", "Night") if choice is Choice.SINGLE else ()
    terms = poll_terms(choice=choice, segments=segments, extend=extend)
    with tempfile.TemporaryDirectory(prefix="roundrobin-") as folder:
        asyncio.run(live(Path(folder), terms, days, life_steps, early=early))


def test_model_counts_like_a_child() -> None:
    """The model itself: last vote wins, ten people make a count, codes change it."""
    model = Model(poll_terms())
    first, second = Answer(chosen=1), Answer(chosen=2)
    model.waiting = [(0, second, ""), (0, first, "mine")]
    model.end_slot()

    assert not model.counted

    model.waiting += [(who, first, "") for who in range(1, 10)]
    model.end_slot()

    assert (model.tally.cells, model.floor) == ((10, 0, 0, 0), 10)

    model.waiting += [(0, second, "mine"), (1, second, "mine"), (2, second, "")]
    model.count()

    assert model.tally.cells == (9, 1, 0, 0)
