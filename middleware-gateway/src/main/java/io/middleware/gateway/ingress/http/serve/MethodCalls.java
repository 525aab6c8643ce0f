package io.middleware.gateway.ingress.http.serve;

import io.middleware.core.CallHandler;
import io.middleware.core.Failure;
import io.middleware.core.OngoingCall;
import io.middleware.core.Ticker;
import io.middleware.gateway.ingress.CallGate;
import io.middleware.gateway.ingress.CallReport;
import io.middleware.gateway.ingress.http.json.CallContext;
import io.middleware.gateway.ingress.http.json.JsonWorkers;
import io.middleware.gateway.ingress.http.json.Translation;
import io.middleware.gateway.ingress.http.json.Translator;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.HttpReply;
import io.middleware.gateway.ingress.http.route.ParsedRequest;
import io.middleware.gateway.ingress.http.stream.OneMessage;
import io.middleware.gateway.ingress.http.stream.RequestLines;
import io.middleware.gateway.ingress.http.stream.RequestMessages;
import io.middleware.gateway.ingress.http.stream.StreamCall;
import io.middleware.gateway.ingress.http.stream.StreamRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/** Calls the method that was found: reads the request, makes the call, and begins or makes the response. */
final class MethodCalls {
    private final CallHandler calls;
    private final CallHandler withRequest;
    private final HttpOptions options;
    private final BodyReader body;
    private final Translator translator;

    /** {@code calls}: starts them once they have passed the gate. */
    MethodCalls(CallHandler calls, CallGate gate, Ticker ticker, HttpOptions options, JsonWorkers workers) {
        this.calls = gate.around(calls);
        this.withRequest = gate.around(new StartWithRequest(calls));
        this.options = options;
        this.body = new BodyReader(options.largest(), workers);
        this.translator = new Translator(workers, ticker);
    }

    /** {@code to}: gets the headers of the response. */
    Mono<HttpReply> call(
            HttpServerRequest request,
            ParsedRequest parsed,
            Translation translation,
            Http2Headers metadata,
            CallContext context,
            HttpHeaders to) {
        Head head = new Head(options.report(), to);
        boolean lines = translation.takesBody() && translation.streaming().lines();
        CallHandler handler = lines ? calls : withRequest;
        if (translation.streaming().server()) {
            StreamRequest stream = stream(request, parsed, translation, metadata, context, head);
            return StreamCall.of(
                    handler, stream, messages(request, parsed, translation, context, lines), options.largest());
        }
        RequestMessages messages = messages(request, parsed, translation, context, lines);
        return UnaryCall.of(handler, context, new UnaryCall.Request(translation.path(), metadata, messages), options)
                .flatMap(reply -> answer(translation, reply, context, head));
    }

    private StreamRequest stream(
            HttpServerRequest request,
            ParsedRequest parsed,
            Translation translation,
            Http2Headers metadata,
            CallContext context,
            Head head) {
        StreamRequest stream = new StreamRequest(
                translation,
                translator,
                parsed.headers().getAll(HttpHeaderNames.ACCEPT),
                metadata,
                head,
                ErrorForm.of(request)::inStream,
                context);
        stream.checkAccept();
        return stream;
    }

    private RequestMessages messages(
            HttpServerRequest request,
            ParsedRequest parsed,
            Translation translation,
            CallContext context,
            boolean lines) {
        if (lines) {
            body.refuseEncoded(request);
            return new RequestLines(request.receive(), translation, translator, context, options.largest());
        }
        return new OneMessage(body.content(request, parsed.hasBody(), translation, context)
                .flatMap(bytes -> translator.request(translation, bytes, context)));
    }

    private Mono<HttpReply> answer(Translation translation, UnaryResult reply, CallContext context, Head head) {
        ConnectError tooLarge = head.set(reply.leading(), reply.trailing(), reply.exchange());
        if (reply.error() != null) {
            return Mono.just(reply.error().answer());
        }
        return tooLarge == null
                ? translator
                        .response(translation, Objects.requireNonNull(reply.message()), context)
                        .cast(HttpReply.class)
                : Mono.just(tooLarge.answer());
    }

    /** The headers of one response. */
    private record Head(CallReport report, HttpHeaders to) implements StreamRequest.Head {
        @Override
        public @Nullable ConnectError set(
                @Nullable Http2Headers leading, @Nullable Http2Headers trailing, @Nullable OngoingCall call) {
            boolean fits = Metadata.fits(leading, trailing);
            if (fits) {
                Metadata.toCaller(leading, trailing, to);
            }
            report.addTo(call, to::set);
            return fits ? null : Metadata.tooLarge();
        }

        @Override
        public String message(Failure failure) {
            return report.message(failure);
        }
    }
}
