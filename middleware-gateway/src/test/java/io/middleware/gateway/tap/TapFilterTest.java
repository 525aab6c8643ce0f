package io.middleware.gateway.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.middleware.core.record.CallRecord;
import io.middleware.gateway.ended.Calls;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TapFilterTest {
    private final AtomicReference<CallRecord> last = new AtomicReference<>();
    private final Calls calls = new Calls(last::set);

    @AfterEach
    void stop() {
        calls.close();
    }

    @ParameterizedTest
    @CsvSource({
        "'', true",
        "service=service, true",
        "service=HelloService, true",
        "service=hello.v1.HelloService, true",
        "service=other, false",
        "service=Service, false",
        "method=SayHello, true",
        "method=%2Fhello.v1.HelloService%2FSayHello, true",
        "method=Hello, false",
        "code=OK, true",
        "code=unavailable%2Cok, true",
        "code=error, false",
        "instance=p1, true",
        "instance=p2, false",
        "slower-than=0ms, true",
        "slower-than=1h, false",
        "retried, false",
        "service=service&method=SayHello&code=OK&instance=p1, true",
        "service=service&method=SayHello&code=OK&instance=p2, false",
        "unknown=1&service=, true",
    })
    void oneCallThatSucceeded_passesOrNot(String query, boolean passes) throws IOException {
        calls.serve("p1", Status.OK);
        calls.call("one");

        assertThat(filter(query).passes(last.get())).isEqualTo(passes);
    }

    @Test
    void retriedCall_passesByEachOfItsInstances() throws IOException {
        calls.serve("p1", Status.UNAVAILABLE.withDescription("full"));
        calls.serve("p2", Status.UNAVAILABLE.withDescription("full"));
        calls.call("two");

        assertThat(filter("retried&code=error").passes(last.get())).isTrue();
        assertThat(filter("instance=p1").passes(last.get())).isTrue();
        assertThat(filter("instance=p2").passes(last.get())).isTrue();
        assertThat(filter("code=OK").passes(last.get())).isFalse();
    }

    @Test
    void callThatNobodyServes_hasNoServiceInTheRegistry() {
        calls.call("none");

        assertThat(filter("service=HelloService").passes(last.get())).isTrue();
        assertThat(filter("service=service").passes(last.get())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"code=BROKEN", "code=OK%2C", "slower-than=soon", "slower-than=1e99s"})
    void valueThatCannotBeRead_saysWhatWasExpected(String query) {
        assertThatThrownBy(() -> filter(query))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: ");
    }

    private static TapFilter filter(String query) {
        return TapFilter.of(new QueryStringDecoder(query, false).parameters());
    }
}
