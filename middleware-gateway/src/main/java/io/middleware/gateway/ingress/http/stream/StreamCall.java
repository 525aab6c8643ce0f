package io.middleware.gateway.ingress.http.stream;

import io.middleware.core.Call;
import io.middleware.core.CallHandler;
import io.middleware.core.Caller;
import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.Headers;
import io.middleware.core.OngoingCall;
import io.middleware.gateway.headers.NettyHeaders;
import io.middleware.gateway.ingress.Repeatability;
import io.middleware.gateway.ingress.http.json.CallContext;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.HttpReply;
import io.middleware.gateway.schema.MessageFrames;
import io.middleware.gateway.transport.EventLoops;
import io.middleware.gateway.transport.NettyChunk;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * A call of a method whose server sends a stream. The response begins with the first message; an error before it is an
 * ordinary error response. A stream that is silent from the start begins without a message after a few seconds.
 * Confined to its event loop.
 */
public final class StreamCall implements Caller, MessageFrames.Room {
    private final StreamRequest request;
    private final RequestMessages body;
    private final CallContext context;
    private final MonoSink<HttpReply> sink;
    private final MessageFrames frames;
    private final ResponseStream response;
    private final MessageSequence messages;
    private @Nullable OngoingCall call;
    private @Nullable Http2Headers leading;
    private @Nullable Http2Headers trailing;
    private @Nullable ConnectError error;
    private @Nullable Future<?> patience;
    /** Bytes of a message of which more will come. */
    private int incomplete;

    private boolean begun;
    private boolean ended;

    private StreamCall(StreamRequest request, RequestMessages body, MonoSink<HttpReply> sink, int largest) {
        this.request = request;
        this.body = body;
        this.context = request.context();
        this.sink = sink;
        this.response = new ResponseStream(request.form(), context.loop(), new ResponseStream.Source() {
            @Override
            public void onDemand() {
                demand();
            }

            @Override
            public void onDrained() {
                context.lease().shrinkTo(incomplete + messages.bytes());
            }

            @Override
            public void cancel() {
                StreamCall.this.cancel();
            }
        });
        this.messages = new MessageSequence(request, new Translated());
        this.frames = new MessageFrames(largest, this, this::onMessage);
    }

    /**
     * Returns the response when it can begin. Cancelling it cancels the call.
     *
     * @param body    the messages of the request
     * @param largest bytes of the largest message
     */
    public static Mono<HttpReply> of(CallHandler calls, StreamRequest request, RequestMessages body, int largest) {
        return Mono.create(sink -> {
            StreamCall call = new StreamCall(request, body, sink, largest);
            EventLoop loop = request.context().loop();
            sink.onCancel(() -> run(loop, call::cancel));
            run(loop, () -> call.start(calls));
        });
    }

    private static void run(EventLoop loop, Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    private void start(CallHandler calls) {
        if (ended) {
            body.stop();
            return;
        }
        if (!request.translation().isRawReply()) {
            awaitMessage();
        }
        Repeatability repeatability = Repeatability.take(request.metadata());
        call = calls.start(repeatability.addTo(new Call(
                request.translation().path(),
                new NettyHeaders(request.metadata()),
                context.callers(),
                repeatability.keyed(),
                this,
                EventLoops.timers(context.loop()),
                context.peer())));
        if (call == null || ended) {
            body.stop();
        } else {
            body.sendTo(call, this::fail);
        }
    }

    private void awaitMessage() {
        patience = context.loop()
                .schedule(
                        () -> {
                            if (body.begun()) {
                                begin();
                            } else {
                                awaitMessage();
                            }
                        },
                        ResponseStream.SILENCE,
                        TimeUnit.NANOSECONDS);
    }

    private void cancel() {
        ended = true;
        begun = true;
        stop();
    }

    private void stop() {
        body.stop();
        messages.clear();
        if (patience != null) {
            patience.cancel(false);
        }
        if (call != null) {
            call.cancel();
        }
    }

    private void demand() {
        if (call != null && !ended) {
            call.wantMore(!response.isFull() && !messages.isBusy());
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
            fail(new ConnectError(unreadable.code(), unreadable.getMessage()));
        } finally {
            chunk.release();
        }
    }

    @Override
    public void onTrailers(Headers trailers) {
        trailing = ((NettyHeaders) trailers).http2();
        Code code = trailers.code();
        if (code != Code.OK) {
            end(new ConnectError(code, trailers.message(), trailers.get("grpc-status-details-bin")));
        } else if (frames.incomplete()) {
            end(new ConnectError(Code.INTERNAL, "the server's answer ends in the middle of a message"));
        } else {
            end(null);
        }
    }

    @Override
    public void onFailure(Failure failure) {
        end(ConnectError.of(failure, request.head().message(failure)));
    }

    @Override
    public void onWritabilityChanged() {
        body.onWritabilityChanged();
    }

    private void onMessage(byte[] message) {
        incomplete = 0;
        messages.add(message);
    }

    @Override
    public void growTo(int bytes) throws MessageFrames.UnreadableException {
        incomplete = bytes;
        long held = (long) bytes + messages.bytes() + response.held();
        if (!context.lease().grows(held)) {
            throw new MessageFrames.UnreadableException(
                    Code.RESOURCE_EXHAUSTED,
                    "the server has answered, but there is no room for it: "
                            + context.lease().full(held));
        }
    }

    /** Ends the call with an error found here. */
    private void fail(ConnectError found) {
        if (!ended) {
            end(found);
            if (call != null) {
                call.cancel();
            }
        }
    }

    /** {@code found}: null at the end of a stream that succeeded. */
    private void end(@Nullable ConnectError found) {
        if (!ended) {
            ended = true;
            error = found;
            body.stop();
            if (!messages.isBusy()) {
                finish();
            }
        }
    }

    private void finish() {
        if (error != null && !begun) {
            refuse(error, true);
            return;
        }
        begin();
        if (error == null) {
            response.end();
        } else {
            response.fail(request.errors().apply(error));
        }
    }

    /** Begins the response, once. */
    private void begin() {
        if (begun) {
            return;
        }
        begun = true;
        if (patience != null) {
            patience.cancel(false);
        }
        ConnectError tooLarge = request.head().set(leading, response.isEmpty() ? trailing : null, call);
        if (tooLarge == null) {
            sink.success(response);
        } else {
            refuse(tooLarge, false);
        }
    }

    private void refuse(ConnectError reason, boolean withHead) {
        begun = true;
        ended = true;
        if (withHead) {
            request.head().set(leading, trailing, call);
        }
        stop();
        sink.success(reason.answer());
        response.discard();
    }

    /** Takes the messages in their order. */
    private final class Translated implements MessageSequence.Target {
        @Override
        public void onMessage(byte[] message, String contentType) {
            if (response.isEmpty() && request.translation().isRawReply()) {
                response.setContentType(contentType);
            }
            response.message(message);
            begin();
        }

        @Override
        public void onError(ConnectError found) {
            // the server's own end, if it came already, was waiting for this message
            ended = false;
            fail(found);
        }

        @Override
        public void onBusy(boolean busy) {
            demand();
            if (!busy && ended) {
                finish();
            }
        }
    }
}
