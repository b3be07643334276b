"""Who else can reach what a stack keeps: policies of repositories, grants and aliases of keys, copies of a bucket.

The policies of buckets, keys, secrets, queues and topics need no question: a refreshed state shows each of them as an
attribute of the thing itself, whoever wrote it. Answers: https://docs.aws.amazon.com/AmazonECR/latest/APIReference,
https://docs.aws.amazon.com/kms/latest/APIReference, https://docs.aws.amazon.com/AmazonS3/latest/API (checked
2026-11-26).
"""

from collections.abc import Iterator
from typing import Any

from delivery.verify.asking import Answer, Ask
from delivery.verify.attributes import document, last
from delivery.verify.kind import Excuse, Kind, by
from delivery.verify.known import Known

BUCKET, KEY, REPOSITORY = "aws_s3_bucket", "aws_kms_key", "aws_ecr_repository"
SERVICES = ".amazonaws.com"


def repository_policy(answer: Answer) -> dict[str, Any]:
    name = answer["repositoryName"]
    return {"id": name, "repository": name, "policy": document(answer["policyText"])}


def grant(answer: Answer) -> dict[str, Any]:
    return {
        "id": f"{answer['KeyId']}:{answer['GrantId']}",
        "grant_id": answer["GrantId"],
        "key_id": answer["KeyId"],
        "grantee_principal": answer.get("GranteePrincipal"),
        "operations": answer.get("Operations", []),
    }


def alias(answer: Answer) -> dict[str, Any]:
    return {"id": answer["AliasName"], "name": answer["AliasName"], "target_key_id": answer["TargetKeyId"]}


def replication(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer["Bucket"],
        "bucket": answer["Bucket"],
        "role": answer.get("Role"),
        "rule": [
            {
                "id": each.get("ID"),
                "status": each.get("Status"),
                "destination": [{"bucket": each["Destination"]["Bucket"]}],
            }
            for each in answer.get("Rules", [])
        ],
    }


def website(answer: Answer) -> dict[str, Any]:
    return {"id": answer["Bucket"], "bucket": answer["Bucket"]}


def _repository_policies(known: Known, ask: Ask) -> Iterator[Answer]:
    for name in known.values("name", REPOSITORY):
        answer = ask.one(
            "ecr", "get_repository_policy", absent=("RepositoryPolicyNotFoundException",), repositoryName=name
        )
        if answer:
            yield answer


def _grants(known: Known, ask: Ask) -> Iterator[Answer]:
    for key in known.values("key_id", KEY):
        yield from ({**each, "KeyId": key} for each in ask.all("kms", "list_grants", "Grants", KeyId=key))


def _aliases(known: Known, ask: Ask) -> Iterator[Answer]:
    for key in known.values("key_id", KEY):
        yield from ask.all("kms", "list_aliases", "Aliases", KeyId=key)


def _replications(known: Known, ask: Ask) -> Iterator[Answer]:
    for bucket in known.values("bucket", BUCKET):
        none = ("ReplicationConfigurationNotFoundError",)
        if answer := ask.one("s3", "get_bucket_replication", absent=none, Bucket=bucket):
            yield {**answer["ReplicationConfiguration"], "Bucket": bucket}


def _websites(known: Known, ask: Ask) -> Iterator[Answer]:
    for bucket in known.values("bucket", BUCKET):
        if ask.one("s3", "get_bucket_website", absent=("NoSuchWebsiteConfiguration",), Bucket=bucket):
            yield {"Bucket": bucket}


def _is_for_a_function(answer: Answer, known: Known) -> bool:
    """The grantee is a session that Lambda opens with the role of one of the stack's functions."""
    roles = {last(arn) for arn in known.values("role", "aws_lambda_function")}
    _, _, session = str(answer.get("GranteePrincipal")).partition(":assumed-role/")
    return session.partition("/")[0] in roles


KINDS = (
    Kind("aws_ecr_repository_policy", _repository_policies, repository_policy, same=by("repository")),
    Kind(
        "aws_kms_grant",
        _grants,
        grant,
        same=by("grant_id"),
        excuses=(
            Excuse(
                "ECR and others take a grant for themselves on the key of what they keep encrypted; only AWS can be "
                "such a grantee",
                lambda answer, _known: str(answer.get("GranteePrincipal")).endswith(SERVICES),
            ),
            Excuse("Lambda takes a grant in the name of a function whose environment it encrypts", _is_for_a_function),
        ),
    ),
    Kind("aws_kms_alias", _aliases, alias, same=by("name")),
    Kind("aws_s3_bucket_replication_configuration", _replications, replication, same=by("bucket")),
    Kind("aws_s3_bucket_website_configuration", _websites, website, same=by("bucket")),
)
