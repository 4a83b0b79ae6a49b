"""Bring the catalogues of all languages up to date: new texts without a translation, and none that is gone.

``make catalogues`` runs it. A translator fills in the empty ``msgstr`` with any tool for ``.po`` files. The texts are
those that the rooms of reports and of the command line hand to a language: the arguments of ``phrase``,
``phrase_count``, ``mark`` and ``mark_count``, the heads of columns, the titles of reports, and the templates of facts.
"""

import ast
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

import mag_rotation.report
from mag_rotation.report.language import LANGUAGES
from mag_rotation.report.sentences import SENTENCES, Cases, Plural, Template, Together

__all__ = ["HOUSE", "TRANSLATED", "Text", "list_messages", "list_texts", "merge", "read_catalogue", "text_of"]

HOUSE = Path(mag_rotation.report.__file__).parent
_ROOMS = (HOUSE, HOUSE.with_name("cli"))
"""The rooms that have texts for people, those of the command line in its reports' titles and in warnings."""
TRANSLATED = [tag for tag in LANGUAGES if tag != "en"]

_ARGUMENTS = {"phrase": 1, "phrase_count": 2, "mark": 1, "mark_count": 2, "title": 1, "translate": 1}
"""The functions and methods that take texts, and how many."""


class Text(NamedTuple):
    """A text that is translated: its form for one, that for many if a count decides, and what it is the word for."""

    one: str
    many: str | None = None
    context: str | None = None


def list_messages() -> dict[Text, list[str]]:
    """Return the texts that are translated, each with the modules that have it."""
    found: dict[Text, list[str]] = {}
    for path in [path for room in _ROOMS for path in sorted(room.rglob("*.py"))]:
        name = path.relative_to(HOUSE if path.is_relative_to(HOUSE) else HOUSE.parent).as_posix()
        texts = [*_list_in_code(ast.parse(path.read_text("utf-8")))]
        if name == "sentences.py":
            texts += [text for template in SENTENCES.values() for text in list_texts(template)]
        for text in texts:
            places = found.setdefault(text, [])
            if name not in places:
                places.append(name)
    return found


def _list_in_code(tree: ast.Module) -> Iterator[Text]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    for node in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        wanted = _ARGUMENTS.get(called, 0)
        texts = tuple(
            one.value for one in node.args[:wanted] if isinstance(one, ast.Constant) and type(one.value) is str
        )
        given = {one.arg: one.value for one in node.keywords}
        if texts and len(texts) == wanted:
            yield Text(texts[0], texts[1] if wanted > 1 else None, _read_context(given))
        if called in {"Column", "_column"}:
            yield from _list_heads(given)


def _list_heads(given: Mapping[str | None, ast.expr]) -> Iterator[Text]:
    """Yield the head of a column, and what it shows where there is no value."""
    texts = {name: one.value for name, one in given.items() if isinstance(one, ast.Constant)}
    for name in ("head", "missing"):
        text = texts.get(name)
        if isinstance(text, str) and any(map(str.isalpha, text)) and "has_own_head" not in given:
            yield Text(text, context=_read_context(given) if name == "head" else None)


def _read_context(given: Mapping[str | None, ast.expr]) -> str | None:
    """Return what tells a text from the same one elsewhere, if it is written."""
    context = given.get("context")
    return context.value if isinstance(context, ast.Constant) and isinstance(context.value, str) else None


def list_texts(template: Template) -> Iterator[Text]:
    """Return the texts of a template of a fact."""
    match template:
        case "":
            return
        case str():
            yield Text(template)
        case Plural(one=one, many=many):
            yield Text(one, many)
        case Cases(when=when, otherwise=otherwise):
            for part in (*when.values(), otherwise):
                yield from list_texts(part)
        case Together(parts=parts):
            for part in parts:
                yield from list_texts(part)


def read_catalogue(tag: str) -> Catalog:
    """Return the catalogue of a language."""
    return read_po(io.BytesIO(_path_of(tag).read_bytes()), abort_invalid=True)


def _path_of(tag: str) -> Path:
    return HOUSE / "locale" / f"{tag}.po"


def merge(text: str, messages: Mapping[Text, Sequence[str]]) -> str:
    """Return the text of a catalogue with these messages; its first lines, and the translations it has, stay."""
    head, _, _ = text.partition("\n\n")
    old = read_po(io.BytesIO(text.encode()), abort_invalid=True)
    new = read_po(io.BytesIO(f"{head}\n".encode()), abort_invalid=True)
    known = {text_of(message): message for message in old if message.id}
    counted = {one.one for one in messages if one.many}
    for one, places in messages.items():
        if one.many is None and one.context is None and one.one in counted:
            continue  # gettext finds the form for one
        before = known.get(one)
        new.add(
            (one.one, one.many) if one.many else one.one,
            string=before.string if before else ("",) * old.num_plurals if one.many else "",
            locations=[(place, 0) for place in places],
            flags={"python-brace-format"} if "{" in one.one else set(),
            user_comments=before.user_comments if before else [],
            context=one.context,
        )
    file = io.BytesIO()
    write_po(file, new, width=0, omit_header=True, include_lineno=False)
    return f"{head}\n\n{file.getvalue().decode().strip()}\n"


def text_of(message: Message) -> Text:
    """Return the text of an entry of a catalogue."""
    if isinstance(message.id, str):
        return Text(message.id, context=message.context)
    one, many = message.id
    return Text(one, many, message.context)


def main() -> None:
    """Bring all catalogues up to date, and print how many texts each of them lacks."""
    messages = list_messages()
    for tag in TRANSLATED:
        path = _path_of(tag)
        path.write_text(merge(path.read_text("utf-8"), messages), "utf-8")
        texts = [one.string for one in read_catalogue(tag) if one.id]
        missing = sum(not all(one) if isinstance(one, tuple | list) else not one for one in texts)
        sys.stdout.write(f"{tag}: {missing} of {len(texts)} texts have no translation\n")


if __name__ == "__main__":
    main()
