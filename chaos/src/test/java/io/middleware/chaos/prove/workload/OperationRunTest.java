package io.middleware.chaos.prove.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import io.middleware.chaos.prove.history.Kind;
import io.middleware.chaos.prove.history.Submission;
import io.middleware.chaos.prove.history.Told;
import io.middleware.chaos.stack.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OperationRunTest {

    private static final long LATE = 60_000_000;

    private final Deque<Code> codes = new ArrayDeque<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<String> resent = Collections.synchronizedList(new ArrayList<>());
    private final List<Submission> history = Collections.synchronizedList(new ArrayList<>());
    private final AtomicLong now = new AtomicLong();
    private String message = "";
    private int attempts = 1;

    private final Clock clock = new Clock() {
        @Override
        public long micros() {
            return now.get();
        }

        @Override
        public void sleep(Duration duration) {
            now.addAndGet(duration.toNanos() / 1_000);
        }
    };

    private final Target target = new Target() {
        @Override
        public synchronized Reply call(Request request) {
            requests.add(request.method() + " " + request.json() + " " + request.callId() + " " + request.key());
            resent.add(request.headers().getOrDefault("middleware-resent", "first"));
            Code code = codes.isEmpty() ? Code.OK : codes.removeFirst();
            return new Reply(code, message, attempts, "", "gateway-1", false, code == Code.OK ? "hash" : "");
        }

        @Override
        public String protocol() {
            return "gRPC";
        }

        @Override
        public void close() {}
    };

    @Test
    void callWithoutAKey_isSentOnce_whateverBecomesOfIt() throws InterruptedException {
        codes.add(Code.UNAVAILABLE);

        run(new Plan(Kind.UNMARKED, false, 1, false, Duration.ZERO));

        assertThat(requests).containsExactly("shop.v1.Orders/Place {\"id\":\"run-7\"} run-7.0 ");
        assertThat(history).extracting(Submission::told).containsExactly(Told.NOT_EXECUTED);
    }

    @Test
    void callWithAKey_isSentUntilItSucceeds_withTheSameKeyAndRequest() throws InterruptedException {
        codes.addAll(List.of(Code.UNAVAILABLE, Code.ABORTED));

        run(new Plan(Kind.KEYED, false, 1, false, Duration.ZERO));

        assertThat(requests)
                .containsExactly(
                        "shop.v1.Orders/Place {\"id\":\"run-7\"} run-7.0 run-7",
                        "shop.v1.Orders/Place {\"id\":\"run-7\"} run-7.1 run-7",
                        "shop.v1.Orders/Place {\"id\":\"run-7\"} run-7.2 run-7");
        assertThat(history).extracting(Submission::told).containsExactly(Told.NOT_EXECUTED, Told.NOT_EXECUTED, Told.OK);
        assertThat(resent).as("seconds since the first").containsExactly("first", "0.100", "0.300");
    }

    @Test
    void callWithAKey_isSentAgainOnPurpose() throws InterruptedException {
        run(new Plan(Kind.KEYED, false, 1, true, Duration.ofSeconds(1)));

        assertThat(history).extracting(Submission::callId).containsExactly("run-7.0", "run-7.1");
        assertThat(history.getLast().beginMicros()).isEqualTo(1_000_000);
        assertThat(resent).containsExactly("first", "1.000");
    }

    @Test
    void callWithAKey_isSentTwiceAtOnce() throws InterruptedException {
        run(new Plan(Kind.KEYED, false, 2, false, Duration.ZERO));

        assertThat(history).extracting(Submission::callId).containsExactlyInAnyOrder("run-7.0", "run-7.1");
        assertThat(resent).containsExactly("first", "first");
    }

    @Test
    void callWithAKey_isGivenUpInTheEnd() throws InterruptedException {
        codes.addAll(Collections.nCopies(1_000, Code.UNAVAILABLE));

        run(new Plan(Kind.KEYED, false, 1, true, Duration.ZERO));

        assertThat(now.get()).isBetween(LATE, LATE + 2_000_000);
        assertThat(history).hasSizeLessThan(100).noneMatch(Submission::ok);
    }

    /** A gateway that cannot know where such a call has been says that it may have run, without an attempt of its own. */
    @Test
    void doubtAboutACallThatWasSentBefore_isFounded() throws InterruptedException {
        codes.addAll(List.of(Code.UNAVAILABLE, Code.UNAVAILABLE));
        message = "it may already have run";
        attempts = 0;

        run(new Plan(Kind.KEYED, false, 1, false, Duration.ZERO));

        assertThat(history).extracting(Submission::told).containsExactly(Told.UNFOUNDED, Told.UNKNOWN, Told.OK);
    }

    @Test
    void errorThatNoRepeatChanges_endsIt() throws InterruptedException {
        codes.add(Code.INVALID_ARGUMENT);

        run(new Plan(Kind.KEYED, false, 1, false, Duration.ZERO));

        assertThat(history).hasSize(1);
    }

    @Test
    void callOfTheMarkedMethod_hasNoKey() throws InterruptedException {
        run(new Plan(Kind.MARKED, false, 1, false, Duration.ZERO));

        assertThat(requests).containsExactly("shop.v1.Orders/Get {\"message\":\"Hello\"} run-7.0 ");
    }

    @Test
    void plans_areTheSameWithTheSameSeed_andOfAllKinds() {
        List<Plan> plans = plans(true, true);
        assertThat(plans).isEqualTo(plans(true, true)).isNotEqualTo(plans(false, true));
        assertThat(plans).extracting(Plan::kind).contains(Kind.values());
        assertThat(plans).extracting(Plan::atOnce).contains(1, 2);
        assertThat(plans(false, false)).extracting(Plan::kind).containsOnly(Kind.UNMARKED);
    }

    private static List<Plan> plans(boolean keys, boolean marked) {
        Random random = new Random(1);
        List<Plan> plans = new ArrayList<>();
        for (int each = 0; each < 200; each++) {
            plans.add(Plan.draw(random, keys, marked));
        }
        return plans;
    }

    private void run(Plan plan) throws InterruptedException {
        Calls calls = new Calls("shop.v1.Orders/Place", "{\"id\":\"$ID\"}", "shop.v1.Orders/Get", true);
        new OperationRun(7, "run-", plan, calls, target, clock, history::add).run(LATE);
    }
}
