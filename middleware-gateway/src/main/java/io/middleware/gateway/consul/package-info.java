/** Finds instances: keeps the core's directory in line with Consul by long polls, and lists this gateway there. */
package io.middleware.gateway.consul;
