package io.middleware.gateway.tap;

import io.middleware.gateway.ended.EndedCall;
import org.jspecify.annotations.Nullable;

/** A call as it is handed to readers. {@code messages}: null where none were captured. */
record TappedCall(EndedCall call, @Nullable CapturedMessages messages) {}
