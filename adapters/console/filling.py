"""Forms at the console: one field after another, options by number or by name."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from adapters.console.questions import Questions
from adapters.console.screen import Screen
from bot.views.widgets import FORM_FIELDS_MAX, Field, FieldType, Form

Value: TypeAlias = str | tuple[str, ...] | bool

CANCEL = "cancel"
YES = frozenset({"y", "yes", "true", "on", "x", "1"})
_NO = frozenset({CANCEL, "n", "no"})


async def fill(
    form: Form, questions: Questions, screen: Screen
) -> dict[str, Value] | None:
    """Ask for the fields one by one; None if the person thinks better of it."""
    screen.say(f"Enter keeps what stands in [ ]. “{CANCEL}” throws the form away.")
    filled: dict[str, Value] = {}
    fields = form.fields
    for number, field in enumerate(fields, start=1):
        if number == FORM_FIELDS_MAX + 1:
            more = await questions.next("More settings? [no] ", kept=False)
            if more.strip().lower() not in YES:
                break
        screen.field(field, number, len(fields))
        value = await _value(field, questions, screen)
        if value is None:
            return None
        if value != "":
            filled[field.name] = value
    return filled if await _confirmed(form, questions, screen) else None


def with_values(form: Form, filled: Mapping[str, Value]) -> Form:
    """Return the form with what a person typed into it standing in its fields."""
    fields = [
        replace(field, value=_preset(field, filled[field.name]))
        if field.name in filled
        else field
        for field in form.fields
    ]
    return replace(form, fields=tuple(fields))


def chosen(field: Field, typed: str) -> Value:
    """Return a field's value: options may be named by number."""
    match field.type:
        case FieldType.CHECK:
            return typed.lower() in YES
        case FieldType.ONE:
            return _option(field, typed)
        case FieldType.MANY:
            parts = typed.split(",") if "," in typed else _by_number(typed)
            return tuple(_option(field, part.strip()) for part in parts if part.strip())
        case _:
            return typed


async def _confirmed(form: Form, questions: Questions, screen: Screen) -> bool:
    """Tell whether the form is to be sent; nothing but a clear word sends it."""
    prompt = f"Enter: {form.submit}. Or {CANCEL}. "
    while True:
        last = (await questions.next(prompt, kept=False)).strip().lower()
        if last in {"", form.submit.lower()} | YES:
            return True
        if last in _NO:
            return False
        screen.say("Nothing was sent yet. Enter sends it, cancel throws it away.")


def _preset(field: Field, value: Value) -> str:
    match value:
        case bool():
            return "yes" if value else ""
        case str():
            return value
        case _ if any("," in each for each in value):
            # A comma parts options, so these are named by their numbers.
            return " ".join(str(field.options.index(each) + 1) for each in value)
        case _:
            return ", ".join(value)


def _by_number(typed: str) -> list[str]:
    words = typed.split()
    return words if all(word.isdecimal() for word in words) else [typed]


def _option(field: Field, typed: str) -> str:
    for at, option in enumerate(field.options, start=1):
        if typed.casefold() == option.casefold():
            return option
        # Options that are numbers themselves go before the number of an option.
        if typed == str(at) and typed not in field.options:
            return option
    return typed


async def _more_lines(first: str, questions: Questions) -> str:
    lines = [first]
    while more := (await questions.next("  and (empty: done)> ", kept=False)).strip():
        lines.append(more)
    return "\n".join(lines)


async def _value(field: Field, questions: Questions, screen: Screen) -> Value | None:
    preset = field.value.replace("\n", " / ")
    prompt = f"[{preset}] " if preset else "> "
    while True:
        typed = (await questions.next(prompt, kept=False)).strip()
        if typed.lower() == CANCEL:
            return None
        if field.type is FieldType.LONG_TEXT and typed:
            typed = await _more_lines(typed, questions)
        value = chosen(field, typed or field.value)
        if value == "" and field.required:
            screen.say("This is needed. Or type cancel.")
            continue
        return value
