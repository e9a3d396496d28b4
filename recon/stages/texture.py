"""The photos on the mesh: one or several pictures for the whole surface, without visible seams, ghosts or black texels.

Visibility -> a photo for every face -> charts -> levelling -> painting, page by page. One photo and one
page are in memory at a time. What no photo shows takes its colours from the points of scans, where there are any.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from recon.errors import BadPhotos, NoReconstruction, check_range
from recon.formats.glb import Material, Part, Picture, write_glb
from recon.geometry import atlas, borders, consensus, exposure, labels, levelling, point_colors, raster, surface
from recon.geometry.bake import Textured, groups
from recon.geometry.visibility import Occluders, faces_in_view, project
from recon.messages import Message
from recon.progress import Progress
from recon.types import ByteArray, Colours, Float32Array, IntArray, Mesh, SparseModel, TexturedMesh, View

VERSION = 9

_TEXELS_PER_SPACING = 1.4  # of a scan's points: so many texels hold all that they show
_MASK_RIM = 2  # px inside a mask's rim where a photo's blur may show what is left out


@dataclass(frozen=True, kw_only=True)
class TextureOptions:
    max_size: int = 4096  # side of a page of the texture, px; smaller if the photos hold no more; up to 8192
    max_pages: int = 8  # as many as the photos' own detail needs, but no more; then the texture is coarser
    candidates: int = 10  # photos that are compared for each face
    seam_cost: float = 0.6  # of a seam along an edge, in units of "the worst photo instead of the best"
    seam_tone: float = 16.0  # grey levels by which a photo differs from the others where a seam costs twice as much
    outlier_tolerance: float = 36.0  # grey levels by which a photo may differ from the others before it is distrusted
    outlier_rings: int = 2  # of faces around a distrusted one that are distrusted too
    fewest_faces: int = 24  # smaller patches are given to a neighbouring patch's photo where that shows them
    level: bool = True  # make the photos agree along seams
    blend_px: float = 8.0  # texels over which the remaining step at a seam fades out; 0 turns all blending off
    margin_px: int = 4  # texels around each chart; two charts are twice as far apart

    def __post_init__(self) -> None:
        check_range("texture.max_size", self.max_size, 256, 8192)
        check_range("texture.max_pages", self.max_pages, 1, 64)
        check_range("texture.candidates", self.candidates, 1)
        check_range("texture.seam_cost", self.seam_cost, 0)
        check_range("texture.seam_tone", self.seam_tone, 0.01)
        check_range("texture.blend_px", self.blend_px, 0)
        check_range("texture.margin_px", self.margin_px, 1)


def build(
    mesh: Mesh, sparse: SparseModel, colours: Colours, options: TextureOptions, *, scratch: Path, progress: Progress
) -> TexturedMesh:
    """Textured mesh in the mesh's frame; writes scratch/atlas-1.png, … and the archive master scratch/master.glb."""
    if not len(mesh.faces):
        raise NoReconstruction("nothing_to_paint")
    if not sparse.views and sparse.surveyed is None:
        raise NoReconstruction("no_photo_placed")
    scratch.mkdir(parents=True, exist_ok=True)
    progress.start(4 * len(sparse.views) + 1, "view")
    painter = _Painter(mesh, sparse, colours, options, progress)
    painter.read_points()
    painter.judge_sharpness()
    painter.choose()
    painter.lay_out()
    painter.level()
    pages = [scratch / f"atlas-{page + 1}.png" for page in range(painter.layout.num_pages)]
    for page, path in enumerate(pages):
        path.write_bytes(cv2.imencode(".png", painter.painted(page)[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 4])[1])
    unseen = painter.unseen_share
    if unseen > 0.05 and sparse.views:
        progress.warn(Message("warning.texture_unseen", share=unseen))
    if painter.layout.scale < 0.9:
        key = "warning.texture_coarser" if sparse.views else "warning.texture_coarser_points"
        progress.warn(Message(key, share=float(painter.layout.scale)))
    textured = TexturedMesh(mesh, painter.uv, painter.page, tuple(pages), unseen, colours.check)
    _write_master(scratch / "master.glb", textured, (np.zeros((0, 0, 3), np.uint8),) * len(pages), sparse)
    return textured


class _Painter:
    """The texture between the steps that build it."""

    def __init__(self, mesh: Mesh, sparse: SparseModel, colours: Colours, options: TextureOptions, progress: Progress):
        self.mesh, self.sparse, self.options, self.progress = mesh, sparse, options, progress
        self.exposure = colours.exposure
        self.views = sparse.views
        self.area = surface.face_areas(mesh.vertices, mesh.faces)
        self.neighbour, self.back = labels.face_graph(mesh.faces, len(mesh.vertices))

    @property
    def unseen_share(self) -> float:
        unseen = self.label < 0
        if self.points is not None:  # a scan that measured a face saw its colour
            unseen &= self.mesh.measured_by[:, 1] == 0
        return float(self.area[unseen].sum() / max(float(self.area.sum()), 1e-30))

    @property
    def page(self) -> ByteArray:
        return self.layout.page[self.charts.of_face].astype(np.uint8)

    @property
    def uv(self) -> Float32Array:
        return self.layout.uv(self.charts)

    def read_points(self) -> None:
        """The scans' points, which paint what no photo shows."""
        self.points = None
        if self.sparse.surveyed is not None:
            self.points = point_colors.PointColors.of(self.sparse.surveyed.cloud)
            if self.points.left_out:
                self.progress.warn(Message("warning.colors_thinned", share=self.points.left_out))
        self.progress.advance()

    def judge_sharpness(self) -> None:
        """Sharpness of each photo beside the others."""
        sharpness = np.ones(len(self.views))
        for number, view in enumerate(self.views):
            grey = cv2.cvtColor(_read(view), cv2.COLOR_RGB2GRAY)
            small = cv2.resize(grey, (1000, round(1000 * view.height / view.width)), interpolation=cv2.INTER_AREA)
            sharpness[number] = cv2.Laplacian(small, cv2.CV_32F).var()
            self.progress.advance()
        usual = float(np.median(sharpness)) if len(sharpness) else 1.0
        self.sharpness = np.clip(np.sqrt(sharpness / max(usual, 1e-9)), 0.3, 1.5)

    def choose(self) -> None:
        """A photo for every face; -1 for faces that no photo shows."""
        vertices, faces = self.mesh.vertices, self.mesh.faces
        occluders, normals = Occluders(vertices, faces), surface.face_normals(vertices, faces)
        found = labels.Candidates(
            len(faces), max(1, min(self.options.candidates, len(self.views))), num_places=len(consensus.WEIGHTS)
        )
        for number, view in enumerate(self.views):
            shown = faces_in_view(occluders, vertices, faces, normals, view)
            px, _ = project(view, vertices)
            seen = np.flatnonzero(shown.quality)
            hidden = seen[_behind_mask(view, px[faces[seen]])]
            shown.quality[hidden] = 0
            seen = np.flatnonzero(shown.quality)
            photo = cv2.GaussianBlur(self.exposure.corrected(number, _read(view)), (0, 0), 1.5)
            corner = px[faces[seen]]
            samples = np.zeros((len(faces), len(consensus.WEIGHTS), 3), np.uint8)
            for place, weight in enumerate(consensus.WEIGHTS):
                at = corner[:, 0] + np.einsum("c,fcd->fd", weight, corner[:, 1:] - corner[:, :1])
                samples[seen, place] = np.clip(raster.bilinear(photo, at), 0, 255)
            found.add(number, shown.quality * np.float32(self.sharpness[number]), samples)
            self.progress.advance()
        distance, _ = consensus.distances(found.views, found.samples)
        doubtful = consensus.doubtful_regions(
            found.views,
            distance,
            self.neighbour,
            tolerance=self.options.outlier_tolerance,
            rings=self.options.outlier_rings,
        )
        costs = found.costs(doubtful)
        weight = self._seam_weights()
        surprise = np.where(found.views >= 0, np.minimum(distance / self.options.seam_tone, 3), 0).astype(np.float32)
        slot = labels.labelled(found.views, costs, self.neighbour, self.back, weight, surprise)
        chosen = np.where(slot >= 0, found.views[np.arange(len(faces)), slot], -1).astype(np.int32)
        self.label = labels.without_specks(chosen, found.views, costs, self.neighbour, fewest=self.options.fewest_faces)
        mean, evidence = consensus.agreed(found.views, found.samples, found.quality, doubtful, distance)
        own = np.argmax(found.views == self.label[:, None], axis=1)
        self.trust = np.where(self.label >= 0, np.clip(evidence - 1, 0, 1), 0).astype(np.float32)
        self.wanted = mean - found.samples[np.arange(len(faces)), own].mean(axis=1, dtype=np.float32)

    def _seam_weights(self) -> Float32Array:
        """(F, 3) cost of a seam along each edge: longer is worse."""
        corner = self.mesh.vertices[self.mesh.faces]
        length = np.linalg.norm(np.roll(corner, -1, axis=1) - corner, axis=2)
        relative = np.clip(length / max(float(np.median(length)), 1e-12), 0.2, 3)
        return np.asarray(self.options.seam_cost * relative, np.float32)

    def lay_out(self) -> None:
        """Charts as the photos show them, and their places in the texture."""
        vertices, faces = self.mesh.vertices, self.mesh.faces
        sides, density = None, None
        if self.points is not None:
            normals = surface.face_normals(vertices, faces)
            sides = atlas.box_sides(faces, normals, self.neighbour, self.back)
            density = _TEXELS_PER_SPACING / self.points.spacing
        kind, plane = atlas.unwrapped(vertices, faces, self.label, self.views, density=density, sides=sides)
        self.charts = atlas.charts_of(kind, plane, self.neighbour, largest=min(512.0, 0.9 * self.options.max_size - 16))
        self.layout = atlas.laid_out(
            self.charts,
            max_side=self.options.max_size,
            margin=self.options.margin_px,
            max_pages=self.options.max_pages,
        )

    def level(self) -> None:
        """Offsets that make the photos agree at the seams, and what then remains to be blended."""
        vertices, faces = self.mesh.vertices, self.mesh.faces
        self.nodes = levelling.nodes_of(faces, self.label)
        self.seams = levelling.seams_of(vertices, faces, self.label, self.nodes, self.charts.plane, self.layout.scale)
        self.seam_px = np.zeros((len(self.seams), 2, 2), np.float32)
        side_label = self.label[self.seams.face]
        for number, view in enumerate(self.views):
            for side in (0, 1):
                mine = np.flatnonzero(side_label[:, side] == number)
                px, _ = project(view, self.seams.point[mine])
                self.seam_px[mine, side] = px * np.float32(self.layout.scale)
        beside = self._borders(side_label) if self.options.blend_px > 0 and len(self.seams) else None
        colors = np.zeros((len(self.seams), 2, 3), np.float32)
        self.node_color = np.zeros((len(self.nodes.vertex), 3), np.float32)
        for number, view in enumerate(self.views):
            scaled = self._scaled(view)
            if beside:
                beside.look(number, view, scaled, self.layout.scale, self.exposure)
            photo = cv2.GaussianBlur(self.exposure.corrected(number, scaled), (0, 0), 0.8)
            for side in (0, 1):
                mine = np.flatnonzero(side_label[:, side] == number)
                colors[mine, side] = raster.bilinear(photo, self.seam_px[mine, side])
            mine = np.flatnonzero(self.nodes.label == number)
            px, _ = project(view, vertices[self.nodes.vertex[mine]])
            self.node_color[mine] = raster.bilinear(photo, px * np.float32(self.layout.scale))
            self.progress.advance()
        self.offset = np.zeros_like(self.node_color)
        if self.options.level:
            self.offset = levelling.levelled(self.nodes, self.seams, colors, *self._wanted_at_nodes())
        self.step = levelling.residuals(self.seams, colors, self.offset)
        if beside:
            apart = colors[:, 1] - colors[:, 0]
            self.beside, self.detail = beside.at, beside.changes(np.stack([apart, -apart], 1).reshape(-1, 3))

    def _borders(self, side_label: IntArray) -> borders.Borders:
        """The texels beside seams, where two photos' detail is mixed."""
        parts = []
        both = np.stack([side_label, side_label[:, ::-1]], 1).reshape(-1, 2)  # own and other photo of every side
        for chart in range(len(self.charts) if self.options.blend_px > 0 else 0):
            sides = self._seams_of[chart]
            if self.charts.label[chart] < 0 or not len(sides):
                continue
            faces, origin = self._faces_of[chart], self.layout.origin[chart]
            local, (width, height) = self._local(chart, faces), self.layout.size[chart]
            parts.append(
                borders.texels_of(
                    chart,
                    raster.cover(local, width, height, 2),
                    local,
                    self.mesh.vertices[self.mesh.faces[faces]],
                    self.seam_px.reshape(-1, 2)[sides] - origin.astype(np.float32),
                    sides,
                    both[sides],
                    origin,
                )
            )
        return borders.Borders(parts)

    def _wanted_at_nodes(self) -> tuple[Float32Array, Float32Array]:
        """(N, 3) by what the photos' common colour differs from the chosen photo's, (N,) how well that is known."""
        count = len(self.nodes.vertex)
        painted = np.flatnonzero(self.label >= 0)
        node = self.nodes.of_corner[painted].ravel()
        trust = np.repeat(self.trust[painted], 3)
        total = np.bincount(node, trust, count)
        wanted = [
            np.bincount(node, trust * np.repeat(self.wanted[painted, c], 3), count) / np.maximum(total, 1e-9)
            for c in range(3)
        ]
        share = total / np.maximum(np.bincount(node, minlength=count), 1)
        return np.stack(wanted, -1).astype(np.float32), share.astype(np.float32)

    def painted(self, page: int) -> ByteArray:
        """One page: every chart from its photo, then what no photo shows from its surroundings, then between charts."""
        side = self.layout.side
        picture, covered = np.zeros((side, side, 3), np.uint8), np.zeros((side, side), bool)
        here = self.layout.page == page
        for number, view in enumerate(self.views):
            charts = np.flatnonzero(here & (self.charts.label == number))
            if len(charts):
                photo = self._scaled(view)
            for chart in charts:
                self._put(int(chart), *self._from_photo(int(chart), number, photo), picture, covered)
            if page == 0:
                self.progress.advance()
        for chart in np.flatnonzero(here & (self.charts.label < 0)):
            self._put(int(chart), *self._from_surroundings(int(chart)), picture, covered)
        raster.fill_outside(picture, covered)
        return picture

    def _from_photo(self, chart: int, number: int, photo: ByteArray) -> tuple[IntArray, Float32Array]:
        """Which face is at each texel of the chart's box, and its colour."""
        (left, top), (width, height) = self.layout.origin[chart], self.layout.size[chart]
        faces, sides = self._faces_of[chart], self._seams_of[chart]
        local = self._local(chart, faces)
        face = raster.cover(local, width, height, 2)
        rows = np.clip(np.arange(top, top + height), 0, photo.shape[0] - 1)
        columns = np.clip(np.arange(left, left + width), 0, photo.shape[1] - 1)
        radius2 = exposure.radius_squared_grid(photo.shape[1], photo.shape[0], columns, rows)
        painted = self.exposure.corrected_part(number, photo[rows[:, None], columns[None]], radius2)
        painted += raster.interpolated(face, local, self.offset[self.nodes.of_corner[faces]])
        if self.options.blend_px > 0 and len(sides):
            at = self.seam_px.reshape(-1, 2)[sides] - self.layout.origin[chart].astype(np.float32)
            raster.add_spread(painted, at, self.step.reshape(-1, 3)[sides], self.options.blend_px)
            mine = self._beside_of[chart]
            column, row = (self.beside.texel[mine] - self.layout.origin[chart]).T
            painted[row, column] += self.detail[mine]
        return face, painted

    def _from_surroundings(self, chart: int) -> tuple[IntArray, Float32Array]:
        faces = self._faces_of[chart]
        local = self._local(chart, faces)
        width, height = self.layout.size[chart]
        face = raster.cover(local, width, height, 2)
        if self.points is None:
            return face, raster.interpolated(face, local, self._vertex_colors[self.mesh.faces[faces]])
        painted = np.zeros((height, width, 3), np.float32)
        place = raster.interpolated(face, local, self.mesh.vertices[self.mesh.faces[faces]])
        painted[face >= 0] = self.points.at(place[face >= 0])
        return face, painted

    def _local(self, chart: int, faces: IntArray) -> Float32Array:
        plane = self.charts.plane[faces] * self.layout.scale - self.layout.origin[chart]
        return np.ascontiguousarray(plane, np.float32)

    def _put(
        self, chart: int, face: IntArray, painted: Float32Array, picture: ByteArray, covered: NDArray[np.bool_]
    ) -> None:
        (x, y), (width, height) = self.layout.place[chart], self.layout.size[chart]
        box, inside = (slice(y, y + height), slice(x, x + width)), face >= 0
        picture[box][inside] = np.clip(np.rint(painted[inside]), 0, 255).astype(np.uint8)
        covered[box] |= inside

    @cached_property
    def _faces_of(self) -> list[IntArray]:
        return groups(self.charts.of_face, len(self.charts))

    @cached_property
    def _seams_of(self) -> list[IntArray]:
        return groups(self.charts.of_face[self.seams.face].ravel(), len(self.charts))

    @cached_property
    def _beside_of(self) -> list[IntArray]:
        return groups(self.beside.chart, len(self.charts))

    @cached_property
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

    def _scaled(self, view: View) -> ByteArray:
        """The photo at the texture's scale."""
        photo, scale = _read(view), self.layout.scale
        if scale == 1:
            return photo
        return np.asarray(cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _behind_mask(view: View, corner: Float32Array) -> NDArray[np.bool_]:
    """(F,) whether a corner (F, 3, 2) px of a face lies on what the view's mask leaves out, or too close to that."""
    kept = view.kept(view.width, view.height)
    if kept is None:
        return np.zeros(len(corner), bool)
    inside = cv2.erode(kept.view(np.uint8), np.ones((2 * _MASK_RIM + 1, 2 * _MASK_RIM + 1), np.uint8))
    column, row = corner.astype(np.int64).reshape(-1, 2).T
    shown = inside[np.clip(row, 0, view.height - 1), np.clip(column, 0, view.width - 1)].reshape(-1, 3)
    return np.asarray((shown == 0).any(axis=1))


def _read(view: View) -> ByteArray:
    """(H, W, 3) RGB."""
    photo = cv2.imread(str(view.path), cv2.IMREAD_COLOR_RGB)
    if photo is None or photo.shape[:2] != (view.height, view.width):
        raise BadPhotos("view_unreadable", name=view.name)
    return np.asarray(photo, np.uint8)


def _write_master(path: Path, textured: TexturedMesh, painted: tuple[ByteArray, ...], sparse: SparseModel) -> None:
    """The archive master: uncompressed glTF with a lossless texture, a part for each of its pages."""
    mesh = textured.mesh
    parts = []
    for sheet in Textured(mesh.vertices, mesh.faces, textured.uv, textured.page, painted).sheets(mesh.measured_by):
        picture = Picture(textured.atlases[sheet.page].read_bytes(), "image/png")
        name = f"surface {sheet.page + 1}"
        material = Material(name=name, base_color_texture=picture, unlit=True, wrap="clamp")
        where = mesh.vertices[sheet.vertex]
        parts.append(
            Part(
                positions=where,
                faces=sheet.faces,
                uv=sheet.uv,
                num_views=sheet.num_views,
                num_scans=sheet.num_scans,
                material=material,
            )
        )
    extras = {
        "unit": sparse.frame.unit,
        "frame": "right-handed, +Y up",
        "scale_source": sparse.frame.scale_source,
        "up_source": sparse.frame.up_source,
        "photos": len(sparse.registered),
        "scans": 0 if sparse.surveyed is None else len(sparse.surveyed.scans),
        "measured_share": round(1 - textured.mesh.filled_share, 6),
        "unseen_share": round(textured.unseen_share, 6),
    }
    write_glb(path, parts, extras=extras)
