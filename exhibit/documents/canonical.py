"""One text for each JSON value, so that two values can be told to be the same, in both languages (RFC 8785).

Keys are sorted, there are no spaces, and numbers are IEEE doubles printed as ECMAScript prints them: 1.0 is 1, -0 is 0.
The viewer: viewer/src/document/canonical.ts.
"""

from __future__ import annotations

import json
from decimal import Decimal

_EXACT = 2**53  # integers below are doubles
_TINY, _HUGE = -6, 21  # powers of ten outside of which ECMAScript writes an exponent


def canonical(value: object) -> str:
    """Raises TypeError for what is no JSON, ValueError for a number that is not finite."""
    if value is None or isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, list | tuple):
        return f"[{','.join(map(canonical, value))}]"
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: str(key).encode("utf-16-be", "surrogatepass"))  # as ECMAScript sorts
        return f"{{{','.join(f'{canonical(key)}:{canonical(value[key])}' for key in keys)}}}"
    raise TypeError(f"{type(value)} is no JSON")


def same(a: object, b: object) -> bool:
    """Whether two JSON values have the same canonical text: true is not 1, but 1.0 is. Quicker than the texts."""
    if a is b:
        return True
    if isinstance(a, dict) and isinstance(b, dict):
        return len(a) == len(b) and all(key in b and same(value, b[key]) for key, value in a.items())
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, bool) or isinstance(b, bool):
        return False
    if isinstance(a, int | float) and isinstance(b, int | float):
        return a == b or float(a) == float(b)
    return a == b


def _number(value: float) -> str:
    if isinstance(value, int) and abs(value) < _EXACT:
        return str(value)
    value = float(value)
    if value == 0:
        return "0"
    sign, figures, exponent = Decimal(repr(value)).normalize().as_tuple()
    if not isinstance(exponent, int):
        raise ValueError(f"{value} is no JSON")
    digits, point = "".join(map(str, figures)), len(figures) + exponent  # the value is 0.digits x 10^point
    if len(digits) <= point <= _HUGE:
        text = digits.ljust(point, "0")
    elif 0 < point <= _HUGE:
        text = f"{digits[:point]}.{digits[point:]}"
    elif _TINY < point <= 0:
        text = f"0.{'0' * -point}{digits}"
    else:
        text = f"{digits[0]}{'.' if digits[1:] else ''}{digits[1:]}e{point - 1:+d}"
    return "-" * sign + text
