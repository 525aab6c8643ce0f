package io.middleware.gateway.balancer;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable;
import reactor.core.publisher.Mono;

/** Reads the value of a Mono that has one at once, and cancels any other. */
final class NonBlockingMono<T> implements CoreSubscriber<T> {
    private @Nullable Subscription subscription;
    private @Nullable T value;
    private @Nullable Throwable failure;

    private NonBlockingMono() {}

    /**
     * Returns the value; null when there is none at once, or none at all.
     *
     * @throws Exception the error of the Mono
     */
    @SuppressWarnings("unchecked") // a Mono<T> that is a ScalarCallable is one of T
    static <T> @Nullable T of(Mono<T> mono) throws Exception {
        if (mono instanceof Fuseable.ScalarCallable<?> known) {
            return (T) known.call();
        }
        NonBlockingMono<T> subscriber = new NonBlockingMono<>();
        mono.subscribe(subscriber);
        return subscriber.result();
    }

    private @Nullable T result() throws Exception {
        if (failure != null) {
            throw failure instanceof Exception exception ? exception : new IllegalStateException(failure);
        }
        if (value == null && subscription != null) {
            subscription.cancel();
        }
        return value;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        this.subscription = subscription;
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(T value) {
        this.value = value;
    }

    @Override
    public void onError(Throwable failure) {
        this.failure = failure;
    }

    @Override
    public void onComplete() {
        // the value came before
    }
}
