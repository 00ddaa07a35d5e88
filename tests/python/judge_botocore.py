"""Reads every operation of an AWS endpoint with boto3 and holds each reply against botocore's service models.

Usage: judge_botocore.py ENDPOINT NOW [--rich]
NOW is what the endpoint's clock says, in epoch seconds. With --rich the fleet must show every member in EXPECTED.
Prints one line per finding and exits with 1 if there is any.
"""

import datetime
import json
import re
import sys
import urllib.parse
import urllib.request
import uuid
from xml.etree import ElementTree

import boto3
import cbor2
import judge_inventory
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.serialize import create_serializer

# Where AWS itself breaks its model: DescribeTable says 0 decreases, in AWS's own CLI examples too.
AWS_BREAKS = {"PositiveLongObject.min:NumberOfDecreasesToday"}

# Members that a rich fleet shows somewhere; what is never shown is never checked.
EXPECTED = {
    "BillingModeSummary": ("BillingMode", "LastUpdateToPayPerRequestDateTime"),
    "ContinuousBackupsDescription": ("PointInTimeRecoveryDescription",),
    "MetricDataResult": ("Timestamps", "Values", "Label", "StatusCode"),
    "NotScaledReason": ("Code", "MaxCapacity", "MinCapacity", "CurrentCapacity"),
    "OnDemandThroughput": ("MaxReadRequestUnits", "MaxWriteRequestUnits"),
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

findings = []
checked = {}
seen = set()


def find(where, what):
    findings.append(f"{where}: {what}")


# ---------------------------------------------------------------- the validator of replies against shapes


def pattern_of(shape):
    """Turns a model's pattern, written for Java, into Python's."""
    pattern = shape.metadata.get("pattern")
    if not pattern or r"\uD800\uDC00" in pattern or r"\u10000" in pattern:
        return None
    return re.compile(pattern.replace(r"\p{Print}", r"[\x20-\x7e]"))


def check_length(where, member, shape, size, what):
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low and f"{shape.name}.min:{member}" not in AWS_BREAKS:
        find(where, f"{what} {size} is under {shape.name}'s minimum {low}")
    if high is not None and size > high:
        find(where, f"{what} {size} is over {shape.name}'s maximum {high}")


def check_string(where, member, shape, value):
    if not isinstance(value, str):
        return find(where, f"{value!r} is not a string")
    check_length(where, member, shape, len(value), "length")
    if shape.enum and value not in shape.enum:
        find(where, f"{value!r} is not one of {shape.enum}")
    pattern = pattern_of(shape)
    if pattern and not pattern.fullmatch(value):
        find(where, f"{value!r} does not match {pattern.pattern}")


def check_number(where, member, shape, value):
    whole = shape.type_name in ("integer", "long")
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        return find(where, f"{value!r} is not of type {shape.type_name}")
    if shape.type_name == "integer" and not -(2**31) <= value < 2**31:
        find(where, f"{value} is too large for an integer")
    if whole:
        check_length(where, member, shape, value, "value")


def check_timestamp(where, value, binary):
    """A JSON number of epoch seconds; in CBOR tag 1, which the decoder turned into a datetime."""
    if binary:
        if not isinstance(value, datetime.datetime):
            find(where, f"{value!r} is not a tagged timestamp")
        return
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return find(where, f"{value!r} is not a timestamp")
    if not 1e9 < value < 4e9:
        find(where, f"{value} is not in epoch seconds of this century")


def check(where, member, shape, value, binary):
    checked[shape.type_name] = checked.get(shape.type_name, 0) + 1
    kind = shape.type_name
    if value is None:
        return find(where, "is null, which AWS leaves out")
    if kind == "structure":
        return check_structure(where, shape, value, binary)
    if kind == "list":
        if not isinstance(value, list):
            return find(where, f"{value!r} is not a list")
        check_length(where, member, shape, len(value), "length")
        for index, item in enumerate(value):
            check(f"{where}[{index}]", member, shape.member, item, binary)
    elif kind == "string":
        check_string(where, member, shape, value)
    elif kind in ("integer", "long", "double", "float"):
        check_number(where, member, shape, value)
    elif kind == "boolean":
        if not isinstance(value, bool):
            find(where, f"{value!r} is not a boolean")
    elif kind == "timestamp":
        check_timestamp(where, value, binary)
    else:
        find(where, f"the judge does not know the type {kind}")


def check_structure(where, shape, value, binary):
    if not isinstance(value, dict):
        return find(where, f"{value!r} is not a structure")
    for name in shape.required_members:
        if name not in value:
            find(where, f"lacks the required member {name}")
    for name, item in value.items():
        seen.add((shape.name, name))
        if name not in shape.members:
            find(where, f"has the unknown member {name}")
        else:
            check(f"{where}.{name}", name, shape.members[name], item, binary)


# ---------------------------------------------------------------------------------- raw replies, by our hand


class Raw:
    """Calls an operation over HTTP by itself, in a protocol of choice, and returns status, headers and document."""

    def __init__(self, endpoint, session):
        self.endpoint = endpoint
        self.session = session
        self.credentials = session.get_credentials()

    def call(self, service, operation, parameters, protocol=None, body=None, signed=True):
        model = self.session._session.get_service_model(service)
        protocol = protocol or {"sts": "query", "lambda": "rest-json"}.get(service, "json")
        serializer = create_serializer(protocol, include_validation=False)
        request = serializer.serialize_to_request(parameters, model.operation_model(operation))
        data = request["body"] if body is None else body
        if protocol == "query" and isinstance(data, dict):
            data = "&".join(f"{key}={value}" for key, value in data.items())
        headers = {key: str(value) for key, value in request["headers"].items()}
        method, query = request["method"], urllib.parse.urlencode(request["query_string"], quote_via=urllib.parse.quote)
        address = self.endpoint + request["url_path"] + (f"?{query}" if query else "")
        prepared = AWSRequest(method, address, headers, data)
        if signed:
            SigV4Auth(self.credentials, model.signing_name, "us-east-1").add_auth(prepared)
        prepared = prepared.prepare()
        content = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
        outgoing = urllib.request.Request(prepared.url, content or None, dict(prepared.headers.items()), method=method)
        try:
            with OPENER.open(outgoing, timeout=30) as reply:
                return reply.status, reply.headers, self.read(service, protocol, reply.read())
        except urllib.error.HTTPError as reply:
            return reply.code, reply.headers, self.read(service, protocol, reply.read())

    @staticmethod
    def read(service, protocol, content):
        if protocol == "query":
            return ElementTree.fromstring(content)
        if protocol == "smithy-rpc-v2-cbor":
            return cbor2.loads(content)
        # Constants such as NaN are not JSON.
        return json.loads(content, parse_constant=lambda text: find(service, f"{text} in JSON"))

    def valid(self, service, operation, parameters, protocol=None):
        """Calls what must succeed, and checks the reply."""
        status, headers, document = self.call(service, operation, parameters, protocol)
        where = f"{operation}({protocol or 'default'})"
        if status != 200:
            find(where, f"status {status}: {document}")
            return {}
        if not re.fullmatch(r"[0-9a-f-]{36}", headers.get("x-amzn-requestid", "")):
            find(where, "has no x-amzn-requestid")
        shape = self.session._session.get_service_model(service).operation_model(operation).output_shape
        check(where, operation, shape, document, protocol == "smithy-rpc-v2-cbor")
        return document

    def pages(self, service, operation, parameters, protocol=None, out="NextToken", back="NextToken"):
        """Reads all pages of an operation."""
        parameters, found = dict(parameters), []
        while True:
            document = self.valid(service, operation, parameters, protocol)
            found.append(document)
            if out not in document or len(found) > 1000:
                return found
            parameters[back] = document[out]


# No proxy stands between a test and its loopback.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


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
        pages = raw.pages("cloudwatch", "ListMetrics", {"Namespace": "AWS/DynamoDB", "RecentlyActive": "PT3H"}, protocol)
        if [metric for page in pages for metric in page.get("Metrics", [])] != listed:
            find("ListMetrics", f"{protocol} differs from the paginator's")
        raw.valid("cloudwatch", "DescribeAlarms", {"MaxRecords": 50}, protocol)
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
    client.describe_alarms()


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


def judge_coverage():
    for shape, members in (EXPECTED | judge_inventory.EXPECTED).items():
        for member in members:
            if (shape, member) not in seen:
                find(shape, f"{member} never came up, so that it was not checked")


def main():
    endpoint, now = sys.argv[1], float(sys.argv[2])
    session = boto3.Session(aws_access_key_id=uuid.uuid4().hex, aws_secret_access_key="x", region_name="us-east-1")
    config = Config(retries={"total_max_attempts": 1}, proxies={}, read_timeout=30)
    names = ("dynamodb", "cloudwatch", "application-autoscaling", "sts", "lambda", "dax")
    clients = {name: session.client(name, endpoint_url=endpoint, config=config) for name in names}
    # Wrong questions must reach the service.
    lenient = Config(retries={"total_max_attempts": 1}, proxies={}, parameter_validation=False)
    unchecked = {name: session.client(name, endpoint_url=endpoint, config=lenient) for name in names}
    raw = Raw(endpoint, session)
    tables = judge_dynamodb(raw, clients["dynamodb"])
    judge_inventory.judge(raw, clients, tables, find)
    judge_cloudwatch(raw, clients["cloudwatch"], now)
    judge_scaling(raw, clients["application-autoscaling"])
    judge_sts(raw, clients["sts"])
    judge_errors(raw, unchecked, now)
    if "--rich" in sys.argv:
        judge_coverage()
    print(f"{len(findings)} findings; checked {checked}")
    for finding in findings[:200]:
        print(finding)
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
