# A gateway: finds all services and the other gateways, and registers itself.
service "middleware-gateway" { policy = "write" }
service_prefix "" { policy = "read" }
# without it Consul leaves out every instance, as each is at a node
node_prefix "" { policy = "read" }
# the API keys of callers, by their hashes
key_prefix "middleware/keys/" { policy = "read" }
