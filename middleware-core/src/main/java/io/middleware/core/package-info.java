/**
 * Finding, choosing, calling and failing over: what happens to a call between the edge it came in by and the instance that
 * answers it. Knows no framework, registry or wire format; those sit around it and depend on it.
 */
package io.middleware.core;
