# Prometheus: finds gateways and servers, and asks its agent in which data centre it is.
service_prefix "" { policy = "read" }
node_prefix "" { policy = "read" }
agent_prefix "" { policy = "read" }
