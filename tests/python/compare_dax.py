"""Compares `dax_clusters` of `ddbtop snapshot --format json` with boto3 and plain arithmetic.

usage: compare_dax.py ENDPOINT_URL SNAPSHOT.json

Nothing here is shared with the program: names, dimensions and formulas are AWS's documentation read again. Prints every
difference, or how many figures of clusters and of nodes were compared, and exits with 1 if there is a difference.
"""

import datetime
import json
import sys

import boto3
from botocore.config import Config

URL, PATH = sys.argv[1:3]
# Field, metric and statistic. DAX publishes no zero: a gap of a count is 0 in a minute in which the node used CPU.
COUNTS = {
    "evicted_bytes_per_minute": "EvictedSize",
    "requests_per_minute": "TotalRequestCount",
    "throttled_requests_per_minute": "ThrottledRequestCount",
    "error_requests_per_minute": "ErrorRequestCount",
    "fault_requests_per_minute": "FaultRequestCount",
}
GAUGES = {
    "cpu_percent": "CPUUtilization",
    "cache_memory_percent": "CacheMemoryUtilization",
    "client_connections": "ClientConnections",
    "network_in_percent_of_baseline": "BaselineNetworkBytesInUtilization",
    "network_out_percent_of_baseline": "BaselineNetworkBytesOutUtilization",
}
CACHES = ("Item", "Query", "Scan")
differences = []
compared = {"cluster": 0, "node": 0}


def client(service):
    return boto3.client(
        service,
        endpoint_url=URL,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )


CLOUDWATCH, DAX = client("cloudwatch"), client("dax")


def minute(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def read(dimensions, at, wanted):
    """The values of one minute by metric; None where CloudWatch has no point."""
    queries = [
        {
            "Id": f"q{number}",
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/DAX",
                    "MetricName": name,
                    "Dimensions": [{"Name": n, "Value": v} for n, v in dimensions],
                },
                "Period": 60,
                "Stat": stat,
            },
        }
        for number, (name, stat) in enumerate(wanted)
    ]
    end = at + datetime.timedelta(minutes=1)
    reply = CLOUDWATCH.get_metric_data(StartTime=at, EndTime=end, MetricDataQueries=queries)
    values = {wanted[int(one["Id"][1:])][0]: one["Values"] for one in reply["MetricDataResults"]}
    return {name: (values[name][0] if values.get(name) else None) for name, _ in wanted}


def check(kind, what, figure, state, value):
    compared[kind] += 1
    if figure["state"] != state or (value is None) != (figure["value"] is None):
        differences.append(f"{what}: shown {figure}, expected {state} {value}")
    elif value is not None and abs(figure["value"] - value) > 1e-5 * max(1.0, abs(value)):
        differences.append(f"{what}: shown {figure}, expected {value}")


def check_figures(kind, where, shown, dimensions):
    wanted = [(name, "Sum") for name in COUNTS.values()]
    wanted += [(name, "Maximum") for name in GAUGES.values()]
    wanted += [(f"{cache}Cache{what}", "Sum") for cache in CACHES for what in ("Hits", "Misses")]
    polled = {field: figure for field, figure in shown.items() if isinstance(figure, dict) and figure.get("at")}
    known = {at: read(dimensions, minute(at), wanted) for at in {figure["at"] for figure in polled.values()}}
    for field, name in COUNTS.items():
        figure = polled.get(field)
        if figure is None:
            continue
        value, runs = known[figure["at"]][name], known[figure["at"]]["CPUUtilization"] is not None
        if value is not None:
            check(kind, f"{where} {field}", figure, "value", value)
        else:
            check(kind, f"{where} {field}", figure, *(("zero", 0.0) if runs else ("unknown", None)))
    for field, name in GAUGES.items():
        figure = polled.get(field)
        if figure is None:
            continue
        value, runs = known[figure["at"]][name], known[figure["at"]]["CPUUtilization"] is not None
        if value is not None:
            check(kind, f"{where} {field}", figure, "value", value)
        else:
            check(kind, f"{where} {field}", figure, "idle" if runs else "unknown", None)
    for cache in CACHES:
        field = f"{cache.lower()}_cache_hit_rate_percent"
        figure = polled.get(field)
        if figure is None:
            continue
        values = known[figure["at"]]
        hits, misses = values[f"{cache}CacheHits"] or 0.0, values[f"{cache}CacheMisses"] or 0.0
        if values["CPUUtilization"] is None:
            continue  # A point without CPU is not yet complete: what it is called is the counts' matter.
        if hits + misses == 0.0:
            check(kind, f"{where} {field}", figure, "idle", None)
        else:
            check(kind, f"{where} {field}", figure, "value", 100.0 * hits / (hits + misses))


def same(what, shown, expected):
    if shown != expected:
        differences.append(f"{what}: shown {shown!r}, expected {expected!r}")


def check_cluster(shown, told):
    name = told["ClusterName"]
    for field, member in (
        ("arn", "ClusterArn"),
        ("status", "Status"),
        ("node_type", "NodeType"),
        ("total_nodes", "TotalNodes"),
        ("active_nodes", "ActiveNodes"),
    ):
        same(f"{name} {field}", shown[field], told.get(member))
    group = told["ParameterGroup"]["ParameterGroupName"]
    parameters = DAX.describe_parameters(ParameterGroupName=group)["Parameters"]
    values = {one["ParameterName"]: int(one["ParameterValue"]) for one in parameters}
    same(f"{name} group", shown["parameter_group"]["name"], group)
    for field in ("record", "query"):
        ttl = shown["parameter_group"][f"{field}_ttl_milliseconds"]
        same(f"{name} {field} ttl", ttl, values[f"{field}-ttl-millis"])
    check_figures("cluster", name, shown, [("ClusterId", name)])
    nodes = {node["NodeId"]: node for node in told.get("Nodes", [])}
    same(f"{name} nodes", sorted(node["id"] for node in shown["nodes"]), sorted(nodes))
    for node in shown["nodes"]:
        of = nodes[node["id"]]
        same(f"{node['id']} status", node["status"], of["NodeStatus"])
        same(f"{node['id']} zone", node["availability_zone"], of.get("AvailabilityZone"))
        check_figures("node", node["id"], node, [("ClusterId", name), ("NodeId", node["id"])])


def main():
    with open(PATH, encoding="utf-8") as file:
        shown = {one["name"]: one for one in json.load(file)["dax_clusters"]}
    told = [one for page in DAX.get_paginator("describe_clusters").paginate() for one in page["Clusters"]]
    same("clusters", sorted(shown), sorted(one["ClusterName"] for one in told))
    for one in told:
        if one["ClusterName"] in shown:
            check_cluster(shown[one["ClusterName"]], one)
    if differences:
        print("\n".join(differences))
        sys.exit(1)
    print(json.dumps(compared))


main()
