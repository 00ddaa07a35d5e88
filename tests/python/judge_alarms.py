"""Evaluates every metric alarm of an AWS endpoint by itself and compares the states.

Usage: judge_alarms.py ENDPOINT NOW
NOW is what the endpoint's clock says, in epoch seconds. The points are read with boto3's get_metric_data; the rules are
those of the CloudWatch user guide ("Alarm evaluation", "Configuring how CloudWatch alarms treat missing data"), written
down here without a look at the simulator. An alarm that ignores missing data may be in a state that older points led to:
for those all minutes of the last hours are evaluated one after another.

States are compared only where they do not hang on the moment of evaluation: where evaluations of the last three minutes
agree, whether they saw the newest minutes or not. Prints a line per finding, how many alarms were compared in which state, and exits with 1 if
there is any finding or a treatment of missing data was never compared.
"""

import collections
import datetime
import sys
import uuid

import boto3
from botocore.config import Config

# How many more data points than evaluation periods are retrieved: the guide's example is five for three.
MORE = 2
MINUTES = 180
# Which of the newest minutes an evaluation may not have seen, 1 being the newest.
UNSEEN = ((), (1,), (2,), (1, 2))

BREACHES = {
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}
FOLD = {"Sum": sum, "Maximum": max, "Minimum": min, "SampleCount": sum}


def connect(endpoint):
    session = boto3.Session(aws_access_key_id=uuid.uuid4().hex, aws_secret_access_key="x", region_name="us-east-1")
    config = Config(retries={"total_max_attempts": 1}, proxies={}, read_timeout=30)
    return session.client("cloudwatch", endpoint_url=endpoint, config=config)


def minutes_of(client, metric, stat, unit, now):
    """One minute's values of a statistic, by epoch minute."""
    end = datetime.datetime.fromtimestamp(now, datetime.timezone.utc)
    metric_stat = {"Metric": metric, "Period": 60, "Stat": stat}
    if unit:
        metric_stat["Unit"] = unit
    found = {}
    pages = client.get_paginator("get_metric_data").paginate(
        MetricDataQueries=[{"Id": "m", "MetricStat": metric_stat}],
        StartTime=end - datetime.timedelta(minutes=MINUTES + 120),
        EndTime=end,
    )
    for page in pages:
        for result in page["MetricDataResults"]:
            found.update((int(stamp.timestamp()) // 60, value) for stamp, value in zip(result["Timestamps"], result["Values"]))
    return found


class Watched:
    """A metric, by minute, and its statistic over any span of minutes."""

    def __init__(self, client, metric, stat, unit, now):
        self.stat = stat
        wanted = ("Sum", "SampleCount") if stat == "Average" else (stat,)
        self.parts = [minutes_of(client, metric, part, unit, now) for part in wanted]

    def over(self, minutes):
        parts = [[part[minute] for minute in minutes if minute in part] for part in self.parts]
        if not parts[0]:
            return None
        if self.stat == "Average":
            return sum(parts[0]) / sum(parts[1])
        if self.stat in FOLD:
            return FOLD[self.stat](parts[0])
        assert len(minutes) == 1, "a percentile of several minutes cannot be made from single ones"
        return parts[0][0]


def evaluate(points, periods, to_alarm, treatment):
    """The state after points, newest first, True where they breach and None where they are missing; None keeps it."""
    real = [point for point in points if point is not None][:periods]
    missing = periods - len(real)
    breaching = real.count(True)
    if missing == 0 or breaching >= to_alarm:
        return "ALARM" if breaching >= to_alarm else "OK"
    if treatment == "breaching":
        return "ALARM" if breaching + missing >= to_alarm else "OK"
    if treatment == "notBreaching" or False in real:
        return "OK"
    if treatment == "ignore":
        return None
    oldest = max((ago for ago, point in enumerate(points) if point), default=None)
    return "ALARM" if oldest is not None and oldest + 1 >= to_alarm else "INSUFFICIENT_DATA"


class Alarm:
    def __init__(self, client, described, now):
        self.name = described["AlarmName"]
        self.periods = described["EvaluationPeriods"]
        self.to_alarm = described.get("DatapointsToAlarm", self.periods)
        self.threshold = described["Threshold"]
        self.breaches = BREACHES[described["ComparisonOperator"]]
        metrics = described.get("Metrics", [])
        stats = [query["MetricStat"] for query in metrics if "MetricStat" in query]
        namespaces = {stat["Metric"]["Namespace"] for stat in stats} | {described.get("Namespace")}
        self.treatment = described.get("TreatMissingData", "missing")
        if self.treatment == "missing" and "AWS/DynamoDB" in namespaces:
            self.treatment = "ignore"
        self.known = {}
        if metrics:
            self.period = stats[0]["Period"] // 60
            self.watched = {
                query["Id"]: Watched(client, query["MetricStat"]["Metric"], query["MetricStat"]["Stat"], None, now)
                for query in metrics
                if "MetricStat" in query
            }
            self.formula = FORMULAS[next(query["Expression"] for query in metrics if query["ReturnData"])]
            return
        self.period = described["Period"] // 60
        metric = {key: described[key] for key in ("Namespace", "MetricName", "Dimensions")}
        stat = described.get("Statistic") or described["ExtendedStatistic"]
        self.watched = {"m": Watched(client, metric, stat, described.get("Unit"), now)}
        self.formula = lambda row: row["m"]

    def breach(self, minutes):
        """Whether a period breaches; None if it has no value."""
        key = tuple(minutes)
        if key not in self.known:
            value = self.formula({name: watched.over(key) for name, watched in self.watched.items()})
            self.known[key] = None if value is None else self.breaches(value, self.threshold)
        return self.known[key]

    def points(self, end, unseen):
        """The points of the range that ends before a minute, newest first."""
        hidden = {end - ago for ago in unseen}
        begins = (end - (ago + 1) * self.period for ago in range(self.periods + MORE))
        return [self.breach([m for m in range(begin, begin + self.period) if m not in hidden]) for begin in begins]

    def states(self, end, unseen):
        """The states after the evaluations of the last three minutes, each after all those before it."""
        state, found = "INSUFFICIENT_DATA", []
        for minute in range(end - MINUTES, end + 1):
            state = evaluate(self.points(minute, unseen), self.periods, self.to_alarm, self.treatment) or state
            found.append(state)
        return set(found[-3:])


def share(row):
    bad = row["bad"] or 0
    return None if row["good"] is None else 100 * bad / (row["good"] + bad)


# The expressions of tests/it/judge_alarms.rs, in Python.
FORMULAS = {
    "100 * FILL(bad, 0) / (good + FILL(bad, 0))": share,
    "m1 - m2": lambda row: None if None in row.values() else row["m1"] - row["m2"],
    "IF(m1 > 3, m1, 0)": lambda row: row["m1"] if row["m1"] is None or row["m1"] > 3 else 0,
}


def main():
    endpoint, now = sys.argv[1], float(sys.argv[2])
    client = connect(endpoint)
    described = [alarm for page in client.get_paginator("describe_alarms").paginate() for alarm in page["MetricAlarms"]]
    compared, findings, present = collections.Counter(), [], int(now) // 60
    for alarm in described:
        if alarm["AlarmName"].startswith("TargetTracking-"):
            continue
        mine = Alarm(client, alarm, now)
        states = set().union(*(mine.states(present, unseen) for unseen in UNSEEN))
        if len(states) > 1:
            continue
        expected = states.pop()
        compared[mine.treatment, expected] += 1
        if alarm["StateValue"] != expected:
            points = "".join("-" if point is None else "X" if point else "0" for point in reversed(mine.points(present, ())))
            findings.append(f"{mine.name} is {alarm['StateValue']}, not {expected}: {points} {alarm['StateReason']}")
    print(f"{len(findings)} findings; compared {sorted(compared.items())} of {len(described)}")
    for finding in findings:
        print(finding)
    if len({treatment for treatment, _ in compared}) < 4 or len({state for _, state in compared}) < 3:
        sys.exit("not all treatments and states were compared")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
