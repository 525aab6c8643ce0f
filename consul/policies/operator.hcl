# Who operates the chain: sees everything in the web UI, sets a service or a node to maintenance, removes what a machine left behind,
# and issues API keys. May not change tokens and policies.
service_prefix "" { policy = "write" }
node_prefix "" { policy = "write" }
key_prefix "middleware/keys/" { policy = "write" }
