/** What the gateway is measured beside. */
package io.middleware.bench;
