package io.middleware.gateway.library;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.StreamObserver;
import io.middleware.gateway.library.v1.Book;
import io.middleware.gateway.library.v1.LibraryGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Real gRPC servers that execute {@code Echo} once for each idempotency key, by one table for all of them. A call without a key is
 * executed each time.
 */
public final class KeyedServers implements AutoCloseable {
    private static final Metadata.Key<String> KEY = name("idempotency-key");
    private static final Metadata.Key<String> REPLAYED = name("idempotency-replayed");
    private static final Context.Key<String> CURRENT = Context.key("idempotency-key");

    private final Map<String, Book> kept = new ConcurrentHashMap<>();
    private final AtomicInteger deaths = new AtomicInteger();
    private final Queue<String> executed = new ConcurrentLinkedQueue<>();
    private final List<Server> servers = new ArrayList<>();

    private static Metadata.Key<String> name(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /** Starts one more, and returns its port. */
    public int start() {
        Library library = new Library();
        try {
            library.server = NettyServerBuilder.forPort(0)
                    .addService(ServerInterceptors.intercept(library, new Keys()))
                    .addService(ProtoReflectionServiceV1.newInstance())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        servers.add(library.server);
        return library.server.getPort();
    }

    /** The server that executes next dies before it responds. */
    public void killNext() {
        deaths.set(1);
    }

    /** Returns the keys of all executions; empty texts for those without one. */
    public List<String> executed() {
        return List.copyOf(executed);
    }

    @Override
    public void close() {
        servers.forEach(Server::shutdownNow);
    }

    private final class Library extends LibraryGrpc.LibraryImplBase {
        private Server server;

        @Override
        public void echo(Book request, StreamObserver<Book> caller) {
            String key = CURRENT.get();
            if (key == null || !kept.containsKey(key)) {
                executed.add(key == null ? "" : key);
                if (key != null) {
                    kept.put(key, request);
                }
                if (deaths.getAndDecrement() > 0) {
                    server.shutdownNow();
                    return;
                }
            }
            caller.onNext(key == null ? request : kept.get(key));
            caller.onCompleted();
        }
    }

    private final class Keys implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            String key = headers.get(KEY);
            boolean replays = key != null && kept.containsKey(key);
            ServerCall<Q, R> marked = new SimpleForwardingServerCall<>(call) {
                @Override
                public void sendHeaders(Metadata response) {
                    if (replays) {
                        response.put(REPLAYED, "true");
                    }
                    super.sendHeaders(response);
                }
            };
            return Contexts.interceptCall(Context.current().withValue(CURRENT, key), marked, headers, next);
        }
    }
}
