"""The programs of the functions. Each folder is a package of its own in a zip of its own: see README.md."""
