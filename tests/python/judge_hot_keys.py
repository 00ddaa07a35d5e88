"""The judge of Contributor Insights reports: what they count is what the published metrics count.

What is compared is written here alone: a write unit is three, a read unit one, and a throttle event is one; of an
index the throttled writes are not measured.
"""

import datetime

# Wrong questions: parameters that replace those of a right one, and the error's code in both protocols.
ERRORS = [
    ({"RuleName": ""}, "InvalidParameterValue"),
    ({"Period": 90}, "InvalidParameterValue"),
    ({"MaxContributorCount": 26}, "InvalidParameterValue"),
    ({"Metrics": ["Median"]}, "InvalidParameterValue"),
    ({"OrderBy": "Average"}, "InvalidParameterValue"),
]
METRICS = ["UniqueContributors", "MaxContributorValue", "SampleCount", "Sum", "Minimum", "Maximum", "Average"]
PROTOCOLS = ("json", "smithy-rpc-v2-cbor")
# What one partition serves in a minute: 3,000 read units, or 1,000 write units of three.
PARTITION = 180_000

# Members that an account with hot keys shows somewhere.
EXPECTED = {
    "GetInsightRuleReportOutput": ("KeyLabels", "AggregationStatistic", "AggregateValue", "ApproximateUniqueCount"),
    "InsightRule": ("Name", "State", "Schema", "Definition", "ManagedRule"),
    "InsightRuleContributor": ("Keys", "ApproximateAggregateValue", "Datapoints"),
    "InsightRuleMetricDatapoint": ("Timestamp", *METRICS),
}


def judge(raw, clients, tables, now, find):
    """Reads every rule of every table and index; returns the top contributor of each."""
    known = describe(raw, clients["cloudwatch"], find)
    end = datetime.datetime.fromtimestamp(now - now % 60, datetime.timezone.utc) - datetime.timedelta(minutes=4)
    span = {"StartTime": end - datetime.timedelta(minutes=10), "EndTime": end}
    found, tops = [], {}
    for table in tables:
        description = clients["dynamodb"].describe_table(TableName=table)["Table"]
        for index in [None] + description.get("GlobalSecondaryIndexes", []):
            of = {"TableName": table, **({"IndexName": index["IndexName"]} if index else {})}
            rules = clients["dynamodb"].describe_contributor_insights(**of).get("ContributorInsightsRuleList", [])
            found += rules
            labels = [key["AttributeName"] for key in (index or description)["KeySchema"]]
            for rule in rules:
                tops[rule] = judge_rule(raw, clients["cloudwatch"], rule, (of, labels), span, find)
    if sorted(found) != known:
        find("DescribeInsightRules", f"lists {known}, DynamoDB {found}")
    if found:
        judge_errors(raw, {"RuleName": found[0], "Period": 60, **span}, find)
    return tops


def describe(raw, client, find):
    """The names of all rules, in any protocol and in any pages."""
    whole = [rule["Name"] for rule in client.describe_insight_rules()["InsightRules"]]
    for protocol in PROTOCOLS:
        for size in (3, 500):
            pages = raw.pages("cloudwatch", "DescribeInsightRules", {"MaxResults": size}, protocol)
            if [rule["Name"] for page in pages for rule in page["InsightRules"]] != whole:
                find("DescribeInsightRules", f"pages of {size} in {protocol} differ from boto3's one page")
    return sorted(whole)


def judge_rule(raw, client, rule, resource, span, find):
    of, labels = resource
    kind = rule.split("-")[1]
    question = {"RuleName": rule, "Period": 60, "MaxContributorCount": 25, **span}
    report = client.get_insight_rule_report(**question)
    contributors = [(tuple(one["Keys"]), one["ApproximateAggregateValue"]) for one in report["Contributors"]]
    for protocol in PROTOCOLS:
        for more in ({}, {"Metrics": METRICS, "OrderBy": "Maximum"}):
            document = raw.valid("cloudwatch", "GetInsightRuleReport", {**question, **more}, protocol)
            same = [(tuple(one["Keys"]), one["ApproximateAggregateValue"]) for one in document["Contributors"]]
            if not more and same != contributors:
                find(rule, f"{protocol} has other contributors than boto3")
            judge_maximum(rule, document, bool(more), find)
    wanted = labels if kind.startswith("SK") else labels[:1]
    if report["KeyLabels"] != wanted or any(len(keys) != len(wanted) for keys, _ in contributors):
        find(rule, f"has the labels {report['KeyLabels']}, the key schema {labels}")
    values = [value for _, value in contributors]
    if values != sorted(values, reverse=True) or len({keys for keys, _ in contributors}) != len(contributors):
        find(rule, "contributors are out of order, or one is there twice")
    for one in report["Contributors"]:
        if abs(sum(point["ApproximateValue"] for point in one["Datapoints"]) - one["ApproximateAggregateValue"]) > 1e-6:
            find(rule, f"{one['Keys']} is not the sum of its minutes")
        if kind == "PKC" and any(point["ApproximateValue"] > PARTITION for point in one["Datapoints"]):
            find(rule, f"{one['Keys']} consumes more than a partition serves")
    judge_whole(client, kind, report, of, span, find)
    return contributors[0] if contributors else None


def judge_maximum(rule, document, with_metrics, find):
    points = document["MetricDatapoints"]
    if not with_metrics:
        return points and find(rule, "has metrics though none were asked for")
    largest = {}
    for one in document["Contributors"]:
        for point in one["Datapoints"]:
            largest[point["Timestamp"]] = max(largest.get(point["Timestamp"], 0), point["ApproximateValue"])
    if {point["Timestamp"]: point["MaxContributorValue"] for point in points} != largest:
        find(rule, "MaxContributorValue is not that of the largest contributor")


def judge_whole(client, kind, report, of, span, find):
    """The aggregate is the published metrics'; a pair's rule knows no range reads, so that it may be less."""
    weights = {"ConsumedReadCapacityUnits": 1, "ConsumedWriteCapacityUnits": 3}
    if kind.endswith("T"):
        weights = {"ReadThrottleEvents": 1} if "IndexName" in of else {"ReadThrottleEvents": 1, "WriteThrottleEvents": 1}
    expected = sum(weight * published(client, metric, of, span) for metric, weight in weights.items())
    found = report["AggregateValue"]
    tolerance = 20 + 1e-6 * expected
    if kind.startswith("PK") and abs(found - expected) > tolerance or found > expected + tolerance:
        find(f"{kind} of {of}", f"counts {found} where the metrics have {expected}")
    if sum(one["ApproximateAggregateValue"] for one in report["Contributors"]) > found + tolerance:
        find(f"{kind} of {of}", "contributors are more than the whole")


def published(client, metric, of, span):
    dimensions = [{"Name": "TableName", "Value": of["TableName"]}]
    if "IndexName" in of:
        dimensions.append({"Name": "GlobalSecondaryIndexName", "Value": of["IndexName"]})
    metric = {"Namespace": "AWS/DynamoDB", "MetricName": metric, "Dimensions": dimensions}
    query = {"Id": "m0", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}}
    return sum(client.get_metric_data(MetricDataQueries=[query], **span)["MetricDataResults"][0]["Values"])


def judge_errors(raw, question, find):
    table = [({**question, **wrong}, 400, code) for wrong, code in ERRORS]
    table.append(({**question, "EndTime": question["StartTime"]}, 400, "InvalidParameterValue"))
    table.append(({key: value for key, value in question.items() if key != "Period"}, 400, "MissingParameter"))
    table.append(({**question, "RuleName": "DynamoDBContributorInsights-PKC-none-1"}, 404, "ResourceNotFoundException"))
    for parameters, status, code in table:
        for protocol in PROTOCOLS:
            found, headers, document = raw.call("cloudwatch", "GetInsightRuleReport", parameters, protocol)
            error = headers.get("x-amzn-query-error")
            if found != status or error != f"{code};Sender" or not document.get("message"):
                find("GetInsightRuleReport", f"{protocol} refuses {parameters} with {found} {error}, {document}")
            shape = raw.session._session.get_service_model("cloudwatch").shape_for_error_code(code)
            if not document["__type"].endswith(f"#{shape.name}"):
                find("GetInsightRuleReport", f"{code} is the shape {shape.name}, not {document['__type']}")
