package io.middleware.testsupport;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.StreamObserver;
import io.middleware.testsupport.shop.v1.Item;
import io.middleware.testsupport.shop.v1.ShopServiceGrpc.ShopServiceImplBase;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A real gRPC server on a free port of the loopback. It records the attempts that arrive, and responds as a test wants.
 */
public final class ShopServer extends ShopServiceImplBase implements ServerInterceptor, AutoCloseable {

    /** An attempt that arrived: the method's name, its headers, and the time left until its deadline. */
    public record Attempt(String method, Metadata headers, Optional<Duration> deadline) {

        public String header(String name) {
            return headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
        }
    }

    /** How the server responds to an attempt. */
    @FunctionalInterface
    public interface Answer {

        void accept(Item item, StreamObserver<Item> answers);
    }

    private static final Context.Key<Answer> ANSWER = Context.key("answer");

    /** Never responds. */
    public static final Answer HANGS = (item, answers) -> {};

    /** Responds with the request. */
    public static final Answer ECHOES = (item, answers) -> {
        answers.onNext(item);
        answers.onCompleted();
    };

    private final List<Attempt> attempts = new CopyOnWriteArrayList<>();
    private final Server server;
    private volatile List<Answer> script = List.of(ECHOES);

    private ShopServer(ServerCredentials credentials, boolean reflection) throws IOException {
        var builder =
                Grpc.newServerBuilderForPort(0, credentials).addService(this).intercept(this);
        if (reflection) {
            builder.addService(ProtoReflectionServiceV1.newInstance());
        }
        server = builder.build().start();
    }

    public static ShopServer start() throws IOException {
        return new ShopServer(InsecureServerCredentials.create(), false);
    }

    public static ShopServer startWithReflection() throws IOException {
        return new ShopServer(InsecureServerCredentials.create(), true);
    }

    public static ShopServer startWith(ServerCredentials credentials) throws IOException {
        return new ShopServer(credentials, false);
    }

    /** Ends every attempt with this status. */
    public static Answer fails(Status status) {
        return (item, answers) -> answers.onError(status.asRuntimeException());
    }

    /** Does the same with a retry pushback in milliseconds: a negative one forbids retries. */
    public static Answer fails(Status status, String pushback) {
        return fails(status, "grpc-retry-pushback-ms", pushback);
    }

    /** Does the same with these trailers: name, value, name, value. */
    public static Answer fails(Status status, String name, String value, String... more) {
        Metadata trailers = new Metadata();
        trailers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        for (int i = 0; i < more.length; i += 2) {
            trailers.put(Metadata.Key.of(more[i], Metadata.ASCII_STRING_MARSHALLER), more[i + 1]);
        }
        return (item, answers) -> answers.onError(status.asRuntimeException(trailers));
    }

    /** Sets the responses to the first attempt, the second, and so on; the last one is for all further attempts. */
    public void answers(Answer... inTurn) {
        script = List.of(inTurn);
    }

    public String target() {
        return "127.0.0.1:" + server.getPort();
    }

    public int port() {
        return server.getPort();
    }

    public List<Attempt> attempts() {
        return attempts;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        Optional<Duration> deadline = Optional.ofNullable(Context.current().getDeadline())
                .map(left -> Duration.ofNanos(left.timeRemaining(TimeUnit.NANOSECONDS)));
        attempts.add(new Attempt(call.getMethodDescriptor().getBareMethodName(), headers, deadline));
        var answer = script.get(Math.min(attempts.size(), script.size()) - 1);
        return Contexts.interceptCall(Context.current().withValue(ANSWER, answer), call, headers, next);
    }

    @Override
    public void look(Item item, StreamObserver<Item> answers) {
        ANSWER.get().accept(item, answers);
    }

    @Override
    public void keep(Item item, StreamObserver<Item> answers) {
        ANSWER.get().accept(item, answers);
    }

    @Override
    public void buy(Item item, StreamObserver<Item> answers) {
        ANSWER.get().accept(item, answers);
    }

    @Override
    public void watch(Item item, StreamObserver<Item> answers) {
        if (ANSWER.get() != ECHOES) {
            ANSWER.get().accept(item, answers);
            return;
        }
        item.getTagsList()
                .forEach(tag -> answers.onNext(Item.newBuilder().setName(tag).build()));
        answers.onCompleted();
    }

    @Override
    public StreamObserver<Item> collect(StreamObserver<Item> answers) {
        List<String> names = new ArrayList<>();
        return new Incoming(answers, item -> names.add(item.getName())) {
            @Override
            public void onCompleted() {
                answers.onNext(Item.newBuilder().addAllTags(names).build());
                answers.onCompleted();
            }
        };
    }

    @Override
    public StreamObserver<Item> haggle(StreamObserver<Item> answers) {
        return new Incoming(
                answers, item -> answers.onNext(item.toBuilder().addTags("less").build()));
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private static class Incoming implements StreamObserver<Item> {

        private final StreamObserver<Item> answers;
        private final Consumer<Item> onItem;

        Incoming(StreamObserver<Item> answers, Consumer<Item> onItem) {
            this.answers = answers;
            this.onItem = onItem;
        }

        @Override
        public void onNext(Item item) {
            onItem.accept(item);
        }

        @Override
        public void onError(Throwable cancelled) {
            // the caller is gone
        }

        @Override
        public void onCompleted() {
            answers.onCompleted();
        }
    }
}
