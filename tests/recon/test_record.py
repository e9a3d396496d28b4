"""What remains for archives: provenance, rights, the package, and the rebuilding from a record."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from truth import Solved

from recon.cli import main
from recon.errors import BadModel, BadOptions
from recon.formats.asset_document import Text
from recon.formats.xmp import NAMESPACES, packet, with_context
from recon.record.bag import write_bag
from recon.record.hashes import outputs, source_files
from recon.record.premis import NAMESPACE
from recon.replay import replay
from recon.workspace import Workspace

PROV, DIG, DC = NAMESPACES["prov"], NAMESPACES["crmdig"], NAMESPACES["dc"]
RDF_ALT = NAMESPACES["rdf"] + "Alt"

# PREMIS 3's XML schema: the order of an element's children, of those that we write
PREMIS_ORDER = {
    "premis": ["object", "event", "agent", "rights"],
    "object": ["objectIdentifier", "objectCharacteristics", "originalName"],
    "objectIdentifier": ["objectIdentifierType", "objectIdentifierValue"],
    "objectCharacteristics": ["compositionLevel", "fixity", "size", "format", "creatingApplication"],
    "fixity": ["messageDigestAlgorithm", "messageDigest"],
    "format": ["formatDesignation"],
    "formatDesignation": ["formatName"],
    "creatingApplication": ["creatingApplicationName", "creatingApplicationVersion"],
    "event": [
        *("eventIdentifier", "eventType", "eventDateTime", "eventDetailInformation", "eventOutcomeInformation"),
        *("linkingAgentIdentifier", "linkingObjectIdentifier"),
    ],
    "eventIdentifier": ["eventIdentifierType", "eventIdentifierValue"],
    "eventDetailInformation": ["eventDetail"],
    "eventOutcomeInformation": ["eventOutcome", "eventOutcomeDetail"],
    "eventOutcomeDetail": ["eventOutcomeDetailNote"],
    "linkingAgentIdentifier": ["linkingAgentIdentifierType", "linkingAgentIdentifierValue", "linkingAgentRole"],
    "linkingObjectIdentifier": ["linkingObjectIdentifierType", "linkingObjectIdentifierValue", "linkingObjectRole"],
    "agent": ["agentIdentifier", "agentName", "agentType", "agentVersion"],
    "agentIdentifier": ["agentIdentifierType", "agentIdentifierValue"],
}


def expanded(value: Any, context: dict[str, str]) -> Any:
    """JSON-LD 1.1 expansion for a context that holds prefixes only."""

    def iri(name: str) -> str:
        prefix, colon, rest = name.partition(":")
        return context[prefix] + rest if colon and prefix in context and not rest.startswith("//") else name

    if isinstance(value, list):
        return [expanded(part, context) for part in value]
    if not isinstance(value, dict):
        return value
    made: dict[str, Any] = {}
    for key, inner in value.items():
        if key == "@type":
            made[key] = [iri(t) for t in ([inner] if isinstance(inner, str) else inner)]
        elif key == "@id":
            made[key] = iri(inner)
        elif key.startswith("@"):
            made[key] = expanded(inner, context)
        else:
            assert ":" in iri(key)
            assert iri(key) != key or key.startswith("http"), f"{key} has no namespace"
            made[iri(key)] = expanded(inner, context)
    return made


def check_packet(told: dict[str, Any]) -> dict[str, Any]:
    """The restrictions of KHR_xmp_json_ld; returns the expanded packet."""
    context = told["@context"]
    assert all(isinstance(address, str) and re.fullmatch(r"[A-Za-z0-9_]+", name) for name, address in context.items())
    assert len(set(context.values())) == len(context)
    body = {key: value for key, value in told.items() if key != "@context"}
    keys = set(_keys(body))
    assert {key for key in keys if key.startswith("@")} <= {"@list", "@set", "@type", "@language", "@value"}
    assert {key.partition(":")[0] for key in keys if not key.startswith("@")} <= context.keys()
    for inner in _objects(body):
        for key, value in inner.items():
            assert not isinstance(value, list) or key in ("@list", "@set")
        if inner.get("@type") == "rdf:Alt":
            alternatives = [value for key, value in inner.items() if key != "@type"]
            assert [key for key in inner if key != "@type"] == [f"rdf:_{n + 1}" for n in range(len(alternatives))]
            assert all(value.keys() == {"@language", "@value"} for value in alternatives)
            assert [value["@language"] for value in alternatives] == ["x-default", "zh-hans", "en"]
    made: dict[str, Any] = expanded(body, context)
    return made


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _objects(inner)


def _keys(value: Any) -> Iterator[str]:
    for inner in _objects(value):
        yield from inner


def test_every_file_of_the_delivery_says_what_it_is(solved: Solved) -> None:
    for name in ("model.glb", "lods/1.glb"):
        data = (solved.work / "gltf" / name).read_bytes()
        (length,) = struct.unpack_from("<I", data, 12)
        tree = json.loads(data[20 : 20 + length])
        assert tree["asset"]["extensions"]["KHR_xmp_json_ld"] == {"packet": 0}
        (told,) = tree["extensions"]["KHR_xmp_json_ld"]["packets"]
        made = check_packet(told)
        assert made[DC + "format"] == "model/gltf-binary"
        assert made[DC + "title"]["@type"] == [RDF_ALT]
        run = made[PROV + "wasGeneratedBy"]
        assert run["@type"] == [DIG + "D10_Software_Execution"]
        assert run[DIG + "L10_had_input"] == {"@set": ["10 photos"]}
        assert DC + "rights" not in made


def test_rights_are_told_where_they_are_known() -> None:
    text: Text = {"zh": "窑", "en": "Kiln"}
    licence = "https://creativecommons.org/licenses/by/4.0/"
    told = packet(
        text, text, tool="Longyao 1", inputs=["2 photos"], credit={"zh": "馆", "en": "Museum"}, rights=licence
    )
    made = check_packet(with_context(told))
    rights = NAMESPACES["xmpRights"]
    assert made[DC + "creator"] == {"@list": ["Museum"]}
    assert made[DC + "rights"][NAMESPACES["rdf"] + "_1"]["@value"] == licence
    assert (made[rights + "Marked"], made[rights + "WebStatement"]) == (True, licence)
    unnamed = with_context(packet(text, text, tool="Longyao 1", inputs=[], credit=None, rights=""))
    assert "xmpRights" not in unnamed["@context"]


def test_provenance_leads_from_the_photos_to_the_model(solved: Solved) -> None:
    told = json.loads((solved.work / "report" / "prov.jsonld").read_text(encoding="utf-8"))
    assert all(isinstance(address, str) for address in told["@context"].values())
    graph = [expanded(node, told["@context"]) for node in told["@graph"]]
    nodes = {node["@id"]: node for node in graph}
    assert len(nodes) == len(graph)
    activities = [node for node in graph if PROV + "Activity" in node["@type"]]
    assert [node["http://www.w3.org/2000/01/rdf-schema#label"].split()[0] for node in activities] == [
        *("photos", "features", "matches", "sparse", "targets", "align", "depth", "dense"),
        *("mesh", "colour", "texture", "gltf"),
    ]
    known = {_named(file) for _, file in source_files(solved.photographed.folder)}
    assert len(known) == 10
    assert {entry["@id"] for entry in activities[0][PROV + "used"]} == known
    for node in activities:
        assert node["@type"] == [PROV + "Activity", DIG + "D10_Software_Execution"]
        used = {entry["@id"] for entry in node[PROV + "used"]}
        assert used
        assert used <= known
        assert node[DIG + "L10_had_input"] == node[PROV + "used"]
        assert node[DIG + "L11_had_output"] == node[PROV + "generated"]
        known.add(node[PROV + "generated"]["@id"])
        began, ended = (node[PROV + key]["@value"] for key in ("startedAtTime", "endedAtTime"))
        assert began <= ended
        for entry in (*node[PROV + "wasAssociatedWith"], node[DIG + "L12_happened_on_device"]):
            assert nodes[entry["@id"]]["@type"][0] in (PROV + "SoftwareAgent", PROV + "Agent")
    model = nodes[_named(solved.work / "gltf" / "model.glb")]
    assert model[PROV + "wasGeneratedBy"] == {"@id": activities[-1]["@id"]}


def _named(file: Path) -> str:
    digest = hashlib.sha256(file.read_bytes()).digest()
    return "ni:///sha-256;" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def test_premis_keeps_to_the_schemas_order_and_links(solved: Solved) -> None:
    root = ElementTree.fromstring((solved.work / "report" / "premis.xml").read_bytes())
    for element in root.iter():
        name = element.tag.removeprefix(f"{{{NAMESPACE}}}")
        children = [child.tag.removeprefix(f"{{{NAMESPACE}}}") for child in element]
        order = PREMIS_ORDER.get(name, [])
        assert children == sorted(children, key=order.index), name
        assert children or (element.text or "").strip()
    find = {"p": NAMESPACE}
    hashes = {e.text for e in root.iterfind(".//p:messageDigest", find)}
    files = [file for _, file in source_files(solved.photographed.folder)]
    files += [solved.work / "gltf" / name for name in ("model.glb", "lods/1.glb", "collider.glb", "thumb.webp")]
    assert {hashlib.sha256(file.read_bytes()).hexdigest() for file in files} <= hashes
    for kind in ("object", "agent"):
        there = {e.text for e in root.iterfind(f".//p:{kind}IdentifierValue", find)}
        linked = {e.text for e in root.iterfind(f".//p:linking{kind.capitalize()}IdentifierValue", find)}
        assert linked
        assert linked <= there
    assert len(root.findall("p:event", find)) == 12
    assert {e.text for e in root.iterfind(".//p:eventOutcome", find)} == {"success"}


def test_a_bag_is_whole_by_rfc_8493(solved: Solved, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bag = tmp_path / "包"
    source = solved.photographed.folder
    assert main(["export", str(solved.work), "--bag", str(bag), "--source", str(source)]) == 0
    assert capsys.readouterr().out.strip() == str(bag)
    assert (bag / "bagit.txt").read_bytes() == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    payload = {p.relative_to(bag).as_posix() for p in (bag / "data").rglob("*") if p.is_file()}
    tags = {p.name for p in bag.iterdir() if p.is_file()}
    for tool in ("sha512", "sha256"):
        for kind, named in (("manifest", payload), ("tagmanifest", {n for n in tags if not n.startswith("tagm")})):
            manifest = f"{kind}-{tool}.txt"
            subprocess.run([f"{tool}sum", "--check", "--strict", "--quiet", manifest], cwd=bag, check=True)
            listed = [line.split("  ", 1)[1] for line in (bag / manifest).read_text(encoding="utf-8").splitlines()]
            assert sorted(listed) == sorted(named)
    told = dict(line.split(": ", 1) for line in (bag / "bag-info.txt").read_text(encoding="utf-8").splitlines())
    assert told["Payload-Oxum"] == f"{sum((bag / name).stat().st_size for name in payload)}.{len(payload)}"
    for name in ("journey.json", "model/asset.json", "master/master.glb", "report/prov.jsonld", "cameras/cameras.bin"):
        assert f"data/{name}" in payload
    assert {f"data/source/{path}" for path, _ in source_files(source)} <= payload
    assert not any("result." in name for name in payload)
    with pytest.raises(BadOptions, match="there already"):
        write_bag(solved.work, bag)
    assert [p.name for p in tmp_path.iterdir()] == ["包"]


def test_a_record_is_replayed_and_compared(solved: Solved, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Into a workspace that has come to the same already: what is compared is what is there."""
    again = tmp_path / "again"
    shutil.copytree(solved.work, again)
    (again / "options.toml").unlink()
    source = solved.photographed.folder
    arguments = ["--lang", "en", "replay", str(solved.work), str(source), "--work", str(again)]
    assert main(arguments) == 0
    assert "agrees with the record, byte for byte" in capsys.readouterr().out
    record = tmp_path / "journey.json"
    told = json.loads((solved.work / "journey.json").read_text(encoding="utf-8"))
    told["outputs"]["mesh"]["sha256"] = told["outputs"]["gltf"]["sha256"] = "0" * 64
    told["stages"]["mesh"]["libraries"]["scipy"] = "0.1"
    record.write_text(json.dumps(told), encoding="utf-8")
    found = replay(record, source, again)
    assert found.first_difference == "mesh"
    assert [stage for stage, same in found.stages if not same] == ["mesh", "gltf"]
    assert ("scipy", "0.1") in [(name, then) for name, then, _ in found.software]
    assert "mesh" in found.text("zh").splitlines()[-1]


def test_what_cannot_be_replayed_is_said(solved: Solved, tmp_path: Path) -> None:
    source = tmp_path / "photos"
    shutil.copytree(solved.photographed.folder, source)
    (source / "11.jpg").write_bytes(b"one more")
    with pytest.raises(BadOptions, match=r"11\.jpg"):
        replay(solved.work, source, tmp_path / "new")
    with pytest.raises(BadOptions, match="the record itself"):
        replay(solved.work, source, solved.work)
    with pytest.raises(BadModel, match="no record"):
        replay(source, source, tmp_path / "new")
    (tmp_path / "journey.json").write_text('{"stages": {}}')
    with pytest.raises(BadModel, match="no hashes"):
        replay(tmp_path, source, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_hashes_depend_on_content_alone(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "work")
    workspace.scratch("mesh", "first")
    workspace.finish("mesh", "first", ("same", 1))
    first = outputs(workspace, ["mesh", "texture"])
    assert first.keys() == {"mesh"}
    (workspace.scratch("mesh", "second") / "rows.db").write_bytes(b"in another order")
    workspace.finish("mesh", "second", ("same", 1))
    assert outputs(workspace, ["mesh"])["mesh"]["sha256"] == first["mesh"]["sha256"]
    workspace.scratch("mesh", "third")
    workspace.finish("mesh", "third", ("same", 2))
    assert outputs(workspace, ["mesh"])["mesh"]["sha256"] != first["mesh"]["sha256"]
