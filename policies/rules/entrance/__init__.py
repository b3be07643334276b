"""Rules about the entrance: the load balancer, its listeners, and what they forward."""
