"""Private ECR repositories of the services: referenced and held to conditions, or created."""

import json
from dataclasses import dataclass

from cdktf import Postcondition, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.data_aws_ecr_repository import DataAwsEcrRepository
from cdktf_cdktf_provider_aws.ecr_lifecycle_policy import EcrLifecyclePolicy
from cdktf_cdktf_provider_aws.ecr_repository import (
    EcrRepository,
    EcrRepositoryEncryptionConfiguration,
    EcrRepositoryImageScanningConfiguration,
)
from constructs import Construct

from infra.context import Context, Part
from infra.encryption_key import EncryptionKey, use_through
from infra.settings.model import ImageLifecycle, Service

# ECR works with grants, which whoever creates a repository gives it.
# Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html (2026-11-26)
GRANT_TO_ECR = ("kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant")


@dataclass(frozen=True)
class Repository:
    """Where a service's image is pulled from."""

    url: str
    arn: str


class Registry(Part):
    """One repository per service."""

    def __init__(self, scope: Construct, context: Context) -> None:
        super().__init__(scope, "registry", context)
        wanted = self.settings.registry
        self._key = None
        if wanted.create_repositories and wanted.encryption == "kms":
            use = use_through(context, "ecr", GRANT_TO_ECR)
            self._key = EncryptionKey(self, context, "registry", "Images", [use])
        make = self._created if wanted.create_repositories else self._referenced
        self.of_service = {service.name: make(service) for service in self.settings.services}

    def _created(self, service: Service) -> Repository:
        encryption = EcrRepositoryEncryptionConfiguration(encryption_type="AES256")
        if self._key:
            encryption = EcrRepositoryEncryptionConfiguration(encryption_type="KMS", kms_key=self._key.arn)
        repository = self.add(
            EcrRepository,
            service.name,
            service.name,
            name=self.name("ecr-repository", service.name),
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration=EcrRepositoryImageScanningConfiguration(scan_on_push=True),
            encryption_configuration=[encryption],
            force_delete=True,
        )
        if self.settings.registry.lifecycle:
            policy = lifecycle_policy(self.settings.registry.lifecycle)
            self.add(EcrLifecyclePolicy, service.name, repository=repository.name, policy=policy)
        return Repository(url=repository.repository_url, arn=repository.arn)

    def _referenced(self, service: Service) -> Repository:
        conditions = [
            Postcondition(
                condition="${self.image_scanning_configuration[0].scan_on_push}",
                error_message=f"Repository {service.image.repository} does not scan images on push: "
                "switch scanning on before deploying from it.",
            )
        ]
        if service.image.tag:
            conditions.append(
                Postcondition(
                    condition='${self.image_tag_mutability == "IMMUTABLE"}',
                    error_message=f"Tags of repository {service.image.repository} can be overwritten: "
                    "make them immutable, or name the image by digest.",
                )
            )
        repository = self.add(
            DataAwsEcrRepository,
            service.name,
            name=str(service.image.repository),
            lifecycle=TerraformResourceLifecycle(postcondition=conditions),
        )
        return Repository(url=repository.repository_url, arn=repository.arn)


def lifecycle_policy(wanted: ImageLifecycle) -> str:
    """Untagged images expire by age, tagged ones by count; the rule for any image has to come last.

    Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html (2026-11-26)
    """
    untagged = {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": wanted.expire_untagged_days,
    }
    tagged = {
        "tagStatus": "tagged",
        "tagPatternList": ["*"],
        "countType": "imageCountMoreThan",
        "countNumber": wanted.keep_tagged_images,
    }
    rules = [
        {"rulePriority": priority, "selection": selection, "action": {"type": "expire"}}
        for priority, selection in enumerate((untagged, tagged), start=1)
    ]
    return json.dumps({"rules": rules})
