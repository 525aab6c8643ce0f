/** The core's balancer by Spring Cloud LoadBalancer: a load balancer per service, which others can replace by their own. */
package io.middleware.gateway.balancer;
