"""What the middleware needs of a server: an entry in Consul, a heartbeat, and that it leaves before it stops."""

import json
import sys
import urllib.error
import urllib.request

HEARTBEAT_SECONDS = 1


class Registration:

    def __init__(self, consul, name, grpc_services, address, port):
        self.consul = consul
        self.id = f"{name}-{address}-{port}".replace(".", "-").replace(":", "-")
        self.entry = {
            "Name": name,
            "ID": self.id,
            "Address": address,
            "Port": port,
            "Tags": ["middleware", "primary"],
            "Meta": {"grpc-services-1": ",".join(grpc_services)},
            "Check": {
                "CheckID": f"service:{self.id}",
                # critical after four seconds without a heartbeat, and forgotten after ten minutes
                "TTL": "4s",
                "DeregisterCriticalServiceAfter": "10m",
                # else it is critical until the first heartbeat
                "Status": "passing",
            },
        }

    def keep(self, until):
        """Registers, sends a heartbeat each second until the event is set, and deregisters."""
        registered = False
        while not until.is_set():
            try:
                # a Consul that lost its data does not know the check
                registered = registered and self._put(f"/v1/agent/check/pass/service:{self.id}")
                if not registered:
                    registered = self._put("/v1/agent/service/register", self.entry)
            except OSError as unreachable:
                print(f"Consul at {self.consul}: {unreachable}", file=sys.stderr, flush=True)
            until.wait(HEARTBEAT_SECONDS)
        try:
            self._put(f"/v1/agent/service/deregister/{self.id}")
        except OSError as unreachable:
            print(f"Consul at {self.consul}: {unreachable}", file=sys.stderr, flush=True)

    def _put(self, path, body=None):
        """Returns whether Consul agreed; raises OSError when it cannot be reached."""
        data = json.dumps(body).encode() if body else b""
        try:
            with urllib.request.urlopen(urllib.request.Request(self.consul + path, data, method="PUT"), timeout=2):
                return True
        except urllib.error.HTTPError as refused:
            print(f"Consul refused {path}: {refused.read().decode(errors='replace')}", file=sys.stderr, flush=True)
            return False
