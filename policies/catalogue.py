"""`python -m policies.catalogue`: write docs/rules.md from the rules themselves. A test holds the file to them."""

from collections.abc import Iterable
from pathlib import Path

from policies.registry import BOOTSTRAP_AREA, LoadedRule, all_rules

DOCUMENT = Path(__file__).parent.parent / "docs" / "rules.md"
HEAD = """# Rules

Written by `python -m policies.catalogue` from the rules; each is one file below `policies/rules/`. *Baseline*
rules make sense for any ECS Fargate stack (`paygate gate PATH --spec baseline`); *bootstrap* ones judge the bootstrap
stack alone, whose spec lists its rules. A dash says that no clause or PCI DSS 4.0.1 requirement names it.

{count} rules, {mutants} mutants.
"""


def render(rules: Iterable[LoadedRule]) -> str:
    """The whole document: a table of all rules, then each with its reason, its mend and its source."""
    listed = tuple(rules)
    parts = [HEAD.format(count=len(listed), mutants=sum(len(loaded.mutants) for loaded in listed))]
    parts += ["| rule | severity | clauses | PCI DSS | baseline | mutants |", "|---|---|---|---|---|---:|"]
    parts += [_row(loaded) for loaded in listed]
    parts += [_section(loaded) for loaded in listed]
    return "\n".join(parts) + "\n"


def _row(loaded: LoadedRule) -> str:
    rule = loaded.rule
    cells = (
        f"[{rule.id}](#{rule.id})",
        str(rule.severity),
        ", ".join(rule.clauses) or "-",
        ", ".join(rule.pci_dss) or "-",
        BOOTSTRAP_AREA if loaded.area == BOOTSTRAP_AREA else "yes" if rule.baseline else "-",
        str(len(loaded.mutants)),
    )
    return f"| {' | '.join(cells)} |"


def _section(loaded: LoadedRule) -> str:
    rule = loaded.rule
    mutants = "; ".join(mutant.name for mutant in loaded.mutants)
    return (
        f"\n## {rule.id}\n\n**{rule.title}**\n\n{rule.rationale}\n\n"
        f"*Mend:* {rule.remediation}\n\n*Kills:* {mutants}.\n\n"
        f"*Source:* <{rule.source.url}> ({rule.source.checked})"
    )


def main() -> None:
    """Write the document, whole or not at all."""
    partial = DOCUMENT.with_suffix(".md.new")
    partial.write_text(render(all_rules()), encoding="utf-8")
    partial.replace(DOCUMENT)


if __name__ == "__main__":
    main()
