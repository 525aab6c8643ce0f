package io.middleware.gateway.schema;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import io.middleware.core.Call;
import io.middleware.core.Timers;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Transport;
import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.headers.NettyHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Gets the files that describe an instance's gRPC services by server reflection: by {@code grpc.reflection.v1} and, if
 * that fails in any way, by the older {@code v1alpha}, whose messages are the same on the wire. Any failure counts,
 * because not all servers and proxies return {@code UNIMPLEMENTED} for what they do not have. Confined to the event
 * loop of its timers.
 */
final class ReflectionClient {
    private static final String V1 = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    private static final String V1ALPHA = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

    private final Transport transport;
    private final Timers timers;

    ReflectionClient(Transport transport, Timers timers) {
        this.transport = transport;
        this.timers = timers;
    }

    /**
     * Calls {@code onResult} once, unless the returned action, which cancels the query, runs before.
     *
     * @param timeout how long the instance may take
     */
    Runnable query(Instance instance, Duration timeout, Consumer<ReflectionResult> onResult) {
        return query(instance, timeout, instance.registration().grpcServices(), Map.of(), onResult);
    }

    /** Does the same for these symbols; {@code known}: files that need not come again. */
    Runnable query(
            Instance instance,
            Duration timeout,
            List<String> symbols,
            Map<String, FileDescriptorProto> known,
            Consumer<ReflectionResult> onResult) {
        VersionedQuery query = new VersionedQuery(instance, timeout, symbols, known, onResult);
        query.start(V1, new ReflectionResult.NotOffered());
        return query::cancel;
    }

    /** Queries by one version of reflection and, after a failure, by the other. */
    private final class VersionedQuery {
        private final Instance instance;
        private final Duration timeout;
        private final List<String> symbols;
        private final Map<String, FileDescriptorProto> known;
        private final Consumer<ReflectionResult> onResult;
        private final Timers.Timer timer;
        private Runnable cancelQuery = () -> {};

        VersionedQuery(
                Instance instance,
                Duration timeout,
                List<String> symbols,
                Map<String, FileDescriptorProto> known,
                Consumer<ReflectionResult> onResult) {
            this.instance = instance;
            this.timeout = timeout;
            this.symbols = symbols;
            this.known = known;
            this.onResult = onResult;
            this.timer = timers.schedule(this::expire, timeout.toNanos());
        }

        /**
         * {@code previous}: the result of the version before; a failure there is reported if this version does not work
         * either.
         */
        void start(String path, ReflectionResult previous) {
            Function<Transport.Listener, Transport.Stream> opener =
                    listener -> transport.open(call(path), instance, timeout.toNanos(), 0, null, listener);
            ReflectionQuery query = new ReflectionQuery(symbols, known, timers, opener, new ReflectionQuery.Listener() {
                @Override
                public void onFound(DescriptorFiles files) {
                    finish(new ReflectionResult.Found(files));
                }

                @Override
                public void onNotOffered() {
                    tryNextVersion(new ReflectionResult.NotOffered());
                }

                @Override
                public void onUnreachable(String reason) {
                    finish(new ReflectionResult.Failed(reason));
                }

                @Override
                public void onFailure(String reason) {
                    tryNextVersion(new ReflectionResult.Failed(reason));
                }

                private void tryNextVersion(ReflectionResult failure) {
                    if (path.equals(V1)) {
                        start(V1ALPHA, failure);
                    } else {
                        finish(previous instanceof ReflectionResult.Failed ? previous : failure);
                    }
                }
            });
            cancelQuery = query::cancel;
            query.start();
        }

        void cancel() {
            timer.cancel();
            cancelQuery.run();
        }

        private void expire() {
            cancelQuery.run();
            onResult.accept(new ReflectionResult.Failed(
                    "no response to reflection within " + timeout.toMillis() + " ms", true));
        }

        private void finish(ReflectionResult result) {
            timer.cancel();
            onResult.accept(result);
        }

        /** Returns a call that belongs to no caller: its attempt is opened at the transport, which asks for none. */
        @SuppressWarnings("NullAway")
        private Call call(String path) {
            DefaultHttp2Headers headers = new DefaultHttp2Headers(false);
            headers.method("POST")
                    .scheme("http")
                    .path(path)
                    .authority(GrpcHeaders.authority(
                            instance.registration().host(),
                            instance.registration().port()))
                    .set("content-type", "application/grpc")
                    .set("te", "trailers")
                    .set("grpc-accept-encoding", "identity");
            return new Call(path, new NettyHeaders(headers), Call.NO_DEADLINE, false, null, timers);
        }
    }
}
