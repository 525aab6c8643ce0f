package io.middleware.core.stale;

import io.middleware.core.Call;
import io.middleware.core.Caller;
import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.Headers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Records one call for {@link StaleResponses}, and finds the stale response if the call fails. Stands between the call
 * and its caller, where the request and the response pass. Confined to the call's thread.
 */
public final class StaleRecorder implements Caller {
    private final Call call;
    private final StaleResponses responses;
    private final BoundedBuffer request;
    private final BoundedBuffer response;
    private boolean requestComplete;
    /** The headers of a server's response; null until they arrive. */
    private @Nullable Headers headers;

    private @Nullable Duration age;

    StaleRecorder(Call call, StaleResponses responses) {
        this.call = call;
        this.responses = responses;
        this.request = new BoundedBuffer(responses.largest());
        this.response = new BoundedBuffer(responses.largest());
    }

    // the request

    /** Records more of the request. The chunk stays the owner's. */
    public void send(Chunk chunk, boolean last) {
        request.add(chunk);
        requestComplete |= last;
    }

    public void halfClose() {
        requestComplete = true;
    }

    /** Whether the request is incomplete, and not too large so far. */
    public boolean awaitsRequest() {
        return !requestComplete && !request.tooLarge();
    }

    // instead of a server's response

    /** Returns the last good response to an equal request, for the caller; null if there is none. */
    public @Nullable StaleResponse find() {
        StaleResponse last = known() ? responses.get(key()) : null;
        if (last != null) {
            age = responses.age(last);
        }
        return last;
    }

    /** Returns the message of a response in the transport's form. */
    public Chunk chunk(StaleResponse response) {
        return responses.chunk(response);
    }

    /** Returns the age of the stale response that the caller got; null if it got none. */
    public @Nullable Duration age() {
        return age;
    }

    private boolean known() {
        return requestComplete && !request.tooLarge();
    }

    private ResponseKey key() {
        return responses.key(call, request.bytes());
    }

    // the response, on its way to the caller

    @Override
    public void onHeaders(Headers leading) {
        if (age == null) {
            headers = leading.copy();
        }
        call.caller().onHeaders(leading);
    }

    @Override
    public void onChunk(Chunk chunk) {
        if (age == null) {
            response.add(chunk);
        }
        call.caller().onChunk(chunk);
    }

    @Override
    public void onTrailers(Headers trailers) {
        if (headers != null && trailers.code() == Code.OK && known() && !response.tooLarge()) {
            responses.keep(key(), headers, response.bytes(), trailers.copy());
        }
        call.caller().onTrailers(trailers);
    }

    @Override
    public void onFailure(Failure failure) {
        call.caller().onFailure(failure);
    }

    @Override
    public void onWritabilityChanged() {
        call.caller().onWritabilityChanged();
    }
}
