"""A value on one line of a terminal: control characters cannot move the cursor, hide or reorder anything. Pure."""


def plain(text: str) -> str:
    """The text with everything that does not print (line ends, escapes, bidirectional marks) spelled out."""
    return "".join(character if character.isprintable() else _spelled(character) for character in text)


def shortened(text: str, longest: int) -> str:
    """At most so many characters; that something was left out shows."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _spelled(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
