"""Changes what an AWS endpoint has, with boto3 and by hand, and holds each reply against botocore's service models.

Usage: judge_writes.py ENDPOINT
The endpoint's clock moves on by a second with every call, and its fleet is that of the scenario `at-max`. Prints one line
per finding and exits with 1 if there is any.
"""

import re
import sys
import uuid

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from replies import Raw, checked, find, findings

WRITES = {"ServiceNamespace": "dynamodb", "ResourceId": "table/inventory", "ScalableDimension": "dynamodb:table:WriteCapacityUnits"}
UNITS = {"ReadCapacityUnits": 900, "WriteCapacityUnits": 90}
METRIC = {"PredefinedMetricType": "DynamoDBWriteCapacityUtilization"}
SCHEDULE = {"Expression": "cron(0 2 * * SUN)", "Duration": "PT4H", "Timezone": "UTC"}


def policy(target, metric=METRIC):
    return {"TargetValue": target, "PredefinedMetricSpecification": metric}


# Wrong writes: service, operation, parameters, and the error's code.
ERRORS = [
    ("application-autoscaling", "RegisterScalableTarget", {**WRITES, "MinCapacity": 9, "MaxCapacity": 8}, "ValidationException"),
    ("application-autoscaling", "RegisterScalableTarget", {**WRITES, "ServiceNamespace": "ecs"}, "ValidationException"),
    ("application-autoscaling", "RegisterScalableTarget", {**WRITES, "ResourceId": "table/nope"}, "ValidationException"),
    (
        "application-autoscaling",
        "PutScalingPolicy",
        {
            **WRITES,
            "ResourceId": "table/stock-levels",
            "PolicyName": "p",
            "PolicyType": "TargetTrackingScaling",
            "TargetTrackingScalingPolicyConfiguration": policy(50),
        },
        "ObjectNotFoundException",
    ),
    (
        "application-autoscaling",
        "PutScalingPolicy",
        {
            **WRITES,
            "PolicyName": "p",
            "PolicyType": "TargetTrackingScaling",
            "TargetTrackingScalingPolicyConfiguration": policy(95),
        },
        "ValidationException",
    ),
    ("dynamodb", "UpdateTable", {"TableName": "no-such-table", "ProvisionedThroughput": UNITS}, "ResourceNotFoundException"),
    ("dynamodb", "UpdateTable", {"TableName": "inventory"}, "ValidationException"),
    ("dynamodb", "UpdateContributorInsights", {"TableName": "inventory"}, "ValidationException"),
    (
        "dynamodb",
        "UpdateContributorInsights",
        {"TableName": "no-such-table", "ContributorInsightsAction": "ENABLE"},
        "ResourceNotFoundException",
    ),
    ("cloudwatch", "PutAlarmMuteRule", {"Name": "m"}, "ValidationError"),
    ("cloudwatch", "DeleteAlarmMuteRule", {}, "ValidationError"),
]


def judge_errors(clients):
    for service, operation, parameters, code in ERRORS:
        method = re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()
        try:
            getattr(clients[service], method)(**parameters)
            find(operation, f"accepts {parameters}")
        except ClientError as error:
            found = error.response["Error"]
            if found["Code"] != code or not found["Message"] or error.response["ResponseMetadata"]["HTTPStatusCode"] != 400:
                find(operation, f"refuses with {error.response}, not {code}")


def write_units(client):
    table = client.describe_table(TableName="inventory")["Table"]
    return table["TableStatus"], table["ProvisionedThroughput"]["WriteCapacityUnits"]


def judge_scaling(raw, scaling, dynamodb):
    """A raised minimum goes through UPDATING with the old value to the new one, and leaves an activity."""
    target = scaling.describe_scalable_targets(ServiceNamespace="dynamodb", ResourceIds=["table/inventory"])["ScalableTargets"]
    target = next(one for one in target if "Write" in one["ScalableDimension"])
    quiet = {"DynamicScalingInSuspended": True, "DynamicScalingOutSuspended": True, "ScheduledScalingSuspended": True}
    first = {**WRITES, "MinCapacity": 100, "MaxCapacity": 900, "SuspendedState": quiet}
    reply = raw.valid("application-autoscaling", "RegisterScalableTarget", first)
    if reply.get("ScalableTargetARN") != target["ScalableTargetARN"]:
        find("RegisterScalableTarget", f"answers {reply}, described is {target['ScalableTargetARN']}")
    before = write_units(dynamodb)
    scaling.register_scalable_target(**WRITES, MinCapacity=700)
    seen = []
    while len(seen) < 60 and ("ACTIVE", 700) not in seen:
        seen.append(write_units(dynamodb))
    expected = [before, ("UPDATING", before[1]), ("ACTIVE", 700)]
    if [state for at, state in enumerate(seen) if at == 0 or seen[at - 1] != state] != expected:
        find("RegisterScalableTarget", f"the table went through {seen}, not {expected}")
    activity = scaling.describe_scaling_activities(ServiceNamespace="dynamodb", ResourceId="table/inventory")["ScalingActivities"][0]
    if (activity["Cause"], activity["StatusCode"]) != ("minimum capacity was set to 700", "Successful"):
        find("DescribeScalingActivities", f"tells of {activity}")
    raw.valid("application-autoscaling", "DescribeScalingActivities", {"ServiceNamespace": "dynamodb"})
    raw.valid("application-autoscaling", "DescribeScalableTargets", {"ServiceNamespace": "dynamodb"})


def judge_policies(raw, scaling):
    described = scaling.describe_scaling_policies(
        ServiceNamespace="dynamodb", ResourceId=WRITES["ResourceId"], ScalableDimension=WRITES["ScalableDimension"]
    )["ScalingPolicies"][0]
    parameters = {**WRITES, "PolicyName": described["PolicyName"], "PolicyType": "TargetTrackingScaling"}
    configuration = {**policy(55.5), "ScaleInCooldown": 60, "DisableScaleIn": True}
    parameters["TargetTrackingScalingPolicyConfiguration"] = configuration
    reply = raw.valid("application-autoscaling", "PutScalingPolicy", parameters)
    if (reply.get("PolicyARN"), reply.get("Alarms")) != (described["PolicyARN"], described["Alarms"]):
        find("PutScalingPolicy", f"answers {reply}, not as described before")
    policies = raw.valid("application-autoscaling", "DescribeScalingPolicies", {"ServiceNamespace": "dynamodb"})["ScalingPolicies"]
    found = [one["TargetTrackingScalingPolicyConfiguration"] for one in policies if one["PolicyARN"] == described["PolicyARN"]]
    if found != [configuration]:
        find("PutScalingPolicy", f"leaves {found}")


def judge_tables(raw, dynamodb):
    before = write_units(dynamodb)
    request = {"TableName": "stock-levels", "ProvisionedThroughput": UNITS}
    reply = raw.valid("dynamodb", "UpdateTable", request).get("TableDescription", {})
    if reply.get("TableStatus") != "UPDATING" or reply["ProvisionedThroughput"]["WriteCapacityUnits"] == 90:
        find("UpdateTable", f"answers {reply}")
    dynamodb.get_waiter("table_exists").wait(TableName="stock-levels", WaiterConfig={"Delay": 0, "MaxAttempts": 9})
    table = raw.valid("dynamodb", "DescribeTable", {"TableName": "stock-levels"})["Table"]
    if table["ProvisionedThroughput"]["WriteCapacityUnits"] != 90:
        find("UpdateTable", f"leads to {table['ProvisionedThroughput']}")
    if write_units(dynamodb) != before:
        find("UpdateTable", "changes another table")


def judge_insights(raw, dynamodb):
    change = {"TableName": "inventory", "ContributorInsightsAction": "ENABLE"}
    for mode, status in (("THROTTLED_KEYS", "ENABLING"), (None, "ENABLING")):
        parameters = {**change, **({"ContributorInsightsMode": mode} if mode else {})}
        reply = raw.valid("dynamodb", "UpdateContributorInsights", parameters)
        if reply.get("ContributorInsightsStatus") != status:
            find("UpdateContributorInsights", f"answers {reply}")
        described = raw.valid("dynamodb", "DescribeContributorInsights", {"TableName": "inventory"})
        if described.get("ContributorInsightsMode") != (mode or "ACCESSED_AND_THROTTLED_KEYS"):
            find("UpdateContributorInsights", f"leaves {described}")
    dynamodb.update_contributor_insights(TableName="inventory", ContributorInsightsAction="DISABLE")


def judge_mutes(raw, cloudwatch):
    for protocol in ("json", "smithy-rpc-v2-cbor"):
        name = f"judge-{protocol}"
        rule = {"Name": name, "Rule": {"Schedule": SCHEDULE}, "MuteTargets": {"AlarmNames": ["a", "b"]}}
        for operation, parameters in (
            ("PutAlarmMuteRule", rule),
            ("PutAlarmMuteRule", {**rule, "ExpireDate": 1_900_000_000}),
            ("DeleteAlarmMuteRule", {"AlarmMuteRuleName": "there-is-none"}),
        ):
            status, _, document = raw.call("cloudwatch", operation, parameters, protocol)
            if (status, document) != (200, {}):
                find(operation, f"answers {status} {document} in {protocol}")
        found = raw.valid("cloudwatch", "GetAlarmMuteRule", {"AlarmMuteRuleName": name}, protocol)
        if found.get("Rule") != rule["Rule"] or "ExpireDate" not in found:
            find("PutAlarmMuteRule", f"leaves {found}")
        cloudwatch.delete_alarm_mute_rule(AlarmMuteRuleName=name)
    listed = raw.valid("cloudwatch", "ListAlarmMuteRules", {})["AlarmMuteRuleSummaries"]
    if any("judge-" in rule["AlarmMuteRuleArn"] for rule in listed):
        find("DeleteAlarmMuteRule", f"leaves {listed}")


def main():
    session = boto3.Session(aws_access_key_id=uuid.uuid4().hex, aws_secret_access_key="x", region_name="us-east-1")
    # Wrong writes must reach the service.
    config = Config(retries={"total_max_attempts": 1}, proxies={}, read_timeout=30, parameter_validation=False)
    names = ("dynamodb", "cloudwatch", "application-autoscaling")
    clients = {name: session.client(name, endpoint_url=sys.argv[1], config=config) for name in names}
    raw = Raw(sys.argv[1], session)
    judge_scaling(raw, clients["application-autoscaling"], clients["dynamodb"])
    judge_policies(raw, clients["application-autoscaling"])
    judge_tables(raw, clients["dynamodb"])
    judge_insights(raw, clients["dynamodb"])
    judge_mutes(raw, clients["cloudwatch"])
    judge_errors(clients)
    print(f"{len(findings)} findings; checked {checked}")
    for finding in findings[:200]:
        print(finding)
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
