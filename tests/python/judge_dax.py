"""The judge of DAX: clusters, what happened to them, parameter groups, and the metrics that follow from what is read.

Reads with boto3 what a cluster's nodes published, and holds the cluster's own figures and the table's against it.
"""

import datetime

# Members that a cluster with a story shows somewhere.
EXPECTED = {
    "Event": ("SourceName", "SourceType", "Message", "Date"),
    "Parameter": ("ParameterName", "ParameterValue", "NodeTypeSpecificValues", "Source", "AllowedValues", "IsModifiable", "ChangeType"),
    "ParameterGroup": ("ParameterGroupName", "Description"),
    "ParameterGroupStatus": ("ParameterGroupName", "ParameterApplyStatus", "NodeIdsToReboot"),
}

# Metrics of which the cluster's sum is that of its nodes …
COUNTS = (
    "BatchGetItemRequestCount", "BatchWriteItemRequestCount", "ClientConnections", "DeleteItemRequestCount", "ErrorRequestCount",
    "EvictedSize", "FailedRequestCount", "FaultRequestCount", "GetItemRequestCount", "ItemCacheHits", "ItemCacheMisses",
    "NetworkBytesIn", "NetworkBytesOut", "PutItemRequestCount", "QueryCacheHits", "QueryCacheMisses", "QueryRequestCount",
    "ScanCacheHits", "ScanCacheMisses", "ScanRequestCount", "ThrottledRequestCount", "TotalRequestCount", "UpdateItemRequestCount",
)
# … and of which the maximum is its worst node's, and the average its nodes'.
GAUGES = ("BaselineNetworkBytesInUtilization", "BaselineNetworkBytesOutUtilization", "CPUUtilization", "CacheMemoryUtilization")

# Lookups of each cache, and the requests that look up one entry each.
LOOKUPS = (
    ("ItemCacheHits", "ItemCacheMisses", "GetItemRequestCount", "BatchGetItemRequestCount"),
    ("QueryCacheHits", "QueryCacheMisses", "QueryRequestCount", None),
    ("ScanCacheHits", "ScanCacheMisses", "ScanRequestCount", None),
)

# Minutes that are old enough to be settled: from and to, before now.
SETTLED = (65, 5)


def judge(raw, clients, now, find):
    clusters = [one for page in raw.pages("dax", "DescribeClusters", {}) for one in page.get("Clusters", [])]
    judge_events(raw, clients["dax"], now, clusters, find)
    judge_parameters(raw, clients["dax"], clusters, find)
    for cluster in clusters:
        judge_metrics(clients["cloudwatch"], now, cluster, find)
    judge_names(clients["cloudwatch"], clusters, find)


def judge_events(raw, client, now, clusters, find):
    whole = {"Duration": 14 * 24 * 60}
    events = [event for page in raw.pages("dax", "DescribeEvents", {**whole, "MaxResults": 20}) for event in page.get("Events", [])]
    read = [event for page in client.get_paginator("describe_events").paginate(**whole) for event in page["Events"]]
    identify = lambda event: (event["SourceName"], event["SourceType"], event["Message"])
    if list(map(identify, events)) != list(map(identify, read)):
        find("DescribeEvents", "pages of 20 differ from the paginator's")
    dates = [event["Date"].timestamp() for event in read]
    if dates != sorted(dates, reverse=True) or any(date > now for date in dates):
        find("DescribeEvents", "events are out of order, or to come")
    day = client.describe_events()["Events"]
    if list(map(identify, day)) != [identify(event) for event in read if event["Date"].timestamp() >= now - 86400]:
        find("DescribeEvents", "without a time it tells something else than the last 24 hours")
    for cluster in clusters:
        name = cluster["ClusterName"]
        mine = client.describe_events(SourceName=name, SourceType="CLUSTER", **whole)["Events"]
        if list(map(identify, mine)) != [identify(event) for event in read if (event["SourceName"], event["SourceType"]) == (name, "CLUSTER")]:
            find("DescribeEvents", f"{name} alone differs from all")


def judge_parameters(raw, client, clusters, find):
    pages = raw.pages("dax", "DescribeParameterGroups", {"MaxResults": 20})
    groups = [group["ParameterGroupName"] for page in pages for group in page.get("ParameterGroups", [])]
    used = {cluster["ParameterGroup"]["ParameterGroupName"] for cluster in clusters}
    if not used <= set(groups) or len(set(groups)) != len(groups) or "default.dax1.0" not in groups:
        find("DescribeParameterGroups", f"lists {groups}, clusters use {used}")
    for group in groups:
        raw.valid("dax", "DescribeParameters", {"ParameterGroupName": group})
        parameters = client.describe_parameters(ParameterGroupName=group)["Parameters"]
        values = {parameter["ParameterName"]: parameter["ParameterValue"] for parameter in parameters}
        if sorted(values) != ["query-ttl-millis", "record-ttl-millis"] or not all(value.isdigit() for value in values.values()):
            find("DescribeParameters", f"{group} has {values}")


def read(client, now, dimensions, names, stats):
    """Points by metric and statistic, and by moment."""
    at = lambda minutes: datetime.datetime.fromtimestamp(now - 60 * minutes, datetime.timezone.utc)
    metric = lambda name: {"Namespace": "AWS/DAX", "MetricName": name, "Dimensions": dimensions}
    wanted = [(name, stat) for name in names for stat in stats]
    queries = [
        {"Id": f"q{number}", "MetricStat": {"Metric": metric(name), "Period": 60, "Stat": stat}}
        for number, (name, stat) in enumerate(wanted)
    ]
    span = {"StartTime": at(SETTLED[0]), "EndTime": at(SETTLED[1])}
    pages = client.get_paginator("get_metric_data").paginate(MetricDataQueries=queries, **span)
    points = {key: {} for key in wanted}
    for page in pages:
        for result in page["MetricDataResults"]:
            points[wanted[int(result["Id"][1:])]].update(zip(result["Timestamps"], result["Values"]))
    return points


def near(one, other):
    return abs(one - other) <= 1e-6 * max(1, abs(other))


def judge_metrics(client, now, cluster, find):
    name = cluster["ClusterName"]
    of_cluster = [{"Name": "ClusterId", "Value": name}]
    of_node = lambda node: [*of_cluster, {"Name": "NodeId", "Value": node["NodeId"]}]
    counts = read(client, now, of_cluster, COUNTS, ("Sum",))
    nodes = [read(client, now, of_node(node), COUNTS, ("Sum",)) for node in cluster.get("Nodes", [])]
    for key, points in counts.items():
        moments = {moment for node in nodes for moment in node[key]}
        if set(points) != moments:
            find(key[0], f"{name} has points where no node has any, or none where one has")
        for moment, value in points.items():
            if value <= 0 or not near(sum(node[key].get(moment, 0) for node in nodes), value):
                find(key[0], f"{name} at {moment}: {value} is not the sum of its nodes")
    judge_lookups(name, counts, find)
    stats = ("Average", "Maximum", "Minimum", "SampleCount")
    gauges = read(client, now, of_cluster, GAUGES, stats)
    nodes = [read(client, now, of_node(node), GAUGES, ("Maximum",)) for node in cluster.get("Nodes", [])]
    for gauge in GAUGES:
        for moment, most in gauges[gauge, "Maximum"].items():
            values = [node[gauge, "Maximum"][moment] for node in nodes if moment in node[gauge, "Maximum"]]
            expected = (sum(values) / len(values), max(values), min(values), len(values))
            found = tuple(gauges[gauge, stat].get(moment) for stat in stats)
            if not all(map(near, found, expected)) or gauge == "CPUUtilization" and most > 100:
                find(gauge, f"{name} at {moment}: {found}, its nodes say {expected}")


def judge_lookups(name, counts, find):
    """A lookup is a hit or a miss; what was refused or failed looked up nothing."""
    value = lambda metric, moment: counts[metric, "Sum"].get(moment, 0) if metric else 0
    for hits, misses, single, batches in LOOKUPS:
        for moment in counts["TotalRequestCount", "Sum"]:
            lookups = value(hits, moment) + value(misses, moment)
            failed = value("FailedRequestCount", moment)
            if not value(batches, moment) and not value(single, moment) - failed <= lookups <= value(single, moment):
                find(hits, f"{name} at {moment}: {lookups} lookups for {value(single, moment)} requests, {failed} failed")
    for moment, total in counts["TotalRequestCount", "Sum"].items():
        names = [metric for metric in COUNTS if metric.endswith("RequestCount")]
        kinds = ("Total", "Error", "Failed", "Fault", "Throttled")
        each = sum(value(metric, moment) for metric in names if not metric.startswith(kinds))
        if not near(each, total):
            find("TotalRequestCount", f"{name} at {moment}: {total}, its operations are {each}")
        errors, throttled = value("ErrorRequestCount", moment), value("ThrottledRequestCount", moment)
        if errors < throttled or not near(value("FailedRequestCount", moment), errors + value("FaultRequestCount", moment)):
            find("ErrorRequestCount", f"{name} at {moment}: {errors} errors, {throttled} throttled")


def judge_names(client, clusters, find):
    """Only known clusters and nodes, with AWS's spelling of the dimensions."""
    pages = client.get_paginator("list_metrics").paginate(Namespace="AWS/DAX")
    ids = {cluster["ClusterName"]: {node["NodeId"] for node in cluster.get("Nodes", [])} for cluster in clusters}
    for metric in (metric for page in pages for metric in page["Metrics"]):
        of = {dimension["Name"]: dimension["Value"] for dimension in metric["Dimensions"]}
        nodes = ids.get(of.get("ClusterId"), set())
        known = set(of) == {"ClusterId"} and metric["MetricName"] != "CPUCreditBalance"
        if not (known and of["ClusterId"] in ids or set(of) == {"ClusterId", "NodeId"} and of["NodeId"] in nodes):
            find("ListMetrics", f"{metric['MetricName']} has the dimensions {of}")
