"""A Lambda function of the platform: its own role, group and log group, in the private subnets, reached by nobody."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.lambda_function import (
    LambdaFunction,
    LambdaFunctionEnvironment,
    LambdaFunctionVpcConfig,
)
from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from constructs import Construct

from infra import policy
from infra.context import Context, Part
from infra.logs import Logs
from infra.network import Network
from infra.settings.model import Outbound
from infra.traffic import Traffic

RUNTIME = "python3.13"
MEMORY_MIB = 256
PACKAGE_FOLDER = Path("functions")  # beside the JSON, which names the files in it


@dataclass(frozen=True)
class Grounds:
    """What functions stand on."""

    network: Network
    logs: Logs
    traffic: Traffic


@dataclass(frozen=True)
class Program:
    """What a function runs: a package (name and bytes of the zip), its entry, and what it is told.

    ways_out: where it may connect to, by what the security group rule is called
    may: what its role allows beside logs and network interfaces
    """

    description: str
    package_name: str
    package: bytes
    handler: str
    timeout_seconds: int
    environment: Mapping[str, str]
    ways_out: Mapping[str, Outbound]
    may: Sequence[policy.Statement]


class Function(Part):
    """One function. `name` is also its component in the names of all that belongs to it."""

    def __init__(
        self, scope: Construct, context: Context, name: str, owner: str, grounds: Grounds, program: Program
    ) -> None:
        super().__init__(scope, f"function-{name}", context)
        self._name, self._owner, self._grounds = name, owner, grounds
        function_name = self.name("function", name)
        self.log_group = grounds.logs.group(name, f"/aws/lambda/{function_name}", owner)
        self.security_group = grounds.traffic.let_out(name, owner, program.ways_out)
        self._role = self._make_role(function_name)
        grants = self._grant(function_name, program, self.log_group)
        self.function = self._make(function_name, program, [grants, *grounds.network.ways_out])

    def let_in(self, statement_id: str, principal: str, source_arn: str) -> LambdaPermission:
        """Let a service of AWS call the function on behalf of one thing of this account."""
        return self.add(
            LambdaPermission,
            self._name,
            statement_id=statement_id,
            action="lambda:InvokeFunction",
            function_name=self.function.function_name,
            principal=principal,
            source_account=self.context.account_id,
            source_arn=source_arn,
        )

    def _make_role(self, function_name: str) -> IamRole:
        source = self.context.arn("lambda", f"function:{function_name}")
        return self.add(
            IamRole,
            self._name,
            self._owner,
            name=self.name("function-role", self._name),
            assume_role_policy=policy.trust("lambda.amazonaws.com", self.context.account_id, source),
        )

    def _grant(self, function_name: str, program: Program, log_group: CloudwatchLogGroup) -> IamRolePolicy:
        statements = [policy.write_logs([log_group.arn]), *self._stand_in_subnets(function_name), *program.may]
        return self.add(
            IamRolePolicy,
            self._name,
            name=self.name("role-policy", f"{self._name}-function-role"),
            role=self._role.id,
            policy=policy.document(statements),
        )

    def _stand_in_subnets(self, function_name: str) -> list[policy.Statement]:
        """What Lambda itself needs to place the function, and the function's own code may not do.

        Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html (2026-11-26)
        """
        arn = self.context.arn
        interfaces = arn("ec2", "network-interface/*")
        subnets = [arn("ec2", f"subnet/{subnet_id}") for subnet_id in self._grounds.network.private_subnet_ids]
        changes = ["ec2:AssignPrivateIpAddresses", "ec2:DeleteNetworkInterface", "ec2:UnassignPrivateIpAddresses"]
        deny: policy.Statement = {
            "Sid": "NotByTheCode",
            "Effect": "Deny",
            "Action": ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", *changes],
            "Resource": "*",
            "Condition": {"ArnEquals": {"lambda:SourceFunctionArn": arn("lambda", f"function:{function_name}")}},
        }
        return [
            policy.allow(
                "PlaceInSubnets",
                ["ec2:CreateNetworkInterface"],
                [interfaces, arn("ec2", f"security-group/{self.security_group.id}"), *subnets],
            ),
            policy.allow("ReleaseFromSubnets", changes, [interfaces]),
            policy.allow("SeeInterfaces", ["ec2:DescribeNetworkInterfaces"], ["*"]),
            deny,
        ]

    def _make(self, function_name: str, program: Program, needs: list[ITerraformDependable]) -> LambdaFunction:
        self.context.packages[program.package_name] = program.package
        digest = base64.b64encode(hashlib.sha256(program.package).digest()).decode()
        return self.add(
            LambdaFunction,
            self._name,
            self._owner,
            function_name=function_name,
            description=program.description,
            filename=str(PACKAGE_FOLDER / program.package_name),
            source_code_hash=digest,
            handler=program.handler,
            runtime=RUNTIME,
            architectures=["arm64"],
            memory_size=MEMORY_MIB,
            timeout=program.timeout_seconds,
            role=self._role.arn,
            environment=LambdaFunctionEnvironment(variables=dict(program.environment)),
            vpc_config=LambdaFunctionVpcConfig(
                subnet_ids=self._grounds.network.private_subnet_ids, security_group_ids=[self.security_group.id]
            ),
            depends_on=needs,
        )
