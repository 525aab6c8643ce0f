package io.middleware.gateway.security.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.middleware.core.Call;
import io.middleware.core.CallHandler;
import io.middleware.core.Caller;
import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.Headers;
import io.middleware.core.OngoingCall;
import io.middleware.core.Priority;
import io.middleware.gateway.headers.NettyHeaders;
import io.middleware.gateway.security.rules.Pattern;
import io.middleware.gateway.security.rules.Rule;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimiterTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private long now;
    private int gateways = 1;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Limiter limiter = new Limiter(100, () -> gateways, () -> now, meters, null);
    private final List<Call> passed = new ArrayList<>();
    private final List<Ends> refused = new ArrayList<>();
    private final CallHandler instances = call -> {
        passed.add(call);
        return new Silent();
    };

    @Test
    void refusal_saysWhichRule_andWhenToComeAgain() {
        Rule rule = rule(7, new Rule.Limit(10, 2, 0));
        call("key:shop", rule);
        call("key:shop", rule);
        call("key:shop", rule);

        assertThat(passed).hasSize(2);
        Failure failure = refused.getFirst().failure;
        assertThat(failure.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
        assertThat(failure.message())
                .isEqualTo("more than 10.0 requests a second and 2 at once (limit of the rule in line 7)");
        assertThat(failure.headers())
                .containsExactly(
                        new Failure.Header("retry-after", "1"),
                        new Failure.Header("ratelimit-limit", "2"),
                        new Failure.Header("ratelimit-remaining", "0"),
                        new Failure.Header("ratelimit-reset", "1"));
        assertThat(meters.counter("middleware.security.limited", "rule", "line 7", "reason", "rate")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void refusal_isToldToThoseWhoWatchCalls() {
        List<String> told = new ArrayList<>();
        limiter = new Limiter(
                10,
                () -> 1,
                () -> now,
                meters,
                record -> told.add(record.path() + " " + record.end().code() + " " + record.attempts() + " "
                        + record.end().failure().message()));
        Rule rule = rule(2, new Rule.Limit(0, 1, 1));
        call("key:a", rule);
        call("key:a", rule);

        assertThat(told)
                .containsExactly(
                        "/a.B/C RESOURCE_EXHAUSTED 0 more than 1 calls in flight (limit of the rule in line 2)");
    }

    @Test
    void response_saysWhatIsLeft() {
        call("key:shop", rule(1, new Rule.Limit(10, 5, 0)));
        Http2Headers headers = new DefaultHttp2Headers();
        passed.getFirst().caller().onHeaders(new NettyHeaders(headers));

        assertThat(headers.get("ratelimit-limit")).hasToString("5");
        assertThat(headers.get("ratelimit-remaining")).hasToString("4");
        assertThat(headers.get("ratelimit-reset")).hasToString("1");
    }

    @Test
    void eachCaller_hasItsOwn_andEachRule() {
        Rule.Limit one = new Rule.Limit(1, 1, 0);
        Rule first = rule(1, one);
        Rule second = new Rule(2, List.of(Pattern.of("*")), List.of(Pattern.of("b")), true, Priority.NORMAL, one);
        call("key:a", first);
        call("key:b", first);
        call("key:a", second);
        assertThat(passed).hasSize(3);
        call("key:a", first);
        assertThat(refused).hasSize(1);
    }

    @Test
    void changedFile_givesNothingAnew() {
        call("key:a", rule(1, new Rule.Limit(1, 1, 0)));
        call("key:a", rule(3, new Rule.Limit(1, 1, 0)));

        assertThat(passed).hasSize(1);
    }

    @Test
    void gateways_shareALimit() {
        gateways = 2;
        Rule rule = rule(1, new Rule.Limit(10, 10, 0));
        for (int i = 0; i < 20; i++) {
            call("key:a", rule);
        }
        assertThat(passed).hasSize(5);
        now += SECOND;
        for (int i = 0; i < 20; i++) {
            call("key:a", rule);
        }
        assertThat(passed).hasSize(10);
    }

    @ParameterizedTest
    @CsvSource({"TRAILERS", "FAILURE", "CANCEL", "CANCEL_TWICE"})
    void placeInFlight_isGivenBackAtTheEnd_once(String end) {
        Rule rule = rule(1, new Rule.Limit(0, 1, 2));
        call("key:a", rule);
        OngoingCall second = call("key:a", rule);
        assertThat(call("key:a", rule)).isNull();
        assertThat(refused.getFirst().failure.message()).contains("more than 2 calls in flight");
        assertThat(refused.getFirst().failure.headers()).contains(new Failure.Header("retry-after", "1"));

        Caller caller = passed.getLast().caller();
        switch (end) {
            case "TRAILERS" -> caller.onTrailers(new NettyHeaders(new DefaultHttp2Headers()));
            case "FAILURE" -> caller.onFailure(new Failure(Code.UNAVAILABLE, "gone"));
            case "CANCEL" -> second.cancel();
            default -> {
                second.cancel();
                second.cancel();
            }
        }

        assertThat(call("key:a", rule)).isNotNull();
        assertThat(call("key:a", rule)).isNull();
    }

    @Test
    void retryAfter_ofTooManyInFlight_isWhenOneOfThemMayHaveEnded_atMostAMinute() {
        Rule rule = rule(1, new Rule.Limit(0, 1, 2));
        ends(rule, Duration.ofSeconds(7));
        call("key:a", rule);
        call("key:a", rule);
        call("key:a", rule);
        assertThat(refused.getLast().failure.headers())
                .as("two of them, each for about 7 s")
                .containsExactly(new Failure.Header("retry-after", "4"));

        passed.forEach(call -> call.caller().onFailure(new Failure(Code.UNAVAILABLE, "gone")));
        for (int i = 0; i < 50; i++) {
            ends(rule, Duration.ofHours(1));
        }
        call("key:a", rule);
        call("key:a", rule);
        call("key:a", rule);
        assertThat(refused.getLast().failure.headers()).containsExactly(new Failure.Header("retry-after", "60"));
    }

    private void ends(Rule rule, Duration after) {
        call("key:a", rule);
        now += after.toNanos();
        passed.getLast().caller().onFailure(new Failure(Code.UNAVAILABLE, "gone"));
    }

    @Test
    void callThatCouldNotBeStarted_takesNoPlace() {
        Rule rule = rule(1, new Rule.Limit(0, 1, 1));
        for (int i = 0; i < 3; i++) {
            Ends caller = new Ends();
            limiter.start(of(caller, new DefaultHttp2Headers()), "key:a", rule, call -> {
                call.caller().onFailure(new Failure(Code.UNIMPLEMENTED, "no method"));
                return null;
            });
            assertThat(caller.failure.code()).isEqualTo(Code.UNIMPLEMENTED);
        }
    }

    @Test
    void anonymous_areLimitedByTheAddressThatNginxSaw_notByWhatTheySay() {
        Rule rule = rule(1, new Rule.Limit(1, 1, 0));
        assertThat(from("1.2.3.4", rule)).isTrue();
        assertThat(from("9.9.9.9, 1.2.3.4", rule)).as("forged").isFalse();
        assertThat(from("1.2.3.5", rule)).isTrue();
        assertThat(from("2001:db8::1", rule)).isTrue();
        assertThat(from("2001:db8::ffff:2", rule)).as("the same network").isFalse();
        assertThat(from("2001:db8:0:1::1", rule)).isTrue();
        assertThat(from("nonsense", rule)).isTrue();
        assertThat(from("other nonsense", rule)).isFalse();
    }

    @Test
    void moreCallersThanAreKept_idleOnesMakeRoom() {
        limiter = new Limiter(10, () -> 1, () -> now, meters, null);
        Rule rule = rule(1, new Rule.Limit(10, 1, 0));
        for (int i = 0; i < 1_000; i++) {
            OngoingCall call = call("key:" + i, rule);
            assertThat(call).isNotNull();
            call.cancel();
            now += SECOND / 10;
        }

        assertThat(limiter.kept()).isLessThanOrEqualTo(10);
        assertThat(limiter.overflown()).isZero();
    }

    @Test
    void allKeptAreBusy_newcomersShareOne_thoseKnownKeepTheirs() {
        limiter = new Limiter(10, () -> 1, () -> now, meters, null);
        Rule rule = rule(1, new Rule.Limit(1, 2, 0));
        for (int i = 0; i < 100; i++) {
            call("key:" + i, rule);
        }

        assertThat(passed)
                .as("one of each of the ten, two of the others together")
                .hasSize(12);
        assertThat(limiter.kept()).isEqualTo(10);
        assertThat(limiter.overflown()).isEqualTo(90);
        assertThat(call("key:3", rule)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "CRITICAL, sheddable, SHEDDABLE",
        "CRITICAL, normal, NORMAL",
        "CRITICAL, , CRITICAL",
        "NORMAL, critical, NORMAL",
        "SHEDDABLE, normal, SHEDDABLE",
        "SHEDDABLE, critical, SHEDDABLE",
        "NORMAL, nonsense, NORMAL"
    })
    void caller_mayLowerItsPriority_neverRaiseIt(Priority given, @Nullable String wish, Priority then) {
        Http2Headers headers = new DefaultHttp2Headers();
        if (wish != null) {
            headers.set("middleware-priority", wish);
        }
        Rule rule = new Rule(1, List.of(Pattern.of("*")), List.of(Pattern.of("*")), true, given, null);
        limiter.start(of(new Ends(), headers).withPriority(given), "key:a", rule, instances);

        assertThat(passed.getFirst().priority()).isEqualTo(then);
    }

    private boolean from(String forwardedFor, Rule rule) {
        int before = passed.size();
        Http2Headers headers = new DefaultHttp2Headers().set("x-forwarded-for", forwardedFor);
        limiter.start(of(new Ends(), headers), Rule.ANONYMOUS, rule, instances);
        return passed.size() > before;
    }

    private @Nullable OngoingCall call(String caller, Rule rule) {
        Ends ends = new Ends();
        OngoingCall call = limiter.start(of(ends, new DefaultHttp2Headers()), caller, rule, instances);
        if (call == null) {
            refused.add(ends);
        }
        return call;
    }

    private static Call of(Caller caller, Http2Headers headers) {
        return new Call(
                "/a.B/C", new NettyHeaders(headers), Call.NO_DEADLINE, false, caller, (task, delay) -> () -> {});
    }

    private static Rule rule(int line, Rule.Limit limit) {
        return new Rule(line, List.of(Pattern.of("*")), List.of(Pattern.of("*")), true, Priority.NORMAL, limit);
    }

    private static final class Ends implements Caller {
        private Failure failure;

        @Override
        public void onHeaders(Headers headers) {}

        @Override
        public void onChunk(Chunk chunk) {}

        @Override
        public void onTrailers(Headers trailers) {}

        @Override
        public void onFailure(Failure end) {
            failure = end;
        }

        @Override
        public void onWritabilityChanged() {}
    }

    private static final class Silent implements OngoingCall {
        @Override
        public void send(Chunk chunk, boolean last) {}

        @Override
        public void halfClose() {}

        @Override
        public void cancel() {}

        @Override
        public boolean writable() {
            return true;
        }

        @Override
        public void wantMore(boolean more) {}
    }
}
