package io.middleware.gateway.transport;

import io.middleware.core.Code;
import io.middleware.core.Outcome;
import io.middleware.core.instance.Transport;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;

/** The attempt whose response {@link ServerFrames} reads. */
interface ResponseSink {
    /** Gets the parts of a response that is gRPC's. */
    Transport.Listener listener();

    boolean isEnded();

    /**
     * Ends the attempt with the server's status. A server that did not wait for the whole request gets no more of it.
     */
    void finish(Http2Headers trailers);

    /** Ends the attempt with a status that the gateway gives it, and drops the rest of the response. */
    void finishInsteadOfServer(Http2Headers trailers);

    /** Ends the attempt because the response is not gRPC's, and drops the rest of it. */
    void abort(Code code, String reason);

    /** Ends the attempt without a status; does nothing when it has ended. */
    void fail(Outcome outcome);

    /** Ends the attempt as unsent if its headers never left, else with this outcome. */
    void failOnceSent(Outcome inDoubt);

    /** Ends the attempt because the connection is lost. */
    void connectionLost();

    /** Resets the stream, unless it is gone. */
    void reset(Http2Error error);
}
