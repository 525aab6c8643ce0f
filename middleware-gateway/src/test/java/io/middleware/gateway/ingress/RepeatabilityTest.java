package io.middleware.gateway.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Call;
import io.middleware.core.Caller;
import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.Headers;
import io.middleware.gateway.headers.NettyHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepeatabilityTest {
    private static final String SENT_BEFORE = "Note that it was sent before, and may already have run";

    private final Http2Headers request = new DefaultHttp2Headers();

    @ParameterizedTest
    @CsvSource({
        "0.000, 0",
        "0.100, 100",
        "12.345, 12345",
        "7, 7000",
        "1.5, 1500",
        "1.0001, 1001",
        "99999999.999, 99999999999",
        "60.000 0.103, 60103",
        "60 yes, 65000",
        "yes 1, 6000"
    })
    void secondsThatAreTold(String told, long millis) {
        request.set("middleware-resent", told);
        assertThat(Repeatability.take(request).resentAfter()).isEqualTo(Duration.ofMillis(millis));
        assertThat(request.contains("middleware-resent")).isFalse();
    }

    /** Nobody who sends such a thing gets an error of the gateway's own for it. */
    @ParameterizedTest
    @ValueSource(strings = {"yes", "", "-1", "1e9", "0x10", "1.", ".5", "999999999999.999", "٣", "1,2"})
    void whatSaysNoTime_isTheUsualLongest(String told) {
        request.set("middleware-resent", told);
        assertThat(Repeatability.take(request).resentAfter()).isEqualTo(Call.RESENT_AT_ANY_TIME);
    }

    @Test
    void retryOfTheCallersLibrary_countsForCallsWithAKey() {
        request.set("grpc-previous-rpc-attempts", "1");
        assertThat(Repeatability.take(request).resentAfter()).isNull();
        request.set("idempotency-key", "k");
        assertThat(Repeatability.take(request).resentAfter()).isEqualTo(Call.RESENT_AT_ANY_TIME);
        request.set("middleware-resent", "30.000");
        assertThat(Repeatability.take(request).resentAfter())
                .as("the longer one")
                .isEqualTo(Duration.ofSeconds(30));
        request.set("middleware-resent", "0.100");
        assertThat(Repeatability.take(request).resentAfter()).isEqualTo(Call.RESENT_AT_ANY_TIME);
    }

    /** As a limit ends calls, which knows nothing of what became of them at another gateway. */
    @Test
    void failureOfACallThatWasSentBefore_saysThatItMayHaveRun() {
        request.set("idempotency-key", "k");
        assertThat(messageOf(new Failure(Code.RESOURCE_EXHAUSTED, "too many calls")))
                .isEqualTo("too many calls");
        request.set("middleware-resent", "0.100");
        assertThat(messageOf(new Failure(Code.RESOURCE_EXHAUSTED, "too many calls")))
                .isEqualTo("too many calls. " + SENT_BEFORE);
        request.set("middleware-resent", "0.100");
        assertThat(messageOf(new Failure(Code.UNAVAILABLE, "a. Note that it may already have run")))
                .isEqualTo("a. Note that it may already have run");
    }

    private String messageOf(Failure failure) {
        Failures caller = new Failures();
        Repeatability repeatability = Repeatability.take(request);
        Call call = new Call(
                "/a.B/C",
                new NettyHeaders(request),
                Call.NO_DEADLINE,
                repeatability.keyed(),
                caller,
                (task, delay) -> () -> {});
        repeatability.addTo(call).caller().onFailure(failure);
        assertThat(caller.all).singleElement().satisfies(told -> {
            assertThat(told.code()).isEqualTo(failure.code());
            assertThat(told.detailed()).isEqualTo(told.message());
        });
        return caller.all.getFirst().message();
    }

    private static final class Failures implements Caller {
        final List<Failure> all = new ArrayList<>();

        @Override
        public void onHeaders(Headers headers) {}

        @Override
        public void onChunk(Chunk chunk) {}

        @Override
        public void onTrailers(Headers trailers) {}

        @Override
        public void onFailure(Failure failure) {
            all.add(failure);
        }

        @Override
        public void onWritabilityChanged() {}
    }
}
