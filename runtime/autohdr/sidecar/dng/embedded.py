"""The XMP packet inside a DNG file: read, written, and brought back (Adobe, XMP specification part 3; DNG 1.7).

A packet is tag 700 of the first directory. A new one is appended together with a copy of that directory that names it;
once both are on the disk, the offset of the first directory in the file's head is changed, four bytes in its first
sector. So at any moment the file holds the old packet or the new one, whole, and no other byte of it has changed.
"""

import contextlib
import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from autohdr.codes import Code
from autohdr.errors import FileError, SidecarError
from autohdr.files.changing.inplace import open_file, open_in_place
from autohdr.files.whole import remove, write_atomically
from autohdr.sidecar.dng.dng_file import DngFile
from autohdr.sidecar.dng.dng_original import Block, DngOriginal, find_original, kept_originals
from autohdr.sidecar.xmp.document import Document
from autohdr.tiff import END, OFFSET_PLACE, Tiff


def read_embedded(path: Path) -> bytes | None:
    """The XMP packet inside a DNG; None where it has none, where the file is no DNG, and where there is no file.

    Only the parts of the file are read that lead there.

    Raises:
        FileError: the file cannot be read.
        SidecarError: it is damaged or a BigTIFF.
    """
    try:
        with open_file(path) as file:
            dng = DngFile.find(path, file)
            return None if dng is None else dng.packet()
    except FileError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return None
        raise


def write_embedded(path: Path, data: bytes, check: Callable[[bytes | None], None] = lambda packet: None) -> Path:
    """Puts an XMP packet into a DNG, in the place of the one that it holds, if any.

    What leads the file back to what it was is written first, beside it. The file grows by the packet and a directory;
    a later packet takes the place of an earlier one of ours where it fits, so it does not grow on and on.

    Args:
        path: the DNG. A symbolic link stays one.
        data: the packet, an XMP document.
        check: given the packet that it holds, once nobody else changes it. What it raises is raised here, and nothing
            has changed.

    Returns:
        Where the original is kept: `IMG_1.dng_xmp_original`.

    Raises:
        FileError: the system refuses, the file is marked read-only or locked or has a second name, or another run is at
            it. It is as it was, unless the disk fails us twice; then it holds either packet, and the kept original is
            there.
        SidecarError: it is no DNG, damaged, a BigTIFF, or has no room below 4 GiB; or `data` is no XMP document. The
            file is untouched.
    """
    Document.parse(data, f"the XMP for {path}")
    path = Path(os.path.realpath(path))
    with open_in_place(path, "write a sidecar with --no-embed") as file:
        dng = DngFile.find(path, file)
        if dng is None:
            raise SidecarError(f"{path} is no DNG file, so no XMP can be put into it; write a sidecar with --no-embed")
        dng.refuse_damaged()
        check(dng.packet())
        if file.length + 1 + dng.block_size(data) > END:
            raise SidecarError(
                f"{path} has no room for XMP: a TIFF file ends at 4 GiB; write a sidecar with --no-embed"
            )
        kept, original = find_original(path, file, dng.tiff)
        new = original is None
        original = original or DngOriginal.of(file, dng.tiff, dng.packet())
        start = _room(dng, original, data)
        block = dng.block(data, start)
        written = Block(start, start + len(block), hashlib.sha256(block).hexdigest())
        live = original.live(dng.tiff)
        blocks = (written,) if live is None else (live, written)
        record = replace(original, blocks=blocks, end=max(file.length, written.end))
        file.refuse_lost()
        write_atomically(kept, record.to_json(), like=path)
        try:
            file.put(start, block)
            file.put(OFFSET_PLACE, dng.tiff.packed_offset(start))
        except BaseException:
            with contextlib.suppress(OSError, FileError):
                file.put(OFFSET_PLACE, dng.tiff.packed_offset(dng.tiff.first))
                file.cut(file.length)
                if new:
                    remove(kept)
            raise
        # Nothing leads to what is behind, and the next writing or undoing removes it if this one cannot.
        with contextlib.suppress(OSError):
            file.cut(written.end)
    return kept


def restore_embedded(path: Path, *, dry_run: bool = False) -> bool:
    """Brings a DNG that we wrote into back to what it was, to the byte. May be killed at any moment and run again.

    Args:
        path: the DNG.
        dry_run: say what would be done, and do nothing.

    Returns:
        False where no original of the DNG is kept, so that there is nothing to undo.

    Raises:
        FileError: the system refuses, the file is marked read-only or locked or has a second name, or another run is
            at it.
        SidecarError: another program has changed the DNG since, and it is left alone; or it is gone or renamed.
    """
    path = Path(os.path.realpath(path))
    names = kept_originals(path)
    if not names:
        return False
    if not path.exists():
        raise SidecarError(f"{path} is gone or has another name; give it its name back, then undo again")
    with open_in_place(path) as file:
        tiff = Tiff.open(file.read)
        kept, original = (names[0], None) if tiff is None else find_original(path, file, tiff)
        if tiff is None or original is None:
            raise SidecarError(
                f"{path} was changed by another program after autohdr wrote into it, and is left alone; "
                f"the XMP that it held before is in {names[0].name}",
                code=Code.CHANGED_SINCE,
            )
        if dry_run:
            return True
        # In this order: what the file leads to is never cut off.
        file.put(OFFSET_PLACE, tiff.packed_offset(original.directory))
        file.cut(original.length)
        remove(kept)
    return True


def _room(dng: DngFile, original: DngOriginal, data: bytes) -> int:
    """The place for a block: right behind the original if nothing is lost there, else behind the one that is in use."""
    live = original.live(dng.tiff)
    start = original.length + original.length % 2
    if live is not None and start + dng.block_size(data) > live.start:
        start = live.end + live.end % 2
    return start
