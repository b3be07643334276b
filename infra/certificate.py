"""The certificate of the entrance: an existing one, or one created and validated through DNS."""

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.acm_certificate import AcmCertificate
from cdktf_cdktf_provider_aws.acm_certificate_validation import AcmCertificateValidation
from cdktf_cdktf_provider_aws.route53_record import Route53Record
from constructs import Construct

from infra.context import Context, Part

RECORD_TTL_SECONDS = 60


class ListenerCertificate(Part):
    """`arn` is usable by a listener: it is validated before the listener is created."""

    def __init__(self, scope: Construct, context: Context) -> None:
        super().__init__(scope, "certificate", context)
        wanted = self.settings.load_balancer.certificate
        if wanted.arn is not None:
            self.arn: str = wanted.arn
            self.host_name: str | None = None
        else:
            self.host_name = f"{self.settings.suffix}.{wanted.domain_name}"
            self.arn = self._validated(self.host_name, str(wanted.hosted_zone_id))

    def _validated(self, host_name: str, hosted_zone_id: str) -> str:
        certificate = self.add(
            AcmCertificate,
            "main",
            domain_name=host_name,
            validation_method="DNS",
            key_algorithm="EC_prime256v1",
            tags=self.name_tag("certificate"),
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),  # a listener cannot be without one
        )
        proof = certificate.domain_validation_options.get(0)
        record = self.add(
            Route53Record,
            "certificate-validation",
            zone_id=hosted_zone_id,
            name=proof.resource_record_name,
            type=proof.resource_record_type,
            records=[proof.resource_record_value],
            ttl=RECORD_TTL_SECONDS,
            allow_overwrite=True,  # ACM asks for the same record again when a certificate is replaced
        )
        validation = self.add(
            AcmCertificateValidation, "main", certificate_arn=certificate.arn, validation_record_fqdns=[record.fqdn]
        )
        return validation.certificate_arn
