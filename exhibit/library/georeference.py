"""Where an asset stood when it was measured, once the asset was moved, scaled or turned."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recon.formats.asset_document import Georeference
from recon.formats.bundle import georeference


def moved(there: Georeference, moved_from_asset: NDArray[np.float64]) -> Georeference:
    """moved_from_asset (4, 4): what was done to the asset's coordinates."""
    survey_from_asset = np.reshape(there["survey_from_asset"], (4, 4)).T
    return georeference(survey_from_asset @ np.linalg.inv(moved_from_asset), there.get("crs"))
