"""Fills MiniStack with two tables and half an hour of metrics up to now.

usage: seed_ministack.py ENDPOINT_URL
"""

import datetime
import sys

import boto3

URL = sys.argv[1]


def client(service):
    return boto3.client(
        service, endpoint_url=URL, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )


def create_tables(dynamodb):
    key = {"KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}]}
    text = lambda *names: [{"AttributeName": name, "AttributeType": "S"} for name in names]
    dynamodb.create_table(
        TableName="orders",
        **key,
        AttributeDefinitions=text("PK", "customer"),
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
    dynamodb.create_table(
        TableName="events.v2-raw",
        **key,
        AttributeDefinitions=text("PK"),
        BillingMode="PAY_PER_REQUEST",
        OnDemandThroughput={"MaxReadRequestUnits": 4000, "MaxWriteRequestUnits": 1000},
    )


def put(cloudwatch, name, dimensions, minutes, value):
    """One sample a minute; `value(i)` of None leaves a gap."""
    data = [
        {
            "MetricName": name,
            "Dimensions": [{"Name": n, "Value": v} for n, v in dimensions],
            "Timestamp": minute,
            "Value": value(i),
            "Unit": "Count",
        }
        for i, minute in enumerate(minutes)
        if value(i) is not None
    ]
    for start in range(0, len(data), 20):
        cloudwatch.put_metric_data(Namespace="AWS/DynamoDB", MetricData=data[start : start + 20])


def main():
    create_tables(client("dynamodb"))
    cloudwatch = client("cloudwatch")
    now = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)
    minutes = [now - datetime.timedelta(minutes=30 - i) for i in range(31)]
    orders, events = [("TableName", "orders")], [("TableName", "events.v2-raw")]
    index = orders + [("GlobalSecondaryIndexName", "by-customer")]
    put(cloudwatch, "ConsumedReadCapacityUnits", orders, minutes, lambda i: 12000 + 37 * i)
    put(cloudwatch, "ConsumedWriteCapacityUnits", orders, minutes, lambda i: 3000 + 11.5 * i)
    put(cloudwatch, "ConsumedReadCapacityUnits", index, minutes, lambda i: 0)
    put(cloudwatch, "ConsumedWriteCapacityUnits", index, minutes, lambda i: 2990)
    put(cloudwatch, "WriteThrottleEvents", index, minutes, lambda i: 240 + i if i > 10 else None)
    put(
        cloudwatch,
        "WriteProvisionedThroughputThrottleEvents",
        index,
        minutes,
        lambda i: 240 + i if i > 10 else None,
    )
    put(cloudwatch, "ConsumedReadCapacityUnits", events, minutes, lambda i: 60 * 100 + i)
    # No ConsumedWriteCapacityUnits for the on-demand table: a dense metric's gap is unknown, never 0.
    put(cloudwatch, "UserErrors", [], minutes, lambda i: 3 if i % 2 else None)


main()
