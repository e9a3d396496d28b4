"""Pictures of several sizes in one array, for kernels that loop over views."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def padded(pictures: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """(K, H, W, ...) with the largest height and width of all; smaller pictures are filled up with 0."""
    height, width = max(p.shape[0] for p in pictures), max(p.shape[1] for p in pictures)
    stack = np.zeros((len(pictures), height, width, *pictures[0].shape[2:]), pictures[0].dtype)
    for k, picture in enumerate(pictures):
        stack[k, : picture.shape[0], : picture.shape[1]] = picture
    return stack
