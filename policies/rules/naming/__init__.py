"""Rules about what resources are called, and the region they are in."""
