package io.middleware.gateway.ingress.http.serve;

import io.middleware.core.Call;
import io.middleware.core.CallHandler;
import io.middleware.core.Chunk;
import io.middleware.core.OngoingCall;
import org.jspecify.annotations.Nullable;

/**
 * Starts a call when its request comes. So what stands before this decides by the headers alone, while the body is still at its
 * sender, and no server hears of a call whose body turns out to be wrong.
 */
final class StartWithRequest implements CallHandler {
    private final CallHandler calls;

    /** {@code calls}: starts them. */
    StartWithRequest(CallHandler calls) {
        this.calls = calls;
    }

    @Override
    public OngoingCall start(Call call) {
        return new Awaited(call);
    }

    /** Confined to the call's thread. */
    private final class Awaited implements OngoingCall {
        private final Call call;
        private @Nullable OngoingCall started;
        private boolean over;
        private boolean wantsMore = true;

        Awaited(Call call) {
            this.call = call;
        }

        /** Returns the call that has been started; null if it has ended already. */
        private @Nullable OngoingCall started() {
            if (started == null && !over) {
                started = calls.start(call);
                over = started == null;
                if (started != null && !wantsMore) {
                    started.wantMore(false);
                }
            }
            return started;
        }

        @Override
        public void send(Chunk chunk, boolean last) {
            OngoingCall to = started();
            if (to == null) {
                chunk.release();
            } else {
                to.send(chunk, last);
            }
        }

        @Override
        public void halfClose() {
            OngoingCall to = started();
            if (to != null) {
                to.halfClose();
            }
        }

        @Override
        public void cancel() {
            over = true;
            if (started != null) {
                started.cancel();
            }
        }

        @Override
        public boolean writable() {
            return started == null || started.writable();
        }

        @Override
        public void wantMore(boolean more) {
            wantsMore = more;
            if (started != null) {
                started.wantMore(more);
            }
        }

        @Override
        public OngoingCall actual() {
            return started == null ? this : started.actual();
        }
    }
}
