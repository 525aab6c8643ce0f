/**
 * What both ingresses share: a call's id, its well-formed request headers, the report that goes back with its
 * response, and which pages in browsers may read that ({@link io.middleware.gateway.ingress.Cors}).
 */
package io.middleware.gateway.ingress;
