"""docs/rules.md says what the rules say."""

from policies.catalogue import DOCUMENT, render
from policies.registry import all_rules


def test_the_catalogue_is_what_the_rules_say() -> None:
    written = DOCUMENT.read_text(encoding="utf-8")
    assert written == render(all_rules()), "run `python -m policies.catalogue`"


def test_every_rule_has_a_row_and_a_section() -> None:
    text = render(all_rules())
    for loaded in all_rules():
        assert f"| [{loaded.id}](#{loaded.id}) |" in text
        assert f"\n## {loaded.id}\n" in text
