"""Who can reach whom on which port: computed from what filters and routes traffic, compared with what a spec allows.

`world` is the model, `reader` makes it from a graph, `paths` finds every path there can be, `halves` says what is
missing for a path that there must be, `expectation` is what a spec wants, `verdict` puts the two against each other.
"""
