/**
 * Shows how this gateway sees the instances, to people and programs; it takes no part in any call.
 *
 * <p>Begin with {@code InstancesEndpoint}, the response of {@code GET /actuator/instances}.
 */
@NullMarked
package io.middleware.gateway.instances;

import org.jspecify.annotations.NullMarked;
