"""What a technician should know of a solved set: why a photo is not placed, where the model hangs by a thread or only
two photos look, and which pictures would help.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pycolmap

from recon.geometry.view_graph import shared_points, weak_links
from recon.messages import Message
from recon.types import MatchGraph, Photo, PhotoSet

_BLURRED = 0.25  # of the median sharpness
_FEW_FEATURES = 300
_FEW_MATCHES = 60
_THREAD = 40  # points that two photos share; fewer hardly fix where they stand to one another
_CONFIRMED = 30  # points of a photo that a third one sees too
_MOST_NAMED = 5
_MOST_LINKS = 3


def why(photo: Photo, taken: PhotoSet, graph: MatchGraph, apart: Mapping[str, int]) -> Message:
    """Why a photo is not placed. apart: photos that make a model of their own, and of how many photos that is."""
    median = float(np.median([each.sharpness for each in taken]))
    best = graph.matches_of(photo.name)
    if best < _FEW_MATCHES and photo.sharpness < _BLURRED * median:
        return Message("reason.blurred", share=photo.sharpness / median)
    if best < _FEW_MATCHES and (count := _features(photo, graph)) < _FEW_FEATURES:
        return Message("reason.few_features", count=count)
    if photo.name in apart:
        return Message("reason.group_apart", count=apart[photo.name])
    if best == 0:
        return Message("reason.shares_nothing")
    return Message("reason.shares_little", count=best) if best < _FEW_MATCHES else Message("reason.contradicts")


def _features(photo: Photo, graph: MatchGraph) -> int:
    with pycolmap.Database.open(graph.database) as opened:
        return int(opened.num_keypoints_for_image(opened.read_image_with_name(photo.path.name).image_id))


def weak_spots(model: pycolmap.Reconstruction) -> Iterator[Message]:
    """Where more pictures would make the model surer, and which."""
    images = sorted((image for image in model.images.values() if image.has_pose), key=lambda image: str(image.name))
    names = [str(image.name) for image in images]
    seen = [np.array([p.point3D_id for p in image.points2D if p.has_point3D()], np.int64) for image in images]
    for link in weak_links(shared_points(seen), _THREAD)[:_MOST_LINKS]:
        one, other = (names[end] for end in link.photos)
        part = [names[n] for n in link.part]
        values = {"count": len(part), "names": part[:_MOST_NAMED], "shared": link.shared}
        yield Message("warning.weak_link", **values, one=one, other=other)
    confirmed = {number: point.track.length() > 2 for number, point in model.points3D.items()}
    few = [n for n, s in zip(names, seen, strict=True) if sum(confirmed[int(number)] for number in s) < _CONFIRMED]
    if few and len(names) > 2:
        yield Message("warning.seen_by_two", count=len(few), names=few[:_MOST_NAMED])
