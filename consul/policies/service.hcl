# A server, here of hello-service: each service has a policy and a token of its own, with its name here. It registers, reports its
# health, and leaves; it reads nothing.
service "hello-service" { policy = "write" }
