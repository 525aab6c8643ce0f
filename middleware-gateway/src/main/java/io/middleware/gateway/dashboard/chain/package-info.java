/**
 * Makes one picture of the pictures of all gateways. Begin with {@link io.middleware.gateway.dashboard.chain.Merge};
 * the result is a {@code ChainPicture}.
 */
@NullMarked
package io.middleware.gateway.dashboard.chain;

import org.jspecify.annotations.NullMarked;
