"""Copies tables, alarms on single metrics and composite alarms from one endpoint to MiniStack, states included.

usage: copy_alarms.py FROM_URL MINISTACK_URL

MiniStack keeps no metric math, so alarms made of it are left out. Prints, as JSON, what boto3 then reads there: every
alarm's state and reason, and every change of state, oldest first.
"""

import json
import sys

import boto3

METRIC_ALARM = (
    "AlarmName AlarmDescription ActionsEnabled OKActions AlarmActions InsufficientDataActions MetricName Namespace "
    "Statistic ExtendedStatistic Dimensions Period Unit EvaluationPeriods DatapointsToAlarm Threshold "
    "ComparisonOperator TreatMissingData EvaluateLowSampleCountPercentile"
).split()
COMPOSITE_ALARM = (
    "AlarmName AlarmDescription ActionsEnabled OKActions AlarmActions InsufficientDataActions AlarmRule"
).split()
BOTH = ["MetricAlarm", "CompositeAlarm"]


def client(service, url):
    return boto3.client(
        service, endpoint_url=url, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )


def pages(cloudwatch, operation, member, **arguments):
    for page in cloudwatch.get_paginator(operation).paginate(**arguments):
        yield from page[member]


def copy_table(table, dynamodb):
    billing = table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
    units = lambda of: {name: of["ProvisionedThroughput"][name] for name in ("ReadCapacityUnits", "WriteCapacityUnits")}
    throughput = lambda of: {"ProvisionedThroughput": units(of)} if billing == "PROVISIONED" else {}
    keep = lambda of, *names: {name: of[name] for name in names}
    indexes = [
        keep(index, "IndexName", "KeySchema", "Projection") | throughput(index)
        for index in table.get("GlobalSecondaryIndexes", [])
    ]
    dynamodb.create_table(
        **keep(table, "TableName", "KeySchema", "AttributeDefinitions"),
        BillingMode=billing,
        **throughput(table),
        **({"GlobalSecondaryIndexes": indexes} if indexes else {}),
    )


def copy_alarms(source, copy):
    for alarm in pages(source, "describe_alarms", "MetricAlarms", AlarmTypes=["MetricAlarm"]):
        if "MetricName" not in alarm or alarm["AlarmName"].startswith("TargetTracking-"):
            continue
        copy.put_metric_alarm(**{name: alarm[name] for name in METRIC_ALARM if name in alarm})
        if alarm["StateValue"] != "INSUFFICIENT_DATA":
            reason = alarm["StateReason"][:1023]
            copy.set_alarm_state(AlarmName=alarm["AlarmName"], StateValue=alarm["StateValue"], StateReason=reason)
    for alarm in pages(source, "describe_alarms", "CompositeAlarms", AlarmTypes=["CompositeAlarm"]):
        copy.put_composite_alarm(**{name: alarm[name] for name in COMPOSITE_ALARM if name in alarm})


def told(copy):
    alarms = [
        {"name": alarm["AlarmName"], "state": alarm["StateValue"], "reason": alarm["StateReason"]}
        for member in ("MetricAlarms", "CompositeAlarms")
        for alarm in pages(copy, "describe_alarms", member, AlarmTypes=BOTH)
    ]
    history = [
        {"alarm": item["AlarmName"], "summary": item["HistorySummary"], "at": item["Timestamp"].timestamp()}
        for item in pages(
            copy, "describe_alarm_history", "AlarmHistoryItems", AlarmTypes=BOTH, HistoryItemType="StateUpdate"
        )
    ]
    return {"alarms": alarms, "history": history[::-1]}


def main():
    source, copy = sys.argv[1:]
    dynamodb = client("dynamodb", source)
    for name in dynamodb.list_tables()["TableNames"]:
        copy_table(dynamodb.describe_table(TableName=name)["Table"], client("dynamodb", copy))
    copy_alarms(client("cloudwatch", source), client("cloudwatch", copy))
    print(json.dumps(told(client("cloudwatch", copy))))


main()
