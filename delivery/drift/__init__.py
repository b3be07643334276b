"""What of a deployed stack is not as the state says, and whether that is as it should be.

`scene` is what the judgement looks at, `legal` the table of what may drift and why, `drift` the classification,
`report` says it.
"""
