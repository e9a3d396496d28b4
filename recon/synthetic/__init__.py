"""Things modelled in code and photographed in a studio whose every camera is known: the demonstration and the tests'
truth.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from recon.errors import BadOptions
from recon.progress import Progress
from recon.synthetic.bundle import Title, write_bundle
from recon.synthetic.demo import kiln_options
from recon.synthetic.kiln import dragon_kiln
from recon.synthetic.model import Model
from recon.synthetic.studio import Camera, Truth, photograph_thing
from recon.synthetic.tools import kick_wheel
from recon.synthetic.ware import censer, meiping, saggar


@dataclass(frozen=True, slots=True)
class Thing:
    title: Title
    model: Callable[[], Model]


THINGS: dict[str, Thing] = {
    "dragon-kiln": Thing(Title("龙窑（模型）", "Dragon kiln, a model"), dragon_kiln),
    "meiping": Thing(Title("白釉贴梅花纹梅瓶", "White meiping with plum blossom"), meiping),
    "censer": Thing(Title("白釉三足炉", "White tripod censer"), censer),
    "saggar": Thing(Title("匣钵与叠装的碗", "Saggars with stacked bowls"), saggar),
    "kick-wheel": Thing(Title("辘轳（陶车）", "Kick wheel"), kick_wheel),
}
MODELLED = ("meiping", "censer", "saggar", "kick-wheel")  # the dragon kiln is shown as a reconstruction instead


def model_of(thing: str) -> Model:
    """The thing's exact mesh and surface."""
    if thing not in THINGS:
        raise BadOptions(f"There is no thing called {thing!r}.", hint=f"Choose one of: {', '.join(THINGS)}.")
    return THINGS[thing].model()


def write_photos(thing: str, out: Path, *, num_photos: int = 28, width: int = 1280, progress: Progress) -> Truth:
    """Photographs of `thing` (4:3 JPEGs with EXIF) from all round into the folder `out`, and the truth they show."""
    return photograph_thing(model_of(thing), out, num_photos=num_photos, width=width, progress=progress)


def write_models(out: Path, things: Sequence[str] | None = None) -> list[Path]:
    """A bundle per thing in out/<thing>/; without `things`, of all that the demonstration shows as modelled."""
    return [
        write_bundle(out / thing, model_of(thing), THINGS[thing].title)
        for thing in (MODELLED if things is None else things)
    ]


def write_demo(out: Path, *, num_photos: int, width: int, progress: Progress) -> None:
    """What the demonstration starts from: out/models/<thing>/ bundles, out/photos of the dragon kiln, and
    out/kiln/options.toml, the workspace's options that rebuild it in metres, its doors to the front.
    """
    write_models(out / "models")
    truth = write_photos("dragon-kiln", out / "photos", num_photos=num_photos, width=width, progress=progress)
    (out / "kiln").mkdir(exist_ok=True)
    (out / "kiln" / "options.toml").write_text(kiln_options(truth), encoding="utf-8")


__all__ = ["MODELLED", "THINGS", "Camera", "Truth", "model_of", "write_demo", "write_models", "write_photos"]
