/**
 * Real parts for tests: a Consul, an Nginx, in containers or as processes, a JVM, and a gRPC server that answers as a
 * test likes, each on free ports, each stopped with the test.
 */
@NullMarked
package io.middleware.testsupport;

import org.jspecify.annotations.NullMarked;
