"""Where runs remember: in a folder of the user's."""

from pathlib import Path

from autohdr.run.state.folder import folder_of, roots


def test_each_folder_of_photos_has_one_of_its_own(tmp_path: Path) -> None:
    assert folder_of(Path("/photos"), tmp_path) != folder_of(Path("/photo"), tmp_path)


def test_the_roots_of_a_run_are_folders_of_which_none_is_inside_another(tmp_path: Path) -> None:
    for name in ("a", "a/b", "c"):
        (tmp_path / name).mkdir()
    (tmp_path / "c" / "IMG_1.dng").touch()
    found = roots([tmp_path / "a" / "b", tmp_path / "a", tmp_path / "c" / "IMG_1.dng"])
    assert found == [(tmp_path / name).resolve() for name in ("a", "c")]
