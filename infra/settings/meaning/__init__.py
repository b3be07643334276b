"""What no schema can say: whether the values of a settings file fit each other. One small function per question."""

from infra.settings.meaning import entrance, network, permissions, platform, rollout, secrets, services, traffic
from infra.settings.meaning.subject import Check, Subject
from infra.settings.problem import Problem

CHECKS: tuple[Check, ...] = (
    *network.CHECKS,
    *traffic.CHECKS,
    *services.CHECKS,
    *permissions.CHECKS,
    *secrets.CHECKS,
    *rollout.CHECKS,
    *entrance.CHECKS,
    *platform.CHECKS,
)


def meaning_problems(subject: Subject) -> list[Problem]:
    """The answers of every check that can be asked."""
    return [problem for question in CHECKS for problem in question.ask(subject)]
