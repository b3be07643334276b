"""The gate of image scans: no image runs whose vulnerabilities nobody has looked at."""
