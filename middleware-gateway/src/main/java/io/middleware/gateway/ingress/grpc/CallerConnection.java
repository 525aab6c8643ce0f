package io.middleware.gateway.ingress.grpc;

import io.middleware.core.Timers;
import io.middleware.gateway.ingress.ConnectionPeer;
import io.middleware.gateway.transport.CallerEvents;
import io.middleware.gateway.transport.CallerPatience;
import io.middleware.gateway.transport.EventLoops;
import io.middleware.gateway.transport.FlushBatch;
import io.middleware.gateway.transport.StreamEnd;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A caller's connection, whose streams are calls. Confined to its event loop. */
final class CallerConnection implements CallerEvents {
    private final Channel channel;
    private final CallServices services;
    private final FlushBatch flushes;
    private final Timers timers;
    private final Admission admission;
    /** Streams that were opened since the connection was last read to its end. */
    private final List<StreamGate> opened = new ArrayList<>();
    /** Waits for the preface and the first SETTINGS; null until it does. */
    private @Nullable CallerPatience patience;

    CallerConnection(Channel channel, CallServices services) {
        this.channel = channel;
        this.services = services;
        this.flushes = new FlushBatch(channel);
        this.timers = EventLoops.timers(channel.eventLoop());
        this.admission = new Admission(channel.eventLoop());
    }

    void awaitedBy(CallerPatience waiting) {
        patience = waiting;
    }

    CallServices services() {
        return services;
    }

    FlushBatch flushes() {
        return flushes;
    }

    Timers timers() {
        return timers;
    }

    /** Returns the name that the caller has proved by its certificate; null if there is none. */
    @Nullable
    String peer() {
        return ConnectionPeer.of(channel);
    }

    /** Ends a stream whose caller broke the protocol on it, for example by a wrong content-length. */
    void reset(StreamEnd stream, Throwable failure) {
        stream.reset(failure instanceof Http2Exception broken ? broken.error() : Http2Error.INTERNAL_ERROR);
        flushes.soon();
    }

    @Override
    public Reader onStream() {
        StreamGate gate = new StreamGate(this);
        opened.add(gate);
        return gate;
    }

    @Override
    public void onSettings() {
        if (patience != null) {
            patience.speaksHttp2();
        }
    }

    @Override
    public void onReadComplete() {
        for (int i = 0; i < opened.size(); i++) {
            admission.ask(opened.get(i));
        }
        opened.clear();
        admission.turnEnded();
    }

    @Override
    public void onBroken() {
        admission.close();
    }
}
