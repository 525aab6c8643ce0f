package io.middleware.gateway.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Call;
import io.middleware.core.record.Trace;
import io.middleware.gateway.headers.NettyHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What W3C Trace Context says of headers from callers. */
class CallTracesTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final String VALID = "00-" + TRACE + "-" + SPAN + "-01";

    private final Http2Headers headers = new DefaultHttp2Headers(false);

    @Test
    void callersTrace_isContinued_andItsFlagRespected() {
        headers.set("traceparent", VALID).set("tracestate", "vendor=1").set("baggage", "a=b");

        CallTrace trace = of(Sampler.parentBased(Sampler.alwaysOff()));

        assertThat(trace.traceId()).isEqualTo(TRACE);
        assertThat(trace.parent().getSpanId()).isEqualTo(SPAN);
        assertThat(trace.sampled()).isTrue();
        assertThat(trace.call().getTraceState().get("vendor")).isEqualTo("1");
        assertThat(trace.traceparent(1)).matches("00-" + TRACE + "-[0-9a-f]{16}-01");
        assertThat(headers.get("tracestate")).isEqualTo("vendor=1");
        assertThat(headers.get("baggage")).isEqualTo("a=b");
    }

    @Test
    void callersUnsampledTrace_isPassedOn_andNotSampled() {
        headers.set("traceparent", "00-" + TRACE + "-" + SPAN + "-00");

        Trace trace = of(Sampler.parentBased(Sampler.alwaysOn()));

        assertThat(trace.sampled()).isFalse();
        assertThat(trace.traceparent(1)).matches("00-" + TRACE + "-[0-9a-f]{16}-00");
    }

    @Test
    void randomFlag_goesOn_andUnknownOnesDoNot() {
        headers.set("traceparent", "00-" + TRACE + "-" + SPAN + "-ff");

        assertThat(of(Sampler.parentBased(Sampler.alwaysOn())).traceparent(1)).endsWith("-03");
    }

    @Test
    void laterVersion_isReadAsTheFirst() {
        headers.set("traceparent", "cc-" + TRACE + "-" + SPAN + "-01-what-the-future-holds");

        assertThat(of(Sampler.alwaysOn()).traceparent(1)).startsWith("00-" + TRACE);
    }

    @Test
    void callWithoutTrace_beginsOne_asTheSamplerSays() {
        CallTrace sampled = of(Sampler.parentBased(Sampler.alwaysOn()));
        CallTrace other = of(Sampler.parentBased(Sampler.alwaysOff()));

        assertThat(sampled.parent().isValid()).isFalse();
        assertThat(sampled.traceparent(1)).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
        assertThat(other.traceparent(1)).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
        assertThat(sampled.traceId()).isNotEqualTo(other.traceId());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "ff-" + TRACE + "-" + SPAN + "-01",
                "00-" + TRACE + "-" + SPAN + "-01-more",
                "00-00000000000000000000000000000000-" + SPAN + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + SPAN + "-01",
                "00-" + TRACE + "-" + SPAN + "-0g",
                "00_" + TRACE + "_" + SPAN + "_01",
            })
    void malformedTraceparent_countsAsNone_andSoDoesItsState(String traceparent) {
        headers.set("traceparent", traceparent).set("tracestate", "vendor=1");

        CallTrace trace = of(Sampler.alwaysOn());

        assertThat(trace.parent().isValid()).isFalse();
        assertThat(trace.traceId()).isNotEqualTo(TRACE).hasSize(32);
        assertThat(headers.contains("tracestate")).isFalse();
    }

    @Test
    void severalTraceparents_countAsNone() {
        headers.add("traceparent", VALID).add("traceparent", VALID);

        assertThat(of(Sampler.alwaysOn()).parent().isValid()).isFalse();
    }

    @Test
    void severalTracestates_areOne() {
        headers.set("traceparent", VALID).add("tracestate", "a=1").add("tracestate", "b=2");

        assertThat(of(Sampler.alwaysOn()).call().getTraceState().asMap())
                .containsEntry("a", "1")
                .containsEntry("b", "2");
    }

    @Test
    void attempts_haveSpansOfTheirOwn_theSameWheneverAsked() {
        CallTrace trace = of(Sampler.alwaysOn());
        Set<String> ids = new HashSet<>();
        for (int attempt = 1; attempt <= 1000; attempt++) {
            String id = trace.attempt(attempt).getSpanId();
            assertThat(trace.traceparent(attempt)).contains("-" + id + "-");
            ids.add(id);
        }

        assertThat(ids).hasSize(1000).doesNotContain(trace.call().getSpanId());
    }

    @Test
    void anyBytes_giveAValidTraceparent() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        CallTraces traces = new CallTraces(Sampler.parentBased(Sampler.traceIdRatioBased(0.5)));
        for (int i = 0; i < 20_000; i++) {
            StringBuilder mutated = new StringBuilder(VALID);
            for (int change = random.nextInt(4); change > 0 && !mutated.isEmpty(); change--) {
                int at = random.nextInt(mutated.length());
                switch (random.nextInt(3)) {
                    case 0 -> mutated.deleteCharAt(at);
                    case 1 -> mutated.insert(at, (char) random.nextInt(' ', 256));
                    default -> mutated.setCharAt(at, (char) random.nextInt(' ', 256));
                }
            }
            headers.clear();
            headers.set("traceparent", mutated).set("tracestate", mutated.reverse());

            assertThat(traces.of(call()).traceparent(1))
                    .as("seed %d, %s", seed, mutated)
                    .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]");
        }
    }

    private CallTrace of(Sampler sampler) {
        return (CallTrace) new CallTraces(sampler).of(call());
    }

    private Call call() {
        return new Call("/a.B/C", new NettyHeaders(headers), Call.NO_DEADLINE, false, null, null);
    }
}
