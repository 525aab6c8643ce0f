/**
 * What one gateway shows of itself. Begin with {@link io.middleware.gateway.dashboard.picture.OwnPicture}, which takes
 * a {@code GatewayPicture}; {@code State} says what the word on an instance's card means.
 */
@NullMarked
package io.middleware.gateway.dashboard.picture;

import org.jspecify.annotations.NullMarked;
