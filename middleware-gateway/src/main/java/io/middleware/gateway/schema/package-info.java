/** What the services look like from outside: their descriptors, got from the instances by server reflection. */
package io.middleware.gateway.schema;
