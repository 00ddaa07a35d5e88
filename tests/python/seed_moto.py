"""Fills moto with a table, an index and their scalable targets, and prints the targets as boto3 reads them.

usage: seed_moto.py ENDPOINT_URL
"""

import json
import sys

import boto3

URL = sys.argv[1]


def client(service):
    return boto3.client(
        service, endpoint_url=URL, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )


def main():
    dynamodb, scaling = client("dynamodb"), client("application-autoscaling")
    dynamodb.create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": "PK", "AttributeType": "S"},
            {"AttributeName": "customer", "AttributeType": "S"},
        ],
        ProvisionedThroughput={"ReadCapacityUnits": 500, "WriteCapacityUnits": 200},
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-customer",
                "KeySchema": [{"AttributeName": "customer", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
                "ProvisionedThroughput": {"ReadCapacityUnits": 100, "WriteCapacityUnits": 50},
            }
        ],
    )
    for resource, kind in (("table/orders", "table"), ("table/orders/index/by-customer", "index")):
        target = {
            "ServiceNamespace": "dynamodb",
            "ResourceId": resource,
            "ScalableDimension": f"dynamodb:{kind}:WriteCapacityUnits",
        }
        role = "arn:aws:iam::123456789012:role/orders-scaling"
        scaling.register_scalable_target(**target, MinCapacity=50, MaxCapacity=400, RoleARN=role)
        # The table's policy says all that a policy can, the index's no more than it must.
        more = {"ScaleInCooldown": 120, "ScaleOutCooldown": 0, "DisableScaleIn": True} if kind == "table" else {}
        scaling.put_scaling_policy(
            **target,
            PolicyName=f"$orders-{kind}-write",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration={
                "TargetValue": 65.0,
                "PredefinedMetricSpecification": {"PredefinedMetricType": "DynamoDBWriteCapacityUtilization"},
                **more,
            },
        )
    targets = scaling.describe_scalable_targets(ServiceNamespace="dynamodb")["ScalableTargets"]
    policies = scaling.describe_scaling_policies(ServiceNamespace="dynamodb")["ScalingPolicies"]
    values = {p["ResourceId"]: p["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] for p in policies}
    print(
        json.dumps(
            [
                {
                    "resource": target["ResourceId"],
                    "direction": "write",
                    "min_units_per_second": target["MinCapacity"],
                    "max_units_per_second": target["MaxCapacity"],
                    "target_utilization_percent": values.get(target["ResourceId"]),
                }
                for target in sorted(targets, key=lambda target: target["ResourceId"])
            ]
        )
    )


main()
