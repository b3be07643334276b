"""Rules about ECS services: how many there are, where they run, and how they are replaced."""
