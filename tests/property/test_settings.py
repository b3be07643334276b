"""Whatever the schema allows is planned soundly, and whatever it does not allow is refused in words."""

from ipaddress import IPv4Network
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.edges import LOAD_BALANCER, Edge, edges
from infra.naming import KINDS, Names
from infra.planned_names import check_all, planned_names
from infra.settings import SettingsError, SettingsErrors, load
from infra.settings.building import merge
from infra.subnets import plan_subnets
from tests.property.damage import any_values, damaged_documents, damaged_texts
from tests.property.strategies import Deployment, Document, deployments, write

MAPPINGS = st.dictionaries(st.text(max_size=2), any_values(), max_size=4)
WHOLE = settings(max_examples=30)
MANY = settings(max_examples=100)


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("settings") / "settings.yaml"


def mistakes_in(file: Path, suffix: str | None) -> tuple[SettingsError, ...]:
    """What loading tells; no other exception than SettingsErrors gets past here."""
    try:
        load(file, suffix)
    except SettingsErrors as errors:
        return errors.errors
    return ()


def assert_told_in_words(errors: tuple[SettingsError, ...]) -> None:
    """Every mistake says what, where, found, allowed and what to do, in the order of the file."""
    for error in errors:
        assert error.problem
        assert error.found
        assert error.allowed
        assert error.remedy
        assert str(error).count("\n") == 3
    places = [(error.line or 0, error.column or 0) for error in errors]
    assert places == sorted(places)


@pytest.mark.clause("P.11.4", "P.11.5", "P.8.2", "P.12.2", "G.9.3", "G.9.8", "G.6.3", "G.8.3", proof="test")
@WHOLE
@given(deployment=deployments())
def test_every_allowed_document_is_loaded_and_planned_soundly(deployment: Deployment, file: Path) -> None:
    loaded = load(write(deployment.document, file), deployment.suffix)

    assert loaded == load(file, deployment.suffix)
    assert [service.name for service in loaded.services] == list(deployment.document["services"])

    names = Names.for_settings(loaded)
    planned = [(each.kind, names.of(each.kind, each.component)) for each in planned_names(loaded)]
    assert len(set(planned)) == len(planned)
    assert check_all(loaded) == []
    for kind, name in planned:
        assert len(name) <= KINDS[kind].max_length
        assert name.endswith(f"-{deployment.suffix}")

    plan = plan_subnets(loaded.network)
    subnets = [IPv4Network(cidr) for zone in plan.zones for cidr in (zone.public_cidr, zone.private_cidr)]
    reserved = [IPv4Network(cidr) for cidr in loaded.network.reserved_cidrs]
    assert [zone.zone for zone in plan.zones] == list(loaded.network.availability_zones)
    assert all(subnet.subnet_of(IPv4Network(loaded.network.vpc_cidr)) for subnet in subnets)
    assert not any(one.overlaps(other) for one, other in combinations([*subnets, *reserved], 2))

    ports = {name: service["port"] for name, service in deployment.document["services"].items()}
    allowed = {
        Edge(name, callee, ports[callee])
        for name, service in deployment.document["services"].items()
        for callee in service["calls"]
    }
    allowed |= {
        Edge(LOAD_BALANCER, name, ports[name])
        for name, service in deployment.document["services"].items()
        if "routes" in service
    }
    assert set(edges(loaded.services)) == allowed


@pytest.mark.clause("P.12.2", "G.9.8", proof="test")
@MANY
@given(document=damaged_documents(), suffix=st.one_of(st.just("pr42"), st.none(), st.text(max_size=70)))
def test_a_damaged_document_never_gives_a_traceback(document: Document, suffix: str | None, file: Path) -> None:
    write(document, file)

    assert_told_in_words(mistakes_in(file, suffix))


@pytest.mark.clause("P.12.2", "G.9.8", proof="test")
@MANY
@given(text=damaged_texts())
def test_a_damaged_text_never_gives_a_traceback(text: str, file: Path) -> None:
    file.write_text(text, encoding="utf-8")

    assert_told_in_words(mistakes_in(file, "pr42"))


@pytest.mark.clause("P.12.2", "G.9.8", proof="test")
@MANY
@given(content=st.binary(max_size=200) | any_values().map(lambda value: repr(value).encode()))
def test_a_file_of_any_bytes_never_gives_a_traceback(content: bytes, file: Path) -> None:
    file.write_bytes(content)

    errors = mistakes_in(file, "pr42")
    assert errors
    assert_told_in_words(errors)


@MANY
@given(defaults=MAPPINGS, own=MAPPINGS)
def test_merging_keeps_what_is_own_and_takes_the_rest_from_the_defaults(defaults: Document, own: Document) -> None:
    merged = merge(defaults, own)

    assert merged.keys() == defaults.keys() | own.keys()
    assert merge(merged, own) == merged
    for key, value in own.items():
        if not (isinstance(value, dict) and isinstance(defaults.get(key), dict)):
            assert merged[key] == value
