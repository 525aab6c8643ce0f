/** Real parts as processes for tests: a Consul, an Nginx, a JVM, each on free ports, each stopped with the test. */
package io.middleware.testsupport;
