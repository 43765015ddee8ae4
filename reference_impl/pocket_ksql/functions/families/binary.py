"""Functions on BYTES, and the kinds of text that stand for bytes."""

from __future__ import annotations

import base64
import hashlib
import re
import struct

from pocket_ksql.functions.registry import scalar

CATEGORY = "STRING"
_HEX = re.compile(r"[0-9a-fA-F]*")
CATEGORIES = dict.fromkeys(["BIGINT_FROM_BYTES", "DOUBLE_FROM_BYTES", "INT_FROM_BYTES"], "CONVERSIONS")


@scalar("TO_BYTES", "(value STRING, encoding STRING) -> BYTES")
def to_bytes(text: str, encoding: str) -> bytes:
    """Reads bytes from text in hex, utf8, ascii or base64."""
    match encoding.lower():
        case "hex":
            text = text.removeprefix("0x").removeprefix("X'").removesuffix("'")
            if not _HEX.fullmatch(text):  # Python would take blanks between the bytes
                raise ValueError(f"{text!r} is no hexadecimal number")
            return bytes.fromhex(text.zfill(len(text) + len(text) % 2))
        case "utf8":
            return text.encode()
        case "ascii":
            return text.encode("ascii", "replace")
        case "base64":
            missing = 0 if "=" in text else -len(text) % 4  # Java reads text without its padding, too
            return base64.b64decode(text + "=" * missing, validate=True)
    raise ValueError(f"Unknown encoding: {encoding}: use hex, utf8, ascii or base64")


@scalar("FROM_BYTES", "(value BYTES, encoding STRING) -> STRING")
def from_bytes(data: bytes, encoding: str) -> str:
    """Writes bytes as text in hex, utf8, ascii or base64."""
    match encoding.lower():
        case "hex":
            return data.hex().upper()
        case "utf8":
            return data.decode("utf8", "replace")
        case "ascii":
            return data.decode("ascii", "replace")
        case "base64":
            return base64.b64encode(data).decode()
    raise ValueError(f"Unknown encoding: {encoding}: use hex, utf8, ascii or base64")


@scalar("ENCODE", "(str STRING, inputEncoding STRING, outputEncoding STRING) -> STRING")
def encode(text: str, source: str, target: str) -> str:
    """Changes text in one encoding (hex, utf8, ascii, base64) into another."""
    data = to_bytes(text, source)
    return data.hex() if target.lower() == "hex" else from_bytes(data, target)


@scalar("INT_FROM_BYTES", "(value BYTES) -> INT", "(value BYTES, byteOrder STRING) -> INT")
def int_from_bytes(data: bytes, order: str = "BIG_ENDIAN") -> int:
    """Reads four bytes as an INTEGER."""
    return int(_unpack("i", data, order))


@scalar("BIGINT_FROM_BYTES", "(value BYTES) -> BIGINT", "(value BYTES, byteOrder STRING) -> BIGINT")
def bigint_from_bytes(data: bytes, order: str = "BIG_ENDIAN") -> int:
    """Reads eight bytes as a BIGINT."""
    return int(_unpack("q", data, order))


@scalar("DOUBLE_FROM_BYTES", "(value BYTES) -> DOUBLE", "(value BYTES, byteOrder STRING) -> DOUBLE")
def double_from_bytes(data: bytes, order: str = "BIG_ENDIAN") -> float:
    """Reads eight bytes as a DOUBLE."""
    return _unpack("d", data, order)


def _unpack(kind: str, data: bytes, order: str) -> float:
    if order.upper() not in ("BIG_ENDIAN", "LITTLE_ENDIAN"):
        raise ValueError(f"Byte order must be BIG_ENDIAN or LITTLE_ENDIAN, not {order}")
    layout = struct.Struct((">" if order.upper() == "BIG_ENDIAN" else "<") + kind)
    if len(data) != layout.size:
        raise ValueError(f"Number of bytes must be equal to {layout.size}, but found {len(data)}")
    value: float = layout.unpack(data)[0]
    return value


def _hash(name: str, data: bytes) -> str:
    return hashlib.new(name, data, usedforsecurity=False).hexdigest()


@scalar("MD5", "(s STRING) -> STRING")
def md5(text: str) -> str:
    """Returns the MD5 digest of a text in hex."""
    return _hash("md5", text.encode())
