"""Rules about the network: subnets, routes, gateways and what sees their traffic."""
