package io.middleware.core.stale;

import io.middleware.core.Call;
import io.middleware.core.Chunk;
import io.middleware.core.Headers;
import io.middleware.core.MethodTraits;
import io.middleware.core.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last good response to calls of the configured methods. If no instance responds, returns the last good
 * response to an equal request: same method, message and caller, same values of the configured headers. A response that may
 * be meant for one caller alone is never kept: to a request with credentials, or one that sets a cookie.
 *
 * <p>Source: {@code stale-if-error}, RFC 5861, section 4.
 */
public final class StaleResponses {
    private static final List<String> PERSONAL = List.of("authorization", "cookie");
    private static final String PERSONAL_RESPONSE = "set-cookie";
    /** The format of a message, which its bytes do not show. */
    private static final String FORMAT = "content-type";
    /** Who calls, where callers are known: each gets back only what that caller got. */
    private static final String CALLER = "middleware-caller";

    private final Policy policy;
    private final List<String> keyHeaders;
    private final Store store;
    private final Ticker ticker;

    /**
     * Which responses are kept.
     *
     * @param methods  methods, as {@code /package.Service/Method}
     * @param services full names of gRPC services of which all methods are covered
     * @param headers  lower-case names of the request headers that responses depend on
     * @param largest  the most bytes of a request or response message; a call with a larger one is not kept
     */
    public record Policy(Set<String> methods, Set<String> services, List<String> headers, int largest) {
        public Policy {
            methods = Set.copyOf(methods);
            services = Set.copyOf(services);
            headers = List.copyOf(headers);
            if (headers.stream().anyMatch(PERSONAL::contains)) {
                throw new IllegalArgumentException("stale.headers: " + headers + " (expected: none of " + PERSONAL
                        + ", with which no response is kept)");
            }
        }

        /** Whether the method at this path is covered. */
        public boolean covers(String path) {
            return methods.contains(path) || !services.isEmpty() && services.contains(Call.grpcService(path));
        }
    }

    /**
     * Stores responses. May evict any of them. Its methods run on the threads of calls, so each must return at once.
     */
    public interface Store {
        /** Returns the response for a key, or null if there is none. */
        @Nullable
        StaleResponse get(ResponseKey key);

        /** Keeps a response in place of an earlier one with this key. */
        void put(ResponseKey key, StaleResponse response);

        /** Returns a chunk with the bytes of a kept message. */
        Chunk chunk(byte[] message);
    }

    public StaleResponses(Policy policy, Store store, Ticker ticker) {
        this.policy = policy;
        this.keyHeaders = Stream.concat(Stream.of(FORMAT, CALLER), policy.headers().stream())
                .distinct()
                .toList();
        this.store = store;
        this.ticker = ticker;
    }

    /** Returns the recorder for a call, or null if the call's response may not be kept, nor be a stale one. */
    public @Nullable StaleRecorder of(Call call, MethodTraits traits) {
        if (!traits.mayBeStale() || !policy.covers(call.path())) {
            return null;
        }
        boolean personal = PERSONAL.stream().anyMatch(name -> call.headers().get(name) != null);
        return personal ? null : new StaleRecorder(call, this);
    }

    int largest() {
        return policy.largest();
    }

    ResponseKey key(Call call, byte[] message) {
        return ResponseKey.of(call.path(), call.headers(), keyHeaders, message);
    }

    @Nullable
    StaleResponse get(ResponseKey key) {
        return store.get(key);
    }

    void keep(ResponseKey key, Headers headers, byte[] message, Headers trailers) {
        if (headers.get(PERSONAL_RESPONSE) == null && trailers.get(PERSONAL_RESPONSE) == null) {
            store.put(key, new StaleResponse(headers, message, trailers, ticker.nanos()));
        }
    }

    Chunk chunk(StaleResponse response) {
        return store.chunk(response.message());
    }

    Duration age(StaleResponse response) {
        return Duration.ofNanos(ticker.nanos() - response.at());
    }
}
