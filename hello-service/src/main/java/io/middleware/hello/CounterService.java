package io.middleware.hello;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.AddRequest;
import io.middleware.hello.v1.Count;
import io.middleware.hello.v1.CounterGrpc.CounterImplBase;
import io.middleware.hello.v1.GetRequest;
import io.middleware.starter.idempotency.Idempotent;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Service;

/**
 * Counts in the memory of this server, as a cache or a session would be kept there. That is right only while all calls about a
 * counter come here, for which the service is sticky by its name: see {@code middleware.instance.sticky}.
 *
 * <p>Keys are honoured, where there is a database, as a server tells gateways so only if all of its methods do.
 */
@Service
@Idempotent
final class CounterService extends CounterImplBase {

    static final int MAX_COUNTERS = 10_000;
    private static final int MAX_NAME_LENGTH = 100;

    private final Work work;
    private final Map<String, Long> counters = new ConcurrentHashMap<>();

    CounterService(Work work) {
        this.work = work;
    }

    @Override
    public void add(AddRequest request, StreamObserver<Count> replies) {
        String name = valid(request.getName());
        long amount = request.getAmount() == 0 ? 1 : request.getAmount();
        if (counters.size() >= MAX_COUNTERS && !counters.containsKey(name)) {
            throw Status.RESOURCE_EXHAUSTED
                    .withDescription("this server has " + MAX_COUNTERS + " counters, and takes no more")
                    .asRuntimeException();
        }
        reply(name, work.during(() -> counters.merge(name, amount, Long::sum)), replies);
    }

    @Override
    public void get(GetRequest request, StreamObserver<Count> replies) {
        String name = valid(request.getName());
        reply(name, work.during(() -> counters.getOrDefault(name, 0L)), replies);
    }

    private static void reply(String name, long value, StreamObserver<Count> replies) {
        replies.onNext(Count.newBuilder().setName(name).setValue(value).build());
        replies.onCompleted();
    }

    private static String valid(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME_LENGTH || name.chars().anyMatch(Character::isISOControl)) {
            throw Status.INVALID_ARGUMENT
                    .withDescription(
                            "name: expected 1 to " + MAX_NAME_LENGTH + " characters, none of them a control character")
                    .asRuntimeException();
        }
        return name;
    }
}
