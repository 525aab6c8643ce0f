# Whoever asks Consul without a token, as DNS does: Nginx finds the gateways, and nothing else can be asked.
service "middleware-gateway" { policy = "read" }
node_prefix "" { policy = "read" }
