/**
 * The demo server: a greeting goes in, the world comes out.
 *
 * <p>Begin with {@code HelloService}, or with {@code GuestbookService} for calls that change something. Registration,
 * heartbeat and drain come from the starter.
 */
@NullMarked
package io.middleware.hello;

import org.jspecify.annotations.NullMarked;
