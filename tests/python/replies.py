"""Replies of an AWS endpoint, read by hand in any of its protocols and held against botocore's service models."""

import datetime
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from xml.etree import ElementTree

import cbor2
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.serialize import create_serializer

# Where AWS itself breaks its model: DescribeTable says 0 decreases, in AWS's own CLI examples too.
AWS_BREAKS = {"PositiveLongObject.min:NumberOfDecreasesToday"}

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
