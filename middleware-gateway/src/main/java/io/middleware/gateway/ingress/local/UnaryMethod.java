package io.middleware.gateway.ingress.local;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.middleware.core.Code;
import io.middleware.gateway.schema.MessageFrames;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One message of a request, which gets something once the request is complete. */
final class UnaryMethod<T> implements LocalMethod {
    private final LocalCall call;
    private final Parser<T> parser;
    private final BiConsumer<T, LocalCall> onMessage;
    private int messages;
    private @Nullable T message;

    /** {@code onMessage}: gets the message, and the call to respond to. */
    UnaryMethod(LocalCall call, Parser<T> parser, BiConsumer<T, LocalCall> onMessage) {
        this.call = call;
        this.parser = parser;
        this.onMessage = onMessage;
    }

    /** Returns a method of one response. {@code respond}: throws a {@link NotFoundException} if there is none. */
    static <T> Factory of(Parser<T> parser, Function<T, MessageLite> respond) {
        return started -> new UnaryMethod<T>(started, parser, (message, call) -> {
            try {
                call.respond(MessageFrames.frame(respond.apply(message)));
                call.complete();
            } catch (NotFoundException e) {
                call.fail(Code.NOT_FOUND, e.getMessage());
            }
        });
    }

    /** Thrown when there is no response to a request. */
    static final class NotFoundException extends RuntimeException {
        private final String reason;

        NotFoundException(String reason) {
            super(reason, null, false, false);
            this.reason = reason;
        }

        @Override
        public String getMessage() {
            return reason;
        }
    }

    @Override
    public void onRequest(byte[] bytes) throws InvalidProtocolBufferException {
        messages++;
        message = parser.parseFrom(bytes);
    }

    @Override
    public void onComplete() {
        if (messages == 1 && message != null) {
            onMessage.accept(message, call);
        } else {
            // as gRPC prescribes for another number of messages than one
            call.fail(Code.UNIMPLEMENTED, "the request has " + messages + " messages (expected: one)");
        }
    }
}
