package io.middleware.gateway.recorder;

import io.middleware.gateway.headers.Credentials;

/**
 * Who asks for calls.
 *
 * @param gateway     it is another gateway, which asks the others itself
 * @param credentials by which the others are asked
 */
record Asker(boolean gateway, Credentials credentials) {}
