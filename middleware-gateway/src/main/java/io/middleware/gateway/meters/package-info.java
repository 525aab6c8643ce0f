/** What the core counts, as Micrometer's meters. */
package io.middleware.gateway.meters;
