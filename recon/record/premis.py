"""The record as PREMIS 3: objects with their hashes, an event for each stage, the software as agents.

Source: Library of Congress, PREMIS Data Dictionary 3.0 and its XML schema, whose order of elements is kept.
"""

from __future__ import annotations

import mimetypes
import re
from importlib.metadata import version
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from recon.record.facts import Facts
from recon.record.prov import activity_name, delivered, named, times

NAMESPACE = "http://www.loc.gov/premis/v3"
_SCHEMA = "https://www.loc.gov/standards/premis/premis.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
_HASH_NAME = "RFC 6920"


def premis(facts: Facts) -> bytes:
    """The whole document as UTF-8."""
    register_namespace("premis", NAMESPACE)
    register_namespace("xsi", _XSI)
    root = Element(_tag("premis"), {"version": "3.0", f"{{{_XSI}}}schemaLocation": f"{NAMESPACE} {_SCHEMA}"})
    rights = facts.asset["origin"].get("licence")
    sources = [(entry["path"], entry, _mime(entry["path"])) for entry in facts.journey.get("sources", [])]
    results = [(path, entry, entry["mime"]) for path, entry in delivered(facts)]
    seen: set[str] = set()
    for path, entry, mime in (*sources, *results):
        if entry["sha256"] not in seen:  # the same bytes are one object
            seen.add(entry["sha256"])
            _object(root, path, entry, mime, "longyao" if (path, entry, mime) in results else None)
    stages = list(facts.stages)
    for stage, entry in facts.stages.items():
        linked = [(e["sha256"], "source") for _, e, _ in sources] if stage in ("photos", "scans") else []
        linked += [(e["sha256"], "outcome") for _, e, _ in results] if stage == stages[-1] else []
        _event(root, facts, stage, entry, linked)
    _agent(root, "longyao", version("longyao"))
    if rights:
        _rights(root, rights, [entry["sha256"] for _, entry, _ in results])
    indent(root, " ")
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _object(root: Element, path: str, entry: Any, mime: str, made_with: str | None) -> None:
    thing = SubElement(root, _tag("object"), {f"{{{_XSI}}}type": "premis:file"})
    _identifier(thing, "object", named(entry["sha256"]))
    about = _add(thing, "objectCharacteristics")
    _add(about, "compositionLevel", "0")
    fixity = _add(about, "fixity")
    _add(fixity, "messageDigestAlgorithm", "SHA-256")
    _add(fixity, "messageDigest", entry["sha256"])
    _add(about, "size", str(entry["bytes"]))
    _add(_add(_add(about, "format"), "formatDesignation"), "formatName", mime)
    if made_with is not None:
        maker = _add(about, "creatingApplication")
        _add(maker, "creatingApplicationName", made_with)
        _add(maker, "creatingApplicationVersion", version("longyao"))
    _add(thing, "originalName", path)


def _event(root: Element, facts: Facts, stage: str, entry: Any, linked: list[tuple[str, str]]) -> None:
    event = _add(root, "event")
    _identifier(event, "event", activity_name(stage, entry), "URN")
    _add(event, "eventType", "creation")
    _add(event, "eventDateTime", "/".join(times(entry)))
    options = ", ".join(f"{name}={value}" for name, value in entry["options"].items())
    _add(_add(event, "eventDetailInformation"), "eventDetail", f"stage {stage}, version {entry['version']}: {options}")
    outcome = _add(event, "eventOutcomeInformation")
    _add(outcome, "eventOutcome", "success" if entry.get("done") else "failure")
    output = facts.journey.get("outputs", {}).get(stage)
    notes = [str(entry.get("result", ""))]
    notes += [f"SHA-256 of its {output['files']} files: {output['sha256']}"] if output else []
    notes += [w["text"] if isinstance(w, dict) else str(w) for w in entry.get("warnings", [])]
    for note in filter(None, notes):
        _add(_add(outcome, "eventOutcomeDetail"), "eventOutcomeDetailNote", note)
    _link(event, "Agent", "purl", _agent_name("longyao", version("longyao")), "executing program")
    for sha256, role in dict.fromkeys(linked):
        _link(event, "Object", _HASH_NAME, named(sha256), role)


def _agent(root: Element, name: str, number: str) -> None:
    agent = _add(root, "agent")
    _identifier(agent, "agent", _agent_name(name, number), "purl")
    _add(agent, "agentName", "Longyao")
    _add(agent, "agentType", "software")
    _add(agent, "agentVersion", number)


def _rights(root: Element, licence: str, objects: list[str]) -> None:
    statement = _add(_add(root, "rights"), "rightsStatement")
    _identifier(statement, "rightsStatement", licence, "licence")
    _add(statement, "rightsBasis", "license")
    _add(_add(statement, "licenseInformation"), "licenseTerms", licence)
    for sha256 in dict.fromkeys(objects):
        _link(statement, "Object", _HASH_NAME, named(sha256))


def _identifier(parent: Element, kind: str, value: str, scheme: str = _HASH_NAME) -> None:
    identifier = _add(parent, f"{kind}Identifier")
    _add(identifier, f"{kind}IdentifierType", scheme)
    _add(identifier, f"{kind}IdentifierValue", value)


def _link(parent: Element, kind: str, scheme: str, value: str, role: str = "") -> None:
    link = _add(parent, f"linking{kind}Identifier")
    _add(link, f"linking{kind}IdentifierType", scheme)
    _add(link, f"linking{kind}IdentifierValue", value)
    if role:
        _add(link, f"linking{kind}Role", role)


def _agent_name(name: str, number: str) -> str:
    return f"pkg:generic/{name}@{number}"


def _mime(path: str) -> str:
    return mimetypes.guess_type(path)[0] or "application/octet-stream"


def _add(parent: Element, name: str, text: str | None = None) -> Element:
    made = SubElement(parent, _tag(name))
    made.text = text if text is None else _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    return made


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
