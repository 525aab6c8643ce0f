package io.middleware.gateway.schema;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import io.middleware.core.Call;
import io.middleware.core.Instance;
import io.middleware.core.Timers;
import io.middleware.core.Transport;
import io.middleware.gateway.transport.GrpcHeaders;
import io.middleware.gateway.transport.NettyHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Asks an instance by server reflection for the files that describe its gRPC services: by {@code grpc.reflection.v1}, and by the
 * older {@code v1alpha}, whose messages are the same on the wire, where that fails in whatever way: servers and what is in front of
 * them do not all say {@code UNIMPLEMENTED} for what they do not have. Confined to the event loop of its timers.
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
     * Tells {@code result} once what came of it, unless the returned action, which gives up, runs before.
     *
     * @param patience how long the instance may take
     */
    Runnable ask(Instance instance, Duration patience, Consumer<ReflectionResult> result) {
        return ask(instance, patience, instance.registration().grpcServices(), Map.of(), result);
    }

    /** The same for these symbols; {@code known}: files that need not come again. */
    Runnable ask(
            Instance instance,
            Duration patience,
            List<String> symbols,
            Map<String, FileDescriptorProto> known,
            Consumer<ReflectionResult> result) {
        Asking asking = new Asking(instance, patience, symbols, known, result);
        asking.open(V1, new ReflectionResult.NotOffered());
        return asking::giveUp;
    }

    /** One question, by one version of reflection or, after a failure, by the other. */
    private final class Asking {
        private final Instance instance;
        private final Duration patience;
        private final List<String> symbols;
        private final Map<String, FileDescriptorProto> known;
        private final Consumer<ReflectionResult> result;
        private final Timers.Timer timeout;
        private ReflectionStream stream;

        Asking(
                Instance instance,
                Duration patience,
                List<String> symbols,
                Map<String, FileDescriptorProto> known,
                Consumer<ReflectionResult> result) {
            this.instance = instance;
            this.patience = patience;
            this.symbols = symbols;
            this.known = known;
            this.result = result;
            this.timeout = timers.schedule(this::expire, patience.toNanos());
        }

        /** {@code before}: what came of the version before; it counts where this one is not offered, or fails too. */
        void open(String path, ReflectionResult before) {
            stream = new ReflectionStream(symbols, known, timers, new ReflectionStream.End() {
                @Override
                public void found(DescriptorFiles files) {
                    tell(new ReflectionResult.Found(files));
                }

                @Override
                public void notOffered() {
                    next(new ReflectionResult.NotOffered());
                }

                @Override
                public void unreachable(String reason) {
                    tell(new ReflectionResult.Failed(reason));
                }

                @Override
                public void failed(String reason) {
                    next(new ReflectionResult.Failed(reason));
                }

                private void next(ReflectionResult failure) {
                    if (path.equals(V1)) {
                        open(V1ALPHA, failure);
                    } else {
                        tell(before instanceof ReflectionResult.Failed ? before : failure);
                    }
                }
            });
            stream.start(listener -> transport.open(call(path), instance, patience.toNanos(), 0, listener));
        }

        void giveUp() {
            timeout.cancel();
            stream.cancel();
        }

        private void expire() {
            stream.cancel();
            result.accept(
                    new ReflectionResult.Failed("no answer to reflection within " + patience.toMillis() + " ms", true));
        }

        private void tell(ReflectionResult reflected) {
            timeout.cancel();
            result.accept(reflected);
        }

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
