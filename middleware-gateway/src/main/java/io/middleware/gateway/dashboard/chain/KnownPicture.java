package io.middleware.gateway.dashboard.chain;

import io.middleware.gateway.dashboard.picture.GatewayPicture;
import org.jspecify.annotations.Nullable;

/**
 * The last picture of one gateway.
 *
 * @param picture null if there was none so far
 * @param age     of the picture, in milliseconds on this gateway's clock
 * @param silent  it gave none when it was asked last
 * @param withheld it gives none without the credentials of who looks, which it is not sent
 */
public record KnownPicture(
        String gateway, @Nullable GatewayPicture picture, long age, boolean silent, boolean withheld) {}
