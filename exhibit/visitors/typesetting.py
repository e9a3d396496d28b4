"""HTML to tagged PDF (PDF/UA-1) by WeasyPrint, whose system libraries (Pango, HarfBuzz) are loaded with this module."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from PIL import Image, ImageFile
from weasyprint import CSS, HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from exhibit.storage import Storage

# WeasyPrint's import sets this for the whole process, which would then take pictures that are cut off.
ImageFile.LOAD_TRUNCATED_IMAGES = False

_GROUND = (250, 248, 243)  # sRGB, porcelain
_PICTURE_PX = 1000  # 170 mm at 150 dpi


def typeset(page: str, address: str, pictures: Pictures, style: Path, out: Path) -> None:
    """Write the HTML `page`, which is at `address`, as PDF, styled by the CSS file `style`."""
    document = HTML(string=page, base_url=address, url_fetcher=pictures)
    document.write_pdf(out, stylesheets=[CSS(filename=style)], pdf_variant="pdf/ua-1")


class Pictures(URLFetcher):  # type: ignore[misc]
    """Gives WeasyPrint the pictures of the storage, and nothing else: no request leaves this process."""

    def __init__(self, storage: Storage, address: str):
        super().__init__()
        self._storage, self._address = storage, address

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:  # noqa: ARG002
        if not url.startswith(self._address):
            raise FatalURLFetchingError(f"a catalogue shows only pictures of the library, not {url}")
        picture = _jpeg(self._storage.path(url.removeprefix(self._address)))
        return URLFetcherResponse(url, picture, {"Content-Type": "image/jpeg"})


def _jpeg(path: Path) -> bytes:
    """The picture on porcelain ground, no larger than print needs. WeasyPrint would embed a WebP uncompressed."""
    with Image.open(path) as opened:
        opened.thumbnail((_PICTURE_PX, _PICTURE_PX))
        picture = opened.convert("RGBA")
    ground = Image.new("RGB", picture.size, _GROUND)
    ground.paste(picture, mask=picture.getchannel("A"))
    encoded = io.BytesIO()
    ground.save(encoded, "JPEG", quality=82)
    return encoded.getvalue()
