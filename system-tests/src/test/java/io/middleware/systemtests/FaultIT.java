package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands promise that break something and end nothing: fault, cut, reload; and what callers see of it. */
@ExtendWith(RunningStack.class)
class FaultIT {

    private static final List<String> SERVERS =
            List.of("hello-service-1", "hello-service-2", "hello-service-3", "hello-secondary-1");

    private static final Duration MOMENT = Duration.ofSeconds(10);

    private final Stack stack;

    FaultIT(Stack stack) {
        this.stack = stack;
    }

    @AfterEach
    void nothingFails() {
        SERVERS.forEach(name -> stack.run("fault", name, "none")); // a dead one cannot be told, and starts without
        stack.run("mend", "hello-service-1");
        stack.up();
    }

    @ParameterizedTest
    @ValueSource(strings = {"unavailable", "flaky=50"})
    void oneServerFails_everyCallIsAnsweredByAnother(String mode) {
        stack.runs("fault", "hello-service-1", mode);
        stack.runs("fault", "hello-service-1", mode);
        assertThat(stack.part("hello-service-1").get("fault").asString()).isEqualTo(mode);
        for (int call = 1; call <= 50; call++) {
            HttpResponse<String> answer = stack.get("/hello");
            assertThat(answer.statusCode()).as(() -> why(answer)).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hang", "slow=2s"})
    void oneServerIsSilent_noCallWaitsForIt(String mode) {
        stack.runs("fault", "hello-service-1", mode);
        for (int call = 1; call <= 50; call++) {
            long begun = System.nanoTime();
            HttpResponse<String> answer = stack.get("/hello");
            assertThat(answer.statusCode()).as(() -> why(answer)).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .as("call %d", call)
                    .isLessThan(Duration.ofMillis(1_900));
        }
    }

    @Test
    void oneServerIsCutOff_nothingIsLost_andItIsUsedAgainWhenMended() throws InterruptedException {
        try (BackgroundCalls calls = new BackgroundCalls()) {
            Shell.Result cut = stack.run("cut", "hello-service-1");
            assumeThat(cut.exit())
                    .as("packets can be made to vanish here: " + cut.err())
                    .isNotEqualTo(4);
            assertThat(cut.exit()).as(cut.err()).isZero();
            stack.runs("cut", "hello-service-1");
            assertThat(stack.part("hello-service-1").get("cut").asBoolean()).isTrue();
            Awaitility.await("another answers")
                    .atMost(MOMENT)
                    .untilAsserted(() -> assertThat(lastTwenty()).doesNotContain("hello-service-1"));

            stack.runs("mend", "hello-service-1");

            assertThat(stack.part("hello-service-1").get("cut").asBoolean()).isFalse();
            Awaitility.await("it answers again")
                    .atMost(MOMENT)
                    .until(() -> lastTwenty().contains("hello-service-1"));
            calls.endWithNothingLost();
        }
    }

    @Test
    void nginxIsReloaded_nothingIsLost() throws InterruptedException {
        try (BackgroundCalls calls = new BackgroundCalls()) {
            for (int time = 1; time <= 5; time++) {
                stack.runs("reload", "nginx");
                lastTwenty();
            }
            calls.endWithNothingLost();
        }
    }

    @Test
    void everyServerIsSlow_callTakesThatLong() {
        SERVERS.forEach(name -> stack.runs("fault", name, "slow=300ms"));
        long begun = System.nanoTime();
        assertThat(stack.get("/hello").body()).contains("World");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(300));
    }

    @Test
    void everyServerHangs_callEndsWithItsDeadline() {
        SERVERS.forEach(name -> stack.runs("fault", name, "hang"));
        HttpResponse<String> answer = stack.get("/hello", "Connect-Timeout-Ms", "1000");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(504);
    }

    @Test
    void everyServerFails_callerSeesIt_untilNoneDoes() {
        SERVERS.forEach(name -> stack.runs("fault", name, "internal"));
        assertThat(stack.get("/hello").statusCode()).isEqualTo(500);
        assertThat(stack.get("/hello").body()).contains("on purpose: fault internal");
        SERVERS.forEach(name -> stack.runs("fault", name, "none"));
        Awaitility.await("World again")
                .atMost(Duration.ofSeconds(5))
                .until(() -> stack.get("/hello").body().contains("World"));
        assertThat(stack.part("hello-service-1").get("fault").isNull()).isTrue();
    }

    @Test
    void fault_endsWithTheServer() {
        stack.runs("fault", "hello-service-2", "unavailable");
        stack.runs("restart", "hello-service-2");
        assertThat(stack.part("hello-service-2").get("fault").isNull()).isTrue();
    }

    @Test
    void deadServer_cannotFail() {
        stack.runs("kill", "hello-service-1");
        Shell.Result result = stack.run("fault", "hello-service-1", "hang");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains("./stack start hello-service-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"broken", "slow=", "flaky=101", "a \"quoted\" \\ word"})
    void unknownMode_isAnsweredInTheServersWords(String mode) {
        Shell.Result result = stack.run("fault", "hello-service-1", mode);
        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err()).contains("'" + mode + "'", "none, unavailable, slow=DURATION", "flaky=PERCENT");
        assertThat(stack.get("/hello").body()).contains("World");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway-1", "consul", "nginx", "hello-service-9"})
    void whatCannotFail_isWrongUse(String name) {
        Shell.Result result = stack.run("fault", name, "hang");
        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err()).contains(name).contains(SERVERS);
    }

    @Test
    void noMode_isWrongUse() {
        assertThat(stack.run("fault", "hello-service-1").exit()).isEqualTo(2);
        assertThat(stack.run("fault").exit()).isEqualTo(2);
    }

    /** Every response to a failed call tells its story. */
    private String why(HttpResponse<String> answer) {
        String id = answer.headers().firstValue("x-call-id").orElse("none");
        return answer.body() + "\n" + stack.run("why", id).out();
    }

    /** Who answered twenty calls. */
    private List<String> lastTwenty() {
        return IntStream.range(0, 20)
                .mapToObj(call -> stack.get("/hello")
                        .headers()
                        .firstValue("middleware-instance")
                        .orElse(""))
                .toList();
    }
}
