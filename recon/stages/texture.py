"""The photos on the mesh: one picture for the whole surface, without seams, ghosts or black.

Exposure -> what each photo sees -> a photo for every face -> charts -> levelling -> painting.
One photo is in memory at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from recon.errors import BadOptions, BadPhotos, NoReconstruction
from recon.formats.glb import Material, Part, Picture, write_glb
from recon.geometry import atlas, exposure, labels, levelling, raster, surface
from recon.geometry.bake import Textured, groups
from recon.geometry.visibility import Occluders, faces_in_view, project
from recon.nouns import ByteArray, Float32Array, IntArray, Mesh, SparseModel, TexturedMesh, View
from recon.progress import Progress

VERSION = 2


@dataclass(frozen=True, kw_only=True)
class TextureOptions:
    max_size: int = 4096  # side of the texture, px; smaller if the photos hold no more; up to 8192
    candidates: int = 10  # photos that are weighed against one another for each face
    seam_cost: float = 0.6  # of a seam along an edge, in units of "the worst photo instead of the best"
    outlier_tolerance: float = 36.0  # grey levels by which a photo may differ from the others before it is distrusted
    outlier_rings: int = 2  # of faces around a distrusted one that are distrusted too
    fewest_faces: int = 24  # smaller patches are given to a neighbouring patch's photo where that shows them
    equalise: bool = True  # make the photos' exposure and vignette alike
    level: bool = True  # make the photos agree along seams
    blend_px: float = 8.0  # over how many texels a seam's remaining step fades out; 0 leaves it
    margin_px: int = 4  # texels around each chart, so twice as many between two

    def __post_init__(self) -> None:
        if not 256 <= self.max_size <= 8192:
            raise BadOptions("texture.max_size is out of range.", hint="Choose 256 to 8192; 4096 suits most viewers.")
        if self.candidates < 1 or self.margin_px < 1 or self.blend_px < 0 or self.seam_cost < 0:
            raise BadOptions(
                "A texture option is out of range.", hint="Counts are at least 1, the rest is not negative."
            )


def build(
    mesh: Mesh, sparse: SparseModel, options: TextureOptions, *, scratch: Path, progress: Progress
) -> TexturedMesh:
    """Textured mesh in the mesh's frame; writes scratch/atlas-1.png, … and the archive master scratch/master.glb."""
    if not len(mesh.faces):
        raise NoReconstruction("The mesh has no faces to paint.", hint="Look at the mesh stage's warnings first.")
    if not sparse.views:
        raise NoReconstruction(
            "No photo could be placed, so nothing can be painted.", hint="Take photos with more overlap."
        )
    scratch.mkdir(parents=True, exist_ok=True)
    progress.start(4 * len(sparse.views), "view")
    painter = _Painter(mesh, sparse, options, progress)
    painter.equalise()
    painter.choose()
    painter.lay_out()
    painter.level()
    painter.paint()
    unseen = painter.unseen_share
    if unseen > 0.05:
        progress.warn(f"{unseen:.0%} of the surface is in no photo; its colour was taken from its surroundings.")

    picture = scratch / "atlas-1.png"
    cv2.imwrite(str(picture), painter.picture[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 4])
    textured = TexturedMesh(mesh, painter.uv, np.zeros(len(mesh.faces), np.uint8), (picture,), unseen)
    _write_master(scratch / "master.glb", textured, (painter.picture,), sparse)
    return textured


class _Painter:
    """The texture as it grows, step by step."""

    def __init__(self, mesh: Mesh, sparse: SparseModel, options: TextureOptions, progress: Progress):
        self.mesh, self.sparse, self.options, self.progress = mesh, sparse, options, progress
        self.views = sparse.views
        self.area = surface.face_areas(mesh.vertices, mesh.faces)
        self.neighbour, self.back = labels.face_graph(mesh.faces, len(mesh.vertices))

    @property
    def unseen_share(self) -> float:
        return float(self.area[self.label < 0].sum() / max(float(self.area.sum()), 1e-30))

    @property
    def uv(self) -> Float32Array:
        return self.layout.uv(self.charts)

    def equalise(self) -> None:
        """Exposure and vignette from the sparse points; sharpness of each photo beside the others."""
        sharpness = np.empty(len(self.views))
        observed = []
        for number, view in enumerate(self.views):
            photo = _read(view)
            grey = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)
            small = cv2.resize(grey, (1000, round(1000 * view.height / view.width)), interpolation=cv2.INTER_AREA)
            sharpness[number] = cv2.Laplacian(small, cv2.CV_32F).var()
            seen = self.sparse.observations[number]
            px, _ = project(view, self.sparse.points[seen])
            level = raster.bilinear(cv2.GaussianBlur(photo, (0, 0), 2.0), px)
            linear = exposure.linear_from_srgb(np.rint(level).astype(np.uint8))
            radius2 = exposure.radius_squared(px, view.width, view.height)
            observed.append((np.full(len(seen), number), seen, linear, radius2))
            self.progress.advance()
        self.sharpness = np.clip(np.sqrt(sharpness / max(float(np.median(sharpness)), 1e-9)), 0.3, 1.5)
        self.exposure = exposure.Exposure.none(len(self.views))
        if self.options.equalise:
            view_of, point, linear, radius2 = (np.concatenate(x) for x in zip(*observed, strict=True))
            self.exposure = exposure.solved_exposure(view_of, point, linear, radius2, len(self.views))

    def choose(self) -> None:
        """A photo for every face; -1 for faces that no photo shows."""
        vertices, faces = self.mesh.vertices, self.mesh.faces
        occluders, normals = Occluders(vertices, faces), surface.face_normals(vertices, faces)
        found = labels.Candidates(len(faces), min(self.options.candidates, len(self.views)))
        for number, view in enumerate(self.views):
            shown = faces_in_view(occluders, vertices, faces, normals, view)
            seen = np.flatnonzero(shown.quality)
            colors = np.zeros((len(faces), 3), np.float32)
            photo = cv2.GaussianBlur(self.exposure.corrected(number, _read(view)), (0, 0), 2.0)
            colors[seen] = raster.bilinear(photo, shown.centre[seen])
            found.add(number, shown.quality * np.float32(self.sharpness[number]), colors)
            self.progress.advance()
        doubtful = labels.outliers(found.views, found.colors, self.options.outlier_tolerance)
        for _ in range(self.options.outlier_rings):
            doubtful = labels.spread(doubtful, found.views, self.neighbour)
        costs = found.costs(doubtful)
        weight = self._seam_weights()
        slot = labels.labelled(found.views, costs, self.neighbour, self.back, weight)
        chosen = np.where(slot >= 0, found.views[np.arange(len(faces)), slot], -1).astype(np.int32)
        self.label = labels.without_specks(chosen, found.views, costs, self.neighbour, fewest=self.options.fewest_faces)

    def _seam_weights(self) -> Float32Array:
        """(F, 3) cost of a seam along each edge: longer is worse."""
        corner = self.mesh.vertices[self.mesh.faces]
        length = np.linalg.norm(np.roll(corner, -1, axis=1) - corner, axis=2)
        relative = np.clip(length / max(float(np.median(length)), 1e-12), 0.2, 3)
        return np.asarray(self.options.seam_cost * relative, np.float32)

    def lay_out(self) -> None:
        """Charts as the photos show them, and their places in the texture."""
        vertices, faces = self.mesh.vertices, self.mesh.faces
        kind, plane = atlas.unwrapped(vertices, faces, self.label, self.views)
        self.charts = atlas.charts_of(kind, plane, self.neighbour)
        self.layout = atlas.laid_out(self.charts, max_side=self.options.max_size, margin=self.options.margin_px)

    def level(self) -> None:
        """Offsets that make the photos agree at the seams, and what then remains to be blended."""
        vertices, faces = self.mesh.vertices, self.mesh.faces
        self.nodes = levelling.nodes_of(faces, self.label)
        self.seams = levelling.seams_of(vertices, faces, self.label, self.nodes, self.charts.plane, self.layout.scale)
        self.seam_px = np.zeros((len(self.seams), 2, 2), np.float32)
        side_label = self.label[self.seams.face]
        colors = np.zeros((len(self.seams), 2, 3), np.float32)
        self.node_color = np.zeros((len(self.nodes.vertex), 3), np.float32)
        for number, view in enumerate(self.views):
            photo = cv2.GaussianBlur(self._scaled(number, view), (0, 0), 0.8)
            for side in (0, 1):
                mine = np.flatnonzero(side_label[:, side] == number)
                px, _ = project(view, self.seams.point[mine])
                self.seam_px[mine, side] = px * np.float32(self.layout.scale)
                colors[mine, side] = raster.bilinear(photo, self.seam_px[mine, side])
            mine = np.flatnonzero(self.nodes.label == number)
            px, _ = project(view, vertices[self.nodes.vertex[mine]])
            self.node_color[mine] = raster.bilinear(photo, px * np.float32(self.layout.scale))
            self.progress.advance()
        self.offset = np.zeros_like(self.node_color)
        if self.options.level:
            self.offset = levelling.levelled(self.nodes, self.seams, colors)
        self.step = levelling.residuals(self.seams, colors, self.offset)

    def paint(self) -> None:
        """Every chart from its photo, then what no photo shows from its surroundings, then the space between charts."""
        side = self.layout.side
        self.picture = np.zeros((side, side, 3), np.uint8)
        covered = np.zeros((side, side), bool)
        faces_of = groups(self.charts.of_face, len(self.charts))
        seams_of = groups(self.charts.of_face[self.seams.face].ravel(), len(self.charts))
        for number, view in enumerate(self.views):
            photo = self._scaled(number, view)
            for chart in np.flatnonzero(self.charts.label == number):
                self._paint_chart(int(chart), faces_of[chart], seams_of[chart], photo, covered)
            self.progress.advance()
        colors = self._vertex_colors()
        for chart in np.flatnonzero(self.charts.label < 0):
            mine = faces_of[chart]
            local = self._local(int(chart), mine)
            width, height = self.layout.size[chart]
            face = raster.cover(local, width, height, 2)
            self._put(int(chart), face, raster.interpolated(face, local, colors[self.mesh.faces[mine]]), covered)
        raster.fill_outside(self.picture, covered)

    def _paint_chart(
        self, chart: int, faces: IntArray, sides: IntArray, photo: Float32Array, covered: NDArray[np.bool_]
    ) -> None:
        (left, top), (width, height) = self.layout.origin[chart], self.layout.size[chart]
        local = self._local(chart, faces)
        face = raster.cover(local, width, height, 2)
        rows = np.clip(np.arange(top, top + height), 0, photo.shape[0] - 1)
        columns = np.clip(np.arange(left, left + width), 0, photo.shape[1] - 1)
        painted = photo[rows[:, None], columns[None]]
        painted += raster.interpolated(face, local, self.offset[self.nodes.of_corner[faces]])
        if self.options.blend_px > 0 and len(sides):
            at = self.seam_px.reshape(-1, 2)[sides] - self.layout.origin[chart].astype(np.float32)
            raster.add_spread(painted, at, self.step.reshape(-1, 3)[sides], self.options.blend_px)
        self._put(chart, face, painted, covered)

    def _local(self, chart: int, faces: IntArray) -> Float32Array:
        plane = self.charts.plane[faces] * self.layout.scale - self.layout.origin[chart]
        return np.ascontiguousarray(plane, np.float32)

    def _put(self, chart: int, face: IntArray, painted: Float32Array, covered: NDArray[np.bool_]) -> None:
        (x, y), (width, height) = self.layout.place[chart], self.layout.size[chart]
        box, inside = (slice(y, y + height), slice(x, x + width)), face >= 0
        self.picture[box][inside] = np.clip(np.rint(painted[inside]), 0, 255).astype(np.uint8)
        covered[box] |= inside

    def _vertex_colors(self) -> Float32Array:
        """(V, 3) as painted where a photo shows the vertex, diffused from there elsewhere."""
        count = len(self.mesh.vertices)
        if not (self.label < 0).any():
            return np.zeros((count, 3), np.float32)
        share = np.bincount(self.nodes.vertex, minlength=count)
        total = np.zeros((count, 3), np.float32)
        np.add.at(total, self.nodes.vertex, self.node_color + self.offset)
        mean = np.asarray(total / np.maximum(share, 1)[:, None], np.float32)
        if not share.any():  # not a single face is seen: the sparse points' mean
            mean[:] = self.sparse.point_colors.mean(axis=0) if len(self.sparse.points) else 128
        neighbours = surface.vertex_neighbours(self.mesh.faces, count)
        return levelling.diffused(mean, share > 0, neighbours, self.mesh.vertices)

    def _scaled(self, number: int, view: View) -> Float32Array:
        """The photo with all photos' exposure, at the texture's scale."""
        photo = self.exposure.corrected(number, _read(view))
        scale = self.layout.scale
        return photo if scale == 1 else cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def _read(view: View) -> ByteArray:
    """(H, W, 3) RGB."""
    photo = cv2.imread(str(view.path), cv2.IMREAD_COLOR_RGB)
    if photo is None or photo.shape[:2] != (view.height, view.width):
        raise BadPhotos(f"The undistorted photo {view.name} cannot be read.", hint="Run the align stage again.")
    return np.asarray(photo, np.uint8)


def _write_master(path: Path, textured: TexturedMesh, painted: tuple[ByteArray, ...], sparse: SparseModel) -> None:
    """The archive master: uncompressed glTF with a lossless texture, a part for each of its pages."""
    mesh = textured.mesh
    parts = []
    for sheet in Textured(mesh.vertices, mesh.faces, textured.uv, textured.page, painted).sheets(mesh.num_views):
        picture = Picture(textured.atlases[sheet.page].read_bytes(), "image/png")
        name = f"photographed {sheet.page + 1}"
        material = Material(name=name, base_color_texture=picture, unlit=True, wrap="clamp")
        where = mesh.vertices[sheet.vertex]
        parts.append(
            Part(positions=where, faces=sheet.faces, uv=sheet.uv, num_views=sheet.num_views, material=material)
        )
    extras = {
        "unit": sparse.frame.unit,
        "frame": "right-handed, +Y up",
        "scale_source": sparse.frame.scale_source,
        "up_source": sparse.frame.up_source,
        "photos": len(sparse.registered),
        "measured_share": round(1 - textured.mesh.filled_share, 6),
        "unseen_share": round(textured.unseen_share, 6),
    }
    write_glb(path, parts, extras=extras)
