"""The record as W3C PROV-O in JSON-LD, with the classes and properties of CRMdig beside PROV's.

Each stage is an activity that used what earlier stages, or the sources, gave, and generated its own output. Entities
are named by their hashes (RFC 6920), so the same photo has the same name in every record. The context holds prefixes
only, and loads nothing. Sources: W3C, PROV-O, 2013; FORTH, CRMdig 3.2; W3C, JSON-LD 1.1.
"""

from __future__ import annotations

import base64
import uuid
from datetime import datetime, timedelta
from typing import Any

from recon.formats.xmp import NAMESPACES
from recon.record.facts import Facts

Node = dict[str, Any]

CONTEXT = {
    **{prefix: NAMESPACES[prefix] for prefix in ("crmdig", "dcterms", "prov")},
    "crm": "http://www.cidoc-crm.org/cidoc-crm/",
    "premis": "http://www.loc.gov/premis/rdf/v3/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
SHA_256 = "http://id.loc.gov/vocabulary/preservation/cryptographicHashFunctions/sha256"


def provenance(facts: Facts) -> Node:
    """The whole document. Needs the hashes that journey.json keeps of a finished model (recon.record.hashes)."""
    made: list[Node] = []
    outputs = facts.journey.get("outputs", {})
    sources = [_file(entry["path"], entry["sha256"], entry["bytes"]) for entry in facts.journey.get("sources", [])]
    software = {name: _software(name, v) for name, v in facts.stages["gltf"]["libraries"].items()}
    machine = _machine(facts)
    before: dict[str, str] = {}  # stage -> its output's name
    for stage, entry in facts.stages.items():
        if stage not in outputs:
            continue
        output = named(outputs[stage]["sha256"])
        read = [before[name] for name in uses(stage, facts) if name in before]
        used = read or [source["@id"] for source in sources]
        made.append(_activity(stage, entry, used, output, list(software.values()), machine["@id"]))
        made.append(
            {
                "@id": output,
                "@type": ["prov:Entity", "prov:Collection", "crmdig:D9_Data_Object"],
                "rdfs:label": f"{stage}/",
                "premis:size": outputs[stage]["bytes"],
                **_fixity(outputs[stage]["sha256"]),
                "prov:wasGeneratedBy": {"@id": activity_name(stage, entry)},
                "prov:wasDerivedFrom": _references(used),
            }
        )
        before[stage] = output
    for path, entry in delivered(facts):
        made.append(
            {
                **_file(path, entry["sha256"], entry["bytes"]),
                "prov:wasGeneratedBy": {"@id": activity_name("gltf", facts.stages["gltf"])},
                "dcterms:isPartOf": {"@id": before["gltf"]} if "gltf" in before else None,
                "dcterms:format": entry["mime"],
            }
        )
    graph = [*_once(sources), *made, *software.values(), machine]
    return {"@context": CONTEXT, "@graph": [{k: v for k, v in node.items() if v is not None} for node in graph]}


def delivered(facts: Facts) -> list[tuple[str, Any]]:
    """(path in the workspace, its entry in asset.json) of the files of the bundle."""
    told: Any = facts.asset["files"]
    found = [told[key] for key in ("model", "ktx2", "collider", "thumb") if key in told] + told.get("lods", [])
    if "tiles" in told:
        found.append(told["tiles"]["archive"])
    return [(f"gltf/{entry['path']}", entry) for entry in found]


def uses(stage: str, facts: Facts) -> tuple[str, ...]:
    """The stages whose output a stage is given (recon.pipeline)."""
    seen = "join" if facts.joined else "align" if facts.photos else "views"
    cloud = "join" if facts.joined else "dense" if facts.photos else "clean"
    return {
        "features": ("photos",),
        "matches": ("photos", "features"),
        "sparse": ("photos", "matches"),
        "targets": ("photos", "sparse"),
        "align": ("photos", "sparse", "targets"),
        "depth": ("align",),
        "dense": ("depth",),
        "register": ("scans",),
        "clean": ("register",),
        "views": ("register", "clean"),
        "join": ("dense", "align", "clean", "views"),
        "mesh": (cloud, seen),
        "colour": (seen, "photos"),
        "texture": ("mesh", seen, "colour"),
        "gltf": ("texture", seen),
    }.get(stage, ())


def named(sha256: str) -> str:
    """ni:///sha-256;… of a hash in hexadecimal digits (RFC 6920, 3)."""
    return "ni:///sha-256;" + base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode("ascii").rstrip("=")


def activity_name(stage: str, entry: Node) -> str:
    inputs = "".join(entry["inputs"])
    return uuid.uuid5(uuid.NAMESPACE_URL, f"longyao:{stage}:{entry['started']}:{inputs}").urn


def times(entry: Node) -> tuple[str, str]:
    """(begin, end), ISO 8601 in UTC."""
    begin = datetime.fromisoformat(entry["started"])
    return begin.isoformat(), (begin + timedelta(seconds=entry["wall_seconds"])).isoformat(timespec="seconds")


def _activity(stage: str, entry: Node, used: list[str], output: str, software: list[Node], machine: str) -> Node:
    begin, end = times(entry)
    reads_the_world = stage in ("photos", "scans")
    parameters = [{"@value": f"{stage}.{name} = {value}"} for name, value in entry["options"].items()]
    return {
        "@id": activity_name(stage, entry),
        "@type": ["prov:Activity", "crmdig:D10_Software_Execution"],
        "rdfs:label": f"{stage} {entry['version']}",
        "crm:P2_has_type": "ingestion" if reads_the_world else "processing",
        "prov:startedAtTime": {"@type": "xsd:dateTime", "@value": begin},
        "prov:endedAtTime": {"@type": "xsd:dateTime", "@value": end},
        "prov:used": _references(used),
        "crmdig:L10_had_input": _references(used),
        "prov:generated": {"@id": output},
        "crmdig:L11_had_output": {"@id": output},
        "prov:wasAssociatedWith": _references([agent["@id"] for agent in software]),
        "crmdig:L23_used_software_or_firmware": _references([agent["@id"] for agent in software]),
        "crmdig:L12_happened_on_device": {"@id": machine},
        "crmdig:L13_used_parameters": parameters,
        "rdfs:comment": [{"@value": warning["text"], "@language": "en"} for warning in _warnings(entry)],
    }


def _warnings(entry: Node) -> list[Node]:
    return [w if isinstance(w, dict) else {"text": str(w)} for w in entry.get("warnings", [])]


def _file(path: str, sha256: str, size: int) -> Node:
    return {
        "@id": named(sha256),
        "@type": ["prov:Entity", "crmdig:D9_Data_Object"],
        "rdfs:label": path,
        "premis:size": size,
        **_fixity(sha256),
    }


def _fixity(sha256: str) -> Node:
    return {"premis:fixity": {"@type": SHA_256, "http://www.w3.org/1999/02/22-rdf-syntax-ns#value": sha256}}


def _software(name: str, version: str) -> Node:
    """A software agent by its package's address (purl)."""
    kind = "generic" if name == "longyao" else "pypi"
    return {
        "@id": f"pkg:{kind}/{name.lower()}@{version}",
        "@type": ["prov:SoftwareAgent", "crmdig:D14_Software"],
        "rdfs:label": f"{name} {version}",
    }


def _machine(facts: Facts) -> Node:
    told = facts.journey["machine"]
    label = f"{told['system']}, Python {told['python']}, {told['cores']} cores, {told['memory_mb']} MB"
    return {
        "@id": uuid.uuid5(uuid.NAMESPACE_URL, f"longyao:machine:{label}").urn,
        "@type": ["prov:Agent", "crmdig:D8_Digital_Device"],
        "rdfs:label": label,
    }


def _references(names: list[str]) -> list[Node]:
    return [{"@id": name} for name in dict.fromkeys(names)]


def _once(nodes: list[Node]) -> list[Node]:
    """Files with the same bytes are one entity with several labels."""
    found: dict[str, Node] = {}
    for node in nodes:
        if node["@id"] in found:
            labels = found[node["@id"]]["rdfs:label"]
            found[node["@id"]]["rdfs:label"] = [*(labels if isinstance(labels, list) else [labels]), node["rdfs:label"]]
        else:
            found[node["@id"]] = dict(node)
    return list(found.values())
