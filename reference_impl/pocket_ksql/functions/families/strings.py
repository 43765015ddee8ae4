"""Functions on STRING."""

from __future__ import annotations

import re
import uuid as uuids
from typing import Any, TypeVar

from pocket_ksql import utf16
from pocket_ksql.functions.limits import MOST_ITEMS
from pocket_ksql.functions.registry import scalar
from pocket_ksql.text import BLANKS

CATEGORY = "STRING"

_Counted = TypeVar("_Counted", str, bytes)

# --- case, parts, padding ----------------------------------------------------------------------------------------


@scalar("UCASE", "(input STRING) -> STRING")
def ucase(text: str) -> str:
    """Returns an uppercase version of the input."""
    return text.upper()


@scalar("LCASE", "(input STRING) -> STRING")
def lcase(text: str) -> str:
    """Returns a lowercase version of the input."""
    return text.lower()


@scalar("INITCAP", "(str STRING) -> STRING")
def initcap(text: str) -> str:
    """Returns the string with the first letter of each word in uppercase and all other letters in lowercase."""
    return re.sub(r"\S+", lambda word: word[0][:1].upper() + word[0][1:].lower(), text, flags=re.ASCII)


@scalar("TRIM", "(input STRING) -> STRING")
def trim(text: str) -> str:
    """Trims the spaces from the beginning and end of a string."""
    return text.strip(BLANKS)


@scalar("LEN", "(input STRING) -> INT", "(input BYTES) -> INT")
def length(text: Any) -> int:
    """Returns the length of the input."""
    return utf16.length(text) if isinstance(text, str) else len(text)


@scalar("CHR", "(decimalCode INT) -> STRING")
def character_of_code(code: int) -> str | None:
    """Returns the character with the given Unicode codepoint; halves of surrogate pairs are no characters."""
    return chr(code) if 0 <= code < 0xD800 or 0xDFFF < code <= 0x10FFFF else None


@scalar("CHR", "(utf16Code STRING) -> STRING")
def character_of_text(code: str) -> str | None:
    """Returns the character or characters given by UTF-16 codes such as ``\\u004b``."""
    if not re.fullmatch(r"(?:\\u[0-9a-fA-F]{4})+", code):
        return None
    return utf16.text_of("".join(chr(int(one, 16)) for one in re.findall(r"\\u([0-9a-fA-F]{4})", code)))


@scalar("CONCAT", "(inputs STRING...) -> STRING", null_in_null_out=False)
def concat_text(*parts: str | None) -> str:
    """Concatenates its arguments; NULLs are left out."""
    return "".join([part for part in parts if part is not None])


@scalar("CONCAT", "(inputs BYTES...) -> BYTES", null_in_null_out=False)
def concat_bytes(*parts: bytes | None) -> bytes:
    """Concatenates its arguments; NULLs are left out."""
    return b"".join([part for part in parts if part is not None])


@scalar("CONCAT_WS", "(separator STRING, inputs STRING...) -> STRING", null_in_null_out=False)
def concat_ws_text(separator: str | None, *parts: str | None) -> str | None:
    """Concatenates its arguments with the separator between them; NULLs are left out."""
    return None if separator is None else separator.join([part for part in parts if part is not None])


@scalar("CONCAT_WS", "(separator BYTES, inputs BYTES...) -> BYTES", null_in_null_out=False)
def concat_ws_bytes(separator: bytes | None, *parts: bytes | None) -> bytes | None:
    """Concatenates its arguments with the separator between them; NULLs are left out."""
    return None if separator is None else separator.join([part for part in parts if part is not None])


@scalar("SUBSTRING", "(value STRING, pos INT) -> STRING", "(value STRING, pos INT, length INT) -> STRING",
        "(value BYTES, pos INT) -> BYTES", "(value BYTES, pos INT, length INT) -> BYTES")  # fmt: skip
def substring(value: Any, position: int, length: int | None = None) -> Any:
    """Returns the part that begins at a position counted from one, or from the end if it is negative."""
    if isinstance(value, str):
        return utf16.text_of(_part(utf16.units(value), position, length))
    return _part(value, position, length)


def _part(value: _Counted, position: int, length: int | None) -> _Counted:
    size = len(value)
    start = max(position - 1, 0) if position >= 0 else max(size + position, 0)
    end = size if length is None else max(min(start + length, size), start)
    return value[min(start, size) : end]


@scalar("REPLACE", "(str STRING, oldStr STRING, newStr STRING) -> STRING")
def replace(text: str, old: str, new: str) -> str:
    """Replaces all occurrences of a substring."""
    return text.replace(old, new)


@scalar("LPAD", "(input STRING, targetLen INT, padding STRING) -> STRING",
        "(input BYTES, targetLen INT, padding BYTES) -> BYTES")  # fmt: skip
def lpad(value: Any, length: int, padding: Any) -> Any:
    """Pads at the beginning, or cuts, to the given length."""
    if not padding or length < 0:
        return None
    if isinstance(value, str):
        value, padding = utf16.units(value), utf16.units(padding)
        return utf16.text_of(_padding(value, length, padding) + value[:length])
    return _padding(value, length, padding) + value[:length]


@scalar("RPAD", "(input STRING, targetLen INT, padding STRING) -> STRING",
        "(input BYTES, targetLen INT, padding BYTES) -> BYTES")  # fmt: skip
def rpad(value: Any, length: int, padding: Any) -> Any:
    """Pads at the end, or cuts, to the given length."""
    if not padding or length < 0:
        return None
    if isinstance(value, str):
        value, padding = utf16.units(value), utf16.units(padding)
        return utf16.text_of(value[:length] + _padding(value, length, padding))
    return value[:length] + _padding(value, length, padding)


def _padding(value: _Counted, length: int, padding: _Counted) -> _Counted:
    """What ``value`` lacks to its ``length``. Raises ``ValueError`` beyond what a row may be padded to."""
    if length > MOST_ITEMS:
        raise ValueError(f"{length} characters are more than the {MOST_ITEMS} that a row may be padded to")
    missing = max(length - len(value), 0)
    return (padding * missing)[:missing]


# --- finding -----------------------------------------------------------------------------------------------------


@scalar("INSTR", "(str STRING, substring STRING) -> INT", "(str STRING, substring STRING, pos INT) -> INT",
        "(str STRING, substring STRING, pos INT, occurrence INT) -> INT")  # fmt: skip
def instr(text: str, part: str, position: int = 1, occurrence: int = 1) -> int:
    """Returns where a substring is, counted from one, 0 if nowhere; backwards from a negative position."""
    if position == 0 or occurrence < 1:
        return 0
    text, part = utf16.units(text), utf16.units(part)
    at = position - 2 if position > 0 else len(text) + position + 1
    for _ in range(occurrence):
        at = text.find(part, at + 1) if position > 0 else text.rfind(part, 0, max(at - 1 + len(part), 0))
        if at < 0:
            return 0
    return at + 1


@scalar("SPLIT", "(string STRING, delimiter STRING) -> ARRAY<STRING>",
        "(bytes BYTES, delimiter BYTES) -> ARRAY<BYTES>")  # fmt: skip
def split(value: Any, delimiter: Any) -> list[Any]:
    """Splits at a delimiter; an empty delimiter splits into characters."""
    if not delimiter:
        if isinstance(value, str):
            return [utf16.text_of(unit) for unit in utf16.units(value)] or [value]
        return [value[index : index + 1] for index in range(len(value))] or [value]
    return list(value.split(delimiter))


@scalar("SPLIT_TO_MAP", "(input STRING, entryDelimiter STRING, kvDelimiter STRING) -> MAP<STRING, STRING>")
def split_to_map(text: str, entry: str, pair: str) -> dict[str, str] | None:
    """Splits into entries and each entry into key and value."""
    if not entry or not pair:
        return None
    pairs = [one.split(pair) for one in text.split(entry)]
    return {one[0]: one[1] for one in pairs if len(one) >= 2}


@scalar("FIELD", "(str STRING, args STRING...) -> INT", null_in_null_out=False)
def field(text: str | None, *others: str | None) -> int:
    """Returns the position of the first argument among the others, 0 if it is not there."""
    return 0 if text is None or text not in others else others.index(text) + 1


@scalar("ELT", "(n INT, args STRING...) -> STRING", null_in_null_out=False)
def elt(number: int | None, *texts: str | None) -> str | None:
    """Returns the n-th of the texts."""
    return texts[number - 1] if number is not None and 1 <= number <= len(texts) else None


@scalar("UUID", "() -> STRING")
def uuid() -> str:
    """Returns a random UUID."""
    return str(uuids.uuid4())


@scalar("UUID", "(uuidBytes BYTES) -> STRING")
def uuid_of_bytes(data: bytes) -> str | None:
    """Returns the UUID of 16 bytes."""
    return str(uuids.UUID(bytes=data)) if len(data) == 16 else None
