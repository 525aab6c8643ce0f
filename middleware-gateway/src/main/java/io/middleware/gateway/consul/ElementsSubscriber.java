package io.middleware.gateway.consul;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Reads the body of a response element by element, as it arrives. */
final class ElementsSubscriber<B> implements BodySubscriber<B> {
    private final Reading<B> reading;
    private final ArraySplitter splitter;
    private final CompletableFuture<B> body = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    /** Takes the elements of one response. */
    interface Reading<B> extends ArraySplitter.Listener {
        /** Called after the last one. */
        B end();
    }

    ElementsSubscriber(Reading<B> reading) {
        this.reading = reading;
        this.splitter = new ArraySplitter(reading);
    }

    @Override
    public CompletionStage<B> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        if (body.isDone()) {
            return;
        }
        try {
            for (ByteBuffer buffer : buffers) {
                splitter.add(buffer);
            }
        } catch (IOException | RuntimeException wrong) {
            onError(wrong);
            if (subscription != null) {
                subscription.cancel();
            }
        }
    }

    @Override
    public void onError(Throwable failure) {
        body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        try {
            splitter.end();
            body.complete(reading.end());
        } catch (IOException | RuntimeException wrong) {
            onError(wrong);
        }
    }
}
