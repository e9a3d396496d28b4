"""Keyframes of a film: as many as its pictures move, and in each stretch of the way the sharpest one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
ByteArray = NDArray[np.uint8]

_SIDE = 640  # px, at which motion is followed
_CORNERS = 300  # that are followed from frame to frame
_FEWEST = 20  # corners; if fewer can be followed, the picture has changed altogether
_CUT = 0.25  # of the diagonal: how far such a change counts
_TICK = 50  # frames after which a long film says that it goes on
_THREADS = 2


def size(path: Path) -> tuple[int, int, int] | None:
    """Width and height in px and the number of frames, by the header; None where it cannot be read."""
    film = _opened(path)
    if film is None:
        return None
    found = (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT, cv2.CAP_PROP_FRAME_COUNT)
    width, height, count = (int(film.get(what)) for what in found)
    film.release()
    return width, height, max(count, 0)


def keyframes(path: str, out: str, step: float, most: int) -> Iterator[dict[str, Any]]:
    """Write the keyframes of the film `path` to the folder `out` as NNNNNN.jpg, numbered by frame, upright.

    step: of the picture's diagonal, by which the picture moves from one keyframe to the next; most: keyframes. Yields
    now and then, so that who waits knows that it goes on.
    """
    motion, sharpness = [], []
    for number, (moved, sharp) in enumerate(_followed(Path(path))):
        motion.append(moved)
        sharpness.append(sharp)
        if number % _TICK == 0:
            yield {"frame": number}
    wanted = set(chosen(motion, sharpness, step=step, most=most))
    film = _opened(Path(path))
    for number in range(max(wanted, default=-1) + 1):
        if film is None or not film.grab():
            break
        if number in wanted:
            read, frame = film.retrieve()
            if read:
                quality = [cv2.IMWRITE_JPEG_QUALITY, 97, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, 0x111111]
                cv2.imwrite(str(Path(out) / f"{number:06d}.jpg"), frame, quality)
        if number % _TICK == 0:
            yield {"frame": number}


def chosen(motion: Sequence[float], sharpness: Sequence[float], *, step: float, most: int) -> list[int]:
    """The frames to take, by how far each moved from the one before it, and how sharp it is.

    The way is cut into equal stretches of `step`, or longer ones if these are more than `most`; of each the sharpest
    frame is taken. Where the camera stands still, one frame is enough.
    """
    if not len(motion):
        return []
    way = np.cumsum(np.asarray(motion, float))
    count = int(np.clip(np.ceil((way[-1] - way[0]) / step), 1, most))
    stretch = np.minimum(((way - way[0]) / max(way[-1] - way[0], 1e-12) * count).astype(int), count - 1)
    sharp = np.asarray(sharpness, float)
    best = [np.flatnonzero(stretch == n) for n in range(count)]
    return [int(frames[np.argmax(sharp[frames])]) for frames in best if len(frames)]


def _followed(path: Path) -> Iterator[tuple[float, float]]:
    """For each frame: how far the picture moved since the frame before, of its diagonal, and how sharp it is."""
    film, before, corners = _opened(path), None, None
    while film is not None:
        read, frame = film.read()
        if not read:
            break
        grey = _small(frame)
        moved = 0.0
        if before is not None:
            moved = _moved(before, grey, corners)
        corners = cv2.goodFeaturesToTrack(grey, _CORNERS, 0.01, 8)
        before = grey
        yield moved, float(cv2.Laplacian(grey, cv2.CV_32F).var())


def _moved(before: ByteArray, grey: ByteArray, corners: NDArray[np.float32] | None) -> float:
    if corners is None or len(corners) < _FEWEST:
        return _CUT
    found, status, _ = cv2.calcOpticalFlowPyrLK(before, grey, corners, None)
    kept = status.ravel() > 0
    if kept.sum() < _FEWEST:
        return _CUT
    way = np.linalg.norm((found - corners).reshape(-1, 2)[kept], axis=1)
    return float(np.median(way) / np.hypot(*grey.shape))


def _small(frame: ByteArray) -> ByteArray:
    scale = min(1.0, _SIDE / max(frame.shape[:2]))
    grey = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _opened(path: Path) -> cv2.VideoCapture | None:
    film = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, _THREADS])
    return film if film.isOpened() else None
