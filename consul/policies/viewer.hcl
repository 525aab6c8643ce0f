# Who looks at the web UI, and ./stack itself: reads services and nodes.
service_prefix "" { policy = "read" }
node_prefix "" { policy = "read" }
