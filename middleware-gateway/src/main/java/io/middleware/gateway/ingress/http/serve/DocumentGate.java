package io.middleware.gateway.ingress.http.serve;

import io.middleware.core.Call;
import io.middleware.core.CallHandler;
import io.middleware.core.Caller;
import io.middleware.core.Chunk;
import io.middleware.core.Failure;
import io.middleware.core.Headers;
import io.middleware.core.OngoingCall;
import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.headers.NettyHeaders;
import io.middleware.gateway.ingress.CallGate;
import io.middleware.gateway.ingress.http.document.Documents;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.HttpReply;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.middleware.gateway.ingress.http.route.ParsedRequest;
import io.middleware.gateway.transport.EventLoops;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Has the gate decide who may read a document, as it decides on calls: by a call that ends well as soon as it passes.
 */
final class DocumentGate {
    private final boolean open;
    private final CallHandler gate;
    private final EventLoops loops;

    DocumentGate(CallGate gate, EventLoops loops) {
        this.open = gate == CallGate.NONE;
        this.gate = gate.around(DocumentGate::end);
        this.loops = loops;
    }

    private static @Nullable OngoingCall end(Call call) {
        call.caller().onTrailers(new NettyHeaders(new DefaultHttp2Headers(false).set(GrpcHeaders.STATUS, "0")));
        return null;
    }

    /**
     * Returns a document if it may be read, and the refusal otherwise.
     *
     * @param peer see {@link Call#peer}
     */
    Mono<HttpReply> guard(
            Mono<? extends HttpReply> document, Documents.Access access, ParsedRequest request, @Nullable String peer) {
        Mono<HttpReply> asked = document.cast(HttpReply.class);
        if (open || access == Documents.Access.ALL) {
            return asked;
        }
        Mono<HttpReply> allowed = pass(request, peer).then(asked);
        return access == Documents.Access.PAGE && isOfPerson(request)
                ? allowed.onErrorResume(Refusal.class, refusal -> asked.map(page -> with(refusal.answer(), page)))
                : allowed;
    }

    private static boolean isOfPerson(ParsedRequest request) {
        String accept = request.headers().get(HttpHeaderNames.ACCEPT);
        return accept != null && accept.contains("text/html");
    }

    /** Returns a page under the status of a refusal, so that nobody takes it for what was asked for. */
    private static HttpReply with(HttpResult refusal, HttpReply page) {
        if (!(page instanceof HttpResult result) || result.status() != 200) {
            return page;
        }
        Map<String, String> headers = new HashMap<>(result.headers());
        headers.putAll(refusal.headers());
        headers.put("Cache-Control", "no-store");
        return new HttpResult(refusal.status(), result.contentType(), result.body(), headers, null);
    }

    /** Completes if the document that a request asks for may be read, and fails otherwise. */
    private Mono<Void> pass(ParsedRequest request, @Nullable String peer) {
        return Mono.create(sink -> {
            String name = DocumentName.of(request.path());
            NettyHeaders headers = new NettyHeaders(Metadata.toServer(request.headers(), "/" + name, "", peer));
            OngoingCall waiting = gate.start(new Call(
                    name,
                    headers,
                    Call.NO_DEADLINE,
                    false,
                    new Passed(sink),
                    EventLoops.timers(loops.current()),
                    peer));
            if (waiting != null) {
                sink.onCancel(waiting::cancel);
            }
        });
    }

    private record Passed(MonoSink<Void> sink) implements Caller {
        @Override
        public void onHeaders(Headers headers) {}

        @Override
        public void onChunk(Chunk chunk) {
            chunk.release();
        }

        @Override
        public void onTrailers(Headers trailers) {
            sink.success();
        }

        @Override
        public void onFailure(Failure failure) {
            sink.error(ConnectError.of(failure, failure.message()).refusal());
        }

        @Override
        public void onWritabilityChanged() {}
    }
}
