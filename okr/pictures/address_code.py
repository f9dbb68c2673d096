"""The address of a page as a QR code."""

from functools import lru_cache

import segno

LONGEST = 400
"""A longer address would take a code too fine to be read off a screen."""

DARK, LIGHT = 0, 255

MASK = 0
"""The pattern laid over the code. A reader finds out which; to try all takes most of the time."""


@lru_cache(maxsize=512)
def qr_code(address: str) -> dict[str, int | list[int]] | None:
    """Draw a QR code as grey pixels, one a module; None for no address, or too long a one.

    The same address has the same code in every form, size and revision, so it is kept.
    """
    if not address or len(address) > LONGEST:
        return None
    rows = segno.make_qr(address, error="m", boost_error=False, mask=MASK).matrix
    pixels = [DARK if is_dark else LIGHT for row in rows for is_dark in row]
    return {"size": len(rows), "pixels": pixels}
