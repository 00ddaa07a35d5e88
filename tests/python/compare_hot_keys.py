"""Compares the hot keys of `ddbtop snapshot --format json` with boto3's GetInsightRuleReport.

usage: compare_hot_keys.py ENDPOINT_URL SNAPSHOT.json

Amounts, minutes and shares have to be AWS's to the last digit, in AWS's order. Keys are masked: a mask has to keep
the kind of entity alone and to tell keys apart, and the snapshot must hold no key that boto3 reads.
Prints every difference and exits with 1 if there is one; else the keys, one to a line, for whoever looks for them
elsewhere.
"""

import datetime
import json
import re
import sys

import boto3
from botocore.config import Config

URL, PATH = sys.argv[1:3]
# What one partition serves in a minute, in units that count a write unit three times.
PARTITION = 180_000
differences, masks, compared = [], {}, 0


def minute(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def check(what, found, expected):
    global compared
    compared += 1
    exact = not isinstance(expected, float)
    same = found == expected if exact else found is not None and abs(found - expected) <= 1e-9 * abs(expected)
    if not same:
        differences.append(f"{what}: the snapshot has {found}, boto3 {expected}")


def check_mask(what, mask, key):
    entity = re.match(r"[A-Za-z_-]{1,24}#", key)
    check(f"{what} has a mask of its kind", mask.split("*")[0], entity.group() if entity else "")
    check(f"{what} has one mask", masks.setdefault(key, mask), mask)


def compare_rule(client, resource, rule):
    window = rule["window"]
    start, end = minute(window["start"]), minute(window["end"])
    report = client.get_insight_rule_report(
        RuleName=rule["name"], StartTime=start, EndTime=end, Period=60, MaxContributorCount=25
    )
    name = f"{resource} {rule['kind']}"
    amount = "throttle_events" if rule["kind"].endswith("T") else "consumed_throughput_units"
    check(f"{name} minutes", window["minutes"], (end - start) // datetime.timedelta(minutes=1))
    check(f"{name} {amount}", rule[amount], report["AggregateValue"])
    check(f"{name} contributors", rule["contributors_approximately"], report["ApproximateUniqueCount"])
    check(f"{name} attributes", rule["key_attributes"], report["KeyLabels"])
    check(f"{name} count", len(rule["contributors"]), len(report["Contributors"]))
    for place, (told, read) in enumerate(zip(rule["contributors"], report["Contributors"])):
        one, total = f"{name} contributor {place}", read["ApproximateAggregateValue"]
        check(f"{one} {amount}", told[amount], total)
        check(f"{one} parts", len(told["keys"]), len(read["Keys"]))
        for mask, key in zip(told["keys"], read["Keys"]):
            check_mask(one, mask, key)
        points = [(minute(point["minute"]), point[amount]) for point in told["points"]]
        check(f"{one} points", points, [(point["Timestamp"], point["ApproximateValue"]) for point in read["Datapoints"]])
        check(f"{one} share", told["share_of_total_percent"], 100 * total / report["AggregateValue"])
        share = None if amount == "throttle_events" else 100 * total / (PARTITION * window["minutes"])
        check(f"{one} share of a partition", told["share_of_partition_percent"], share)


def main():
    client = boto3.client(
        "cloudwatch",
        endpoint_url=URL,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )
    with open(PATH, encoding="utf-8") as file:
        text = file.read()
    for one in json.loads(text)["hot_keys"]:
        for rule in one["rules"]:
            compare_rule(client, one["resource"], rule)
    check("different keys have different masks", len(set(masks.values())), len(masks))
    check("keys in the snapshot", [key for key in masks if key in text], [])
    if differences or not masks:
        sys.exit("\n".join(differences) or "no key was compared")
    print("\n".join(masks))


main()
