package io.middleware.gateway.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.Gson;
import io.grpc.Status;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.GatewayHarness;
import io.middleware.gateway.ended.CallLine;
import io.middleware.gateway.ended.Calls;
import io.middleware.testsupport.FreePorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {
    private static final int NONE_BY_CHANCE = Integer.MAX_VALUE;

    private final LinkedBlockingQueue<String> written = new LinkedBlockingQueue<>();
    private AccessLog log;
    private Calls calls;

    private void start(int oneIn, AccessLog.Destination destination) {
        log = new AccessLog("gateway-1", oneIn, destination).start();
        calls = new Calls(log);
    }

    @AfterEach
    void stop() {
        log.close();
        calls.close();
    }

    @Test
    void call_isOneLine_withAllItsAttempts() throws Exception {
        start(NONE_BY_CHANCE, this::keep);
        calls.serve("p1", Status.UNAVAILABLE.withDescription("the guest is Ada"));
        calls.serve("p2", Status.UNAVAILABLE.withDescription("the guest is Ada"));
        calls.call("call-1");

        String json = line();
        assertThat(json).doesNotContain("secret", "Ada", "\n");
        CallLine line = new Gson().fromJson(json, CallLine.class);
        assertThat(line.callId()).isEqualTo("call-1");
        assertThat(line.gateway()).isEqualTo("gateway-1");
        assertThat(line.path()).isEqualTo(Calls.SAY_HELLO);
        assertThat(line.service()).isEqualTo("service");
        assertThat(line.code()).isEqualTo("UNAVAILABLE");
        assertThat(line.timestamp()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
        assertThat(line.attempts()).hasSizeGreaterThan(1).allSatisfy(attempt -> {
            assertThat(attempt.outcome()).isEqualTo("answered");
            assertThat(attempt.code()).isEqualTo("UNAVAILABLE");
            assertThat(attempt.startUs() + attempt.tookUs()).isLessThanOrEqualTo(line.tookUs());
        });
        assertThat(line.attempts().get(0).why()).isEqualTo("first");
        assertThat(line.attempts().get(1).why()).isEqualTo("retry");
    }

    @Test
    void attemptThatCouldNotConnect_saysWhy() throws Exception {
        start(NONE_BY_CHANCE, this::keep);
        calls.gateway().register("dead", FreePorts.next(), Pool.PRIMARY, GatewayHarness.SERVICE);
        calls.call("call-2");

        CallLine line = new Gson().fromJson(line(), CallLine.class);
        assertThat(line.attempts()).first().satisfies(attempt -> {
            assertThat(attempt.instance()).isEqualTo("dead");
            assertThat(attempt.outcome()).isEqualTo("unsent");
            assertThat(attempt.reason()).isNotEmpty();
        });
        assertThat(line.failure()).isNotEmpty();
    }

    @Test
    void callThatSucceeds_isSampled() throws Exception {
        start(NONE_BY_CHANCE, this::keep);
        calls.serve("p1", Status.OK);
        calls.call("usual");
        calls.serve("p1", Status.NOT_FOUND);
        calls.call("error");

        assertThat(line()).contains("\"callId\":\"error\"");
        assertThat(log.lost()).isZero();
    }

    @Test
    void oneInOne_isEachCall() throws Exception {
        start(1, this::keep);
        calls.serve("p1", Status.OK);
        calls.call("usual");

        CallLine line = new Gson().fromJson(line(), CallLine.class);
        assertThat(line.answeredBy()).isEqualTo("p1");
        assertThat(line.attempts().getFirst().responseUs()).isPositive();
    }

    @Test
    @Timeout(60)
    void destinationThatBlocks_delaysNoCall_andWhatIsMissingIsCounted() throws Exception {
        CountDownLatch disk = new CountDownLatch(1);
        CountDownLatch writing = new CountDownLatch(1);
        start(1, lines -> {
            writing.countDown();
            try {
                disk.await();
            } catch (InterruptedException stopped) {
                throw new IOException(stopped);
            }
        });
        calls.serve("p1", Status.OK);
        calls.call("first");
        assertThat(writing.await(10, TimeUnit.SECONDS)).isTrue();
        // all later ones wait in vain
        int more = AccessLog.MOST_WAITING + 100;
        calls.gateway().listen(record -> {
            for (int i = 0; i < more; i++) {
                log.onEnd(record);
            }
        });
        calls.call("many");

        assertThat(log.lost()).isBetween(99L, 101L);
        disk.countDown();
    }

    @Test
    void linesThatCannotBeWritten_areCounted() throws Exception {
        start(1, lines -> {
            throw new IOException("disk full");
        });
        calls.serve("p1", Status.OK);
        calls.call("call");

        await().until(() -> log.lost() == 1);
    }

    @Test
    void fileThatIsMovedAway_getsASuccessor(@TempDir Path folder) throws IOException {
        start(1, this::keep);
        LogFile file = new LogFile(folder.resolve("access.log"));
        file.write("a\n".getBytes(StandardCharsets.UTF_8));
        file.write("b\n".getBytes(StandardCharsets.UTF_8));
        Files.move(folder.resolve("access.log"), folder.resolve("access.log.1"));
        file.write("c\n".getBytes(StandardCharsets.UTF_8));

        assertThat(folder.resolve("access.log.1")).hasContent("a\nb");
        assertThat(folder.resolve("access.log")).hasContent("c");
    }

    private void keep(byte[] lines) {
        written.addAll(List.of(new String(lines, StandardCharsets.UTF_8).split("\n")));
    }

    private String line() {
        return await().until(written::poll, line -> line != null);
    }
}
