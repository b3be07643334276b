"""The rotation function of Secrets Manager: a new value for one secret, in four steps that may be repeated."""
