"""Rules about container images and the repositories they come from."""
