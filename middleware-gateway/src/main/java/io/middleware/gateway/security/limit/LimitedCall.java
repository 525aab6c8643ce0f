package io.middleware.gateway.security.limit;

import io.middleware.core.Caller;
import io.middleware.core.Chunk;
import io.middleware.core.Failure;
import io.middleware.core.Headers;
import io.middleware.core.OngoingCall;
import io.middleware.core.Ticker;
import io.middleware.gateway.headers.NettyHeaders;
import io.middleware.gateway.ingress.ForwardingCall;
import io.middleware.gateway.ingress.ForwardingCaller;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/** Stands between a caller and its call, to give back its place at the end, whatever that is. Confined to the call's thread. */
final class LimitedCall implements ForwardingCaller, ForwardingCall {
    private final Caller caller;
    private final Allowance allowance;
    private final @Nullable LimitHeaders told;
    private final Ticker ticker;
    private final long start;
    private OngoingCall call = Ended.CALL;
    private boolean begun;
    private boolean ended;

    /** {@code told}: null: there is nothing to tell. */
    LimitedCall(Caller caller, Allowance allowance, @Nullable LimitHeaders told, Ticker ticker) {
        this.caller = caller;
        this.ticker = ticker;
        this.start = ticker.nanos();
        this.allowance = allowance;
        this.told = told;
    }

    /** Called when the call has been started; null: it could not be. */
    @Nullable
    OngoingCall started(@Nullable OngoingCall ongoing) {
        if (ongoing == null) {
            end();
            return null;
        }
        call = ongoing;
        return this;
    }

    /** Gives the place back, once. */
    void end() {
        if (!ended) {
            ended = true;
            allowance.end(ticker.nanos() - start);
        }
    }

    private void tell(Headers headers) {
        if (!begun && told != null && headers instanceof NettyHeaders(Http2Headers http2)) {
            http2.set(LimitHeaders.LIMIT, Integer.toString(told.limit()));
            http2.set(LimitHeaders.REMAINING, Long.toString(told.remaining()));
            http2.set(LimitHeaders.RESET, Long.toString(told.resetSeconds()));
        }
        begun = true;
    }

    @Override
    public Caller caller() {
        return caller;
    }

    @Override
    public OngoingCall next() {
        return call;
    }

    @Override
    public void onHeaders(Headers headers) {
        tell(headers);
        caller.onHeaders(headers);
    }

    @Override
    public void onTrailers(Headers trailers) {
        end();
        tell(trailers);
        caller.onTrailers(trailers);
    }

    @Override
    public void onFailure(Failure failure) {
        end();
        caller.onFailure(failure);
    }

    @Override
    public void cancel() {
        end();
        call.cancel();
    }

    /** A call that has ended while it was started, or before. */
    private enum Ended implements OngoingCall {
        CALL;

        @Override
        public void send(Chunk chunk, boolean last) {
            chunk.release();
        }

        @Override
        public void halfClose() {
            // nothing follows
        }

        @Override
        public void cancel() {
            // it has ended
        }

        @Override
        public boolean writable() {
            return true;
        }

        @Override
        public void wantMore(boolean more) {
            // nothing follows
        }
    }
}
