package io.middleware.gateway.ingress.http.stream;

import io.middleware.core.Failure;
import io.middleware.core.OngoingCall;
import io.middleware.gateway.ingress.http.json.CallContext;
import io.middleware.gateway.ingress.http.json.Translation;
import io.middleware.gateway.ingress.http.json.Translator;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.Problem;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request to a method whose server sends a stream.
 *
 * @param accept   all values of the request's {@code Accept}
 * @param metadata sent to the server
 * @param head     sets the headers of the response
 * @param errors   returns an error as JSON, in the form that the caller understands
 */
public record StreamRequest(
        Translation translation,
        Translator translator,
        List<String> accept,
        Http2Headers metadata,
        Head head,
        Function<ConnectError, byte[]> errors,
        CallContext context) {

    /** The headers of the response, which tell how the call went. */
    public interface Head {
        /**
         * Sets the headers.
         *
         * @return an error if the metadata is too large
         */
        @Nullable
        ConnectError set(@Nullable Http2Headers leading, @Nullable Http2Headers trailing, @Nullable OngoingCall call);

        /** Returns the message for a call to which no instance responded. */
        String message(Failure failure);
    }

    /** @throws Refusal if the caller accepts no form that a stream can have */
    public void checkAccept() {
        form();
    }

    StreamForm form() {
        if (translation.isRawReply()) {
            return StreamForm.RAW;
        }
        StreamForm form = AcceptedForm.of(accept);
        if (form == null) {
            throw new Refusal(Problem.notAcceptable(translation.path(), String.join(", ", accept), AcceptedForm.TYPES));
        }
        return form;
    }
}
