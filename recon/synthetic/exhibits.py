"""What the demonstration's halls show that is made in code: every thing's title, its model, whose form it follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from recon.synthetic.bundle import KILN_STATEMENT, Title
from recon.synthetic.engine import steam_engine
from recon.synthetic.kiln import dragon_kiln
from recon.synthetic.model import Model
from recon.synthetic.tea import frying_wok, tumbling_drum, withering_sieve
from recon.synthetic.tea_machines import roasting_basket, rolling_machine
from recon.synthetic.tea_service import gaiwan, tea_chest, tea_tray
from recon.synthetic.tools import kick_wheel
from recon.synthetic.ware import censer, meiping, saggar


@dataclass(frozen=True, slots=True)
class Thing:
    title: Title
    model: Callable[[], Model]
    statement: Title = KILN_STATEMENT


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

PORCELAIN_THINGS = {
    "meiping": Thing(Title("白釉贴梅花纹梅瓶", "White meiping with plum blossom"), meiping),
    "censer": Thing(Title("白釉三足炉", "White tripod censer"), censer),
    "saggar": Thing(Title("匣钵与叠装的碗", "Saggars with stacked bowls"), saggar),
    "kick-wheel": Thing(Title("辘轳（陶车）", "Kick wheel"), kick_wheel),
}
TEA_THINGS = {
    "gaiwan": Thing(Title("青花兰草纹盖碗", "Covered tea bowl with orchids"), gaiwan, TEA),
    "tea-tray": Thing(Title("茶盘、红泥小壶与四杯", "Tea tray with a small red pot and four cups"), tea_tray, TEA),
    "withering-sieve": Thing(Title("晒青竹筛", "Bamboo sieve for withering"), withering_sieve, TEA),
    "tumbling-drum": Thing(Title("摇青竹笼", "Bamboo drum for tumbling"), tumbling_drum, TEA),
    "frying-wok": Thing(Title("炒青灶", "Wok stove for firing the leaf"), frying_wok, TEA),
    "rolling-machine": Thing(Title("揉捻机", "Tea rolling machine"), rolling_machine, TEA),
    "roasting-basket": Thing(Title("焙笼与炭焙灶", "Roasting basket over a charcoal hearth"), roasting_basket, TEA),
    "tea-chest": Thing(Title("外销茶箱", "Export tea chest"), tea_chest, TEA),
}
MACHINE_THINGS = {
    "steam-engine": Thing(Title("卧式单缸蒸汽机", "Horizontal steam engine, one cylinder"), steam_engine, MACHINE),
}
EXHIBITS: dict[str, Thing] = {**PORCELAIN_THINGS, **TEA_THINGS, **MACHINE_THINGS}
THINGS: dict[str, Thing] = {
    "dragon-kiln": Thing(Title("龙窑（模型）", "Dragon kiln, a model"), dragon_kiln),  # shown as a reconstruction
    **EXHIBITS,
}
MODELLED = tuple(PORCELAIN_THINGS)  # what stands in the first hall
