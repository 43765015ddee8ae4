"""Files: which formats are read, and what a user is told about one that cannot be."""

from __future__ import annotations

import gzip
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from fraud_pipeline.transactions import ULB_COLUMNS, FileSource, HeaderError, SourceError, SyntheticSource
from fraud_pipeline.transactions.delimited import parse_line
from fraud_pipeline.transactions.files import write_payments
from tests.fraud_pipeline.transactions.rows import HEADER, ULB_HEADER, everything, row, ulb_row, write


def test_ulb_file_gets_ids_users_and_timestamps(tmp_path: Path) -> None:
    source = write(tmp_path / "creditcard.csv", ULB_HEADER, [ulb_row(number) for number in range(3)])
    payments, values, rejected = everything(source.blocks())
    assert [payment["Id"] for payment in payments] == [1, 2, 3]
    assert [payment["Timestamp"] for payment in payments] == [
        datetime(2013, 9, 1, 0, minute, tzinfo=UTC) for minute in range(3)
    ]
    assert all(str(payment["User"]).startswith("user_") for payment in payments)
    assert values[2].startswith(b"3,2013-09-01T00:02:00Z,user_")
    assert not rejected


def test_ulb_file_is_the_same_at_every_reading(tmp_path: Path) -> None:
    source = write(tmp_path / "creditcard.csv", ULB_HEADER, [ulb_row(number) for number in range(100)])
    assert everything(source.blocks()) == everything(source.blocks())


def test_extended_file_is_passed_on_untouched(tmp_path: Path) -> None:
    rows = [row(number, user="Anna") for number in range(5)]
    payments, values, _ = everything(write(tmp_path / "extended.csv", HEADER, rows).blocks())
    assert values == [line.encode() for line in rows]
    assert {payment["User"] for payment in payments} == {"Anna"}


def test_kaggle_file_with_quoted_header_and_labels(tmp_path: Path) -> None:
    header = ",".join(f'"{name}"' for name in ULB_COLUMNS)
    rows = [ulb_row(number, Class=f'"{number}"', Time="1e+05") for number in (0, 1)]
    payments, values, rejected = everything(write(tmp_path / "creditcard.csv", header, rows).blocks())
    assert [payment["Class"] for payment in payments] == [0, 1]
    assert [payment["Time"] for payment in payments] == [100_000, 100_000]
    assert not rejected
    assert all(b'"' not in value for value in values)


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".zip", ".parquet"])
def test_each_format_gives_the_same_payments(tmp_path: Path, suffix: str) -> None:
    text = "\n".join([ULB_HEADER, *(ulb_row(number) for number in range(5000))]) + "\n"
    path = tmp_path / f"creditcard{suffix}"
    match suffix:
        case ".csv.gz":
            path.write_bytes(gzip.compress(text.encode()))
        case ".zip":
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("folder/creditcard.csv", text)
        case ".parquet":
            pq.write_table(pyarrow.csv.read_csv(pa.BufferReader(text.encode())), path)
        case _:
            path.write_text(text)
    plain = tmp_path / "plain.csv"
    plain.write_text(text)
    payments, values, rejected = everything(FileSource(path).blocks())
    expected, _, _ = everything(FileSource(plain).blocks())
    assert payments == expected
    assert len(payments) == 5000
    assert not rejected
    assert [parse_line(value) for value in values] == expected


def test_columns_may_stand_in_any_order_and_case(tmp_path: Path) -> None:
    rows = [ulb_row(number).split(",") for number in range(3)]
    turned = write(
        tmp_path / "turned.csv",
        ",".join(reversed(ULB_COLUMNS)).upper(),
        [",".join(reversed(fields)) for fields in rows],
    )
    straight = write(tmp_path / "straight.csv", ULB_HEADER, [",".join(fields) for fields in rows])
    assert everything(turned.blocks())[0] == everything(straight.blocks())[0]


def test_byte_order_mark_of_utf8_is_no_part_of_the_header(tmp_path: Path) -> None:
    source = write(tmp_path / "marked.csv", "\ufeff" + ULB_HEADER, [ulb_row(1)])
    assert len(everything(source.blocks())[0]) == 1


def test_file_without_a_row_gives_none(tmp_path: Path) -> None:
    assert everything(write(tmp_path / "header.csv", ULB_HEADER, []).blocks()) == ([], [], [])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"\n", "header line is empty"),
        ((ULB_HEADER + "\n" + ulb_row(1)).encode("utf-16"), "UTF-16"),
        ((ULB_HEADER + "\n" + ulb_row(1)).encode("utf-32"), "UTF-32"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not UTF-8"),
        (b"abc\0def\n", "NUL"),
        ("Größe,Zeit\n".encode("latin-1"), "not UTF-8"),
        (ulb_row(1).encode() + b"\n", "header"),
        (ULB_HEADER.replace(",", ";").encode() + b"\n", "commas"),
        (ULB_HEADER.replace(",V7,", ",").encode() + b"\n", "missing: V7"),
        (ULB_HEADER.replace("Amount", "Amonut").encode() + b"\n", "'Amonut' (did you mean Amount?)"),
        (ULB_HEADER.replace("V7", "V8").encode() + b"\n", "there more than once: V8"),
        (HEADER.replace("User,", "").encode() + b"\n", "missing: User"),
        (b'"Time,V1\n', "stray quote"),
        (ULB_HEADER.encode() + b"\r" + ulb_row(1).encode() + b"\r", "line ends"),
    ],
)
def test_unreadable_file_is_explained(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "payments.csv"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"payments\.csv") as caught:
        everything(FileSource(path).blocks())
    assert told in str(caught.value)


def test_missing_columns_are_a_header_error(tmp_path: Path) -> None:
    with pytest.raises(HeaderError):
        everything(write(tmp_path / "payments.csv", "Time,Amount", []).blocks())


def test_missing_file_and_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        everything(FileSource(tmp_path / "nothing.csv").blocks())
    with pytest.raises(SourceError, match="is a folder"):
        everything(FileSource(tmp_path).blocks())


@pytest.mark.parametrize("suffix", [".gz", ".zip", ".parquet"])
def test_damaged_archive_is_a_source_error(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"payments{suffix}"
    path.write_bytes(b"no archive at all, whatever the name says")
    with pytest.raises(SourceError, match="damaged or cut short"):
        everything(FileSource(path).blocks())


def test_truncated_gzip_gives_its_rows_and_then_the_error(tmp_path: Path) -> None:
    whole = gzip.compress("\n".join([ULB_HEADER, *(ulb_row(number) for number in range(10_000))]).encode())
    path = tmp_path / "payments.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])
    blocks = FileSource(path).blocks()
    assert next(blocks).rows > 0
    with pytest.raises(SourceError, match="cut short"):
        everything(blocks)


def test_zip_must_hold_one_csv_file(tmp_path: Path) -> None:
    path = tmp_path / "payments.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", ULB_HEADER)
        archive.writestr("b.csv", ULB_HEADER)
    with pytest.raises(SourceError, match="exactly one"):
        everything(FileSource(path).blocks())


def test_rows_limits_what_is_read(tmp_path: Path) -> None:
    lines = [ulb_row(number) if number != 3 else "broken" for number in range(10)]
    source = write(tmp_path / "payments.csv", ULB_HEADER, lines)
    assert sum(block.rows for block in source.blocks(2)) == 2
    payments, _, rejected = everything(source.blocks(5))
    assert (len(payments), len(rejected)) == (4, 1)
    assert sum(block.rows for block in source.blocks(0)) == 0


def test_real_payments_are_read_whole(shared: Path) -> None:
    payments, values, rejected = everything(FileSource(shared / "data" / "creditcard_real.csv.gz").blocks())
    assert len(payments) == len(values) == 28_010
    assert sum(payment["Class"] == 1 for payment in payments) == 477
    assert not rejected
    assert parse_line(values[-1]) == payments[-1]


def test_written_payments_read_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "payments.csv"
    assert write_payments(SyntheticSource(seed=7), path, 3000) == 3000
    assert everything(FileSource(path).blocks()) == everything(SyntheticSource(seed=7).blocks(3000))
