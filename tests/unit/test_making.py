"""What is made quickly is what its class would make."""

from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from okr.making import maker


@dataclass(frozen=True, slots=True)
class Sample:
    one: int
    two: str = "two"
    more: list[int] = field(default_factory=list)


make = maker(Sample)


def test_it_equals_what_the_class_makes() -> None:
    made = make(1, more=[3])

    assert type(made) is Sample
    assert made == Sample(1, more=[3])
    assert repr(made) == repr(Sample(1, more=[3]))
    assert replace(made, one=2) == Sample(2, more=[3])


def test_it_is_frozen() -> None:
    made = make(1)

    with pytest.raises(FrozenInstanceError):
        made.one = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del made.one


def test_each_has_a_default_of_its_own() -> None:
    assert make(1).more is not make(1).more


def test_what_is_missing_or_unknown_is_refused() -> None:
    with pytest.raises(TypeError):
        make()
    with pytest.raises(TypeError):
        make(1, three=3)
