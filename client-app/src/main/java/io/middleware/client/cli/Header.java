package io.middleware.client.cli;

import io.grpc.Metadata;

/** A header to send. */
record Header(Metadata.Key<String> key, String value) {}
