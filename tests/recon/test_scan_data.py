"""Real scan files of many makers: all read as their libraries read them; what is broken is refused in a sentence."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import laspy
import numpy as np
import open3d as o3d
import pytest
from numpy.typing import NDArray
from pye57 import E57

from recon import foreign
from recon.errors import LongyaoError
from recon.formats import scan_file
from recon.formats.scan_import import take
from recon.formats.scan_look import look

REFUSED = {
    "e57_cryinc/corrupt_crc.e57": "scan_damaged",
    "e57_libE57/self/bad-crc.e57": "scan_damaged",
    "pdal/las/garbage_nVariableLength.las": "cut_short",  # its last point lacks six bytes
    "pdal/pcd/missingheader.pcd": "pcd_header",
    "pdal/ply/no_vertex.ply": "ply_points",
    "pdal/ply/sized_dims.ply": "ply_points",
    "pdal/ply/unsized_dims.ply": "ply_points",
    "pdal/text/badheader.txt": "scan_no_xyz",
    "pdal/text/text.txt": "scan_no_rows",
    "pdal/unicode/japanese-pr2135.txt": "scan_no_rows",
    "pdal/unicode/japanese-pr2227.txt": "scan_no_rows",
}
DOUBTFUL = {"pdal/ply/issue_2421.ply", "pdal/text/largescan.txt"}  # whose numbers can hardly be metres
CRS = {
    "pdal/copc/1.2-with-color.copc.laz": "EPSG:2991+6360",
    "pdal/las/bad_vlr_count.las": "EPSG:32617",
    "pdal/las/epsg_4326.las": "EPSG:4326",
    "pdal/las/no-points.las": "EPSG:4269",
    "pdal/las/spurious.las": "EPSG:4326",
    "pdal/las/utm15.las": "EPSG:26915",
    "pdal/laz/autzen_trim.laz": "NAD_1983_HARN_Lambert_Conformal_Conic",
}
TEXT = {  # points, as wc -l and a look into the file say
    "pdal/pcd/autzen-utm.pcd": 1065,
    "pdal/pcd/utm17_comma.pcd": 10,
    "pdal/pcd/utm17_space.pcd": 10,
    "pdal/pcd/utm17_tab.pcd": 10,
    "pdal/pts/autzen.pts": 10,
    "pdal/pts/bunny_8.pts": 8,
    "pdal/pts/site_56_8.pts": 8,
    "pdal/pts/test.pts": 19,
    "pdal/ptx/1.2-with-color.ptx": 1065,
    "pdal/ptx/complex-transform.ptx": 4,
    "pdal/ptx/multiple-and-transform.ptx": 8,
    "pdal/ptx/no-color.ptx": 15,
    "pdal/text/crlf_test.txt": 10,
    "pdal/text/crlf_test2.txt": 10,
    "pdal/text/decimate_file_grid.txt": 81,
    "pdal/text/duplicates-sorted.txt": 7,
    "pdal/text/duplicates-unsorted.txt": 7,
    "pdal/text/file1.txt": 9,
    "pdal/text/file2.txt": 9,
    "pdal/text/file3.txt": 9,
    "pdal/text/largescan.txt": 6,
    "pdal/text/missingheader.txt": 5,
    "pdal/text/numeric_dim.txt": 5,
    "pdal/text/quoted.txt": 9,
    "pdal/text/quoted2.txt": 9,
    "pdal/text/utm17_1.txt": 10,
    "pdal/text/utm17_2.txt": 10,
    "pdal/text/utm17_3.txt": 11,
    "pdal/text/with_edgeofflightline.txt": 10000,
    "registration/libpointmatcher/cloud_0.vtk": 36674,
    "registration/libpointmatcher/cloud_1.vtk": 36670,
    "registration/simpleICP/webots1.xyz": 44366,
    "registration/simpleICP/webots2.xyz": 45100,
}


def read_all(paths: list[str]) -> Iterator[dict[str, Any]]:
    """Runs in one child: what `look` says of each file, how many points `take` writes; or the error's key."""
    for path in paths:
        told: dict[str, Any] = {"path": path}
        try:
            *_, told["look"] = look(path, Path(path).name)
            with TemporaryDirectory() as folder:
                for _ in take(path, Path(path).name, folder, None, 0.0):
                    pass
                plys = sorted(Path(folder).glob("*.ply"))
                told["taken"] = [scan_file.open_scan(ply, ply.name).headers[0].records for ply in plys]
        except LongyaoError as error:
            told |= {"error": error.key, "texts": [error.text("zh"), error.text("en")]}
        yield told
    status = Path("/proc/self/status").read_text("ascii")  # ru_maxrss would begin with what the tests' process had
    yield {"path": "", "peak_mb": int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024}


@pytest.fixture(scope="module")
def scans(real_data: Path) -> Path:
    return real_data / "scans"


@pytest.fixture(scope="module")
def read(scans: Path) -> dict[str, dict[str, Any]]:
    paths = [path for path in sorted(scans.rglob("*")) if path.suffix.lower() in scan_file.SUFFIXES]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), *sys.path]))
        arguments = {"paths": [str(path) for path in paths]}
        told = list(foreign.values("test_scan_data:read_all", arguments, name="all"))
    return {Path(one["path"]).relative_to(scans).as_posix() if one["path"] else "": one for one in told}


def test_what_is_broken_is_refused_and_nothing_else(read: dict[str, dict[str, Any]]) -> None:
    said = ("license", "readme")
    refused = {name: one["error"] for name, one in read.items() if "error" in one and "look" not in one}
    assert {name: key for name, key in refused.items() if not Path(name).stem.lower().startswith(said)} == REFUSED
    for name, one in read.items():
        for text in one.get("texts", []):
            assert Path(name).name in text
            assert "{" not in text
    assert {name for name, one in read.items() if one.get("error") == "scan_unit"} == DOUBTFUL
    empty = {name for name, one in read.items() if one.get("error") == "scan_no_points" and "look" in one}
    assert all(not read[name]["look"]["scans"] for name in empty)


def test_no_file_takes_much_memory(read: dict[str, dict[str, Any]]) -> None:
    assert read[""]["peak_mb"] < 500


def test_text_has_as_many_points_as_rows(read: dict[str, dict[str, Any]]) -> None:
    for name, count in TEXT.items():
        found = [scan["points"] for scan in read[name]["look"]["scans"]]
        assert sum(found) == count, name
        assert name in DOUBTFUL or read[name]["taken"] == found, name


def test_las_is_as_laspy_says(read: dict[str, dict[str, Any]], scans: Path) -> None:
    for name in [name for name in read if name.endswith((".las", ".laz")) and name not in REFUSED]:
        with laspy.open(scans / name) as file:
            las = file.read()
        (scan,) = read[name]["look"]["scans"]
        assert scan["points"] == len(las.points)
        assert read[name].get("taken", [0]) == [len(las.points)]
        assert scan["crs"] == CRS.get(name)
        assert scan["colors"] == ("red" in las.point_format.dimension_names)
        if len(las.points):
            assert_bounds(scan, np.stack([las.x, las.y, las.z], -1))


def test_e57_is_as_pye57_says(read: dict[str, dict[str, Any]], scans: Path) -> None:
    for name in [name for name in read if name.endswith(".e57") and name not in REFUSED]:
        with E57(str(scans / name)) as file:
            assert len(read[name]["look"]["scans"]) == file.scan_count
            for number, scan in enumerate(read[name]["look"]["scans"]):
                assert scan["colors"] == ("colorRed" in file.get_header(number).point_fields)
                if not file.get_header(number).point_count:
                    assert scan["points"] == 0
                    continue
                theirs = file.read_scan(number, ignore_missing_fields=True)
                assert scan["points"] == len(theirs["cartesianX"])
                assert read[name]["taken"][number] == scan["points"]
                assert_bounds(scan, np.stack([theirs[f"cartesian{axis}"] for axis in "XYZ"], -1))


def test_pcd_and_ply_are_as_open3d_says(read: dict[str, dict[str, Any]], scans: Path) -> None:
    theirs = ("pdal/ply/text_extradim.ply", "pdal/pcd/")  # which Open3D does not read
    for name in [n for n in read if n.endswith((".pcd", ".ply")) and n not in REFUSED and not n.startswith(theirs)]:
        cloud = o3d.io.read_point_cloud(str(scans / name), remove_nan_points=True)
        (scan,) = read[name]["look"]["scans"]
        assert scan["points"] == len(cloud.points), name
        assert_bounds(scan, np.asarray(cloud.points))


def assert_bounds(scan: dict[str, Any], points: NDArray[Any]) -> None:
    assert np.allclose(scan["bounds"]["min"], points.min(0), rtol=1e-7, atol=1e-6)
    assert np.allclose(scan["bounds"]["max"], points.max(0), rtol=1e-7, atol=1e-6)
