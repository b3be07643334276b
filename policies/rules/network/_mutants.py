"""Names for what mutants add, so that no rule about names has anything to say."""


def named(words: str) -> dict[str, str]:
    """Tags with a name after the pattern of the spec."""
    return {"Name": f"{words}-added-production-pr42"}
