"""The function that gives services new tasks when a secret of theirs has a new value."""
