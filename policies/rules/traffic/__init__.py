"""Rules about traffic: who may open a connection to whom, and who can."""
