"""The platform as one Terraform stack; reads like a table of contents."""

from cdktf import ITerraformDependable, LocalBackend, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.data_aws_caller_identity import DataAwsCallerIdentity
from cdktf_cdktf_provider_aws.data_aws_partition import DataAwsPartition
from cdktf_cdktf_provider_aws.provider import AwsProvider, AwsProviderDefaultTags
from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from constructs import Construct

from infra.cluster import Cluster
from infra.container import Surroundings
from infra.context import Context
from infra.discovery import Discovery
from infra.edges import LOAD_BALANCER
from infra.endpoints import Endpoints
from infra.function import Grounds
from infra.load_balancer import LoadBalancer
from infra.logs import Logs
from infra.naming import Names
from infra.network import Network
from infra.policy import read_secrets
from infra.redeployment import Redeployment
from infra.registry import Registry
from infra.rotation import Rotation
from infra.secrets import Secrets
from infra.service import Microservice, Place
from infra.settings.model import Service, Settings
from infra.traffic import Traffic

# Newer than the version the bindings were made from, and no next major: docs/decisions/0002-provider-range.md.
PROVIDER_RANGE = ">= 6.25, < 7"
SHARED_OWNER = "platform"


class PlatformStack(TerraformStack):
    """All resources of one deployment of one platform."""

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(scope, settings.stack_name)
        self._settings = settings
        self.packages: dict[str, bytes] = {}  # what functions run: name of the zip -> its bytes
        context = self._connect_to_aws()

        self._network = Network(self, context)
        self._logs = Logs(self, context)
        self._logs.record_flows(self._network.vpc.id)
        self._registry = Registry(self, context)
        self._traffic = Traffic(self, context, self._network.vpc.id)
        self._endpoints = self._reach_aws(context)
        self._cluster = Cluster(self, context, self._logs.of_insights)
        self._load_balancer = LoadBalancer(self, context, self._network, self._traffic.load_balancer.id)
        self._discovery = self._discover(context)
        self._secrets, self._rotation = self._keep_secrets(context)
        for service in settings.services:
            Microservice(self, context, service, self._place(service))
        self._tell()

    def _connect_to_aws(self) -> Context:
        settings = self._settings
        LocalBackend(self, path=f"{settings.stack_name}.tfstate")
        self.add_override("terraform.required_providers.aws.version", PROVIDER_RANGE)
        AwsProvider(
            self, "aws", region=settings.region, default_tags=[AwsProviderDefaultTags(tags=self._shared_tags())]
        )
        return Context(
            packages=self.packages,
            settings=settings,
            names=Names.for_settings(settings),
            account_id=DataAwsCallerIdentity(self, "current").account_id,
            partition=DataAwsPartition(self, "partition").partition,
        )

    def _shared_tags(self) -> dict[str, str]:
        """Of every resource; what belongs to a microservice says so itself."""
        owner = self._settings.service_tag
        return {**self._settings.tags, **({owner: SHARED_OWNER} if owner else {})}

    def _reach_aws(self, context: Context) -> list[VpcEndpoint]:
        if not self._settings.network.vpc_endpoints:
            return []
        repository_arns = [repository.arn for repository in self._registry.of_service.values()]
        log_group_arns = [group.arn for group in self._logs.of_service.values()]
        return Endpoints(self, context, self._network, self._traffic, repository_arns, log_group_arns).made

    def _discover(self, context: Context) -> Discovery | None:
        wanted = self._settings.discovery
        return Discovery(self, context, wanted, self._network.vpc.id) if wanted else None

    def _keep_secrets(self, context: Context) -> tuple[Secrets | None, Rotation | None]:
        if not self._settings.has_secrets:
            return None, None
        secrets = Secrets(self, context)
        grounds = Grounds(self._network, self._logs, self._traffic)
        Redeployment(self, context, secrets, grounds)
        return secrets, Rotation(self, context, secrets, grounds)

    def _place(self, service: Service) -> Place:
        log_group = self._logs.of_service[service.name]
        repository = self._registry.of_service[service.name]
        discovery = self._discovery
        held = self._secrets.of(service) if self._secrets else []
        surroundings = Surroundings(
            repository_url=repository.url,
            log_group_name=log_group.name,
            region=self._settings.region,
            hosts={callee: discovery.host_name(callee) for callee in service.calls} if discovery else {},
            ports={other.name: other.port for other in self._settings.services},
            secret_values={
                variable: f"{each.secret.arn}:{key}::"
                for each in held
                for variable, key in each.wanted.variables.items()
            },
        )
        return Place(
            cluster=self._cluster,
            load_balancer=self._load_balancer,
            repository=repository,
            log_group_arn=log_group.arn,
            surroundings=surroundings,
            subnet_ids=self._network.private_subnet_ids,
            security_group_id=self._traffic.of_service[service.name].id,
            registry_arn=discovery.registry_arn_of.get(service.name) if discovery else None,
            needs=self._needs(service),
            reads_secrets=read_secrets([each.secret.arn for each in held], self._secrets.key.arn)
            if self._secrets and held
            else [],
        )

    def _needs(self, service: Service) -> list[ITerraformDependable]:
        """What a service needs to stand from before its first task until after its last."""
        entrance = self._traffic.ways_from[LOAD_BALANCER] if service.routes else []
        ways = [*self._network.ways_out, *self._endpoints, *self._traffic.ways_from[service.name], *entrance]
        if self._secrets and self._rotation:
            ways += [self._rotation.of_secret[each.component] for each in self._secrets.of(service)]
        return ways

    def _tell(self) -> None:
        """Outputs: what a person or a check needs to find the deployment."""
        outputs = {
            "cluster_name": self._cluster.cluster.name,
            "load_balancer_dns_name": self._load_balancer.load_balancer.dns_name,
            "vpc_id": self._network.vpc.id,
        }
        for name, value in outputs.items():
            TerraformOutput(self, name, value=value)
