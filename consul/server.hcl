# A Consul server, the registry of the chain: one, or three of them (the profile `ha`). What differs is given on the command line: the
# data folder, addresses, ports, the other servers, and -ui for the web UI, whose key in this file was renamed between the versions in
# use.

server           = true
bootstrap_expect = 1
datacenter       = "dc1"
node_name        = "consul"
log_level        = "INFO"

# A server that ends is expected to come back with its data. Leaving would cost 5 s of draining, and its vote.
leave_on_terminate = false

autopilot {
  # One of three that is down is expected back. If it were removed meanwhile, it could not form a majority with the last one left.
  cleanup_dead_servers = false
}

performance {
  # The default of 5 suits the smallest cloud machines: each election takes 5 times as long.
  raft_multiplier = 1
}

limits {
  # Per address of a client, 200 by default. Locally every part has the same address, and each long poll holds a connection.
  http_max_conns_per_client = 4096
}

# How often an agent forwards a check's output while its status stays the same. The default of 5 minutes makes a server look dead in
# the web UI.
check_update_interval = "10s"

dns_config {
  # In containers Nginx finds the gateways by DNS: only those whose checks pass, and never from a cache.
  only_passing = true
  node_ttl     = "0s"
  service_ttl {
    "*" = "0s"
  }
}

# Not used, but the web UI requests it, and each request would log an error.
connect {
  enabled = true
}
disable_update_check  = true
disable_remote_exec   = true
