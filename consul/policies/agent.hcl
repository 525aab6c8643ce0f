# Consul's agent itself, here of the node "consul": it keeps what is known about its own node up to date.
node "consul" { policy = "write" }
