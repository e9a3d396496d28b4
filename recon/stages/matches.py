"""Matches: which features of which photos show the same point, verified by two-view geometry."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pycolmap

from recon.errors import NoReconstruction, check_room
from recon.geometry import likeness
from recon.progress import Progress
from recon.types import Features, MatchGraph, PhotoSet

VERSION = 3

PAIRS_AT_ONCE = 16  # matched side by side; also what a kill costs at most
LARGEST_FEATURES = 384  # of each photo; by these, similar photos are found
LOOKED_AT = 3  # times as many photos as each is to be matched with are compared by those features
IN_SEQUENCE = 2  # neighbours in the order of names that are matched whether alike or not


@dataclass(frozen=True, kw_only=True)
class MatchesOptions:
    max_ratio: float = 0.8  # Lowe's ratio: lower is stricter
    exhaustive_up_to: int = (
        30  # photos; beyond it each photo meets those most like it, and its neighbours in the sequence
    )
    overlap: int = 20  # photos that each is matched with at least, when not exhaustive
    min_matches: int = 15  # verified matches that make a pair


def build(
    taken: PhotoSet, features: Features, options: MatchesOptions, *, scratch: Path, progress: Progress
) -> MatchGraph:
    """Match and verify into a copy of the features' database, scratch/database.db.

    Raises NoReconstruction when no two photos show the same thing.
    """
    database = scratch / "database.db"
    if not database.exists():
        shutil.copyfile(features.database, scratch / "draft.db")
        (scratch / "draft.db").rename(database)
    with pycolmap.Database.open(database) as opened:
        ids = {i.name: i.image_id for i in opened.read_all_images()}
        wanted = _pairs(opened, ids, options)
        waiting = [(a, b) for a, b in wanted if not opened.exists_two_view_geometry(ids[a], ids[b])]
    progress.start(len(wanted), "pair")
    progress.advance(len(wanted) - len(waiting))
    matching = pycolmap.FeatureMatchingOptions()
    matching.sift.max_ratio = options.max_ratio
    verification = pycolmap.TwoViewGeometryOptions()
    verification.min_num_inliers = options.min_matches
    verification.ransac.random_seed = 0
    pairing = pycolmap.ImportedPairingOptions()
    pairing.match_list_path = scratch / "pairs.txt"
    for start in range(0, len(waiting), PAIRS_AT_ONCE):
        check_room(scratch)
        pairs = waiting[start : start + PAIRS_AT_ONCE]
        pairing.match_list_path.write_text("".join(f"{a} {b}\n" for a, b in pairs), encoding="utf-8")
        pycolmap.match_image_pairs(database, matching, pairing, verification)
        progress.advance(len(pairs))
    graph = MatchGraph(database, _verified(database, taken, options))
    if not graph.pairs:
        raise NoReconstruction("no_pairs")
    return graph


def _pairs(opened: pycolmap.Database, ids: dict[str, int], options: MatchesOptions) -> list[tuple[str, str]]:
    """All pairs of a small set; of a large one those alike: the work grows with the photos, not with their square.

    Each photo chooses at most `overlap` + IN_SEQUENCE others.
    """
    names = sorted(ids)
    if len(names) <= options.exhaustive_up_to:
        return list(combinations(names, 2))
    seen = [
        likeness.largest(opened.read_keypoints(ids[n]), opened.read_descriptors(ids[n]).data, LARGEST_FEATURES)
        for n in names
    ]
    close = likeness.pairs(likeness.similarity(seen), each=LOOKED_AT * options.overlap, in_sequence=0)
    alike = likeness.likeness(seen, close, max_ratio=options.max_ratio)
    return [(names[i], names[j]) for i, j in likeness.pairs(alike, each=options.overlap, in_sequence=IN_SEQUENCE)]


def _verified(database: Path, taken: PhotoSet, options: MatchesOptions) -> tuple[tuple[str, str, int], ...]:
    name_of = {p.path.name: p.name for p in taken}
    with pycolmap.Database.open(database) as opened:
        by_id = {i.image_id: name_of[i.name] for i in opened.read_all_images()}
        pair_ids, counts = opened.read_two_view_geometry_num_inliers()
    pairs = []
    for pair_id, count in zip(pair_ids, counts, strict=True):
        if count >= options.min_matches:
            a, b = pycolmap.pair_id_to_image_pair(pair_id)
            pairs.append((by_id[a], by_id[b], int(count)))
    return tuple(sorted(pairs))
