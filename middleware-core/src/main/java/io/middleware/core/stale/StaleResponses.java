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

/**
 * The last good answers to calls of those methods for which it was asked for. Whoever is answered by nobody gets the one to the
 * same question: same method, same message, same values of the headers that tell answers apart. What may be meant for one caller
 * alone is no such answer: what is asked with credentials, or answered with a cookie.
 */
public final class StaleResponses {
    private static final List<String> PERSONAL = List.of("authorization", "cookie");
    private static final String PERSONAL_ANSWER = "set-cookie";
    /** What a message is made of is not seen in its bytes. */
    private static final String FORM = "content-type";

    private final Policy policy;
    private final List<String> telling;
    private final Store store;
    private final Ticker ticker;

    /**
     * What is kept.
     *
     * @param methods  as {@code /package.Service/Method}
     * @param services full names of gRPC services, each of whose methods is meant
     * @param headers  lower-case names of the request headers by which answers differ
     * @param largest  bytes of a message, in either direction, above which an answer is not kept
     */
    public record Policy(Set<String> methods, Set<String> services, List<String> headers, int largest) {
        public Policy {
            methods = Set.copyOf(methods);
            services = Set.copyOf(services);
            headers = List.copyOf(headers);
            if (headers.stream().anyMatch(PERSONAL::contains)) {
                throw new IllegalArgumentException("stale.headers: " + headers + " (expected: none of " + PERSONAL
                        + ", with which no answer is kept)");
            }
        }

        /** Whether the method at this path is meant. */
        public boolean covers(String path) {
            return methods.contains(path) || !services.isEmpty() && services.contains(Call.grpcService(path));
        }
    }

    /** Where they are. Used on the threads of calls: each method returns at once. It forgets what it likes. */
    public interface Store {
        /** Null when there is none. */
        StaleResponse get(ResponseKey question);

        void put(ResponseKey question, StaleResponse answer);

        /** A message that was kept, in the form in which the transport sends it. */
        Chunk chunk(byte[] message);
    }

    public StaleResponses(Policy policy, Store store, Ticker ticker) {
        this.policy = policy;
        this.telling = Stream.concat(Stream.of(FORM), policy.headers().stream())
                .distinct()
                .toList();
        this.store = store;
        this.ticker = ticker;
    }

    /** For a call; null if its answer is neither to be kept nor to be replaced by an earlier one. */
    public StaleRecorder of(Call call, MethodTraits traits) {
        if (!traits.mayBeStale() || !policy.covers(call.path())) {
            return null;
        }
        boolean personal = PERSONAL.stream().anyMatch(name -> call.headers().get(name) != null);
        return personal ? null : new StaleRecorder(call, this);
    }

    int largest() {
        return policy.largest();
    }

    ResponseKey question(Call call, byte[] message) {
        return ResponseKey.of(call.path(), call.headers(), telling, message);
    }

    StaleResponse get(ResponseKey question) {
        return store.get(question);
    }

    void keep(ResponseKey question, Headers headers, byte[] message, Headers trailers) {
        if (headers.get(PERSONAL_ANSWER) == null && trailers.get(PERSONAL_ANSWER) == null) {
            store.put(question, new StaleResponse(headers, message, trailers, ticker.nanos()));
        }
    }

    Chunk chunk(StaleResponse answer) {
        return store.chunk(answer.message());
    }

    Duration age(StaleResponse answer) {
        return Duration.ofNanos(ticker.nanos() - answer.at());
    }
}
