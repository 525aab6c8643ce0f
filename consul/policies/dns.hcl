# Requests without a token, such as those of DNS: Nginx finds the gateways, and nothing else can be asked.
service "middleware-gateway" { policy = "read" }
node_prefix "" { policy = "read" }
