package io.middleware.gateway.stale;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.middleware.core.Chunk;
import io.middleware.core.Headers;
import io.middleware.core.Ticker;
import io.middleware.core.stale.ResponseKey;
import io.middleware.core.stale.StaleResponse;
import io.middleware.core.stale.StaleResponses;
import io.middleware.gateway.headers.NettyHeaders;
import io.middleware.gateway.transport.NettyChunk;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last good responses in the heap, bounded in bytes and in age. When it is full, it evicts those that were
 * requested least often and longest ago.
 */
public final class StaleResponseCache implements StaleResponses.Store {
    /** The overhead of an entry, and of each header in it. */
    private static final int ENTRY = 512;

    private static final int HEADER = 128;
    /** Bytes that gRPC puts before a message: whether it is compressed, and its length. */
    private static final int PREFIX = 5;

    private final Cache<ResponseKey, StaleResponse> responses;
    private final long maxEntryBytes;

    /**
     * @param maxBytes      bytes of all requests and responses together
     * @param maxEntryBytes bytes of a response and its request
     */
    public StaleResponseCache(long maxBytes, long maxEntryBytes, Duration longestAge, Ticker ticker) {
        this.maxEntryBytes = maxEntryBytes;
        // maintenance is cheap, and runs on the thread that caused it
        this.responses = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((ResponseKey q, StaleResponse a) -> weight(q, a))
                .expireAfterWrite(longestAge)
                .ticker(ticker::nanos)
                .executor(Runnable::run)
                .build();
    }

    @Override
    public @Nullable StaleResponse get(ResponseKey key) {
        return responses.getIfPresent(key);
    }

    @Override
    public void put(ResponseKey key, StaleResponse response) {
        if (isOneUncompressedMessage(response.message()) && weight(key, response) <= maxEntryBytes) {
            responses.put(key, response);
        }
    }

    /** Returns the bytes that all requests and responses take, which {@code maxBytes} bounds. */
    public long heldBytes() {
        return responses.policy().eviction().orElseThrow().weightedSize().orElseThrow();
    }

    @Override
    public Chunk chunk(byte[] message) {
        return new NettyChunk(Unpooled.wrappedBuffer(message));
    }

    /**
     * Whether this is one uncompressed message. The next caller may not know the compression that this one asked for.
     */
    private static boolean isOneUncompressedMessage(byte[] framed) {
        return framed.length >= PREFIX
                && framed[0] == 0
                && ByteBuffer.wrap(framed).getInt(1) == framed.length - PREFIX;
    }

    private static int weight(ResponseKey key, StaleResponse response) {
        return ENTRY
                + key.size()
                + response.message().length
                + weight(response.headers())
                + weight(response.trailers());
    }

    private static int weight(Headers headers) {
        int bytes = 0;
        for (Map.Entry<CharSequence, CharSequence> header : ((NettyHeaders) headers).http2()) {
            bytes += HEADER + header.getKey().length() + header.getValue().length();
        }
        return bytes;
    }
}
