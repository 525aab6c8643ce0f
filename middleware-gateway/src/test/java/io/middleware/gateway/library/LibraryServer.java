package io.middleware.gateway.library;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.Empty;
import com.google.protobuf.util.Durations;
import com.google.rpc.Status;
import io.grpc.BindableService;
import io.grpc.ForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.middleware.gateway.library.v1.Book;
import io.middleware.gateway.library.v1.CreateBookRequest;
import io.middleware.gateway.library.v1.FailRequest;
import io.middleware.gateway.library.v1.GetBookRequest;
import io.middleware.gateway.library.v1.LibraryGrpc;
import io.middleware.gateway.library.v1.ReadFileReply;
import io.middleware.gateway.library.v1.ReadFileRequest;
import io.middleware.gateway.library.v1.SearchBooksReply;
import io.middleware.gateway.library.v1.SearchBooksRequest;
import io.middleware.gateway.library.v1.TagBookRequest;
import io.middleware.gateway.library.v1.UpdateBookRequest;
import io.middleware.gateway.library.v1.WaitRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A real gRPC server whose answers show what it understood. */
public final class LibraryServer implements AutoCloseable {
    public static final String GRPC_SERVICE = "library.v1.Library";
    /** Answered as a trailer of the same name, and in the headers with {@code -seen} after it. */
    public static final Metadata.Key<String> ECHO = Metadata.Key.of("echo", Metadata.ASCII_STRING_MARSHALLER);

    public static final Metadata.Key<byte[]> ECHO_BIN = Metadata.Key.of("echo-bin", Metadata.BINARY_BYTE_MARSHALLER);
    public static final Metadata.Key<String> CALL_ID = Metadata.Key.of("x-call-id", Metadata.ASCII_STRING_MARSHALLER);
    /** A file whose path begins with it has as many zeros as the rest says, six bytes each in JSON; any other holds its path. */
    private static final String SIZE = "size/";

    private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(2);
    private final CountDownLatch waiting = new CountDownLatch(1);
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final Server server;

    /** {@code others}: reflection, for example. */
    public LibraryServer(int port, BindableService... others) {
        NettyServerBuilder builder = NettyServerBuilder.forPort(port)
                .executor(executor)
                .maxInboundMessageSize(64 << 20)
                .maxInboundMetadataSize(72 << 10)
                .addService(ServerInterceptors.intercept(new Library(), new Echo()));
        List.of(others).forEach(builder::addService);
        try {
            server = builder.build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getPort();
    }

    /** Whether a call waits, or comes to wait within the time. */
    public boolean awaitWaiting() throws InterruptedException {
        return waiting.await(5, TimeUnit.SECONDS);
    }

    /** Whether a waiting call was cancelled, or is within the time. */
    public boolean awaitCancelled() throws InterruptedException {
        return cancelled.await(5, TimeUnit.SECONDS);
    }

    /** Refuses connections from now on. */
    public void stop() {
        server.shutdownNow();
        executor.shutdownNow();
        await().until(server::isTerminated);
    }

    @Override
    public void close() {
        stop();
    }

    private static <T> void answer(StreamObserver<T> to, T reply) {
        to.onNext(reply);
        to.onCompleted();
    }

    private final class Library extends LibraryGrpc.LibraryImplBase {
        @Override
        public void getBook(GetBookRequest request, StreamObserver<Book> reply) {
            answer(reply, Book.newBuilder().setName(request.getName()).build());
        }

        @Override
        public void searchBooks(SearchBooksRequest request, StreamObserver<SearchBooksReply> reply) {
            SearchBooksReply.Builder found = SearchBooksReply.newBuilder().setRequest(request);
            if (!request.getText().equals("nothing")) {
                found.addBooks(Book.newBuilder().setTitle(request.toString()));
            }
            answer(reply, found.build());
        }

        @Override
        public void createBook(CreateBookRequest request, StreamObserver<Book> reply) {
            answer(
                    reply,
                    request.getBook().toBuilder()
                            .setName(request.getShelf() + "/books/1")
                            .addTags(request.getDryRun() ? "dry" : "real")
                            .build());
        }

        @Override
        public void updateBook(UpdateBookRequest request, StreamObserver<Book> reply) {
            answer(
                    reply,
                    request.getBook().toBuilder()
                            .addAllTags(request.getUpdateMask().getPathsList())
                            .build());
        }

        @Override
        public void tagBook(TagBookRequest request, StreamObserver<Book> reply) {
            answer(
                    reply,
                    Book.newBuilder()
                            .setName(request.getName())
                            .addAllTags(request.getTagsList())
                            .build());
        }

        @Override
        public void readFile(ReadFileRequest request, StreamObserver<ReadFileReply> reply) {
            String path = request.getPath();
            String content =
                    path.startsWith(SIZE) ? "\0".repeat(Integer.parseInt(path.substring(SIZE.length()))) : path;
            answer(reply, ReadFileReply.newBuilder().setContent(content).build());
        }

        @Override
        public void echo(Book request, StreamObserver<Book> reply) {
            answer(reply, request);
        }

        @Override
        public void fail(FailRequest request, StreamObserver<Empty> reply) {
            reply.onError(StatusProto.toStatusRuntimeException(Status.newBuilder()
                    .setCode(request.getCode())
                    .setMessage(request.getMessage())
                    .addAllDetails(request.getDetailsList())
                    .build()));
        }

        @Override
        public void watchBooks(SearchBooksRequest request, StreamObserver<Book> reply) {
            for (int i = 0; i < request.getLimit(); i++) {
                reply.onNext(Book.getDefaultInstance());
            }
            reply.onCompleted();
        }

        @Override
        public void wait(WaitRequest request, StreamObserver<Empty> reply) {
            ((ServerCallStreamObserver<Empty>) reply).setOnCancelHandler(cancelled::countDown);
            waiting.countDown();
            executor.schedule(
                    () -> answer(reply, Empty.getDefaultInstance()),
                    Durations.toMillis(request.getTime()),
                    TimeUnit.MILLISECONDS);
        }
    }

    /** Sends back the metadata of the caller. */
    private static final class Echo implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            ServerCall<Q, R> echoing = new ForwardingServerCall.SimpleForwardingServerCall<>(call) {
                @Override
                public void sendHeaders(Metadata leading) {
                    copy(headers, CALL_ID, leading, Metadata.Key.of("call-id-seen", Metadata.ASCII_STRING_MARSHALLER));
                    copy(headers, ECHO, leading, Metadata.Key.of("echo-seen", Metadata.ASCII_STRING_MARSHALLER));
                    copy(headers, ECHO_BIN, leading, Metadata.Key.of("echo-seen-bin", Metadata.BINARY_BYTE_MARSHALLER));
                    leading.put(
                            Metadata.Key.of("access-control-allow-origin", Metadata.ASCII_STRING_MARSHALLER),
                            "https://server.example");
                    leading.put(
                            Metadata.Key.of("headers-seen", Metadata.ASCII_STRING_MARSHALLER),
                            String.join(" ", headers.keys()));
                    super.sendHeaders(leading);
                }

                @Override
                public void close(io.grpc.Status status, Metadata trailers) {
                    copy(headers, ECHO, trailers, ECHO);
                    super.close(status, trailers);
                }
            };
            return next.startCall(echoing, headers);
        }

        private static <T> void copy(Metadata from, Metadata.Key<T> key, Metadata to, Metadata.Key<T> as) {
            T value = from.get(key);
            if (value != null) {
                to.put(as, value);
            }
        }
    }
}
