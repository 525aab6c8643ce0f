/** A typed client: generated stubs on a channel with deadlines, keepalive and hedging. */
package io.middleware.client;
