"""Reads every operation of an AWS endpoint with boto3 and holds each reply against botocore's service models.

Usage: judge_botocore.py ENDPOINT NOW [--rich] [--alarms] [--dax] [--hot-key=RULE=KEY ...]
NOW is what the endpoint's clock says, in epoch seconds. With --rich the fleet must show every member in EXPECTED, with
--alarms every member in EXPECTED_OF_ALARMS, with --dax those of judge_dax. With --hot-key the top contributor of the rule that begins so must be the key.
Prints one line per finding and exits with 1 if there is any.
"""

import datetime
import json
import re
import sys
import uuid

import boto3
import judge_dax
import judge_hot_keys
import judge_inventory
from botocore.config import Config
from botocore.exceptions import ClientError

from replies import Raw, check, checked, find, findings, seen

# Members that a rich fleet shows somewhere; what is never shown is never checked.
EXPECTED = {
    "BillingModeSummary": ("BillingMode", "LastUpdateToPayPerRequestDateTime"),
    "ContinuousBackupsDescription": ("PointInTimeRecoveryDescription",),
    "MetricDataResult": ("Timestamps", "Values", "Label", "StatusCode"),
    "NotScaledReason": ("Code", "MaxCapacity", "MinCapacity", "CurrentCapacity"),
    "OnDemandThroughput": ("MaxReadRequestUnits",),
    "PointInTimeRecoveryDescription": ("EarliestRestorableDateTime", "LatestRestorableDateTime"),
    "ProvisionedThroughputDescription": ("LastIncreaseDateTime", "NumberOfDecreasesToday"),
    "ScalableTarget": ("SuspendedState", "RoleARN", "ScalableTargetARN"),
    "ScalingActivity": ("Cause", "EndTime", "NotScaledReasons", "StatusMessage"),
    "ScalingPolicy": ("Alarms", "TargetTrackingScalingPolicyConfiguration"),
    "ScheduledAction": ("Schedule", "ScalableTargetAction"),
    "SSEDescription": ("KMSMasterKeyArn",),
    "TableDescription": ("GlobalSecondaryIndexes", "LatestStreamArn", "OnDemandThroughput", "WarmThroughput"),
    "TimeToLiveDescription": ("AttributeName",),
}

# The same of an account with all kinds of alarms.
EXPECTED_OF_ALARMS = {
    "AlarmHistoryItem": ("AlarmName", "AlarmType", "Timestamp", "HistoryItemType", "HistorySummary", "HistoryData"),
    "AlarmMuteRuleSummary": ("AlarmMuteRuleArn", "ExpireDate", "LastUpdatedTimestamp", "MuteType", "Status"),
    "CompositeAlarm": (
        "AlarmRule",
        "ActionsSuppressor",
        "ActionsSuppressedBy",
        "ActionsSuppressedReason",
        "ActionsSuppressorWaitPeriod",
        "ActionsSuppressorExtensionPeriod",
        "StateReasonData",
        "StateTransitionedTimestamp",
    ),
    "GetAlarmMuteRuleOutput": ("Description", "ExpireDate", "MuteTargets", "MuteType", "Name", "Rule", "Status"),
    "MetricAlarm": (
        "ActionsEnabled",
        "AlarmActions",
        "AlarmConfigurationUpdatedTimestamp",
        "AlarmDescription",
        "ComparisonOperator",
        "DatapointsToAlarm",
        "Dimensions",
        "EvaluateLowSampleCountPercentile",
        "EvaluationPeriods",
        "EvaluationState",
        "ExtendedStatistic",
        "InsufficientDataActions",
        "MetricName",
        "Metrics",
        "Namespace",
        "OKActions",
        "Period",
        "StateReason",
        "StateReasonData",
        "StateTransitionedTimestamp",
        "StateUpdatedTimestamp",
        "Statistic",
        "Threshold",
        "ThresholdMetricId",
        "TreatMissingData",
        "Unit",
    ),
    "MetricDataQuery": ("Expression", "Label", "MetricStat", "ReturnData"),
    "Schedule": ("Duration", "Expression", "Timezone"),
}

# -------------------------------------------------------------------------------------- what is asked, and how


def judge_dynamodb(raw, client):
    names = [name for page in client.get_paginator("list_tables").paginate() for name in page["TableNames"]]
    pages = raw.pages("dynamodb", "ListTables", {"Limit": 7}, out="LastEvaluatedTableName", back="ExclusiveStartTableName")
    if [name for page in pages for name in page.get("TableNames", [])] != names:
        find("ListTables", "pages of 7 differ from the paginator's")
    if names != sorted(set(names)) or not names:
        find("ListTables", "names are missing, repeated or out of order")
    for name in names:
        table = raw.valid("dynamodb", "DescribeTable", {"TableName": name}).get("Table", {})
        read = client.describe_table(TableName=name)["Table"]
        if read["TableName"] != name or read["TableArn"] != table.get("TableArn"):
            find("DescribeTable", f"{name} is described as {read['TableName']}")
        check_table(table)
        raw.valid("dynamodb", "DescribeContinuousBackups", {"TableName": name})
        raw.valid("dynamodb", "DescribeTimeToLive", {"TableName": name})
        client.describe_continuous_backups(TableName=name)
        client.describe_time_to_live(TableName=name)
    raw.valid("dynamodb", "DescribeLimits", {})
    client.describe_limits()
    return names


def check_table(table):
    """What the model cannot say: key attributes are defined, and only those."""
    schemas = [table["KeySchema"]] + [index["KeySchema"] for index in table.get("GlobalSecondaryIndexes", [])]
    keys = {key["AttributeName"] for schema in schemas for key in schema}
    defined = [attribute["AttributeName"] for attribute in table["AttributeDefinitions"]]
    if sorted(defined) != sorted(keys):
        find("DescribeTable", f"{table['TableName']} defines {defined}, its keys are {sorted(keys)}")


def query(index, metric, stat, period=60):
    metric = {key: metric[key] for key in ("Namespace", "MetricName", "Dimensions")}
    return {"Id": f"m{index}", "MetricStat": {"Metric": metric, "Period": period, "Stat": stat}}


def judge_cloudwatch(raw, client, now):
    end = datetime.datetime.fromtimestamp(now, datetime.timezone.utc)
    span = {"StartTime": end - datetime.timedelta(minutes=60), "EndTime": end}
    listed = [metric for page in client.get_paginator("list_metrics").paginate() for metric in page["Metrics"]]
    for protocol in ("json", "smithy-rpc-v2-cbor"):
        pages = raw.pages("cloudwatch", "ListMetrics", {"RecentlyActive": "PT3H"}, protocol)
        if [metric for page in pages for metric in page.get("Metrics", [])] != listed:
            find("ListMetrics", f"{protocol} differs from the paginator's")
        for namespace in {metric["Namespace"] for metric in listed}:
            pages = raw.pages("cloudwatch", "ListMetrics", {"Namespace": namespace}, protocol)
            part = [metric for metric in listed if metric["Namespace"] == namespace]
            if [metric for page in pages for metric in page.get("Metrics", [])] != part:
                find("ListMetrics", f"{protocol} lists other metrics of {namespace}")
    if not listed:
        return find("ListMetrics", "lists nothing")
    queries = [query(index, metric, "Sum") for index, metric in enumerate(listed[:500])]
    whole = read_data(raw, "json", {"MetricDataQueries": queries, **span})
    if not any(values for values in whole.values()):
        find("GetMetricData", "has no data for any listed metric")
    for protocol in ("json", "smithy-rpc-v2-cbor"):
        paged = read_data(raw, protocol, {"MetricDataQueries": queries, "MaxDatapoints": 997, **span})
        if paged != whole:
            find("GetMetricData", f"pages of 997 points in {protocol} differ from one page")
    paginator = client.get_paginator("get_metric_data")
    by_boto = {}
    for page in paginator.paginate(MetricDataQueries=queries, **span):
        for result in page["MetricDataResults"]:
            stamps = [stamp.timestamp() for stamp in result["Timestamps"]]
            by_boto.setdefault(result["Id"], []).extend(zip(stamps, result["Values"]))
    if by_boto != whole:
        find("GetMetricData", "boto3 reads other points than the raw reply has")
    judge_arithmetic(raw, listed, span)
    judge_expressions(raw, listed, span)


def read_data(raw, protocol, parameters):
    """Reads all pages of GetMetricData; returns points by id."""
    points = {}
    for page in raw.pages("cloudwatch", "GetMetricData", parameters, protocol):
        size = sum(len(result["Values"]) for result in page["MetricDataResults"])
        if size > parameters.get("MaxDatapoints", 100800):
            find("GetMetricData", f"a page has {size} points")
        for result in page["MetricDataResults"]:
            stamps = [stamp.timestamp() if protocol != "json" else stamp for stamp in result["Timestamps"]]
            if len(stamps) != len(result["Values"]):
                find("GetMetricData", f"{result['Id']} has other timestamps than values")
            points.setdefault(result["Id"], []).extend(zip(stamps, result["Values"]))
    for name, found in points.items():
        if any(newer[0] <= older[0] for newer, older in zip(found, found[1:])):
            find("GetMetricData", f"{name} is not newest first")
    return points


def judge_arithmetic(raw, listed, span):
    """Five minutes are the sum, the extremes and the sample-weighted mean of their minutes."""
    dense = [metric for metric in listed if metric["MetricName"].startswith("Consumed")][:5]
    stats = ("Sum", "Minimum", "Maximum", "SampleCount", "Average")
    for metric in dense:
        fine = [query(index, metric, stat) for index, stat in enumerate(stats)]
        coarse = [query(index, metric, stat, 300) for index, stat in enumerate(stats)]
        fine = read_data(raw, "json", {"MetricDataQueries": fine, **span})
        coarse = read_data(raw, "json", {"MetricDataQueries": coarse, **span})
        for row, (stamp, total) in enumerate(coarse["m0"]):
            inside = lambda name: [value for at, value in fine[name] if stamp <= at < stamp + 300]
            samples = sum(inside("m3"))
            expected = (sum(inside("m0")), min(inside("m1")), max(inside("m2")), samples, sum(inside("m0")) / samples)
            for index, value in enumerate(expected):
                if abs(coarse[f"m{index}"][row][1] - value) > 1e-6 * max(1, abs(value)):
                    find("GetMetricData", f"{stats[index]} of 300 s at {stamp} is {coarse[f'm{index}'][row][1]}, not {value}")


def judge_expressions(raw, listed, span):
    """An expression is the arithmetic of its metrics, and hidden queries have no result."""
    dense = [metric for metric in listed if metric["MetricName"].startswith("Consumed")][:2]
    metrics = [query(index, metric, "Sum", 300) for index, metric in enumerate(dense)]
    expression = {"Id": "e1", "Expression": "100 * m0 / PERIOD(m0) + FILL(m1, 0)", "Label": "e"}
    hidden = [{**metric, "ReturnData": False} for metric in metrics]
    found = read_data(raw, "json", {"MetricDataQueries": [expression, *hidden], **span})
    parts = read_data(raw, "json", {"MetricDataQueries": metrics, **span})
    if list(found) != ["e1"]:
        find("GetMetricData", f"returns {list(found)} where only e1 is wanted")
    other = dict(parts["m1"])
    expected = [(stamp, 100 * value / 300 + other.get(stamp, 0)) for stamp, value in parts["m0"]]
    near = lambda one, two: one[0] == two[0] and abs(one[1] - two[1]) <= 1e-9 * max(1, abs(two[1]))
    if len(expected) != len(found["e1"]) or not all(map(near, found["e1"], expected)):
        find("GetMetricData", f"computes {found['e1'][:3]}, not {expected[:3]}")


def judge_alarms(raw, client, now):
    """Alarms, their history and mute rules: pages, protocols and boto3 agree, and what is JSON is JSON."""
    both = ["CompositeAlarm", "MetricAlarm"]
    pages = client.get_paginator("describe_alarms").paginate(AlarmTypes=both)
    kinds = ("CompositeAlarms", "MetricAlarms")
    whole = [alarm["AlarmName"] for page in pages for kind in kinds for alarm in page[kind]]
    alarms = []
    for protocol in ("json", "smithy-rpc-v2-cbor"):
        parts = raw.pages("cloudwatch", "DescribeAlarms", {"AlarmTypes": both, "MaxRecords": 7}, protocol)
        alarms = [alarm for page in parts for kind in kinds for alarm in page[kind]]
        if [alarm["AlarmName"] for alarm in alarms] != whole or len(set(whole)) != len(whole):
            find("DescribeAlarms", f"pages of 7 in {protocol} differ from the paginator's")
        parts = raw.pages("cloudwatch", "DescribeAlarms", {}, protocol)
        if any(page["CompositeAlarms"] for page in parts):
            find("DescribeAlarms", "has composite alarms though none were asked for")
    for alarm in alarms:
        if "StateReasonData" in alarm:
            check_json("StateReasonData", alarm["StateReasonData"])
        for moment in ("StateUpdatedTimestamp", "StateTransitionedTimestamp", "AlarmConfigurationUpdatedTimestamp"):
            if moment in alarm and seconds(alarm[moment]) > now + 1e-3:
                find("DescribeAlarms", f"{alarm['AlarmName']} has a {moment} in the future")
    for alarm in (alarm for alarm in alarms if "AlarmRule" in alarm):
        for relation in ("ChildrenOfAlarmName", "ParentsOfAlarmName"):
            raw.valid("cloudwatch", "DescribeAlarms", {relation: alarm["AlarmName"]})
    judge_history(raw, client, both, {alarm["AlarmName"]: alarm for alarm in alarms})
    rules = [rule for page in client.get_paginator("list_alarm_mute_rules").paginate() for rule in page["AlarmMuteRuleSummaries"]]
    for protocol in ("json", "smithy-rpc-v2-cbor"):
        parts = raw.pages("cloudwatch", "ListAlarmMuteRules", {"MaxRecords": 1}, protocol)
        names = [rule["AlarmMuteRuleArn"] for page in parts for rule in page["AlarmMuteRuleSummaries"]]
        if names != [rule["AlarmMuteRuleArn"] for rule in rules]:
            find("ListAlarmMuteRules", "pages of 1 differ from the paginator's")
        for name in names:
            raw.valid("cloudwatch", "GetAlarmMuteRule", {"AlarmMuteRuleName": name.rsplit(":", 1)[-1]}, protocol)
    status, _, document = raw.call("cloudwatch", "GetAlarmMuteRule", {"AlarmMuteRuleName": "no-such-rule"})
    if status != 404 or not document["__type"].endswith("#ResourceNotFoundException"):
        find("GetAlarmMuteRule", f"answers an unknown name with {status} {document}")
    try:
        client.get_alarm_mute_rule(AlarmMuteRuleName="no-such-rule")
        find("GetAlarmMuteRule", "knows no-such-rule")
    except client.exceptions.ResourceNotFoundException:
        pass


def judge_history(raw, client, types, alarms):
    pages = client.get_paginator("describe_alarm_history").paginate(AlarmTypes=types)
    whole = [item for page in pages for item in page["AlarmHistoryItems"]]
    for protocol in ("json", "smithy-rpc-v2-cbor"):
        parts = raw.pages("cloudwatch", "DescribeAlarmHistory", {"AlarmTypes": types, "MaxRecords": 90}, protocol)
        items = [item for page in parts for item in page["AlarmHistoryItems"]]
        identify = lambda item: (item["AlarmName"], item["HistoryItemType"], item["HistorySummary"], item["HistoryData"])
        if list(map(identify, items)) != list(map(identify, whole)):
            find("DescribeAlarmHistory", f"pages of 90 in {protocol} differ from the paginator's")
    newest = {}
    for item in whole:
        data = check_json("HistoryData", item["HistoryData"])
        if item["HistoryItemType"] == "StateUpdate":
            newest.setdefault(item["AlarmName"], (item["Timestamp"].timestamp(), data["newState"]["stateValue"]))
    for name, (at, state) in newest.items():
        alarm = alarms[name]
        if alarm["StateValue"] != state or abs(seconds(alarm["StateTransitionedTimestamp"]) - at) > 1e-3:
            find("DescribeAlarmHistory", f"the newest change of {name} is to {state} at {at}, unlike the alarm")


def seconds(moment):
    """A moment of any protocol in epoch seconds."""
    return moment.timestamp() if isinstance(moment, datetime.datetime) else moment


def check_json(where, text):
    try:
        return json.loads(text, parse_constant=lambda constant: find(where, f"{constant} in JSON"))
    except ValueError as error:
        find(where, f"{text[:80]!r} is not JSON: {error}")
        return {}


def judge_scaling(raw, client):
    for operation, method, items in (
        ("DescribeScalableTargets", "describe_scalable_targets", "ScalableTargets"),
        ("DescribeScalingPolicies", "describe_scaling_policies", "ScalingPolicies"),
        ("DescribeScalingActivities", "describe_scaling_activities", "ScalingActivities"),
        ("DescribeScheduledActions", "describe_scheduled_actions", "ScheduledActions"),
    ):
        more = {"IncludeNotScaledActivities": True} if items == "ScalingActivities" else {}
        parameters = {"ServiceNamespace": "dynamodb", **more}
        pages = client.get_paginator(method).paginate(**parameters)
        whole = [item for page in pages for item in page[items]]
        parts = raw.pages("application-autoscaling", operation, {**parameters, "MaxResults": 2})
        parts = [item for page in parts for item in page.get(items, [])]
        identify = lambda item: (item["ResourceId"], item.get("PolicyName"), item.get("ActivityId"), item.get("ScalableDimension"))
        if list(map(identify, whole)) != list(map(identify, parts)):
            find(operation, "pages of 2 differ from the paginator's")
        if whole:
            narrowed = {key: whole[0][key] for key in ("ResourceId", "ScalableDimension")}
            if items == "ScalableTargets":
                narrowed = {"ResourceIds": [whole[0]["ResourceId"]], "ScalableDimension": whole[0]["ScalableDimension"]}
            found = getattr(client, method)(**parameters, **narrowed)[items]
            if not found or any(item["ResourceId"] != whole[0]["ResourceId"] for item in found):
                find(operation, f"a filter {narrowed} finds {len(found)} items")


def judge_sts(raw, client):
    identity = client.get_caller_identity()
    for name, pattern in (("Account", r"\d{12}"), ("Arn", r"arn:aws:(iam|sts)::\d{12}:.+"), ("UserId", r"\S+")):
        if not re.fullmatch(pattern, identity.get(name, "")):
            find("GetCallerIdentity", f"{name} is {identity.get(name)!r}")
    status, _, document = raw.call("sts", "GetCallerIdentity", {})
    if status != 200 or not document.tag.endswith("GetCallerIdentityResponse"):
        find("GetCallerIdentity", f"status {status}, document {document.tag}")


# ------------------------------------------------------------------------------------------------ wrong questions


def judge_errors(raw, clients, now):
    end = datetime.datetime.fromtimestamp(now, datetime.timezone.utc)
    span = {"StartTime": end - datetime.timedelta(minutes=5), "EndTime": end}
    metric = {"Namespace": "AWS/DynamoDB", "MetricName": "ConsumedReadCapacityUnits", "Dimensions": []}
    twice = [query(0, metric, "Sum")] * 2
    many = [query(index, metric, "Sum") for index in range(501)]
    data = lambda queries, **more: {"MetricDataQueries": queries, **span, **more}
    table = [
        ("dynamodb", "DescribeTable", {"TableName": "no-such-table"}, "ResourceNotFoundException"),
        ("dynamodb", "DescribeTimeToLive", {"TableName": "no-such-table"}, "ResourceNotFoundException"),
        ("dynamodb", "DescribeContinuousBackups", {"TableName": "no-such-table"}, "TableNotFoundException"),
        ("dynamodb", "ListTables", {"Limit": 101}, "ValidationException"),
        ("dynamodb", "DescribeTable", {"TableName": "x y"}, "ValidationException"),
        ("cloudwatch", "GetMetricData", data(twice), "ValidationError"),
        ("cloudwatch", "GetMetricData", data(many), "ValidationError"),
        ("cloudwatch", "GetMetricData", data([{"Id": "e1", "Expression": "m1 + 1"}]), "ValidationError"),
        ("cloudwatch", "GetMetricData", data(twice[:1], NextToken="nonsense"), "InvalidNextToken"),
        ("cloudwatch", "ListMetrics", {"NextToken": "nonsense"}, "InvalidNextToken"),
        ("cloudwatch", "DescribeAlarms", {"MaxRecords": 101}, "ValidationError"),
        ("cloudwatch", "DescribeAlarms", {"AlarmNames": ["a"], "AlarmNamePrefix": "a"}, "ValidationError"),
        ("cloudwatch", "DescribeAlarms", {"NextToken": "nonsense"}, "InvalidNextToken"),
        ("cloudwatch", "DescribeAlarmHistory", {"MaxRecords": 0}, "ValidationError"),
        ("cloudwatch", "DescribeAlarmHistory", {"NextToken": "nonsense"}, "InvalidNextToken"),
        ("cloudwatch", "ListAlarmMuteRules", {"Statuses": ["LOUD"]}, "ValidationError"),
        ("cloudwatch", "ListAlarmMuteRules", {"NextToken": "nonsense"}, "InvalidNextToken"),
        ("application-autoscaling", "DescribeScalableTargets", {"ServiceNamespace": "dax"}, "ValidationException"),
        ("application-autoscaling", "DescribeScalableTargets", {"ServiceNamespace": "dynamodb", "NextToken": "x"}, "InvalidNextTokenException"),
        ("application-autoscaling", "DescribeScalingActivities", {"ServiceNamespace": "dynamodb", "MaxResults": 51}, "ValidationException"),
    ]
    for service, operation, parameters, code in table + judge_inventory.ERRORS:
        method = re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()
        try:
            getattr(clients[service], method)(**parameters)
            find(operation, f"accepts {parameters}")
        except ClientError as error:
            found = error.response["Error"]
            if found["Code"] != code or not found["Message"] or error.response["ResponseMetadata"]["HTTPStatusCode"] != 400:
                find(operation, f"refuses with {error.response}, not {code}")
        protocols = ("json", "smithy-rpc-v2-cbor") if service == "cloudwatch" else ("json",)
        for protocol in protocols:
            check_error(raw, service, operation, parameters, protocol, code)
    judge_broken_bodies(raw)


def check_error(raw, service, operation, parameters, protocol, code):
    status, headers, document = raw.call(service, operation, parameters, protocol)
    where = f"{operation}({protocol}) refusing"
    if status != 400 or not isinstance(document.get("__type"), str) or not isinstance(document.get("message"), str):
        find(where, f"status {status}, document {document}")
    name = document.get("__type", "").rsplit("#")[-1]
    if service == "cloudwatch":
        if headers.get("x-amzn-query-error") != f"{code};Sender":
            find(where, f"x-amzn-query-error is {headers.get('x-amzn-query-error')}")
    elif name != code:
        find(where, f"__type is {name}")
    model = raw.session._session.get_service_model(service)
    shape = model.shape_for_error_code(name)
    # The models of some errors, DAX's for one, leave out the message that every error has.
    if shape is not None and shape.members:
        content = {key: value for key, value in document.items() if key != "__type"}
        content = {next((m for m in shape.members if m.lower() == key.lower()), key): value for key, value in content.items()}
        check(where, name, shape, content, False)


def judge_broken_bodies(raw):
    for service, operation in (("dynamodb", "ListTables"), ("cloudwatch", "ListMetrics"), ("application-autoscaling", "DescribeScalableTargets"), ("dax", "DescribeClusters")):
        status, _, document = raw.call(service, operation, {}, "json", body="{")
        if status != 400 or not document["__type"].endswith("SerializationException"):
            find(operation, f"answers a broken body with {status} {document}")
        status, _, document = raw.call(service, operation, {}, "json", signed=False)
        if status not in (400, 403) or not document["__type"].endswith("MissingAuthenticationTokenException"):
            find(operation, f"answers an unsigned request with {status} {document}")


def judge_coverage(expected):
    for shape, members in expected.items():
        for member in members:
            if (shape, member) not in seen:
                find(shape, f"{member} never came up, so that it was not checked")


def main():
    endpoint, now = sys.argv[1], float(sys.argv[2])
    session = boto3.Session(aws_access_key_id=uuid.uuid4().hex, aws_secret_access_key="x", region_name="us-east-1")
    config = Config(retries={"total_max_attempts": 1}, proxies={}, read_timeout=30)
    names = ("dynamodb", "dynamodbstreams", "cloudwatch", "application-autoscaling", "sts", "lambda", "dax")
    clients = {name: session.client(name, endpoint_url=endpoint, config=config) for name in names}
    # Wrong questions must reach the service.
    lenient = Config(retries={"total_max_attempts": 1}, proxies={}, parameter_validation=False)
    unchecked = {name: session.client(name, endpoint_url=endpoint, config=lenient) for name in names}
    raw = Raw(endpoint, session)
    tables = judge_dynamodb(raw, clients["dynamodb"])
    judge_inventory.judge(raw, clients, tables, find)
    judge_cloudwatch(raw, clients["cloudwatch"], now)
    judge_dax.judge(raw, clients, now, find)
    tops = judge_hot_keys.judge(raw, clients, tables, now, find)
    judge_alarms(raw, clients["cloudwatch"], now)
    judge_scaling(raw, clients["application-autoscaling"])
    judge_sts(raw, clients["sts"])
    judge_errors(raw, unchecked, now)
    if "--rich" in sys.argv:
        judge_coverage(EXPECTED | judge_inventory.EXPECTED)
    if "--dax" in sys.argv:
        judge_coverage(judge_dax.EXPECTED)
    if "--alarms" in sys.argv:
        judge_coverage(EXPECTED_OF_ALARMS)
    hot = [argument.split("=")[1:] for argument in sys.argv if argument.startswith("--hot-key=")]
    for beginning, key in hot:
        found = [top for rule, top in tops.items() if rule.startswith(beginning)]
        if len(found) != 1 or found[0] is None or found[0][0][0] != key:
            find(beginning, f"is led by {found}, not by {key}")
    if hot:
        judge_coverage(judge_hot_keys.EXPECTED)
    print(f"{len(findings)} findings; checked {checked}")
    for finding in findings[:200]:
        print(finding)
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
