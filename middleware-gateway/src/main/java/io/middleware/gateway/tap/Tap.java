package io.middleware.gateway.tap;

import io.middleware.core.Call;
import io.middleware.core.record.CallListener;
import io.middleware.core.record.CallRecord;
import io.middleware.gateway.ended.EndedCall;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Hands each call, at its end, to the readers whose filter it passes. Costs a call nothing while there are none. */
final class Tap implements CallListener, AutoCloseable {
    /** Each may hold about 3 MB. */
    static final int MOST_READERS = 10;

    private static final long PAUSE_MILLIS = 50;

    private final InstantSource clock = InstantSource.system();
    private final CopyOnWriteArrayList<TapReader> readers = new CopyOnWriteArrayList<>();
    private final ScheduledThreadPoolExecutor worker =
            new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory("tap", true, Thread.MIN_PRIORITY));
    private volatile boolean messagesWanted;
    private boolean working;

    Tap() {
        worker.setKeepAliveTime(10, TimeUnit.SECONDS);
        worker.allowCoreThreadTimeOut(true);
    }

    @Override
    public void onEnd(CallRecord record) {
        if (readers.isEmpty()) {
            return;
        }
        EndedCall call = null;
        for (TapReader reader : readers) {
            if (reader.filter().passes(record)) {
                call = call == null ? EndedCall.of(record, clock) : call;
                reader.offer(new TappedCall(call, reader.filter().messages() ? messages(record) : null));
            }
        }
    }

    private static @Nullable CapturedMessages messages(CallRecord record) {
        Call call = record.call();
        return call != null && call.caller() instanceof CapturedCaller captured ? captured.messages() : null;
    }

    /** Returns whether a reader wants the messages of calls. */
    boolean wantsMessages() {
        return messagesWanted;
    }

    /** Adds a reader; false if there are too many. */
    synchronized boolean add(TapReader reader) {
        if (readers.size() >= MOST_READERS) {
            return false;
        }
        readers.add(reader);
        messagesWanted |= reader.filter().messages();
        if (!working) {
            working = true;
            worker.schedule(this::send, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
        return true;
    }

    synchronized void remove(TapReader reader) {
        readers.remove(reader);
        messagesWanted = readers.stream().anyMatch(other -> other.filter().messages());
    }

    boolean isFull() {
        return readers.size() >= MOST_READERS;
    }

    private void send() {
        readers.forEach(TapReader::send);
        synchronized (this) {
            working = !readers.isEmpty();
            if (working) {
                worker.schedule(this::send, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Ends all streams: the gateway is going to end, and readers find another. */
    void end() {
        List.copyOf(readers).forEach(TapReader::end);
    }

    @Override
    public void close() {
        end();
        worker.shutdownNow();
    }
}
