package io.middleware.gateway.ingress.http.stream;

import io.middleware.gateway.ingress.http.result.HttpReply;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Writes messages as the caller reads them. All that the event loop had at hand is one write and one flush. When the
 * caller is slow, or the response has not begun, the source is told to wait. Confined to the call's event loop.
 */
final class ResponseStream implements HttpReply {
    /** How long a stream may be silent. Nginx gives a silent response up after 5 s. */
    static final long SILENCE = TimeUnit.SECONDS.toNanos(3);

    private static final int FULL = 64 << 10;

    private final StreamForm form;
    private final EventLoop loop;
    private final Source source;
    private final OutputQueue queue = new OutputQueue();
    private String contentType;
    /** Null until the response has begun. */
    private @Nullable Channel channel;

    private @Nullable MonoSink<Void> written;
    private @Nullable Future<?> timer;
    private long messages;
    private long lastWrite = System.nanoTime();
    private int unwritten;
    private boolean full;
    private boolean due;
    private boolean ended;
    private boolean broken;
    private boolean closed;

    /** Where the messages come from. */
    interface Source {
        /** Called when more messages can be taken, or no more for now. */
        void onDemand();

        /** Called when the caller has read all messages so far. */
        void onDrained();

        /** Called when the caller has gone, or the stream has ended. */
        void cancel();
    }

    ResponseStream(StreamForm form, EventLoop loop, Source source) {
        this.form = form;
        this.contentType = form.contentType();
        this.loop = loop;
        this.source = source;
    }

    void setContentType(String type) {
        contentType = type;
    }

    /** Returns whether no message should come for now. */
    boolean isFull() {
        return full;
    }

    /** Returns the bytes that wait to be read by the caller. */
    int held() {
        return unwritten + queue.bytes();
    }

    /** Returns whether a message was written, or will be. */
    boolean isEmpty() {
        return messages == 0;
    }

    void message(byte[] json) {
        if (closed) {
            return;
        }
        messages++;
        form.begin(queue.room(), messages);
        queue.add(json);
        form.finish(queue.room());
        writeSoon();
        judge();
    }

    /** {@code error}: as JSON. */
    void fail(byte[] error) {
        if (closed) {
            return;
        }
        if (form == StreamForm.RAW) {
            broken = true;
        } else {
            messages++;
            form.error(queue.room(), messages, error);
        }
        end();
    }

    void end() {
        if (closed) {
            return;
        }
        form.end(queue.room(), messages);
        ended = true;
        writeSoon();
    }

    @Override
    public Mono<Void> writeTo(HttpServerResponse response, boolean head) {
        HttpHeaders headers = response.status(200).responseHeaders();
        headers.set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("x-accel-buffering", "no");
        if (head) {
            discard();
            return response.send();
        }
        Mono<Void> body = Mono.create(sink ->
                response.withConnection(connection -> run(() -> begin(connection.channel(), sink))));
        return response.sendHeaders().then().then(body).doFinally(end -> discard());
    }

    /** Nothing breaks the silence of a body of any bytes. */
    @Override
    public boolean mayPause() {
        return form == StreamForm.RAW;
    }

    @Override
    public void discard() {
        run(this::close);
    }

    /** Runs a task on the call's event loop: a deferred response is collected by a connection that may have another. */
    private void run(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    private void close() {
        if (!closed) {
            closed = true;
            queue.release();
            if (timer != null) {
                timer.cancel(false);
            }
            source.cancel();
        }
    }

    private void begin(Channel to, MonoSink<Void> sink) {
        channel = to;
        written = sink;
        timer = loop.schedule(this::breakSilence, SILENCE, TimeUnit.NANOSECONDS);
        writeSoon();
    }

    private void writeSoon() {
        if (!due && channel != null) {
            due = true;
            loop.execute(this::write);
        }
    }

    private void write() {
        due = false;
        if (closed || channel == null) {
            return;
        }
        lastWrite = System.nanoTime();
        boolean some = false;
        while (unwritten < FULL && !queue.isEmpty()) {
            ByteBuf piece = queue.take();
            int bytes = piece.readableBytes();
            if (bytes == 0) {
                piece.release();
                continue;
            }
            unwritten += bytes;
            some = true;
            channel.write(new DefaultHttpContent(piece)).addListener(end -> run(() -> onWritten(bytes)));
        }
        if (ended && queue.isEmpty()) {
            finish(channel);
        } else if (some) {
            channel.flush();
        }
        judge();
    }

    private void finish(Channel to) {
        if (broken) {
            // nothing in the body can say so: its reader misses the end
            to.flush();
            to.close();
        } else if (written != null) {
            written.success();
        }
    }

    private void onWritten(int bytes) {
        unwritten -= bytes;
        if (!closed && !queue.isEmpty()) {
            writeSoon();
        } else if (!closed && unwritten == 0) {
            source.onDrained();
        }
        judge();
    }

    private void judge() {
        boolean now = held() > (full ? FULL / 2 : FULL);
        if (now != full && !closed) {
            full = now;
            source.onDemand();
        }
    }

    private void breakSilence() {
        if (closed || ended) {
            return;
        }
        long left = lastWrite + SILENCE - System.nanoTime();
        if (left <= 0) {
            if (unwritten == 0 && queue.isEmpty()) {
                form.keepAlive(queue.room());
            }
            write();
            left = SILENCE;
        }
        timer = loop.schedule(this::breakSilence, left, TimeUnit.NANOSECONDS);
    }
}
