package io.middleware.systemtests;

import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.HelloReply;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What comes back on a stream, in order. */
final class Answers implements StreamObserver<HelloReply> {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final BlockingQueue<String> replies = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    @Override
    public void onNext(HelloReply reply) {
        replies.add(reply.getMessage());
    }

    @Override
    public void onError(Throwable error) {
        end.completeExceptionally(error);
    }

    @Override
    public void onCompleted() {
        end.complete(null);
    }

    /** The next reply. */
    String next() throws InterruptedException {
        String reply = replies.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
        if (reply == null) {
            throw new AssertionError(
                    "no reply within " + LIMIT, end.isCompletedExceptionally() ? end.exceptionNow() : null);
        }
        return reply;
    }

    /** Returns when the stream has ended well. */
    void awaitEnd() throws Exception {
        end.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /** Whether the stream stays open and silent for as long as {@code silence}. */
    boolean staysSilentFor(Duration silence) throws InterruptedException {
        return replies.poll(silence.toSeconds(), TimeUnit.SECONDS) == null && !end.isDone();
    }
}
