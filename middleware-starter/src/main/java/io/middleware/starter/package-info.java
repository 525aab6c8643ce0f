/** Makes a Spring Boot gRPC server an instance: it registers in Consul, beats, leaves and drains by itself. */
package io.middleware.starter;
