package io.middleware.core.stale;

import io.middleware.core.Call;
import io.middleware.core.Caller;
import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.Headers;
import io.middleware.core.call.ResponseWriter;
import java.time.Duration;

/**
 * What one call leaves to {@link StaleResponses}, or gets from there. Stands between the call and its caller, and sees what is
 * asked and what is answered as they pass. Confined to the call's thread.
 */
public final class StaleRecorder implements Caller {
    private final Call call;
    private final StaleResponses answers;
    private final BoundedBuffer request;
    private final BoundedBuffer reply;
    private boolean requestWhole;
    /** A server's; null as long as there are none, or where no server answers. */
    private Headers headers;

    private Duration age;

    StaleRecorder(Call call, StaleResponses answers) {
        this.call = call;
        this.answers = answers;
        this.request = new BoundedBuffer(answers.largest());
        this.reply = new BoundedBuffer(answers.largest());
    }

    // the request

    /** The chunk stays the giver's. */
    public void send(Chunk chunk, boolean last) {
        request.add(chunk);
        requestWhole |= last;
    }

    public void halfClose() {
        requestWhole = true;
    }

    /** What is asked is not known yet, and may come to be known. */
    public boolean awaitsRequest() {
        return !requestWhole && !request.tooLarge();
    }

    // instead of a server's answer

    /** Gives the caller the last good answer; false when there is none. */
    public boolean give(ResponseWriter answer) {
        StaleResponse last = known() ? answers.get(question()) : null;
        if (last == null) {
            return false;
        }
        age = answers.age(last);
        answer.begin(last.headers().copy());
        answer.chunk(answers.chunk(last));
        answer.trailers(last.trailers().copy());
        return true;
    }

    /** Of the answer that was given instead of a server's; null when none was. */
    public Duration age() {
        return age;
    }

    private boolean known() {
        return requestWhole && !request.tooLarge();
    }

    private ResponseKey question() {
        return answers.question(call, request.bytes());
    }

    // the answer, on its way to the caller

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
            reply.add(chunk);
        }
        call.caller().onChunk(chunk);
    }

    @Override
    public void onTrailers(Headers trailers) {
        boolean good = headers != null && trailers.code() == Code.OK;
        if (good && known() && !reply.tooLarge()) {
            answers.keep(question(), headers, reply.bytes(), trailers.copy());
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
