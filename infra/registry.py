"""Private ECR repositories of the services: referenced and held to conditions, or created."""

from dataclasses import dataclass

from cdktf import Postcondition, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.data_aws_ecr_repository import DataAwsEcrRepository
from cdktf_cdktf_provider_aws.ecr_repository import (
    EcrRepository,
    EcrRepositoryEncryptionConfiguration,
    EcrRepositoryImageScanningConfiguration,
)
from constructs import Construct

from infra.context import Context, Part
from infra.settings.model import Service


@dataclass(frozen=True)
class Repository:
    """Where a service's image is pulled from."""

    url: str
    arn: str


class Registry(Part):
    """One repository per service."""

    def __init__(self, scope: Construct, context: Context) -> None:
        super().__init__(scope, "registry", context)
        make = self._created if self.settings.registry.create_repositories else self._referenced
        self.of_service = {service.name: make(service) for service in self.settings.services}

    def _created(self, service: Service) -> Repository:
        repository = self.add(
            EcrRepository,
            service.name,
            name=self.name("ecr-repository", service.name),
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration=EcrRepositoryImageScanningConfiguration(scan_on_push=True),
            encryption_configuration=[EcrRepositoryEncryptionConfiguration(encryption_type="AES256")],
            force_delete=True,
        )
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
            name=service.image.repository,
            lifecycle=TerraformResourceLifecycle(postcondition=conditions),
        )
        return Repository(url=repository.repository_url, arn=repository.arn)
