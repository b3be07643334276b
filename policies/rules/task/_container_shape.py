"""Every key that ECS knows in a container definition, as nested data; None where a value is no object with known keys.

Made from the ContainerDefinition shape of the ECS API (version 2014-11-13) as botocore 1.35.49 has it; a test compares
them.
"""

from typing import Any

_NAMED_VALUE = {"name": None, "value": None}
_SECRET = {"name": None, "valueFrom": None}

SHAPE: dict[str, Any] = {
    "name": None,
    "image": None,
    "repositoryCredentials": {"credentialsParameter": None},
    "cpu": None,
    "memory": None,
    "memoryReservation": None,
    "links": None,
    "portMappings": {
        "containerPort": None,
        "hostPort": None,
        "protocol": None,
        "name": None,
        "appProtocol": None,
        "containerPortRange": None,
    },
    "essential": None,
    "restartPolicy": {"enabled": None, "ignoredExitCodes": None, "restartAttemptPeriod": None},
    "entryPoint": None,
    "command": None,
    "environment": _NAMED_VALUE,
    "environmentFiles": {"value": None, "type": None},
    "mountPoints": {"sourceVolume": None, "containerPath": None, "readOnly": None},
    "volumesFrom": {"sourceContainer": None, "readOnly": None},
    "linuxParameters": {
        "capabilities": {"add": None, "drop": None},
        "devices": {"hostPath": None, "containerPath": None, "permissions": None},
        "initProcessEnabled": None,
        "sharedMemorySize": None,
        "tmpfs": {"containerPath": None, "size": None, "mountOptions": None},
        "maxSwap": None,
        "swappiness": None,
    },
    "secrets": _SECRET,
    "dependsOn": {"containerName": None, "condition": None},
    "startTimeout": None,
    "stopTimeout": None,
    "versionConsistency": None,
    "hostname": None,
    "user": None,
    "workingDirectory": None,
    "disableNetworking": None,
    "privileged": None,
    "readonlyRootFilesystem": None,
    "dnsServers": None,
    "dnsSearchDomains": None,
    "extraHosts": {"hostname": None, "ipAddress": None},
    "dockerSecurityOptions": None,
    "interactive": None,
    "pseudoTerminal": None,
    "dockerLabels": None,
    "ulimits": {"name": None, "softLimit": None, "hardLimit": None},
    "logConfiguration": {"logDriver": None, "options": None, "secretOptions": _SECRET},
    "healthCheck": {"command": None, "interval": None, "timeout": None, "retries": None, "startPeriod": None},
    "systemControls": {"namespace": None, "value": None},
    "resourceRequirements": {"value": None, "type": None},
    "firelensConfiguration": {"type": None, "options": None},
    "credentialSpecs": None,
}
