"""The judge of what is set up around the tables: Contributor Insights, streams and where they go, DAX clusters."""

import re

# Members that a rich fleet shows somewhere.
EXPECTED = {
    "Cluster": ("ActiveNodes", "ClusterDiscoveryEndpoint", "ParameterGroup", "SSEDescription", "SecurityGroups"),
    "ContributorInsightsSummary": ("ContributorInsightsMode", "ContributorInsightsStatus", "IndexName"),
    "DescribeContributorInsightsOutput": ("ContributorInsightsRuleList", "FailureException", "LastUpdateDateTime"),
    "Endpoint": ("Address", "Port", "URL"),
    "EventSourceMappingConfiguration": ("FilterCriteria", "FunctionResponseTypes", "LastModified", "MetricsConfig"),
    "FailureException": ("ExceptionName", "ExceptionDescription"),
    "Filter": ("Pattern",),
    "KinesisDataStreamDestination": ("StreamArn", "DestinationStatus", "ApproximateCreationDateTimePrecision"),
    "Node": ("AvailabilityZone", "Endpoint", "NodeCreateTime", "ParameterGroupStatus"),
    "OnFailure": ("Destination",),
    "ReplicaDescription": ("RegionName", "ReplicaStatus"),
    "SequenceNumberRange": ("StartingSequenceNumber", "EndingSequenceNumber"),
    "Shard": ("ShardId", "SequenceNumberRange", "ParentShardId"),
}

# Wrong questions in AWS JSON: service, operation, parameters, and the error's code.
ERRORS = [
    ("dynamodb", "DescribeContributorInsights", {"TableName": "no-such-table"}, "ResourceNotFoundException"),
    ("dynamodb", "ListContributorInsights", {"TableName": "no-such-table"}, "ResourceNotFoundException"),
    ("dynamodb", "ListContributorInsights", {"MaxResults": 101}, "ValidationException"),
    ("dynamodb", "DescribeKinesisStreamingDestination", {"TableName": "no-such-table"}, "ResourceNotFoundException"),
    ("dynamodbstreams", "DescribeStream", {"StreamArn": "arn:aws:dynamodb:us-east-1:123456789012:table/x/stream/y"}, "ResourceNotFoundException"),
    ("dynamodbstreams", "DescribeStream", {"StreamArn": "x" * 40, "Limit": 101}, "ValidationException"),
    ("dax", "DescribeClusters", {"ClusterNames": ["no-such-cluster"]}, "ClusterNotFoundFault"),
    ("dax", "DescribeClusters", {"MaxResults": 19}, "InvalidParameterValueException"),
    ("dax", "DescribeClusters", {"NextToken": "nonsense"}, "InvalidParameterValueException"),
    ("dax", "DescribeEvents", {"MaxResults": 101}, "InvalidParameterValueException"),
    ("dax", "DescribeEvents", {"SourceType": "NODE"}, "InvalidParameterValueException"),
    ("dax", "DescribeParameters", {"ParameterGroupName": "no-such-group"}, "ParameterGroupNotFoundFault"),
    ("dax", "DescribeParameterGroups", {"ParameterGroupNames": ["no-such-group"]}, "ParameterGroupNotFoundFault"),
]

# Wrong questions to a REST service: parameters, status, the error's name and the member with its message.
REST_ERRORS = [
    ({"MaxItems": 0}, 400, "ValidationException", "message"),
    ({"EventSourceArn": "orders"}, 400, "ValidationException", "message"),
    ({"Marker": "nonsense"}, 400, "InvalidParameterValueException", "message"),
    ({"FunctionName": "no-such-function"}, 404, "ResourceNotFoundException", "Message"),
]


def judge(raw, clients, tables, find):
    judge_insights(raw, clients["dynamodb"], tables, find)
    judge_streams(raw, clients["dynamodbstreams"], clients["dynamodb"], tables, find)
    judge_mappings(raw, clients["lambda"], clients["dynamodb"], tables, find)
    judge_clusters(raw, clients["dax"], find)
    judge_rest_errors(raw, find)


def judge_insights(raw, client, tables, find):
    def read(parameters):
        pages = raw.pages("dynamodb", "ListContributorInsights", parameters)
        return [entry for page in pages for entry in page.get("ContributorInsightsSummaries", [])]

    listed = read({})
    if read({"MaxResults": 3}) != listed:
        find("ListContributorInsights", "pages of 3 differ from pages of 100")
    first = raw.valid("dynamodb", "ListContributorInsights", {}).get("ContributorInsightsSummaries")
    if client.list_contributor_insights(MaxResults=100)["ContributorInsightsSummaries"] != first:
        find("ListContributorInsights", "boto3 reads another first page than the raw reply has")
    for table in tables:
        if read({"TableName": table}) != [entry for entry in listed if entry["TableName"] == table]:
            find("ListContributorInsights", f"{table} alone differs from the account's list")
        indexes = client.describe_table(TableName=table)["Table"].get("GlobalSecondaryIndexes", [])
        for index in [None] + [index["IndexName"] for index in indexes]:
            parameters = {"TableName": table, **({"IndexName": index} if index else {})}
            found = raw.valid("dynamodb", "DescribeContributorInsights", parameters)
            client.describe_contributor_insights(**parameters)
            status = found.get("ContributorInsightsStatus")
            entry = {**parameters, "ContributorInsightsStatus": status}
            entry["ContributorInsightsMode"] = found.get("ContributorInsightsMode")
            if (entry in listed) != (status != "DISABLED"):
                find("DescribeContributorInsights", f"{parameters} is {status}, the list has {listed}")
            if bool(found.get("ContributorInsightsRuleList")) != (status == "ENABLED"):
                find("DescribeContributorInsights", f"{parameters} is {status} with {found}")


def judge_streams(raw, client, dynamodb, tables, find):
    for table in tables:
        raw.valid("dynamodb", "DescribeKinesisStreamingDestination", {"TableName": table})
        dynamodb.describe_kinesis_streaming_destination(TableName=table)
        stream = dynamodb.describe_table(TableName=table)["Table"].get("LatestStreamArn")
        if not stream:
            continue
        shards, start = [], {}
        while True:
            page = raw.valid("dynamodbstreams", "DescribeStream", {"StreamArn": stream, "Limit": 5, **start})
            page = page.get("StreamDescription", {})
            shards += page.get("Shards", [])
            if "LastEvaluatedShardId" not in page:
                break
            start = {"ExclusiveStartShardId": page["LastEvaluatedShardId"]}
        found = client.describe_stream(StreamArn=stream)["StreamDescription"]
        ids = [shard["ShardId"] for shard in shards]
        if found["Shards"] != shards[: len(found["Shards"])] or len(set(ids)) != len(ids) or not ids:
            find("DescribeStream", f"the shards of {table} page by page differ from those at once, or repeat")
        if found["TableName"] != table or found["StreamLabel"] not in stream:
            find("DescribeStream", f"the stream of {table} is described as {found['TableName']}'s")


def judge_mappings(raw, client, dynamodb, tables, find):
    def read(parameters):
        pages = raw.pages("lambda", "ListEventSourceMappings", parameters, out="NextMarker", back="Marker")
        return [mapping for page in pages for mapping in page.get("EventSourceMappings", [])]

    listed = read({})
    identify = lambda mappings: [mapping["UUID"] for mapping in mappings]
    if read({"MaxItems": 2}) != listed or len(set(identify(listed))) != len(listed):
        find("ListEventSourceMappings", "pages of 2 differ from pages of 100, or ids repeat")
    pages = client.get_paginator("list_event_source_mappings").paginate()
    if [mapping["UUID"] for page in pages for mapping in page["EventSourceMappings"]] != identify(listed):
        find("ListEventSourceMappings", "boto3 reads other mappings than the raw replies have")
    streams = set()
    for table in tables:
        stream = dynamodb.describe_table(TableName=table)["Table"].get("LatestStreamArn")
        if stream:
            streams.add(stream)
            mine = client.list_event_source_mappings(EventSourceArn=stream)["EventSourceMappings"]
            if identify(mine) != [one["UUID"] for one in listed if one["EventSourceArn"] == stream]:
                find("ListEventSourceMappings", f"the stream of {table} has other mappings alone than among all")
    for mapping in listed:
        if mapping["EventSourceArn"] not in streams:
            find("ListEventSourceMappings", f"no table has the stream {mapping['EventSourceArn']}")
        name = mapping["FunctionArn"].rsplit(":")[-1]
        for function in (name, mapping["FunctionArn"]):
            mine = client.list_event_source_mappings(FunctionName=function)["EventSourceMappings"]
            if mapping["UUID"] not in identify(mine):
                find("ListEventSourceMappings", f"{function} does not find its mapping")


def judge_clusters(raw, client, find):
    pages = raw.pages("dax", "DescribeClusters", {"MaxResults": 20})
    listed = [cluster for page in pages for cluster in page.get("Clusters", [])]
    names = [cluster["ClusterName"] for cluster in listed]
    read = [cluster for page in client.get_paginator("describe_clusters").paginate() for cluster in page["Clusters"]]
    if [cluster["ClusterName"] for cluster in read] != names or names != sorted({name.lower() for name in names}):
        find("DescribeClusters", f"lists {names}")
    for cluster in listed:
        found = client.describe_clusters(ClusterNames=[cluster["ClusterName"].upper()])["Clusters"]
        if [one["ClusterArn"] for one in found] != [cluster["ClusterArn"]]:
            find("DescribeClusters", f"{cluster['ClusterName']} is described as {found}")
        active = [node for node in cluster.get("Nodes", []) if node["NodeStatus"] == "available"]
        if len(active) != cluster["ActiveNodes"]:
            find("DescribeClusters", f"{cluster['ClusterName']} has {len(active)} nodes, not {cluster['ActiveNodes']}")


def judge_rest_errors(raw, find):
    """Errors of a REST service: the name is in a header, the document has no type."""
    for parameters, status, name, member in REST_ERRORS:
        found, headers, document = raw.call("lambda", "ListEventSourceMappings", parameters)
        text = document.get(member)
        if found != status or headers.get("x-amzn-errortype") != name or not isinstance(text, str):
            find("ListEventSourceMappings", f"refuses {parameters} with {found}, {document}")
        shape = raw.session._session.get_service_model("lambda").shape_for_error_code(name)
        unknown = set(document) - set(shape.members if shape else {"message"})
        if unknown or "__type" in document:
            find("ListEventSourceMappings", f"refuses {parameters} with the unknown members {unknown}")
    found, headers, _ = raw.call("lambda", "ListEventSourceMappings", {}, signed=False)
    if found != 403 or headers.get("x-amzn-errortype") != "MissingAuthenticationTokenException":
        find("ListEventSourceMappings", f"answers an unsigned request with {found}")
    if not re.fullmatch(r"[0-9a-f-]{36}", headers.get("x-amzn-requestid", "")):
        find("ListEventSourceMappings", "has no x-amzn-requestid")
