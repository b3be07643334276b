"""What a plan means, said to whoever approves it: resources, permissions, and who can reach whom.

`graphs` makes before and after of a shown plan; `summary`, `identity` and `reachability` compare them; `report` holds
the three together, and `markdown` and `text` say it.
"""
