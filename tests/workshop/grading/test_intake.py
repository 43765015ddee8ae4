"""What learning platforms export, and what strangers put into zips."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from workshop.grading import intake


def _zip(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "learner", "platform", "late"),
    [
        ("lovelaceada_12345_67890_01-ingest.ipynb", "lovelaceada_12345", "Canvas", False),
        ("lovelaceada_LATE_12345_67890_01-ingest-2.ipynb", "lovelaceada_12345", "Canvas", True),
        ("Ada Lovelace_77_assignsubmission_file_", "Ada-Lovelace_77", "Moodle", False),
        ("ada.ipynb", "ada", "", False),
        ("../../etc/passwd", "etc-passwd", "", False),
    ],
)
def test_names_tell_who_it_was(name: str, learner: str, platform: str, late: bool) -> None:
    who, _ = intake.learner_of(name)

    assert (who.id, who.platform, who.late) == (learner, platform, late)


def test_the_latest_version_with_the_right_cells_counts(tmp_path: Path) -> None:
    for name, content in [("", b'"t1" old'), ("-2", b'"t1" new'), ("-3", b"another notebook")]:
        (tmp_path / f"ada_1_{len(content)}_x{name}.ipynb").write_bytes(content)

    (found,) = intake.find(tmp_path)

    best = found.best({"t1"})
    assert best is not None
    assert best.content == b'"t1" new'


def test_one_notebook_is_a_class_of_one(tmp_path: Path) -> None:
    alone = tmp_path / "ada.ipynb"
    alone.write_bytes(b'"t1"')

    (found,) = intake.find(alone)

    assert (found.learner.id, [one.content for one in found.candidates]) == ("ada", [b'"t1"'])


def test_learners_whose_names_no_folder_can_hold_are_told_apart(tmp_path: Path) -> None:
    long = "a" * 90
    names = ["Ada!", "Ada?", "Ada", "🐍", "🐢", f"{long}1", f"{long}2"]
    everybody = tmp_path / "class.zip"
    everybody.write_bytes(_zip(*((f"{name}.ipynb", name.encode()) for name in names)))

    found = intake.find(everybody)

    assert {one.learner.name: [part.content for part in one.candidates] for one in found} == {
        name: [name.encode()] for name in names
    }
    assert len({one.learner.id for one in found}) == len(names)
    assert next(one.learner.id for one in found if one.learner.name == "Ada") == "Ada"


def test_a_name_is_the_same_in_both_ways_of_writing_an_accent() -> None:
    assert intake.learner_of("Jose\u0301.ipynb")[0] == intake.learner_of("Jos\u00e9.ipynb")[0]


def test_a_zip_is_read_and_never_unpacked(tmp_path: Path) -> None:
    outside = ("../../escaped.ipynb", b"{}")
    (tmp_path / "eve.zip").write_bytes(_zip(outside, ("/absolute.ipynb", b"{}"), ("work/t.ipynb", b'"t1"')))

    (found,) = intake.find(tmp_path)

    assert len(found.candidates) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["eve.zip"]
    assert not (tmp_path.parent / "escaped.ipynb").exists()


def test_a_zip_bomb_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "eve.zip").write_bytes(_zip(("bomb.ipynb", b"0" * (intake.MAX_NOTEBOOK + 1))))

    (found,) = intake.find(tmp_path)

    assert found.candidates == []
    assert "larger than" in found.notes[0]


def test_a_link_out_of_the_folder_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "submissions" / "eve"
    folder.mkdir(parents=True)
    (folder / "t.ipynb").symlink_to(tmp_path / "secret.txt")

    (found,) = intake.find(tmp_path / "submissions")

    assert found.candidates == []
    assert "link" in found.notes[0]


def test_zips_in_a_zip_share_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "_MAX_ARCHIVE", 10_000)
    inner = _zip(*((f"{number}.ipynb", b"{}" + b" " * 1_000) for number in range(8)))
    (tmp_path / "eve.zip").write_bytes(_zip(*((f"{number}.zip", inner) for number in range(20))))
    [eve] = intake.find(tmp_path)
    assert len(eve.candidates) < 12
    assert any("holds too much" in note for note in eve.notes)


def test_a_damaged_zip_is_noted(tmp_path: Path) -> None:
    (tmp_path / "ada.zip").write_bytes(b"PK no zip")

    (found,) = intake.find(tmp_path)

    assert "cannot be read" in found.notes[0]


def test_damage_of_one_learner_costs_nobody_else_in_the_zip_of_a_class(tmp_path: Path) -> None:
    intact = _zip(("ada.ipynb", b"{}"), ("bob.ipynb", b"stored as it is" * 9), ("eve.ipynb", b"{}"))
    packed = zipfile.ZipFile(io.BytesIO(intact)).getinfo("bob.ipynb")
    damaged = bytearray(intact)
    damaged[packed.header_offset + 30 + len("bob.ipynb")] ^= 0xFF
    (tmp_path / "class.zip").write_bytes(damaged)

    found = {one.learner.id: one for one in intake.find(tmp_path / "class.zip")}

    assert {who: len(one.candidates) for who, one in found.items()} == {"ada": 1, "bob": 0, "eve": 1}
    assert "damaged" in found["bob"].notes[0]


def test_one_learners_many_files_leave_room_for_the_rest_of_the_class(tmp_path: Path) -> None:
    many = [(f"bob/{number}.ipynb", b"{}") for number in range(3000)]
    (tmp_path / "class.zip").write_bytes(_zip(*many, ("eve/t.ipynb", b"{}")))

    bob, eve = intake.find(tmp_path / "class.zip")

    assert len(bob.notes) == 1
    assert "too much" in bob.notes[0]
    assert len(eve.candidates) == 1


@pytest.mark.parametrize("name", ["ada.IPYNB", "ada.ipynb.txt", "ada.ipynb.json", "ada/t.ipynb.json", "ada.ZIP"])
def test_an_ending_that_a_browser_has_changed_costs_nothing(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(_zip(("T.Ipynb", b"{}")) if name.endswith("ZIP") else b"{}")

    (found,) = intake.find(tmp_path)

    assert found.learner.id == "ada"
    assert len(found.candidates) == 1


def test_an_empty_folder_is_a_learner_without_a_notebook(tmp_path: Path) -> None:
    (tmp_path / "ada").mkdir()

    (found,) = intake.find(tmp_path)

    assert found.learner.id == "ada"
    assert found.candidates == []


def test_every_id_and_note_can_be_written_to_a_file(tmp_path: Path) -> None:
    (tmp_path / "class.zip").write_bytes(_zip(("\U00010330" * 90 + ".ipynb", b"{}")))
    eve = tmp_path / "folders" / "eve"
    eve.mkdir(parents=True)
    (eve / "a\n\udcff.ipynb").symlink_to("/etc/passwd")

    (long,), (noted,) = intake.find(tmp_path / "class.zip"), intake.find(tmp_path / "folders")

    (tmp_path / f"{long.learner.id}.json").touch()
    assert noted.notes == ["eve/a??.ipynb is a link or no file, and was left out"]
