"""Prints every scalable target and scaling policy of DynamoDB as boto3 reads them.

Times and alarms are left out, and the ARNs of policies, which moto makes anew with each put.

usage: read_scaling.py ENDPOINT_URL
"""

import json
import sys

import boto3

VOLATILE = ("CreationTime", "Alarms", "PolicyARN")


def told(items):
    kept = [{key: value for key, value in item.items() if key not in VOLATILE} for item in items]
    return sorted(kept, key=lambda item: (item["ResourceId"], item["ScalableDimension"]))


def main():
    scaling = boto3.client(
        "application-autoscaling",
        endpoint_url=sys.argv[1],
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    targets = scaling.describe_scalable_targets(ServiceNamespace="dynamodb")["ScalableTargets"]
    policies = scaling.describe_scaling_policies(ServiceNamespace="dynamodb")["ScalingPolicies"]
    print(json.dumps({"targets": told(targets), "policies": told(policies)}))


main()
