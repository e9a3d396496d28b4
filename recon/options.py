"""The options of all stages: defaults < preset < WORK/options.toml < --set stage.option=value."""

from __future__ import annotations

import json
import re
import tokenize
import tomllib
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from inspect import getsource
from io import StringIO
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from recon.errors import BadOptions
from recon.stages.align import AlignOptions
from recon.stages.background import BackgroundOptions
from recon.stages.clean import CleanOptions
from recon.stages.colour import ColourOptions
from recon.stages.dense import DenseOptions
from recon.stages.depth import DepthOptions
from recon.stages.features import FeaturesOptions
from recon.stages.gltf import GltfOptions
from recon.stages.join import JoinOptions
from recon.stages.matches import MatchesOptions
from recon.stages.mesh import MeshOptions
from recon.stages.photos import PhotosOptions
from recon.stages.register import RegisterOptions
from recon.stages.scans import ScansOptions
from recon.stages.sparse import SparseOptions
from recon.stages.targets import TargetsOptions
from recon.stages.texture import TextureOptions
from recon.stages.tiles import TilesOptions
from recon.stages.views import ViewsOptions

PRESETS = ("object", "room", "building", "drone")


@dataclass(frozen=True, kw_only=True)
class Options:
    scans: ScansOptions = field(default_factory=ScansOptions)
    register: RegisterOptions = field(default_factory=RegisterOptions)
    clean: CleanOptions = field(default_factory=CleanOptions)
    views: ViewsOptions = field(default_factory=ViewsOptions)
    photos: PhotosOptions = field(default_factory=PhotosOptions)
    features: FeaturesOptions = field(default_factory=FeaturesOptions)
    background: BackgroundOptions = field(default_factory=BackgroundOptions)
    matches: MatchesOptions = field(default_factory=MatchesOptions)
    sparse: SparseOptions = field(default_factory=SparseOptions)
    targets: TargetsOptions = field(default_factory=TargetsOptions)
    align: AlignOptions = field(default_factory=AlignOptions)
    depth: DepthOptions = field(default_factory=DepthOptions)
    dense: DenseOptions = field(default_factory=DenseOptions)
    join: JoinOptions = field(default_factory=JoinOptions)
    mesh: MeshOptions = field(default_factory=MeshOptions)
    colour: ColourOptions = field(default_factory=ColourOptions)
    texture: TextureOptions = field(default_factory=TextureOptions)
    gltf: GltfOptions = field(default_factory=GltfOptions)
    tiles: TilesOptions = field(default_factory=TilesOptions)

    @classmethod
    def gather(cls, preset: str, file: Path | None = None, settings: Sequence[str] = ()) -> Options:
        """All stages' options. Raises BadOptions, naming what exists, for an unknown preset, stage, option or value."""
        if preset not in PRESETS:
            raise BadOptions("preset_unknown", preset=preset, presets=PRESETS)
        text = (Path(__file__).parent / "presets" / f"{preset}.toml").read_text(encoding="utf-8")
        options = cls().with_table(tomllib.loads(text))
        if file is not None and file.exists():
            try:
                options = options.with_table(tomllib.loads(file.read_text(encoding="utf-8")))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
                raise BadOptions("options_not_toml", file=file, reason=problem) from problem
        for setting in settings:
            options = options.with_setting(setting)
        return options

    @classmethod
    def keep(cls, file: Path, stage: str, name: str, value: str) -> None:
        """Write a text option into a workspace's options.toml, in the place of what it was; all else stays as it is.

        Raises BadOptions where the file is no TOML.
        """
        cls.gather(PRESETS[0], file)
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        section, kept, at = "", [], None
        for line in lines:
            header = re.fullmatch(r"\s*\[([^\[\]]+)\]\s*(#.*)?", line)
            section = header[1].strip() if header else section
            if section == stage and re.match(rf"\s*{name}\s*=", line):
                continue
            kept.append(line)
            if header and section == stage:
                at = len(kept)
        if at is None:
            kept += [*([""] if kept else []), f"[{stage}]"]
            at = len(kept)
        kept.insert(at, f"{name} = {json.dumps(value, ensure_ascii=False)}")
        draft = file.with_name(file.name + ".draft")
        draft.write_text("\n".join(kept) + "\n", encoding="utf-8")
        cls.gather(PRESETS[0], draft)
        draft.replace(file)

    def with_table(self, table: Mapping[str, Any]) -> Options:
        """These options with the values of a TOML table {stage: {option: value}}."""
        options = self
        for stage, values in table.items():
            if not isinstance(values, Mapping):
                raise BadOptions("options_no_table", stage=stage)
            for name, value in values.items():
                options = options._with(stage, name, value)
        return options

    def with_setting(self, setting: str) -> Options:
        """These options with one "stage.option=value"."""
        where, equals, value = setting.partition("=")
        stage, dot, name = where.strip().partition(".")
        if not (equals and dot):
            raise BadOptions("setting_unreadable", setting=setting)
        return self._with(stage, name, value.strip())

    def _with(self, stage: str, name: str, value: Any) -> Options:
        stages = [f.name for f in fields(self)]
        if stage not in stages:
            raise BadOptions("stage_unknown", stage=stage, stages=stages)
        group = getattr(self, stage)
        kinds = get_type_hints(type(group))
        if name not in kinds:
            raise BadOptions("option_unknown", stage=stage, option=name, options=list(kinds))
        return replace(self, **{stage: replace(group, **{name: _typed(value, kinds[name], f"{stage}.{name}")})})


@dataclass(frozen=True, slots=True)
class Described:
    """An option as its stage's file declares it."""

    stage: str
    name: str
    kind: str  # its type: int, float, bool, str, a list of these, or the values to choose from
    default: str
    presets: Mapping[str, str]  # its value in each preset that changes it
    comment: str


def described(stage: str | None = None) -> list[Described]:
    """Every option of `stage`, or of all stages, in order. Raises BadOptions for an unknown stage."""
    stages = [f.name for f in fields(Options)]
    if stage is not None and stage not in stages:
        raise BadOptions("stage_unknown", stage=stage, stages=stages)
    gathered = {preset: Options.gather(preset) for preset in PRESETS}
    found = []
    for name in stages if stage is None else [stage]:
        group = getattr(Options(), name)
        kinds, comments = get_type_hints(type(group)), _comments(type(group))
        for option, kind in kinds.items():
            default = getattr(group, option)
            chosen = {preset: getattr(getattr(options, name), option) for preset, options in gathered.items()}
            changed = {preset: _written(value) for preset, value in chosen.items() if value != default}
            found.append(Described(name, option, _kind(kind), _written(default), changed, comments[option]))
    return found


def _comments(group: type) -> dict[str, str]:
    """Each field's comment in the source of a stage's options."""
    found: dict[str, str] = {}
    field_now = ""
    for token in tokenize.generate_tokens(StringIO(getsource(group)).readline):
        declared = re.match(r"    (\w+):", token.line)
        if declared and token.start[1] == 4 and token.type == tokenize.NAME:
            field_now = declared[1]
        if token.type == tokenize.COMMENT and field_now:
            found[field_now] = f"{found.get(field_now, '')} {token.string.lstrip('# ')}".strip()
        if token.type == tokenize.NAME and token.string == "def":
            break
    return found


def _kind(kind: Any) -> str:
    origin = get_origin(kind)
    if origin is Literal:
        return " | ".join(map(str, get_args(kind)))
    if origin is tuple:
        return f"{_kind(get_args(kind)[0])},…"
    return str(getattr(kind, "__name__", kind))


def _written(value: Any) -> str:
    """A value as --set takes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _typed(value: Any, kind: Any, where: str) -> Any:
    """`value`, text or TOML, as the option's type."""
    origin = get_origin(kind)
    try:
        if origin is Literal:
            if value in get_args(kind):
                return value
            raise BadOptions("option_choice", option=where, value=value, choices=get_args(kind))
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
        raise BadOptions("option_value", option=where, value=value, example=_example(kind)) from problem


def _example(kind: Any) -> str:
    return {int: "3", float: "0.5", bool: "true or false", str: "text"}.get(kind, "a,b")
