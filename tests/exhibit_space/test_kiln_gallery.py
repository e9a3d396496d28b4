"""The kiln gallery: its places keep their names, nothing stands in the way, and the kiln behind it burns."""

from __future__ import annotations

import numpy as np

from exhibit.space import kiln_gallery
from exhibit.space.collision import Ground, on_foot
from exhibit.space.fired_kiln import FOOT, HEAD, STOKE_Z, WAY
from exhibit.space.kiln_gallery import BENCHES, HALF_LENGTH, PLINTHS

HALL = kiln_gallery.hall()
KEPT = {
    "dragon-kiln", "meiping", "censer", "saggar", "kick-wheel", "fluted-bowl", "covered-box", "kendi",
    "welcome", "how-it-works", "how-made", "years", "picture", "film",
}  # fmt: skip


def test_the_anchors_that_halls_name_are_there() -> None:
    assert HALL.site.anchors.keys() >= KEPT
    longer = kiln_gallery.hall(bays=8)
    assert longer.site.anchors.keys() >= {"stand-west-1-north", "panel-east-1-south", *KEPT}


def test_benches_leave_room_to_pass() -> None:
    for x, z in BENCHES:
        for plinth in PLINTHS.values():
            apart = max(abs(x - plinth.x) - 0.9 - plinth.wide / 2, abs(z - plinth.z) - 0.21 - plinth.deep / 2)
            assert apart > 0.9


def test_visitors_walk_through_the_kiln_to_its_upper_end() -> None:
    reached = Ground(*HALL.collider()).reachable(on_foot(HALL.document("room")))
    climb = reached[(reached[:, 0] > HALF_LENGTH - FOOT + 0.3) & (reached[:, 0] < HALF_LENGTH - HEAD - 0.3)]
    assert np.ptp(climb[:, 1]) > 1.2
    assert np.abs(climb[:, 2]).max() < WAY  # between the embers, not in them
    assert (reached[:, 0] > HALF_LENGTH - HEAD + 0.5).sum() > 20


def test_the_kiln_burns() -> None:
    glowing = [sheet for sheet in HALL.site.sheets if sheet.finish.picture in ("embers", "flames")]
    shoulders = [s for s in glowing if s.grid[..., 1].min() > 1.9 and s.finish.picture == "flames"]
    assert len(shoulders) == 2 * len(STOKE_Z)
    assert sum(s.finish.picture == "embers" for s in glowing) == 4  # two beds, two fire mouths
