"""Where a subnet's packets go: from subnet over route-table association and route to the gateway."""

from tests.unit.infra.stack import Stack, Values


def default_route(stack: Stack, subnet: str) -> Values:
    """The one default route of the subnet at an address `aws_subnet.NAME`."""
    associations = [
        entry
        for entry in stack.all("aws_route_table_association").values()
        if entry["subnet_id"] == f"${{{subnet}.id}}"
    ]
    assert len(associations) == 1, f"{subnet} has {len(associations)} route tables of its own"
    table = associations[0]["route_table_id"]
    routes = [entry for entry in stack.all("aws_route").values() if entry["route_table_id"] == table]
    assert len(routes) == 1, f"{table} has {len(routes)} routes"
    assert "route" not in stack.target(table, "aws_route_table", "id"), "routes stand in one place"
    assert routes[0]["destination_cidr_block"] == "0.0.0.0/0"
    return routes[0]
