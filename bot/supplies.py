"""What handlers may ask for by name in one unit of work, made when it is asked for."""

from collections.abc import Iterator, Mapping

from bot.answering import answering_of
from bot.content import Content
from bot.use_cases import UseCases

_NAMES = (*UseCases.names(), "library", "answering")


class Supplies(Mapping[str, object]):
    """Besides what the dispatcher itself holds."""

    def __init__(self, use_cases: UseCases, content: Content) -> None:
        self._use_cases = use_cases
        self._content = content

    @staticmethod
    def names() -> tuple[str, ...]:
        return _NAMES

    def __getitem__(self, name: str) -> object:
        match name:
            case "library":
                return self._content.library
            case "answering":
                return answering_of(self._use_cases, self._content)
            case _ if name in _NAMES:
                return getattr(self._use_cases, name)
            case _:
                raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)
