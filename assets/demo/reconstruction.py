"""The options with which the demonstration rebuilds its kiln from photographs."""

from __future__ import annotations

import numpy as np

from recon.modelling.studio import Truth

OPTIONS = """\
# Written by scripts/demo: the dragon kiln's photographs are renderings, so their cameras are known exactly.

[features]
max_features = 4096

[align]
baseline = "{first},{across},{metres:.6f}"
front = "{first}"   # taken from the side of the doors

[depth]
neighbours = 6
quality = "preview"   # minutes instead of a quarter of an hour

[mesh]
max_triangles = 200_000

[gltf]
method = "rendered-photographs"
title_zh = "龙窑（按照片重建的模型）"
title_en = "Dragon kiln, rebuilt from photographs"
statement_zh = "由 {count} 张照片重建。照片是用代码制作的龙窑模型的渲染图，并非真实遗址的照片。\
照片只拍到窑的外面：窑室内部和底面没有拍到，模型里也就没有。"
statement_en = "Rebuilt from {count} photographs: renderings of a kiln modelled in code, not photos of a real site. \
They show the outside only: the inside of the chambers and the underside were not seen, and are not in the model."
credit_zh = "龙窑项目"
credit_en = "The Longyao project"
licence = "CC0-1.0"
"""


def kiln_options(truth: Truth) -> str:
    """TOML for WORK/options.toml. The first camera stands before the doors, on the kiln's +Z side."""
    names = sorted(truth.cameras)
    first, across = names[0], names[len(names) // 2]
    metres = float(np.linalg.norm(truth.cameras[first].centre - truth.cameras[across].centre))
    return OPTIONS.format(first=first, across=across, metres=metres, count=len(names))
