package io.middleware.gateway.ingress.http.serve;

import io.middleware.core.Call;
import io.middleware.core.CallHandler;
import io.middleware.core.Caller;
import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.Headers;
import io.middleware.core.OngoingCall;
import io.middleware.gateway.headers.NettyHeaders;
import io.middleware.gateway.ingress.CallReport;
import io.middleware.gateway.ingress.Repeatability;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.gateway.ingress.http.json.CallContext;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.stream.RequestMessages;
import io.middleware.gateway.schema.MessageFrames;
import io.middleware.gateway.transport.EventLoops;
import io.middleware.gateway.transport.NettyChunk;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** A call with one response message, buffered until it has ended. Confined to its event loop. */
final class UnaryCall implements Caller, MessageFrames.Room {
    private final MonoSink<UnaryResult> sink;
    private final RequestMessages request;
    private final BodyBudget.Lease lease;
    private final CallReport report;
    private final MessageFrames frames;
    private @Nullable OngoingCall exchange;
    private @Nullable Http2Headers leading;
    private byte @Nullable [] message;
    private int messages;
    private boolean ended;

    /**
     * The method to call, with its metadata and its message.
     *
     * @param messages the request's own; stopped by the call
     */
    record Request(String path, Http2Headers headers, RequestMessages messages) {}

    private UnaryCall(
            MonoSink<UnaryResult> sink, RequestMessages request, BodyBudget.Lease lease, HttpOptions options) {
        this.sink = sink;
        this.request = request;
        this.lease = lease;
        this.report = options.report();
        this.frames = new MessageFrames(options.largest(), this, this::message);
    }

    /** Makes the call on the event loop of its context. Cancelling the result cancels the call. */
    static Mono<UnaryResult> of(CallHandler calls, CallContext context, Request request, HttpOptions options) {
        return Mono.create(sink -> {
            UnaryCall call = new UnaryCall(sink, request.messages(), context.lease(), options);
            sink.onCancel(() -> run(context.loop(), call::cancel));
            run(context.loop(), () -> call.start(calls, context, request));
        });
    }

    private static void run(EventLoop loop, Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    private void start(CallHandler calls, CallContext context, Request request) {
        if (ended) {
            this.request.stop();
            return;
        }
        Repeatability repeatability = Repeatability.take(request.headers());
        exchange = calls.start(repeatability.addTo(new Call(
                request.path(),
                new NettyHeaders(request.headers()),
                context.callers(),
                repeatability.keyed(),
                this,
                EventLoops.timers(context.loop()),
                context.peer())));
        if (exchange == null || ended) {
            this.request.stop();
        } else {
            this.request.sendTo(exchange, this::malformed);
        }
    }

    private void cancel() {
        ended = true;
        request.stop();
        cancelExchange();
    }

    private void cancelExchange() {
        if (exchange != null) {
            exchange.cancel();
        }
    }

    @Override
    public void onHeaders(Headers headers) {
        leading = ((NettyHeaders) headers).http2();
    }

    @Override
    public void onChunk(Chunk chunk) {
        try {
            if (!ended) {
                frames.read(((NettyChunk) chunk).bytes());
            }
        } catch (MessageFrames.UnreadableException unreadable) {
            cancelExchange();
            end(new ConnectError(unreadable.code(), unreadable.getMessage()), null);
        } finally {
            chunk.release();
        }
    }

    @Override
    public void onTrailers(Headers trailers) {
        Http2Headers trailing = ((NettyHeaders) trailers).http2();
        Code code = trailers.code();
        if (code != Code.OK) {
            end(new ConnectError(code, trailers.message(), trailers.get("grpc-status-details-bin")), trailing);
        } else if (frames.incomplete()) {
            end(new ConnectError(Code.INTERNAL, "the server's answer ends in the middle of a message"), trailing);
        } else if (messages != 1) {
            // as gRPC prescribes for another number of messages than one
            end(
                    new ConnectError(
                            Code.UNIMPLEMENTED, "the server answered " + messages + " messages (expected: one)"),
                    trailing);
        } else {
            end(null, trailing);
        }
    }

    @Override
    public void onFailure(Failure failure) {
        end(ConnectError.of(failure, report.message(failure)), null);
    }

    @Override
    public void onWritabilityChanged() {
        request.onWritabilityChanged();
    }

    @Override
    public void growTo(int bytes) throws MessageFrames.UnreadableException {
        if (!lease.grows(bytes)) {
            throw new MessageFrames.UnreadableException(
                    Code.RESOURCE_EXHAUSTED,
                    "the server has answered, but there is no room for it: " + lease.full(bytes));
        }
    }

    private void malformed(ConnectError error) {
        cancelExchange();
        end(error, null);
    }

    private void message(byte[] received) {
        messages++;
        message = received;
    }

    /** {@code error}: null if the call succeeded; {@code trailing}: null if the server sent none. */
    private void end(@Nullable ConnectError error, @Nullable Http2Headers trailing) {
        if (!ended) {
            ended = true;
            request.stop();
            sink.success(new UnaryResult(error == null ? message : null, error, leading, trailing, exchange));
        }
    }
}
