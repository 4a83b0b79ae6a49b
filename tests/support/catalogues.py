"""Bring the catalogues of all languages up to date: new texts without a translation, and none that is gone.

``make catalogues`` runs it. A translator fills in the empty ``msgstr`` with any tool for ``.po`` files. The texts are
those that the rooms of reports hand to a language: the arguments of ``phrase``, ``phrase_count``, ``mark`` and
``mark_count``, the heads of columns, the titles of reports, and the templates of facts.
"""

import ast
import io
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

import mag_rotation.report
from mag_rotation.report.language import LANGUAGES
from mag_rotation.report.sentences import SENTENCES, Cases, Plural, Template, Together

__all__ = ["HOUSE", "TRANSLATED", "list_messages", "list_texts", "merge", "read_catalogue"]

HOUSE = Path(mag_rotation.report.__file__).parent
TRANSLATED = [tag for tag in LANGUAGES if tag != "en"]

_ARGUMENTS = {"phrase": 1, "phrase_count": 2, "mark": 1, "mark_count": 2, "title": 1}
"""The functions and methods that take texts, and how many."""


def list_messages() -> dict[tuple[str, ...], list[str]]:
    """Return the texts that are translated, one or one and many, each with the modules that have it."""
    found: dict[tuple[str, ...], list[str]] = {}
    for path in sorted(HOUSE.rglob("*.py")):
        name = path.relative_to(HOUSE).as_posix()
        texts = [*_list_in_code(ast.parse(path.read_text("utf-8")))]
        if name == "sentences.py":
            texts += [text for template in SENTENCES.values() for text in list_texts(template)]
        for text in texts:
            places = found.setdefault(text, [])
            if name not in places:
                places.append(name)
    return found


def _list_in_code(tree: ast.Module) -> Iterator[tuple[str, ...]]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    for node in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        wanted = _ARGUMENTS.get(called, 0)
        texts = tuple(
            one.value for one in node.args[:wanted] if isinstance(one, ast.Constant) and type(one.value) is str
        )
        if texts and len(texts) == wanted:
            yield texts
        if called in {"Column", "_column"} and not any(one.arg == "has_own_head" for one in node.keywords):
            yield from _list_heads(node)


def _list_heads(node: ast.Call) -> Iterator[tuple[str, ...]]:
    for keyword in node.keywords:
        value = keyword.value
        text = value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""
        if keyword.arg in {"head", "missing"} and any(map(str.isalpha, text)):
            yield (text,)


def list_texts(template: Template) -> Iterator[tuple[str, ...]]:
    """Return the texts of a template of a fact."""
    match template:
        case "":
            return
        case str():
            yield (template,)
        case Plural(one=one, many=many):
            yield one, many
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


def merge(text: str, messages: Mapping[tuple[str, ...], list[str]]) -> str:
    """Return the text of a catalogue with these messages; its first lines, and the translations it has, stay."""
    head, _, _ = text.partition("\n\n")
    old = read_po(io.BytesIO(text.encode()), abort_invalid=True)
    new = read_po(io.BytesIO(f"{head}\n".encode()), abort_invalid=True)
    known = {_key_of(message): message for message in old if message.id}
    plural = {ids[0] for ids in messages if len(ids) == 2}
    for ids, places in messages.items():
        if len(ids) == 1 and ids[0] in plural:
            continue  # gettext finds the form for one
        before = known.get(ids)
        new.add(
            ids if len(ids) == 2 else ids[0],
            string=before.string if before else ("",) * old.num_plurals if len(ids) == 2 else "",
            locations=[(place, 0) for place in places],
            flags={"python-brace-format"} if any("{" in one for one in ids) else set(),
            user_comments=before.user_comments if before else [],
        )
    file = io.BytesIO()
    write_po(file, new, width=0, omit_header=True, include_lineno=False)
    return f"{head}\n\n{file.getvalue().decode().strip()}\n"


def _key_of(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, tuple | list) else (message.id,)


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
