"""Cameras, cloud and mesh of a reconstruction in a window, or in a picture of it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pycolmap
import pyvista
from PIL import Image

from recon.errors import BadModel, BadOptions, NoReconstruction
from recon.formats.glb_reader import read_glb
from recon.geometry.region import Region
from recon.messages import Language, say
from recon.survey import measured_cloud
from recon.types import FloatArray
from recon.workspace import Workspace

_RED = "#b5442c"
_MOST_POINTS = 500_000  # more only slow the window down


def view(work: Path, picture: Path | None = None) -> None:
    """Open a window on the folder of a reconstruction; with `picture` draw into that PNG instead, without a display.

    Shows what there is: the mesh, else the cloud, else the sparse points; always the cameras. Raises NoReconstruction
    if there is nothing yet, BadModel if a piece is broken or this machine cannot draw.
    """
    with _shown(work, off_screen=picture is not None) as plotter:
        _draw(plotter, picture)


def picked(work: Path, language: Language, press: Callable[[Any], None] | None = None) -> FloatArray:
    """Open a window in which two points of the surface are picked by the right mouse button; (2, 3), world.

    press: in the place of a person, without a display. Raises BadOptions where the window is closed before there are
    two; otherwise as `view`.
    """
    with _shown(work, off_screen=press is not None) as plotter:
        points: list[FloatArray] = []

        def pick(point: Any) -> None:
            points.append(np.asarray(point, np.float64))
            del points[:-2]
            plotter.add_points(np.array(points), color=_RED, point_size=14, render_points_as_spheres=True, name="ends")
            if len(points) == 2:
                plotter.add_lines(np.array(points), color=_RED, width=4, name="length")

        plotter.add_text(say("view.pick_two", language), font_size=11, color="black")
        plotter.enable_surface_point_picking(pick, show_message=False, show_point=False, left_clicking=False)
        if press is None:
            _draw(plotter, None)
        else:
            plotter.show(auto_close=False)
            press(plotter)
    if len(points) < 2:
        raise BadOptions("two_points_missing", count=len(points))
    return np.array(points)


def drawn(work: Path, language: Language, press: Callable[[Any], None] | None = None) -> Region:
    """Open a window in which a box is drawn around what is to stay.

    press: in the place of a person, without a display. Raises BadOptions where the window is closed with the box as it
    was; otherwise as `view`.
    """
    with _shown(work, off_screen=press is not None) as plotter:
        boxes: list[FloatArray] = []

        def draw(box: Any) -> None:
            boxes.append(np.reshape(box.bounds, (3, 2)).T)

        plotter.add_text(say("view.draw_region", language), font_size=11, color="black")
        plotter.add_box_widget(draw, rotation_enabled=False, color=_RED)
        if press is None:
            _draw(plotter, None)
        else:
            plotter.show(auto_close=False)
            press(plotter)
    if not boxes or np.allclose(boxes[0], boxes[-1]):  # the first is where the box began
        raise BadOptions("region_not_drawn")
    low, high = boxes[-1].tolist()
    return Region(tuple(low), tuple(high))


@contextmanager
def _shown(work: Path, *, off_screen: bool) -> Iterator[Any]:
    """A window with what there is."""
    pyvista.global_theme.background = "white"
    plotter = _plotter(off_screen=off_screen)
    try:
        cameras = _add_cameras(plotter, work)
        if not _add_surface(plotter, work) and not cameras:
            raise NoReconstruction("nothing_to_view", work=work)
        plotter.add_axes(xlabel="X", ylabel="Y", zlabel="Z")
        plotter.camera.up = (0.0, 1.0, 0.0)
        yield plotter
    finally:
        plotter.close()


def _plotter(*, off_screen: bool) -> Any:
    try:
        return pyvista.Plotter(off_screen=off_screen, window_size=[1280, 800], title="Longyao")
    except Exception as error:  # VTK raises what it likes without OpenGL
        raise _cannot_draw(error) from error


def _draw(plotter: Any, picture: Path | None) -> None:
    try:
        if picture is None:
            plotter.show()
            return
        pixels = plotter.screenshot(None, return_img=True)
    except Exception as error:  # VTK raises what it likes without OpenGL
        raise _cannot_draw(error) from error
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(pixels)[..., :3]).save(buffer, "PNG")
    picture.write_bytes(buffer.getvalue())


def _cannot_draw(error: Exception) -> BadModel:
    return BadModel("cannot_draw", kind=type(error).__name__)


def _add_surface(plotter: Any, work: Path) -> bool:
    master = work / "texture" / "master.glb"
    if master.exists():
        for part in read_glb(master).parts:
            faces = np.insert(part.faces, 0, 3, axis=1)
            mesh = pyvista.PolyData(part.positions, faces.ravel())
            texture = None if part.material is None else part.material.base_color_texture
            if texture is not None and part.uv is not None:
                mesh.active_texture_coordinates = part.uv * np.array([1, -1], np.float32) + np.array([0, 1], np.float32)
                plotter.add_mesh(mesh, texture=pyvista.Texture(texture.pixels()), lighting=False)
            else:
                plotter.add_mesh(mesh, color="lightgrey")
        return True
    cloud = measured_cloud(Workspace(work))
    if cloud is None:
        return False
    shown = cloud.sample(_MOST_POINTS)
    _add_points(plotter, shown.points, shown.colors)
    return True


def _add_points(plotter: Any, points: Any, colors: Any) -> None:
    if colors is None:
        plotter.add_points(points, color="grey", point_size=2)
    else:
        plotter.add_points(points, scalars=colors, rgb=True, point_size=2)


def _add_cameras(plotter: Any, work: Path) -> bool:
    """Frusta of all placed photos; with neither cloud nor mesh also the sparse points."""
    folder = work / "align" / "model"
    if not folder.exists():
        folder = work / "sparse" / "model"
    if not folder.exists():
        return False
    try:
        model = pycolmap.Reconstruction(folder)
    except Exception as error:  # a foreign folder can break in any way
        raise BadModel("colmap_broken", folder=folder) from error
    images = [image for image in model.images.values() if image.has_pose]
    points = np.array([p.xyz for p in model.points3D.values()], np.float32).reshape(-1, 3)
    centres = np.array([image.projection_center() for image in images]).reshape(-1, 3)
    if not len(images):
        return False
    size = 0.15 * float(
        np.median(np.linalg.norm(centres - np.median(points if len(points) else centres, axis=0), axis=1))
    )
    for image in images:
        k, pose = image.camera.calibration_matrix(), image.cam_from_world().matrix()
        corners = _frustum(k, pose, image.camera.width, image.camera.height, size or 1.0)
        lines = np.array([[0, 1], [0, 2], [0, 3], [0, 4], [1, 2], [2, 3], [3, 4], [4, 1]])
        plotter.add_mesh(
            pyvista.PolyData(corners, lines=np.insert(lines, 0, 2, axis=1).ravel()), color=_RED, line_width=2
        )
    if not (work / "texture" / "master.glb").exists() and not Workspace(work).has("dense") and len(points):
        _add_points(plotter, points, np.array([p.color for p in model.points3D.values()], np.uint8))
    return True


def _frustum(k: FloatArray, cam_from_world: FloatArray, width: int, height: int, size: float) -> FloatArray:
    """(5, 3) the camera's centre and the corners of its picture `size` before it, world."""
    px = np.array([[0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]], np.float64)
    in_cam = np.concatenate([np.zeros((1, 3)), px @ np.linalg.inv(k).T * size])
    return np.asarray((in_cam - cam_from_world[:, 3]) @ cam_from_world[:, :3])
