"""XMP about a glTF asset, as a JSON-LD packet of KHR_xmp_json_ld: Dublin Core, rights, and how it came to be.

Sources: Khronos, KHR_xmp_json_ld, its restrictions; ISO 16684-1; W3C PROV-O; FORTH, CRMdig.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from recon.formats.asset_document import Text

Packet = dict[str, Any]

NAMESPACES = {
    "crmdig": "http://www.ics.forth.gr/isl/CRMdig/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
}
_TAGS = (("x-default", "en"), ("zh-hans", "zh"), ("en", "en"))  # lower-case BCP 47; what programs show first, first


def packet(
    title: Text, statement: Text, *, tool: str, inputs: Sequence[str], credit: Text | None, rights: str
) -> Packet:
    """About a model that `tool` made of `inputs`; credit: whom to name; rights: an SPDX identifier or an address."""
    made: Packet = {
        "dc:title": alternatives(title),
        "dc:description": alternatives(statement),
        "dc:format": "model/gltf-binary",
        "dc:type": {"@set": ["InteractiveResource"]},  # of the DCMI Type Vocabulary
        "xmp:CreatorTool": tool,
        "dcterms:provenance": alternatives(statement),
        "prov:wasGeneratedBy": {
            "@type": "crmdig:D10_Software_Execution",
            "crmdig:L10_had_input": {"@set": list(inputs)},
            "crmdig:L23_used_software_or_firmware": tool,
        },
    }
    if credit is not None:
        made["dc:creator"] = {"@list": [credit["en"]]}
    if rights:
        made["dc:rights"] = alternatives({"zh": rights, "en": rights})
        made["xmpRights:Marked"] = True
        made["xmpRights:UsageTerms"] = alternatives({"zh": rights, "en": rights})
        if re.match(r"https?://", rights):
            made["xmpRights:WebStatement"] = rights
    return made


def alternatives(text: Text) -> Packet:
    """A text in both languages: an XMP language alternative."""
    words = {"zh": text["zh"], "en": text["en"]}
    told = {f"rdf:_{n}": {"@language": tag, "@value": words[key]} for n, (tag, key) in enumerate(_TAGS, 1)}
    return {"@type": "rdf:Alt", **told}


def with_context(told: Mapping[str, Any]) -> Packet:
    """The packet with the namespaces that it uses, and no others."""
    used = sorted(set(_prefixes(told)))
    return {"@context": {prefix: NAMESPACES[prefix] for prefix in used}, **told}


def _prefixes(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not key.startswith("@"):
                yield key.partition(":")[0]
            elif key == "@type":
                yield str(inner).partition(":")[0]
            yield from _prefixes(inner)
