"""The options of all stages: defaults < preset < WORK/options.toml < --set stage.option=value."""

from __future__ import annotations

import tomllib
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from recon.errors import BadOptions
from recon.stages.align import AlignOptions
from recon.stages.dense import DenseOptions
from recon.stages.depth import DepthOptions
from recon.stages.features import FeaturesOptions
from recon.stages.gltf import GltfOptions
from recon.stages.matches import MatchesOptions
from recon.stages.mesh import MeshOptions
from recon.stages.photos import PhotosOptions
from recon.stages.sparse import SparseOptions
from recon.stages.texture import TextureOptions

PRESETS = ("object", "room", "building", "drone")


@dataclass(frozen=True, kw_only=True)
class Options:
    photos: PhotosOptions = field(default_factory=PhotosOptions)
    features: FeaturesOptions = field(default_factory=FeaturesOptions)
    matches: MatchesOptions = field(default_factory=MatchesOptions)
    sparse: SparseOptions = field(default_factory=SparseOptions)
    align: AlignOptions = field(default_factory=AlignOptions)
    depth: DepthOptions = field(default_factory=DepthOptions)
    dense: DenseOptions = field(default_factory=DenseOptions)
    mesh: MeshOptions = field(default_factory=MeshOptions)
    texture: TextureOptions = field(default_factory=TextureOptions)
    gltf: GltfOptions = field(default_factory=GltfOptions)

    @classmethod
    def gather(cls, preset: str, file: Path | None = None, settings: Sequence[str] = ()) -> Options:
        """All stages' options. Raises BadOptions, naming what exists, for an unknown preset, stage, option or value."""
        if preset not in PRESETS:
            raise BadOptions(f"There is no preset {preset!r}.", hint=f"Choose one of {', '.join(PRESETS)}.")
        text = (Path(__file__).parent / "presets" / f"{preset}.toml").read_text(encoding="utf-8")
        options = cls().with_table(tomllib.loads(text))
        if file is not None and file.exists():
            try:
                options = options.with_table(tomllib.loads(file.read_text(encoding="utf-8")))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
                raise BadOptions(
                    f"{file} is not TOML: {problem}.", hint="Write lines such as [dense] and min_views = 2."
                ) from problem
        for setting in settings:
            options = options.with_setting(setting)
        return options

    def with_table(self, table: Mapping[str, Any]) -> Options:
        """These options with the values of a TOML table {stage: {option: value}}."""
        options = self
        for stage, values in table.items():
            if not isinstance(values, Mapping):
                raise BadOptions(f"{stage} is a stage and needs options.", hint=f"Write it as a table: [{stage}].")
            for name, value in values.items():
                options = options._with(stage, name, value)
        return options

    def with_setting(self, setting: str) -> Options:
        """These options with one "stage.option=value"."""
        where, equals, value = setting.partition("=")
        stage, dot, name = where.strip().partition(".")
        if not (equals and dot):
            raise BadOptions(
                f"The setting {setting!r} cannot be read.",
                hint="Write it as stage.option=value, as in dense.min_views=2.",
            )
        return self._with(stage, name, value.strip())

    def _with(self, stage: str, name: str, value: Any) -> Options:
        stages = [f.name for f in fields(self)]
        if stage not in stages:
            raise BadOptions(f"There is no stage {stage!r}.", hint=f"The stages are {', '.join(stages)}.")
        group = getattr(self, stage)
        kinds = get_type_hints(type(group))
        if name not in kinds:
            raise BadOptions(f"The stage {stage} has no option {name!r}.", hint=f"Its options are {', '.join(kinds)}.")
        return replace(self, **{stage: replace(group, **{name: _typed(value, kinds[name], f"{stage}.{name}")})})


def _typed(value: Any, kind: Any, where: str) -> Any:
    """`value`, text or TOML, as the option's type."""
    origin = get_origin(kind)
    try:
        if origin is Literal:
            if value in get_args(kind):
                return value
            raise BadOptions(
                f"{where} cannot be {value!r}.", hint=f"It is one of {', '.join(map(str, get_args(kind)))}."
            )
        if origin in (types.UnionType, Union):
            inner = [k for k in get_args(kind) if k is not type(None)]
            return None if value in ("", "none", None) else _typed(value, inner[0], where)
        if origin is tuple:
            parts = value.split(",") if isinstance(value, str) else value
            return tuple(
                _typed(part.strip() if isinstance(part, str) else part, get_args(kind)[0], where)
                for part in parts
                if part != ""
            )
        if kind is bool and isinstance(value, str):
            return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[value.lower()]
        if kind is int and isinstance(value, float) and not value.is_integer():
            raise ValueError
        return kind(value.replace("_", "") if kind is int and isinstance(value, str) else value)
    except (ValueError, TypeError, KeyError) as problem:
        raise BadOptions(f"{where} cannot be {value!r}.", hint=f"It is a value such as {_example(kind)}.") from problem


def _example(kind: Any) -> str:
    return {int: "3", float: "0.5", bool: "true or false", str: "text"}.get(kind, "a,b")
