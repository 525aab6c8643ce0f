package io.middleware.gateway.security.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.gateway.security.limit.Allowance.Answer;
import io.middleware.gateway.security.rules.Rule;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowanceTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    // below zero, as System.nanoTime() may be, and passes it on the way
    private long now = -3 * SECOND;
    private final Allowance allowance = new Allowance(now);

    @Test
    void burst_passesAtOnce_thenOneForEachInterval() {
        Quota quota = quota(10, 5, 0, 1);

        assertThat(passedOf(20, quota)).isEqualTo(5);
        assertThat(allowance.remaining(quota, now)).isZero();
        assertThat(allowance.untilNext(quota, now)).isEqualTo(SECOND / 10);
        now += SECOND / 10 - 1;
        assertThat(passedOf(1, quota)).isZero();
        now += 1;
        assertThat(passedOf(2, quota)).isEqualTo(1);
        now += 2 * SECOND / 10;
        assertThat(allowance.remaining(quota, now)).isEqualTo(2);
        now += SECOND;
        assertThat(allowance.untilWhole(now)).isZero();
        assertThat(passedOf(20, quota)).as("no more than the burst is saved up").isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"100, 200, 1", "100, 200, 2", "100, 7, 3", "0.5, 4, 2", "1000, 8, 8"})
    void allGatewaysTogether_neverLetMorePassThanTheBound_howeverCallsCome(double perSecond, int burst, int gateways) {
        Random random = new Random(1);
        Allowance[] shares =
                IntStream.range(0, gateways).mapToObj(i -> new Allowance(now)).toArray(Allowance[]::new);
        Quota quota = quota(perSecond, burst, 0, gateways);
        long begin = now;
        int passed = 0;
        for (int i = 0; i < 20_000; i++) {
            now += (long) (random.nextDouble() * (random.nextInt(100) == 0 ? 100 : 1) * SECOND / perSecond / 3);
            if (shares[random.nextInt(gateways)].begin(quota, now) == Answer.PASSES) {
                passed++;
            }
            assertThat(passed).isLessThanOrEqualTo((int) (burst + perSecond * (now - begin) / SECOND) + 1);
        }
        assertThat(passed)
                .as("calls come in bursts, and small shares allow none")
                .isGreaterThan((int) (0.5 * perSecond * (now - begin) / SECOND));
    }

    @Test
    void inFlight_areRefused_withoutUseOfTheRate_untilOneEnds() {
        Quota quota = quota(10, 100, 2, 1);

        assertThat(passedOf(2, quota)).isEqualTo(2);
        assertThat(allowance.begin(quota, now)).isEqualTo(Answer.TOO_MANY);
        assertThat(allowance.remaining(quota, now)).isEqualTo(98);
        allowance.end(1);
        assertThat(allowance.begin(quota, now)).isEqualTo(Answer.PASSES);
    }

    @Test
    void tooFast_takesNoPlaceInFlight() {
        Quota quota = quota(10, 1, 5, 1);

        assertThat(passedOf(10, quota)).isEqualTo(1);
        allowance.end(1);
        now += SECOND;
        assertThat(allowance.retire(now)).isTrue();
    }

    @Test
    void eachGateway_hasOneRequestAtLeast() {
        assertThat(quota(1, 1, 1, 5)).isEqualTo(new Quota(5 * SECOND, 1, 1));
        assertThat(quota(0, 1, 0, 5)).isEqualTo(new Quota(0, 1, Integer.MAX_VALUE));
    }

    @Test
    void hugeFigures_doNotOverflow() {
        Quota quota = quota(1e-9, Integer.MAX_VALUE, 0, 1_000);

        assertThat(passedOf(3, quota)).isPositive();
        assertThat(quota.most()).isPositive();
    }

    @Test
    void retired_onlyWhenAsGoodAsNew_andThenOfNoMoreUse() {
        Quota quota = quota(10, 5, 5, 1);
        assertThat(passedOf(1, quota)).isEqualTo(1);
        now += SECOND;

        assertThat(allowance.retire(now)).as("in flight").isFalse();
        allowance.end(1);
        assertThat(allowance.retire(now)).isTrue();
        assertThat(allowance.begin(quota, now)).isEqualTo(Answer.RETIRED);
    }

    @Test
    void threads_neverTakeMoreThanTheBurst() throws InterruptedException {
        Quota quota = quota(1e-6, 1_000, 0, 1);
        AtomicLong passed = new AtomicLong();
        Thread[] threads = IntStream.range(0, 4)
                .mapToObj(i -> Thread.ofPlatform().start(() -> {
                    for (int call = 0; call < 1_000; call++) {
                        if (allowance.begin(quota, now) == Answer.PASSES) {
                            passed.incrementAndGet();
                            allowance.end(1);
                        }
                    }
                }))
                .toArray(Thread[]::new);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(passed).hasValue(1_000);
    }

    private int passedOf(int calls, Quota quota) {
        int passed = 0;
        for (int i = 0; i < calls; i++) {
            if (allowance.begin(quota, now) == Answer.PASSES) {
                passed++;
            }
        }
        return passed;
    }

    private static Quota quota(double perSecond, int burst, int inFlight, int gateways) {
        return Quota.of(new Rule.Limit(perSecond, burst, inFlight), gateways);
    }
}
