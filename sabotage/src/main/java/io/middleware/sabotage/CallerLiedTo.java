package io.middleware.sabotage;

import io.middleware.core.Caller;
import io.middleware.core.Chunk;
import io.middleware.core.Failure;
import io.middleware.core.Headers;

/** Gets all but the words that its call may have run. */
final class CallerLiedTo implements Caller {

    private final Caller caller;

    CallerLiedTo(Caller caller) {
        this.caller = caller;
    }

    @Override
    public void onHeaders(Headers headers) {
        caller.onHeaders(headers);
    }

    @Override
    public void onChunk(Chunk chunk) {
        caller.onChunk(chunk);
    }

    @Override
    public void onTrailers(Headers trailers) {
        caller.onTrailers(trailers);
    }

    @Override
    public void onFailure(Failure failure) {
        caller.onFailure(
                new Failure(failure.code(), lie(failure.message()), lie(failure.detailed()), failure.headers()));
    }

    static String lie(String message) {
        return message.replaceAll("may (already )?have run", "never ran");
    }

    @Override
    public void onWritabilityChanged() {
        caller.onWritabilityChanged();
    }
}
