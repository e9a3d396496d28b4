"""Receives the photographs or scans that a curator sends, one by one or in zips."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

from werkzeug.datastructures import FileStorage

from exhibit.library.archive import Note, unpack
from recon.formats import photo_formats, scan_file
from recon.formats.file_names import fitting, is_service_file, unused
from recon.formats.photo_formats import UnreadablePhoto
from recon.formats.remarks import Remark

ACCEPTED = (
    *photo_formats.suffixes(),
    *photo_formats.film_suffixes(),
    ".zip",
)  # what a file dialog offers; a phone then makes JPEGs of the rest
SCANS_AND_PHOTOS = (*scan_file.SUFFIXES, *ACCEPTED)

LeftOut = Callable[[Path, str], list[Note]]
"""Removes a file, of this name, that cannot be used, and says why."""


def receive(
    uploaded: Iterable[FileStorage], folder: Path, left_out: LeftOut, *, scratch: Path, max_bytes: int
) -> list[Note]:
    """Save what can be used to `folder`, under the names that the files came with; says what is left out.

    Raises BadBundle, TooLarge for an archive that cannot be unpacked.
    """
    files = list(uploaded)
    notes: list[Note] = []
    taken: set[str] = set()
    for file in files:
        name = PurePosixPath((file.filename or "").replace("\\", "/")).name
        if name.lower().endswith(".zip"):
            _keep(file, scratch)
            inside = folder if len(files) == 1 else folder / unused(fitting(name[: -len(".zip")]), taken)
            unpacked = unpack(scratch, inside, max_bytes=max_bytes)
            scratch.unlink()
            notes += unpacked.notes
            for path in unpacked.files:
                notes += left_out(path, path.relative_to(inside).as_posix())
        elif not is_service_file(PurePosixPath(name)):
            target = folder / unused(fitting(name), taken)
            _keep(file, target)
            if target.name != name:
                notes.append(Note("jobs.photo.renamed", {"name": name[:80], "now": target.name}))
            notes += left_out(target, target.name)
    return notes


def _keep(file: FileStorage, target: Path) -> None:
    """Save an upload, and let go of what it was received in: an upload is never more than one file twice on disk."""
    file.save(target)
    file.close()


def no_scan(path: Path, name: str) -> list[Note]:
    """Of a file that is no scan by its name; what is in it, recon says."""
    if scan_file.is_scan(path):
        return []
    path.unlink()
    return [Note("jobs.scan.left_out", {"name": name})]


def neither(path: Path, name: str) -> list[Note]:
    """Of a file that is no scan by its name and no photo that recon would take."""
    return [] if scan_file.is_scan(path) else no_photo(path, name)


def no_photo(path: Path, name: str) -> list[Note]:
    """Of a file whose header tells that recon would set it aside at once; what is in a film, recon says."""
    if photo_formats.is_film(path):
        return []
    try:
        if not photo_formats.is_read(path) and photo_formats.reason_not_read(path) is None:
            raise UnreadablePhoto(Remark("photo_other"))
        photo_formats.read_size(path)
    except UnreadablePhoto as problem:
        path.unlink()
        return [Note("jobs.photo.left_out", {"name": name, "reason": problem.reason})]
    except Exception:  # a reader met with foreign bytes may raise anything; recon decodes the photo, and says then
        return []
    return []
