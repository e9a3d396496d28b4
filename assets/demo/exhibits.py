"""The objects that the demonstration's halls show: title, model, and a statement of what its form follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assets.demo.objects.carving import carved_panel, carving_chisels, lattice_window, queti
from assets.demo.objects.engine import steam_engine
from assets.demo.objects.kick_wheel import kick_wheel
from assets.demo.objects.kiln import dragon_kiln
from assets.demo.objects.lacquer import bodiless_vase, vase_ash, vase_cloth, vase_core
from assets.demo.objects.lacquer_ware import lacquer_box, lacquer_tray
from assets.demo.objects.line_shaft import line_shaft
from assets.demo.objects.porcelain import covered_box, fluted_bowl, kendi
from assets.demo.objects.ship import half_hull
from assets.demo.objects.tea import frying_wok, tumbling_drum, withering_sieve
from assets.demo.objects.tea_machines import roasting_basket, rolling_machine
from assets.demo.objects.tea_service import gaiwan, tea_chest, tea_tray
from assets.demo.objects.ware import censer, meiping, saggar
from assets.demo.objects.white_ware import export_group, firing_group
from recon.modelling.bundle import KILN_STATEMENT, Title
from recon.modelling.model import Model


@dataclass(frozen=True, slots=True)
class Exhibit:
    title: Title
    model: Callable[[], Model]
    statement: Title = KILN_STATEMENT
    seen_from: tuple[float, float] = (32, 17)  # the portrait's azimuth and elevation, degrees


FLAT, LOW, UPRIGHT = (
    (25, 42),
    (28, 28),
    (18, 8),
)  # azimuth and elevation, degrees
TEA = Title(
    "这件展品是用程序代码建模的，并非对实物的扫描；形制参照闽南乌龙茶传统器具的一般样式，不对应某一件馆藏。",
    "A model made in code, not a scan of an object; its form follows the general type of tools and ware of oolong tea "
    "in southern Fujian, not one piece in a collection.",
)
MACHINE = Title(
    "这件展品是用程序代码建模的，并非对实物的扫描；形制参照十九世纪末工厂机器的一般样式，不对应某一台实物。",
    "A model made in code, not a scan of an object; its form follows the general type of factory machines about 1890, "
    "not one that exists.",
)
LACQUER = Title(
    "这件展品是用程序代码建模的，并非对实物的扫描；工序与形制参照福州脱胎漆器的一般做法，不对应某一件馆藏。",
    "A model made in code, not a scan of an object; its making and form follow Fuzhou's bodiless lacquer in general, "
    "not one piece in a collection.",
)
CARVING = Title(
    "这件展品是用程序代码建模的，并非对实物的扫描；样式参照闽南传统木雕的一般做法，不对应某一件实物。",
    "A model made in code, not a scan of an object; its style follows the wood carving of southern Fujian in general, "
    "not one piece that exists.",
)

PORCELAIN_EXHIBITS = {
    "meiping": Exhibit(Title("白釉贴梅花纹梅瓶", "White meiping with plum blossom"), meiping),
    "censer": Exhibit(Title("白釉三足炉", "White tripod censer"), censer),
    "saggar": Exhibit(Title("匣钵与叠装的碗", "Saggars with stacked bowls"), saggar),
    "kick-wheel": Exhibit(Title("辘轳（陶车）", "Kick wheel"), kick_wheel),
}
MORE_PORCELAIN = {
    "fluted-bowl": Exhibit(Title("白釉菊瓣碗", "White bowl fluted like a chrysanthemum"), fluted_bowl, seen_from=LOW),
    "covered-box": Exhibit(
        Title("白釉印花牡丹纹粉盒", "White covered box with a moulded peony"), covered_box, seen_from=LOW
    ),
    "kendi": Exhibit(Title("白釉军持", "White kendi"), kendi),
    "firing-group": Exhibit(
        Title("白釉盖罐、花觚与杯", "White covered jar, beaker vases and cups"), firing_group, seen_from=(12, 14)
    ),
    "export-group": Exhibit(Title("成摞的外销白瓷", "Export ware in stacks"), export_group, seen_from=LOW),
}
TEA_EXHIBITS = {
    "gaiwan": Exhibit(Title("青花兰草纹盖碗", "Covered tea bowl with orchids"), gaiwan, TEA, LOW),
    "tea-tray": Exhibit(
        Title("茶盘、红泥小壶与四杯", "Tea tray with a small red pot and four cups"), tea_tray, TEA, FLAT
    ),
    "withering-sieve": Exhibit(Title("晒青竹筛", "Bamboo sieve for withering"), withering_sieve, TEA, FLAT),
    "tumbling-drum": Exhibit(Title("摇青竹笼", "Bamboo drum for tumbling"), tumbling_drum, TEA),
    "frying-wok": Exhibit(Title("炒青灶", "Wok stove for firing the leaf"), frying_wok, TEA, LOW),
    "rolling-machine": Exhibit(Title("揉捻机", "Tea rolling machine"), rolling_machine, TEA),
    "roasting-basket": Exhibit(
        Title("焙笼与炭焙灶", "Roasting basket over a charcoal hearth"), roasting_basket, TEA, LOW
    ),
    "tea-chest": Exhibit(Title("外销茶箱", "Export tea chest"), tea_chest, TEA),
}
LACQUER_EXHIBITS = {
    "bodiless-vase-1-core": Exhibit(
        Title("脱胎漆瓶·一 胎模", "Bodiless vase, first: the core"), vase_core, LACQUER, (0, 10)
    ),
    "bodiless-vase-2-cloth": Exhibit(
        Title("脱胎漆瓶·二 裱布", "Bodiless vase, second: the cloth"), vase_cloth, LACQUER, (0, 10)
    ),
    "bodiless-vase-3-ash": Exhibit(
        Title("脱胎漆瓶·三 上灰", "Bodiless vase, third: the ash ground"), vase_ash, LACQUER, (0, 10)
    ),
    "bodiless-vase": Exhibit(
        Title("朱漆描金荷花纹脱胎瓶", "Bodiless vase, red with golden lotus"), bodiless_vase, LACQUER, (0, 10)
    ),
    "lacquer-box": Exhibit(Title("剔犀云纹圆盒", "Round tixi box with cloud scrolls"), lacquer_box, LACQUER, FLAT),
    "lacquer-tray": Exhibit(
        Title("黑漆嵌螺钿梅月纹长盘", "Black tray inlaid with plum and moon"), lacquer_tray, LACQUER, FLAT
    ),
}
CARVING_EXHIBITS = {
    "carved-panel": Exhibit(
        Title("樟木雕“鲤跃龙门”花板", "Relief: the carp leaps the Gate"), carved_panel, CARVING, UPRIGHT
    ),
    "queti": Exhibit(
        Title("朱漆贴金牡丹卷草雀替", "Bracket with peony and scrolls, gilt on red"), queti, CARVING, UPRIGHT
    ),
    "lattice-window": Exhibit(Title("步步锦花窗", "Lattice window, step upon step"), lattice_window, CARVING, UPRIGHT),
    "carving-chisels": Exhibit(Title("雕刀与木槌", "Carving chisels and mallet"), carving_chisels, CARVING, FLAT),
}
MACHINE_EXHIBITS = {
    "steam-engine": Exhibit(Title("卧式单缸蒸汽机", "Horizontal steam engine, one cylinder"), steam_engine, MACHINE),
    "line-shaft": Exhibit(
        Title("天轴带动的车床与钻床", "Lathe and drilling machine on a line shaft"), line_shaft, MACHINE
    ),
    "half-hull": Exhibit(Title("蒸汽船半船模型", "Half model of a screw steamer"), half_hull, MACHINE, UPRIGHT),
}
EXHIBITS: dict[str, Exhibit] = {
    **PORCELAIN_EXHIBITS,
    **MORE_PORCELAIN,
    **TEA_EXHIBITS,
    **LACQUER_EXHIBITS,
    **CARVING_EXHIBITS,
    **MACHINE_EXHIBITS,
}
MODELS: dict[str, Exhibit] = {
    "dragon-kiln": Exhibit(Title("龙窑（模型）", "Dragon kiln, a model"), dragon_kiln),  # shown as a reconstruction
    **EXHIBITS,
}
