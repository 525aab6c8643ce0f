# A Consul server, the registry of the chain: one, or three of them (the profile `ha`). The way to run adds what differs on the
# command line: the data folder, addresses, ports, the other servers, the web UI (-ui: its key in this file was renamed between
# the versions in use).

server           = true
bootstrap_expect = 1
datacenter       = "dc1"
node_name        = "consul"
log_level        = "INFO"

# A server that ends is one that comes back. Leaving would take 5 s of draining, and its vote; the data folder holds all.
leave_on_terminate = false

autopilot {
  # One of three that is away comes back. Counted out meanwhile, it could not make a majority with the next one that is left.
  cleanup_dead_servers = false
}

performance {
  # The default of 5 is for the smallest cloud machines: each election would take 5 times as long.
  raft_multiplier = 1
}

limits {
  # Per address of a client, 200 by default. Locally every part has the same address, and each long poll holds a connection.
  http_max_conns_per_client = 4096
}

# An agent passes on a check's text only now and then where its status stays the same: after 5 minutes by default, which in the web UI
# looks like a server that has died.
check_update_interval = "10s"

dns_config {
  # Nginx in containers finds the gateways by DNS: only those that pass, and never from a cache.
  only_passing = true
  node_ttl     = "0s"
  service_ttl {
    "*" = "0s"
  }
}

# Not used, but the web UI asks for it, and each question would leave an error in the log.
connect {
  enabled = true
}
disable_update_check  = true
disable_remote_exec   = true
