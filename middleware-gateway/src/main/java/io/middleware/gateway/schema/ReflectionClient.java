package io.middleware.gateway.schema;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.core.Instance;
import io.middleware.core.Timers;
import io.middleware.core.Transport;
import io.middleware.gateway.transport.GrpcHeaders;
import io.middleware.gateway.transport.NettyHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;

/**
 * Asks an instance by server reflection for the files that describe its gRPC services: by {@code grpc.reflection.v1}, and by the
 * older {@code v1alpha}, whose messages are the same on the wire, where it does not have that. Confined to the event loop of its
 * timers.
 */
final class ReflectionClient {
    private static final String V1 = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    private static final String V1ALPHA = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

    private final Transport transport;
    private final Timers timers;
    private final Duration patience;

    /** {@code patience}: how long an instance may take to answer. */
    ReflectionClient(Transport transport, Timers timers, Duration patience) {
        this.transport = transport;
        this.timers = timers;
        this.patience = patience;
    }

    /** Tells {@code result} once what came of it, unless the returned action, which gives up, runs before. */
    Runnable ask(Instance instance, Consumer<Reflected> result) {
        return ask(instance, instance.registration().grpcServices(), Map.of(), result);
    }

    /** The same for these symbols; {@code known}: files that need not come again. */
    Runnable ask(Instance instance, List<String> symbols, Map<String, FileDescriptorProto> known, Consumer<Reflected> result) {
        Asking asking = new Asking(instance, symbols, known, result);
        asking.open(V1);
        return asking::giveUp;
    }

    /** One question, over one stream or, after a refusal, a second one. */
    private final class Asking {
        private final Instance instance;
        private final List<String> symbols;
        private final Map<String, FileDescriptorProto> known;
        private final Consumer<Reflected> result;
        private final Timers.Timer timeout;
        private ReflectionStream stream;

        Asking(Instance instance, List<String> symbols, Map<String, FileDescriptorProto> known, Consumer<Reflected> result) {
            this.instance = instance;
            this.symbols = symbols;
            this.known = known;
            this.result = result;
            this.timeout = timers.schedule(this::expire, patience.toNanos());
        }

        void open(String path) {
            stream = new ReflectionStream(symbols, known, new ReflectionStream.End() {
                @Override
                public void found(DescriptorFiles files) {
                    tell(new Reflected.Found(files));
                }

                @Override
                public void failed(Code code, String reason) {
                    if (code != Code.UNIMPLEMENTED) {
                        tell(new Reflected.Failed(reason));
                    } else if (path.equals(V1)) {
                        open(V1ALPHA);
                    } else {
                        tell(new Reflected.NotOffered());
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
            result.accept(new Reflected.Failed("no answer to reflection within " + patience.toMillis() + " ms"));
        }

        private void tell(Reflected reflected) {
            timeout.cancel();
            result.accept(reflected);
        }

        private Call call(String path) {
            DefaultHttp2Headers headers = new DefaultHttp2Headers(false);
            headers.method("POST").scheme("http").path(path)
                    .authority(GrpcHeaders.authority(instance.registration().host(), instance.registration().port()))
                    .set("content-type", "application/grpc").set("te", "trailers")
                    .set("grpc-accept-encoding", "identity");
            return new Call(path, new NettyHeaders(headers), Call.NO_DEADLINE, false, null, timers);
        }
    }
}
