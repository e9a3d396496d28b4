"""EXIF: what a photo says of the camera that took it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PIL import Image
from PIL.ExifTags import IFD, Base

DIAGONAL_35MM = math.hypot(36, 24)  # FocalLengthIn35mmFilm is defined on the diagonal (CIPA DCG-001)
WIDEST_SENSOR = 1.6  # sides' ratio; the sensors of cameras are 4:3 or 3:2


@dataclass(frozen=True, slots=True)
class CameraFacts:
    """Absent or absurd values are None or ""."""

    make: str = ""
    model: str = ""
    lens: str = ""
    serial: str = ""  # of the camera's body
    digital_zoom: float | None = None  # 2.0: the middle half of the picture, enlarged
    focal_mm: float | None = None
    focal_35mm: float | None = None
    pixels_per_mm: float | None = None  # of the sensor, along the longer side, for the picture's own size
    taken: str | None = None  # ISO 8601 without zone
    gps: tuple[float, float, float | None] | None = None  # latitude deg, longitude deg, altitude m

    def key(self, width: int, height: int) -> str:
        """Photos with the same key were taken with one camera at one zoom, by all that EXIF says."""
        said = (self.make, self.model, self.serial, self.lens, self.focal_mm, self.focal_35mm, self.digital_zoom)
        return "|".join((*("" if each is None else str(each) for each in said), f"{width}x{height}"))

    def focal_px(self, width: int, height: int) -> float | None:
        """Focal length in pixels of a width x height picture, or None where EXIF does not say."""
        if self.focal_35mm:
            longer, shorter = max(width, height), min(width, height)
            # 16:9 is cut out of a sensor's full width, and the equivalent stays that of the whole sensor.
            shorter = max(shorter, round(longer / self._aspect())) if longer > WIDEST_SENSOR * shorter else shorter
            return self.focal_35mm / DIAGONAL_35MM * math.hypot(longer, shorter)
        if self.focal_mm and self.pixels_per_mm:
            focal = self.focal_mm * self.pixels_per_mm
            return focal if 0.3 < focal / max(width, height) < 20 else None
        return None

    def _aspect(self) -> float:
        """Of the sensor, by its diagonal: 3:2 from APS-C on and at 1 inch, else 4:3, as phones and drones have it."""
        diagonal_mm = DIAGONAL_35MM * self.focal_mm / self.focal_35mm if self.focal_mm and self.focal_35mm else 0.0
        return 3 / 2 if 15 < diagonal_mm < 17 or diagonal_mm > 24 else 4 / 3


def camera_facts(picture: Image.Image) -> CameraFacts:
    """Read leniently: a broken tag costs that tag only."""
    try:
        exif = picture.getexif()
    except Exception:  # foreign bytes; a photo without EXIF is a photo all the same
        return CameraFacts()
    return facts_of(exif, picture.size)


def facts_of(exif: Image.Exif, size: tuple[int, int]) -> CameraFacts:
    """The same of EXIF that does not come with its picture; `size` is the picture's (width, height) in px."""
    try:
        detail = exif.get_ifd(IFD.Exif)
        place = exif.get_ifd(IFD.GPSInfo)
    except Exception:
        return CameraFacts()
    return CameraFacts(
        make=_text(exif.get(Base.Make)),
        model=_text(exif.get(Base.Model)),
        lens=_text(detail.get(Base.LensModel)),
        serial=_text(detail.get(Base.BodySerialNumber)),
        digital_zoom=_positive(detail.get(Base.DigitalZoomRatio)),
        focal_mm=_positive(detail.get(Base.FocalLength)),
        focal_35mm=_positive(detail.get(Base.FocalLengthIn35mmFilm)),
        pixels_per_mm=_pixels_per_mm(detail, size),
        taken=_date(detail.get(Base.DateTimeOriginal)),
        gps=_gps(place),
    )


def _text(value: object) -> str:
    return str(value).strip("\0 ") if value is not None else ""


def _positive(value: object) -> float | None:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return number if math.isfinite(number) and number > 0 else None


def _pixels_per_mm(detail: dict[int, object], size: tuple[int, int]) -> float | None:
    """FocalPlaneXResolution is for the size the camera wrote; correct for a picture made smaller since."""
    resolution = _positive(detail.get(Base.FocalPlaneXResolution))
    unit_mm = {2: 25.4, 3: 10.0, 4: 1.0, 5: 0.001}.get(int(_positive(detail.get(Base.FocalPlaneResolutionUnit)) or 2))
    if resolution is None or unit_mm is None:
        return None
    written = _positive(detail.get(Base.ExifImageWidth)) or max(size)
    return resolution / unit_mm * max(size) / max(written, _positive(detail.get(Base.ExifImageHeight)) or 0)


def _date(value: object) -> str | None:
    text = _text(value)
    return f"{text[:10].replace(':', '-')}T{text[11:19]}" if len(text) >= 19 and text[4] == ":" else None


def _gps(place: dict[int, object]) -> tuple[float, float, float | None] | None:
    try:
        latitude, longitude = (_degrees(place[value], place[sign]) for value, sign in ((2, 1), (4, 3)))
        below_sea = place.get(5) in (1, b"\x01")
        altitude = float(place[6]) * (-1 if below_sea else 1) if 6 in place else None  # type: ignore[arg-type]
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    if not (math.isfinite(latitude) and math.isfinite(longitude)) or (latitude, longitude) == (0, 0):
        return None
    return latitude, longitude, altitude


def _degrees(value: object, sign: object) -> float:
    degrees, minutes, seconds = (float(v) for v in value)  # type: ignore[attr-defined]
    return (degrees + minutes / 60 + seconds / 3600) * (-1 if _text(sign) in {"S", "W"} else 1)
