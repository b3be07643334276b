"""Rules about the bootstrap stack: the state bucket, and the role that CI deploys with.

A spec has to list them; no platform is judged by them.
"""
