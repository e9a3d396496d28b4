"""Groups of Dehua white ware: what came out of one firing, and what was packed for the sea. Life size, metres."""

from __future__ import annotations

import numpy as np

from assets.demo.objects.porcelain import box_and_lid, lined, walled
from recon.modelling.glaze import porcelain
from recon.modelling.machine_elements import at
from recon.modelling.model import Model, fitted
from recon.modelling.solids import mm
from recon.modelling.surfaces import Patch, lathe, smooth_profile, turn_about

GLAZE = porcelain("#f2ecdf", warm="#e4d5b8")


def _thrown(
    profile: str, count: int, wall: float, floor: float, foot: float, recess: float, columns: int = 56
) -> Patch:
    outer = smooth_profile(mm(profile), count)
    return walled(outer, lined(outer, wall, floor), GLAZE, foot=foot, recess=recess, columns=columns)


def firing_group(seed: int = 107) -> Model:
    """A covered jar, 0.41 m high, between two beaker vases, with four cups before them."""
    jar = _thrown("62,0 64,9 78,40 116,120 138,192 131,244 97,278 68,291 63,301 65,312", 46, 0.006, 0.015, 0.011, 0.009)
    under = smooth_profile(mm("0,352 40,345 66,331 71,314"), 14)
    cover = smooth_profile(mm("77,314 78,320 71,337 45,353 20,361 12,367 10,373 16,383 18,391 13,403 0,410"), 36)
    line = np.concatenate([under, cover])
    line[[0, -1], 0] = 0
    made = lathe(line, GLAZE, columns=56)
    vase = _thrown("48,0 50,10 41,30 34,80 33,120 43,136 46,150 43,164 32,180 32,230 40,300 62,360 80,392", 54, 0.005,
                   0.014, 0.008, 0.009)  # fmt: skip
    cup = _thrown("20,0 21,6 33,20 39,44 45,58", 20, 0.0028, 0.0085, 0.003, 0.0055)
    patches = [jar, Patch(made.grid, GLAZE, even=True)]
    for side in (-1, 1):
        patches += at(side * 0.33, 0, 0, [vase], turn_about("y", 40 * side))
        for x in (0.17, 0.24):
            patches += at(side * x, 0, 0.092 - 0.3 * abs(x - 0.17), [cup], turn_about("y", 300 * x))
    return fitted(patches, seed=seed)


def export_group(seed: int = 109) -> Model:
    """Dishes and bowls in stacks, as they lay in the hold, and three small boxes from the gaps between."""
    dish = _thrown("60,0 61,5 92,14 120,27 126,33", 18, 0.0042, 0.0095, 0.005, 0.005, 40)
    bowl = _thrown("30,0 31,8 52,22 68,48 76,68", 18, 0.0036, 0.0115, 0.004, 0.0075, 40)
    patches: list[Patch] = []
    for i in range(6):
        patches += at(-0.27 + 0.002 * (-1) ** i, 0.0112 * i, 0.001 * (i % 3), [dish], turn_about("y", 67 * i))
    for x, count in ((-0.02, 4), (0.16, 3)):
        for i in range(count):
            patches += at(x + 0.0015 * (-1) ** i, 0.0185 * i, 0.001 * (i % 2), [bowl], turn_about("y", 83 * i))
    for x, z, turn in ((0.30, 0.05, 20), (0.40, -0.02, 75), (0.33, -0.07, 140)):
        patches += at(x, 0, z, box_and_lid(GLAZE, GLAZE, columns=32), turn_about("y", turn))
    return fitted(patches, seed=seed)
