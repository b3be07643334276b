"""Everything that AWS has in a stack and Terraform does not know, found by asking for one kind after the other."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from delivery.aws import Clients
from delivery.verify.asking import Ask
from delivery.verify.kind import Kind
from delivery.verify.kinds import (
    cluster,
    data,
    discovery,
    entrance,
    functions,
    gateways,
    identity,
    logs,
    network,
    routes,
    scaling,
    security_groups,
    targets,
)
from delivery.verify.known import Known, known_of
from delivery.verify.unmanaged import Unmanaged

PARALLEL_KINDS = 8
KINDS: tuple[Kind, ...] = (
    *entrance.KINDS,
    *targets.KINDS,
    *security_groups.KINDS,
    *network.KINDS,
    *routes.KINDS,
    *gateways.KINDS,
    *identity.KINDS,
    *cluster.KINDS,
    *discovery.KINDS,
    *scaling.KINDS,
    *logs.KINDS,
    *functions.KINDS,
    *data.KINDS,
)
SERVICES = (
    "application-autoscaling",
    "ec2",
    "ecr",
    "ecs",
    "elb",
    "elbv2",
    "events",
    "iam",
    "kms",
    "lambda",
    "logs",
    "route53",
    "s3",
    "servicediscovery",
)


def find_unmanaged(
    shown_state: Mapping[str, Any], clients: Clients, kinds: tuple[Kind, ...] = KINDS
) -> tuple[Unmanaged, ...]:
    """What AWS has in the stack of a shown state beside what the state knows, in a fixed order.

    shown_state: `terraform show -json` of a state, or the `prior_state` of a refreshing plan; it says where to look,
    so it should have been refreshed just now. UserError when AWS refuses a question, or does not answer it within the
    attempts of `clients`: nothing can be said then.
    """
    known, ask = known_of(shown_state), Ask(clients)
    for service in SERVICES:
        clients(service)  # made here: sessions are not to be used from several threads
    with ThreadPoolExecutor(PARALLEL_KINDS) as pool:
        found = list(pool.map(lambda kind: _sorted(kind, known, ask), kinds))
    return tuple(each for listed in found for each in listed)


def _sorted(kind: Kind, known: Known, ask: Ask) -> list[Unmanaged]:
    return sorted(kind.find(known, ask), key=lambda each: each.id)
