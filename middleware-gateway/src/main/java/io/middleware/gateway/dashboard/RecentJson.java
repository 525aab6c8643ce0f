package io.middleware.gateway.dashboard;

import com.google.gson.Gson;
import io.middleware.core.Ticker;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something as JSON that many may ask for: it is made on a thread of its own, and at most once in {@value #FRESH_MILLIS} ms. */
final class RecentJson {
    static final long FRESH_MILLIS = 100;

    private final Supplier<?> source;
    private final Executor worker;
    private final Ticker ticker;
    private final Gson gson = new Gson();
    private @Nullable CompletableFuture<byte[]> last;
    private long madeAt;

    RecentJson(Supplier<?> source, Executor worker, Ticker ticker) {
        this.source = source;
        this.worker = worker;
        this.ticker = ticker;
    }

    /** Returns what is known, or will be in a moment. */
    synchronized CompletableFuture<byte[]> get() {
        long now = ticker.nanos();
        CompletableFuture<byte[]> known = last;
        if (known == null || now - madeAt > TimeUnit.MILLISECONDS.toNanos(FRESH_MILLIS)) {
            known = CompletableFuture.supplyAsync(
                    () -> gson.toJson(source.get()).getBytes(StandardCharsets.UTF_8), worker);
            last = known;
            madeAt = now;
        }
        return known;
    }
}
