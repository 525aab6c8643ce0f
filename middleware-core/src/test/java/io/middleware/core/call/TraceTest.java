package io.middleware.core.call;

import static io.middleware.core.fixture.CoreFixture.SAY_HELLO;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.fixture.CoreFixture;
import io.middleware.core.fixture.Script;
import io.middleware.core.record.Trace;
import org.junit.jupiter.api.Test;

class TraceTest {
    private final CoreFixture core = CoreFixture.serving("p1", "p2");

    @Test
    void eachAttempt_hasATraceparentOfItsOwn_andTheRecordKnowsTheTrace() {
        core.trace = new Numbered();
        core.transport.next("p1", Script.refusesConnection());

        core.call(SAY_HELLO);

        assertThat(core.transport.traceparents).containsExactly("attempt 1", "attempt 2");
        assertThat(core.lastRecord.trace()).isSameAs(core.trace);
    }

    @Test
    void withoutTrace_theTransportGetsNoTraceparent() {
        core.call(SAY_HELLO);

        assertThat(core.transport.traceparents).containsExactly((String) null);
        assertThat(core.lastRecord.trace()).isNull();
    }

    private record Numbered() implements Trace {
        @Override
        public String traceId() {
            return "trace";
        }

        @Override
        public boolean sampled() {
            return true;
        }

        @Override
        public String traceparent(int attempt) {
            return "attempt " + attempt;
        }
    }
}
