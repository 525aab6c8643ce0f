package io.middleware.gateway.warmup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.middleware.core.Call;
import io.middleware.core.CallHandler;
import io.middleware.core.Chunk;
import io.middleware.core.OngoingCall;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.directory.Directory;
import io.middleware.core.instance.Instance;
import io.middleware.gateway.ingress.CallReport;
import io.middleware.gateway.ingress.http.serve.OwnServers;
import io.middleware.gateway.ingress.local.LocalServices;
import io.middleware.gateway.transport.EventLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class WarmUpTest {
    private static final CallReport REPORT = new CallReport("gateway-1", true);

    private final EventLoops loops = new EventLoops(2);
    private final Settings settings = Settings.defaults();
    private final Ticker ticker = Ticker.system();
    private final Directory directory =
            new Directory(service -> new PowerOfTwoChoices(), Instance::new, settings, ticker);
    private final Queue<String> calls = new ConcurrentLinkedQueue<>();
    private final CallHandler health = new LocalServices(
            WarmUpTest::refuse,
            directory,
            () -> {
                throw new AssertionError("nobody asks for a catalog");
            },
            () -> false,
            ticker);

    @AfterEach
    void end() {
        loops.close();
    }

    private static @Nullable OngoingCall refuse(Call call) {
        throw new AssertionError("nobody calls " + call.path());
    }

    private @Nullable OngoingCall counted(Call call) {
        calls.add(call.path());
        return health.start(call);
    }

    private OwnChain chain(CallHandler services) {
        return new OwnChain(loops, services, OwnServers.on(loops, settings, REPORT), settings, ticker, REPORT);
    }

    private WarmUp warmUp(CallHandler services, Duration longest) {
        return new WarmUp(loops, services, OwnServers.on(loops, settings, REPORT), settings, ticker, REPORT, longest);
    }

    @Test
    void aCall_takesTheWholeWay() throws IOException {
        try (OwnChain chain = chain(this::counted);
                OwnCaller caller = new OwnCaller(chain.port(), OwnChain.METHOD, Duration.ofSeconds(20))) {
            for (int call = 0; call < 3; call++) {
                assertThat(caller.call())
                        .startsWith("HTTP/1.1 200 OK")
                        .contains("middleware-instance: self")
                        .endsWith("{\"status\":\"NOT_SERVING\"}");
            }
        }
        assertThat(calls).containsExactly(OwnChain.METHOD, OwnChain.METHOD, OwnChain.METHOD);
    }

    @Test
    void itEnds_withEnoughCallsOrInTime() {
        warmUp(this::counted, Duration.ofSeconds(20)).start();
        assertThat(calls).hasSize(WarmUp.ENOUGH);
    }

    @Test
    void itsInstance_isNoNews(CapturedOutput log) {
        warmUp(this::counted, Duration.ofSeconds(20)).start();
        assertThat(log.getAll().lines().filter(line -> line.contains("warm-up") && line.contains("INFO")))
                .isEmpty();
    }

    @Test
    void withoutTime_nothingIsCalled() {
        warmUp(this::counted, Duration.ZERO).start();
        assertThat(calls).isEmpty();
    }

    @Test
    void aCallWithoutResponse_delaysTheStartNoLonger() {
        WarmUp warmUp = warmUp(
                call -> {
                    calls.add(call.path());
                    return new Unanswered();
                },
                Duration.ofMillis(500));
        warmUp.start();
        assertThat(warmUp.isRunning()).isTrue();
        assertThat(calls).hasSize(1);
    }

    @Test
    void failure_doesNotEndTheStart(CapturedOutput log) {
        WarmUp warmUp = new WarmUp(
                loops,
                health,
                calls -> {
                    throw new IllegalStateException("no port is free");
                },
                settings,
                ticker,
                REPORT,
                Duration.ofSeconds(1));
        warmUp.start();
        assertThat(warmUp.isRunning()).isTrue();
        assertThat(log).contains("the first calls will be slow", "no port is free");
    }

    @Test
    void itsPort_isClosedAfterwards() {
        OwnChain chain = chain(this::counted);
        int port = chain.port();
        chain.close();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThatThrownBy(
                                () -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                        .isInstanceOf(IOException.class));
    }

    private static final class Unanswered implements OngoingCall {
        @Override
        public void send(Chunk chunk, boolean last) {
            chunk.release();
        }

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
