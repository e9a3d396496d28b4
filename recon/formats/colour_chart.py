"""The colours of the ColorChecker Classic's 24 patches, as its maker states them or as somebody measured his own.

A file of measured colours is a CSV file with the columns L, a, b (L*a*b*, D50, 2 degrees) and 24 rows, from the brown
patch row by row to the black one; a column before them may name the patches. Source of the two editions: X-Rite, New
color specifications for ColorChecker SG and Classic charts, 2014.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recon.errors import BadChart

ROWS, COLUMNS = 4, 6
WHITE = 18  # the patch's number
_LARGEST = 100_000  # bytes

# fmt: off
_SINCE_2014 = (
    (37.54, 14.37, 14.92), (64.66, 19.27, 17.50), (49.32, -3.82, -22.54), (43.46, -12.74, 22.72),
    (54.94, 9.61, -24.79), (70.48, -32.26, -0.37),
    (62.73, 35.83, 56.50), (39.43, 10.75, -45.17), (50.57, 48.64, 16.67), (30.10, 22.54, -20.87),
    (71.77, -24.13, 58.19), (71.51, 18.24, 67.37),
    (28.37, 15.42, -49.80), (54.38, -39.72, 32.27), (42.43, 51.05, 28.62), (81.80, 2.67, 80.41),
    (50.63, 51.28, -14.12), (49.57, -29.71, -28.32),
    (95.19, -1.03, 2.93), (81.29, -0.57, 0.44), (66.89, -0.75, -0.06), (50.76, -0.13, 0.14),
    (35.63, -0.46, -0.48), (20.64, 0.07, -0.46),
)
_UNTIL_2014 = (
    (37.986, 13.555, 14.059), (65.711, 18.130, 17.810), (49.927, -4.880, -21.925), (43.139, -13.095, 21.905),
    (55.112, 8.844, -25.399), (70.719, -33.397, -0.199),
    (62.661, 36.067, 57.096), (40.020, 10.410, -45.964), (51.124, 48.239, 16.248), (30.325, 22.976, -21.587),
    (72.532, -23.709, 57.255), (71.941, 19.363, 67.857),
    (28.778, 14.179, -50.297), (55.261, -38.342, 31.370), (42.101, 53.378, 28.190), (81.733, 4.039, 79.819),
    (51.935, 49.986, -14.574), (51.038, -28.631, -28.638),
    (96.539, -0.425, 1.186), (81.257, -0.638, -0.335), (66.766, -0.734, -0.504), (50.867, -0.153, -0.270),
    (35.656, -0.421, -1.231), (20.461, -0.079, -0.973),
)
# fmt: on

EDITIONS = {"classic-2014": _SINCE_2014, "classic-2005": _UNTIL_2014}
"""By name: made since November 2014, and before."""


@dataclass(frozen=True, slots=True)
class ChartColours:
    name: str  # of EDITIONS, or the file's
    lab: NDArray[np.float64]  # (24, 3) L*a*b*, D50


def edition(name: str) -> ChartColours:
    return ChartColours(name, np.array(EDITIONS[name]))


def read(path: Path) -> ChartColours:
    """Raises BadChart for a file that is not there or is no such CSV, with the line that cannot be read."""
    if not path.is_file():
        raise BadChart("chart_missing", file=path, charts=list(EDITIONS))
    data = path.read_bytes()
    if len(data) > _LARGEST:
        raise BadChart("chart_rows", file=path.name, count=len(data.splitlines()))
    text = data.decode("utf-8-sig", "replace")
    separator = max(",;\t", key=text.count)
    rows = [row for row in csv.reader(text.splitlines(), delimiter=separator) if any(part.strip() for part in row)]
    header = [part.strip().lower().rstrip("*") for part in rows[0]] if rows else []
    if not {"l", "a", "b"} <= set(header):
        raise BadChart("chart_header", file=path.name)
    place = [header.index(name) for name in "lab"]
    found = []
    for number, row in enumerate(rows[1:], 2):
        try:
            colour = [float(row[column]) for column in place]
        except (ValueError, IndexError) as problem:
            raise BadChart("chart_line", file=path.name, line=number) from problem
        if not (0 <= colour[0] <= 100 and max(map(abs, colour[1:])) <= 128):
            raise BadChart("chart_line", file=path.name, line=number)
        found.append(colour)
    if len(found) != ROWS * COLUMNS:
        raise BadChart("chart_rows", file=path.name, count=len(found))
    return ChartColours(path.name, np.array(found))
