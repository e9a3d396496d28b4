"""The demonstration's objects as tests need them that look at shapes."""

from __future__ import annotations

import sys
from functools import cache, partial
from unittest.mock import patch

from assets.demo.exhibits import MODELS
from assets.demo.objects.kiln import dragon_kiln
from recon.modelling.model import Model, fitted


@cache
def coarse_model(name: str) -> Model:
    """The thing with a coarse atlas: painting takes most of the time, and the shape is the same."""
    if name == "dragon-kiln":
        return dragon_kiln(texel=0.003)
    make = MODELS[name].model
    module = sys.modules[make.__module__]
    if not hasattr(module, "fitted"):
        return make()
    with patch.object(module, "fitted", partial(fitted, side=512)):
        return make()
