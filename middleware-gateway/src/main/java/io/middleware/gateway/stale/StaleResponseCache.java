package io.middleware.gateway.stale;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.middleware.core.Chunk;
import io.middleware.core.GoodAnswer;
import io.middleware.core.Headers;
import io.middleware.core.LastGoodAnswers;
import io.middleware.core.Question;
import io.middleware.core.Ticker;
import io.middleware.gateway.transport.NettyChunk;
import io.middleware.gateway.transport.NettyHeaders;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;

/**
 * The last good answers, in the heap: bounded in bytes and in age. When it is full, those go that were asked for least often and
 * longest ago.
 */
public final class StaleResponseCache implements LastGoodAnswers.Store {
    /** What an entry, and each header in it, takes besides its bytes. */
    private static final int ENTRY = 512;

    private static final int HEADER = 128;
    /** Of gRPC, before a message: whether it is compressed, and its length. */
    private static final int PREFIX = 5;

    private final Cache<Question, GoodAnswer> answers;
    private final long perAnswer;

    /**
     * @param total     bytes of all questions and answers together
     * @param perAnswer bytes of an answer and its question
     */
    public StaleResponseCache(long total, long perAnswer, Duration longestAge, Ticker ticker) {
        this.perAnswer = perAnswer;
        // what is to be done now and then is little, and is done on the thread that caused it
        this.answers = Caffeine.newBuilder()
                .maximumWeight(total)
                .weigher((Question q, GoodAnswer a) -> weight(q, a))
                .expireAfterWrite(longestAge)
                .ticker(ticker::nanos)
                .executor(Runnable::run)
                .build();
    }

    @Override
    public GoodAnswer get(Question question) {
        return answers.getIfPresent(question);
    }

    @Override
    public void put(Question question, GoodAnswer answer) {
        if (isOneReadableByAll(answer.message()) && weight(question, answer) <= perAnswer) {
            answers.put(question, answer);
        }
    }

    /** What all questions and answers take, as {@code total} bounds it. */
    public long heldBytes() {
        return answers.policy().eviction().orElseThrow().weightedSize().orElseThrow();
    }

    @Override
    public Chunk chunk(byte[] message) {
        return new NettyChunk(Unpooled.wrappedBuffer(message));
    }

    /** One message, not compressed: the next caller may not know the compression that this one asked for. */
    private static boolean isOneReadableByAll(byte[] framed) {
        return framed.length >= PREFIX
                && framed[0] == 0
                && ByteBuffer.wrap(framed).getInt(1) == framed.length - PREFIX;
    }

    private static int weight(Question question, GoodAnswer answer) {
        return ENTRY + question.size() + answer.message().length + weight(answer.headers()) + weight(answer.trailers());
    }

    private static int weight(Headers headers) {
        int bytes = 0;
        for (Map.Entry<CharSequence, CharSequence> header : ((NettyHeaders) headers).http2()) {
            bytes += HEADER + header.getKey().length() + header.getValue().length();
        }
        return bytes;
    }
}
