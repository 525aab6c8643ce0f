/**
 * Connects the core's balancer to Spring Cloud LoadBalancer: one load balancer a service, which an application can
 * replace.
 *
 * <p>Begin with {@code SpringCloudBalancer}, which the core calls for each attempt. {@code BalancerConfiguration} makes
 * one for each service, {@code LoadBalancerDefaults} says what it uses if the application sets nothing, and
 * {@code CandidatesSupplier} hands it the core's candidates.
 */
@NullMarked
package io.middleware.gateway.balancer;

import org.jspecify.annotations.NullMarked;
