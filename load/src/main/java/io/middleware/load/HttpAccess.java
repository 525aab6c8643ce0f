package io.middleware.load;

import io.middleware.client.CallerCredential;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How the HTTP port is reached.
 *
 * @param url        its base address
 * @param tls        how {@code https} is spoken; null where the address is {@code http}
 * @param credential of the caller
 */
record HttpAccess(String url, @Nullable SSLContext tls, CallerCredential credential) {}
