package io.middleware.gateway;

import io.grpc.stub.StreamObserver;

/** Gets messages of which a test wants nothing. */
public final class IgnoredMessages<T> implements StreamObserver<T> {
    @Override
    public void onNext(T value) {}

    @Override
    public void onError(Throwable t) {}

    @Override
    public void onCompleted() {}
}
