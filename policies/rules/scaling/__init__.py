"""Rules about auto scaling: what is tracked, and within which range."""
