"""What may differ from the state without anybody having done wrong: by whom, and how far. Pure.

Each row was met in a refresh after a deployment, a rotation and a scaling in the sandbox, where it does not say
otherwise. What no row allows is illegal. Who changes the revision of a task definition in a service: deployments of
ours and nobody else (the redeployment function starts the same one again), so that has no row.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from delivery.drift.scene import Scene
from delivery.terraform.values import canonical

Json = Any
REPEATED = "a resource of its own says it"
AUTOSCALED = "ecs:service:DesiredCount"
STAGES_OF_AWS = frozenset({"AWSCURRENT", "AWSPREVIOUS", "AWSPENDING"})


@dataclass(frozen=True)
class Drifted:
    """One attribute of one resource. before, after: the whole resource, as the state and as AWS has it."""

    address: str
    kind: str
    attribute: str
    before: Mapping[str, Json]
    after: Mapping[str, Json]
    scene: Scene

    @property
    def state(self) -> Json:
        return self.before.get(self.attribute)

    @property
    def found(self) -> Json:
        return self.after.get(self.attribute)


@dataclass(frozen=True)
class Row:
    """reason: who changes it; limit: what is wrong with this change all the same, "" when nothing is."""

    kind: str
    attributes: tuple[str, ...]
    reason: str
    limit: Callable[[Drifted], str]


def row_for(kind: str, attribute: str) -> Row | None:
    """The row of an attribute, if it may drift at all."""
    return next((row for row in LEGAL if row.kind == kind and attribute in row.attributes), None)


def _within_scaling(drifted: Drifted) -> str:
    targets = [
        target
        for target in drifted.scene.of_type("aws_appautoscaling_target")
        if target.get("resource_id") == f"service/{_cluster_name(drifted.before)}/{drifted.before.get('name')}"
        and target.get("scalable_dimension") == AUTOSCALED
    ]
    if len(targets) != 1:
        return "no scaling target of the state moves this service"
    least, most = targets[0].get("min_capacity"), targets[0].get("max_capacity")
    if not (_is_count(least) and _is_count(drifted.found) and _is_count(most) and least <= drifted.found <= most):
        return f"the scaling target allows {least} to {most}"
    return ""


def _only_weights(drifted: Drifted) -> str:
    """The same two target groups in the same one forward, and somebody of them gets the requests."""
    groups = [_target_groups(actions) for actions in (drifted.state, drifted.found)]
    if not all(len(found) == 2 for found in groups):
        return "no forward between two target groups"
    if canonical(_weightless(drifted.state)) != canonical(_weightless(drifted.found)):
        return "more than the weights of the same two target groups differs"
    return "" if any(group.get("weight") for group in groups[1]) else "no target group has a weight"


def _only_stages_of_aws(drifted: Drifted) -> str:
    old, new = (frozenset(map(str, value or ())) for value in (drifted.state, drifted.found))
    if others := (old ^ new) - STAGES_OF_AWS:
        return f"a rotation does not move {', '.join(sorted(others))}"
    rotated = {rotation.get("secret_id") for rotation in drifted.scene.of_type("aws_secretsmanager_secret_rotation")}
    return "" if drifted.before.get("secret_id") in rotated else "this secret is not rotated"


def _is_issued(drifted: Drifted) -> str:
    return "" if drifted.found == "ISSUED" else "the certificate cannot be used"


def _by_nat_gateway(drifted: Drifted) -> str:
    """The address is where a NAT gateway of this stack has it."""
    for gateway in drifted.scene.of_type("aws_nat_gateway"):
        if gateway.get("allocation_id") == drifted.after.get("allocation_id"):
            ours = ("association_id", "network_interface_id", "private_ip")
            theirs = ("association_id", "network_interface", "private_ip")
            same = all(gateway.get(our) == drifted.after.get(their) for our, their in zip(ours, theirs, strict=True))
            return "" if same and not drifted.after.get("instance") else "it is not where its NAT gateway has it"
    return "no NAT gateway of the state has this address"


def _own_load_balancers(drifted: Drifted) -> str:
    own = {balancer.get("arn") for balancer in drifted.scene.of_type("aws_lb")}
    strange = [arn for arn in drifted.found or () if arn not in own]
    return f"not of this stack: {', '.join(map(str, strange))}" if strange or not drifted.found else ""


def _bucket_key_off(drifted: Drifted) -> str:
    """AWS says false where nothing was asked for."""
    said = json.loads(canonical(drifted.found), object_hook=_bucket_key_unsaid)
    return "" if canonical(said) == canonical(drifted.state) else "more than an unsaid `bucket_key_enabled` differs"


def _bucket_key_unsaid(block: dict[str, Json]) -> dict[str, Json]:
    return {**block, "bucket_key_enabled": None} if block.get("bucket_key_enabled") is False else block


def _said_by(kind: str, attribute: str = "") -> Callable[[Drifted], str]:
    """The bucket shows what a resource of its own says, whose drift is judged there. attribute: what must be equal."""

    def limit(drifted: Drifted) -> str:
        own = [one for one in drifted.scene.of_type(kind) if one.get("bucket") == drifted.after.get("bucket")]
        if len(own) != 1:
            return f"no {kind} of the state says so"
        if attribute and not _same_document(own[0].get(attribute), drifted.found):
            return f"the {kind} of the state says something else"
        return ""

    return limit


def _freely(_drifted: Drifted) -> str:
    return ""


_BUCKET = "aws_s3_bucket"
LEGAL = (
    Row("aws_ecs_service", ("desired_count",), "service scaling moves it", _within_scaling),
    Row("aws_lb_listener_rule", ("action",), "a blue/green deployment moves the weights", _only_weights),
    Row("aws_secretsmanager_secret_version", ("version_stages",), "the rotation moves them", _only_stages_of_aws),
    Row("aws_acm_certificate", ("status",), "AWS issues it when DNS is validated", _is_issued),
    Row(
        # Of AWS itself, not met in the sandbox, whose certificates neither begin nor end:
        # https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html (checked 2026-11-26)
        "aws_acm_certificate",
        ("not_after", "not_before", "pending_renewal", "renewal_eligibility", "renewal_summary"),
        "AWS issues and renews it",
        _freely,
    ),
    Row(
        "aws_eip",
        ("association_id", "network_interface", "private_dns", "private_ip"),
        "the NAT gateway takes the address",
        _by_nat_gateway,
    ),
    Row(
        "aws_lb_target_group",
        ("load_balancer_arns",),
        "a listener of this stack forwards to it",
        _own_load_balancers,
    ),
    Row(
        "aws_s3_bucket_server_side_encryption_configuration",
        ("rule",),
        "AWS says that bucket keys are off where nobody asked",
        _bucket_key_off,
    ),
    Row(_BUCKET, ("policy",), REPEATED, _said_by("aws_s3_bucket_policy", "policy")),
    Row(_BUCKET, ("lifecycle_rule",), REPEATED, _said_by("aws_s3_bucket_lifecycle_configuration")),
    Row(
        _BUCKET,
        ("server_side_encryption_configuration",),
        REPEATED,
        _said_by("aws_s3_bucket_server_side_encryption_configuration"),
    ),
)


def _cluster_name(service: Mapping[str, Json]) -> str:
    """`arn:aws:ecs:us-east-1:123456789012:cluster/NAME`, or the name itself."""
    return str(service.get("cluster") or "").rpartition("/")[2]


def _is_count(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _forwards(actions: Json) -> Iterator[dict[str, Json]]:
    for action in actions if isinstance(actions, list) else ():
        yield from (action.get("forward") or ()) if isinstance(action, dict) else ()


def _target_groups(actions: Json) -> list[dict[str, Json]]:
    return [group for forward in _forwards(actions) for group in forward.get("target_group") or ()]


def _weightless(actions: Json) -> Json:
    """The actions without weights, target groups in the order of their ARNs; `order` says nothing about one action."""
    copied = json.loads(canonical(actions))
    if len(copied) == 1:
        copied[0]["order"] = None
    for forward in _forwards(copied):
        groups = [{**group, "weight": None} for group in forward.get("target_group") or ()]
        forward["target_group"] = sorted(groups, key=canonical)
    return copied


def _same_document(one: Json, other: Json) -> bool:
    try:
        return canonical(json.loads(one)) == canonical(json.loads(other))
    except (TypeError, ValueError):
        return False
