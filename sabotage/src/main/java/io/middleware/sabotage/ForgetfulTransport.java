package io.middleware.sabotage;

import io.middleware.core.Call;
import io.middleware.core.Chunk;
import io.middleware.core.Headers;
import io.middleware.core.Outcome;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.call.Failover;
import io.middleware.core.directory.Directory;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Transport;
import io.middleware.core.outlier.OutlierDetector;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;

/** Says of every attempt that failed that it was never sent. */
final class ForgetfulTransport implements Transport {

    private final Transport transport;

    ForgetfulTransport(Transport transport) {
        this.transport = transport;
    }

    /** Returns the gateway's core on top of one. */
    static Failover failover(BeanFactory beans) {
        return new Failover(
                beans.getBean(Directory.class),
                new ForgetfulTransport(beans.getBean(Transport.class)),
                beans.getBean(OutlierDetector.class),
                beans.getBean(Settings.class),
                beans.getBean(Ticker.class));
    }

    @Override
    public Stream open(
            Call call, Instance instance, long leftNanos, int before, @Nullable String traceparent, Listener listener) {
        return transport.open(call, instance, leftNanos, before, traceparent, new Forgetful(listener));
    }

    @Override
    public void probe(Instance instance, long timeoutNanos, Consumer<Outcome> result) {
        transport.probe(instance, timeoutNanos, result);
    }

    @Override
    public void retire(Instance instance) {
        transport.retire(instance);
    }

    static Outcome forget(Outcome outcome) {
        return outcome.kind() == Outcome.Kind.IN_DOUBT
                ? new Outcome(Outcome.Kind.UNSENT, outcome.code(), outcome.reason(), outcome.evidence())
                : outcome;
    }

    private record Forgetful(Listener listener) implements Listener {

        @Override
        public void onHeaders(Headers headers) {
            listener.onHeaders(headers);
        }

        @Override
        public void onChunk(Chunk chunk) {
            listener.onChunk(chunk);
        }

        @Override
        public void onTrailers(Headers trailers) {
            listener.onTrailers(trailers);
        }

        @Override
        public void onFailure(Outcome outcome) {
            listener.onFailure(forget(outcome));
        }

        @Override
        public void onWritabilityChanged() {
            listener.onWritabilityChanged();
        }
    }
}
