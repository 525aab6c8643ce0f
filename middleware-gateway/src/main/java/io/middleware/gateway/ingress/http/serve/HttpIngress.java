package io.middleware.gateway.ingress.http.serve;

import io.middleware.core.Call;
import io.middleware.core.CallHandler;
import io.middleware.core.Code;
import io.middleware.core.Ticker;
import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.headers.IdempotencyKey;
import io.middleware.gateway.headers.MiddlewareHeaders;
import io.middleware.gateway.ingress.CallGate;
import io.middleware.gateway.ingress.CallId;
import io.middleware.gateway.ingress.ConnectionPeer;
import io.middleware.gateway.ingress.Cors;
import io.middleware.gateway.ingress.http.document.Documents;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.gateway.ingress.http.json.CallContext;
import io.middleware.gateway.ingress.http.json.JsonWorkers;
import io.middleware.gateway.ingress.http.json.Translation;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.ConnectHeaders;
import io.middleware.gateway.ingress.http.result.ContentTypes;
import io.middleware.gateway.ingress.http.result.HttpReply;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.ingress.http.result.Problem;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.middleware.gateway.ingress.http.route.ParsedRequest;
import io.middleware.gateway.ingress.http.route.Router;
import io.middleware.gateway.transport.EventLoops;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.web.util.DisconnectedClientHelper;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Serves calls over HTTP: the request becomes gRPC messages, the response messages or the error an HTTP reply. A
 * call stays on the event loop of its caller's connection, except the work on large bodies, which is done by
 * {@link JsonWorkers}.
 *
 * <p>Uses Reactor Netty directly: WebFlux would respond to some requests itself.
 */
final class HttpIngress
        implements BiFunction<HttpServerRequest, HttpServerResponse, Mono<Void>>,
                ApplicationListener<AvailabilityChangeEvent<ReadinessState>>,
                Ordered {
    private static final Logger log = LoggerFactory.getLogger(HttpIngress.class);

    private final Router router;
    private final Documents documents;
    private final EventLoops loops;
    private final Ticker ticker;
    private final HttpOptions options;
    private final BodyBudget bodies;
    private final MethodCalls methods;
    private final DocumentGate documentGate;
    private final DeferredResponses deferred = new DeferredResponses();
    private volatile boolean draining;

    HttpIngress(
            Router router,
            Documents documents,
            CallHandler calls,
            CallGate gate,
            EventLoops loops,
            Ticker ticker,
            HttpOptions options,
            BodyBudget bodies,
            JsonWorkers workers) {
        this.router = router;
        this.documents = documents;
        this.loops = loops;
        this.ticker = ticker;
        this.options = options;
        this.bodies = bodies;
        this.documentGate = new DocumentGate(gate, loops);
        this.methods = new MethodCalls(calls, gate, ticker, options, workers);
    }

    /**
     * Once the gateway is draining, closes each connection after its next response, so that no caller sends into a
     * closed one.
     */
    @Override
    public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> readiness) {
        draining = readiness.getState() == ReadinessState.REFUSING_TRAFFIC;
        if (draining) {
            deferred.drain();
        }
    }

    /** Runs before the listeners that wait until others know that this gateway is draining. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> apply(HttpServerRequest request, HttpServerResponse response) {
        return respond(request, response).onErrorResume(SSLException.class, ended -> hangUp(request));
    }

    /** A caller that has closed its TLS session cannot read the response. This is no error of the gateway, so it logs none. */
    private static Mono<Void> hangUp(HttpServerRequest request) {
        request.withConnection(connection -> connection.channel().close());
        return Mono.empty();
    }

    private Mono<Void> respond(HttpServerRequest request, HttpServerResponse response) {
        boolean head = request.method().equals(HttpMethod.HEAD);
        response.header(MiddlewareHeaders.GATEWAY, options.report().gatewayId());
        Cors cors = options.cors();
        if (cors.answersPreflight(request.method().asciiName(), request.requestHeaders()::get)) {
            cors.addPreflightTo(request.requestHeaders()::get, response.responseHeaders()::add);
            return response.status(HttpResponseStatus.NO_CONTENT).send();
        }
        cors.addTo(request.requestHeaders().get(HttpHeaderNames.ORIGIN), response.responseHeaders()::add);
        String collects = request.requestHeaders().get(MiddlewareHeaders.DEFERRED);
        if (collects != null) {
            return deferred.collect(collects, response, head);
        }
        CharSequence callId = CallId.orNext(request.requestHeaders().get(MiddlewareHeaders.CALL_ID));
        response.header(MiddlewareHeaders.CALL_ID, callId);
        if (draining) {
            response.keepAlive(false);
        }
        BodyBudget.Lease lease = bodies.lease();
        String id = request.requestHeaders().get(MiddlewareHeaders.DEFER);
        if (id != null) {
            HttpHeaders answerHeaders =
                    DefaultHttpHeadersFactory.headersFactory().newHeaders().set(MiddlewareHeaders.CALL_ID, callId);
            return deferred.write(
                    id,
                    new DeferredResponse(
                            answerOrRefusal(request, answerHeaders, callId, lease),
                            answerHeaders,
                            lease,
                            loops.current()),
                    response,
                    head);
        }
        return answerOrRefusal(request, response.responseHeaders(), callId, lease)
                .flatMap(answer -> answer.writeTo(response, head))
                .doFinally(end -> lease.close());
    }

    private Mono<HttpReply> answerOrRefusal(
            HttpServerRequest request, HttpHeaders answerHeaders, CharSequence callId, BodyBudget.Lease lease) {
        return answer(request, answerHeaders, callId, lease)
                .onErrorResume(
                        RuntimeException.class,
                        failure -> failure instanceof Refusal refusal
                                ? Mono.just(refusal.answer())
                                : broken(failure, callId))
                .map(answer -> answer instanceof HttpResult result && result.error() != null
                        ? ErrorForm.of(request).of(result)
                        : answer);
    }

    private Mono<HttpReply> answer(
            HttpServerRequest request, HttpHeaders answerHeaders, CharSequence callId, BodyBudget.Lease lease) {
        return Mono.defer(() -> {
            ParsedRequest parsed = ParsedRequest.of(request);
            String peer = peer(request);
            Mono<? extends HttpReply> document = documents.find(parsed, request);
            if (document != null) {
                return documentGate.guard(document, documents.access(parsed), parsed, peer);
            }
            if (router.isOptions(parsed)) {
                return Mono.just(router.options(parsed));
            }
            Translation translation = router.route(parsed);
            HttpHeaders headers = parsed.headers();
            ConnectHeaders.checkVersion(headers.get(ConnectHeaders.VERSION));
            String resent = headers.get(MiddlewareHeaders.RESENT);
            if (resent != null && !router.idempotent(translation.path()) && !isKeyed(headers)) {
                throw new ConnectError(
                                Code.UNAVAILABLE,
                                "the gateway that had this call ended or fell silent; "
                                        + "not retried: it may already have run and is not idempotent")
                        .refusal();
            }
            checkUnary(headers, translation);
            long callers = deadline(headers.get(ConnectHeaders.TIMEOUT));
            boolean oursHolds =
                    callers == Call.NO_DEADLINE && translation.streaming().isUnary();
            CallContext context = new CallContext(loops.current(), oursHolds ? ours() : callers, callers, lease, peer);
            Http2Headers metadata = Metadata.toServer(headers, translation.path(), callId, peer);
            if (resent != null) {
                metadata.set(MiddlewareHeaders.RESENT, resent);
            }
            return methods.call(request, parsed, translation, metadata, context, answerHeaders);
        });
    }

    /** Such a call may run again where its key is honoured, which is decided when its instance is chosen. */
    private static boolean isKeyed(HttpHeaders headers) {
        List<String> keys = headers.getAll(GrpcHeaders.IDEMPOTENCY_KEY);
        return keys.size() == 1 && IdempotencyKey.bare(keys.getFirst()) != null;
    }

    /** Refuses a streaming method to a caller that speaks Connect's protocol for unary calls, as that prescribes. */
    private static void checkUnary(HttpHeaders headers, Translation translation) {
        if (headers.contains(ConnectHeaders.VERSION) && !translation.streaming().isUnary()) {
            throw new Refusal(Problem.wrongContentType(
                    translation.path(),
                    "of Connect's unary calls to a streaming method",
                    ContentTypes.CONNECT_STREAMS));
        }
    }

    private long deadline(@Nullable String timeoutMillis) {
        long timeout = ConnectHeaders.timeout(timeoutMillis);
        return timeout > Long.MAX_VALUE / 2 ? Call.NO_DEADLINE : ticker.nanos() + timeout;
    }

    private long ours() {
        return options.unaryDeadline() == 0 ? Call.NO_DEADLINE : ticker.nanos() + options.unaryDeadline();
    }

    private static @Nullable String peer(HttpServerRequest request) {
        AtomicReference<@Nullable String> peer = new AtomicReference<>();
        request.withConnection(connection -> peer.set(ConnectionPeer.of(connection.channel())));
        return peer.get();
    }

    private static Mono<HttpReply> broken(RuntimeException failure, CharSequence callId) {
        if (DisconnectedClientHelper.isClientDisconnectedException(failure)) {
            return Mono.empty();
        }
        log.atError()
                .addKeyValue("callId", callId)
                .setCause(failure)
                .log("call {} failed in the gateway itself", callId);
        return Mono.just(
                new ConnectError(Code.INTERNAL, "the gateway failed; its log says more under call id " + callId)
                        .answer());
    }
}
