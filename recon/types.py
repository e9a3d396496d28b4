"""The frozen dataclasses that stages pass to one another.

World frame, from `align` on: right-handed, +Y up, metres where `Frame.unit` is "metre", else arbitrary length. Camera
frame: +X right, +Y down, +Z forward (OpenCV, COLMAP). Pixel (0.5, 0.5) is the centre of the top left pixel. Transforms
are named `target_from_source`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from recon.formats.ply import Ply, ply_blocks
from recon.geometry import neighbours
from recon.geometry.exposure import Exposure
from recon.messages import Message

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int32]
ByteArray = NDArray[np.uint8]
BoolArray = NDArray[np.bool_]
Unit = Literal["metre", "arbitrary"]


def _check(what: str, array: NDArray[np.generic], dtype: type, *shape: int | None) -> None:
    """Raise ValueError unless `array` has this dtype and shape; None in `shape` means any length."""
    fits = array.ndim == len(shape) and all(w is None or w == n for w, n in zip(shape, array.shape, strict=True))
    if array.dtype != dtype or not fits:
        raise ValueError(f"{what}: expected {np.dtype(dtype)} {shape}, got {array.dtype} {array.shape}")


@dataclass(frozen=True, slots=True)
class Photo:
    """One photograph, decoded and upright, as PNG or JPEG in the workspace."""

    name: str  # the file's name below the source folder, with forward slashes
    path: Path  # the upright picture that the stages read
    width: int  # px, upright
    height: int  # px, upright
    focal_px: float | None  # from EXIF; None where unknown
    camera_key: str  # photos with the same key share one camera: make, model, lens, zoom, size (recon.formats.exif)
    sharpness: float  # variance of the Laplacian at 1000 px, grey levels squared
    exposure: float  # mean grey level, 0..1
    taken: str | None = None  # EXIF date, ISO 8601
    gps: tuple[float, float, float | None] | None = None  # latitude and longitude in degrees, altitude in metres
    mask: Path | None = None  # PNG of the upright picture's size, white where it is kept; None: all of it
    left_out: float = 0.0  # share of the picture that the mask leaves out
    outlined: bool = False  # the mask is the object's outline: what it leaves out is background, and hides nothing


@dataclass(frozen=True, slots=True)
class PhotoSet:
    photos: tuple[Photo, ...]
    set_aside: tuple[tuple[str, str], ...] = ()  # (name, reason) of files that are not used

    def __len__(self) -> int:
        return len(self.photos)

    def __iter__(self) -> Iterator[Photo]:
        return iter(self.photos)

    def degrees(self) -> dict[str, tuple[float, float, float]]:
        """By photo, where its file says all of it: longitude and latitude in degrees, height in metres."""
        return {p.name: (p.gps[1], p.gps[0], p.gps[2]) for p in self.photos if p.gps and p.gps[2] is not None}

    def __str__(self) -> str:
        return f"{len(self.photos)} photos, {len(self.set_aside)} set aside"


@dataclass(frozen=True, slots=True)
class Features:
    """Keypoints and descriptors of every photo; a handle to a COLMAP database whose image names are Photo.path.name."""

    database: Path
    num_keypoints: tuple[tuple[str, int], ...]  # (photo name, count)

    def __str__(self) -> str:
        return f"{sum(n for _, n in self.num_keypoints):,} features in {len(self.num_keypoints)} photos"


@dataclass(frozen=True, slots=True)
class Foreground:
    """Photos with masks of what is the object, and their features."""

    photos: PhotoSet
    features: Features

    def __str__(self) -> str:
        masked = sum(photo.mask is not None for photo in self.photos)
        return f"{masked} of {len(self.photos)} photos masked, {self.features}"


@dataclass(frozen=True, slots=True)
class MatchGraph:
    """Geometrically verified matches; a handle to a COLMAP database (features and matches)."""

    database: Path
    pairs: tuple[tuple[str, str, int], ...]  # (photo name, photo name, verified matches)

    def matches_of(self, name: str) -> int:
        """The most verified matches that this photo has with any other."""
        return max((n for a, b, n in self.pairs if name in (a, b)), default=0)

    def __str__(self) -> str:
        return f"{len(self.pairs)} pairs of photos, {sum(n for _, _, n in self.pairs):,} verified matches"


@dataclass(frozen=True, slots=True)
class Cameras:
    """Solved cameras and sparse points in the solver's own frame; a handle to a COLMAP model folder.

    From here on COLMAP's image names are Photo.name.
    """

    folder: Path
    registered: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]  # (photo name, why it could not be placed)
    num_points: int
    reprojection_px: float

    def __str__(self) -> str:
        return f"{len(self.registered)} photos placed, {self.num_points:,} points, {self.reprojection_px:.2f} px"


@dataclass(frozen=True, slots=True)
class Targets:
    """Coded targets that photos saw, in the frame of Cameras."""

    markers: str | None  # the set they are of (recon.geometry.targets); None where there were none
    numbers: IntArray  # (N,)
    points: FloatArray  # (N, 3) their middles
    num_views: IntArray  # (N,) photos that agree
    errors_px: FloatArray  # (N,) rms distance of where photos show it from where it is

    def __post_init__(self) -> None:
        _check("Targets.points", self.points, np.float64, len(self.numbers), 3)

    @classmethod
    def none(cls) -> Targets:
        return cls(None, np.zeros(0, np.int32), np.zeros((0, 3)), np.zeros(0, np.int32), np.zeros(0))

    def __str__(self) -> str:
        return f"{len(self.numbers)} targets"


@dataclass(frozen=True, slots=True)
class Georeference:
    """Where the world frame lies among the coordinates of a survey."""

    survey_from_world: FloatArray  # (4, 4) metres
    crs: str | None = None  # the survey's coordinate reference system, such as "EPSG:32650"

    def __post_init__(self) -> None:
        _check("Georeference.survey_from_world", self.survey_from_world, np.float64, 4, 4)


@dataclass(frozen=True, slots=True)
class Check:
    """A known length or place, and by how much the model differs from it when it is left out of the model's making."""

    kind: Literal["bar", "control"]  # a scale bar, a ground control point
    name: str
    error_m: float
    used: bool = True  # False: the others contradict it, and the model does not rest on it


@dataclass(frozen=True, slots=True)
class Frame:
    """The world frame: its unit, and how scale and up were found."""

    unit: Unit
    scale_source: str | None = None  # how metres are known; None when unit is "arbitrary"
    up_source: str = "none"  # how +Y was found: "photos" (their horizon), "ground", "gps", "control", "none"
    cut_height: float | None = None  # what lies lower is the table, not the object; None keeps everything
    scale_check_m: float | None = None  # rms by which known lengths differ from what the others say; None: no check
    georeference: Georeference | None = None  # None where nobody knows where on Earth it lies
    checks: tuple[Check, ...] = ()  # of lengths and places that were known
    scale_message: Message | None = None  # scale_source in every language, where a stage has said it so


@dataclass(frozen=True, slots=True)
class View:
    """An undistorted photograph with its pinhole camera. Depth and texture work on views."""

    name: str  # Photo.name
    path: Path  # undistorted picture
    width: int
    height: int
    k: FloatArray  # (3, 3) px
    cam_from_world: FloatArray  # (3, 4)
    mask: Path | None = None  # undistorted, PNG, white where the picture is kept; None: all of it
    outlined: bool = False  # as Photo.outlined

    def __post_init__(self) -> None:
        _check("View.k", self.k, np.float64, 3, 3)
        _check("View.cam_from_world", self.cam_from_world, np.float64, 3, 4)

    @property
    def centre(self) -> FloatArray:
        """Camera centre in the world, (3,)."""
        return -self.cam_from_world[:, :3].T @ self.cam_from_world[:, 3]

    def scaled(self, width: int, height: int) -> FloatArray:
        """Intrinsics (3, 3) for this picture resized to width x height."""
        k = self.k.copy()
        k[0] *= width / self.width
        k[1] *= height / self.height
        return k

    def kept(self, width: int, height: int) -> BoolArray | None:
        """(height, width) True where the mask keeps this picture, resized so; None where there is no mask."""
        if self.mask is None:
            return None
        mask = cv2.imread(str(self.mask), cv2.IMREAD_GRAYSCALE)
        if mask is None:
            raise FileNotFoundError(self.mask)
        return np.asarray(cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA) > 127)


@dataclass(frozen=True, slots=True)
class Sight:
    """A place from which something was measured, as a pinhole camera without a picture."""

    k: FloatArray  # (3, 3) px
    cam_from_world: FloatArray  # (3, 4)
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What scans add to a model."""

    scans: tuple[str, ...]  # names of the scans that were placed
    left_out: tuple[tuple[str, str], ...]  # (name, reason) of those that were not
    scanners: FloatArray  # (S, 3) world, where scanners stood; those of whom nobody knows are not among them
    cloud: PointCloud  # world; paints what no photo shows
    colored_by: Literal["color", "intensity", "none"]  # what the cloud's colours are; none: a plain grey
    rmse_m: float | None  # between overlapping scans; None for a single one

    FACE_PX: ClassVar[int] = 2048  # side of a face of the cube that stands for a scanner's sight

    def sights(self) -> Iterator[Sight]:
        """Six cameras of 90 degrees for each scanner's place."""
        half = self.FACE_PX / 2
        k = np.array([[half, 0, half], [0, half, half], [0, 0, 1.0]])
        for centre in self.scanners:
            for axis in range(3):
                for sign in (1.0, -1.0):
                    forward, down = np.zeros(3), np.zeros(3)
                    forward[axis], down[(axis + 1) % 3] = sign, 1.0
                    rotation = np.stack([np.cross(down, forward), down, forward])
                    pose = np.column_stack([rotation, -rotation @ centre])
                    yield Sight(k, pose, self.FACE_PX, self.FACE_PX)


@dataclass(frozen=True, slots=True)
class SparseModel:
    """Cameras and sparse points in the world frame; a handle to a COLMAP model folder, with the arrays that dense
    needs. A model from scans alone has no photos and no folder.
    """

    folder: Path | None  # COLMAP model (binary), all registered photos
    views: tuple[View, ...]  # undistorted; held-out photos are not among them
    points: FloatArray  # (N, 3) world
    point_colors: ByteArray  # (N, 3) RGB
    point_errors_px: FloatArray  # (N,) mean reprojection error
    observations: tuple[IntArray, ...]  # per view: (M,) indices into points that it sees
    frame: Frame
    reprojection_px: float
    registered: tuple[str, ...]  # names of all registered photos
    missing: tuple[tuple[str, str], ...] = ()  # (name, reason) of photos that could not be placed
    held_out: tuple[str, ...] = ()  # placed, but kept from depth and texture
    surveyed: Surveyed | None = None

    @property
    def sights(self) -> tuple[View | Sight, ...]:
        """All places from which photos and scans looked."""
        return self.views if self.surveyed is None else (*self.views, *self.surveyed.sights())

    def __post_init__(self) -> None:
        _check("SparseModel.points", self.points, np.float64, None, 3)
        _check("SparseModel.point_colors", self.point_colors, np.uint8, None, 3)

    def neighbour_scores(self) -> FloatArray:
        """How well view j helps to measure view i, (V, V) (recon.geometry.neighbours)."""
        pixels = []
        for view, seen in zip(self.views, self.observations, strict=True):
            on_picture = (self.points[seen] @ view.cam_from_world[:, :3].T + view.cam_from_world[:, 3]) @ view.k.T
            pixels.append(np.clip(on_picture[:, :2] / on_picture[:, 2:] / [view.width, view.height], 0, 1))
        return neighbours.scores(
            np.array([v.centre for v in self.views]), self.points, self.observations, tuple(pixels)
        )

    def __str__(self) -> str:
        return (
            f"{len(self.registered)} photos placed, {len(self.points):,} points, "
            f"{self.reprojection_px:.2f} px, {self.frame.unit}"
        )


@dataclass(frozen=True, slots=True)
class Joined:
    """Photos and scans in the scans' frame."""

    cloud: PointCloud  # what scans measured, and what photos add or show finer
    sparse: SparseModel
    share: float  # of the photos' points that lie on what scans measured, 0..1
    rmse_m: float  # of those points
    added: int  # points from photos alone
    confirmed: int  # points of photos that lie on a scan's surface and are not kept twice
    finer: int = 0  # points of photos that are kept instead of scans', because they show finer things

    def __str__(self) -> str:
        return f"{self.cloud}, {self.added:,} from photos alone; {self.share:.0%} of the photos' lie on the scans"


@dataclass(frozen=True, slots=True)
class DepthMap:
    """One view's depth; a handle. The arrays are read when asked for."""

    LEAST_MEASURED: ClassVar[float] = 1.5 / 255  # confidence; below it, depth was extended, not measured

    view: str  # View.name
    path: Path  # .npz

    def load(self) -> tuple[Float32Array, Float32Array, Float32Array]:
        """depth (H, W) along +Z in world units, 0 where unknown; normal (H, W, 3) camera frame; confidence (H, W)
        0..1.
        """
        with np.load(self.path) as stored:
            return (
                stored["depth"].astype(np.float32),
                stored["normal"].astype(np.float32) / 127.0,
                stored["confidence"].astype(np.float32) / 255.0,
            )


@dataclass(frozen=True, slots=True)
class DepthMaps:
    sparse: SparseModel
    maps: tuple[DepthMap, ...]  # in the order of sparse.views

    def __str__(self) -> str:
        return f"{len(self.maps)} depth maps"


@dataclass(frozen=True, slots=True)
class Points:
    """Points of a surface in memory, world frame. A point that no photo and no scan measured is inferred."""

    points: Float32Array  # (N, 3)
    normals: Float32Array  # (N, 3) unit, towards the cameras or scanners
    colors: ByteArray  # (N, 3) RGB
    num_views: ByteArray  # (N,) photos that measured the point
    sigma: Float32Array  # (N,) standard deviation along the ray (photos) or the normal (scans), world units
    num_scans: ByteArray  # (N,) scans that measured the point

    def __post_init__(self) -> None:
        n = len(self.points)
        _check("Points.points", self.points, np.float32, None, 3)
        _check("Points.normals", self.normals, np.float32, n, 3)
        _check("Points.colors", self.colors, np.uint8, n, 3)
        _check("Points.num_views", self.num_views, np.uint8, n)
        _check("Points.sigma", self.sigma, np.float32, n)
        _check("Points.num_scans", self.num_scans, np.uint8, n)

    def __len__(self) -> int:
        return len(self.points)

    def only(self, chosen: NDArray[np.bool_] | slice) -> Points:
        return Points(*(getattr(self, f.name)[chosen] for f in fields(Points)))

    def ply(self) -> Ply:
        """As recon.formats.ply.PlyWriter writes them."""
        return Ply(**{f.name: getattr(self, f.name) for f in fields(Points)})

    @property
    def measured_by(self) -> ByteArray:
        """(N, 2) photos and scans that measured each point."""
        return np.stack([self.num_views, self.num_scans], axis=1)


@dataclass(frozen=True, slots=True)
class PointCloud:
    """Fused or scanned points; a handle, read block by block, so that the memory does not grow with their number."""

    AT_ONCE: ClassVar[int] = 1 << 18  # points in memory

    path: Path  # .ply (recon.formats.ply)
    count: int

    def __len__(self) -> int:
        return self.count

    def blocks(self) -> Iterator[Points]:
        for ply in ply_blocks(self.path, self.AT_ONCE):
            ours: Any = ply  # which says all of its points, and Points checks that
            num_scans = np.zeros(len(ply.points), np.uint8) if ply.num_scans is None else ply.num_scans
            yield Points(ours.points, ours.normals, ours.colors, ours.num_views, ours.sigma, num_scans)

    def sample(self, most: int) -> Points:
        """All points if they are no more than `most`; otherwise every n-th point, at most `most`."""
        step = max(1, -(-self.count // most))
        parts, start = [], 0
        for block in self.blocks():
            parts.append(block.only(slice(-start % step, None, step)))
            start += len(block)
        return Points(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Points)))

    def load(self) -> Points:
        return self.sample(self.count)

    def __str__(self) -> str:
        return f"{self.count:,} points"


@dataclass(frozen=True, slots=True)
class ScanPoints:
    """Points of a scan in memory, in the scan's own frame; None where the file says nothing."""

    points: Float32Array  # (N, 3) metres
    colors: ByteArray | None = None  # (N, 3) RGB
    intensity: Float32Array | None = None  # (N,) 0..1
    classes: ByteArray | None = None  # (N,) ASPRS LAS 1.4, table 17

    def __post_init__(self) -> None:
        n = len(self.points)
        _check("ScanPoints.points", self.points, np.float32, None, 3)
        if self.colors is not None:
            _check("ScanPoints.colors", self.colors, np.uint8, n, 3)
        if self.intensity is not None:
            _check("ScanPoints.intensity", self.intensity, np.float32, n)
        if self.classes is not None:
            _check("ScanPoints.classes", self.classes, np.uint8, n)

    def __len__(self) -> int:
        return len(self.points)


@dataclass(frozen=True, slots=True)
class ScanPicture:
    """A picture that a scanner took, with its camera."""

    name: str
    path: Path  # JPEG or PNG in the workspace
    width: int
    height: int
    projection: Literal["pinhole", "spherical", "cylindrical"]
    k: FloatArray | None  # (3, 3) px of a pinhole; None for the others
    scan_from_camera: FloatArray  # (4, 4); camera +X right, +Y down, +Z forward, which is a panorama's middle
    pixel: tuple[float, float] | None = None  # of a panorama: radians across and down; a cylinder's down: length


@dataclass(frozen=True, slots=True)
class Scan:
    """What was measured from one place, or a cloud that others merged before; a handle, read block by block.

    The scan's own frame is a few metres to kilometres wide around 0, so that float32 holds its points, and +Z up if it
    is levelled. `file_from_scan` leads to the file's own coordinates, in double precision and in metres; degrees become
    metres from the Earth's centre (EPSG:4978).
    """

    AT_ONCE: ClassVar[int] = 1 << 18  # points in memory

    name: str  # the file below the source folder; with "#2" behind it, its second scan
    path: Path  # .ply (recon.formats.ply), scan frame, metres
    count: int
    low: FloatArray  # (3,) scan frame
    high: FloatArray  # (3,)
    spacing_m: float  # median distance of a point from its nearest neighbour
    file_from_scan: FloatArray  # (4, 4) rotation and translation, in metres whatever the file's unit is
    posed: bool  # whether the file says how this scan lies to the others: a pose or coordinates of a reference system
    scanner: FloatArray | None = None  # (3,) where the scanner stood, scan frame; None where nobody knows
    crs: str | None = None  # coordinate reference system of the file, such as "EPSG:32617"
    pictures: tuple[ScanPicture, ...] = ()

    def __post_init__(self) -> None:
        _check("Scan.file_from_scan", self.file_from_scan, np.float64, 4, 4)

    def __len__(self) -> int:
        return self.count

    def blocks(self) -> Iterator[ScanPoints]:
        for ply in ply_blocks(self.path, self.AT_ONCE):
            yield ScanPoints(ply.points, ply.colors, ply.intensity, ply.classes)

    def sample(self, most: int) -> ScanPoints:
        """All points if they are no more than `most`; otherwise every n-th point, at most `most`."""
        step, start = max(1, -(-self.count // most)), 0
        parts: dict[str, list[NDArray[Any]]] = {}
        for block in self.blocks():
            for f in fields(ScanPoints):
                if (column := getattr(block, f.name)) is not None:
                    parts.setdefault(f.name, []).append(column[-start % step :: step])
            start += len(block)
        return ScanPoints(**{name: np.concatenate(columns) for name, columns in parts.items()})


@dataclass(frozen=True, slots=True)
class ScanSet:
    scans: tuple[Scan, ...]
    set_aside: tuple[tuple[str, str], ...] = ()  # (name, reason) of files that are not used

    def __len__(self) -> int:
        return len(self.scans)

    def __iter__(self) -> Iterator[Scan]:
        return iter(self.scans)

    def __str__(self) -> str:
        return f"{len(self.scans)} scans, {sum(len(s) for s in self):,} points, {len(self.set_aside)} set aside"


@dataclass(frozen=True, slots=True)
class ScanPair:
    """How two scans fit together."""

    source: str  # Scan.name
    target: str
    target_from_source: FloatArray  # (4, 4)
    overlap: float  # the smaller share of either's points that lie on the other, 0..1
    rmse_m: float  # of those points, along the normals
    confidence: float  # 0..1
    used: bool  # whether the poses rest on it; a pair that contradicts the others is not used


@dataclass(frozen=True, slots=True)
class PlacedScans:
    """Scans in one world frame: metres, +Y up, around 0."""

    scans: tuple[Scan, ...]  # those that fit
    world_from_scan: FloatArray  # (S, 4, 4)
    frame: Frame
    pairs: tuple[ScanPair, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()  # (name, reason)

    def __post_init__(self) -> None:
        _check("PlacedScans.world_from_scan", self.world_from_scan, np.float64, len(self.scans), 4, 4)

    def __str__(self) -> str:
        used = sum(pair.used for pair in self.pairs)
        return f"{len(self.scans)} scans placed by {used} pairs, {len(self.left_out)} left out"


@dataclass(frozen=True, slots=True)
class Plane:
    """A flat piece of what was scanned, world frame: the rectangle around it, and how much of that is there."""

    kind: Literal["floor", "ceiling", "wall", "plane"]
    normal: FloatArray  # (3,) unit, to the side that was scanned
    centre: FloatArray  # (3,) of the rectangle, on the plane
    along: FloatArray  # (3,) unit, the direction of the length; level where the plane is upright
    length_m: float
    width_m: float  # across `along`; the height of a wall
    area_m2: float  # that points cover
    residual_m: float  # root mean square distance of the points from the plane
    num_points: int  # that the fit rests on

    def __post_init__(self) -> None:
        for name in ("normal", "centre", "along"):
            _check(f"Plane.{name}", getattr(self, name), np.float64, 3)


@dataclass(frozen=True, slots=True)
class Cylinder:
    """A pipe, shaft, column or chimney, world frame."""

    start: FloatArray  # (3,) the ends of its axis
    end: FloatArray  # (3,)
    radius_m: float
    hollow: bool  # whether it was scanned from within
    coverage: float  # share of the circumference that was scanned, 0..1
    residual_m: float  # root mean square distance of the points from the surface
    num_points: int  # that the fit rests on

    def __post_init__(self) -> None:
        for name in ("start", "end"):
            _check(f"Cylinder.{name}", getattr(self, name), np.float64, 3)

    @property
    def length_m(self) -> float:
        return float(np.linalg.norm(self.end - self.start))


@dataclass(frozen=True, slots=True)
class CleanCloud:
    """Scans as one cloud: thinned, without what does not belong to the place, and understood.

    The cloud's file has the columns of a PointCloud, num_views 0, and intensity, classification and num_scans beside
    them. Its classes are those of ASPRS LAS 1.4, table 17, and the user's own from 64 on.
    """

    UNCLASSIFIED: ClassVar[int] = 1
    GROUND: ClassVar[int] = 2  # floor, too
    WALL: ClassVar[int] = 6  # LAS: building
    CEILING: ClassVar[int] = 64
    PLANE: ClassVar[int] = 65  # any other plane
    CYLINDER: ClassVar[int] = 66

    cloud: PointCloud
    spacing_m: float  # points are at most this dense
    num_read: int  # points of the scans
    dropped: tuple[tuple[str, int], ...]  # (reason, points): "mixed", "moved", "stray", "lonely"; thinning not counted
    planes: tuple[Plane, ...]  # the largest first
    cylinders: tuple[Cylinder, ...]  # the longest first
    colored_by: Literal["color", "intensity", "none"]  # what most points' colours are; none: a plain grey

    def __str__(self) -> str:
        dropped = sum(count for _, count in self.dropped)
        return (
            f"{self.cloud}, {self.spacing_m * 1000:.1f} mm apart, {dropped / max(self.num_read, 1):.1%} dropped, "
            f"{len(self.planes)} planes, {len(self.cylinders)} cylinders"
        )


@dataclass(frozen=True, slots=True)
class TiledCloud:
    """A cloud as 3D Tiles; every point lies in one tile."""

    path: Path  # .3tz (recon.formats.tile_archive)
    num_points: int
    num_tiles: int
    low: FloatArray  # (3,) world
    high: FloatArray  # (3,)
    coincident: int = 0  # points left out, because another lies at their place, to 2^-21 of the cloud's size
    georeference: Georeference | None = None

    def __str__(self) -> str:
        return f"{self.num_points:,} points in {self.num_tiles:,} tiles"


@dataclass(frozen=True, slots=True)
class Mesh:
    """Triangles, world frame, counter-clockwise from outside."""

    vertices: Float32Array  # (V, 3)
    faces: IntArray  # (F, 3)
    num_views: ByteArray  # (F,) photos that measured the face; 0 and no scan = filled by the surface reconstruction
    num_scans: ByteArray  # (F,) scans that measured the face

    def __post_init__(self) -> None:
        _check("Mesh.vertices", self.vertices, np.float32, None, 3)
        _check("Mesh.faces", self.faces, np.int32, None, 3)
        _check("Mesh.num_views", self.num_views, np.uint8, len(self.faces))
        _check("Mesh.num_scans", self.num_scans, np.uint8, len(self.faces))

    @property
    def measured_by(self) -> ByteArray:
        """(F, 2) photos and scans that measured each face; both 0 = filled."""
        return np.stack([self.num_views, self.num_scans], axis=1)

    @property
    def filled_share(self) -> float:
        """Share of the surface's area that no photo and no scan measured, 0..1."""
        corner = self.vertices[self.faces].astype(np.float64)
        area = np.linalg.norm(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), axis=1)
        return float(area[~self.measured_by.any(axis=1)].sum() / max(area.sum(), 1e-30))

    def __str__(self) -> str:
        return f"{len(self.faces):,} triangles, {self.filled_share:.1%} filled"


@dataclass(frozen=True, slots=True)
class ChartSeen:
    """A colour chart in a photo."""

    photo: str  # Photo.name
    corners: FloatArray  # (4, 2) px of the upright photo: of the brown, bluish green, black and white patches
    patches: int  # of 24 that the correction rests on; the others are clipped, covered or in another light
    clipped: int  # patches that are as bright as the photo can hold
    before: float  # mean CIEDE2000 of those patches from the chart's own colours, the light across it made even
    after: float  # the same in the corrected photo
    left_out: float  # the same, each patch by the correction that all others give


@dataclass(frozen=True, slots=True)
class ColourCheck:
    """How true colours are, by the colour charts in the photos: CIEDE2000 from the chart's own colours, means."""

    chart: str  # whose colours are taken as true (recon.formats.colour_chart)
    photos: int  # that show it
    before: float  # as the photos show the patches
    after: float  # corrected
    left_out: float  # each patch as the correction by all others leaves it


@dataclass(frozen=True, slots=True)
class Colours:
    """How the views' colours are made alike, and true."""

    exposure: Exposure  # of SparseModel.views
    charts: tuple[ChartSeen, ...] = ()
    check: ColourCheck | None = None  # None: no chart, colours are as cameras recorded them

    def __str__(self) -> str:
        if self.check is None:
            return "no colour chart"
        return f"colour chart in {len(self.charts)} photos, Delta E {self.check.before:.1f} to {self.check.after:.1f}"


@dataclass(frozen=True, slots=True)
class TexturedMesh:
    """A mesh with a texture atlas of one or several pages. uv (0, 0) is the page's top left corner (glTF)."""

    mesh: Mesh
    uv: Float32Array  # (F, 3, 2) per corner, on the face's page
    page: ByteArray  # (F,) index into atlases
    atlases: tuple[Path, ...]  # PNG, RGB, one per page
    unseen_share: float  # share of the surface's area that no photo shows; painted from its surroundings
    colours: ColourCheck | None = None  # None: its colours are as cameras recorded them

    def __post_init__(self) -> None:
        _check("TexturedMesh.uv", self.uv, np.float32, len(self.mesh.faces), 3, 2)
        _check("TexturedMesh.page", self.page, np.uint8, len(self.mesh.faces))
        if not self.atlases or (len(self.page) and self.page.max() >= len(self.atlases)):
            raise ValueError(f"TexturedMesh.page: there are {len(self.atlases)} pages, got {self.page.max(initial=0)}")

    def __str__(self) -> str:
        pages = f"{len(self.atlases)} pages" if len(self.atlases) > 1 else "1 page"
        return f"{len(self.mesh.faces):,} textured triangles, {pages}, {self.unseen_share:.1%} not seen by any photo"


@dataclass(frozen=True, slots=True)
class GltfBundle:
    """The delivered files: asset.json, model.glb, lods/, collider.glb, thumb.webp (assets/schema/asset.schema.json)."""

    folder: Path
    master: Path  # the archive master, uncompressed
    warnings: tuple[Message, ...] = ()

    @property
    def model(self) -> Path:
        return self.folder / "model.glb"

    def __str__(self) -> str:
        return f"{self.folder.name}/{self.model.name} ({self.model.stat().st_size / 1e6:.1f} MB)"
