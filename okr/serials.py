"""Days and moments as spreadsheets number them: days since the last but one of 1899."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from okr.model import EPOCH

FIRST_SERIAL = 1
LAST_SERIAL = 2958466 - 1 / 86400
"""The last second of the year 9999."""

_EPOCH_ORDINAL = EPOCH.toordinal()


def moment_of(serial: float) -> datetime:
    """Turn a serial number into a moment, to the second; it must lie within the known serials."""
    return EPOCH + timedelta(0, second_of(serial))


def second_of(serial: float) -> int:
    """Give the second, counted from the moment 0 of spreadsheets, that a serial number means."""
    return round(serial * 86400)


@lru_cache(maxsize=64)
def last_second(day: date) -> int:
    """Give the last second of a day."""
    return (day.toordinal() - _EPOCH_ORDINAL + 1) * 86400 - 1


def ordinal_of(second: int) -> int:
    """Give the ordinal of the day in which a second lies, counted as ``second_of`` counts."""
    return _EPOCH_ORDINAL + second // 86400


def day_of_second(second: int) -> date:
    """Give the day in which a second lies, counted as ``second_of`` counts."""
    return date.fromordinal(_EPOCH_ORDINAL + second // 86400)


def day_of(serial: float) -> date:
    """Turn a serial number into its day; it must lie within the known serials."""
    return day_of_second(second_of(serial))


def serial_of(when: date) -> float:
    """Turn a day, or a moment by its own clock, into the serial number that a sheet keeps."""
    if not isinstance(when, datetime):
        return float(when.toordinal() - _EPOCH_ORDINAL)
    return (when.replace(tzinfo=None) - EPOCH) / timedelta(days=1)
