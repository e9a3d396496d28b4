"""What can be set from outside, and where things lie."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from exhibit.errors import BadConfig

SCHEMAS = Path(__file__).parent / "schema"  # a link to assets/schema in the checkout, a folder in the built package
KIOSK_SECONDS = 90  # without anyone, where nobody says otherwise

Heights = dict[str, tuple[float, ...]]
# How many numbers each of a museum's heights and clear ways has; viewer/src/document/heights.ts says what they are.
_HEIGHTS = {"picture_centre": 2, "case_top": 2, "label_rail_top": 1, "look_into_top": 1}
_HEIGHTS |= {"cane": 1, "headroom": 1, "clear_way": 1}
_HIGHEST_M = 5


@dataclass(frozen=True, kw_only=True)
class Config:
    """One exhibition server. The environment variable of a field is LONGYAO_ and its name."""

    data: Path = Path("longyao-data")
    database: str = ""  # SQLAlchemy URL; empty: SQLite in the data folder
    listen: str = "127.0.0.1:8000"
    prefix: str = ""  # the path below which a proxy shows the exhibition
    proxies: int = 0  # reverse proxies in front whose X-Forwarded-* we believe
    session_hours: int = 12
    max_upload_mb: int = 2048  # one request
    max_unpacked_mb: int = 4096  # an archive, unpacked
    max_model_mb: int = 512  # one GLB
    max_recording_mb: int = 1024  # one video or sound
    max_triangles: int = 5_000_000  # one GLB
    frame_ancestors: str = "'self'"  # who may show halls in frames, as the policy of that name has it
    allowed_origins: str = ""  # whose pages may fetch published halls, with spaces between
    kiosk_seconds: int = 0  # every page is a kiosk's, which begins anew after so long without anyone
    lease_seconds: int = 60  # a silent worker loses its job after this long
    heights: Heights = field(default_factory=dict)  # that a museum has instead of the studio's, m

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, **given: Any) -> Config:
        """The configuration from environment variables, after `given` (the command line). Raises BadConfig."""
        environment = os.environ if environment is None else environment
        values: dict[str, Any] = {}
        for setting in fields(cls):
            name = f"LONGYAO_{setting.name.upper()}"
            if given.get(setting.name) is not None:
                values[setting.name] = given[setting.name]
            elif name in environment:
                try:
                    values[setting.name] = _KINDS[str(setting.type)](environment[name])
                except ValueError:
                    raise BadConfig("setting", name=name, value=environment[name]) from None
        return cls(**values)

    @property
    def database_url(self) -> str:
        if not self.database:
            return f"sqlite:///{self.data.resolve() / 'longyao.sqlite3'}"
        # the driver that the `postgresql` extra brings
        return self.database.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def secret_key_file(self) -> Path:
        return self.data / "secret.key"

    @property
    def files_folder(self) -> Path:
        return self.data / "files"

    @property
    def jobs_folder(self) -> Path:
        return self.data / "jobs"

    @property
    def catalogues_folder(self) -> Path:
        """Halls' catalogues as they were last asked for; can be made again."""
        return self.data / "catalogues"

    @property
    def incoming_folder(self) -> Path:
        """Uploads being looked at; on the same file system as the files."""
        return self.data / "incoming"


def read_heights(typed: str) -> Heights:
    """Such as "picture_centre=1.40-1.45 clear_way=1.2", m. Raises ValueError."""
    heights: Heights = {}
    for each in typed.split():
        name, _, numbers = each.partition("=")
        values = tuple(float(number) for number in numbers.split("-"))
        rising = all(0 < low <= high <= _HIGHEST_M for low, high in zip(values, values[1:] or values, strict=False))
        if _HEIGHTS.get(name) != len(values) or not rising:
            raise ValueError(each)
        heights[name] = values
    return heights


_KINDS: dict[str, Callable[[str], Any]] = {"Path": Path, "str": str, "int": int, "Heights": read_heights}


def assets_folder() -> Path:
    """The folder `assets` (schema/, demo/) that ships with Longyao: beside the package, or inside it when packaged."""
    package = Path(__file__).parent
    inside = package / "assets"
    return inside if inside.is_dir() else package.parent / "assets"
