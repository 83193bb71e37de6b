"""The trustees' side, as they meet it: keys, the split, and the opening, offline."""

import csv
import re
import stat
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bot import __main__ as program
from bot.cli import trustee_menu
from bot.cli.trustee_menu import dropped_path
from bot.core.petition_files import decode_petition
from bot.core.petitions import PetitionTerms
from bot.core.trustees import (
    Trustees,
    decode_key_file,
    encode_key_file,
    key_line,
    read_key_line,
    read_trustees,
)
from bot.crypto.petition_keys import public_of_secret
from bot.crypto.words import split_into_words
from bot.views import ceremony
from tests.core.petition import (
    BREAKS,
    COUNTED,
    MEMBERS,
    SECRETS,
    SEED,
    STRANGER,
    Closed,
    closed_by,
    people,
    shares,
)
from tests.fakes.program import command_line
from tests.fakes.terminal import at_terminal

NAMES = {f"Person {n:04}" for n in range(30)}
# Programs that print start slowly where coverage is measured.
pytestmark = pytest.mark.timeout(180)

LINES = [key_line(public_of_secret(secret)) for secret in SECRETS]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a petition of thirty, its shares, and all keys."""
    content = closed_by(people(30)).file().encode()
    return laid_out(tmp_path_factory.mktemp("table"), content)


def laid_out(folder: Path, content: bytes) -> Path:
    """Lay a petition's file, its shares and everybody's keys into a folder."""
    (folder / "petition").write_bytes(content)
    (folder / "shares").write_bytes(shares().encode())
    for name, secret in zip("abcx", [*SECRETS, STRANGER], strict=True):
        (folder / name).write_bytes(encode_key_file(secret))
    return folder


def unseal(table: Path, out: Path, *words: str, keys: str = "ab") -> list[str]:
    """Return the words of the command that opens a petition."""
    named = [word for key in keys for word in ("--key", str(table / key))]
    return [
        *("trustee", "unseal", str(table / "petition"), "--csv", str(out)),
        *("--shares", str(table / "shares"), *named, *words),
    ]


def names_in(out: Path) -> list[str]:
    """Return the names of a table."""
    with out.open(newline="") as lines:
        return [row["name"] for row in csv.DictReader(lines)]


# keygen -------------------------------------------------------------------------------


def test_keygen(tmp_path: Path) -> None:
    """One line is printed; the secret lies in a file that only its owner reads."""
    out = tmp_path / "key"
    run = command_line("trustee", "keygen", "--out", str(out))

    (line,) = run.stdout.splitlines()
    assert run.returncode == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert read_key_line(line) == public_of_secret(decode_key_file(out.read_bytes()))
    assert len(run.stderr.splitlines()) == 1


def test_keygen_overwrites_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A key that is there is not lost to a second one."""
    out = tmp_path / "key"
    words = ["trustee", "keygen", "--out", str(out)]
    first = program.run_command(words), out.read_bytes()

    assert (program.run_command(words), out.read_bytes()) == (1, first[1])
    assert first[0] == 0
    assert ceremony.FILE_THERE in capsys.readouterr().err


# split --------------------------------------------------------------------------------


@pytest.mark.parametrize(("needed", "expected"), [(None, 2), ("1", 1), ("3", 3)])
def test_split(
    needed: str | None,
    expected: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One line is printed for the bot; without a number, more than half are needed."""
    out = tmp_path / "shares"
    asked = ["--needed", needed] if needed else []
    code = program.run_command(["trustee", "split", *asked, "--out", str(out), *LINES])

    said = capsys.readouterr()
    (line,) = said.out.splitlines()
    found = read_trustees(line)
    assert code == 0
    assert (found.count, found.needed) == (3, expected)
    assert (ceremony.SPLIT_ONE_ALONE in said.err) is (expected == 1)
    assert ceremony.SPLIT_HERE in said.err
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--out", "S", LINES[0][:-1]], 1, ceremony.LINE_MISTYPED),
        (["--out", "S", LINES[0], LINES[0]], 1, ceremony.LINE_TWICE),
        (["--needed", "4", "--out", "S", *LINES], 1, ceremony.SPLIT_COUNT),
        (["--needed", "0", "--out", "S", *LINES], 1, ceremony.SPLIT_COUNT),
        (["--words", "3", "--needed", "1"], 1, ceremony.SPLIT_WORDS_COUNT),
        (["--words", "8"], 1, ceremony.SPLIT_WORDS_COUNT),
        (["--words", "3", *LINES], 2, ceremony.SPLIT_HOW),
        (["--out", "S"], 2, ceremony.SPLIT_HOW),
        (LINES, 2, ceremony.SPLIT_HOW),
    ],
)
def test_no_such_split(
    words: list[str],
    code: int,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What cannot be split is refused, and nothing is written."""
    paths = [str(tmp_path / word) if word == "S" else word for word in words]

    assert program.run_command(["trustee", "split", *paths]) == code
    assert said in capsys.readouterr().err
    assert not [*tmp_path.iterdir()]


# unseal -------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", ["ab", "bc", "ca", "abc"])
def test_names_come_out(keys: str, table: Path, tmp_path: Path) -> None:
    """Any two of three bring out exactly who signed; each check is told."""
    out = tmp_path / "names.csv"
    paper, lines = tmp_path / "petition.pdf", tmp_path / "names.txt"
    wanted = ["--pdf", str(paper), "--list", str(lines)]
    run = command_line(*unseal(table, out, *wanted, keys=keys))

    assert run.returncode == 0
    assert not run.stderr
    assert sorted(names_in(out)) == sorted(NAMES)
    assert {line.partition(",")[0] for line in lines.read_text().splitlines()} == NAMES
    assert paper.read_bytes().startswith(b"%PDF-")
    assert "Threshold: 20, reached. 30 people signed." in run.stdout
    assert "genuine" in run.stdout
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("a", "too few keys: 2 different ones"),
        ("aa", "too few keys: 2 different ones"),
        ("ax", "belongs to nobody"),
    ],
)
def test_too_few_or_foreign_keys(
    keys: str,
    said: str,
    table: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One key less, or a stranger's, opens nothing."""
    out = tmp_path / "names.csv"

    assert program.run_command(unseal(table, out, keys=keys)) == 1
    assert said in capsys.readouterr().err
    assert not out.exists()


def refused(folder: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what is said of a petition's file that opens nothing."""
    laid_out(folder, content)

    assert program.run_command(unseal(folder, folder / "out")) == 1
    assert not (folder / "out").exists()
    said = capsys.readouterr()
    assert not NAMES & set((said.out + said.err).split('"'))
    return said.err


@pytest.mark.parametrize(
    ("terms", "names", "said"),
    [
        (replace(BREAKS, threshold=100), False, "too few people signed"),
        # One signature too few is too few.
        (replace(BREAKS, threshold=31), False, "too few people signed"),
        (replace(BREAKS, threshold=31), True, "not genuine"),
        (replace(BREAKS, threshold=100), True, "not genuine"),
        (COUNTED, False, "collects no names"),
        (
            replace(BREAKS, trustees=shares(SECRETS, 3).trustees),
            True,
            "another petition",
        ),
    ],
)
def test_petition_that_stays_closed(
    terms: PetitionTerms,
    names: bool,  # noqa: FBT001 - a case of the test
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Below the threshold, without names, or with other shares, nothing comes out."""
    boxes = closed_by(people(30)).boxes if names else ()
    file = Closed(terms=terms, count=30, boxes=boxes).file()

    assert said in refused(tmp_path, file.encode(), capsys)


@pytest.mark.parametrize("content", [b"", b"{}", b"\0" * 100])
def test_no_petition(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file of another kind is told as such."""
    assert ceremony.UNREADABLE in refused(tmp_path, content, capsys)


def test_edited_petition(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Another text under people's names is noticed."""
    content = closed_by(people(30)).file().encode()
    edited = content.replace(b"30 minutes", b"10 minutes")

    assert "not genuine" in refused(tmp_path, edited, capsys)


def test_file_without_its_boxes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that was cut off after its first line is told."""
    head = closed_by(people(30)).file().encode().partition(b"\n")[0]

    assert ceremony.ALL_DAMAGED in refused(tmp_path, head, capsys)


def test_one_damaged_box_among_a_thousand(tmp_path: Path) -> None:
    """The others come out, and the damage is numbered."""
    whole = closed_by(people(1000)).file()
    content = bytearray(whole.encode())
    content[content.index(whole.lines[416]) + 300] ^= 0xFF
    laid_out(tmp_path, bytes(content))
    run = command_line(*unseal(tmp_path, tmp_path / "out"))

    assert run.returncode == 0
    assert len(names_in(tmp_path / "out")) == 999
    assert "box 417 (mark " in run.stderr
    assert "of 1,000" in run.stderr


def test_many_damaged_boxes_are_shortened(
    tmp_path: Path, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ten damaged boxes are named, and how many more there are."""
    file = decode_petition((table / "petition").read_bytes())
    broken = replace(file, lines=file.lines[:10])
    (tmp_path / "petition").write_bytes(broken.encode())
    words = unseal(table, tmp_path / "out")
    words[2] = str(tmp_path / "petition")

    assert program.run_command(words) == 0
    assert "box 20 (mark" in (said := capsys.readouterr().err)
    assert "and 10 more" in said


def test_mark_is_compared(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever gives the mark of the terms is told if the file has another."""
    digest = decode_petition((table / "petition").read_bytes()).manifest.digest.hex()
    out = tmp_path / "names.csv"

    assert program.run_command(unseal(table, out, "--manifest", digest[:32])) == 0
    assert program.run_command(unseal(table, out, "--manifest", "0" * 32)) == 1
    assert "another mark" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["--words", "--shares", "x"], ["--key", "x"]])
def test_how_to_unseal(
    words: list[str], table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Shares go with keys, and words with neither."""
    line = ["trustee", "unseal", str(table / "petition"), "--csv", "out", *words]

    assert program.run_command(line) == 2
    assert ceremony.UNSEAL_HOW in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("petition", ceremony.UNREADABLE),
        ("shares", ceremony.SHARES_UNREADABLE),
        ("a", ceremony.KEY_UNREADABLE),
    ],
)
def test_files_in_each_others_place(
    name: str,
    said: str,
    table: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A file of another kind is named as what it should be."""
    other = tmp_path / "other"
    other.write_bytes(b'{"roundrobin":"something"}')
    words = [
        str(other) if word == str(table / name) else word
        for word in unseal(table, tmp_path / "out")
    ]

    assert program.run_command(words) == 1
    assert said in capsys.readouterr().err


def test_missing_file(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not there is told without its path."""
    words = unseal(table, table / "out", keys="ay")

    assert program.run_command(words) == 1
    assert ceremony.FILE_UNREADABLE in (said := capsys.readouterr().err)
    assert str(table) not in said


def test_names_that_no_font_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who cannot be drawn is in the table, and the rows are told."""
    names = [replace(one, name="\U000130af") for one in people(21)[:1]]
    terms = replace(BREAKS, text="\U000130af")
    content = closed_by([*names, *people(21)[1:]], terms).file().encode()
    laid_out(tmp_path, content)
    out, paper = tmp_path / "out", tmp_path / "pdf"

    assert program.run_command(unseal(tmp_path, out, "--pdf", str(paper))) == 0
    row = 2 + names_in(out).index("\U000130af")
    said = capsys.readouterr().err
    assert f"row {row} of the table" in said
    assert ceremony.TEXT_NOT_DRAWN in said


def test_ten_thousand_names_in_time(tmp_path: Path) -> None:
    """Ten thousand names take less than twenty seconds."""
    content = closed_by(people(10_000)).file().encode()
    laid_out(tmp_path, content)
    started = time.perf_counter()
    run = command_line(*unseal(tmp_path, tmp_path / "out"))

    assert run.returncode == 0
    assert time.perf_counter() - started < 20
    assert len(set(names_in(tmp_path / "out"))) == 10_000


# verify -------------------------------------------------------------------------------


def test_verify_takes_petitions(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Anybody can check a petition's file, and every byte of it counts."""
    content = (table / "petition").read_bytes()
    changed = tmp_path / "changed"
    other = b"1" if content[-3:-2] == b"0" else b"0"
    changed.write_bytes(content[:-3] + other + content[-2:])
    few = tmp_path / "few"
    few.write_bytes(
        Closed(terms=replace(BREAKS, threshold=100), count=30).file().encode()
    )

    assert program.run_command(["verify", str(table / "petition")]) == 0
    assert "30 people signed. The threshold of 20 was reached." in (
        capsys.readouterr().out
    )
    meter = tmp_path / "meter"
    meter.write_bytes(Closed(terms=MEMBERS, count=30).file().encode())
    assert program.run_command(["verify", str(meter)]) == 0
    assert "30 people said that they are members." in capsys.readouterr().out
    assert program.run_command(["verify", str(few)]) == 0
    assert "was not reached" in capsys.readouterr().out
    assert program.run_command(["verify", str(changed)]) == 1
    assert "a name box was changed" in capsys.readouterr().err
    assert (
        program.run_command(["verify", str(table / "petition"), "--receipt", "01" * 8])
        == 0
    )


# words --------------------------------------------------------------------------------


def words_of(output: str) -> list[list[str]]:
    """Return each person's words, as `split --words` printed them."""
    found: list[list[str]] = []
    for line in output.splitlines():
        if line.startswith("Words of person"):
            found.append([])
        elif line.startswith("  "):
            found[-1] += line.split()
    return found


def test_split_into_words_and_back(tmp_path: Path) -> None:
    """Words of two of three open what was signed under the line that was printed."""
    split = command_line("trustee", "split", "--words", "3")
    *_, line = split.stdout.split()
    sheets = words_of(split.stdout)
    terms = replace(BREAKS, trustees=read_trustees(line))
    (tmp_path / "petition").write_bytes(closed_by(people(30), terms).file().encode())
    out = tmp_path / "names.csv"
    command = ("trustee", "unseal", str(tmp_path / "petition"), "--words")
    typed = " ".join(sheets[2]) + "\n" + "\n".join(sheets[0]) + "\n"
    run = command_line(*command, "--csv", str(out), typed=typed)

    assert [len(words) for words in sheets] == [20] * 3
    assert "not hardened" in split.stderr
    assert run.returncode == 0
    assert sorted(names_in(out)) == sorted(NAMES)
    assert "not hardened" in run.stdout


def petition_in_words(folder: Path) -> list[tuple[str, ...]]:
    """Write a petition whose key is words of two of three, and return the words."""
    assert BREAKS.trustees
    sheets = split_into_words(SEED, people=3, needed=2)
    trustees = Trustees(public=BREAKS.trustees.public, count=3, needed=2)
    terms = replace(BREAKS, trustees=trustees)
    (folder / "petition").write_bytes(closed_by(people(30), terms).file().encode())
    return sheets


def test_mistyped_words_are_never_repeated(tmp_path: Path) -> None:
    """A wrong word is told at once, with near ones, and the person goes on."""
    sheets = petition_in_words(tmp_path)
    first = [*sheets[0]]
    # The second person is typed wrongly as a whole, then the first again, then rightly.
    lines = [
        *(first[0], "zzcanaryzz", "accademicc", first[1], "back", first[1]),
        *(" ".join(first[2:]), " ".join(reversed(sheets[1])), " ".join(first)),
        " ".join(sheets[1]),
    ]
    out = tmp_path / "names.csv"
    command = ("trustee", "unseal", str(tmp_path / "petition"), "--words")
    run = command_line(*command, "--csv", str(out), typed="\n".join(lines) + "\n")

    assert run.returncode == 0
    assert len(names_in(out)) == 30
    assert "zzcanaryzz" not in run.stdout + run.stderr
    assert "accademicc" not in run.stdout + run.stderr
    assert "Not in the list.\n" in run.stdout
    assert "Did you mean academic" in run.stdout
    assert ceremony.WORDS_REFUSED["checksum"] in run.stdout
    assert ceremony.WORDS_REFUSED["twice"] in run.stdout


def test_words_that_end_early(tmp_path: Path) -> None:
    """Whoever stops typing opens nothing."""
    sheets = petition_in_words(tmp_path)
    command = ("trustee", "unseal", str(tmp_path / "petition"), "--words")
    out = tmp_path / "names.csv"
    run = command_line(*command, "--csv", str(out), typed=" ".join(sheets[0]))

    assert run.returncode == 1
    assert ceremony.STOPPED in run.stderr
    assert not out.exists()


def test_words_that_are_nonsense_for_ever(tmp_path: Path) -> None:
    """A program that feeds the same words again and again is stopped."""
    sheets = petition_in_words(tmp_path)
    command = ("trustee", "unseal", str(tmp_path / "petition"), "--words")
    out = tmp_path / "names.csv"
    typed = (" ".join(sheets[0]) + "\n") * 101
    run = command_line(*command, "--csv", str(out), typed=typed)

    assert run.returncode == 1
    assert ceremony.STOPPED in run.stderr


def test_words_of_another_petition(tmp_path: Path) -> None:
    """Words that belong together, but not to this petition, open nothing."""
    petition_in_words(tmp_path)
    sheets = split_into_words(SEED[::-1], people=2, needed=2)
    command = ("trustee", "unseal", str(tmp_path / "petition"), "--words")
    out = tmp_path / "names.csv"
    typed = "".join(" ".join(words) + "\n" for words in sheets)
    run = command_line(*command, "--csv", str(out), typed=typed)

    assert run.returncode == 1
    assert ceremony.STAYS_CLOSED["foreign words"] in run.stderr


# the menu -----------------------------------------------------------------------------


def menu(*lines: str | Path) -> str:
    """Return all that the menu says while these lines are typed."""
    run = command_line("trustee", typed="".join(f"{line}\n" for line in lines))
    assert run.returncode == 0
    return run.stdout + run.stderr


def test_menu_shows_and_leaves() -> None:
    """Enter alone leaves; a number that is none is told."""
    said = menu("9", "4", "")

    assert "1  make my key" in said
    assert ceremony.MENU_UNKNOWN in said
    assert "What you promise" in said


def test_whoever_opens_is_told_whose_word_the_count_is(table: Path) -> None:
    """Help, menu and opening say it before a share is given."""
    shown = " ".join(menu("4", "").split())
    helps = [
        " ".join(command_line("trustee", *words).stdout.replace("│", " ").split())
        for words in (["--help"], ["unseal", "--help"])
    ]
    opened = menu("3", table / "petition", "", "")

    assert shown.count("the word of whoever runs the bot") == 3
    assert all("the word of whoever runs the bot" in each for each in helps)
    assert all("the closing post" in each for each in [*helps, shown])
    assert ceremony.COUNT_IS_A_WORD in opened


def test_menu_makes_and_checks_a_key(tmp_path: Path, table: Path) -> None:
    """A key is made, and shows the same line when it is checked."""
    key = tmp_path / "my key"
    made = menu("1", f"'{key}'")
    line = key_line(public_of_secret(decode_key_file(key.read_bytes())))
    checked = menu("2", f"'{key}'", "", "2", table / "a", table / "shares")

    assert line in made
    assert line in checked
    assert "one of 3 for that petition" in checked


def test_menu_tells_a_foreign_key(table: Path) -> None:
    """A key that does not belong to a petition is told, and the menu goes on."""
    said = menu("2", table / "x", table / "shares", "4")

    assert "belongs to nobody" in said
    assert "What you promise" in said


def test_menu_opens_a_petition(tmp_path: Path, table: Path) -> None:
    """Files are dragged onto the window, and a folder of names appears, once."""
    petition = tmp_path / "lunch break.petition"
    petition.write_bytes((table / "petition").read_bytes())
    steps = ("3", str(petition).replace(" ", "\\ "), "", table / "shares")
    said = menu(*steps, table / "a", table / "c")
    again = menu(*steps, table / "a", table / "c")
    folder = tmp_path / "lunch break-names"

    assert sorted(names_in(folder / "names.csv")) == sorted(NAMES)
    assert (folder / "petition.pdf").read_bytes().startswith(b"%PDF-")
    assert len((folder / "names.txt").read_text().splitlines()) == 30
    assert str(folder) in said
    assert ceremony.FOLDER_THERE in again


def test_menu_opens_with_words(tmp_path: Path) -> None:
    """Enter instead of a shares file asks for words."""
    sheets = petition_in_words(tmp_path)
    typed = [" ".join(words) for words in sheets[:2]]
    menu("3", tmp_path / "petition", "", "", *typed)

    assert len(names_in(tmp_path / "petition-names" / "names.csv")) == 30


def test_menu_prepares_a_key(tmp_path: Path) -> None:
    """One trustee splits a petition's key without knowing an option."""
    out = tmp_path / "shares"
    said = menu("5", *LINES, "", "", out)
    wrong = menu("5", *LINES, "", "4")

    (line,) = [part for part in said.split() if part.startswith("rrnames1-")]
    assert read_trustees(line).needed == 2
    assert out.exists()
    assert ceremony.NO_SUCH_NUMBER.format(count=3) in wrong


@pytest.mark.parametrize("steps", [["1"], ["2"], ["2", ""], ["3"], ["5"], ["5", ""]])
def test_menu_ends_where_the_input_ends(steps: list[str]) -> None:
    """Whoever closes the window in the middle has done nothing."""
    assert "  1  make my key" in menu(*steps)


def test_menu_ends_before_shares(table: Path) -> None:
    """Leaving between the petition and the shares opens nothing."""
    assert "genuine" in menu("3", table / "petition", "")
    assert not (table / "petition-names").exists()


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("{mark}", "genuine"),
        (" {MARK} ", "genuine"),
        ("{mark:.31}", "a mark has 32"),
        ("0" * 32, "another mark"),
    ],
)
def test_menu_compares_the_mark(mark: str, said: str, table: Path) -> None:
    """The program compares it: eyes take two long numbers for the same."""
    shown = menu("3", table / "petition", "")
    found = re.search(r"Mark of the terms: ([0-9a-f]{32})", shown)
    assert found
    typed = mark.format(mark=found[1], MARK=found[1].upper())

    assert said in menu("3", table / "petition", typed)


def test_menu_takes_the_usual_places(tmp_path: Path, monkeypatch) -> None:
    """Enter alone keeps a key where the menu says."""
    monkeypatch.setenv("HOME", str(tmp_path))
    menu("1", "", "5", LINES[0], LINES[1], "", "", "")

    assert (tmp_path / trustee_menu.KEY_NAME).exists()
    assert (tmp_path / trustee_menu.SHARES_NAME).exists()


def test_menu_of_seven() -> None:
    """After seven lines nobody more is asked for."""
    lines = [key_line(public_of_secret(bytes([n]) * 32)) for n in range(1, 8)]

    assert "of the 7 are needed" in menu("5", *lines)


def test_menu_at_a_terminal() -> None:
    """At a terminal the menu stands there until it is left."""
    drawn = at_terminal(("trustee",), "", "Number: ", "4", "")

    assert "make my key" in drawn


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("/a/b", "/a/b"),
        ("'/a/b c' ", "/a/b c"),
        ('"/a/b c"', "/a/b c"),
        ("/a/b\\ c", "/a/b c"),
        ("file:///a/b", "/a/b"),
        ("/a/b c", "/a/b c"),
        ("/a/o'brien", "/a/o'brien"),
    ],
)
def test_dropped_files(typed: str, path: str) -> None:
    """However a terminal writes a file that was dragged onto it, it is found."""
    assert dropped_path(typed) == Path(path)
