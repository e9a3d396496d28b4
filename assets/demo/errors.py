"""What can go wrong in the demonstration."""

from __future__ import annotations

from recon.errors import LongyaoError


class DemoError(LongyaoError):
    """A plan, a bundle or an argument of the demonstration cannot be used."""
