/**
 * What both ingresses share: a call's id, its well-formed request headers and the report that goes back with its
 * response.
 */
package io.middleware.gateway.ingress;
