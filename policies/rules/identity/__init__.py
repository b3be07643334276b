"""Rules about who may do what: roles, policies, principals and keys."""
