"""Compares `ddbtop snapshot --format json` with boto3 and plain arithmetic.

usage: compare_figures.py ENDPOINT_URL SNAPSHOT.json

Nothing here is shared with the program: names, dimensions and formulas are AWS's documentation read again.
Prints every difference and exits with 1 if there is one.
"""

import datetime
import json
import sys

import boto3
from botocore.config import Config

URL, PATH = sys.argv[1:3]
# A settled minute is at most this much older than the newest one there is.
PUBLISHED_WITHIN_MINUTES = 5
differences = []
compared = 0


def client(service):
    return boto3.client(
        service,
        endpoint_url=URL,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )


CLOUDWATCH, DYNAMODB = client("cloudwatch"), client("dynamodb")


def minute(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def metric_sum(name, dimensions, at):
    """The Sum of one minute, or None where CloudWatch has no point."""
    return statistic("Sum", name, dimensions, at)


def statistic(stat, name, dimensions, at):
    """A statistic of one minute, or None where CloudWatch has no point."""
    reply = CLOUDWATCH.get_metric_data(
        StartTime=at,
        EndTime=at + datetime.timedelta(minutes=1),
        MetricDataQueries=[
            {
                "Id": "q",
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/DynamoDB",
                        "MetricName": name,
                        "Dimensions": [{"Name": n, "Value": v} for n, v in dimensions],
                    },
                    "Period": 60,
                    "Stat": stat,
                },
            }
        ],
    )
    values = reply["MetricDataResults"][0]["Values"]
    return values[0] if values else None


def differ(what, shown, expected):
    differences.append(f"{what}: shown {shown}, expected {expected}")


def check(what, figure, state, value):
    """One figure against the state and value it should have."""
    global compared
    compared += 1
    if figure["state"] != state:
        differ(what, figure, f"{state} {value}")
    elif value is None and figure["value"] is not None:
        differ(what, figure, "null")
    elif value is not None:
        shown = figure["value"]
        if shown is None or abs(shown - value) > 1e-6 * max(1.0, abs(value)):
            differ(what, figure, value)


def is_published(resources, at):
    """Whether CloudWatch shows consumption of any of the resources in that minute or a later one."""
    later = range(PUBLISHED_WITHIN_MINUTES)
    return any(
        metric_sum(f"Consumed{name}CapacityUnits", dimensions, at + datetime.timedelta(minutes=i)) is not None
        for i in later
        for dimensions in resources
        for name in ("Read", "Write")
    )


def check_count(what, figure, name, dimensions, resources):
    """A count: no point means 0, once CloudWatch has published the minute for any of the resources."""
    if figure["state"] == "not_polled":
        return
    at = minute(figure["at"])
    total = metric_sum(name, dimensions, at)
    if total is not None:
        check(what, figure, "value", total)
    elif is_published(resources, at):
        check(what, figure, "zero", 0.0)
    else:
        check(what, figure, "unknown", None)


def check_direction(where, shown, name, dimensions, limits):
    consumed = shown["consumed_units_per_second"]
    if consumed["at"] is None:
        differ(f"{where} consumed", consumed, "a minute")
        return
    total = metric_sum(f"Consumed{name}CapacityUnits", dimensions, minute(consumed["at"]))
    if total is None:
        check(f"{where} consumed", consumed, "unknown", None)
    else:
        check(f"{where} consumed", consumed, "value", total / 60)
    provisioned, maximum = limits
    for key, limit in (("provisioned_units_per_second", provisioned), ("maximum_units_per_second", maximum)):
        if limit is None:
            check(f"{where} {key}", shown[key], "not_applicable", None)
        else:
            check(f"{where} {key}", shown[key], "value", limit)
    limit = provisioned or maximum
    utilization = shown["utilization_percent"]
    if limit is None:
        check(f"{where} utilization", utilization, "not_applicable", None)
    elif total is None:
        check(f"{where} utilization", utilization, "unknown", None)
    else:
        check(f"{where} utilization", utilization, "value", 100 * total / 60 / limit)
    check_count(f"{where} throttles", shown["throttle_events_per_minute"], f"{name}ThrottleEvents", dimensions, [dimensions])
    causes = {
        "provisioned": "ProvisionedThroughput",
        "key_range": "KeyRangeThroughput",
        "account_limit": "AccountLimit",
        "max_on_demand": "MaxOnDemandThroughput",
    }
    for key, cause in causes.items():
        figure = shown["throttle_events_by_cause"][key]
        check_count(f"{where} {key}", figure, f"{name}{cause}ThrottleEvents", dimensions, [dimensions])


def dimensions_of(table):
    """Those of a table of the snapshot, and of its indexes."""
    name = [("TableName", table["name"])]
    return [name] + [name + [("GlobalSecondaryIndexName", index["name"])] for index in table["indexes"]]


def check_operations(name, shown):
    """Figures that CloudWatch has per operation: the slowest one's latency, the sum of errors."""
    pages = CLOUDWATCH.get_paginator("list_metrics").paginate(
        Namespace="AWS/DynamoDB",
        MetricName="SuccessfulRequestLatency",
        Dimensions=[{"Name": "TableName", "Value": name}],
    )
    dimensions = [[(d["Name"], d["Value"]) for d in metric["Dimensions"]] for page in pages for metric in page["Metrics"]]
    for key, metric, stat, combine, empty in (
        ("latency_p99_milliseconds", "SuccessfulRequestLatency", "p99", max, ("idle", None)),
        ("latency_p50_milliseconds", "SuccessfulRequestLatency", "p50", max, ("idle", None)),
        ("system_errors_per_minute", "SystemErrors", "Sum", sum, ("zero", 0.0)),
    ):
        figure = shown[key]
        if figure["state"] == "not_polled":
            continue
        at = minute(figure["at"])
        values = [statistic(stat, metric, operation, at) for operation in dimensions]
        values = [value for value in values if value is not None]
        if values:
            check(f"{name} {key}", figure, "value", combine(values))
        elif is_published([[("TableName", name)]], at):
            check(f"{name} {key}", figure, *empty)
        else:
            check(f"{name} {key}", figure, "unknown", None)


def limits_of(description, name, on_demand):
    """(provisioned, maximum) units per second of one direction of a table or index."""
    letter = "Read" if name == "Read" else "Write"
    if on_demand:
        maximum = description.get("OnDemandThroughput", {}).get(f"Max{letter}RequestUnits")
        return None, maximum if maximum and maximum > 0 else None
    return description["ProvisionedThroughput"][f"{letter}CapacityUnits"], None


def check_table(shown, table):
    on_demand = table.get("BillingModeSummary", {}).get("BillingMode") == "PAY_PER_REQUEST"
    name = table["TableName"]
    if shown["status"] != table["TableStatus"]:
        differ(f"{name} status", shown["status"], table["TableStatus"])
    mode = "PAY_PER_REQUEST" if on_demand else "PROVISIONED"
    if shown["billing_mode"] != mode:
        differ(f"{name} billing mode", shown["billing_mode"], mode)
    indexes = {index["IndexName"]: index for index in table.get("GlobalSecondaryIndexes", [])}
    if sorted(indexes) != sorted(index["name"] for index in shown["indexes"]):
        differ(f"{name} indexes", [index["name"] for index in shown["indexes"]], sorted(indexes))
    dimensions = [("TableName", name)]
    failed = shown["conditional_check_failed_per_minute"]
    check_count(f"{name} failed conditions", failed, "ConditionalCheckFailedRequests", dimensions, [dimensions])
    check_operations(name, shown)
    for key, direction in (("read", "Read"), ("write", "Write")):
        check_direction(f"{name} {key}", shown[key], direction, dimensions, limits_of(table, direction, on_demand))
        for index in shown["indexes"]:
            described = indexes.get(index["name"])
            if described:
                check_direction(
                    f"{name}/{index['name']} {key}",
                    index[key],
                    direction,
                    dimensions + [("GlobalSecondaryIndexName", index["name"])],
                    limits_of(described, direction, on_demand),
                )


def main():
    with open(PATH, encoding="utf-8") as file:
        snapshot = json.load(file)
    names = [name for page in DYNAMODB.get_paginator("list_tables").paginate() for name in page["TableNames"]]
    shown = {table["name"]: table for table in snapshot["tables"]}
    if sorted(shown) != sorted(names):
        differ("tables", sorted(shown), sorted(names))
    for name in names:
        if name in shown:
            check_table(shown[name], DYNAMODB.describe_table(TableName=name)["Table"])
    resources = [dimensions for table in snapshot["tables"] for dimensions in dimensions_of(table)]
    for scope in snapshot["scopes"]:
        check_count("user errors", scope["user_errors_per_minute"], "UserErrors", [], resources)
    print(f"{compared} figures of {len(names)} tables compared, {len(differences)} differ")
    for difference in differences:
        print(difference)
    sys.exit(1 if differences or not compared else 0)


main()
