# One Consul server, the registry of the chain. The way to run adds what differs on the command line: the data folder,
# addresses, ports, the web UI (-ui: its key in this file was renamed between the versions in use).

server           = true
bootstrap_expect = 1
datacenter       = "dc1"
node_name        = "consul"
log_level        = "INFO"

# With one server there is nobody to hand over to. Leaving would only take its 5 s of draining; the data folder holds all.
leave_on_terminate = false

performance {
  # The default of 5 is for the smallest cloud machines: each election would take 5 times as long.
  raft_multiplier = 1
}

limits {
  # Per address of a client, 200 by default. Locally every part has the same address, and each long poll holds a connection.
  http_max_conns_per_client = 4096
}

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
