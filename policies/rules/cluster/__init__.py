"""Rules about the ECS cluster."""
