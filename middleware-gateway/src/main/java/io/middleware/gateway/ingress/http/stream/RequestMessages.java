package io.middleware.gateway.ingress.http.stream;

import io.middleware.core.OngoingCall;
import io.middleware.gateway.ingress.http.result.ConnectError;
import java.util.function.Consumer;

/** Sends the messages of a request. Confined to the call's event loop. */
public interface RequestMessages {
    /**
     * Begins to send.
     *
     * @param onMalformed called when the rest of the request cannot be sent; nothing follows
     */
    void sendTo(OngoingCall call, Consumer<ConnectError> onMalformed);

    /** Called when {@link OngoingCall#writable()} changed. */
    void onWritabilityChanged();

    /** Returns whether the server has what it needs to begin its response. */
    default boolean begun() {
        return true;
    }

    /** Called when nothing more can be sent, or was never sent. */
    void stop();
}
