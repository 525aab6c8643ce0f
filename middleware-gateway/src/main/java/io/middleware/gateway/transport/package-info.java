/** The core's transport on HTTP/2 frames: a connection per event loop and instance, a child channel per attempt. */
package io.middleware.gateway.transport;
