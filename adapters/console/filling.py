"""Forms at the console: one field after another, options by number or by name."""

from adapters.console.questions import Questions
from adapters.console.screen import Screen
from bot.views.widgets import FORM_FIELDS_MAX, Field, FieldType, Form

CANCEL = "cancel"
_YES = frozenset({"y", "yes", "true", "on", "x", "1"})


async def fill(
    form: Form, questions: Questions, screen: Screen
) -> dict[str, str | tuple[str, ...] | bool] | None:
    """Ask for the fields one by one; None if the person thinks better of it."""
    screen.say(f"Enter keeps what stands in [ ]. “{CANCEL}” throws the form away.")
    filled: dict[str, str | tuple[str, ...] | bool] = {}
    fields = form.fields
    for number, field in enumerate(fields, start=1):
        if number == FORM_FIELDS_MAX + 1:
            more = await questions.next("More settings? [no] ", kept=False)
            if more.strip().lower() not in _YES:
                break
        screen.field(field, number, len(fields))
        value = await _value(field, questions, screen)
        if value is None:
            return None
        if value != "":
            filled[field.name] = value
    last = await questions.next(f"Enter: {form.submit}. ", kept=False)
    return None if last.strip().lower() == CANCEL else filled


def chosen(field: Field, typed: str) -> str | tuple[str, ...] | bool:
    """Return a field's value: options may be named by number."""
    match field.type:
        case FieldType.CHECK:
            return typed.lower() in _YES
        case FieldType.ONE:
            return _option(field, typed)
        case FieldType.MANY:
            parts = typed.split(",") if "," in typed else _by_number(typed)
            return tuple(_option(field, part.strip()) for part in parts if part.strip())
        case _:
            return typed


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


async def _value(
    field: Field, questions: Questions, screen: Screen
) -> str | tuple[str, ...] | bool | None:
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
