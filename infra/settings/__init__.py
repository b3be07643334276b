"""Settings files: read, checked by schema and by meaning, and handed on as frozen dataclasses."""
