"""Frozen dataclasses that are made by the ten thousand: as frozen as any, and made in a third."""

from collections.abc import Callable
from dataclasses import MISSING, Field, field, fields, make_dataclass
from typing import Any, TypeVar

T = TypeVar("T")


def maker(kind: type[T]) -> Callable[..., T]:
    """Give what makes instances of a frozen dataclass with slots, by its own arguments.

    A frozen dataclass sets each field of a new instance through a call, which for twenty fields
    takes longer than all that is computed for them. Here a subclass that is still open sets them
    plainly, and hands the instance over to ``kind`` once it is whole.
    """

    def close(made: Any) -> None:
        made.__class__ = kind

    known: tuple[Field[Any], ...] = fields(kind)  # type: ignore[arg-type]
    fill: Any = make_dataclass(
        kind.__name__,
        [(one.name, Any, _default(one)) for one in known],
        namespace={"__post_init__": close},
    )
    opened = {
        "__slots__": (),
        "__init__": fill.__init__,
        "__post_init__": close,
        "__setattr__": object.__setattr__,
        "__delattr__": object.__delattr__,  # unless both are open, Python takes the long way
    }
    return type(kind.__name__, (kind,), opened)


def _default(one: Field[Any]) -> Any:
    if one.default_factory is not MISSING:
        return field(default_factory=one.default_factory)
    return field() if one.default is MISSING else field(default=one.default)
