package io.middleware.core;

import java.time.Duration;

/**
 * What one call leaves to {@link LastGoodAnswers}, or gets from there. Stands between the call and its caller, and sees what is
 * asked and what is answered as they pass. Confined to the call's thread.
 */
final class LastGoodAnswer implements Caller {
    private final Call call;
    private final LastGoodAnswers answers;
    private final Gathered request;
    private final Gathered reply;
    private boolean requestWhole;
    /** A server's; null as long as there are none, or where no server answers. */
    private Headers headers;

    private Duration age;

    LastGoodAnswer(Call call, LastGoodAnswers answers) {
        this.call = call;
        this.answers = answers;
        this.request = new Gathered(answers.largest());
        this.reply = new Gathered(answers.largest());
    }

    // the request

    /** The chunk stays the giver's. */
    void send(Chunk chunk, boolean last) {
        request.add(chunk);
        requestWhole |= last;
    }

    void halfClose() {
        requestWhole = true;
    }

    /** What is asked is not known yet, and may come to be known. */
    boolean awaitsRequest() {
        return !requestWhole && !request.tooLarge();
    }

    // instead of a server's answer

    /** Gives the caller the last good answer; false when there is none. */
    boolean give(Answer answer) {
        GoodAnswer last = known() ? answers.get(question()) : null;
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
    Duration age() {
        return age;
    }

    private boolean known() {
        return requestWhole && !request.tooLarge();
    }

    private Question question() {
        return answers.question(call, request.bytes());
    }

    // the answer, on its way to the caller

    @Override
    public void headers(Headers leading) {
        if (age == null) {
            headers = leading.copy();
        }
        call.caller().headers(leading);
    }

    @Override
    public void chunk(Chunk chunk) {
        if (age == null) {
            reply.add(chunk);
        }
        call.caller().chunk(chunk);
    }

    @Override
    public void trailers(Headers trailers) {
        boolean good = headers != null && trailers.code() == Code.OK;
        if (good && known() && !reply.tooLarge()) {
            answers.keep(question(), headers, reply.bytes(), trailers.copy());
        }
        call.caller().trailers(trailers);
    }

    @Override
    public void failed(Failure failure) {
        call.caller().failed(failure);
    }

    @Override
    public void writabilityChanged() {
        call.caller().writabilityChanged();
    }
}
