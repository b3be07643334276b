"""How a thing that a plan would create is looked for in AWS: by the name it would get, which holds the suffix.

Names are unique by construction (docs/naming): what has the name is what a run that died has made. What AWS is deleting
already is not found.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from delivery.aws import Clients

Values = Mapping[str, Any]
# Answers that mean `there is none`; each is an answer to a question for one name.
ABSENT = frozenset(
    {
        "404",
        "ClusterNotFoundException",
        "LoadBalancerNotFound",
        "NoSuchBucket",
        "NoSuchEntity",
        "NotFoundException",
        "RepositoryNotFoundException",
        "ResourceNotFoundException",
        "TargetGroupNotFound",
    }
)


@dataclass(frozen=True)
class Call:
    """A question to AWS. arguments: from the planned values and the ids that the calls before it gave; ids: from the
    whole answer, over all pages, and the same.
    """

    service: str
    operation: str
    arguments: Callable[..., Mapping[str, Any]]
    ids: Callable[..., Iterable[str]]


@dataclass(frozen=True)
class Lookup:
    """The calls that lead to import ids: each is made once for every id that the one before it gave.

    needs: the planned values without which nothing can be asked. They are unknown as long as what they refer to has
    not been found; a plan that imports that knows them.
    """

    needs: tuple[str, ...]
    calls: tuple[Call, ...]


def found_ids(lookup: Lookup, values: Values, clients: Clients) -> list[str]:
    """The import ids of what AWS has of a planned resource; none where its values are not known yet.

    Raises what botocore raises for any answer but `there is none`.
    """
    if any(values.get(name) in (None, "", []) for name in lookup.needs):
        return []
    ids: list[tuple[str, ...]] = [()]
    for call in lookup.calls:
        ids = [
            (*chosen, id_) for chosen in ids for id_ in call.ids(_ask(call, values, chosen, clients), values, *chosen)
        ]
    return [chosen[-1] for chosen in ids]


def _ask(call: Call, values: Values, chosen: tuple[str, ...], clients: Clients) -> Any:
    from botocore.exceptions import ClientError

    client = clients(call.service)
    arguments = call.arguments(values, *chosen)
    try:
        if client.can_paginate(call.operation):
            return client.get_paginator(call.operation).paginate(**arguments).build_full_result()
        return getattr(client, call.operation)(**arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT:
            return {}
        raise
