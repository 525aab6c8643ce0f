/**
 * Streams calls as lines to people who watch, as the calls end.
 *
 * <p>Begin with {@code Tap}, which hands each call to the readers whose {@code TapFilter} it passes. A {@code TapReader} is one who
 * watches; {@code PeerTaps} adds what the other gateways have. {@code TapDocuments} serves all of this at {@code /dashboard/tap}.
 */
@NullMarked
package io.middleware.gateway.tap;

import org.jspecify.annotations.NullMarked;
