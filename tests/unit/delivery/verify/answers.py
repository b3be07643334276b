"""Answers of AWS in the form in which botocore gives them, as far as a conversion reads them, one for each kind."""

from typing import Any

BALANCER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/alb-x/1"
LISTENER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/alb-x/1/2"
GROUP = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/tg-x/3"
OTHER_GROUP = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/tg-y/4"
CLUSTER = "arn:aws:ecs:us-east-1:123456789012:cluster/c"
TASKS = "arn:aws:ecs:us-east-1:123456789012:task-definition/api:7"
SERVICE = "service/c/api"
COUNT = "ecs:service:DesiredCount"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
TAGS = [{"Key": "Team", "Value": "payments"}]

ANSWERS: dict[str, dict[str, Any]] = {
    "aws_lb": {
        "LoadBalancerArn": BALANCER,
        "LoadBalancerName": "alb-x",
        "Scheme": "internet-facing",
        "Type": "application",
        "VpcId": "vpc-1",
        "SecurityGroups": ["sg-1"],
        "AvailabilityZones": [{"ZoneName": "us-east-1a", "SubnetId": "subnet-1"}],
        "Attributes": {"routing.http.drop_invalid_header_fields.enabled": "true", "access_logs.s3.enabled": "false"},
        "Tags": TAGS,
    },
    "aws_elb": {
        "LoadBalancerName": "old",
        "Scheme": "internal",
        "Subnets": ["subnet-1"],
        "SecurityGroups": ["sg-1"],
        "ListenerDescriptions": [
            {"Listener": {"Protocol": "HTTP", "LoadBalancerPort": 80, "InstanceProtocol": "HTTP", "InstancePort": 8080}}
        ],
    },
    "aws_lb_listener": {
        "ListenerArn": LISTENER,
        "LoadBalancerArn": BALANCER,
        "Port": 80,
        "Protocol": "HTTP",
        "DefaultActions": [{"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "StatusCode": "HTTP_301"}}],
        "Tags": [],
    },
    "aws_lb_listener_rule": {
        "RuleArn": f"{LISTENER}/5",
        "ListenerArn": LISTENER,
        "Priority": "1",
        "IsDefault": False,
        "Conditions": [
            {"Field": "path-pattern", "Values": ["/*"], "PathPatternConfig": {"Values": ["/*"]}},
            {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "x-test", "Values": ["1"]}},
            {"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": "a", "Value": "b"}]}},
        ],
        "Actions": [
            {
                "Type": "forward",
                "Order": 1,
                "ForwardConfig": {
                    "TargetGroups": [
                        {"TargetGroupArn": GROUP, "Weight": 1},
                        {"TargetGroupArn": OTHER_GROUP, "Weight": 0},
                    ]
                },
            }
        ],
    },
    "aws_lb_listener_certificate": {
        "ListenerArn": LISTENER,
        "CertificateArn": "arn:aws:iam::123456789012:server-certificate/old",
        "IsDefault": False,
    },
    "aws_lb_target_group": {
        "TargetGroupArn": GROUP,
        "TargetGroupName": "tg-x",
        "Port": 8080,
        "Protocol": "HTTP",
        "TargetType": "ip",
        "VpcId": "vpc-1",
        "HealthCheckEnabled": True,
        "HealthCheckPath": "/",
        "Matcher": {"HttpCode": "200"},
    },
    "aws_lb_target_group_attachment": {"TargetGroupArn": GROUP, "Target": {"Id": "10.20.250.250", "Port": 8080}},
    "aws_security_group": {"GroupId": "sg-1", "GroupName": "x", "Description": "d", "VpcId": "vpc-1", "Tags": TAGS},
    "aws_vpc_security_group_ingress_rule": {
        "SecurityGroupRuleId": "sgr-1",
        "GroupId": "sg-1",
        "IsEgress": False,
        "IpProtocol": "tcp",
        "FromPort": 22,
        "ToPort": 22,
        "CidrIpv4": "0.0.0.0/0",
        "Tags": [],
    },
    "aws_vpc_security_group_egress_rule": {
        "SecurityGroupRuleId": "sgr-2",
        "GroupId": "sg-1",
        "IsEgress": True,
        "IpProtocol": "-1",
        "FromPort": -1,
        "ToPort": -1,
        "ReferencedGroupInfo": {"GroupId": "sg-2"},
    },
    "aws_subnet": {
        "SubnetId": "subnet-9",
        "VpcId": "vpc-1",
        "CidrBlock": "10.20.200.0/24",
        "AvailabilityZone": "us-east-1a",
        "MapPublicIpOnLaunch": True,
    },
    "aws_vpc_ipv4_cidr_block_association": {"AssociationId": "a-1", "VpcId": "vpc-1", "CidrBlock": "10.21.0.0/16"},
    "aws_network_acl": {
        "NetworkAclId": "acl-1",
        "VpcId": "vpc-1",
        "IsDefault": False,
        "Associations": [{"SubnetId": "subnet-1"}],
        "Entries": [
            {
                "RuleNumber": 100,
                "Egress": False,
                "RuleAction": "allow",
                "Protocol": "6",
                "CidrBlock": "10.0.0.0/8",
                "PortRange": {"From": 443, "To": 443},
            },
            {"RuleNumber": 32767, "Egress": True, "RuleAction": "deny", "Protocol": "-1", "CidrBlock": "0.0.0.0/0"},
        ],
    },
    "aws_network_acl_rule": {
        "NetworkAclId": "acl-0",
        "RuleNumber": 50,
        "Egress": True,
        "RuleAction": "deny",
        "Protocol": "-1",
        "CidrBlock": "0.0.0.0/0",
    },
    "aws_instance": {
        "InstanceId": "i-1",
        "ImageId": "ami-1",
        "InstanceType": "t3.micro",
        "SubnetId": "subnet-1",
        "SecurityGroups": [{"GroupId": "sg-1"}],
        "State": {"Name": "running"},
    },
    "aws_flow_log": {
        "FlowLogId": "fl-1",
        "ResourceId": "vpc-1",
        "TrafficType": "ALL",
        "LogDestinationType": "s3",
        "LogDestination": "arn:aws:s3:::elsewhere",
    },
    "aws_route_table": {"RouteTableId": "rtb-9", "VpcId": "vpc-1", "PropagatingVgws": [{"GatewayId": "vgw-1"}]},
    "aws_route": {
        "RouteTableId": "rtb-1",
        "DestinationCidrBlock": "203.0.113.0/24",
        "GatewayId": "igw-1",
        "Origin": "CreateRoute",
        "State": "active",
    },
    "aws_route_table_association": {
        "RouteTableAssociationId": "rtbassoc-1",
        "RouteTableId": "rtb-1",
        "SubnetId": "subnet-1",
        "Main": False,
    },
    "aws_main_route_table_association": {
        "RouteTableAssociationId": "rtbassoc-2",
        "RouteTableId": "rtb-9",
        "VpcId": "vpc-1",
        "Main": True,
    },
    "aws_internet_gateway": {"InternetGatewayId": "igw-9", "Attachments": [{"VpcId": "vpc-1"}]},
    "aws_egress_only_internet_gateway": {
        "EgressOnlyInternetGatewayId": "eigw-1",
        "Attachments": [{"VpcId": "vpc-1", "State": "attached"}],
    },
    "aws_nat_gateway": {
        "NatGatewayId": "nat-9",
        "SubnetId": "subnet-1",
        "State": "available",
        "NatGatewayAddresses": [{"AllocationId": "eipalloc-1"}],
    },
    "aws_vpc_endpoint": {
        "VpcEndpointId": "vpce-9",
        "VpcId": "vpc-1",
        "ServiceName": "com.amazonaws.us-east-1.dynamodb",
        "VpcEndpointType": "Gateway",
        "State": "available",
        "PolicyDocument": '{"Statement": []}',
        "RouteTableIds": ["rtb-1"],
        "Groups": [{"GroupId": "sg-1"}],
    },
    "aws_vpc_peering_connection": {
        "VpcPeeringConnectionId": "pcx-1",
        "RequesterVpcInfo": {"VpcId": "vpc-1"},
        "AccepterVpcInfo": {"VpcId": "vpc-2", "OwnerId": "210987654321"},
        "Status": {"Code": "active"},
    },
    "aws_vpn_gateway": {"VpnGatewayId": "vgw-1", "VpcAttachments": [{"VpcId": "vpc-1", "State": "attached"}]},
    "aws_ec2_transit_gateway_vpc_attachment": {
        "TransitGatewayAttachmentId": "tgw-attach-1",
        "TransitGatewayId": "tgw-1",
        "VpcId": "vpc-1",
        "SubnetIds": ["subnet-1"],
        "State": "available",
    },
    "aws_route53_zone": {"HostedZoneId": "Z1", "Name": "api.example.com.", "VpcId": "vpc-1", "Owner": {}},
    "aws_iam_role_policy": {"RoleName": "r", "PolicyName": "more", "PolicyDocument": {"Statement": []}},
    "aws_iam_role_policy_attachment": {
        "RoleName": "r",
        "PolicyName": "AdministratorAccess",
        "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess",
    },
    "aws_iam_instance_profile": {"InstanceProfileName": "p", "RoleName": "r"},
    "aws_ecs_service": {
        "serviceArn": f"{CLUSTER.replace('cluster/c', 'service/c/added')}",
        "serviceName": "added",
        "clusterArn": CLUSTER,
        "taskDefinition": TASKS,
        "launchType": "FARGATE",
        "status": "ACTIVE",
        "networkConfiguration": {
            "awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"], "assignPublicIp": "ENABLED"}
        },
        "capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1}],
        "loadBalancers": [{"targetGroupArn": GROUP, "containerName": "api", "containerPort": 8080}],
        "serviceRegistries": [{"registryArn": "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-1"}],
        "deploymentController": {"type": "ECS"},
        "deploymentConfiguration": {
            "maximumPercent": 200,
            "minimumHealthyPercent": 100,
            "deploymentCircuitBreaker": {"enable": True, "rollback": True},
            "alarms": {"alarmNames": ["a"], "enable": True, "rollback": True},
        },
        "tags": [{"key": "Team", "value": "payments"}],
    },
    "aws_ecs_task_definition": {
        "taskDefinitionArn": TASKS,
        "family": "api",
        "revision": 7,
        "containerDefinitions": [{"name": "api", "image": "busybox", "privileged": True}],
        "cpu": "1024",
        "memory": "2048",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "runtimePlatform": {"cpuArchitecture": "ARM64"},
        "volumes": [{"name": "v"}],
    },
    "aws_ecs_task": {
        "taskArn": "arn:aws:ecs:us-east-1:123456789012:task/c/1",
        "clusterArn": CLUSTER,
        "taskDefinitionArn": TASKS,
        "group": "family:api",
        "OfAService": False,
    },
    "aws_service_discovery_service": {
        "Id": "srv-1",
        "Arn": "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-1",
        "Name": "more",
        "NamespaceId": "ns-1",
        "DnsConfig": {"RoutingPolicy": "MULTIVALUE", "DnsRecords": [{"Type": "A", "TTL": 10}]},
        "HealthCheckCustomConfig": {},
        "Tags": TAGS,
    },
    "aws_service_discovery_instance": {
        "Id": "more",
        "ServiceId": "srv-1",
        "Attributes": {"AWS_INSTANCE_IPV4": "10.30.250.250"},
    },
    "aws_appautoscaling_target": {
        "ServiceNamespace": "ecs",
        "ResourceId": SERVICE,
        "ScalableDimension": COUNT,
        "MinCapacity": 1,
        "MaxCapacity": 50,
        "SuspendedState": {
            "DynamicScalingInSuspended": True,
            "DynamicScalingOutSuspended": False,
            "ScheduledScalingSuspended": False,
        },
    },
    "aws_appautoscaling_policy": {
        "ServiceNamespace": "ecs",
        "ResourceId": SERVICE,
        "ScalableDimension": COUNT,
        "PolicyName": "more",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": 95.0,
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
        },
    },
    "aws_appautoscaling_scheduled_action": {
        "ServiceNamespace": "ecs",
        "ResourceId": SERVICE,
        "ScalableDimension": COUNT,
        "ScheduledActionName": "night",
        "Schedule": "cron(0 22 * * ? *)",
        "ScalableTargetAction": {"MinCapacity": 0, "MaxCapacity": 0},
    },
    "aws_cloudwatch_log_subscription_filter": {
        "logGroupName": "g",
        "filterName": "more",
        "filterPattern": "",
        "destinationArn": "arn:aws:logs:us-east-1:210987654321:destination:d",
    },
    "aws_cloudwatch_log_metric_filter": {
        "logGroupName": "g",
        "filterName": "m",
        "filterPattern": "[x]",
        "metricTransformations": [{"metricName": "n", "metricNamespace": "s", "metricValue": "1"}],
    },
    "aws_lambda_permission": {
        "FunctionName": "f",
        "Sid": "more",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:events:us-east-1:123456789012:rule/r"}},
    },
    "aws_lambda_function_url": {"FunctionArn": FUNCTION, "FunctionName": "f", "AuthType": "NONE", "FunctionUrl": "u"},
    "aws_lambda_event_source_mapping": {"UUID": "u-1", "FunctionArn": FUNCTION, "EventSourceArn": "arn:aws:sqs:::q"},
    "aws_lambda_alias": {"AliasArn": f"{FUNCTION}:a", "Name": "a", "FunctionName": "f", "FunctionVersion": "1"},
    "aws_cloudwatch_event_rule": {
        "Name": "more",
        "Arn": "arn:r",
        "State": "ENABLED",
        "ScheduleExpression": "rate(1 day)",
    },
    "aws_cloudwatch_event_target": {
        "Rule": "r",
        "Id": "more",
        "Arn": CLUSTER,
        "EcsParameters": {"TaskDefinitionArn": TASKS, "LaunchType": "FARGATE"},
    },
    "aws_ecr_repository_policy": {"repositoryName": "api", "policyText": '{"Statement": []}'},
    "aws_kms_grant": {
        "KeyId": "k-1",
        "GrantId": "g-1",
        "GranteePrincipal": "arn:aws:iam::210987654321:root",
        "Operations": ["Decrypt"],
    },
    "aws_kms_alias": {"AliasName": "alias/more", "TargetKeyId": "k-1"},
    "aws_s3_bucket_replication_configuration": {
        "Bucket": "b",
        "Role": "arn:aws:iam::123456789012:role/r",
        "Rules": [{"ID": "all", "Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::elsewhere"}}],
    },
    "aws_s3_bucket_website_configuration": {"Bucket": "b"},
}
