package io.middleware.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** In a time of its own, which goes by as the test says. */
class LoadRunTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final FakePace pace = new FakePace();
    private final List<CallRecord> records = new ArrayList<>();

    @Test
    void calls_areSentWhenDueAlthoughNoneWasAnswered() {
        List<Long> sentAt = new ArrayList<>();
        List<Consumer<Reply>> waiting = new ArrayList<>();

        long sent = run(4, end -> {
                    sentAt.add(pace.nanos());
                    waiting.add(end);
                })
                .send();

        assertThat(sent).isEqualTo(4);
        assertThat(sentAt).containsExactly(125_000_000L, 375_000_000L, 625_000_000L, 875_000_000L);
        assertThat(records).isEmpty();
        waiting.forEach(end -> end.accept(ok()));
        // the last at 0.875 s
        assertThat(records).extracting(CallRecord::latencyMicros).containsExactly(750_000L, 500_000L, 250_000L, 0L);
    }

    @Test
    void latency_countsFromWhenACallWasDue_notFromWhenItWasSent() {
        boolean[] stalled = new boolean[1];
        run(10, end -> {
                    if (!stalled[0]) {
                        stalled[0] = true;
                        pace.now += SECOND / 2;
                    }
                    end.accept(ok());
                })
                .send();

        assertThat(records)
                .extracting(CallRecord::latencyMicros)
                .containsExactly(500_000L, 400_000L, 300_000L, 200_000L, 100_000L, 0L, 0L, 0L, 0L, 0L);
    }

    @Test
    void whatCouldNotBeSentHalfASecondAfterTheEnd_isNotSent() {
        assertThat(run(10, end -> {
                            pace.now += SECOND / 4;
                            end.accept(ok());
                        })
                        .send())
                .isEqualTo(6);
    }

    @Test
    void clockThatIsSetMeanwhile_isThatOfLaterCalls() {
        run(2, end -> {
                    end.accept(ok());
                    pace.set += 3_600_000_000L;
                })
                .send();

        assertThat(records).extracting(CallRecord::dueMicros).containsExactly(250_000L, 3_600_750_000L);
    }

    @Test
    void interruptedRun_sendsNoMore() {
        LoadRun run = run(10, end -> {
            end.accept(ok());
            Thread.currentThread().interrupt();
        });

        assertThat(run.send()).isOne();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void callThatEndsTwice_countsOnce() throws InterruptedException {
        LoadRun run = run(1, end -> {
            end.accept(ok());
            end.accept(Reply.failed("again"));
        });
        run.send();

        assertThat(records).singleElement().matches(call -> call.reply().ok());
        assertThat(run.awaitEnds(0)).isTrue();
    }

    @Test
    void awaitEnds_saysWhenACallDoesNotEnd() throws InterruptedException {
        LoadRun run = run(1, end -> {});
        run.send();

        assertThat(run.awaitEnds(1)).isFalse();
    }

    private LoadRun run(double perSecond, Consumer<Consumer<Reply>> server) {
        Target target = new Target() {
            @Override
            public void call(String callId, Consumer<Reply> end) {
                server.accept(end);
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
        return new LoadRun(
                new Schedule(Map.of(Kind.GRPC, perSecond), SECOND),
                SECOND,
                Map.of(Kind.GRPC, target),
                pace,
                records::add);
    }

    private static Reply ok() {
        return new Reply("", "hello-service-1", "gateway-1", 1, "");
    }

    private static final class FakePace implements Pace {
        private long now;
        private long set;

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public void await(long nanos) {
            now = Math.max(now, nanos);
        }

        @Override
        public long micros() {
            return set + now / 1_000;
        }
    }
}
