"""The demonstration's films, sounds and drawings, with captions and a statement of how each was made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from assets.demo import pictures
from assets.demo.objects.engine import steam_engine
from assets.demo.objects.kick_wheel import kick_wheel
from recon.modelling import sound
from recon.modelling.bundle import Title
from recon.modelling.film import ByteArray, FilmScene
from recon.modelling.media import Cue, Film, write_audio, write_picture, write_video
from recon.modelling.portrait import framing

RENDERED = Title(
    "由程序代码制作的模型逐帧渲染而成，不是实拍影片；机件按真实的运动关系运转，无声。",
    "Rendered frame by frame from a model made in code, not filmed; its parts move as the real ones do. Without sound.",
)
CALCULATED = Title(
    "由程序计算合成的声音，不是现场录音；可循环播放。",
    "Synthesised by calculation, not recorded on site; made to loop.",
)
DRAWN = Title(
    "用程序代码绘制的示意图，不依照某一处实物的尺寸。",
    "A drawing made in code; a diagram, not to the measure of one real thing.",
)
SIZE = (640, 360)
PER_SECOND, STEP = 12, 2  # every second of the motions' instants, which are a twenty-fourth of a second apart


def _wheel_film() -> Film:
    """Four turns of the kick wheel, seen from the side."""
    model = kick_wheel()
    stage, camera = FilmScene(model), framing(model.vertices, *SIZE, 25, 24, 0.9)
    return Film([stage.frame(camera, i) for i in stage.instants(STEP)], PER_SECOND, 6, rounds=4)


def _engine_film() -> Film:
    """One turn of the whole engine, one of its motion work from near."""
    model = steam_engine()
    stage = FilmScene(model)
    motion_work = np.array([(-0.78, 0.55, -0.4), (1.12, 1.45, 0.4)])
    cameras = (framing(model.vertices, *SIZE, 22, 14, 0.86), framing(motion_work, *SIZE, 12, 10, 0.95))
    return Film([stage.frame(camera, i) for camera in cameras for i in stage.instants(STEP)], PER_SECOND, 6)


WHEEL_CUES = (
    (0.0, 2.8, "脚踢下面的飞轮，上面的转盘随之转动。", "The foot kicks the flywheel; the wheel head turns with it."),
    (2.8, 6.0, "飞轮很重，踢几下便能平稳地转上好一阵，双手可以专心拉坯。",
     "It is heavy: a few kicks keep it turning steadily, and both hands are free to throw."),
)  # fmt: skip
ENGINE_CUES = (
    (0.0, 2.0, "蒸汽从后端进入气缸，把活塞推向飞轮。", "Steam behind the piston pushes it towards the flywheel."),
    (2.0, 4.0, "滑阀换向，蒸汽从另一端进入，活塞返回。", "The slide valve changes over; steam drives the piston back."),
    (4.0, 6.0, "十字头沿滑板往复，连杆把直线运动变成曲柄的转动。",
     "The crosshead slides to and fro; the connecting rod turns the crank."),
    (6.0, 8.0, "飞轮带过两端的死点，调速器的铜球使转速平稳。",
     "The flywheel carries it over the dead centres; the governor's balls keep its speed."),
)  # fmt: skip


def _film(
    make: Callable[[], Film], cues: Sequence[tuple[float, float, str, str]], title: Title
) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        shown = [Cue(start, end, Title(zh, en)) for start, end, zh, en in cues]
        write_video(folder, make(), shown, title, RENDERED)

    return write


def _sound(make: Callable[[], sound.FloatArray], title: Title, caption: Title) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        samples = make()
        write_audio(folder, samples, sound.RATE, (Cue(0.0, len(samples) / sound.RATE, caption),), title, CALCULATED)

    return write


def _drawing(draw: Callable[[], ByteArray], title: Title) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        write_picture(folder, draw(), title, DRAWN)

    return write


RECORDINGS: dict[str, Callable[[Path], None]] = {
    "wheel-turning": _film(_wheel_film, WHEEL_CUES, Title("辘轳转动", "The kick wheel turns")),
    "engine-running": _film(_engine_film, ENGINE_CUES, Title("蒸汽机运转", "The steam engine runs")),
    "fire": _sound(
        sound.fire,
        Title("窑火声", "The kiln's fire"),
        Title("［柴火低鸣，噼啪作响］", "[a wood fire roars low and crackles]"),
    ),
    "workshop": _sound(
        sound.workshop,
        Title("车间声", "The workshop"),
        Title("［天轴嗡鸣，皮带拍打，锤声］", "[a line shaft hums, a belt slaps, a hammer rings]"),
    ),
    "stream": _sound(
        sound.stream, Title("山涧声", "A hill stream"), Title("［溪水流过石头］", "[water runs over stones]")
    ),
    "kiln-section": _drawing(pictures.kiln_section, Title("龙窑纵剖面", "A dragon kiln in section")),
    "tea-process": _drawing(pictures.tea_process, Title("乌龙茶的制作", "How oolong tea is made")),
    "lacquer-layers": _drawing(pictures.lacquer_layers, Title("脱胎漆器的层次", "The layers of bodiless lacquer")),
    "engine-section": _drawing(pictures.engine_section, Title("蒸汽机剖面", "The steam engine in section")),
}
