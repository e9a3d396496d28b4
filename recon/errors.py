"""What can go wrong, said so that a technician knows what to do next."""


class LongyaoError(Exception):
    """A problem with what the user gave us: one sentence that says what is wrong, and a hint that says what to do."""

    def __init__(self, message: str, *, hint: str):
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}"

    def __reduce__(self) -> tuple[object, ...]:  # keeps the hint when the error crosses a process border
        return (_revive, (type(self), self.message, self.hint))


def _revive(kind: type[LongyaoError], message: str, hint: str) -> LongyaoError:
    return kind(message, hint=hint)


class BadPhotos(LongyaoError):
    """The photos cannot be read or cannot be used together."""


class BadScan(LongyaoError):
    """A point cloud or mesh cannot be read."""


class BadModel(LongyaoError):
    """A glTF, bundle or COLMAP model cannot be read."""


class BadOptions(LongyaoError):
    """An option does not exist or its value is out of range."""


class NoReconstruction(LongyaoError):
    """The photos are fine, but no surface or camera could be found from them."""


class NotEnoughMemory(LongyaoError):
    """A stage would need more memory than this machine has."""


class Cancelled(LongyaoError):
    """The user stopped the work; what was finished stays."""
