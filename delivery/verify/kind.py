"""One kind of thing that AWS is asked for, as data: where it is listed, what it is called, what excuses it."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass

from delivery.verify.asking import Answer, Ask
from delivery.verify.known import Attributes, Known
from delivery.verify.unmanaged import Unmanaged

Identity = Callable[[Attributes], Hashable]


def by(*attributes: str) -> Identity:
    """Two resources are the same when these attributes say the same; nothing and an empty text are the same, too."""
    return lambda values: tuple(str(values.get(each) or "") for each in attributes)


BY_ID = by("id")


@dataclass(frozen=True)
class Excuse:
    """A reason for which AWS has a thing that no state knows, and how such a thing is recognised."""

    reason: str
    covers: Callable[[Answer, Known], bool]


@dataclass(frozen=True)
class Kind:
    """type: the provider's; also: other types by which a state may know the same thing.

    listed: what AWS has of it in the stack, each as one answer. convert: an answer in the provider's attributes, pure.
    same: by what a found resource is recognised in the state. id: the attribute that names it in its address.
    """

    type: str
    listed: Callable[[Known, Ask], Iterable[Answer]]
    convert: Callable[[Answer], Attributes]
    same: Identity = BY_ID
    also: tuple[str, ...] = ()
    id: str = "id"
    excuses: tuple[Excuse, ...] = ()

    def find(self, known: Known, ask: Ask) -> Iterator[Unmanaged]:
        """What AWS lists, minus what the state knows, minus what is excused."""
        in_state = {self.same(values) for values in known.of(self.type, *self.also)}
        for answer in self.listed(known, ask):
            values = self.convert(answer)
            if self.same(values) in in_state or any(each.covers(answer, known) for each in self.excuses):
                continue
            yield Unmanaged(self.type, str(values[self.id]), values)
