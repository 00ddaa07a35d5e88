"""Makes a DAX cluster of two nodes in moto, which has no parameters, no events and no metrics of it.

usage: seed_moto_dax.py ENDPOINT_URL
"""

import sys

import boto3

client = boto3.client(
    "dax",
    endpoint_url=sys.argv[1],
    region_name="us-east-1",
    aws_access_key_id="test",
    aws_secret_access_key="test",
)
client.create_cluster(
    ClusterName="carts",
    NodeType="dax.t3.small",
    ReplicationFactor=2,
    IamRoleArn="arn:aws:iam::123456789012:role/DAXServiceRole",
)
