"""Rules about credentials in what is synthesized, planned or stored."""
