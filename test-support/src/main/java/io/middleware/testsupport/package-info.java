/** Real parts for tests: a Consul, an Nginx, in containers or as processes, and a JVM, each on free ports, each stopped with the test. */
package io.middleware.testsupport;
