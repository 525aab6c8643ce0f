/** What this gateway thinks of the instances, for people and programs that look on: it has no part in any call. */
package io.middleware.gateway.instances;
