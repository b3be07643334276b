"""Rules about task definitions and the containers in them."""
