package io.middleware.gateway.ingress.http.serve;

import io.middleware.gateway.headers.MiddlewareHeaders;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.gateway.ingress.http.result.HttpReply;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.http.server.HttpServerResponse;

/** One response that a second request may collect. Its state is confined to the event loop of the first. */
final class DeferredResponse extends BaseSubscriber<HttpReply> {
    /** Makes Nginx send the second request, to this gateway. */
    private static final HttpResult REDIRECT = redirect("@deferred");
    /** The same, for a response that may pause for longer than Nginx waits there. */
    private static final HttpResult REDIRECT_WITH_PAUSES = redirect("@deferred_with_pauses");

    /** What the request that collects has of its own, instead of which it gets that of the first. */
    private static final List<AsciiString> SET_BY_INGRESS =
            List.of(MiddlewareHeaders.CALL_ID, MiddlewareHeaders.GATEWAY);

    private static final long COLLECTED_WITHIN = TimeUnit.SECONDS.toNanos(5);

    private final Mono<HttpReply> source;
    private final HttpHeaders headers;
    private final BodyBudget.Lease lease;
    private final EventLoop loop;
    private Runnable forget = () -> {};
    /** Of the request that waits for the response; null while none does. */
    private @Nullable MonoSink<HttpReply> taker;

    private @Nullable HttpReply answer;
    private boolean done;
    /** Defers the response or, once it is deferred, drops it; null until the source is subscribed to. */
    private @Nullable Future<?> timer;

    private volatile boolean deferred;

    /**
     * @param source  subscribed to once; cancelled when no request waits for it any more
     * @param headers set by {@code source} before it ends
     * @param lease   closed when the response was written, or no request waits for it
     */
    DeferredResponse(Mono<HttpReply> source, HttpHeaders headers, BodyBudget.Lease lease, EventLoop loop) {
        this.source = source;
        this.headers = headers;
        this.lease = lease;
        this.loop = loop;
    }

    private static HttpResult redirect(String location) {
        return new HttpResult(200, "text/plain", new byte[0], Map.of("X-Accel-Redirect", location), null);
    }

    /** Writes the response or, after {@code patience} nanoseconds, the redirect. Runs {@code forget} at the end. */
    Mono<Void> orDefer(long patience, Runnable forget, HttpServerResponse response, boolean head) {
        this.forget = forget;
        return Mono.<HttpReply>create(sink -> run(() -> {
                    taker = sink;
                    timer = loop.schedule(() -> defer(), patience, TimeUnit.NANOSECONDS);
                    source.subscribe(this);
                }))
                .flatMap(first -> first == REDIRECT || first == REDIRECT_WITH_PAUSES
                        ? first.writeTo(response, head)
                        : write(first, response, head))
                .doFinally(end -> {
                    if (!deferred) {
                        close();
                    }
                });
    }

    /** Writes the response as soon as it is there. */
    Mono<Void> collect(HttpServerResponse response, boolean head) {
        return Mono.<HttpReply>create(sink -> run(() -> {
                    stopTimer();
                    if (done) {
                        sink.success(answer);
                    } else {
                        taker = sink;
                    }
                }))
                .flatMap(collected -> write(collected, response, head))
                .doFinally(end -> close());
    }

    /** Defers the response now; does nothing if it is there or was deferred already. */
    void defer() {
        run(() -> {
            if (!done && !deferred && taker != null) {
                defer(taker, REDIRECT);
            }
        });
    }

    private void defer(MonoSink<HttpReply> first, HttpResult redirect) {
        deferred = true;
        stopTimer();
        timer = loop.schedule(this::close, COLLECTED_WITHIN, TimeUnit.NANOSECONDS);
        taker = null;
        first.success(redirect);
    }

    @Override
    protected void hookOnNext(HttpReply given) {
        run(() -> answer = given);
    }

    @Override
    protected void hookOnComplete() {
        run(this::end);
    }

    @Override
    protected void hookOnError(Throwable failure) {
        run(this::end); // the source reports failures as results
    }

    private void end() {
        done = true;
        MonoSink<HttpReply> waiting = taker;
        if (waiting == null) {
            return;
        }
        if (!deferred && answer != null && answer.mayPause()) {
            defer(waiting, REDIRECT_WITH_PAUSES);
        } else {
            stopTimer();
            taker = null;
            waiting.success(answer);
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private Mono<Void> write(HttpReply given, HttpServerResponse response, boolean head) {
        HttpHeaders to = response.responseHeaders();
        for (AsciiString set : SET_BY_INGRESS) {
            if (headers.contains(set)) {
                to.remove(set);
            }
        }
        to.add(headers);
        return given.writeTo(response, head);
    }

    private void close() {
        run(() -> {
            stopTimer();
            forget.run();
            cancel();
            if (answer != null) {
                answer.discard();
            }
            lease.close();
        });
    }

    private void run(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }
}
