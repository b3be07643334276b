"""Following references: the one way from a value to the resource it stands for."""

from typing import Any

import pytest

from policies.graph import Graph, UnresolvedError
from policies.graph.terraform_json import load_document


def graph(**blocks: Any) -> Graph:
    return load_document(blocks)


def addresses(found: tuple[Any, ...]) -> list[str]:
    return [item.address for item in found]


STACK: dict[str, Any] = {
    "resource": {
        "aws_subnet": {"a": {}, "b": {}},
        "aws_ecs_cluster": {"c": {"name": "ecs-cluster"}},
        "aws_iam_role": {"c": {"name": "ecs-cluster", "arn": "arn:aws:iam::123456789012:role/r"}},
        "aws_ecs_service": {
            "s": {
                "cluster": "${aws_ecs_cluster.c.arn}",
                "network_configuration": {"subnets": ["${aws_subnet.a.id}", "${aws_subnet.b.id}"]},
                "load_balancer": [
                    {"target_group_arn": "${aws_lb_target_group.t.arn}"},
                    {"target_group_arn": "outside"},
                ],
            }
        },
        "aws_lb_target_group": {"t": {}},
        "aws_ecs_cluster_capacity_providers": {"p": {"cluster_name": "ecs-cluster"}},
    },
    "data": {
        "aws_ecr_repository": {"r": {"name": "r", "repository_url": "123456789012.dkr.ecr.us-east-1.amazonaws.com/r"}}
    },
    "locals": {"subnets": ["${aws_subnet.a.id}", "${local.other}"], "other": "${aws_subnet.b.id}"},
}

FOLLOWED: list[tuple[Any, tuple[str, ...], list[str]]] = [
    ("${aws_subnet.a.id}", (), ["aws_subnet.a"]),
    (["${aws_subnet.a.id}", "${aws_subnet.b.id}"], ("aws_subnet",), ["aws_subnet.a", "aws_subnet.b"]),
    ("${local.subnets}", ("aws_subnet",), ["aws_subnet.a", "aws_subnet.b"]),
    ("${local.subnets[1]}", ("aws_subnet",), ["aws_subnet.b"]),
    ("x ${aws_subnet.a.id} y ${aws_ecs_cluster.c.arn}", ("aws_ecs_cluster",), ["aws_ecs_cluster.c"]),
    ("ecs-cluster", ("aws_ecs_cluster",), ["aws_ecs_cluster.c"]),
    ("arn:aws:iam::123456789012:role/r", (), ["aws_iam_role.c"]),
    (
        "${data.aws_ecr_repository.r.repository_url}@sha256:1",
        ("data.aws_ecr_repository",),
        ["data.aws_ecr_repository.r"],
    ),
    (
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/r@sha256:1",
        ("data.aws_ecr_repository",),
        ["data.aws_ecr_repository.r"],
    ),
    ("123456789012.dkr.ecr.us-east-1.amazonaws.com/r:v1", ("data.aws_ecr_repository",), ["data.aws_ecr_repository.r"]),
]


@pytest.mark.parametrize(("value", "kinds", "found"), FOLLOWED)
def test_a_value_leads_to_its_resource(value: Any, kinds: tuple[str, ...], found: list[str]) -> None:
    assert addresses(graph(**STACK).follow(value, *kinds)) == found


NOWHERE = [
    ("${aws_subnet.gone.id}", ()),
    ("${aws_subnet.a.id}", ("aws_vpc",)),
    ("${var.subnet}", ()),
    ("${each.value}", ()),
    ("subnet-0123", ("aws_subnet",)),
    ("ecs-cluster", ()),
    ("123456789012.dkr.ecr.us-east-1.amazonaws.com/r2@sha256:1", ("data.aws_ecr_repository",)),
    ("", ()),
    ([], ()),
    (None, ()),
    (5, ()),
    ("${broken", ()),
]


@pytest.mark.parametrize(("value", "kinds"), NOWHERE)
def test_a_value_that_leads_nowhere_is_unresolved(value: Any, kinds: tuple[str, ...]) -> None:
    with pytest.raises(UnresolvedError):
        graph(**STACK).follow(value, *kinds)


def test_an_outsider_can_be_looked_up_but_a_dangling_reference_cannot() -> None:
    assert graph(**STACK).lookup("subnet-0123", "aws_subnet") == ()
    with pytest.raises(UnresolvedError):
        graph(**STACK).lookup("${aws_subnet.gone.id}", "aws_subnet")


def test_targets_of_an_attribute_carry_its_place_when_they_fail() -> None:
    loaded = graph(**STACK)
    service = loaded.resources["aws_ecs_service.s"]
    assert addresses(loaded.targets_of(service, "network_configuration.subnets", "aws_subnet")) == [
        "aws_subnet.a",
        "aws_subnet.b",
    ]
    assert loaded.target_of(service, "cluster", "aws_ecs_cluster").name == "c"
    assert loaded.targets_of(service, "nothing", "aws_subnet") == ()
    for path, kind in (("load_balancer.target_group_arn", "aws_lb_target_group"), ("nothing", "aws_subnet")):
        with pytest.raises(UnresolvedError) as raised:
            loaded.target_of(service, path, kind)
        assert (raised.value.address, raised.value.attribute) == ("aws_ecs_service.s", path)


def test_referrers_are_found_through_blocks_and_names() -> None:
    loaded = graph(**STACK)
    group, cluster = loaded.resources["aws_lb_target_group.t"], loaded.resources["aws_ecs_cluster.c"]
    assert addresses(loaded.referrers(group, "aws_ecs_service", "load_balancer.target_group_arn")) == [
        "aws_ecs_service.s"
    ]
    assert addresses(loaded.referrers(cluster, "aws_ecs_cluster_capacity_providers", "cluster_name")) == [
        "aws_ecs_cluster_capacity_providers.p"
    ]
    assert loaded.referrers(group, "aws_ecs_service", "cluster") == ()


def test_referrers_refuse_to_guess_what_an_unknown_value_refers_to() -> None:
    loaded = graph(resource={"aws_subnet": {"a": {}}, "aws_route_table_association": {"x": {"subnet_id": "${var.s}"}}})
    with pytest.raises(UnresolvedError) as raised:
        loaded.referrers(loaded.resources["aws_subnet.a"], "aws_route_table_association", "subnet_id")
    assert raised.value.address == "aws_route_table_association.x"


def test_edges_are_the_written_references() -> None:
    edges = graph(**STACK).edges
    assert set(edges["aws_ecs_service.s"]) == {
        "aws_subnet.a",
        "aws_subnet.b",
        "aws_ecs_cluster.c",
        "aws_lb_target_group.t",
    }
    assert edges["aws_subnet.a"] == ()


def test_edges_go_through_locals_and_survive_a_cycle_of_them() -> None:
    looped = {"a": ["${local.b}", "${aws_subnet.x.id}"], "b": "${local.a}"}
    loaded = graph(resource={"aws_subnet": {"x": {}}, "aws_y": {"y": {"v": "${local.a}"}}}, locals=looped)
    assert loaded.edges["aws_y.y"] == ("aws_subnet.x",)


def test_dangling_references_are_listed_with_their_resource() -> None:
    loaded = graph(
        resource={"aws_x": {"a": {"v": ["${aws_y.gone.id}"], "w": "${local.gone}", "ok": "${self.x} ${count.index}"}}},
        provider={"aws": {"region": "${var.gone}"}},
    )
    assert [(item.address, item.found) for item in loaded.dangling] == [
        ("aws_x.a", "${aws_y.gone.id}"),
        ("aws_x.a", "${local.gone}"),
        ("provider.aws", "${var.gone}"),
    ]


def test_an_index_shared_by_rules_is_computed_once() -> None:
    calls: list[Graph] = []

    def index(loaded: Graph) -> int:
        calls.append(loaded)
        return 7

    loaded = graph(**STACK)
    assert (loaded.once(index), loaded.once(index), len(calls)) == (7, 7, 1)
