"""How many answers a second a running exhibition gives to many visitors at once, and how long they wait."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

CONNECTIONS = 100
SECONDS = 5.0


def served(address: str) -> Iterator[dict[str, Any]]:
    """A row each for the home page, the first hall's page, and its document, in both languages where they differ."""
    with urlopen(f"{address}/api/halls") as answer:
        slug = json.load(answer)["halls"][0]["slug"]
    print(f"{'':28}{'a second':>10}{'median ms':>11}{'p99 ms':>9}{'KB':>8}")
    for path in ("/?lang=zh", "/?lang=en", f"/halls/{slug}?lang=zh", f"/halls/{slug}?lang=en", f"/api/halls/{slug}"):
        waits, size = asyncio.run(_ask(address, path))
        row = {
            "run": f"serving {path}",
            "per_second": round(len(waits) / SECONDS),
            "median_ms": round(1000 * waits[len(waits) // 2], 1),
            "p99_ms": round(1000 * waits[len(waits) * 99 // 100], 1),
            "kb": round(size / 1000, 1),
        }
        print(f"{path:28}{row['per_second']:>10}{row['median_ms']:>11}{row['p99_ms']:>9}{row['kb']:>8}")
        yield row


async def _ask(address: str, path: str) -> tuple[list[float], int]:
    """(how long each answer took in s, sorted; bytes of one) on connections that stay open."""
    place = urlsplit(address)
    request = (f"GET {place.path}{path} HTTP/1.1\r\nHost: {place.netloc}\r\nAccept-Encoding: br, gzip\r\n\r\n").encode()
    waits: list[float] = []
    size = 0

    async def visitor(until: float) -> None:
        nonlocal size
        reader, writer = await asyncio.open_connection(place.hostname, place.port or 80)
        while (start := time.perf_counter()) < until:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"{path}: {head.splitlines()[0]!r}")
            size = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            await reader.readexactly(size)
            waits.append(time.perf_counter() - start)
        writer.close()

    until = time.perf_counter() + SECONDS
    await asyncio.gather(*(visitor(until) for _ in range(CONNECTIONS)))
    return sorted(waits), size
