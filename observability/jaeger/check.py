"""Reads a trace of two attempts back from Jaeger by the call's id, and checks each span's place: check.py JAEGER TRACE CALL-ID."""
import json
import sys
import time
import urllib.parse
import urllib.request

jaeger, trace, call_id = sys.argv[1:]
CALLER = "00f067aa0ba902b7"
METHOD = "hello.v1.HelloService/SayHello"


def find():
    tags = urllib.parse.quote(json.dumps({"x-call-id": call_id}))
    with urllib.request.urlopen(f"{jaeger}/api/traces?service=middleware-gateway&tags={tags}&lookback=1h", timeout=10) as response:
        found = json.load(response)["data"] or []
    return found[0] if found else {"traceID": None, "spans": [], "processes": {}}


def tag(span, name):
    return next((tag["value"] for tag in span["tags"] if tag["key"] == name), None)


def parent(span):
    return next((ref["spanID"] for ref in span["references"] if ref["refType"] == "CHILD_OF"), None)


def service(found, span):
    return found["processes"][span["processID"]]["serviceName"]


until = time.monotonic() + 30
found = find()
while len(found["spans"]) < 5 and time.monotonic() < until:
    time.sleep(0.2)
    found = find()

spans = found["spans"]
ours = [span for span in spans if service(found, span) == "middleware-gateway"]
calls = [span for span in ours if tag(span, "span.kind") == "server"]
attempts = sorted((span for span in ours if tag(span, "span.kind") == "client"), key=lambda span: tag(span, "middleware.attempt"))
servers = [span for span in spans if service(found, span) == "hello-service"]
checks = {
    "the trace found by the call's id is the caller's": found["traceID"] == trace,
    "one span of the gateway's, below the caller's": [parent(span) for span in calls] == [CALLER],
    "it names the method": [span["operationName"] for span in calls] == [METHOD],
    "two attempts below it": [parent(span) for span in attempts] == [span["spanID"] for span in calls] * 2,
    "the first failed, at the broken server": [tag(span, "rpc.response.status_code") for span in attempts] == ["UNAVAILABLE", "OK"]
    and tag(attempts[0], "middleware.instance") == "hello-service-1"
    and tag(attempts[0], "error") is True,
    "each has its server's span below it": sorted(map(parent, servers)) == sorted(span["spanID"] for span in attempts),
    "all have the call's id": all(tag(span, "x-call-id") == call_id for span in spans),
    "each attempt is within the call": all(
        calls[0]["startTime"] <= span["startTime"]
        and span["startTime"] + span["duration"] <= calls[0]["startTime"] + calls[0]["duration"] + 1
        for span in attempts
    )
    if calls
    else False,
}
for what, holds in checks.items():
    print(("ok      " if holds else "FAILED  ") + what)
if not all(checks.values()):
    print(json.dumps(found, indent=1)[:20000])
print(f"{sum(checks.values())} passed, {len(checks) - sum(checks.values())} failed")
sys.exit(0 if all(checks.values()) else 1)
